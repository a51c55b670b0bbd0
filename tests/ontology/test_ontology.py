"""The ontology's files: every term documented, nothing undeclared, derived files up to date, faults named."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SKOS

from kg import ontology, ontology_page
from kg.errors import LexiconError
from kg.export.jsonld import context

NC = ontology.NAMESPACE
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)


@pytest.fixture(scope="module")
def folder() -> Path:
    return ontology.ontology_file().parent


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return ontology_page.load()


def our_terms(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    return {s for kind in KINDS for s in graph.subjects(RDF.type, kind) if str(s).startswith(NC)}


def test_every_term_says_what_it_means(graph: rdflib.Graph) -> None:
    terms = our_terms(graph)
    assert len(terms) > 150
    for term in terms:
        labels, definitions = list(graph.objects(term, RDFS.label)), list(graph.objects(term, SKOS.definition))
        assert len(labels) == len(definitions) == 1, term
        assert labels[0].language == definitions[0].language == "en", term
        assert (term, RDFS.isDefinedBy, rdflib.URIRef(ontology.ONTOLOGY)) in graph, term
        if (term, RDF.type, SKOS.ConceptScheme) not in graph:
            assert graph.value(term, SKOS.example), term


def test_nothing_is_used_that_is_not_declared(graph: rdflib.Graph) -> None:
    used = {n for row in graph for n in row if isinstance(n, rdflib.URIRef) and str(n).startswith(NC)}
    assert used <= our_terms(graph)


def test_properties_have_ranges(graph: rdflib.Graph) -> None:
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in graph.subjects(RDF.type, kind):
            free = {NC + name for name in ("identifiedAs", "linkFrom", "linkTo")}
            inverse = graph.value(term, OWL.inverseOf)
            if str(term).startswith(NC) and str(term) not in free and not inverse:
                assert graph.value(term, RDFS.range), term


def test_header(graph: rdflib.Graph) -> None:
    header = ontology_page.header(graph)
    assert header["iri"] == ontology.ONTOLOGY
    assert header["versionIRI"] == f"{ontology.ONTOLOGY}/{header['versionInfo']}"
    assert header.keys() >= {"title", "description", "license", "preferredNamespacePrefix", "preferredNamespaceUri"}


@pytest.mark.parametrize("name", ["newsclaims.ttl", "alignments.ttl"])
def test_nothing_is_imported(folder: Path, name: str) -> None:
    graph = rdflib.Graph().parse(folder / name)
    assert not list(graph.triples((None, OWL.imports, None)))
    assert not list(graph.triples((None, OWL.sameAs, None)))
    outer = [o for o in graph.objects(None, OWL.equivalentClass) if isinstance(o, rdflib.URIRef)]
    assert outer == []


def test_alignments_go_one_way_from_our_terms(folder: Path, graph: rdflib.Graph) -> None:
    aligned = rdflib.Graph().parse(folder / "alignments.ttl")
    ours = our_terms(graph)
    rows = [*aligned.subject_objects(RDFS.subClassOf), *aligned.subject_objects(RDFS.subPropertyOf)]
    assert len(rows) > 60
    for below, above in rows:
        assert below in ours, below
        assert not str(above).startswith(NC), above
    namespaces = {re.split(r"[#/](?=[^#/]*$)", str(above))[0] for _, above in rows}
    assert namespaces >= {
        "http://www.w3.org/ns/prov",
        "http://semanticweb.cs.vu.nl/2009/11/sem",
        "https://schema.org",
        "http://www.w3.org/ns/oa",
        "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core",
        "http://www.opengis.net/ont/geosparql",
        "http://www.geonames.org/ontology",
    }


def test_hxl_tags_are_those_of_the_table(folder: Path, root: Path) -> None:
    aligned = rdflib.Graph().parse(folder / "alignments.ttl")
    tags = {str(o) for o in aligned.objects(None, rdflib.URIRef(NC + "hxlTag"))}
    assert len(tags) > 10
    table = (root / "queries" / "export" / "hxl.rq").read_text("utf-8")
    assert tags <= set(re.findall(r"#[a-z]+(?:\+[a-z]+)*", table))


def test_catalog_lists_each_file_under_iri_and_version(folder: Path) -> None:
    space = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
    entries = {e.get("name"): e.get("uri") for e in ET.parse(folder / "catalog-v001.xml").iter(f"{space}uri")}
    for name in ("newsclaims.ttl", "alignments.ttl"):
        graph = rdflib.Graph().parse(folder / name)
        iri = graph.value(None, RDF.type, OWL.Ontology)
        assert entries[str(iri)] == entries[str(graph.value(iri, OWL.versionIRI))] == name


def test_context_covers_every_term(graph: rdflib.Graph) -> None:
    known = context()
    for term in our_terms(graph):
        name = str(term)[len(NC) :]
        mapped = known[name]["@id"] if isinstance(known[name], dict) else known[name]
        assert mapped == f"nc:{name}"


def test_derived_files_are_up_to_date(folder: Path, graph: rdflib.Graph) -> None:
    command = "run `python -m kg.ontology_page`"
    page = folder / "page"
    assert (folder / "README.md").read_text("utf-8") == ontology_page.page(graph, page / "page.md"), command
    assert (folder / "index.html").read_text("utf-8") == ontology_page.page(graph, page / "page.html"), command
    written = json.loads((folder / "context.jsonld").read_text("utf-8"))["@context"]
    assert written == ontology_page.context(graph), command


def test_pages_show_every_term(folder: Path, graph: rdflib.Graph) -> None:
    markdown = (folder / "README.md").read_text("utf-8")
    html = (folder / "index.html").read_text("utf-8")
    for term in our_terms(graph):
        if (term, RDF.type, SKOS.ConceptScheme) not in graph:
            name = str(term)[len(NC) :]
            assert f'<a id="{name}"></a>' in markdown
            assert f'<tr id="{name}">' in html


# --- kg/ontology.py -------------------------------------------------------------------------------------------


def test_a_mistyped_term_names_the_nearest() -> None:
    with pytest.raises(LexiconError, match=r"found 'contentSpam' - did you mean 'contentSpan'\?"):
        ontology.nc("contentSpam")
    with pytest.raises(LexiconError, match="did you mean 'status-happened'"):
        ontology.concept("status", "hapened")


def test_value_lists_are_those_of_the_types() -> None:
    from kg.types import Exactness, QuotationMode, Resolution, Status

    assert ontology.codes("status") == {s.value for s in Status}
    assert ontology.codes("mode") == {m.value for m in QuotationMode}
    assert ontology.codes("exactness") == {e.value for e in Exactness}
    assert ontology.codes("resolution") == {r.value for r in Resolution}


def test_event_lexicons_name_classes_and_measures_of_the_ontology() -> None:
    from kg.lexicon import events

    for lexicon in events():
        assert ontology.event_class(lexicon.event) == NamedNode(NC + lexicon.cls)
        assert set(lexicon.measures) <= ontology.codes("measure")


def test_event_classes() -> None:
    assert ontology.event_class("evacuation") == ontology.nc("Evacuation")
    assert ontology.blames_agent("casualty")
    assert not ontology.blames_agent("evacuation")
    assert ontology.snake("AirStrike") == "air_strike"
    assert ontology.ancestors(ontology.nc("UnnamedPerson")) == (ontology.nc("Person"), ontology.nc("Actor"))


def test_a_broken_ontology_file_is_named_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix nc: <urn:x> .\nnc:A a nc:B ;;\n  nc:c [ .\n", "utf-8")
    with pytest.raises(LexiconError, match=r"broken\.ttl:3: expected Turtle"):
        ontology.load(broken)
    with pytest.raises(LexiconError, match=r"missing\.ttl: expected a Turtle file"):
        ontology.load(tmp_path / "missing.ttl")
