"""Maps as SVG: outlines of countries within a frame of degrees, and places on them. No tiles, no other server."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]  # degrees east, degrees north
Box = tuple[float, float, float, float]  # west, south, east, north in degrees

WORLD: Box = (-180.0, -60.0, 180.0, 84.0)
WIDTH, HEIGHT = 960.0, 500.0  # of a map, in SVG units
_SMALLEST = 12.0  # degrees from west to east that a fitted map shows at least: outlines are no finer
_MARGIN = 0.25  # of the frame, around fitted points
_FINEST = 1.5  # SVG units between two points of an outline
_LETTER = 8.0  # width of a letter of a name, about
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
class Way:
    """A bow from one place to another, by its control point."""

    x1: float
    y1: float
    cx: float
    cy: float
    x2: float
    y2: float
    title: str


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


@dataclass(frozen=True, slots=True)
class Land:
    """A country in view: path data cut at the frame, and the box of its largest piece in SVG units."""

    name: str
    path: str
    frame: Box


@dataclass(frozen=True, slots=True)
class Map:
    """All that a map shows. `names`: names of countries and where they stand."""

    view: View
    land: tuple[Land, ...]
    marks: tuple[Mark, ...]
    names: tuple[tuple[str, float, float], ...]
    ways: tuple[Way, ...] = ()


def drawn(
    spots: Iterable[Spot], wanted: str = "", ways: Iterable[tuple[Point, Point, str]] = (), finest: float = _FINEST
) -> Map:
    """A map of places, and of ways between two of them with their titles.

    `wanted`: see `fitted`; `finest`: SVG units between two points of an outline, more for a small picture.
    """
    found = list(spots)
    view = fitted([(spot.longitude, spot.latitude) for spot in found], wanted)
    taken: list[Box] = []
    marks, land = _marks(found, view, taken), _land(view, finest)
    return Map(view, land, tuple(marks), tuple(_names(land, taken)), tuple(_way(view, *way) for way in ways))


def _names(land: Iterable[Land], taken: list[Box]) -> Iterable[tuple[str, float, float]]:
    """Names of countries that have room for them and cover no other name."""
    for country in sorted(land, key=lambda one: one.frame[0] - one.frame[2]):
        left, top, right, bottom = country.frame
        wide = _LETTER * len(country.name)
        x, y = (left + right) / 2, (top + bottom) / 2
        box = (x - wide / 2, y - 10, x + wide / 2, y + 6)
        if right - left > wide and bottom - top > 24 and _apart(box, taken):
            taken.append(box)
            yield country.name, round(x, 1), round(y, 1)


def _apart(box: Box, taken: Iterable[Box]) -> bool:
    return all(box[2] < o[0] or box[0] > o[2] or box[3] < o[1] or box[1] > o[3] for o in taken)


def _way(view: View, start: Point, end: Point, title: str) -> Way:
    """A bow from start to end, bent to the left by a fifth of its length."""
    x1, y1, x2, y2 = view.x(start[0]), view.y(start[1]), view.x(end[0]), view.y(end[1])
    bent = ((x1 + x2) / 2 + (y2 - y1) / 5, (y1 + y2) / 2 - (x2 - x1) / 5)
    return Way(x1, y1, round(bent[0], 1), round(bent[1], 1), x2, y2, title)


@lru_cache(maxsize=64)
def _land(view: View, finest: float) -> tuple[Land, ...]:
    west, south, east, north = view.box
    out = []
    for country in _countries():
        pieces: list[str] = []
        frames: list[Box] = []
        for ring, (left, low, right, top) in zip(country.rings, country.frames, strict=True):
            if left > east or right < west or low > north or top < south:
                continue
            inside = west <= left and right <= east and south <= low and top <= north
            points = ring if inside else _clipped(ring, view.box)
            if len(points) > 2:
                pieces.append(_path(points, view, finest))
                frames.append(_frame(points, view))
        if pieces:
            largest = max(frames, key=lambda frame: (frame[2] - frame[0]) * (frame[3] - frame[1]))
            out.append(Land(country.name, "".join(pieces), largest))
    return tuple(out)


def _frame(points: Sequence[Point], view: View) -> Box:
    xs, ys = [view.x(x) for x, _ in points], [view.y(y) for _, y in points]
    return max(min(xs), 0), max(min(ys), 0), min(max(xs), WIDTH), min(max(ys), HEIGHT)


def _path(points: Sequence[Point], view: View, finest: float) -> str:
    """Path data of a ring, without points that a reader could not tell from the one before."""
    drawn: list[Point] = []
    for x, y in points:
        at = (view.x(x), view.y(y))
        if not drawn or abs(at[0] - drawn[-1][0]) + abs(at[1] - drawn[-1][1]) >= finest:
            drawn.append(at)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn) + "Z"


def _clipped(ring: Sequence[Point], box: Box) -> Sequence[Point]:
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
    rings: list[tuple[Point, ...]] = []
    for indexes in shape["rings"]:
        ring: list[Point] = []
        for index in indexes:
            ring += arcs[index] if index >= 0 else arcs[~index][::-1]
        rings += _unwrapped(ring)
    rings = [ring for ring in rings if len(ring) > 3]
    frames = tuple(
        (min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring))
        for ring in rings
    )
    return Country(shape["name"], tuple(rings), frames)


def _unwrapped(ring: list[Point]) -> list[tuple[Point, ...]]:
    """The ring; where it crosses the 180th meridian, twice: once for each edge of the world."""
    out, shift = [ring[0]], 0.0
    for (before, _), (x, y) in pairwise(ring):
        shift += -360 if x - before > 180 else 360 if before - x > 180 else 0
        out.append((x + shift, y))
    if shift or max(abs(x) for x, _ in out) <= 180:  # one that does not close goes round a pole
        return [tuple(ring)]
    return [tuple(out), tuple((x - math.copysign(360, out[0][0] + 1e-9), y) for x, y in out)]


def _marks(spots: Iterable[Spot], view: View, taken: list[Box]) -> list[Mark]:
    """The spots in view as marks, small ones on top; the weightiest bear their names where there is room."""
    inside = [spot for spot in spots if view.holds(spot.longitude, spot.latitude)]
    most = max((spot.weight for spot in inside), default=1)
    out, written = [], set()
    for spot in sorted(inside, key=lambda spot: (-spot.weight, spot.name)):
        x, y = view.x(spot.longitude), view.y(spot.latitude)
        size = round(5 + 13 * math.sqrt((spot.weight - 1) / most), 1)
        room = len(taken) < _LABELS and spot.name not in written
        label = _free(x + size + 4, y + 5, spot.name, taken) if room else None
        if label:
            written.add(spot.name)
        out.append(Mark(x, y, spot.role, size, spot.name, spot.title, spot.href, label))
    return out


def _free(x: float, y: float, name: str, taken: list[Box]) -> tuple[float, float] | None:
    """Where a name can stand without covering another; None where there is no room."""
    wide = _LETTER * len(name)
    if wide > WIDTH / 3:
        return None
    for left, low in ((x, y), (x - wide - 30, y), (x, y + 16), (x, y - 14)):
        box = (left, low - 13, left + wide, low + 3)
        if _apart(box, taken) and left > 0 and box[2] < WIDTH and 12 < low < HEIGHT - 4:
            taken.append(box)
            return round(left, 1), round(low, 1)
    return None
