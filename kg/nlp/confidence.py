"""From the rating that a rule gives a claim to a confidence that means something: of the claims at 0.9, nine in ten
are right. The table (`confidence.toml`) is fitted on annotated articles by `kg evaluate --calibration`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from kg.errors import LexiconError
from kg.lexicon import read_toml

FILE = Path(__file__).with_name("confidence.toml")
Points = tuple[tuple[float, float], ...]


def confidence(kind: str, rating: float) -> float:
    """The confidence, 0 to 1 with three decimals, of a claim of `kind` ("statement", "report") that was rated so.

    Raises LexiconError if the table has no such kind or does not rise.
    """
    return round(between(points(kind), rating), 3)


def rating(kind: str, found: float) -> float:
    """The rating that `confidence` made `found` of, as near as its rounding allows."""
    return between([(y, x) for x, y in points(kind)], found)


@cache
def points(kind: str, file: Path = FILE) -> Points:
    """The table of one kind. Raises LexiconError if it is not there or does not rise."""
    table = read_toml(file)
    if kind not in table:
        raise LexiconError(f"a table [{kind}] with points was expected, found {', '.join(table)}", where=str(file))
    found = tuple((float(x), float(y)) for x, y in table[kind]["points"])
    rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
    if not found or not rising or not all(0 <= v <= 1 for point in found for v in point):
        raise LexiconError(
            f"points that rise from 0 to 1 at most were expected in [{kind}], found {list(found)}", where=str(file)
        )
    return found


def between(table: Sequence[tuple[float, float]], value: float) -> float:
    """The table's answer for `value`: straight between its points, level outside them."""
    at = bisect_right([x for x, _ in table], value)
    if at in (0, len(table)):
        return table[max(0, at - 1)][1]
    (x0, y0), (x1, y1) = table[at - 1], table[at]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
