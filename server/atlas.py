"""Maps as SVG: outlines of countries within a frame of degrees, and places on them. No tiles, no other server."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Point = tuple[float, float]  # degrees east, degrees north
Box = tuple[float, float, float, float]  # west, south, east, north in degrees

WORLD: Box = (-180.0, -60.0, 180.0, 84.0)
WIDTH, HEIGHT = 960.0, 500.0  # of a map, in SVG units
_SMALLEST = 6.0  # degrees from west to east that a fitted map shows at least: outlines are no finer
_MARGIN = 0.25  # of the frame, around fitted points
_LABELS = 14  # names that are written on a map


@dataclass(frozen=True, slots=True)
class Country:
    """A country's outline. `frames`: the box of each ring."""

    name: str
    rings: tuple[tuple[Point, ...], ...]
    frames: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A frame of degrees drawn on `WIDTH` by `HEIGHT`: equirectangular, true in its middle latitude."""

    box: Box
    scale: float  # SVG units for one degree of latitude
    squeeze: float  # cosine of the middle latitude

    def x(self, longitude: float) -> float:
        """Units from the left."""
        return round((longitude - self.box[0]) * self.scale * self.squeeze, 1)

    def y(self, latitude: float) -> float:
        """Units from the top."""
        return round((self.box[3] - latitude) * self.scale, 1)

    def holds(self, longitude: float, latitude: float) -> bool:
        """True if the point lies in the frame."""
        west, south, east, north = self.box
        return west <= longitude <= east and south <= latitude <= north

    def zoomed(self, factor: float) -> str:
        """The frame made `factor` times as wide about its middle, as text for an address."""
        west, south, east, north = self.box
        across, up = (east - west) * factor / 2, (north - south) * factor / 2
        middle, height = (west + east) / 2, (south + north) / 2
        edges = (middle - across, height - up, middle + across, height + up)
        return ",".join(f"{edge:.3g}" for edge in edges)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a map. `role`: from, to, at, or any; `size`: radius in SVG units; `label`: its name, if written."""

    x: float
    y: float
    role: str
    size: float
    name: str
    title: str
    href: str | None
    label: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to be drawn, in degrees; `weight` decides its size and whether its name is written."""

    longitude: float
    latitude: float
    name: str
    title: str
    weight: int = 1
    role: str = "any"
    href: str | None = None


def fitted(points: Iterable[Point], wanted: str = "") -> View:
    """The view that shows all points, or the frame `wanted` ("west,south,east,north"); the world without either."""
    box = _asked(wanted)
    found = list(points)
    if box is None and not found:
        box = WORLD
    if box is None:
        xs, ys = [x for x, _ in found], [y for _, y in found]
        box = (min(xs), min(ys), max(xs), max(ys))
        wide = max((box[2] - box[0]) * (1 + 2 * _MARGIN), (box[3] - box[1]) * (1 + 2 * _MARGIN), _SMALLEST)
        middle, height = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        box = (middle - wide / 2, height - wide / 4, middle + wide / 2, height + wide / 4)
    return _view(box, found if not wanted else [])


def _asked(text: str) -> Box | None:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    edges = (max(west, -200.0), max(south, -90.0), min(east, 200.0), min(north, 90.0))
    fits = all(math.isfinite(edge) for edge in edges) and edges[2] - edges[0] >= 0.5 and edges[3] - edges[1] >= 0.25
    return edges if fits else None


def _view(box: Box, points: Sequence[Point]) -> View:
    """The box widened to the shape of the picture, and so that all points are in it."""
    middle = (box[1] + box[3]) / 2
    squeeze = max(math.cos(math.radians(max(-75.0, min(75.0, middle)))), 0.2)
    across = max((box[2] - box[0]), *(2.2 * abs(x - (box[0] + box[2]) / 2) for x, _ in points), 0.5)
    upright = max((box[3] - box[1]), *(2.2 * abs(y - middle) for _, y in points), 0.25)
    scale = min(WIDTH / (across * squeeze), HEIGHT / upright)
    half, tall = WIDTH / scale / squeeze / 2, HEIGHT / scale / 2
    centre = (box[0] + box[2]) / 2
    return View((centre - half, middle - tall, centre + half, middle + tall), scale, squeeze)


def land(view: View) -> list[tuple[str, str]]:
    """The countries in view: name and path data, cut at the frame."""
    return _land(view)


@lru_cache(maxsize=64)
def _land(view: View) -> list[tuple[str, str]]:
    west, south, east, north = view.box
    out = []
    for country in _countries():
        pieces = []
        for ring, (left, low, right, top) in zip(country.rings, country.frames, strict=True):
            if left > east or right < west or low > north or top < south:
                continue
            points = _clipped(ring, view.box)
            if len(points) > 2:
                pieces.append("M" + "L".join(f"{view.x(x):g} {view.y(y):g}" for x, y in points) + "Z")
        if pieces:
            out.append((country.name, "".join(pieces)))
    return out


def _clipped(ring: Sequence[Point], box: Box) -> list[Point]:
    """The ring cut at the four edges of a box a little larger than the frame (Sutherland and Hodgman)."""
    pad = (box[2] - box[0]) * 0.02
    points = list(ring)
    for axis, edge, sign in ((0, box[0] - pad, 1), (0, box[2] + pad, -1), (1, box[1] - pad, 1), (1, box[3] + pad, -1)):
        kept: list[Point] = []
        for index, point in enumerate(points):
            before = points[index - 1]
            inside, was = sign * (point[axis] - edge) >= 0, sign * (before[axis] - edge) >= 0
            if inside != was:
                part = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
            if inside:
                kept.append(point)
        points = kept
        if not points:
            break
    return points


@cache
def _countries() -> tuple[Country, ...]:
    """All outlines, in degrees."""
    source = Path(__file__).resolve().parent / "outlines" / "countries.json.gz"
    found: dict[str, Any] = json.loads(gzip.decompress(source.read_bytes()))
    step, arcs = found["step"], []
    for differences in found["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in zip(differences[::2], differences[1::2], strict=True):
            x, y = x + dx, y + dy
            arc.append((x * step, y * step))
        arcs.append(arc)
    return tuple(_country(shape, arcs) for shape in found["countries"])


def _country(shape: dict[str, Any], arcs: list[list[Point]]) -> Country:
    rings = []
    for indexes in shape["rings"]:
        ring: list[Point] = []
        for index in indexes:
            ring += arcs[index] if index >= 0 else arcs[~index][::-1]
        rings.append(tuple(ring))
    frames = tuple(
        (min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring))
        for ring in rings
    )
    return Country(shape["name"], tuple(rings), frames)


def marks(spots: Iterable[Spot], view: View) -> list[Mark]:
    """The spots in view as marks, small ones on top; the weightiest have their names beside them where there is room."""
    inside = [spot for spot in spots if view.holds(spot.longitude, spot.latitude)]
    most = max((spot.weight for spot in inside), default=1)
    taken: list[Box] = []
    out = []
    for spot in sorted(inside, key=lambda spot: (-spot.weight, spot.name)):
        x, y = view.x(spot.longitude), view.y(spot.latitude)
        size = round(5 + 13 * math.sqrt((spot.weight - 1) / most), 1)
        label = _free(x + size + 4, y + 5, spot.name, taken) if len(taken) < _LABELS else None
        out.append(Mark(x, y, spot.role, size, spot.name, spot.title, spot.href, label))
    return out


def _free(x: float, y: float, name: str, taken: list[Box]) -> tuple[float, float] | None:
    """Where a name can stand without covering another (about 8 units a letter); None where there is no room."""
    wide = 8.0 * len(name)
    if wide > WIDTH / 3:
        return None
    for left, low in ((x, y), (x - wide - 30, y), (x, y + 16), (x, y - 14)):
        box = (left, low - 13, left + wide, low + 3)
        apart = all(box[2] < o[0] or box[0] > o[2] or box[3] < o[1] or box[1] > o[3] for o in taken)
        if apart and left > 0 and box[2] < WIDTH and 12 < low < HEIGHT - 4:
            taken.append(box)
            return round(left, 1), round(low, 1)
    return None
