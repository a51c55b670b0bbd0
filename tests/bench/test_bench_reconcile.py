"""What reconciliation costs by the number of articles: events, comparisons, ledgers; about linear.

`make bench`, or `pytest -m bench tests/bench/test_bench_reconcile.py -s`.
"""

from __future__ import annotations

import time

import pytest

from kg.reconcile.compare import Relation
from kg.reconcile.events import events
from kg.reconcile.ledger import ledgers
from kg.reconcile.overview import comparisons, members
from kg.reconcile.parts import same_acts, sub_events
from tests.reconcile.corpus import corpus

SIZES = (500, 1000, 2000, 4000)
WORSE = 4.0  # times the cost of an article at the largest size that it may have at the smallest, on a busy machine

pytestmark = pytest.mark.bench


def cost(size: int) -> tuple[int, float, str]:
    """Claims, seconds, and what was found, for a corpus of `size` articles on 3 events in 20."""
    claims = corpus(size, size * 3 // 20).claims
    start = time.process_time()
    by_id = {c.id: c for c in claims}
    found = events(claims)
    pairs = [c for e in found for c in comparisons(members(e, by_id))]
    held = [ledger for e in found for ledger in ledgers(e.key, members(e, by_id))]
    runs, acts = sub_events(found, by_id), same_acts(claims)
    seconds = time.process_time() - start
    conflicts = sum(c.relation is Relation.CONFLICT for c in pairs)
    told = f"{len(found)} events, {len(pairs)} pairs, {conflicts} conflicts, {len(held)} ledgers"
    return len(claims), seconds, f"{told}, {len(runs) + len(acts)} runs and acts"


def test_cost_by_size() -> None:
    each = []
    for size in SIZES:
        claims, seconds, found = cost(size)
        each.append(seconds / size)
        told = f"{seconds:.2f} s of CPU, {1000 * seconds / size:.2f} ms an article"
        print(f"{size} articles: {claims} claims, {found}: {told}")
    assert each[-1] <= WORSE * each[0]
