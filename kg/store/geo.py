"""Functions for places, usable in queries: `nc:distance` in kilometres and `nc:inBox`."""

from __future__ import annotations

import math
from collections.abc import Callable

import pyoxigraph as ox

from kg.store.names import NAMESPACE

DISTANCE, IN_BOX = NAMESPACE + "distance", NAMESPACE + "inBox"
_RADIUS_KM = 6371.0088  # mean radius of the earth (IUGG)
_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def distance_km(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Great-circle distance of two points given in degrees, in kilometres; within half a per cent of the true one."""
    one, other = math.radians(latitude1), math.radians(latitude2)
    half = math.radians(longitude2 - longitude1) / 2
    chord = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(half) ** 2
    return 2 * _RADIUS_KM * math.asin(min(math.sqrt(chord), 1.0))


def in_box(latitude: float, longitude: float, south: float, west: float, north: float, east: float) -> bool:
    """True if a point lies in a box; where `west` is greater than `east`, the box crosses the date line."""
    between = west <= longitude <= east if west <= east else longitude >= west or longitude <= east
    return south <= latitude <= north and between


def _degrees(terms: tuple[_Term, ...], count: int) -> list[float] | None:
    """The terms as numbers; None (an error of the expression) if one is none or their number is another."""
    try:
        found = [float(term.value) for term in terms if isinstance(term, ox.Literal)]
    except ValueError:
        return None
    return found if len(found) == len(terms) == count and all(map(math.isfinite, found)) else None


def _distance(*terms: _Term) -> ox.Literal | None:
    found = _degrees(terms, 4)
    return None if found is None else ox.Literal(round(distance_km(*found), 3))


def _in_box(*terms: _Term) -> ox.Literal | None:
    found = _degrees(terms, 6)
    return None if found is None else ox.Literal(in_box(*found))


def is_used(query: str) -> bool:
    """True if a query may call one of the functions."""
    return "distance" in query or "inBox" in query


FUNCTIONS: dict[ox.NamedNode, Callable[..., ox.Literal | None]] = {
    ox.NamedNode(DISTANCE): _distance,
    ox.NamedNode(IN_BOX): _in_box,
}
