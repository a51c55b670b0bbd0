"""From words to events: a dozen made-up articles are read, and what is told of one event comes together."""

from __future__ import annotations

from itertools import combinations

import pytest

from kg.mapping import article_quads, shared_quads
from kg.nlp import claims
from kg.nlp.pipeline import load
from kg.readers import article
from kg.readers.sidecar import Meta
from kg.reconcile.compare import Comparison, Relation
from kg.reconcile.independence import tellings
from kg.reconcile.links import write
from kg.reconcile.overview import Overview, overview
from kg.settings import Settings
from kg.store import Store
from kg.validate import check
from tests.gold_readings import BASE, RUN
from tests.reconcile.texts import TEXTS


@pytest.fixture(scope="module")
def store() -> Store:
    nlp, filled = load(Settings().model), Store.memory()
    for text in TEXTS:
        reading = claims.read(nlp, article(text.body, id=text.name, meta=Meta(published=text.published)))
        filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return filled


@pytest.fixture(scope="module")
def found(store: Store) -> Overview:
    return overview(store)


@pytest.fixture(scope="module")
def names(store: Store) -> dict[str, str]:
    """Article IRI -> its name."""
    rows = store.query("SELECT ?a ?n { ?a <http://purl.org/dc/terms/identifier> ?n }")
    return {row["a"].value: row["n"].value for row in rows}  # type: ignore[index, union-attr]


def value(found: Overview, claim: str) -> int | None:
    amount = found.claims[claim].amount
    return amount.value if amount else None


def related(found: Overview, relation: Relation) -> list[Comparison]:
    return [c for pairs in found.comparisons.values() for c in pairs if c.relation is relation]


def test_claims_on_one_event_come_together_and_no_others(found: Overview, names: dict[str, str]) -> None:
    truth = {t.name: t.event for t in TEXTS}
    event = {c.id: (truth[names[c.article]], c.kind) for c in found.claims.values() if c.amount}
    said = {frozenset(p) for e in found.events for p in combinations([i for i, _ in e.members if i in event], 2)}
    true = {frozenset(p) for p in combinations(event, 2) if event[p[0]] == event[p[1]]}
    print(f"event pairs: precision {len(said & true) / len(said):.2f}, recall {len(said & true) / len(true):.2f}")
    assert said <= true
    assert len(said & true) >= 0.85 * len(true)


def test_rivals_are_the_only_conflicts(found: Overview) -> None:
    planted = {t.rivals for t in TEXTS if t.rivals}
    assert {
        frozenset({value(found, c.first), value(found, c.second)}) for c in related(found, Relation.CONFLICT)
    } == planted


def test_later_counts_are_updates_and_forecasts_are_projections(found: Overview) -> None:
    updates = {(value(found, c.first), value(found, c.second)) for c in related(found, Relation.UPDATE)}
    assert {(12, 19), (40, 52)} <= updates
    assert 20_000 in {value(found, c.first) for c in related(found, Relation.PROJECTION)}


def test_a_copied_sentence_is_one_telling(found: Overview) -> None:
    copies = [c for c in found.claims.values() if value(found, c.id) == 19]
    assert len(copies) == 2
    assert len(set(tellings(copies).values())) == 1


def test_spellings_of_one_name_are_a_candidate_and_not_merged(found: Overview) -> None:
    (pair,) = [c for c in found.actors if "gaddafi" in c.first + c.second]
    assert pair.method == "transliteration"
    assert pair.first != pair.second


def test_what_is_written_conforms_to_the_shapes(store: Store, found: Overview) -> None:
    copy = Store.memory()
    copy.extend(store)
    assert write(copy, found, BASE) > 10
    assert check(copy).findings == ()
