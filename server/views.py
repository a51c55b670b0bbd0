"""`/page/…`: what a person sees of a thing. One function for each kind of thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, atlas, eventpage, holdings, render, schema, texts, things
from server.highlight import paragraphs, sentences_of

router = APIRouter()


@router.api_route("/page/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def page(request: Request, path: str) -> Response:
    """The page of a thing."""
    access.require(request, "read")
    iri = things.iri_of(request, path)
    classes, label = await things.kinds(request, iri)
    view = next((view for name, view in _VIEWS.items() if name in classes), _thing)
    response = await view(request, iri, label)
    response.headers["Link"] = things.links(path, iri, request.app.state.backend.settings.licence)
    return response


async def _article(request: Request, iri: str, label: str) -> Response:
    held = await holdings.of(request)
    text = texts.of(request.app.state.backend.settings, iri.rpartition("/")[2])
    sentences = await render.ask(request, "sentences", node=iri) if text is None else paragraphs(text)
    shown = sentences_of(sentences, await render.ask(request, "spans", node=iri))
    article = next((found for found in held.articles if found.iri == iri), None)
    claims = {claim.fragment: claim for claim in held.claims if claim.article.iri == iri}
    return render.page(
        request,
        "article.html",
        iri=iri,
        label=label,
        article=article,
        claims=claims,
        whole=text is not None,
        sentences=shown,
        outgoing=await render.ask(request, "outgoing", node=iri),
        jsonld=schema.article(article, len(claims)) if article else None,
    )


async def _actor(request: Request, iri: str, label: str) -> Response:
    held = await holdings.of(request)
    own = [claim for claim in held.claims if claim.actor == iri]
    groups = (
        ("In direct words", [claim for claim in own if claim.mode == "direct"]),
        ("In words partly quoted", [claim for claim in own if claim.mode == "mixed"]),
        ("As others put it", [claim for claim in own if claim.mode not in {"direct", "mixed", None}]),
        ("Figures and reports after it", [claim for claim in own if claim.kind == "report"]),
    )
    outgoing = await render.ask(request, "outgoing", node=iri)
    told = {render.short(row["value"].value) for row in outgoing if row["property"].value.endswith("#type")}
    kind = next((schema_kind for name, schema_kind in _SCHEMA.items() if name in told), "Thing")
    return render.page(
        request,
        "actor.html",
        iri=iri,
        label=label,
        kinds=sorted(told - {"Actor"}) or ["actor"],
        roles=sorted({row["value"].value for row in outgoing if row["property"].value.endswith("#role")}),
        said=[group for group in groups if group[1]],
        about=await render.ask(request, "about-actor", node=iri),
        others=_beside(held, iri),
        outgoing=outgoing,
        jsonld=schema.thing(kind, iri, label),
    )


def _beside(held: holdings.Holdings, iri: str) -> list[tuple[str, str]]:
    """The actors who speak most on the events this one speaks on: name and IRI."""
    events = {event.iri for claim in held.claims if claim.actor == iri for event in claim.events}
    articles = {claim.article.iri for claim in held.claims if claim.actor == iri}
    counts: Counter[tuple[str, str]] = Counter()
    for claim in held.claims:
        if claim.actor and claim.actor != iri and claim.source:
            near = 3 * any(event.iri in events for event in claim.events) + (claim.article.iri in articles)
            counts[(claim.source, claim.actor)] += near
    return [key for key, count in counts.most_common(3) if count]


async def _place(request: Request, iri: str, label: str) -> Response:
    held = await holdings.of(request)
    claims = [claim for claim in held.claims if any(place.iri == iri for place in claim.places)]
    events = Counter(event for claim in claims for event in claim.events if event.place == iri)
    at = next((p for c in claims for p in c.places if p.iri == iri and p.latitude is not None), None)
    spot = [atlas.Spot(at.longitude or 0, at.latitude or 0, label, label)] if at else []
    where = {"@type": "GeoCoordinates", "latitude": at.latitude, "longitude": at.longitude} if at else None
    return render.page(
        request,
        "place.html",
        iri=iri,
        label=label,
        claims=claims,
        events=events.most_common(30),
        map=atlas.drawn(spot),
        outgoing=await render.ask(request, "outgoing", node=iri),
        jsonld=schema.thing("Place", iri, label, geo=where),
    )


async def _thing(request: Request, iri: str, label: str) -> Response:
    outgoing = await render.ask(request, "outgoing", node=iri)
    incoming = await render.ask(request, "incoming", node=iri)
    return render.page(request, "thing.html", iri=iri, label=label, outgoing=outgoing, incoming=incoming)


_SCHEMA = {"Person": "Person", "State": "Country", "Organization": "Organization", "ArmedGroup": "Organization"}
_VIEWS: dict[str, Callable[[Request, str, str], Awaitable[Response]]] = {
    "Article": _article,
    "Actor": _actor,
    "Event": eventpage.show,
    "Location": _place,
}
