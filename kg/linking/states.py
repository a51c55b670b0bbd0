"""States: names, people's names (demonyms) and the words that stand for governments (metonyms)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.linking.names import fold
from kg.settings import resource


@dataclass(frozen=True, slots=True)
class State:
    """A state or territory. `belongs_to`: ISO code of the state a territory belongs to."""

    iso: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    belongs_to: str | None


@dataclass(frozen=True, slots=True)
class Metonym:
    """A word that stands for a government ("the Kremlin"), and why."""

    words: str
    iso: str
    kind: str  # "capital" or "seat"
    explanation: str


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated seed table with a header line."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def states() -> tuple[State, ...]:
    """All states and territories of `seeds/states.tsv`."""
    return tuple(
        State(
            r["iso"],
            r["name"],
            tuple(a for a in r["aliases"].split("|") if a),
            tuple(d for d in r["demonyms"].split("|") if d),
            r["belongs_to"] or None,
        )
        for r in rows(resource("seeds") / "states.tsv")
    )


@cache
def _by_name() -> dict[str, State]:
    out: dict[str, State] = {}
    for state in states():
        for name in (state.name, *state.aliases):
            out.setdefault(fold(name), state)
    return out


@cache
def _by_demonym() -> dict[str, State]:
    out: dict[str, State] = {}
    for state in states():
        for word in state.demonyms:
            out.setdefault(fold(word), state)
    # Shared by two states: the more populous is meant unless the article says otherwise.
    out["congolese"] = _by_name()["democratic republic of the congo"]
    out["dominican"] = _by_name()["dominican republic"]
    return out


@cache
def _by_metonym() -> dict[str, Metonym]:
    table = rows(resource("seeds") / "metonyms.tsv")
    return {fold(r["words"]): Metonym(r["words"], r["iso"], r["kind"], r["explanation"]) for r in table}


@cache
def by_iso(iso: str) -> State | None:
    """The state with this ISO 3166-1 alpha-2 code."""
    return next((s for s in states() if s.iso == iso), None)


def state_named(words: str) -> State | None:
    """The state that a name means ("Russia", "the U.S."); None for anything else."""
    if words in {"us", "Us"}:  # the pronoun; only the capitals "US" are the country
        return None
    return _by_name().get(fold(words))


def state_of_people(words: str) -> State | None:
    """The state of a demonym, singular or plural ("Russian", "Syrians"); None for anything else."""
    if words in {"us", "Us"}:
        return None
    key = fold(words)
    table = _by_demonym()
    return table.get(key) or (table.get(key[:-1]) if key.endswith("s") else None)


def metonym(words: str) -> Metonym | None:
    """The government that a capital or seat may stand for ("the Kremlin"); the reader decides whether it speaks."""
    return _by_metonym().get(fold(words))


def state_meant(words: str) -> State | None:
    """The state that a speaking name means: its own name, or a capital or seat that stands for it ("London said")."""
    found = state_named(words)
    stands = metonym(words) if found is None else None
    return by_iso(stands.iso) if stands is not None else found
