"""`/search`, `/map` and `/timeline`: three views of the claims that fit what was asked; each address is a permalink."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, atlas, calendar, facets, holdings, render, tables
from server.facets import Asked
from server.holdings import Claim, Place

router = APIRouter()

_PAGE = 50  # claims that one page lists
_DAYS = 60  # days that a timeline lists
_VIEWS = (("search", "List"), ("map", "Map"), ("timeline", "Timeline"))


async def _asked(request: Request) -> tuple[Asked, list[Claim], holdings.Holdings, dict[str, str]]:
    access.require(request, "read")
    pairs = parse_qsl(request.url.query, keep_blank_values=False)
    want, held = facets.asked(pairs), await holdings.of(request)
    fitting = facets.ordered(facets.found(held, want), want.sort)
    return want, fitting, held, dict(pairs)


def _shared(view: str, want: Asked, fitting: list[Claim], held: holdings.Holdings) -> dict[str, Any]:
    event = next((e.label for c in fitting for e in c.events if e.iri == want.event), want.event)
    return {
        "view": view,
        "views": _VIEWS,
        "want": want,
        "total": len(fitting),
        "every": len(held.claims),
        "whole": held.whole,
        "limit": holdings.LIMIT,
        "facets": facets.facets(held, want),
        "event_label": event,
    }


@router.api_route("/search", methods=["GET", "HEAD"], include_in_schema=False)
async def search(request: Request) -> Response:
    """The claims with their exact words, fifty a page."""
    want, fitting, held, given = await _asked(request)
    number = int(given["page"]) if given.get("page", "").isdecimal() and len(given["page"]) < 8 else 1
    last = max((len(fitting) + _PAGE - 1) // _PAGE, 1)
    number = min(max(number, 1), last)
    shown = fitting[(number - 1) * _PAGE : number * _PAGE]
    around = _shared("search", want, fitting, held)
    return render.page(request, "search.html", claims=shown, number=number, last=last, **around)


@router.api_route("/search.csv", methods=["GET", "HEAD"], include_in_schema=False)
async def as_table(request: Request) -> Response:
    """All claims that fit, as CSV."""
    _, fitting, _, _ = await _asked(request)
    return tables.of_claims("claims", fitting)


@router.api_route("/map", methods=["GET", "HEAD"], include_in_schema=False)
async def overview(request: Request) -> Response:
    """The places of the claims that fit, on outlines of countries."""
    want, fitting, held, given = await _asked(request)
    counted = _counted(fitting)
    drawn = atlas.drawn(_spots(want, counted), given.get("box", ""))
    around = _shared("map", want, fitting, held)
    return render.page(request, "map.html", map=drawn, places=counted, **around)


@router.api_route("/map.svg", methods=["GET", "HEAD"], include_in_schema=False)
async def map_picture(request: Request) -> Response:
    """The map as a picture that stands alone."""
    want, fitting, _, given = await _asked(request)
    drawn = atlas.drawn(_spots(want, _counted(fitting)), given.get("box", ""))
    return render.picture(request, "map.svg", map=drawn)


@router.api_route("/map.csv", methods=["GET", "HEAD"], include_in_schema=False)
async def map_table(request: Request) -> Response:
    """The places with their coordinates and the number of claims, as CSV."""
    _, fitting, _, _ = await _asked(request)
    columns = ("place", "name", "latitude", "longitude", "country", "claims")
    rows = ((p.iri, p.name, p.latitude, p.longitude, p.country, n) for p, n in _counted(fitting))
    return tables.sheet("places", columns, rows)


@router.api_route("/timeline", methods=["GET", "HEAD"], include_in_schema=False)
async def timeline(request: Request) -> Response:
    """The claims that fit, on the days that they tell of."""
    want, fitting, held, _ = await _asked(request)
    days = calendar.by_day(fitting)
    values: dict[str, Any] = {"days": days[:_DAYS], "more_days": max(len(days) - _DAYS, 0)}
    return render.page(
        request, "timeline.html", chart=calendar.chart(fitting), **values, **_shared("timeline", want, fitting, held)
    )


@router.api_route("/timeline.svg", methods=["GET", "HEAD"], include_in_schema=False)
async def timeline_picture(request: Request) -> Response:
    """The timeline as a picture that stands alone."""
    _, fitting, _, _ = await _asked(request)
    return render.picture(request, "timeline.svg", chart=calendar.chart(fitting))


def _counted(claims: Iterable[Claim]) -> list[tuple[Place, int]]:
    counts: Counter[str] = Counter()
    known: dict[str, Place] = {}
    for claim in claims:
        for place in {place.iri: place for place in claim.places}.values():
            counts[place.iri] += 1
            known[place.iri] = place
    return [(known[iri], count) for iri, count in counts.most_common()]


def _spots(want: Asked, counted: Iterable[tuple[Place, int]]) -> list[atlas.Spot]:
    return [
        atlas.Spot(
            place.longitude,
            place.latitude,
            place.name,
            f"{place.name}: {count} claim{'' if count == 1 else 's'}",
            count,
            href="/search?" + want.query(place=(place.name,)),
        )
        for place, count in counted
        if place.longitude is not None and place.latitude is not None
    ]


def map_of(claims: Iterable[Claim]) -> atlas.Map:
    """A small map of all places of the claims."""
    return atlas.drawn(_spots(facets.asked(()), _counted(claims)), finest=4.0)
