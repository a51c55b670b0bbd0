"""The mapping: deterministic, without blank nodes, labelled, self-contained."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib import RDF as RDFLIB_RDF
from rdflib import URIRef

from kg.errors import LexiconError
from kg.linking import gazetteer
from kg.mapping import article_quads, as_dataset, iris, shared_quads, terms
from kg.ontology import NAMESPACE, concept, nc
from kg.store import canonical_lines
from kg.types import (
    ActorKind,
    Exactness,
    Figure,
    Place,
    QuotationMode,
    Reading,
    Rejected,
    Report,
    Resolution,
    Role,
    Source,
    Span,
    Statement,
    Status,
    TimeScope,
)
from tests.gold_readings import BASE, RUN, article_of, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")


@pytest.fixture(scope="module")
def readings(seeds: Path) -> tuple[Reading, ...]:
    return tuple(read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS)


def all_quads(reading: Reading) -> tuple[Quad, ...]:
    return (*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE))


def values(quads: tuple[Quad, ...], subject: str, predicate: NamedNode) -> set[str]:
    found = {q.object for q in quads if isinstance(q.subject, NamedNode) and q.subject.value.endswith(subject)
             and q.predicate == predicate}  # fmt: skip
    return {o.value for o in found if isinstance(o, NamedNode | Literal)}


TEXT = 'The mayor, Ana Ruiz, said "up to 20 people could be moved" by bus from Vila, she told Lusa on Friday.'
ARTICLE = iris.article(BASE, article_of(TEXT, "").sha256)


def report(**changes: object) -> Report:
    figure = Figure(Span(27, 42), TEXT[27:42], 20, None, 20, Exactness.UP_TO, "people")
    made = Report("evacuation", "evacuated", Status.POSSIBLE, Span(52, 57), "test", 0.75, figure=figure)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def reading(*reports: Report, statements: tuple[Statement, ...] = (), **changes: object) -> Reading:
    made = Reading(article_of(TEXT, "t1"), (Span(0, len(TEXT)),), statements, reports)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_same_reading_same_bytes(readings: tuple[Reading, ...]) -> None:
    for one in readings:
        assert canonical_lines(all_quads(one)) == canonical_lines(all_quads(one))
        lines = canonical_lines(all_quads(one))
        assert lines == sorted(lines)
        assert len(lines) == len(set(lines)) == len(set(all_quads(one)))


def test_no_blank_nodes_and_a_label_with_language_on_every_node(readings: tuple[Reading, ...]) -> None:
    for one in readings:
        quads = all_quads(one)
        assert not any(isinstance(term, BlankNode) for q in quads for term in (q.subject, q.object))
        labelled = {q.subject for q in quads if q.predicate == terms.LABEL}
        nodes = {q.subject for q in quads}
        nodes |= {q.object for q in quads if isinstance(q.object, NamedNode) and q.object.value.startswith(BASE)}
        data = {n for n in nodes if isinstance(n, NamedNode) and not n.value.startswith(NAMESPACE)}
        assert data - labelled == set()
        assert all(isinstance(q.object, Literal) and q.object.language for q in quads if q.predicate == terms.LABEL)


def test_article_graph_stands_alone(readings: tuple[Reading, ...]) -> None:
    for one in readings:
        quads = article_quads(one, RUN, BASE)
        assert {q.graph_name for q in quads} == {iris.article_graph(BASE, one.article.sha256)}
        subjects = {q.subject for q in quads}
        mine = {q.object for q in quads if isinstance(q.object, NamedNode)
                and q.object.value.startswith(iris.article(BASE, one.article.sha256))}  # fmt: skip
        assert mine <= subjects


def test_words_stand_at_their_offsets(readings: tuple[Reading, ...]) -> None:
    for one in readings:
        quads = article_quads(one, RUN, BASE)
        spans = {q.subject for q in quads if q.predicate == terms.TYPE and q.object == terms.SPAN}
        assert len(spans) > 30
        facts = {(q.subject, q.predicate): q.object.value for q in quads if isinstance(q.object, Literal)}
        for span in spans:
            start, end = int(facts[span, terms.START]), int(facts[span, terms.END])
            assert one.article.text[start:end] == facts[span, terms.EXACT]


def test_one_claim_more_renames_nothing(readings: tuple[Reading, ...]) -> None:
    for one in readings:
        fewer = dataclasses.replace(one, statements=one.statements[1:], reports=tuple(
            dataclasses.replace(r, statement=None, part_of=None) for r in one.reports[1:]))  # fmt: skip
        kept = {q.subject for q in article_quads(fewer, RUN, BASE)}
        assert kept <= {q.subject for q in article_quads(one, RUN, BASE)}


def test_a_claim_in_full() -> None:
    source = Source("Ana Ruiz", ActorKind.PERSON, Span(0, 19), Resolution.NAME, role="The mayor", affiliation="Vila")
    statement = Statement(
        Span(26, 58), QuotationMode.DIRECT, source, Span(21, 25), "test", 0.5, Status.POSSIBLE,
        conveyed_by=Source("Lusa", ActorKind.ORGANIZATION, Span(86, 90), Resolution.NAME),
        document=Source("Lusa", ActorKind.DOCUMENT, Span(86, 90), Resolution.NAME),
        addressee=Role("Lusa", Span(86, 90)), responsible=Role("Vila", Span(71, 75)),
        said_at=TimeScope("Friday", Span(94, 100), date(2016, 12, 16), date(2016, 12, 16), "2016-12-16"),
    )  # fmt: skip
    place = Place("Vila", Span(71, 75), None, "geonames:1", 1.25, -2.5, "PT", "city", "geonames:2")
    told = report(source=source, statement=0, origin=place, agent=Role("bus", Span(62, 65), inherited="sentence"),
                  vehicle=Role("bus", Span(62, 65)))  # fmt: skip
    nested = dataclasses.replace(statement, content=Span(27, 42), parent=0, cue=None)
    quads = all_quads(reading(told, statements=(statement, nested)))
    told_node, said = "#report-evacuated-27-42", "#statement-26-58"
    assert values(quads, said, nc("quotationMode")) == {concept("mode", "direct").value}
    assert values(quads, said, nc("status")) == {concept("status", "possible").value}
    assert {v.rpartition("#")[2] for v in values(quads, said, nc("claimant"))} == {"actor-person-ana-ruiz"}
    assert values(quads, "#actor-person-ana-ruiz", nc("role")) == {"The mayor"}
    assert values(quads, "#actor-person-ana-ruiz", nc("affiliationName")) == {"Vila"}
    assert {v.rpartition("#")[2] for v in values(quads, said, nc("sourceDocument"))} == {"actor-document-lusa"}
    assert values(quads, "#time-94-100", nc("earliest")) == {"2016-12-16T00:00:00"}
    assert values(quads, "#time-94-100", nc("latest")) == {"2016-12-16T23:59:59"}
    assert values(quads, "#statement-27-42", nc("embeddedIn")) == {
        iris.article(BASE, article_of(TEXT, "").sha256) + said
    }
    assert values(quads, told_node, nc("vehicle")) == {"bus"}
    assert values(quads, told_node, nc("agentEvidence")) == {"sentence"}
    assert values(quads, told_node, nc("attributesResponsibilityTo")) == set()
    assert values(quads, "#figure-evacuated-27-42", nc("high")) == {"20"}
    assert values(quads, "#figure-evacuated-27-42", nc("low")) == set()
    assert values(quads, "id/place/geonames-1", nc("longitude")) == {"-2.5"}
    assert values(quads, "#link-place-vila-geonames-1", nc("runnerUp")) == {"geonames:2"}
    assert values(quads, told_node, nc("about")) == {
        f"{BASE}id/event/{article_of(TEXT, '').sha256[:16]}/evacuation-geonames-1"
    }


def test_who_harms_is_held_responsible_by_the_report() -> None:
    harm = report(event="casualty", measure="killed", agent=Role("bus", Span(62, 65)))
    quads = all_quads(reading(harm))
    assert len(values(quads, "#report-killed-27-42", nc("attributesResponsibilityTo"))) == 1


def test_unnamed_actors_stay_in_their_article() -> None:
    def entities(name: str, kind: ActorKind) -> set[object]:
        source = Source(name, kind, None, Resolution.NAME)
        quads = shared_quads(reading(report(source=source)), RUN, BASE)
        return {q.subject for q in quads if q.graph_name == iris.graph(BASE, "entities")}

    assert entities("Ana Ruiz", ActorKind.PERSON)
    assert entities("Islamic State", ActorKind.ARMED_GROUP)
    assert not entities("A spokesman", ActorKind.UNNAMED_PERSON)
    assert not entities("Residents", ActorKind.UNNAMED_GROUP)
    assert not entities("rebels", ActorKind.ARMED_GROUP)
    assert not entities("The letter", ActorKind.DOCUMENT)


def test_a_state_and_its_land_are_two_nodes() -> None:
    source = Source("the U.S.", ActorKind.STATE, None, Resolution.NAME)
    quads = shared_quads(reading(report(source=source)), RUN, BASE)
    (land,) = values(quads, "id/actor/state-united-states", nc("territory"))
    country = next(c.entry for c in gazetteer.lookup("United States") if c.entry.feature == "country")
    assert land == f"{BASE}id/place/{iris.slug(country.id)}"
    assert NAMESPACE + "Location" in values(quads, land, terms.TYPE)


def test_uses_of_one_place_are_put_together() -> None:
    plain = Place("Vila", Span(71, 75), None, "geonames:1", 1.25, -2.5, "PT", "city")
    rival = dataclasses.replace(plain, span=None, inherited="article", runner_up="geonames:2")
    quads = all_quads(reading(report(origin=plain), report(trigger=Span(59, 65), origin=rival), places=(plain,)))
    assert values(quads, "#link-place-vila-geonames-1", nc("confidence")) == {"0.7"}
    assert values(quads, "#link-place-vila-geonames-1", nc("runnerUp")) == {"geonames:2"}


def test_claims_of_one_place_stay_apart() -> None:
    second = report(trigger=Span(59, 65))
    third = report(trigger=Span(71, 75))
    nodes = {q.subject for q in article_quads(reading(report(), second, third), RUN, BASE) if q.object == terms.REPORT}
    assert len(nodes) == 3


def test_an_unknown_counted_kind_is_data_of_its_own() -> None:
    figure = Figure(Span(27, 42), TEXT[27:42], 20, 20, 20, Exactness.EXACT, "beekeepers")
    quads = article_quads(reading(report(figure=figure)), RUN, BASE)
    assert values(quads, "#report-evacuated-27-42", nc("counts")) == {f"{BASE}id/counted/beekeepers"}
    assert values(quads, "id/counted/beekeepers", terms.NOTATION) == {"beekeepers"}


def test_rejected_candidates_are_listed() -> None:
    rejected = (Rejected("report", Span(27, 42), "stands in a caption", "test"),)
    quads = article_quads(reading(rejected=rejected), RUN, BASE)
    assert {q.object.value for q in quads if q.predicate == nc("reason") and isinstance(q.object, Literal)} == {
        "stands in a caption"
    }


def test_publication_date_only_when_given() -> None:
    plain = reading()
    dated = reading(article=dataclasses.replace(plain.article, published=date(2016, 12, 16)))
    assert not any(q.predicate == nc("publishedOn") for q in article_quads(plain, RUN, BASE))
    assert [q.object for q in article_quads(dated, RUN, BASE) if q.predicate == nc("publishedOn")] == [
        Literal("2016-12-16", datatype=terms.DATE)
    ]


def test_run_time_only_when_given() -> None:
    timed = dataclasses.replace(RUN, started="2026-11-22T07:00:00Z")
    assert not any(q.predicate == terms.STARTED for q in shared_quads(reading(), RUN, BASE))
    assert any(q.predicate == terms.STARTED for q in shared_quads(reading(), timed, BASE))
    assert iris.run(BASE, timed) != iris.run(BASE, RUN)


def test_faults_are_named() -> None:
    with pytest.raises(LexiconError, match="did you mean 'evacuation'"):
        shared_quads(reading(report(event="evacuatoin")), RUN, BASE)
    with pytest.raises(LexiconError, match="did you mean 'measure-evacuated'"):
        article_quads(reading(report(measure="evacuatd")), RUN, BASE)
    with pytest.raises(ValueError, match="has 101 code points"):
        article_quads(reading(report(trigger=Span(90, 200))), RUN, BASE)


def test_base_can_be_chosen() -> None:
    quads = article_quads(reading(report()), RUN, "http://localhost:8000/")
    assert not any("w3id.org/newsclaims/id" in str(q) or "w3id.org/newsclaims/graph" in str(q) for q in quads)


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib 7.6 warns of its own use of itself
def test_rdflib_view(readings: tuple[Reading, ...]) -> None:
    quads = all_quads(readings[0])
    dataset = as_dataset(quads)
    assert len(dataset) == len({(q.subject, q.predicate, q.object) for q in quads})
    statements = set(dataset.subjects(RDFLIB_RDF.type, URIRef(NAMESPACE + "AttributedStatement")))
    assert len(statements) == len(readings[0].statements)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bashar al-Assad", "bashar-al-assad"),
        ("  José  Ángel ", "jose-angel"),
        ("حلب", "حلب"),
        ("the U.S.", "the-u-s"),
        ("Großstadt", "grossstadt"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert iris.slug(text) == expected


def test_slugs_are_never_empty_nor_endless() -> None:
    assert iris.slug("!!!") and iris.slug("!!!") != iris.slug("???")
    long = iris.slug("word " * 100)
    assert len(long) < 75
    assert long != iris.slug("word " * 99)
    NamedNode(f"{BASE}id/actor/{iris.slug('a %<>{}|^` b')}")
