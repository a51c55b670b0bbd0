"""Reasoning: the rules infer what HermiT infers, faults are found, missing tools are named."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store, Triple

from kg import reason
from kg.errors import NewsclaimsError, UsageError
from kg.mapping import article_quads, iris, shared_quads, terms
from kg.ontology import NAMESPACE, load, nc, ontology_file
from kg.types import Reading, Role, Span, Status
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
TYPE = terms.TYPE

needs_hermit = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java, which is not here")


@pytest.fixture(autouse=True)
def quick_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small graphs: compiling for speed and parallel garbage collection cost more than they save."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")


def quads_of(*readings: Reading) -> set[Quad]:
    return {q for r in readings for q in (*article_quads(r, RUN, BASE), *shared_quads(r, RUN, BASE))}


@pytest.fixture(scope="module")
def readings(seeds: Path) -> tuple[Reading, ...]:
    return tuple(read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS)


@pytest.fixture(scope="module")
def seed_quads(readings: tuple[Reading, ...]) -> set[Quad]:
    """The seeds, with a nested statement, blame and a hedged statement, so that every rule has work."""
    first, second = readings
    said = list(second.statements)
    said[3] = dataclasses.replace(said[3], parent=1, status=Status.POSSIBLE)
    said[4] = dataclasses.replace(said[4], responsible=Role("Russia", Span(1277, 1283)))
    return quads_of(first, dataclasses.replace(second, statements=tuple(said)))


def relations(rows: set[Triple]) -> set[tuple[str, ...]]:
    return {
        (t.subject.value, t.predicate.value, t.object.value)
        for t in rows
        if t.predicate.value.startswith(NAMESPACE)
        and isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode)
    }


def types(rows: set[Triple]) -> set[tuple[str, ...]]:
    return {
        (t.subject.value, t.object.value)
        for t in rows
        if t.predicate == TYPE
        and isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode)
        and t.object.value.startswith(NAMESPACE)
    }


@needs_hermit
def test_rules_infer_what_hermit_infers(seed_quads: set[Quad]) -> None:
    verdict = reason.hermit(seed_quads)
    assert verdict.consistent and not verdict.unsatisfiable
    ours = {q.triple for q in reason.inferred(seed_quads, BASE)} | set(reason.reasoned(seed_quads))
    assert types(ours) == verdict.types
    assert relations(ours) == verdict.relations


def test_every_rule_has_work_on_the_seeds(seed_quads: set[Quad]) -> None:
    found = {q.triple for q in reason.inferred(seed_quads, BASE)}
    kinds = {name.rpartition("#")[2] for _, name in types(found)}
    assert kinds >= {
        "DirectQuotation", "HedgedStatement", "NestedStatement", "QuantifiedStatement", "EvacuationReport",
        "CasualtyReport",
    }  # fmt: skip
    properties = {name.rpartition("#")[2] for _, name, _ in relations(found)}
    assert properties == {"claimedBy", "blames", "about", "concernsPlace", "expresses", "embeds"}
    assert {q.graph_name for q in reason.inferred(seed_quads, BASE)} == {NamedNode(f"{BASE}graph/inferred")}


def test_nothing_stated_is_inferred_again(seed_quads: set[Quad]) -> None:
    first = reason.inferred(seed_quads, BASE)
    assert not {q.triple for q in first} & {q.triple for q in seed_quads}
    assert reason.inferred({*seed_quads, *first}, BASE) == ()
    assert first == reason.inferred(sorted(seed_quads, key=str), BASE)


@needs_hermit
def test_the_ontology_is_consistent_and_every_class_can_have_members() -> None:
    folder = ontology_file().parent
    verdict = reason.hermit(more=load(folder / "alignments.ttl"))
    assert verdict.consistent
    assert verdict.unsatisfiable == ()


@needs_hermit
def test_a_contradiction_is_found() -> None:
    place, claim = NamedNode(f"{BASE}id/place/x"), NamedNode(f"{BASE}id/article/x#statement-0-1")
    graph = NamedNode(f"{BASE}graph/article/x")
    quads = [
        Quad(claim, TYPE, nc("Statement"), graph),
        Quad(claim, nc("claimant"), place, graph),
        Quad(place, TYPE, nc("Location"), graph),
    ]
    assert not reason.hermit(quads).consistent
    assert reason.hermit(quads[:2]).consistent


@needs_hermit
def test_an_impossible_class_is_named() -> None:
    both = [Triple(nc("Evacuation"), NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"), nc("Casualty"))]
    # An evacuation report is about an evacuation, so it is impossible too.
    assert reason.hermit(more=both).unsatisfiable == (NAMESPACE + "Evacuation", NAMESPACE + "EvacuationReport")


def test_missing_java_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("owlready2")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match=r"needs Java 8 or newer.*install a Java runtime"):
        reason.hermit()


def test_missing_owlready_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "owlready2", None)
    with pytest.raises(UsageError, match=r"needs owlready2.*newsclaims\[reason\]"):
        reason.hermit()


@pytest.mark.slow
@needs_hermit
def test_much_data_is_reasoned_about_article_by_article(
    readings: tuple[Reading, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = [dataclasses.replace(r, statements=r.statements[:2], reports=(), actors=()) for r in readings]
    quads = quads_of(*small)
    whole = reason.hermit(quads)
    monkeypatch.setattr(reason, "_AT_ONCE", 10)
    assert reason.hermit(quads) == whole
    assert whole.consistent and whole.types


@needs_hermit
def test_a_breakdown_is_one_line() -> None:
    bad = [
        Triple(NamedNode(f"{BASE}x"), nc("rule"), __import__("pyoxigraph").Literal("x", datatype=NamedNode("urn:t")))
    ]
    with pytest.raises(NewsclaimsError, match="HermiT broke down") as caught:
        reason.hermit(more=bad)
    assert "\n" not in str(caught.value)


def test_withdrawing_an_article_leaves_the_store_as_if_it_had_never_been(readings: tuple[Reading, ...]) -> None:
    kept, gone = quads_of(readings[0]), quads_of(readings[1])
    both = kept | gone
    store = Store()
    store.extend([*both, *reason.inferred(both, BASE)])
    update = (ontology_file().parent / "rules" / "withdraw-article.ru").read_text("utf-8")
    store.update(update.replace("$ARTICLE", f"<{iris.article(BASE, readings[1].article.sha256)}>"))
    assert set(store) == {*kept, *reason.inferred(kept, BASE)}
    store.update(update.replace("$ARTICLE", f"<{iris.article(BASE, readings[0].article.sha256)}>"))
    assert set(store) == set()
