"""The W3C SPARQL suites as data: queries, updates, their data and what must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ROOT = "http://w3c.test/"
EMPTY = ROOT + "empty"


@dataclass(frozen=True)
class Dataset:
    """Files of the default graph, and of named graphs by IRI."""

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Case:
    """One test. `kind` is the last part of its class."""

    name: str
    kind: str
    request: Path
    before: Dataset = field(default_factory=Dataset)
    after: Dataset = field(default_factory=Dataset)
    result: Path | None = None

    @property
    def id(self) -> str:
        return f"{self.request.parent.name}/{self.name}"


def iri(path: Path) -> str:
    """The IRI under which a file of the suites is loaded."""
    return ROOT + "/".join(path.parts[-3:])


def cases(manifest: Path) -> list[Case]:
    """All query, update and syntax tests of a manifest."""
    graph = rdflib.Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    entries = graph.value(rdflib.URIRef(manifest.as_uri()), MF.entries)
    found = [_case(graph, entry) for entry in Collection(graph, entries)]
    return [case for case in found if case is not None]


def _case(graph: rdflib.Graph, entry: rdflib.term.Node) -> Case | None:
    kinds = [str(kind).rpartition("#")[2] for kind in graph.objects(entry, rdflib.RDF.type)]
    kind = next((kind for kind in kinds if kind.endswith(("Test", "Test11"))), None)
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    if kind is None or action is None:
        return None
    name = str(entry).rpartition("#")[2]
    if kind == "UpdateEvaluationTest":
        request = _path(graph.value(action, UT.request))
        return Case(name, kind, request, _dataset(graph, action, UT), _dataset(graph, result, UT))
    query = graph.value(action, QT.query)
    if query is None:
        return Case(name, kind, _path(action))
    return Case(name, kind, _path(query), _dataset(graph, action, QT), Dataset(), _path(result) if result else None)


def _dataset(graph: rdflib.Graph, node: rdflib.term.Node, ns: rdflib.Namespace) -> Dataset:
    default = tuple(_path(file) for file in graph.objects(node, ns.data))
    named = []
    for item in graph.objects(node, ns.graphData):
        if isinstance(item, rdflib.URIRef):
            named.append((iri(_path(item)), _path(item)))
        else:
            label = str(graph.value(item, rdflib.RDFS.label))
            named.append((label, _path(graph.value(item, ns.graph) or graph.value(item, ns.data))))
    return Dataset(default, tuple(sorted(named)))


def _path(node: rdflib.term.Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


@cache
def triples(path: Path) -> tuple[ox.Triple, ...]:
    """The triples of a data file, as the engine stores them."""
    kind = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    assert kind is not None, path
    return normal(quad.triple for quad in ox.parse(path=str(path), format=kind, base_iri=iri(path)))


def normal(found: Iterable[ox.Triple]) -> tuple[ox.Triple, ...]:
    """Triples with their literals in the form that the engine keeps ("01" is the integer 1)."""
    store = ox.Store()
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found)
    return tuple(quad.triple for quad in store)


def same_graph(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    """True if two graphs are isomorphic."""

    def canonical(found: Iterable[ox.Triple]) -> set[str]:
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return {str(quad) for quad in dataset}

    return canonical(one) == canonical(other)


Row = dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]


def rows_of(document: bytes, kind: ox.QueryResultsFormat) -> bool | list[Row]:
    """A result document as a truth value or rows."""
    parsed = ox.parse_query_results(document, format=kind)
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    names = [variable.value for variable in parsed.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in parsed]


def expected_rows(path: Path) -> bool | list[Row]:
    """The expected result of a test, from a results document or a result set in RDF."""
    kinds = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON, ".tsv": ox.QueryResultsFormat.TSV}
    if path.suffix in kinds:
        return rows_of(path.read_bytes(), kinds[path.suffix])
    graph = {}
    for triple in triples(path):
        graph.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    (top,) = [node for node, facts in graph.items() if ox.NamedNode(RS + "ResultSet") in facts.get(RDF_TYPE.value, [])]
    if RS + "boolean" in graph[top]:
        return graph[top][RS + "boolean"][0].value == "true"
    rows = []
    for solution in graph[top].get(RS + "solution", []):
        bindings = [graph[node] for node in graph[solution].get(RS + "binding", [])]
        rows.append({found[RS + "variable"][0].value: found[RS + "value"][0] for found in bindings})
    return rows


def same_rows(one: list[Row], other: list[Row]) -> bool:
    """True if two results hold the same rows as often, blank nodes renamed at will."""
    return _bag(one) == _bag(other)


def _bag(rows: list[Row]) -> Counter[str]:
    """Rows as a graph of one node a row, canonical."""
    quads = []
    for number, row in enumerate(rows):
        node = ox.BlankNode(f"row{number}")
        quads.append(ox.Quad(node, RDF_TYPE, ox.NamedNode(ROOT + "row")))
        quads += [ox.Quad(node, ox.NamedNode(ROOT + "var/" + name), term) for name, term in row.items()]
    store = ox.Store()
    store.extend(quads)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return Counter(str(quad) for quad in dataset)
