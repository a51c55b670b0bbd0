"""Places by name: `lookup` answers scored candidates from `seeds/places.tsv.gz`, best first.

The table is read once, when first asked. What it does not hold stays unknown: there is no fuzzy guess here.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import MappingProxyType

from kg.errors import InputError
from kg.linking.names import fold, loosened
from kg.settings import resource

SETTLEMENTS = frozenset({"city", "capital", "village", "town"})
# Features of the hand list that are neither settlements nor administrative areas.
WIDE = frozenset(
    {"continent", "world region", "sea", "island", "islands", "mountain", "river", "lake", "strait", "desert"}
)
_EXACT, _ALIAS_LISTED, _ALIAS, _LOOSE = 1.0, 0.95, 0.85, 0.7
_BONUS = {"country": 0.2, "capital": 0.03}
# A province named like its chief town is meant only where the town holds less than this share of its people:
# "Aleppo" and "Idlib" are the towns, "Okinawa" and "Bihar" the areas.
_AREA_SHARE = 0.15
# What a country of the article adds to its places; less for one whose namesake is fifty times larger: an article on
# the United States that says "Paris" means the one in France.
_HOME, _HOME_DWARFED, _DWARFED = 0.4, 0.1, 50
_AREA = 0.15  # what an area of the article adds to its towns: Paradise in an article on California
# What the hand list adds to a score: as much as ten times the people.
_LISTED = 0.05
_NO_CONTEXT: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the table. `area` is its ISO 3166-2 code; coordinates of areas and countries are rough middles."""

    id: str
    name: str
    feature: str
    country: str
    area: str
    latitude: float | None
    longitude: float | None
    population: int
    listed: bool = False  # in the hand list of places that the news knows beyond their size


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean, with a score in 0..1.3 that is comparable within one lookup."""

    entry: Entry
    score: float
    by: str  # "name", "alias" or "loose"


@dataclass(frozen=True, slots=True)
class _Table:
    lines: list[str]
    rows: dict[str, int | tuple[int, ...]]  # folded name -> line numbers


@cache
def _table() -> _Table:
    path = resource("seeds") / "places.tsv.gz"
    if not path.is_file():
        raise InputError("the gazetteer was expected, no such file", where=str(path), hint="install newsclaims again")
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    rows: dict[str, int | tuple[int, ...]] = {}
    for number in range(1, len(lines)):
        line = lines[number]
        for key in line[line.rindex("\t") + 1 :].split("|"):
            there = rows.setdefault(key, number)
            if there != number:
                rows[key] = (*there, number) if isinstance(there, tuple) else (there, number)
    return _Table(lines, rows)


@cache
def _by_id() -> dict[str, int]:
    return {line.split("\t", 1)[0]: number for number, line in enumerate(_table().lines) if number}


def by_id(ident: str) -> Entry | None:
    """The place with this id ("geonames:170063"); None if the table has none."""
    number = _by_id().get(ident)
    return _entry(_table().lines[number])[0] if number is not None else None


def _entry(line: str) -> tuple[Entry, str]:
    """The place of one line, and its keys."""
    ident, name, feature, country, area, lat, lon, people, listed, keys = line.split("\t")
    point = (float(lat), float(lon)) if lat else (None, None)
    return Entry(ident, name, feature, country, area, point[0], point[1], int(people), bool(listed)), keys


@lru_cache(maxsize=4096)
def _entries(key: str) -> tuple[tuple[Entry, bool], ...]:
    """The places with this folded name, each with True where it is the place's first name."""
    table = _table()
    numbers = table.rows.get(key, ())
    out = []
    for number in (numbers,) if isinstance(numbers, int) else numbers:
        entry, keys = _entry(table.lines[number])
        own = keys.split("|", 1)[0]
        out.append((entry, key in (own, *loosened(own))))
    return tuple(out)


def known(name: str) -> bool:
    """True if the table holds a place of this name (as written or by an alternate name)."""
    return fold(name) in _table().rows


def is_area(entry: Entry) -> bool:
    """True for administrative areas below the country: provinces, districts, states ..."""
    return entry.feature not in SETTLEMENTS and entry.feature != "country" and entry.feature not in WIDE


def _prominence(entry: Entry) -> float:
    """0..1 by what is written about a place: its people on a log scale; countries and wide regions most."""
    if entry.feature == "country" or entry.feature in WIDE:
        return 1.0
    people = entry.population * (_AREA_SHARE if is_area(entry) else 1.0)
    return min(1.0, math.log10(people + 1) / 7.5)


def fits(entry: Entry, kind: str | None) -> bool:
    """True if a place can be of the kind that its words name: "area", "settlement", "country", "wide" or None."""
    if kind is None:
        return True
    if kind == "area":
        return is_area(entry)
    if kind == "settlement":
        return entry.feature in SETTLEMENTS
    if kind == "wide":
        return entry.feature in WIDE
    return entry.feature == kind


def lookup(
    name: str,
    context: Mapping[str, float] = _NO_CONTEXT,
    *,
    kind: str | None = None,
    within: str | None = None,
) -> tuple[Candidate, ...]:
    """Candidates for `name`, best first; empty if unknown.

    `context`: ISO 3166-1 or -2 code -> weight 0..1 of the countries and areas the article is about. `kind`: see `fits`.
    `within`: an ISO 3166-1 or -2 code that the place must lie in ("JP", "JP-14").
    """
    key = fold(name)
    found: dict[str, Candidate] = {}
    for one, worth in ((key, _EXACT), *((k, _LOOSE) for k in loosened(key))):
        for entry, first in _entries(one):
            if entry.id in found or not fits(entry, kind) or not _inside(entry, within):
                continue
            by = "loose" if worth == _LOOSE else "name" if first else "alias"
            weight = {"name": _EXACT, "alias": _ALIAS_LISTED if entry.listed else _ALIAS, "loose": _LOOSE}[by]
            score = weight * (0.35 + 0.35 * _prominence(entry))
            score += _BONUS.get(entry.feature, 0.0) + (_LISTED if entry.listed else 0.0)
            found[entry.id] = Candidate(entry, round(score, 4), by)
    return tuple(sorted(_weighed(found.values(), context), key=lambda c: (-c.score, c.entry.id)))


def _weighed(found: Iterable[Candidate], context: Mapping[str, float]) -> Iterator[Candidate]:
    """The candidates with what their countries add; little for a hamlet with a namesake that the world knows."""
    every = list(found)
    largest = max((c.entry.population for c in every if c.entry.feature in SETTLEMENTS), default=0)
    for one in every:
        dwarfed = one.entry.feature in SETTLEMENTS and one.entry.population * _DWARFED < largest
        bonus = (_HOME_DWARFED if dwarfed else _HOME) * context.get(one.entry.country, 0.0)
        bonus += _AREA * context.get(one.entry.area, 0.0) if one.entry.area and not is_area(one.entry) else 0.0
        yield replace(one, score=round(one.score + bonus, 4))


def _inside(entry: Entry, within: str | None) -> bool:
    return within is None or within in (entry.country, entry.area)
