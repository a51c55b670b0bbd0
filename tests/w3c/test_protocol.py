"""The W3C tests of protocol, graph store protocol and service description, over HTTP against a running server."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.serving import TOKEN, Running, Start
from tests.w3c.http_tests import Exchange, HttpTest, fits, read

_SUITES = Path(os.environ.get("NEWSCLAIMS_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "w3c" / "sparql"
_SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}


def suite(*names: str) -> list[HttpTest]:
    """The tests of manifests of the SPARQL 1.1 suite; none where the suite is not there."""
    paths = [_SUITES / "sparql11" / name for name in names]
    return [test for path in paths if path.is_file() for test in read(path)]


PROTOCOL = suite("protocol/manifest.ttl")
GRAPH_STORE = suite("graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl")


@pytest.fixture(scope="module")
def server(start: Start, suites: Path) -> Running:
    assert suites.is_dir()
    return start()


def converted(response: httpx.Response) -> str:
    """The response as N-Triples, read by another parser than rdflib's: its JSON-LD parser warns of itself."""
    kind = ox.RdfFormat.from_media_type(response.headers["content-type"])
    triples = (quad.triple for quad in ox.parse(response.content, format=kind))
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def send(server: Running, exchange: Exchange, path: str, body: bytes | None) -> httpx.Response:
    headers = {**AUTHORIZATION, **exchange.headers}
    return server.client.request(exchange.method, path, headers=headers, content=body)


@pytest.mark.parametrize("test", PROTOCOL, ids=lambda test: test.name)
def test_protocol(server: Running, test: HttpTest) -> None:
    server.client.post("/sparql", data={"update": "DROP ALL"}, headers=AUTHORIZATION)
    for graph, file in test.data.items():
        put = server.client.put(
            "/store",
            params={"graph": graph},
            content=file.read_bytes(),
            headers={**AUTHORIZATION, "Content-Type": "application/n-triples"},
        )
        assert put.status_code in {201, 204}
    for exchange in test.exchanges:
        response = send(server, exchange, exchange.path, exchange.body)
        assert fits(response.status_code, exchange.statuses), (exchange, response.status_code, response.text)
        if exchange.boolean is not None:
            assert response.json()["boolean"] is exchange.boolean
        content_type = response.headers.get("content-type", "")
        if exchange.format == "boolean":
            assert content_type.startswith("application/sparql-results+")
        elif exchange.format == "tabular":
            assert content_type.startswith(("application/sparql-results+", "text/csv", "text/tab-separated"))
        elif exchange.format == "RDF":
            rdflib.Graph().parse(data=response.text, format=content_type.partition(";")[0])


@pytest.mark.parametrize("test", GRAPH_STORE, ids=lambda test: test.name)
def test_graph_store(server: Running, test: HttpTest) -> None:
    server.client.post("/sparql", data={"update": "DROP ALL"}, headers=AUTHORIZATION)
    known: dict[str, str] = {}

    def filled(text: str) -> str:
        ours, theirs = f"{server.url}/store", "http://www.example/gsp"
        for _ in range(3):  # as it stands, percent-encoded, and percent-encoded twice
            text = text.replace(theirs, ours)
            ours, theirs = quote(ours, safe=""), quote(theirs, safe="")
        text = text.replace("/gsp", "/store")
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    for exchange in test.exchanges:
        body = None if exchange.body is None else filled(exchange.body.decode()).encode()
        if exchange.headers.get("content-type", "").startswith("multipart/") and body is not None:
            body = body.strip().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
        response = send(server, exchange, filled(exchange.path), body)
        assert fits(response.status_code, exchange.statuses), (exchange, response.status_code, response.text)
        if exchange.location:
            known[exchange.location] = response.headers["location"]
        if exchange.expected_body is not None and exchange.method == "GET":
            expected = rdflib.Graph().parse(data=filled(exchange.expected_body), format="turtle")
            found = rdflib.Graph().parse(data=response.text, format="turtle")
            assert isomorphic(found, expected)
        if exchange.expected_type:
            assert response.headers["content-type"] == exchange.expected_type


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_service_description(server: Running, media_type: str) -> None:
    response = server.client.get("/sparql", headers={"Accept": media_type})
    assert response.status_code == 200
    graph = rdflib.Graph().parse(data=converted(response), format="nt")
    (service,) = graph.subjects(rdflib.RDF.type, _SD.Service)
    assert graph.value(service, _SD.endpoint) == rdflib.URIRef(f"{server.url}/sparql")
    assert set(graph.objects(service, _SD.supportedLanguage)) == {_SD.SPARQL11Query, _SD.SPARQL11Update}
    assert (service, _SD.feature, _SD.UnionDefaultGraph) in graph
    terms = {term for triple in graph for term in triple if str(term).startswith(str(_SD))}
    assert terms <= {_SD[name] for name in _TERMS}


_TERMS = (  # all terms of the schema that a description may use
    "Service Feature Language Function Aggregate EntailmentRegime EntailmentProfile GraphCollection Dataset Graph "
    "NamedGraph endpoint feature defaultEntailmentRegime defaultSupportedEntailmentProfile entailmentRegime "
    "supportedEntailmentProfile extensionFunction extensionAggregate languageExtension supportedLanguage "
    "propertyFeature defaultDataset availableGraphs resultFormat inputFormat defaultGraph namedGraph name graph "
    "SPARQL10Query SPARQL11Query SPARQL11Update DereferencesURIs UnionDefaultGraph RequiresDataset EmptyGraphs "
    "BasicFederatedQuery"
).split()


def test_nothing_is_left_out() -> None:
    """34 protocol tests and all graph store tests that the suite has."""
    if not _SUITES.is_dir():
        pytest.skip(f"no W3C suites at {_SUITES}")
    assert len(PROTOCOL) == 34
    assert len(GRAPH_STORE) >= 8
