"""Timelines as SVG: a lane for each event, a mark for each claim on the days that it tells of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.holdings import Claim

WIDTH = 960.0  # SVG units
_LEFT, _LANE, _TOP = 250.0, 26.0, 34.0  # room for the names of lanes; height of a lane; room for the days
_LANES = 30  # lanes of a picture; the list below it holds the rest
_AHEAD = frozenset({"ordered", "planned", "expected", "possible"})
_UNREAL = frozenset({"attempted", "cancelled", "denied"})
_STEPS = (1, 2, 7, 14, 31, 92, 183, 366, 731, 1827, 3653, 18263)  # days between two marks of the scale


@dataclass(frozen=True, slots=True)
class Dot:
    """A claim on the line: from `x1` to `x2` (equal for one day)."""

    x1: float
    x2: float
    shape: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Lane:
    """The claims on one event; `href` is its page."""

    y: float
    name: str
    href: str | None
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A timeline. `more`: lanes that are not drawn; `undated`: claims without a day."""

    width: float
    height: float
    left: float
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    more: int
    undated: int


def shape(status: str | None) -> str:
    """How a status is drawn: done, ahead (not yet), unreal (did not take place)."""
    if status in _AHEAD:
        return "ahead"
    return "unreal" if status in _UNREAL else "done"


def day_of(text: str | None) -> date | None:
    """A day in ISO 8601; None for none, and for one that is no day."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def by_event(claim: Claim) -> tuple[str, str]:
    """The lane of a claim: its event's IRI and label; without one, no IRI and its article's title."""
    event = claim.events[-1] if claim.events else None
    return (event.iri, event.label) if event else ("", claim.article.title)


def chart(claims: Iterable[Claim], lane: Callable[[Claim], tuple[str, str]] = by_event) -> Chart:
    """Claims with a day on lanes, the earliest first. `lane`: a claim's IRI and name of its lane."""
    lanes_of: defaultdict[tuple[str, str], list[tuple[date, date, Claim]]] = defaultdict(list)
    undated = 0
    for claim in claims:
        first, last = day_of(claim.first or claim.day), day_of(claim.last or claim.day)
        if first is None or last is None:
            undated += 1
            continue
        lanes_of[lane(claim)].append((min(first, last), max(first, last), claim))
    order = sorted(lanes_of, key=lambda key: (min(first for first, _, _ in lanes_of[key]), key))
    shown = order[:_LANES]
    days = [day for key in shown for first, last, _ in lanes_of[key] for day in (first, last)]
    start, end = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 1, 1))
    start, end = start - timedelta(days=1), end + timedelta(days=1)
    unit = (WIDTH - _LEFT - 20) / max((end - start).days, 1)
    lanes = tuple(
        _lane(place, key, lanes_of[key], start, unit) for place, key in enumerate(shown)
    )  # fmt: skip
    height = _TOP + _LANE * len(lanes) + 10
    return Chart(WIDTH, height, _LEFT, lanes, tuple(_ticks(start, end, unit)), len(order) - len(shown), undated)


def _lane(
    place: int, key: tuple[str, str], found: Sequence[tuple[date, date, Claim]], start: date, unit: float
) -> Lane:
    dots = tuple(
        Dot(
            round(_LEFT + (first - start).days * unit, 1),
            round(_LEFT + (last - start).days * unit, 1),
            shape(claim.status),
            claim,
        )
        for first, last, claim in sorted(found, key=lambda one: (one[0], one[1], one[2].iri))
    )
    name = key[1] if len(key[1]) < 32 else key[1][:30] + "…"
    return Lane(_TOP + _LANE * (place + 0.5), name, key[0] or None, dots)


def _ticks(start: date, end: date, unit: float) -> list[tuple[float, str]]:
    span = (end - start).days
    step = next((step for step in _STEPS if span / step <= 7), _STEPS[-1])
    days = range(0, span + 1, step)
    return [(round(_LEFT + day * unit, 1), (start + timedelta(days=day)).isoformat()) for day in days]


def by_day(claims: Iterable[Claim]) -> list[tuple[str, list[Claim]]]:
    """Claims with a day, in the order of days."""
    groups: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.day:
            groups[claim.day].append(claim)
    return sorted(groups.items())
