"""Makes `countries.json.gz` from a TopoJSON file of Natural Earth countries: `python -m server.outlines.make FILE`."""

from __future__ import annotations

import gzip
import json
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

Point = tuple[float, float]

_STEP = 0.02  # degrees of the grid that points are put on
_TOLERANCE = 0.06  # degrees an outline may move
_ISLET = 0.04  # square degrees of the frame of a ring below which it is left out, unless it is the country's largest


def main(source: Path, target: Path) -> None:
    """Read TopoJSON, write arcs as differences on a grid, and the rings of each country as indexes of arcs."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = [_absolute(arc, topology["transform"]) for arc in topology["arcs"]]
    thin = [_simplified(arc) for arc in arcs]
    countries = []
    for shape in topology["objects"]["countries"]["geometries"]:
        if not shape.get("type"):
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [ring for polygon in polygons for ring in polygon]
        sizes = [_frame([arcs[index if index >= 0 else ~index] for index in ring]) for ring in rings]
        kept = [ring for ring, size in zip(rings, sizes, strict=True) if size >= min(_ISLET, max(sizes))]
        countries.append({"name": shape["properties"]["name"], "rings": kept})
    used = sorted(
        {index if index >= 0 else ~index for country in countries for ring in country["rings"] for index in ring}
    )
    number = {index: place for place, index in enumerate(used)}
    for country in countries:
        country["rings"] = [[number[i] if i >= 0 else ~number[~i] for i in ring] for ring in country["rings"]]
    made = {"step": _STEP, "arcs": [_differences(thin[index]) for index in used], "countries": countries}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _absolute(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    (dx, dy), (x, y) = transform["scale"], transform["translate"]
    sums = accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]])
    return [(px * dx + x, py * dy + y) for px, py in sums]


def _simplified(points: list[Point]) -> list[Point]:
    """Douglas and Peucker: the points without which the line would move more than the tolerance."""
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, most = 0, _TOLERANCE
        for index in range(first + 1, last):
            distance = _distance(points[index], points[first], points[last])
            if distance > most:
                far, most = index, distance
        if far:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [points[index] for index in sorted(keep)]


def _distance(point: Point, one: Point, other: Point) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length)) if length else 0.0
    x, y = point[0] - one[0] - along * dx, point[1] - one[1] - along * dy
    return float((x * x + y * y) ** 0.5)


def _frame(arcs: list[list[Point]]) -> float:
    xs, ys = [x for arc in arcs for x, _ in arc], [y for arc in arcs for _, y in arc]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _differences(points: list[Point]) -> list[int]:
    out, x, y = [], 0, 0
    for px, py in points:
        nx, ny = round(px / _STEP), round(py / _STEP)
        out += [nx - x, ny - y]
        x, y = nx, ny
    return out


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("countries.json.gz"))
