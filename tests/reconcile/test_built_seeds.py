"""The two seed articles as the program reads them: every pair of figures as a careful reader would class it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.reconcile.compare import Relation
from kg.reconcile.overview import Overview, overview
from kg.reconcile.told import told
from kg.store import Store


@pytest.fixture(scope="module")
def store(seeds_store: Path) -> Iterator[Store]:
    with Store.open(seeds_store) as found:
        yield found


@pytest.fixture(scope="module")
def found(store: Store) -> Overview:
    return overview(store)


def pairs(found: Overview, relation: Relation) -> set[tuple[str, str]]:
    def words(claim: str) -> str:
        amount = found.claims[claim].amount
        return amount.words if amount else found.claims[claim].trigger

    every = (c for group in found.comparisons.values() for c in group if c.relation is relation)
    return {(words(c.first), words(c.second)) for c in every}


def test_6400_and_8000_are_the_only_conflict(found: Overview) -> None:
    assert pairs(found, Relation.CONFLICT) == {("6,400 people", "8,000")}


def test_nearly_1000_and_close_to_1000_corroborate(found: Overview) -> None:
    agreeing = {frozenset(p) for p in pairs(found, Relation.CORROBORATION)}
    assert frozenset({"nearly 1,000 people", "close to 1,000 civilians"}) in agreeing


def test_1000_becomes_6400_and_8000(found: Overview) -> None:
    expected = {("nearly 1,000 people", "6,400 people"), ("nearly 1,000 people", "8,000")}
    assert expected <= pairs(found, Relation.UPDATE)


def test_100000_is_a_projection(found: Overview) -> None:
    assert {first for first, _ in pairs(found, Relation.PROJECTION)} >= {"100,000"}
    counted = {"6,400 people", "8,000", "nearly 1,000 people", "close to 1,000 civilians"}
    assert not {first for first, _ in pairs(found, Relation.PROJECTION)} & counted


def test_those_who_remain_corroborate(found: Overview) -> None:
    agreeing = {frozenset(p) for p in pairs(found, Relation.CORROBORATION)}
    many, about, tens = "50,000 civilians and rebels", "about 50,000 people", "tens of thousands of lives"
    assert {frozenset({many, about}), frozenset({many, tens}), frozenset({about, tens})} <= agreeing


def test_rebels_and_wounded_are_parts_of_6400(found: Overview) -> None:
    assert {("3,000 rebels", "6,400 people"), ("301 wounded", "6,400 people")} <= pairs(found, Relation.PART_OF)


def test_assads_message_is_one_speech_in_two_outlets(store: Store, found: Overview) -> None:
    words = {c.id: c.words for c in told(store)}
    (speech,) = found.speech_events
    assert {words[i] for i, _, _ in speech.members} == {
        "the taking of Aleppo was a historic moment",
        'the "liberation" of Aleppo was "history in the making"',
    }


def test_two_firings_on_evacuees_may_be_one_and_are_not_merged(found: Overview) -> None:
    (pair,) = found.same_acts
    first, second = found.claims[pair.first], found.claims[pair.second]
    assert {"fired on", "came under fire"} == {first.trigger, second.trigger}
    assert first.event != second.event
    assert not any({pair.first, pair.second} <= {i for i, _ in e.members} for e in found.events)


def test_the_convoy_is_a_part_of_the_evacuation(found: Overview) -> None:
    (run,) = found.sub_events
    assert run.label == "convoy"
    assert [found.claims[i].amount.words for i in run.members] == ["nearly 1,000 people"]  # type: ignore[union-attr]


def test_the_doubling_is_a_projection(found: Overview) -> None:
    assert "double" in {first for first, _ in pairs(found, Relation.PROJECTION)}
