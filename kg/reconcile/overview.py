"""All that reconciliation says of a store, in one value: events, comparisons, ledgers, faults, candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from kg.reconcile.actors import Candidate, candidates, shared_actors
from kg.reconcile.compare import Comparison, compare, scopes
from kg.reconcile.events import Event, Part, events, parts
from kg.reconcile.ledger import Fault, Ledger, audit, ledgers
from kg.reconcile.records import Claim, claims
from kg.reconcile.speech import SameSpeech, same_speeches, speeches
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Overview:
    """Decisions, not facts: each has its grounds and a confidence, and none changes a claim."""

    claims: Mapping[str, Claim]
    events: tuple[Event, ...]
    parts: tuple[Part, ...]
    comparisons: Mapping[str, tuple[Comparison, ...]]  # by event key; pairs of figures
    ledgers: tuple[Ledger, ...]
    faults: tuple[Fault, ...]
    actors: tuple[Candidate, ...]
    speeches: tuple[SameSpeech, ...]


def overview(store: Store) -> Overview:
    """Reads a store and reconciles what it holds. Pure: the same store gives the same overview."""
    found = {c.id: c for c in claims(store)}
    grouped = events(found.values())
    return Overview(
        claims=found,
        events=grouped,
        parts=parts(grouped),
        comparisons={e.key: tuple(comparisons(members(e, found))) for e in grouped},
        ledgers=tuple(ledger for e in grouped for ledger in ledgers(e.key, members(e, found))),
        faults=audit(found.values()),
        actors=candidates(shared_actors(store)),
        speeches=same_speeches(speeches(store)),
    )


def members(event: Event, found: Mapping[str, Claim]) -> list[Claim]:
    """The claims of an event."""
    return [found[ident] for ident, _ in event.members]


def comparisons(claims: Iterable[Claim]) -> Iterator[Comparison]:
    """How the figures of one event stand to each other, pair by pair."""
    counted = [c for c in claims if c.amount is not None]
    times = scopes(counted)
    for one, other in combinations(counted, 2):
        yield compare(one, other, times)
