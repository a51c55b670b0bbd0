"""Event identity and conflicts on a made-up corpus with known truth; its cost by size: tests/bench."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from kg.reconcile.compare import Relation, compare, scopes
from kg.reconcile.events import Event, events
from tests.reconcile.corpus import Truth, corpus

EVENT_PRECISION, EVENT_RECALL, CONFLICT_PRECISION = 0.97, 0.85, 0.95


def pairs(groups: dict[str, list[str]] | dict[int, list[str]]) -> set[frozenset[str]]:
    return {frozenset(p) for members in groups.values() for p in combinations(members, 2)}


def grouped(found: tuple[Event, ...]) -> dict[str, list[str]]:
    return {e.key: [i for i, _ in e.members] for e in found}


def true_groups(truth: Truth) -> dict[int, list[str]]:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for ident, number in truth.event.items():
        groups[number].append(ident)
    return groups


@pytest.fixture(scope="module")
def truth() -> Truth:
    return corpus(2000, 300)


def test_event_pairs(truth: Truth) -> None:
    found, gold = pairs(grouped(events(truth.claims))), pairs(true_groups(truth))
    precision, recall = len(found & gold) / len(found), len(found & gold) / len(gold)
    print(f"event pairs: precision {precision:.3f}, recall {recall:.3f}, {len(gold)} in truth")
    assert precision >= EVENT_PRECISION
    assert recall >= EVENT_RECALL


def test_conflicts(truth: Truth) -> None:
    by_id = {c.id: c for c in truth.claims}
    said = set()
    for event in events(truth.claims):
        members = [by_id[i] for i, _ in event.members]
        times = scopes(members)
        for a, b in combinations(members, 2):
            if compare(a, b, times).relation is Relation.CONFLICT:
                said.add(frozenset({a.id, b.id}))
    right = {p for p in said if p in truth.conflicts or _rivals(truth, p)}
    print(f"conflicts: precision {len(right) / len(said):.3f}, planted found {len(said & truth.conflicts)}"
          f" of {len(truth.conflicts)}, {len(said)} said")  # fmt: skip
    assert len(right) / len(said) >= CONFLICT_PRECISION
    assert len(said & truth.conflicts) >= 0.9 * len(truth.conflicts)


def _rivals(truth: Truth, pair: frozenset[str]) -> bool:
    """True for two different numbers for one day of one event, in two articles: as much a conflict as a planted one."""
    one, other = (next(c for c in truth.claims if c.id == i) for i in pair)
    same = truth.event[one.id] == truth.event[other.id] and one.published == other.published
    return same and one.amount is not None and other.amount is not None and one.amount.value != other.amount.value


def test_the_order_of_claims_does_not_matter() -> None:
    small = corpus(200, 30, seed=3)
    assert events(small.claims) == events(tuple(reversed(small.claims)))


def test_every_claim_is_in_one_event(truth: Truth) -> None:
    members = [i for e in events(truth.claims) for i, _ in e.members]
    assert sorted(members) == sorted(c.id for c in truth.claims)
