"""The count ledger as SVG: each figure a range on the scale of its group, and the course of the counts over time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kg.reconcile.compare import bounds
from kg.reconcile.ledger import Entry, Estimate, Ledger
from server.calendar import shape

WIDTH = 960.0  # of a plot, in SVG units
LEFT, RIGHT = 270.0, 220.0  # room for sources and for words
_ROW, _HEAD, _AXIS = 24.0, 34.0, 24.0  # heights of a figure, a heading and a scale
_OPEN = 34.0  # length of the arrow of a range without an end
_LINEAR = 12  # numbers farther apart than this ratio stand on a logarithmic scale
_COURSE = 260.0  # height of the course over time


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers to units. `low` and `high` are the ends of the scale, in people."""

    low: float
    high: float
    logarithmic: bool
    start: float
    length: float

    def at(self, number: float) -> float:
        """Where a number stands, in SVG units; beyond the ends it stands at the end."""
        number = min(max(number, self.low), self.high)
        if self.logarithmic:
            part = math.log10(number / self.low) / math.log10(self.high / self.low)
        else:
            part = (number - self.low) / (self.high - self.low)
        return round(self.start + part * self.length, 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and numbers of the marks of the scale."""
        if self.logarithmic:
            powers = range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)
            numbers = [10.0**power for power in powers]
        else:
            step = _step(self.high)
            numbers = [step * count for count in range(int(self.high / step) + 1)]
        return [(self.at(number), f"{number:,.0f}") for number in numbers]


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: its range from `x1` to `x2`, its printed number at `point`. An open end is drawn as an arrow."""

    y: float
    x1: float
    x2: float
    point: float | None
    open_low: bool
    open_high: bool
    shape: str
    entry: Entry
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The figures of one measure and kind of people, with what the policy makes of them as a band."""

    y: float
    title: str
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]
    bottom: float
    band: tuple[float, float, float] | None  # from, best, to


@dataclass(frozen=True, slots=True)
class Plot:
    """A whole picture."""

    width: float
    height: float
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on the day it is of."""

    x: float
    y: float
    low: float
    high: float
    shape: str
    label: str
    claim: str


@dataclass(frozen=True, slots=True)
class Course:
    """Figures over time."""

    title: str
    width: float
    height: float
    days: tuple[tuple[float, str], ...]
    numbers: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]


def title(measure: str, counts: str) -> str:
    """How a ledger is headed."""
    return f"{measure.replace('_', ' ')}: {counts.replace('-', ' ')}"


def plotted(ledgers: Iterable[tuple[Ledger, Estimate | None]]) -> Plot:
    """The ledgers of an event one below the other, each on a scale of its own."""
    y, panels = 6.0, []
    for ledger, estimate in ledgers:
        panel = _panel(ledger, estimate, y)
        panels.append(panel)
        y = panel.bottom + 14
    return Plot(WIDTH, y, tuple(panels))


def _panel(ledger: Ledger, estimate: Estimate | None, y: float) -> Panel:
    scale = _scale([n for entry in ledger.entries for n in _numbers(entry)], LEFT, WIDTH - LEFT - RIGHT)
    entries = sorted(ledger.entries, key=lambda e: (e.part, e.as_of or date.min, e.claim.source or "", e.claim.id))
    bars = tuple(_bar(entry, scale, y + _HEAD + _ROW * (place + 0.5)) for place, entry in enumerate(entries))
    bottom = y + _HEAD + _ROW * len(bars) + _AXIS
    band = None
    if estimate is not None and estimate.best is not None:
        low, high = estimate.low or estimate.best, estimate.high or estimate.best
        band = (scale.at(low), scale.at(estimate.best), scale.at(high))
    return Panel(y, title(ledger.measure, ledger.counts), tuple(scale.ticks()), bars, bottom, band)


def _numbers(entry: Entry) -> list[float]:
    amount = entry.claim.amount
    if amount is None:
        return []
    return [n for n in (*bounds(amount), amount.value) if n is not None and math.isfinite(n)]


def _scale(numbers: Sequence[float], start: float, length: float) -> Scale:
    least, most = min(numbers, default=0), max(numbers, default=1)
    if least > 0 and most / least > _LINEAR:
        low, high = 10 ** math.floor(math.log10(least)), 10 ** math.ceil(math.log10(most))
        return Scale(low, high if high > low else low * 10, True, start, length)
    step = _step(most)
    return Scale(0, max(math.ceil(most * 1.02 / step) * step, 1), False, start, length)


def _step(most: float) -> float:
    """A round distance between marks, so that about four stand below `most`."""
    power = float(10 ** math.floor(math.log10(max(most, 1) / 4)))
    return max(next(step for step in (1.0, 2.0, 5.0, 10.0) if step * power * 4.5 >= most) * power, 1)


def _bar(entry: Entry, scale: Scale, y: float) -> Bar:
    claim, amount = entry.claim, entry.claim.amount
    low, high = bounds(amount) if amount else (-math.inf, math.inf)
    value = amount.value if amount else None
    known = [n for n in (low, high, value) if n is not None and math.isfinite(n)]
    open_low, open_high = not math.isfinite(low), not math.isfinite(high)
    x1, x2 = (scale.at(min(known)), scale.at(max(known))) if known else (scale.start, scale.start)
    bar = (x1 - _OPEN * open_low * bool(known), x2 + _OPEN * open_high * bool(known))
    point = scale.at(value) if value is not None else None
    source = _cut(claim.source or "(the article itself)", 36)
    words = _cut(amount.words if amount else claim.trigger, 24)
    return Bar(y, *bar, point, open_low, open_high, shape(claim.status), entry, source, words)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def course(ledger: Ledger) -> Course | None:
    """The figures of a ledger over the days they are of; None if they are all of one day or of none."""
    dated = [(entry.as_of, entry) for entry in ledger.entries if entry.as_of and not entry.part and _numbers(entry)]
    days = sorted({day for day, _ in dated})
    if len(days) < 2:
        return None
    scale = _scale([n for _, entry in dated for n in _numbers(entry)], 0, _COURSE - 60)
    unit = (WIDTH - 180) / (days[-1] - days[0]).days
    points = []
    for day, entry in sorted(dated, key=lambda one: (one[0], one[1].claim.id)):
        x = round(100 + (day - days[0]).days * unit, 1)
        numbers = _numbers(entry)
        amount = entry.claim.amount
        middle = amount.value if amount and amount.value is not None else numbers[0]
        label = f"{entry.claim.source or 'the article itself'}: {amount.words if amount else ''}"
        low, high = _down(scale, min(numbers)), _down(scale, max(numbers))
        points.append(Point(x, _down(scale, middle), low, high, shape(entry.claim.status), label, entry.claim.id))
    marks = [days[0], *(day for day in days[1:-1] if (day - days[0]).days * unit > 90), days[-1]]
    ticks = tuple((round(100 + (day - days[0]).days * unit, 1), day.isoformat()) for day in _sparse(marks, unit))
    numbers_at = tuple((_COURSE - 40 - at, text) for at, text in scale.ticks())
    return Course(title(ledger.measure, ledger.counts), WIDTH, _COURSE, ticks, numbers_at, tuple(points))


def _down(scale: Scale, number: float) -> float:
    return round(_COURSE - 40 - scale.at(number), 1)


def _sparse(days: Sequence[date], unit: float) -> list[date]:
    """Days far enough apart for their names to stand side by side."""
    out = [days[0]]
    for day in days[1:]:
        if (day - out[-1]).days * unit >= 90:
            out.append(day)
    return out
