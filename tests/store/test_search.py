"""Full text and distances inside SPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.store import Store
from kg.store.geo import distance_km, in_box
from kg.store.text import rewritten

NC = "https://w3id.org/newsclaims/ontology#"
P = f"PREFIX nc: <{NC}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
DATA = f"""
@prefix nc: <{NC}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:s1> a nc:Sentence ; nc:exact "Boats rescued 40 people off Évian." .
<urn:s2> a nc:Sentence ; nc:exact "The army evacuated a village; people were used as human shields." .
<urn:claim> a nc:Statement ; nc:contentSpan <urn:span> . <urn:span> nc:exact "they would be evacuating by boat" .
<urn:aleppo> rdfs:label "Aleppo"@en ; nc:latitude 36.2021 ; nc:longitude 37.1343 .
<urn:idlib> rdfs:label "Idlib"@en ; nc:latitude 35.9306 ; nc:longitude 36.6339 .
<urn:suva> rdfs:label "Suva"@en ; nc:latitude -18.1416 ; nc:longitude 178.4419 .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("text") / "store"
    with Store.create_or_open(folder) as written:
        written.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:g"))
            for quad in ox.parse(DATA.encode(), format=ox.RdfFormat.TURTLE)
        )
    with Store.open(folder) as read:
        yield read


def names(store: Store, query: str, variable: str = "x") -> set[str]:
    found = store.query(P + query)
    assert isinstance(found, ox.QuerySolutions)
    return {str(row[variable].value) for row in found}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("boat", {"urn:s1", "urn:span", "urn:claim"}),  # English endings do not matter
        ("boat people", {"urn:s1"}),
        ("evian", {"urn:s1"}),  # nor do accents
        ("boat OR shields", {"urn:s1", "urn:s2", "urn:span", "urn:claim"}),
        ("people NOT boat", {"urn:s2"}),
        (r"\"human shields\"", {"urn:s2"}),
        (r"\"shields human\"", set()),
        ("evacu*", {"urn:s2", "urn:span", "urn:claim"}),
        ("aleppo", {"urn:aleppo"}),
        ("village; people (were)", {"urn:s2"}),  # signs are no fault
        ("nothing", set()),
    ],
)
def test_nodes_are_found_by_their_words(store: Store, words: str, expected: set[str]) -> None:
    assert names(store, f'SELECT ?x {{ ?x nc:textMatch "{words}" }}') == expected


@pytest.mark.parametrize(
    "pattern",
    [
        '?x nc:textMatch "boat" . ?x a nc:Sentence .',
        '?x a nc:Sentence . ?x nc:textMatch "boat" .',
        '?x a nc:Sentence ; nc:textMatch "boat" .',
        '?x nc:textMatch "boat" ; a nc:Sentence .',
        '?x nc:textMatch "boat" ; a nc:Sentence ; nc:exact ?words',
        '?x nc:textMatch "boat" ; . ?x a nc:Sentence',
        "?x a nc:Sentence ; nc:textMatch '''boat''' ; nc:exact ?words .",
        'FILTER(isIRI(?x)) ?x nc:textMatch "boat" . ?x a nc:Sentence',
        'FILTER(isIRI(?x)) ?x a nc:Sentence ; nc:textMatch "boat"',
        'OPTIONAL { ?x nc:exact ?l } ?x a nc:Sentence ; nc:textMatch "boat"',
        'GRAPH ?g { ?x a nc:Sentence ; nc:textMatch "boat" }',
        '{ ?x nc:textMatch "boat" } ?x a nc:Sentence',
        f'?x <{NC}textMatch> "boat" ; a nc:Sentence',
        '?x nc:textMatch "people" . ?x nc:textMatch "boat"',
        'VALUES ?w { "boat" } ?x nc:textMatch ?w ; a nc:Sentence',
    ],
)
def test_the_pattern_may_stand_anywhere(store: Store, pattern: str) -> None:
    assert names(store, f"SELECT ?x {{ {pattern} }}") == {"urn:s1"}


@pytest.mark.parametrize(
    "query", ["?x nc:textMatch ?y", "<urn:s1> nc:textMatch 'boat'", "?x nc:textMatch 'a', 'b'", "?x nc:textMatch '' "]
)
def test_what_cannot_be_meant_is_told(store: Store, query: str) -> None:
    with pytest.raises(QueryError, match="expected"):
        store.query(P + f"SELECT * {{ {query} }}")


def test_the_name_in_a_string_or_comment_is_no_pattern() -> None:
    query = P + "SELECT * { ?x ?y 'nc:textMatch \"a\"' } # nc:textMatch 'b'"
    assert rewritten(query, lambda _: []) == query


def test_writers_and_stores_in_memory_are_searched_as_they_are(tmp_path: Path) -> None:
    memory = Store.memory()
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for number in range(2):
        memory.extend([ox.Quad(ox.NamedNode(f"urn:{number}"), label, ox.Literal("boat"))])
        assert len(names(memory, "SELECT ?x { ?x nc:textMatch 'boats' }")) == number + 1
    with Store.create_or_open(tmp_path / "s") as writer:
        writer.extend(memory)
        assert len(names(writer, "SELECT ?x { ?x nc:textMatch 'boats' }")) == 2


def test_the_index_goes_with_its_generation(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for number in range(5):
        with Store.create_or_open(folder) as store:
            store.extend([ox.Quad(ox.NamedNode(f"urn:{number}"), label, ox.Literal("boat"))])
        with Store.open(folder) as store:
            assert len(names(store, "SELECT ?x { ?x nc:textMatch 'boats' }")) == number + 1
            assert len(names(store, "SELECT ?x { ?x nc:textMatch 'boat' }")) == number + 1
    assert len(list(folder.glob("generations/*.text.sqlite"))) == 3


def test_places_by_distance_and_box(store: Store) -> None:
    near = "?x nc:latitude ?a ; nc:longitude ?b FILTER(nc:distance(?a, ?b, 36.2, 37.16) < %s)"
    assert names(store, f"SELECT ?x {{ {near % 10} }}") == {"urn:aleppo"}
    assert names(store, f"SELECT ?x {{ {near % 100} }}") == {"urn:aleppo", "urn:idlib"}
    box = "?x nc:latitude ?a ; nc:longitude ?b FILTER(nc:inBox(?a, ?b, %s))"
    assert names(store, f"SELECT ?x {{ {box % '35, 36, 36, 37'} }}") == {"urn:idlib"}
    assert names(store, f"SELECT ?x {{ {box % '-20, 170, 0, -170'} }}") == {"urn:suva"}  # across the date line
    assert names(store, "SELECT ?x { ?x nc:latitude ?a FILTER(nc:distance(?a, 'x', 1, 2) < 5) }") == set()


degrees = st.floats(-90, 90), st.floats(-180, 180)


@given(*degrees, *degrees)
def test_distances_are_those_of_a_sphere(a: float, b: float, c: float, d: float) -> None:
    there = distance_km(a, b, c, d)
    assert 0 <= there <= 20_016
    assert abs(there - distance_km(c, d, a, b)) < 1e-6
    assert distance_km(a, b, a, b) < 1e-6
    assert in_box(a, b, a, b, a, b)


def test_the_store_names_the_ontology_as_it_names_itself() -> None:
    from kg import ontology
    from kg.store import names

    ours = (names.NAMESPACE, names.RDFS, names.SKOS, names.DCTERMS)
    assert ours == (ontology.NAMESPACE, ontology.RDFS, ontology.SKOS, ontology.DCTERMS)


def test_a_known_distance() -> None:
    assert abs(distance_km(36.2021, 37.1343, 33.5138, 36.2765) - 309.5) < 3  # Aleppo to Damascus
