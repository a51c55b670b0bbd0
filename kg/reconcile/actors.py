"""Which actors of several articles may be one: candidates with scores and grounds, never a silent merge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from kg.linking.actors import candidates as known_candidates
from kg.linking.names import fold
from kg.store import Store

_QUERY = Path(__file__).with_name("actors.rq")


@dataclass(frozen=True, slots=True)
class Known:
    """One shared actor: all names that articles print for it, and its roles."""

    id: str
    kind: str  # "Person", "Organization", "State", "ArmedGroup"
    names: tuple[str, ...]
    articles: frozenset[str] = field(default=frozenset())
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two shared actors that may be one."""

    first: str
    second: str
    method: str  # "table", "same_words", "transliteration", "initials", "surname"
    confidence: float
    evidence: tuple[str, ...]


# Fixed by hand: how often such a pair is one actor. Below 0.9 nobody should merge without looking.
_TABLE, _SAME_WORDS, _SPELLING, _INITIALS, _SURNAME = 0.95, 0.9, 0.8, 0.6, 0.5
_SPELLING_RATIO = 80
_PARTICLES = frozenset("al el bin ibn abu von van de da di der den la le ul ur ad as ar".split())
_SMALL = frozenset("of the for and de du des la le on in to".split())
_HONORIFICS = frozenset("mr mrs ms dr sir president".split())
# Spellings that transliterations exchange, longest first: Qaddafi, Gadhafi; Mohammed, Muhammad; Youssef, Yusuf.
_EXCHANGED = (("tch", "c"), ("kh", "k"), ("gh", "k"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("zh", "s"), ("sh", "s"),
              ("ch", "s"), ("ts", "s"), ("q", "k"), ("g", "k"), ("c", "k"), ("x", "ks"), ("z", "s"), ("j", "s"),
              ("w", "v"), ("b", "v"), ("p", "f"))  # fmt: skip


def shared_actors(store: Store) -> tuple[Known, ...]:
    """All shared actors of a store, by IRI."""
    solutions: Any = store.query(_QUERY.read_text(encoding="utf-8"))
    kinds: dict[str, str] = {}
    names: defaultdict[str, set[str]] = defaultdict(set)
    articles: defaultdict[str, set[str]] = defaultdict(set)
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for row in solutions:
        ident = row["actor"].value
        kinds.setdefault(ident, row["kind"].value.rsplit("#", 1)[-1])
        names[ident].add(row["name"].value)
        articles[ident].add(row["article"].value)
        if row["role"] is not None:
            roles[ident].add(row["role"].value)
    return tuple(
        Known(i, kinds[i], tuple(sorted(names[i])), frozenset(articles[i]), tuple(sorted(roles[i])))
        for i in sorted(kinds)
    )


def candidates(actors: Iterable[Known]) -> tuple[Candidate, ...]:
    """Pairs that may be one actor, best first. Only actors that share a block are compared: cost about linear."""
    every = sorted(actors, key=lambda a: a.id)
    blocks: defaultdict[str, list[Known]] = defaultdict(list)
    for actor in every:
        for key in _blocks(actor):
            blocks[key].append(actor)
    best: dict[tuple[str, str], Candidate] = {}
    for group in blocks.values():
        for one, other in combinations({a.id: a for a in group}.values(), 2):
            found = _judged(one, other)
            if found and found.confidence > (best[pair].confidence if (pair := (one.id, other.id)) in best else 0):
                best[pair] = found
    return tuple(sorted(best.values(), key=lambda c: (-c.confidence, c.first, c.second)))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without honorifics."""
    return tuple(w for w in fold(name).split() if w not in _HONORIFICS)


def skeleton(word: str) -> str:
    """What spellings of one name share: consonants, alike sounds written alike, doubles once."""
    for written, plain in _EXCHANGED:
        word = word.replace(written, plain)
    bare = word[:1].translate(str.maketrans("aeiouy", "aaaaaa")) + re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def initials(name: str) -> str:
    """ "icrc" for "International Committee of the Red Cross"."""
    return "".join(w[0] for w in fold(name).split() if w not in _SMALL)


def _blocks(actor: Known) -> Iterator[str]:
    for name in actor.names:
        known = known_candidates(name)
        if len(known) == 1:
            yield f"table:{known[0].name}"
        parts = words_of(name)
        if not parts:
            continue
        if actor.kind == "Person":
            yield f"person:{skeleton(parts[-1])}"
            continue
        yield f"words:{' '.join(sorted(set(parts) - _SMALL))}"
        if len(parts) > 1:
            yield f"initials:{initials(name)}"
        elif name.isupper():
            yield f"initials:{parts[0]}"


def _judged(one: Known, other: Known) -> Candidate | None:
    """The best grounds on which two actors may be one; None if there are none."""
    if one.kind != other.kind and "Person" in (one.kind, other.kind):
        return None
    found: list[Candidate] = []
    for left in one.names:
        for right in other.names:
            grounds = _table(left, right) or (_person(left, right) if one.kind == "Person" else _body(left, right))
            if grounds:
                method, confidence = grounds
                found.append(Candidate(one.id, other.id, method, confidence, (left, right)))
    return max(found, key=lambda c: (c.confidence, c.evidence), default=None)


def _table(left: str, right: str) -> tuple[str, float] | None:
    one, other = known_candidates(left), known_candidates(right)
    return ("table", _TABLE) if len(one) == len(other) == 1 and one == other else None


def _person(left: str, right: str) -> tuple[str, float] | None:
    one, other = words_of(left), words_of(right)
    if not one or not other:
        return None
    bare = [tuple(w for w in side if w not in _PARTICLES) or side for side in (one, other)]
    if bare[0] == bare[1]:
        return "same_words", _SAME_WORDS
    if skeleton(bare[0][-1]) != skeleton(bare[1][-1]):
        return None
    if 1 in (len(bare[0]), len(bare[1])):
        same = bare[0][-1] == bare[1][-1]
        return ("surname", _SURNAME) if same else None
    given = [side[0] for side in bare]
    if skeleton(given[0]) == skeleton(given[1]) and fuzz.ratio(" ".join(bare[0]), " ".join(bare[1])) >= _SPELLING_RATIO:
        return "transliteration", _SPELLING
    if bare[0][-1] == bare[1][-1] and given[0][0] == given[1][0] and 1 in (len(given[0]), len(given[1])):
        return "initials", _INITIALS
    return None


def _body(left: str, right: str) -> tuple[str, float] | None:
    one, other = words_of(left), words_of(right)
    if set(one) - _SMALL == set(other) - _SMALL:
        return "same_words", _SAME_WORDS
    for short, long in ((left, right), (right, left)):
        if short.isupper() and len(words_of(short)) == 1 and len(words_of(long)) > 1 and fold(short) == initials(long):
            return "initials", _INITIALS
    return None
