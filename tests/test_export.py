"""Exports: every format says what the quads say, the same quads give the same bytes, nothing half-written."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import InputError, UsageError
from kg.export import FORMATS, export, sorting
from kg.export.nanopub import NP, content_hash
from kg.mapping import article_quads, shared_quads
from kg.mapping.views import as_graph
from kg.ontology import NAMESPACE, ONTOLOGY, OWL, PROV, RDF, nc, triples
from kg.store import canonical_lines
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
TYPE = NamedNode(RDF + "type")


@pytest.fixture(scope="module")
def quads(seeds: Path) -> list[Quad]:
    readings = [read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS]
    found = {q for r in readings for q in (*article_quads(r, RUN, BASE), *shared_quads(r, RUN, BASE))}
    return sorted(found, key=str)


def read(path: Path, format: RdfFormat) -> set[Quad]:
    return set(parse(path=str(path), format=format))


def triples_of(quads: list[Quad] | set[Quad]) -> set[Triple]:
    return {q.triple for q in quads}


@pytest.mark.parametrize(
    ("name", "format"),
    [("nq", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG), ("jsonld", RdfFormat.JSON_LD)],
)
def test_formats_with_graphs_round_trip(quads: list[Quad], tmp_path: Path, name: str, format: RdfFormat) -> None:
    export(quads, name, tmp_path / "out")
    assert read(tmp_path / "out", format) == set(quads)


@pytest.mark.parametrize(("name", "format"), [("ttl", RdfFormat.TURTLE), ("rdfxml", RdfFormat.RDF_XML)])
def test_formats_without_graphs_keep_all_triples(
    quads: list[Quad], tmp_path: Path, name: str, format: RdfFormat
) -> None:
    export(quads, name, tmp_path / "out")
    found = list(parse(path=str(tmp_path / "out"), format=format))
    assert len(found) == len(triples_of(quads))
    assert triples_of(found) == triples_of(quads)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_same_quads_same_bytes_in_any_order(quads: list[Quad], tmp_path: Path, name: str) -> None:
    export(quads, name, tmp_path / "one")
    shuffled = [*quads, *quads[:50]]
    random.Random(7).shuffle(shuffled)
    export(iter(shuffled), name, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]


def test_sorting_through_files_is_sorting_in_memory(quads: list[Quad], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(sorting.grouped(quads))
    monkeypatch.setattr(sorting, "_RUN", 97)
    shuffled = [*quads, *quads[:500]]
    random.Random(3).shuffle(shuffled)
    assert list(sorting.grouped(shuffled)) == whole
    assert set(whole) == set(quads)
    assert list(sorting.sorted_lines(shuffled)) == [f"{line}\n".encode() for line in canonical_lines(quads)]


def test_jsonld_is_framed(quads: list[Quad], tmp_path: Path) -> None:
    export(quads, "jsonld", tmp_path / "out")
    graphs = json.loads((tmp_path / "out").read_text("utf-8"))["@graph"]
    nodes = [n for g in graphs if "/graph/article/" in g["@id"] for n in g["@graph"]]
    report = next(n for n in nodes if n["@id"].endswith("#report-evacuated-3330-3340"))
    assert report["measure"] == "measure-evacuated"
    assert report["hasFigure"]["surfaceForm"] == "26 wounded"
    assert report["hasFigure"]["value"] == "26"
    assert report["label"]["en"].startswith("evacuated: 26 wounded")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib 7.6 warns of its own use of itself
def test_jsonld_reads_the_same_in_rdflib(quads: list[Quad], tmp_path: Path) -> None:
    one = [q for q in quads if q.graph_name == quads[0].graph_name]
    export(one, "jsonld", tmp_path / "out")
    assert '"@context":{' in (tmp_path / "out").read_text("utf-8")  # inline: nothing is fetched
    dataset = rdflib.Dataset()
    dataset.parse(tmp_path / "out", format="json-ld")
    assert {row[:3] for row in dataset.quads()} == set(as_graph(one))


def test_csv_has_names_hashtags_and_claims(quads: list[Quad], tmp_path: Path) -> None:
    export(quads, "csv", tmp_path / "out.csv")
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    names, tags, body = rows[0], rows[1], rows[2:]
    reports = {q.subject for q in quads if q.predicate == TYPE and q.object == nc("Report")}
    assert len(body) == len(reports) > 20
    assert all(tag.startswith("#") for tag in tags) and len(tags) == len(names)
    table = [dict(zip(names, row, strict=True)) for row in body]
    ministry = next(r for r in table if r["value"] == "6400")
    assert (ministry["source"], ministry["origin"], ministry["latitude"]) == (
        "Russian Defence Ministry",
        "Aleppo",
        "36.20124",
    )
    assert "6,400 people" in ministry["words"] and "nine convoys" in ministry["sentence"]


def test_nanopublications(quads: list[Quad], tmp_path: Path) -> None:
    export(quads, "nanopub", tmp_path / "out")
    found = read(tmp_path / "out", RdfFormat.TRIG)
    claims = {q.subject for q in quads if q.predicate == TYPE and q.object == nc("Statement")}
    whole = {q.subject for q in found if q.object == NamedNode(NP + "Nanopublication")}
    assert len(whole) == len(claims)
    hashes = {q.subject: q.object for q in found if q.predicate == nc("contentHash")}
    for nanopub in whole:
        assert isinstance(nanopub, NamedNode)
        parts = {name: NamedNode(f"{nanopub.value}#{name}") for name in ("Head", "assertion", "provenance", "pubinfo")}
        inside = {name: [q for q in found if q.graph_name == part] for name, part in parts.items()}
        assert all(inside.values())
        assert hashes[nanopub] == Literal(content_hash(inside["assertion"]))
        assert {q.predicate for q in inside["provenance"]} >= {NamedNode(PROV + "wasDerivedFrom"), nc("extractedBy")}
        made_by = [q.object for q in inside["pubinfo"] if q.predicate == NamedNode(PROV + "wasGeneratedBy")]
        assert len(made_by) == 1


@pytest.mark.parametrize(("name", "format"), [("ttl", RdfFormat.TURTLE), ("rdfxml", RdfFormat.RDF_XML)])
def test_protege_file(quads: list[Quad], tmp_path: Path, name: str, format: RdfFormat) -> None:
    export(quads, name, tmp_path / "out", protege=True)
    found = [q.triple for q in parse(path=str(tmp_path / "out"), format=format)]
    assert triples_of(quads) <= set(found)
    assert not any(t.predicate == NamedNode(OWL + "imports") for t in found)
    ours = [t for t in found if isinstance(t.subject, NamedNode) and t.subject.value.startswith(BASE + "id/")]
    assert ours and not any(isinstance(t.object, BlankNode) for t in ours)
    declared = {t.subject for t in found if t.object == NamedNode(OWL + "NamedIndividual")}
    assert {t.subject for t in ours} <= declared
    named = {t.subject for t in triples() if isinstance(t.subject, NamedNode)}
    assert named <= {t.subject for t in found}


def test_protege_file_takes_the_ontology_once(quads: list[Quad], tmp_path: Path) -> None:
    stored = [Quad(t.subject, t.predicate, t.object, NamedNode(ONTOLOGY)) for t in triples()]
    export(quads, "ttl", tmp_path / "plain", protege=True)
    export([*quads, *stored], "ttl", tmp_path / "with", protege=True)
    assert len(list(parse(path=str(tmp_path / "with"), format=RdfFormat.TURTLE))) == len(
        list(parse(path=str(tmp_path / "plain"), format=RdfFormat.TURTLE))
    )


def test_one_article(quads: list[Quad], tmp_path: Path) -> None:
    export(quads, "nq", tmp_path / "out", articles=[SEEDS[1]])
    found = read(tmp_path / "out", RdfFormat.N_QUADS)
    assert found < set(quads)
    subjects = {q.subject.value for q in found if isinstance(q.subject, NamedNode)}
    assert not any("3a0529bf3f2140c4" in s for s in subjects)
    assert {f"{BASE}id/actor/organization-russian-defence-ministry", f"{BASE}id/place/geonames-170063"} <= subjects
    assert f"{BASE}id/actor/person-jan-egeland" not in subjects
    assert {q.graph_name for q in found} >= {
        NamedNode(f"{BASE}graph/{name}") for name in ("entities", "links", "provenance")
    }
    mine = {q for q in quads if "b5a506fe0ea1657e" in str(q.subject)}
    assert mine <= found


def test_one_event(quads: list[Quad], tmp_path: Path) -> None:
    event = f"{BASE}id/event/3a0529bf3f2140c4/evacuation-geonames-170063"
    export(quads, "nq", tmp_path / "out", events=[event])
    subjects = {q.subject.value for q in read(tmp_path / "out", RdfFormat.N_QUADS) if isinstance(q.subject, NamedNode)}
    assert event in subjects
    assert any("3a0529bf3f2140c4#report" in s for s in subjects)
    assert not any("b5a506fe0ea1657e" in s for s in subjects)


def test_wrong_use_is_said_and_leaves_nothing(quads: list[Quad], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'ttl'"):
        export(quads, "ttll", tmp_path / "out")
    with pytest.raises(UsageError, match="Protege opens"):
        export(quads, "trig", tmp_path / "out", protege=True)
    with pytest.raises(UsageError, match="found no nosuch"):
        export(quads, "nq", tmp_path / "out", articles=["nosuch"])
    with pytest.raises(UsageError, match="found no claim about x:y"):
        export(quads, "nq", tmp_path / "out", events=["x:y"])
    with pytest.raises(InputError, match="cannot be written"):
        export(quads, "nq", tmp_path / "missing" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_keeps_the_old_file(quads: list[Quad], tmp_path: Path) -> None:
    def broken() -> object:
        yield from quads[:10]
        raise RuntimeError("the store went away")

    (tmp_path / "out").write_text("old")
    with pytest.raises(RuntimeError):
        export(broken(), "nq", tmp_path / "out")  # type: ignore[arg-type]
    assert (tmp_path / "out").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_names_are_short_in_turtle(quads: list[Quad], tmp_path: Path) -> None:
    export(quads, "ttl", tmp_path / "out")
    text = (tmp_path / "out").read_text("utf-8")
    assert f"@prefix nc: <{NAMESPACE}>" in text
    assert "nc:Figure" in text
