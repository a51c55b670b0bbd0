"""The ledger of an event: figures of one measure side by side, as ranges on one scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby

from server.render import Row

WIDTH = 400  # of the plot, in SVG units
_OPEN = 12  # length of the arrow of a range without an end, in SVG units


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its row, and its range in the plot from `x1` to `x2` (equal for a single number)."""

    row: Row
    x1: float
    x2: float
    open_low: bool
    open_high: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All figures of one measure and one kind of people."""

    measure: str
    counts: str
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, float], ...]


def lines(rows: list[Row]) -> tuple[Group, ...]:
    """Rows of the ledger query, grouped by measure and kind, with places in the plot (a logarithmic scale)."""
    groups = []
    for (measure, counts), found in groupby(rows, key=lambda row: (row["measure"].value, row["counts"].value)):
        members = list(found)
        numbers = [number for row in members for number in _bounds(row) if number is not None]
        scale = _scale(max(numbers, default=1))
        groups.append(
            Group(measure, counts, tuple(_line(row, scale) for row in members), tuple(_ticks(max(numbers, default=1))))
        )
    return tuple(groups)


def _bounds(row: Row) -> tuple[int | None, int | None, int | None]:
    low, value, high = (row[name].number if name in row else None for name in ("low", "value", "high"))
    return low, value, high


def _scale(top: int) -> float:
    """Units for one decade."""
    return WIDTH / max(math.ceil(math.log10(max(top, 10)) + 0.05), 1)


def _x(number: int, scale: float) -> float:
    return round(math.log10(max(number, 1)) * scale, 1)


def _line(row: Row, scale: float) -> Line:
    low, value, high = _bounds(row)
    known = [number for number in (low, value, high) if number is not None]
    if not known:
        return Line(row, 0, 0, open_low=True, open_high=True)
    open_low, open_high = low is None and high is not None, high is None and low is not None
    x1, x2 = _x(min(known), scale), _x(max(known), scale)
    return Line(row, x1 - _OPEN * open_low, x2 + _OPEN * open_high, open_low, open_high)


def _ticks(top: int) -> list[tuple[int, float]]:
    scale = _scale(top)
    return [(10**power, _x(10**power, scale)) for power in range(int(WIDTH / scale) + 1)]
