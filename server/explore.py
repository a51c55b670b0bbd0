"""`/search`, `/map` and `/timeline`: three views of the claims that fit what was asked; each address is a permalink."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, atlas, calendar, facets, holdings, lookup, render, shelf, tables
from server.facets import Asked
from server.holdings import Claim, Place

router = APIRouter()

_PAGE = 30  # claims that one page lists
_DAYS = 60  # days that a timeline lists
_VIEWS = (("search", "List"), ("map", "Map"), ("timeline", "Timeline"))


async def _asked(request: Request) -> tuple[Asked, holdings.Holdings, dict[str, str]]:
    access.require(request, "read")
    pairs = parse_qsl(request.url.query, keep_blank_values=False)
    return facets.asked(pairs), await shelf.of(request), dict(pairs)


def _found(held: holdings.Holdings, want: Asked) -> list[Claim]:
    return facets.ordered(facets.found(held, want), want.sort)


def _shared(view: str, want: Asked, total: int, held: holdings.Holdings) -> dict[str, Any]:
    told = lookup.of(held).by_event.get(want.event, ())
    event = next((e.label for claim in told for e in claim.events if e.iri == want.event), want.event)
    return {
        "view": view,
        "views": _VIEWS,
        "want": want,
        "total": total,
        "every": len(held.claims),
        "whole": held.whole,
        "limit": holdings.LIMIT,
        "facets": facets.facets(held, want),
        "event_label": event,
    }


@router.api_route("/search", methods=["GET", "HEAD"], include_in_schema=False)
async def search(request: Request) -> Response:
    """The claims with their exact words, thirty a page."""
    want, held, given = await _asked(request)

    def made() -> Response:
        fitting = _found(held, want)
        number = int(given["page"]) if given.get("page", "").isdecimal() and len(given["page"]) < 8 else 1
        last = max((len(fitting) + _PAGE - 1) // _PAGE, 1)
        number = min(max(number, 1), last)
        shown = fitting[(number - 1) * _PAGE : number * _PAGE]
        values: dict[str, Any] = {"claims": shown, "number": number, "last": last, "first": (number - 1) * _PAGE + 1}
        return render.page(request, "search.html", **values, **_shared("search", want, len(fitting), held))

    return render.kept(request, held, made)


@router.api_route("/search.csv", methods=["GET", "HEAD"], include_in_schema=False)
async def as_table(request: Request) -> Response:
    """All claims that fit, as CSV."""
    want, held, _ = await _asked(request)
    return await asyncio.to_thread(lambda: tables.of_claims("claims", _found(held, want)))


@router.api_route("/map", methods=["GET", "HEAD"], include_in_schema=False)
async def overview(request: Request) -> Response:
    """The places of the claims that fit, on outlines of countries."""
    want, held, given = await _asked(request)

    def made() -> Response:
        counted, total = facets.where(held, want), len(facets.found(held, want))
        drawn = atlas.drawn(_spots(want, counted), given.get("box", ""))
        return render.page(request, "map.html", map=drawn, places=counted, **_shared("map", want, total, held))

    return render.kept(request, held, made)


@router.api_route("/map.svg", methods=["GET", "HEAD"], include_in_schema=False)
async def map_picture(request: Request) -> Response:
    """The map as a picture that stands alone."""
    want, held, given = await _asked(request)
    drawn = atlas.drawn(_spots(want, facets.where(held, want)), given.get("box", ""))
    return render.picture(request, "map.svg", map=drawn)


@router.api_route("/map.csv", methods=["GET", "HEAD"], include_in_schema=False)
async def map_table(request: Request) -> Response:
    """The places with their coordinates and the number of claims, as CSV."""
    want, held, _ = await _asked(request)
    columns = ("place", "name", "latitude", "longitude", "country", "claims")
    rows = ((p.iri, p.name, p.latitude, p.longitude, p.country, n) for p, n in facets.where(held, want))
    return tables.sheet("places", columns, rows)


@router.api_route("/timeline", methods=["GET", "HEAD"], include_in_schema=False)
async def timeline(request: Request) -> Response:
    """The claims that fit, on the days that they tell of."""
    want, held, _ = await _asked(request)

    def made() -> Response:
        fitting = _found(held, want)
        days = calendar.by_day(fitting)
        values: dict[str, Any] = {"days": days[:_DAYS], "more_days": max(len(days) - _DAYS, 0)}
        values |= _shared("timeline", want, len(fitting), held)
        return render.page(request, "timeline.html", chart=calendar.chart(fitting), **values)

    return render.kept(request, held, made)


@router.api_route("/timeline.svg", methods=["GET", "HEAD"], include_in_schema=False)
async def timeline_picture(request: Request) -> Response:
    """The timeline as a picture that stands alone."""
    want, held, _ = await _asked(request)
    return render.picture(request, "timeline.svg", chart=calendar.chart(_found(held, want)))


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


def map_of(held: holdings.Holdings) -> atlas.Map:
    """A small map of all places."""
    every = facets.asked(())
    return atlas.drawn(_spots(every, facets.where(held, every)), finest=4.0)
