"""The two seed articles, from their hand-made gold: what conflicts, agrees, follows and is only foreseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from kg.mapping import article_quads, shared_quads
from kg.reconcile.actors import shared_actors
from kg.reconcile.compare import Comparison, Relation, compare, scopes
from kg.reconcile.events import events
from kg.reconcile.ledger import estimate, ledgers
from kg.reconcile.records import Claim, claims
from kg.reconcile.speech import same_speeches, speeches
from kg.store import Store
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")


@pytest.fixture(scope="module")
def store(seeds: Path) -> Store:
    filled = Store.memory()
    for name in SEEDS:
        reading = read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")
        filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return filled


@pytest.fixture(scope="module", params=[None, date(2016, 12, 16)], ids=["undated", "dated"])
def found(store: Store, request: pytest.FixtureRequest) -> tuple[Claim, ...]:
    """The claims, with the publication date unknown and known."""
    return tuple(replace(c, published=request.param) for c in claims(store))


def compared(found: tuple[Claim, ...]) -> list[tuple[Comparison, str, str]]:
    by_id = {c.id: c for c in found}
    out = []
    for event in events(found):
        members = [by_id[i] for i, _ in event.members if by_id[i].amount]
        times = scopes(members)
        for a, b in combinations(members, 2):
            pair = compare(a, b, times)
            first, second = (by_id[i].amount for i in (pair.first, pair.second))
            assert first is not None
            assert second is not None
            out.append((pair, first.words, second.words))
    return out


def words(found: tuple[Claim, ...], relation: Relation) -> set[tuple[str, str]]:
    return {(a, b) for pair, a, b in compared(found) if pair.relation is relation}


def test_the_only_conflict_is_between_russia_and_turkey(found: tuple[Claim, ...]) -> None:
    assert words(found, Relation.CONFLICT) == {("6,400 people", "8,000")}


def test_the_reporter_and_the_red_cross_corroborate(found: tuple[Claim, ...]) -> None:
    agreeing = {frozenset(p) for p in words(found, Relation.CORROBORATION)}
    assert frozenset({"nearly 1,000 people", "close to 1,000 civilians"}) in agreeing
    remaining = {"50,000 civilians and rebels", "about 50,000 people", "tens of thousands of lives"}
    assert {frozenset(p) for p in combinations(remaining, 2)} <= agreeing


def test_a_thousand_becomes_6400_and_8000(found: tuple[Claim, ...]) -> None:
    updates = words(found, Relation.UPDATE)
    assert {("nearly 1,000 people", "6,400 people"), ("nearly 1,000 people", "8,000")} <= updates


def test_what_could_be_is_a_projection(found: tuple[Claim, ...]) -> None:
    forecast = {a for a, _ in words(found, Relation.PROJECTION)}
    assert "100,000" in forecast
    assert not forecast & {"6,400 people", "8,000", "nearly 1,000 people"}


def test_rebels_and_wounded_are_parts(found: tuple[Claim, ...]) -> None:
    parts = words(found, Relation.PART_OF)
    assert {("3,000 rebels", "6,400 people"), ("301 wounded", "6,400 people")} <= parts


def test_the_ledger_takes_no_forecast_and_no_part(found: tuple[Claim, ...]) -> None:
    by_id = {c.id: c for c in found}
    for event in events(found):
        for ledger in ledgers(event.key, [by_id[i] for i, _ in event.members]):
            if (ledger.measure, ledger.counts) == ("evacuated", "people") and len(ledger.entries) > 3:
                assert estimate(ledger, "conservative").best == 6400
                assert estimate(ledger, "ucdp").high == 8000
                return
    pytest.fail("no ledger of people evacuated was found")


def test_assads_message_is_one_speech_in_two_wordings(store: Store) -> None:
    pairs = [s for s in same_speeches(speeches(store)) if s.wordings_differ]
    assert any("medium: video" in s.evidence and "histo" in s.evidence for s in pairs)


def test_actors_of_both_articles_are_shared(store: Store) -> None:
    both = {name for a in shared_actors(store) if len(a.articles) == 2 for name in a.names}
    assert {"John Kerry", "Red Cross"} <= both
