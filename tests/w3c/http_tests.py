"""W3C tests that are written as HTTP requests and expected responses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import rdflib
from rdflib import RDF, URIRef
from rdflib.collection import Collection

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Exchange:
    """One request, and what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]  # "2xx", "404" …
    boolean: bool | None
    format: str | None
    location: str | None
    expected_body: str | None
    expected_type: str | None


@dataclass(frozen=True)
class HttpTest:
    """A W3C test of HTTP exchanges in order."""

    name: str
    title: str
    data: dict[str, Path]  # graph IRI -> file
    requires: frozenset[str]
    exchanges: tuple[Exchange, ...] = field(default=())


_STATUS = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404", "BadRequest": "400"}


def read(manifest: Path) -> list[HttpTest]:
    """All HTTP tests of a manifest."""
    graph = rdflib.Graph().parse(manifest, format="turtle")
    entries = Collection(graph, next(graph.objects(None, MF.entries)))
    return [_test(graph, entry, manifest.parent) for entry in entries if graph.value(entry, MF.action) is not None]


def _test(graph: rdflib.Graph, entry: rdflib.term.Node, folder: Path) -> HttpTest:
    data = {}
    for node in graph.objects(entry, UT.graphData):
        label, file = graph.value(node, rdflib.RDFS.label), graph.value(node, UT.graph)
        data[str(label)] = folder / str(file).rpartition("/")[2]
    action = graph.value(entry, MF.action)
    requests = Collection(graph, graph.value(action, HT.requests))
    return HttpTest(
        str(entry).rpartition("#")[2],
        str(graph.value(entry, MF.name)),
        data,
        frozenset(str(feature).rpartition("#")[2] for feature in graph.objects(entry, MF.requires)),
        tuple(_exchange(graph, request) for request in requests),
    )


def _exchange(graph: rdflib.Graph, node: rdflib.term.Node) -> Exchange:
    response = graph.value(node, HT.resp)
    body = graph.value(node, HT.body)
    content = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    boolean, location = graph.value(response, MF.expectedBoolean), graph.value(response, MF.expectedLocation)
    expected = graph.value(response, HT.body)
    return Exchange(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        _headers(graph, node),
        content,
        frozenset(_status(status) for status in graph.objects(response, MF.expectedStatus)),
        None if boolean is None else boolean.toPython(),
        str(graph.value(response, MF.expectedFormat) or "") or None,
        None if location is None else str(location),
        None if expected is None else str(graph.value(expected, CNT.chars)),
        _headers(graph, response).get("content-type"),
    )


def _headers(graph: rdflib.Graph, node: rdflib.term.Node) -> dict[str, str]:
    found = graph.value(node, HT.headers)
    if found is None:
        return {}
    items = list(Collection(graph, found)) if (found, RDF.first, None) in graph else [found]
    return {str(graph.value(item, HT.fieldName)).lower(): str(graph.value(item, HT.fieldValue)) for item in items}


def _status(node: rdflib.term.Node) -> str:
    assert isinstance(node, URIRef)
    name = str(node).rpartition("#")[2]
    return _STATUS.get(name, name.removeprefix("StatusCode"))


def fits(status: int, expected: frozenset[str]) -> bool:
    """True if a status code is one of those expected ("2xx" stands for a class)."""
    return not expected or str(status) in expected or f"{status // 100}xx" in expected
