"""`/page/…`: what a person sees of a thing. One function for each kind of thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, render, things
from server.highlight import sentences_of
from server.ledger import lines

router = APIRouter()


@router.api_route("/page/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def page(request: Request, path: str) -> Response:
    """The page of a thing."""
    access.require(request, "read")
    iri = things.iri_of(request, path)
    classes, label = await things.kinds(request, iri)
    view = next((view for name, view in _VIEWS.items() if name in classes), _thing)
    response = await view(request, iri, label)
    response.headers["Link"] = things.links(path, iri)
    return response


@router.api_route("/claim/{article}/{fragment}", methods=["GET", "HEAD"], include_in_schema=False)
async def claim(request: Request, article: str, fragment: str) -> Response:
    """The card of one claim: its words in their sentence, its source, how it was found."""
    access.require(request, "read")
    iri = things.iri_of(request, f"article/{article}")
    node = things.iri_of(request, f"article/{article}/{fragment}").replace(f"/{article}/", f"/{article}#")
    _, label = await things.kinds(request, node)
    sentences = await render.ask(request, "sentences", node=iri)
    spans = [row for row in await render.ask(request, "spans", node=iri) if row["claim"].value == node]
    outgoing = await render.ask(request, "outgoing", node=node)
    incoming = await render.ask(request, "incoming", node=node)
    shown = [sentence for sentence in sentences_of(sentences, spans) if sentence.claims]
    return render.page(
        request, "claim.html", iri=node, label=label, sentences=shown, outgoing=outgoing, incoming=incoming
    )


async def _article(request: Request, iri: str, label: str) -> Response:
    sentences = await render.ask(request, "sentences", node=iri)
    spans = await render.ask(request, "spans", node=iri)
    outgoing = await render.ask(request, "outgoing", node=iri)
    shown = sentences_of(sentences, spans)
    return render.page(request, "article.html", iri=iri, label=label, sentences=shown, outgoing=outgoing)


async def _actor(request: Request, iri: str, label: str) -> Response:
    said = await render.ask(request, "claims-of-actor", node=iri)
    about = await render.ask(request, "about-actor", node=iri)
    outgoing = await render.ask(request, "outgoing", node=iri)
    return render.page(request, "actor.html", iri=iri, label=label, said=said, about=about, outgoing=outgoing)


async def _event(request: Request, iri: str, label: str) -> Response:
    rows = await render.ask(request, "ledger-of-event", node=iri)
    outgoing = await render.ask(request, "outgoing", node=iri)
    return render.page(request, "event.html", iri=iri, label=label, groups=lines(rows), outgoing=outgoing)


async def _place(request: Request, iri: str, label: str) -> Response:
    reports = await render.ask(request, "reports-at-place", node=iri)
    outgoing = await render.ask(request, "outgoing", node=iri)
    return render.page(request, "place.html", iri=iri, label=label, reports=reports, outgoing=outgoing)


async def _thing(request: Request, iri: str, label: str) -> Response:
    outgoing = await render.ask(request, "outgoing", node=iri)
    incoming = await render.ask(request, "incoming", node=iri)
    return render.page(request, "thing.html", iri=iri, label=label, outgoing=outgoing, incoming=incoming)


_VIEWS: dict[str, Callable[[Request, str, str], Awaitable[Response]]] = {
    "Article": _article,
    "Actor": _actor,
    "Event": _event,
    "Location": _place,
}
