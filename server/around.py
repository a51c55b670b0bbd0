"""`/graph/…`: a node and its neighbours as a small SVG; each neighbour leads to its own graph."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, render, things
from server.render import Row

router = APIRouter()

WIDTH, HEIGHT = 960.0, 620.0  # SVG units
_MOST = 32  # neighbours that are drawn
_NC = "https://w3id.org/newsclaims/ontology#"
# What every node has and nobody needs to see drawn.
_DULL = (
    "22-rdf-syntax-ns#type",
    "#inArticle",
    "Span",
    "#span",
    "#mention",
    "#inSentence",
    "#linkTo",
    "#linkFrom",
    "#resolution",
    "#exactness",
)
# Neighbours that tell most come first where there are too many.
_FIRST = (
    "about",
    "identifiedAs",
    "claimant",
    "hasFigure",
    "origin",
    "destination",
    "place",
    "eventPlace",
    "expressedIn",
)


@dataclass(frozen=True, slots=True)
class Node:
    """A neighbour: where it stands, how it is called, what leads there. `inward`: the arrow comes from it."""

    x: float
    y: float
    iri: str
    label: str
    properties: str
    inward: bool
    anchor: str
    line: tuple[float, float, float, float]


@router.api_route("/graph/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def graph(request: Request, path: str) -> Response:
    """A node and its neighbours, as a page; with the ending `.svg` as a picture."""
    access.require(request, "read")
    alone = path.endswith(".svg")
    path = path.removesuffix(".svg")
    fragment = request.query_params.get("of", "")
    iri = things.iri_of(request, path) + (f"#{fragment}" if fragment else "")
    thing, incoming = await asyncio.gather(things.described(request, iri), render.ask(request, "incoming", node=iri))
    found = _neighbours(thing.outgoing, incoming)
    values: dict[str, Any] = {
        "iri": iri,
        "label": thing.label,
        "nodes": placed(found[:_MOST]),
        "width": WIDTH,
        "height": HEIGHT,
    }
    if alone:
        return render.picture(request, "graph.svg", **values)
    address = render.address_of(iri, request.app.state.backend.settings.base, "graph")
    return render.page(request, "graph.html", more=max(len(found) - _MOST, 0), address=address, **values)


def _neighbours(outgoing: list[Row], incoming: list[Row]) -> list[tuple[str, str, str, bool]]:
    """IRI, label, properties and direction of each neighbour that is a node, the telling ones first."""
    joined: dict[tuple[str, bool], tuple[str, list[str]]] = {}
    for inward, rows in ((False, outgoing), (True, incoming)):
        for row in rows:
            value, term = row["value"], row["property"].value
            if value.kind != "uri" or any(part in term for part in _DULL):
                continue
            label = row["label"].value if "label" in row else render.spoken(value.value)
            names = joined.setdefault((value.value, inward), (label, []))[1]
            name = render.short(term)
            if name not in names:
                names.append(name)
    found = [(iri, label, ", ".join(names), inward) for (iri, inward), (label, names) in joined.items()]
    return sorted(found, key=lambda one: (_rank(one[2]), one[3], one[1], one[0]))


def _rank(names: str) -> int:
    return min((_FIRST.index(name) for name in names.split(", ") if name in _FIRST), default=len(_FIRST))


def placed(found: list[tuple[str, str, str, bool]]) -> list[Node]:
    """The neighbours on an ellipse about the middle, what leads out on the right, what leads in on the left."""
    out = []
    for side, inward in ((1, False), (-1, True)):
        group = [one for one in found if one[3] is inward]
        for place, (iri, label, names, _) in enumerate(group):
            part = (place + 0.5) / len(group) - 0.5
            angle = part * math.pi * 0.92
            x = WIDTH / 2 + side * (135 + 50 * math.cos(angle))
            y = HEIGHT / 2 + part * (HEIGHT - 30)
            start, end = (WIDTH / 2 + side * 88, HEIGHT / 2 + part * 40), (x - side * 6, y)
            line = tuple(round(at, 1) for at in (*(end if inward else start), *(start if inward else end)))
            anchor = "start" if side > 0 else "end"
            shown = label if len(label) < 40 else label[:38] + "…"
            out.append(
                Node(round(x, 1), round(y, 1), iri, shown, names, inward, anchor, (line[0], line[1], line[2], line[3]))
            )
    return out
