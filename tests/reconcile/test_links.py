"""Shared events in the links graph: sound by the shapes, repeatable, undone without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.mapping import article_quads, shared_quads
from kg.reconcile.links import forget, link_quads, write
from kg.reconcile.overview import overview
from kg.store import Store
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")


@pytest.fixture
def store(seeds: Path) -> Store:
    filled = Store.memory()
    for name in SEEDS:
        reading = read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")
        filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return filled


def test_both_articles_meet_in_the_evacuation_of_aleppo(store: Store) -> None:
    assert write(store, overview(store), BASE) > 10
    rows = list(
        store.query(  # type: ignore[arg-type]
            """PREFIX nc: <https://w3id.org/newsclaims/ontology#>
            SELECT ?event (COUNT(DISTINCT ?article) AS ?articles) (SAMPLE(?how) AS ?method) WHERE {
              ?claim nc:about ?event ; nc:inArticle ?article . ?link nc:linkFrom ?claim ; nc:linkTo ?event ;
                nc:linkMethod ?how
              FILTER (CONTAINS(STR(?event), "/event/shared/evacuation-")) } GROUP BY ?event"""
        )
    )
    assert [int(r["articles"].value) for r in rows] == [2]


def test_the_graph_still_conforms(store: Store) -> None:
    write(store, overview(store), BASE)
    assert check(store).conforms


def test_writing_twice_changes_nothing_and_forgetting_leaves_nothing(store: Store) -> None:
    before = store.canonical()
    found = overview(store)
    write(store, found, BASE)
    once = store.canonical()
    write(store, overview(store), BASE)
    assert store.canonical() == once
    assert link_quads(overview(store), BASE) == link_quads(found, BASE)
    forget(store, BASE)
    assert store.canonical() == before
