"""`/page/…`: what a person sees of a thing. One function for each kind of thing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, atlas, eventpage, lookup, render, schema, shelf, texts, things
from server.highlight import paragraphs, sentences_of
from server.things import Thing

router = APIRouter()


@router.api_route("/page/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def page(request: Request, path: str) -> Response:
    """The page of a thing."""
    access.require(request, "read")
    iri = things.iri_of(request, path)
    thing = await things.described(request, iri)
    view = next((view for name, view in _VIEWS.items() if name in thing.kinds), _thing)
    response = await view(request, iri, thing)
    response.headers["Link"] = things.links(path, iri, request.app.state.backend.settings.licence)
    return response


async def _article(request: Request, iri: str, thing: Thing) -> Response:
    by = lookup.of(await shelf.of(request))
    text = texts.of(request.app.state.backend.settings, iri.rpartition("/")[2])
    if text is None:
        sentences, spans = await asyncio.gather(*(render.ask(request, one, node=iri) for one in ("sentences", "spans")))
    else:
        sentences, spans = paragraphs(text), await render.ask(request, "spans", node=iri)
    shown = sentences_of(sentences, spans)
    article = by.articles.get(iri)
    claims = {claim.fragment: claim for claim in by.by_article.get(iri, ())}
    return render.page(
        request,
        "article.html",
        iri=iri,
        label=thing.label,
        article=article,
        claims=claims,
        whole=text is not None,
        sentences=shown,
        outgoing=thing.outgoing,
        jsonld=schema.article(article, len(claims)) if article else None,
    )


async def _actor(request: Request, iri: str, thing: Thing) -> Response:
    held = await shelf.of(request)
    own = lookup.of(held).by_actor.get(iri, ())
    groups = (
        ("In direct words", [("quoted", "direct")], [claim for claim in own if claim.mode == "direct"]),
        ("In words partly quoted", [("quoted", "mixed")], [claim for claim in own if claim.mode == "mixed"]),
        (
            "As others put it",
            [("quoted", "indirect")],
            [claim for claim in own if claim.mode not in {"direct", "mixed", None}],
        ),
        ("Figures and reports after it", [("kind", "report")], [claim for claim in own if claim.kind == "report"]),
    )
    outgoing = thing.outgoing
    told = {render.short(row["value"].value) for row in outgoing if row["property"].value.endswith("#type")}
    kind = next((schema_kind for name, schema_kind in _SCHEMA.items() if name in told), "Thing")
    return render.page(
        request,
        "actor.html",
        iri=iri,
        label=thing.label,
        kinds=sorted(told - {"Actor"}) or ["actor"],
        roles=sorted({row["value"].value for row in outgoing if row["property"].value.endswith("#role")}),
        said=[group for group in groups if group[2]],
        name=own[0].source if own else thing.label,
        about=await render.ask(request, "about-actor", node=iri),
        others=lookup.beside(held, iri),
        outgoing=outgoing,
        jsonld=schema.thing(kind, iri, thing.label),
    )


async def _place(request: Request, iri: str, thing: Thing) -> Response:
    by, label = lookup.of(await shelf.of(request)), thing.label
    claims = by.by_place.get(iri, ())
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
        events=[lookup.told(event, by.by_event[event.iri]) for event, _ in events.most_common(30)],
        map=atlas.drawn(spot),
        outgoing=thing.outgoing,
        jsonld=schema.thing("Place", iri, label, geo=where),
    )


async def _thing(request: Request, iri: str, thing: Thing) -> Response:
    incoming = await render.ask(request, "incoming", node=iri)
    values: dict[str, Any] = {"label": thing.label, "outgoing": thing.outgoing, "incoming": incoming}
    return render.page(request, "thing.html", iri=iri, **values)


_SCHEMA = {"Person": "Person", "State": "Country", "Organization": "Organization", "ArmedGroup": "Organization"}
_VIEWS: dict[str, Callable[[Request, str, Thing], Awaitable[Response]]] = {
    "Article": _article,
    "Actor": _actor,
    "Event": eventpage.show,
    "Location": _place,
}
