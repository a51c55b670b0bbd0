"""All that reconciliation says of a store, in one value: events, comparisons, ledgers, faults, candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from kg.reconcile.actors import Candidate, candidates, shared_actors
from kg.reconcile.compare import MOVED, Comparison, compare, multiplies, scopes
from kg.reconcile.events import Event, Part, events, parts
from kg.reconcile.independence import tellings
from kg.reconcile.ledger import Fault, Ledger, audit, ledgers
from kg.reconcile.overrides import Decision, decisions, overridden
from kg.reconcile.parts import SameAct, SubEvent, same_acts, sub_events
from kg.reconcile.records import Claim, claims
from kg.reconcile.review import in_force, reviews
from kg.reconcile.reviewed import reviewed
from kg.reconcile.speech import SameSpeech, SpeechEvent, same_speeches, speeches, together
from kg.store import Store

# Figures of one measure that are compared pair by pair; of more, one a telling and day is.
_PAIRWISE = 100


@dataclass(frozen=True, slots=True)
class Overview:
    """Decisions, not facts: each has its grounds and a confidence, and none changes a claim."""

    claims: Mapping[str, Claim]
    events: tuple[Event, ...]
    parts: tuple[Part, ...]
    sub_events: tuple[SubEvent, ...]
    same_acts: tuple[SameAct, ...]
    comparisons: Mapping[str, tuple[Comparison, ...]]  # by event key; pairs of figures of one measure
    ledgers: tuple[Ledger, ...]
    faults: tuple[Fault, ...]
    actors: tuple[Candidate, ...]
    speeches: tuple[SameSpeech, ...]
    speech_events: tuple[SpeechEvent, ...]


def overview(store: Store, *, overlay: bool = False) -> Overview:
    """Reads a store and reconciles what it holds. Pure: the same store gives the same overview.

    `overlay`: take what analysts decided: rejected claims are left out, amended values go before the program's.
    """
    made = decisions(store)
    read = claims(store)
    if overlay:
        read = reviewed(read, in_force(reviews(store)))
    found = {c.id: c for c in _one_actor(read, made)}
    grouped = overridden(events(found.values()), found, made)
    spoken = speeches(store)
    pairs = same_speeches(spoken)
    return Overview(
        claims=found,
        events=grouped,
        parts=parts(grouped),
        sub_events=sub_events(grouped, found),
        same_acts=_acts(found, made),
        comparisons={e.key: tuple(comparisons(members(e, found))) for e in grouped},
        ledgers=tuple(ledger for e in grouped for ledger in ledgers(e.key, members(e, found))),
        faults=audit(found.values()),
        actors=_actors(candidates(shared_actors(store)), made),
        speeches=pairs,
        speech_events=together(spoken, pairs, made),
    )


def members(event: Event, found: Mapping[str, Claim]) -> list[Claim]:
    """The claims of an event."""
    return [found[ident] for ident, _ in event.members]


def comparisons(claims: Iterable[Claim]) -> Iterator[Comparison]:
    """How the figures of one event stand to each other, pair by pair within one measure."""
    counted = [c for c in claims if c.amount is not None or multiplies(c)]
    times = scopes(counted)
    by_measure: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in counted:
        by_measure["moved" if claim.measure in MOVED else claim.measure].append(claim)
    for _, group in sorted(by_measure.items()):
        for one, other in combinations(group if len(group) <= _PAIRWISE else _heads(group), 2):
            yield compare(one, other, times)


def _heads(group: list[Claim]) -> list[Claim]:
    """One claim of each telling and day: what is printed fifty times is compared once."""
    numbers = tellings(group)
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in group:
        seen.setdefault((numbers[claim.id], claim.counts, claim.status, claim.published, claim.latest), claim)
    return list(seen.values())


def _one_actor(read: Iterable[Claim], made: Iterable[Decision]) -> Iterator[Claim]:
    """The claims, with actors that a person said to be one under one IRI."""
    alias = {max(d.first, d.second): min(d.first, d.second) for d in made if d.same}
    for claim in read:
        yield replace(claim, actor=alias[claim.actor]) if claim.actor in alias else claim


def _actors(found: Iterable[Candidate], made: Iterable[Decision]) -> tuple[Candidate, ...]:
    """The candidates without those that persons decided about."""
    decided = {frozenset((d.first, d.second)) for d in made}
    return tuple(c for c in found if frozenset((c.first, c.second)) not in decided)


def _acts(found: Mapping[str, Claim], made: Iterable[Decision]) -> tuple[SameAct, ...]:
    decided = {frozenset((d.first, d.second)) for d in made}
    return tuple(s for s in same_acts(found.values()) if frozenset((s.first, s.second)) not in decided)
