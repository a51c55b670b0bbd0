"""Results of queries as table, map or timeline: what their columns hold decides which they can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server import atlas, calendar, render
from server.holdings import Article, Claim
from server.problems import Problem
from server.render import Row

_PLACED = (("latitude", "longitude"), ("lat", "long"), ("lat", "lon"))
_FROM = ("earliest", "first", "date", "day", "published", "time", "as_of", "at")
_TO = ("latest", "last")
_NAMED = ("name", "label", "words", "content", "title", "source", "place", "claim")


def shown(columns: Sequence[str], rows: list[Row], view: str, most: int) -> dict[str, Any]:
    """What the page of a result needs: the rows, which views there are, and the one that is asked for."""
    views = ["table", *(["map"] if _where(columns) else []), *(["timeline"] if _when(columns) else [])]
    found: dict[str, Any] = {
        "columns": columns,
        "rows": rows[:most],
        "total": len(rows),
        "views": views,
        "view": "table",
    }
    if view in views and view != "table":
        found["view"] = view
        found["map" if view == "map" else "chart"] = _map(columns, rows) if view == "map" else _chart(columns, rows)
    return found


def picture(request: Request, columns: Sequence[str], rows: list[Row], view: str) -> Response:
    """A result as a picture that stands alone. Raises Problem 400 for a result without places or days."""
    if view == "timeline" and _when(columns):
        return render.picture(request, "timeline.svg", chart=_chart(columns, rows))
    if _where(columns):
        return render.picture(request, "map.svg", map=_map(columns, rows))
    raise Problem(400, "view", "a result with columns latitude and longitude, or with a day, was expected")


def _where(columns: Sequence[str]) -> tuple[str, str] | None:
    return next((pair for pair in _PLACED if set(pair) <= set(columns)), None)


def _when(columns: Sequence[str]) -> str | None:
    return next((name for name in _FROM if name in columns), None)


def _name(columns: Sequence[str], row: Row) -> str:
    named = next((name for name in _NAMED if name in columns and name in row), None)
    return row[named].value[:200] if named else "?"


def _map(columns: Sequence[str], rows: list[Row]) -> atlas.Map:
    across = _where(columns) or ("latitude", "longitude")
    spots = []
    for row in rows:
        at = [_degrees(row, name) for name in across]
        if at[0] is not None and at[1] is not None and abs(at[0]) <= 90 and abs(at[1]) <= 180:
            weight = max((row[name].number or 1 for name in ("claims", "n", "count") if name in row), default=1)
            name = _name(columns, row)
            spots.append(atlas.Spot(at[1], at[0], name, name, max(weight, 1)))
    return atlas.drawn(spots)


def _degrees(row: Row, name: str) -> float | None:
    try:
        return float(row[name].value) if name in row else None
    except ValueError:
        return None


def _chart(columns: Sequence[str], rows: list[Row]) -> calendar.Chart:
    first = _when(columns) or "date"
    last = next((name for name in _TO if name in columns), first)
    events = []
    for row in rows:
        days = [_day(row, name) for name in (first, last)]
        name, iri = _name(columns, row), row["claim"].value if "claim" in row else ""
        article = Article(iri.partition("#")[0], name, name)
        events.append(Claim(iri, "row", article, name, name, 0, "", first=days[0] or days[1], last=days[1] or days[0]))
    return calendar.chart(events, lambda claim: ("", claim.label))


def _day(row: Row, name: str) -> str | None:
    day = calendar.day_of(row[name].value) if name in row else None
    return day.isoformat() if day else None
