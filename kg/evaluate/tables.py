"""What the parts of an evaluation answer: counts, tables, checks - values, printed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were right of those in the gold and of those found."""

    right: int = 0
    gold: int = 0
    found: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.gold + other.gold, self.found + other.found)

    @property
    def precision(self) -> float:
        """Percent of the found that are right; 0 if nothing was found."""
        return 100 * self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Percent of the gold that was found; 0 if there is no gold."""
        return 100 * self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent."""
        return 200 * self.right / (self.gold + self.found) if self.right else 0.0

    def record(self) -> dict[str, float | int]:
        """Precision, recall and F1 in percent with one decimal, and the counts."""
        shares = {"P": round(self.precision, 1), "R": round(self.recall, 1), "F1": round(self.f1, 1)}
        return {**shares, "tp": self.right, "gold": self.gold, "found": self.found}

    def cells(self) -> tuple[Cell, ...]:
        """P, R, F1, right, gold, found, for a table."""
        return tuple(self.record().values())


TALLY = ("P", "R", "F1", "right", "gold", "found")


@dataclass(frozen=True, slots=True)
class Check:
    """A target or rule, and whether it was met."""

    name: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an evaluation: a table, what must be known to read it, targets, and the differences one by one."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    differences: tuple[str, ...] = ()
    skipped: str | None = None  # why there are no figures


def share(part: float, whole: float) -> float:
    """`part` of `whole` in percent with one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def at_least(name: str, found: float, bound: float) -> Check:
    """A figure that must reach a bound."""
    return Check(f"{name} >= {bound:g}", f"{found:.1f}", found >= bound)


def at_most(name: str, found: float, bound: float) -> Check:
    """A figure that must stay below a bound."""
    return Check(f"{name} <= {bound:g}", f"{found:.2f}", found <= bound)


def lines(section: Section) -> list[str]:
    """The section as lines of text: title, aligned table, notes, checks."""
    out = [section.title]
    if section.skipped:
        return [*out, f"  skipped: {section.skipped}"]
    cells = [section.columns, *(tuple(_cell(c) for c in row) for row in section.rows)]
    widths = [max(len(row[n]) for row in cells if n < len(row)) for n in range(len(section.columns))]
    out += ["  " + _line(row, widths, section.rows) for row in cells if section.columns]
    out += [f"  {note}" for note in section.notes]
    return out + [f"  {'ok  ' if c.met else 'MISS'} {c.name}: {c.found}" for c in section.checks]


def _line(row: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Cell]]) -> str:
    """Columns of numbers stand right, others left."""
    numeric = [any(isinstance(r[n], int | float) for r in rows if n < len(r)) for n in range(len(widths))]
    return "  ".join(
        c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, numeric, strict=False)
    ).rstrip()


def _cell(value: Cell) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
