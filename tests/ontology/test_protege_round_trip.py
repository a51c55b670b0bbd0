"""A graph that went out as the Protege file and came back answers all queries as before (graph names aside)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from kg import queries
from kg.export import export
from kg.mapping import article_quads, shared_quads
from kg.ontology import ONTOLOGY, triples
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
OWN_FUNCTIONS = ("nc:distance", "nc:inBox", "nc:textMatch")  # of our server and command, not of any store
ASKED = [
    query
    for query in queries.load()
    if "GRAPH " not in query.text and not any(name in query.text for name in OWN_FUNCTIONS)
]


@pytest.fixture(scope="module")
def before(seeds: Path) -> Store:
    readings = [read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS]
    store = Store()
    for reading in readings:
        store.extend((*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)))
    store.extend(Quad(t.subject, t.predicate, t.object, NamedNode(ONTOLOGY)) for t in triples())
    return store


@pytest.fixture(scope="module")
def after(before: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("protege") / "graph.ttl"
    export(before, "ttl", file, protege=True)
    store = Store()
    store.load(path=str(file), format=RdfFormat.TURTLE)
    return store


def rows(store: Store, text: str) -> Counter[tuple[str, ...]]:
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [v.value for v in found.variables]
    return Counter(tuple(str(row[name]) for name in names) for row in found)


def test_most_queries_are_asked() -> None:
    assert len(ASKED) > 15


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_same_rows(before: Store, after: Store, query: queries.Query) -> None:
    assert rows(after, query.text) == rows(before, query.text)


def test_literals_come_back_as_they_were(before: Store, after: Store) -> None:
    words = {q.object for q in before if isinstance(q.object, Literal)}
    assert words <= {q.object for q in after}
