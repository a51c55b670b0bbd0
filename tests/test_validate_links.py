"""Shapes of comparisons, speeches, estimates, overrides, reviews: spoilings are caught, and pySHACL finds the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.mapping import article_quads, iris, shared_quads, terms
from kg.ontology import concept, nc
from kg.reconcile import overrides, review
from kg.reconcile.links import link_quads
from kg.reconcile.overview import overview
from kg.store import Store
from kg.validate import check, validate
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
Quads = list[Quad]


@pytest.fixture(scope="module")
def sound(seeds: Path) -> Quads:
    store = Store.memory()
    for name in SEEDS:
        reading = read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")
        store.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    found = overview(store)
    first, second = (i for i, _, _ in found.speech_events[0].members)
    claim = f"{BASE}id/article/b5a506fe0ea1657e#report-evacuated-615-620"
    made = review.made(claim, "amended", "J", base=BASE, at="2026-11-22T10:00:00Z", changes=[("value", "9")])
    reviewed = [Quad(t.subject, t.predicate, t.object, iris.graph(BASE, "review")) for t in review.triples(made)]
    decided = overrides.Decision(first, second, True, "J", "2026-11-22T10:00:00Z")
    quads = [*store, *link_quads(found, BASE), *overrides.override_quads([decided], BASE), *reviewed]
    assert check(quads).findings == ()
    return quads


# class, property, value in its place (None: none)
SPOILINGS = [
    ("FigureLink", nc("relation"), None),
    ("FigureLink", nc("relation"), concept("relation", "possibly_same")),
    ("FigureLink", nc("reason"), None),
    ("FigureLink", nc("independent"), Literal("yes")),
    ("FigureLink", terms.LINK_TO, NamedNode(f"{BASE}nowhere")),
    ("FigureLink", nc("evidence"), Literal(3)),
    ("SubEventLink", terms.LINK_FROM, NamedNode(f"{BASE}nowhere")),
    ("SpeechLink", terms.LINK_TO, NamedNode(f"{BASE}nowhere")),
    ("Override", nc("decidedBy"), None),
    ("Override", nc("relation"), concept("relation", "conflict")),
    ("Override", nc("decidedAt"), Literal("today")),
    ("Review", nc("verdict"), None),
    ("Review", nc("verdict"), concept("relation", "same")),
    ("Review", nc("decidedBy"), None),
    ("Amendment", nc("amendmentOf"), NamedNode(f"{BASE}nowhere")),
    ("Amendment", nc("amendedField"), None),
    ("Estimate", nc("best"), Literal(-1)),
    ("Estimate", nc("best"), Literal(10**9)),
    ("Estimate", nc("policy"), None),
    ("Estimate", nc("basis"), None),
]


def spoiled(quads: Quads, cls: str, predicate: NamedNode, value: NamedNode | Literal | None) -> Quads:
    """The graph with one node of the class spoiled."""
    node = min(q.subject.value for q in quads if q.predicate == terms.TYPE and q.object == nc(cls))  # type: ignore[union-attr]
    old = [q for q in quads if q.subject == NamedNode(node) and q.predicate == predicate]
    assert old
    new = [] if value is None else [Quad(old[0].subject, predicate, value, old[0].graph_name)]
    return [q for q in quads if q not in old] + new


@pytest.mark.parametrize(("cls", "predicate", "value"), SPOILINGS)
def test_spoilings_are_caught(sound: Quads, cls: str, predicate: NamedNode, value: NamedNode | Literal | None) -> None:
    assert not check(spoiled(sound, cls, predicate, value)).conforms


def test_the_reference_finds_the_same(sound: Quads) -> None:
    """A sixth of the links, torn from what they lead to: most shapes are broken at once, for pySHACL is slow."""
    keep = ("FigureLink", "SubEventLink", "SpeechLink", "CandidateLink", "Override", "Review", "Amendment", "Estimate")
    kinds = {nc(name) for name in keep}
    nodes = {q.subject for q in sound if q.predicate == terms.TYPE and q.object in kinds}
    few = [q for q in sound if q.subject in set(sorted(nodes, key=str)[::6])]
    assert len(few) > 100
    ours, theirs = check(few).findings, validate(few).findings
    assert ours == theirs
    assert ours
