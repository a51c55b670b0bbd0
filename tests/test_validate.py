"""Shapes: gold conforms, every spoiling is caught, and the compiled shapes find what pySHACL finds."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.errors import LexiconError
from kg.mapping import article_quads, shared_quads, terms
from kg.mapping.frame import decimal, integer, tagged, text
from kg.ontology import NAMESPACE, XSD, concept, nc
from kg.types import ActorKind, Place, Reading, Report, Resolution, Role, Source, Span, Status, TimeScope
from kg.validate import check, validate
from kg.validate import shapes as shapes_module
from tests.gold_readings import BASE, RUN, read_gold

Quads = list[Quad]
Spoil = Callable[[Quads, random.Random], Quads]
DEV = Path("gold") / "dev"


def quads_of(reading: Reading) -> Quads:
    return [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]


@pytest.fixture(scope="module")
def seed_b(seeds: Path) -> Reading:
    name = "001_964cf9b5af587d05"
    return read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")


@pytest.fixture(scope="module")
def sound(seed_b: Reading) -> Quads:
    """A small graph that has one of everything."""
    kept = [r for r in seed_b.reports if r.figure and r.figure.value in {6400, 3000, 301}]
    whole = next(i for i, r in enumerate(kept) if r.figure and r.figure.value == 6400)
    aleppo = Place("Aleppo", None, "article", "geonames:170063", 36.20124, 37.16117, "SY", "city")
    when = TimeScope("24 hours", Span(401, 409), date(2016, 12, 15), date(2016, 12, 16))
    unnamed = Source("a rescue worker", ActorKind.UNNAMED_PERSON, None, Resolution.DESCRIPTION)
    reports = tuple(
        dataclasses.replace(r, statement=1, part_of=None if i == whole else whole, origin=aleppo, time=when)
        for i, r in enumerate(kept)
    )
    harm = Report("casualty", "killed", Status.POSSIBLE, reports[0].trigger, "test", 0.5, source=unnamed,
                  agent=Role("Russia", Span(1277, 1283)))  # fmt: skip
    statements = seed_b.statements[:4]
    nested = dataclasses.replace(statements[2], parent=1)
    reading = dataclasses.replace(
        seed_b, statements=(*statements[:2], nested, statements[3]), reports=(*reports, harm), actors=()
    )
    found = quads_of(reading)
    assert check(found).findings == ()
    return found


# --- spoilings ------------------------------------------------------------------------------------------------


def _of(quads: Quads, cls: str) -> list[NamedNode]:
    found = {q.subject for q in quads if q.predicate == terms.TYPE and q.object == nc(cls)}
    return sorted((s for s in found if isinstance(s, NamedNode)), key=str)


def _with(quads: Quads, predicate: NamedNode, cls: str | None = None) -> list[Quad]:
    inside = set(_of(quads, cls)) if cls else None
    return [q for q in quads if q.predicate == predicate and (inside is None or q.subject in inside)]


def _changed(quads: Quads, old: Quad, new: object) -> Quads:
    made = Quad(old.subject, old.predicate, new, old.graph_name)  # type: ignore[arg-type]
    return [made if q == old else q for q in quads]


def drop(predicate: NamedNode, cls: str | None = None) -> Spoil:
    """All values of one node's property are gone."""

    def spoil(quads: Quads, rng: random.Random) -> Quads:
        subject = rng.choice(_with(quads, predicate, cls)).subject
        return [q for q in quads if not (q.subject == subject and q.predicate == predicate)]

    return spoil


def change(predicate: NamedNode, new: object, cls: str | None = None) -> Spoil:
    """One value is replaced; `new` may be a function of the old one."""

    def spoil(quads: Quads, rng: random.Random) -> Quads:
        old = rng.choice(_with(quads, predicate, cls))
        return _changed(quads, old, new(old.object) if callable(new) else new)

    return spoil


def add(cls: str, predicate: NamedNode, value: object) -> Spoil:
    """A node of a class gets one value more."""

    def spoil(quads: Quads, rng: random.Random) -> Quads:
        subject = rng.choice(_of(quads, cls))
        graph = next(q.graph_name for q in quads if q.subject == subject)
        return [*quads, Quad(subject, predicate, value, graph)]  # type: ignore[arg-type]

    return spoil


def shifted(by: int) -> Callable[[Literal], Literal]:
    return lambda old: integer(int(old.value) + by)


def to_blank(quads: Quads, rng: random.Random) -> Quads:
    victim, blank = rng.choice(_of(quads, "Figure")), BlankNode("b0")
    return [
        Quad(
            blank if q.subject == victim else q.subject,
            q.predicate,
            blank if q.object == victim else q.object,
            q.graph_name,
        )
        for q in quads
    ]


def part_larger(quads: Quads, rng: random.Random) -> Quads:
    part = rng.choice(_with(quads, terms.PART_OF_FIGURE)).subject
    high = next(q for q in quads if q.subject == part and q.predicate == terms.HIGH)
    low = next(q for q in quads if q.subject == part and q.predicate == terms.LOW)
    return _changed(_changed(quads, high, integer(9_000)), low, integer(9_000))


def embedded_in_itself(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.EMBEDDED_IN))
    return [*quads, Quad(row.object, terms.EMBEDDED_IN, row.subject, row.graph_name)]  # type: ignore[arg-type]


def other_sentence(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.IN_SENTENCE))
    others = [s for s in _of(quads, "Sentence") if s != row.object]
    taken = [q for q in quads if not (q.subject == row.subject and q.predicate == terms.IN_SENTENCE)]
    far = [s for s in others if Quad(row.subject, terms.IN_SENTENCE, s, row.graph_name) not in quads]
    return [*taken, Quad(row.subject, terms.IN_SENTENCE, rng.choice(far), row.graph_name)]


def figure_elsewhere(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.SPAN_OF, "Figure"))
    headline = next(q.object for q in quads if q.predicate == terms.CONTENT_SPAN)
    return _changed(quads, row, headline)


def shared_figure(quads: Quads, rng: random.Random) -> Quads:
    one, two = rng.sample(_with(quads, terms.HAS_FIGURE), 2)
    return _changed(quads, one, two.object)


def untyped(quads: Quads, rng: random.Random) -> Quads:
    subject = rng.choice(_with(quads, terms.TYPE)).subject
    return [q for q in quads if not (q.subject == subject and q.predicate == terms.TYPE)]


def unlinked(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.IDENTIFIED_AS))
    return [q for q in quads if q != row]


def foreign_span(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.CONTENT_SPAN))
    placed = next(q for q in quads if q.subject == row.object and q.predicate == terms.IN_ARTICLE)
    return _changed(quads, placed, NamedNode(f"{BASE}id/article/0000000000000000"))


def later_than_latest(quads: Quads, rng: random.Random) -> Quads:
    row = rng.choice(_with(quads, terms.EARLIEST))
    return _changed(quads, row, Literal("2030-01-01T00:00:00", datatype=terms.DATETIME))


def gone(cls: str) -> Spoil:
    """All that is said of one node is gone, but others still point to it."""

    def spoil(quads: Quads, rng: random.Random) -> Quads:
        pointed = {q.object for q in quads}
        subject = rng.choice([s for s in _of(quads, cls) if s in pointed])
        return [q for q in quads if q.subject != subject]

    return spoil


SPOILINGS: dict[str, Spoil] = {
    "a label is missing": drop(terms.LABEL),
    "a label has no language": change(terms.LABEL, lambda old: text(old.value)),
    "a node has no type": untyped,
    "a node is blank": to_blank,
    "start is moved": change(terms.START, shifted(1)),
    "end is moved": change(terms.END, shifted(-1)),
    "start is words": change(terms.START, text("12")),
    "start is negative": change(terms.START, integer(-5)),
    "words are missing": drop(terms.EXACT),
    "words lost a letter": change(terms.EXACT, lambda old: text(old.value[:-1])),
    "a claim has no article": drop(terms.IN_ARTICLE, "Statement"),
    "a claim has two articles": add("Statement", terms.IN_ARTICLE, NamedNode(f"{BASE}id/article/0000000000000000")),
    "a claim has no run": drop(terms.EXTRACTED_BY, "Statement"),
    "a claim has two runs": add("Statement", terms.EXTRACTED_BY, NamedNode(f"{BASE}id/run/0")),
    "a claim has no sentence": drop(terms.IN_SENTENCE),
    "a claim stands in another sentence": other_sentence,
    "a claim's words are another article's": foreign_span,
    "a claim has two claimants": add("Statement", terms.CLAIMANT, NamedNode(f"{BASE}id/actor/state-russia")),
    "a place speaks": change(terms.CLAIMANT, NamedNode(f"{BASE}id/place/geonames-170063")),
    "source words without a source": drop(terms.CLAIMANT, "AttributedStatement"),
    "an actor is gone": gone("Actor"),
    "a span is gone": gone("Span"),
    "a figure is gone": gone("Figure"),
    "a run is gone": gone("Run"),
    "confidence is above one": change(terms.CONFIDENCE, decimal(1.5)),
    "confidence is below zero": change(terms.CONFIDENCE, decimal(-0.1)),
    "confidence is a double": change(terms.CONFIDENCE, Literal("0.5", datatype=NamedNode(XSD + "double"))),
    "confidence is missing": drop(terms.CONFIDENCE),
    "no rule": drop(terms.RULE),
    "no content": drop(terms.CONTENT_SPAN),
    "no quotation mode": drop(terms.QUOTATION_MODE),
    "unknown quotation mode": change(terms.QUOTATION_MODE, NamedNode(NAMESPACE + "mode-loud")),
    "two quotation modes": add("AttributedStatement", terms.QUOTATION_MODE, concept("mode", "direct")),
    "embedded in itself": embedded_in_itself,
    "no measure": drop(terms.MEASURE, "Report"),
    "measures differ": change(terms.MEASURE, concept("measure", "returned"), "Figure"),
    "counted kinds differ": change(terms.COUNTS, concept("counts", "women"), "Figure"),
    "no status": drop(terms.STATUS, "Report"),
    "unknown status": change(terms.STATUS, NamedNode(NAMESPACE + "status-maybe"), "Report"),
    "no trigger": drop(terms.TRIGGER_SPAN),
    "no event": drop(terms.ABOUT),
    "figure's words differ": change(terms.SURFACE, text("some other words"), "Figure"),
    "figure stands elsewhere": figure_elsewhere,
    "figure of two reports": shared_figure,
    "figure of no report": drop(terms.HAS_FIGURE),
    "bounds out of order": change(terms.LOW, integer(1_000_000)),
    "a part is larger than its whole": part_larger,
    "a value is negative": change(terms.VALUE, integer(-3)),
    "times out of order": later_than_latest,
    "an event has a figure": add("Event", terms.HAS_FIGURE, NamedNode(f"{BASE}id/x")),
    "an event has a number": add("Event", terms.VALUE, integer(5)),
    "an event has a status": add("Event", terms.STATUS, concept("status", "happened")),
    "an event is blamed": add("Event", terms.RESPONSIBLE, NamedNode(f"{BASE}id/actor/state-russia")),
    "an actor has no name": drop(terms.NAME, "Actor"),
    "an unnamed actor is identified": add(
        "UnnamedPerson", terms.IDENTIFIED_AS, NamedNode(f"{BASE}id/actor/state-russia")
    ),
    "latitude out of range": change(terms.LATITUDE, decimal(95)),
    "a link without method": drop(terms.LINK_METHOD),
    "a link without force": unlinked,
    "no identifier": drop(terms.IDENTIFIER),
    "two identifiers": add("Article", terms.IDENTIFIER, text("other")),
    "another text": change(terms.SHA256, text("f" * 64)),
    "a digest that is none": change(terms.SHA256, text("unknown")),
    "a date that is words": add("Article", terms.PUBLISHED_ON, tagged("Thursday", "en")),
    "no model digest": drop(terms.MODEL_DIGEST, "Run"),
    "graph from nowhere": drop(terms.DERIVED_FROM),
}


@pytest.mark.parametrize("name", SPOILINGS)
def test_every_spoiling_is_caught(sound: Quads, name: str) -> None:
    _assert_caught(sound, name, range(2))


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOILINGS)
def test_a_thousand_spoiled_graphs_are_caught(sound: Quads, name: str) -> None:
    assert len(SPOILINGS) * 16 >= 1000
    _assert_caught(sound, name, range(16))


def _assert_caught(sound: Quads, name: str, numbers: range) -> None:
    for number in numbers:
        spoiled = SPOILINGS[name](sound, random.Random(number))
        assert set(spoiled) != set(sound)
        assert not check(spoiled).conforms, (name, number)


@pytest.mark.parametrize("part", range(2))
def test_compiled_finds_what_pyshacl_finds(sound: Quads, part: int) -> None:
    """Many spoilings in one graph, so that the slow reference is asked twice only."""
    spoiled = sound
    for number, name in enumerate(sorted(SPOILINGS)[part::2]):
        if name not in {"a node is blank", "a run is gone"}:
            try:
                spoiled = SPOILINGS[name](spoiled, random.Random(number))
            except (IndexError, StopIteration, ValueError):
                continue  # an earlier spoiling took away what this one needs
    found = check(spoiled).findings
    assert len(found) > 12
    assert found == validate(spoiled).findings


def test_sound_graph_conforms_in_both(sound: Quads) -> None:
    assert check(sound).conforms
    assert validate(sound).conforms


def test_findings_say_where_and_what(sound: Quads) -> None:
    spoiled = [
        *sound,
        *(Quad(s, terms.VALUE, integer(5), q.graph_name) for q in sound[:1] for s in _of(sound, "Event")),
    ]
    (first, *_) = check(spoiled).findings
    assert "/id/event/" in first.focus
    assert first.path == terms.VALUE.value
    assert first.message == "figures belong to claims, never to events"


def test_gold_of_all_development_articles_conforms(shared: Path) -> None:
    files = sorted((shared / DEV).glob("*.json"))
    assert files
    for file in files:
        reading = read_gold(file, shared / "gold" / "text" / f"{file.stem}.txt")
        assert check(quads_of(reading)).findings == (), file.stem


def test_a_shape_that_cannot_be_compiled_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = shapes_module.shapes_file().read_text("utf-8") + "\nncs:Extra a sh:NodeShape ; sh:not ncs:Span .\n"
    (tmp_path / "shapes.ttl").write_text(more, "utf-8")
    monkeypatch.setattr(shapes_module, "shapes_file", lambda: tmp_path / "shapes.ttl")
    shapes_module.shapes_graph.cache_clear()
    shapes_module.shapes.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"shapes.ttl: expected a SHACL term that can be compiled.*shacl#not"):
            shapes_module.shapes()
    finally:
        shapes_module.shapes_graph.cache_clear()
        shapes_module.shapes.cache_clear()
