"""Floors of quality: figures that must not fall, in `seeds/gold/floors.toml`.

A floor is raised by `kg evaluate --raise-floors` and never lowered without a word: a floor below the
highest value it ever had needs a `because`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import LexiconError
from kg.lexicon import read_toml
from kg.settings import resource

GROUPS = ("seeds", "others", "check", "written dev", "written held")
MARGIN = 4.0  # F1 points below what was reached: noise at this size of gold, and int8 rounding of other processors
HEAD = """# Floors of quality on the development articles and on our own (tests/articles), in F1 by the gold's scorer.
# `kg evaluate --raise-floors` raises them.
# To lower one, say why in `because`; `highest` stays as it is.
"""


@dataclass(frozen=True, slots=True)
class Floor:
    """A figure that must be reached on a group of documents.

    Of the development articles: seeds, others (the rest), check (never read). Of our own: written dev, written held
    (never read).
    """

    group: str
    measure: str  # a key of the scorer's answer
    at_least: float
    highest: float
    because: str | None = None


def path() -> Path:
    """The file of floors."""
    return resource("seeds") / "gold" / "floors.toml"


def floors(file: Path | None = None) -> tuple[Floor, ...]:
    """All floors. Raises LexiconError for an unknown group or a floor lowered without a reason."""
    file = file or path()
    found = tuple(
        Floor(f["group"], f["measure"], float(f["at_least"]), float(f["highest"]), f.get("because"))
        for f in read_toml(file)["floor"]
    )
    for floor in found:
        if floor.group not in GROUPS:
            raise LexiconError(f"a group ({', '.join(GROUPS)}) expected, found {floor.group!r}", where=str(file))
        if floor.at_least < floor.highest and not floor.because:
            raise LexiconError(
                f"the floor {floor.at_least:g} of {floor.measure!r} ({floor.group}) was {floor.highest:g} once",
                where=str(file),
                hint="reach it again, or say why it is lowered in `because`",
            )
    return found


def raised(known: tuple[Floor, ...], found: Mapping[tuple[str, str], float]) -> tuple[Floor, ...]:
    """The floors with each one raised to what was found less the margin, where that is higher.

    `found`: F1 for (group, measure).
    """
    out = []
    for floor in known:
        reached = round(found.get((floor.group, floor.measure), 0.0) - MARGIN, 1)
        higher = reached > floor.at_least
        out.append(replace(floor, at_least=reached, highest=max(reached, floor.highest)) if higher else floor)
    return tuple(out)


def text(known: tuple[Floor, ...]) -> str:
    """The file's text for these floors."""
    blocks = []
    for floor in known:
        lines = [
            "[[floor]]",
            f'group = "{floor.group}"',
            f'measure = "{floor.measure}"',
            f"at_least = {floor.at_least:g}",
            f"highest = {floor.highest:g}",
        ]
        if floor.because and floor.at_least < floor.highest:
            lines.append(f'because = "{floor.because}"')
        blocks.append("\n".join(lines) + "\n")
    return HEAD + "\n" + "\n".join(blocks)
