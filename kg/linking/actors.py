"""Well-known actors by name, alias or acronym: `known_actor` answers from `seeds/actors.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kg.linking.names import fold
from kg.linking.states import rows
from kg.settings import resource
from kg.types import ActorKind


@dataclass(frozen=True, slots=True)
class KnownActor:
    """One row of the table. `group`: un_body, ngo, red_cross, news_agency, military, armed_group, ministry ..."""

    name: str
    kind: ActorKind
    group: str
    aliases: tuple[str, ...]
    acronym: str | None
    country: str | None  # ISO code of the state it belongs to or works in
    wikidata: str | None  # only where certain


@cache
def known_actors() -> tuple[KnownActor, ...]:
    """All rows, in the table's order."""
    return tuple(
        KnownActor(
            r["name"],
            ActorKind(r["kind"]),
            r["class"],
            tuple(a for a in r["aliases"].split("|") if a),
            r["acronym"] or None,
            r["country"] or None,
            r["wikidata"] or None,
        )
        for r in rows(resource("seeds") / "actors.tsv")
    )


@cache
def _tables() -> tuple[Mapping[str, tuple[KnownActor, ...]], Mapping[str, tuple[KnownActor, ...]]]:
    names: dict[str, list[KnownActor]] = {}
    acronyms: dict[str, list[KnownActor]] = {}
    for actor in known_actors():
        for key in dict.fromkeys(fold(n) for n in (actor.name, *actor.aliases)):
            names.setdefault(key, []).append(actor)
        if actor.acronym:
            acronyms.setdefault(actor.acronym.casefold(), []).append(actor)
    return (
        MappingProxyType({k: tuple(v) for k, v in names.items()}),
        MappingProxyType({k: tuple(v) for k, v in acronyms.items()}),
    )


def candidates(words: str, countries: Mapping[str, float] | None = None) -> tuple[KnownActor, ...]:
    """Actors that a name, alias or acronym may mean, best first.

    `countries` (ISO code -> weight) orders those that share an acronym: "SDF" in Syria and in Japan.
    Acronyms must be printed in capitals: "AP", never "ap"; "IS", never "is".
    """
    names, acronyms = _tables()
    found = list(names.get(fold(words), ())) if any(c.isupper() for c in words) else []
    bare = words.replace(".", "").removeprefix("the ").removeprefix("The ")
    if bare.isupper() or bare.casefold() in ("unicef", "unhcr"):
        found += [a for a in acronyms.get(bare.casefold(), ()) if a not in found]
    weights = countries or {}
    return tuple(sorted(found, key=lambda a: -weights.get(a.country or "", 0.0)))


def known_actor(words: str, countries: Mapping[str, float] | None = None) -> KnownActor | None:
    """The actor that a name means; None if unknown, or if two share it and `countries` does not tell them apart."""
    found = candidates(words, countries)
    if len(found) > 1:
        weights = countries or {}
        first, second = (weights.get(a.country or "", 0.0) for a in found[:2])
        if first <= second:
            return None
    return found[0] if found else None
