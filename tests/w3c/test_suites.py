"""The SPARQL 1.1 suites over HTTP: query evaluation, result formats, syntax, update."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import TOKEN, Running, Start
from tests.w3c import suites
from tests.w3c.suites import Case

_SUITE = (
    Path(os.environ.get("NEWSCLAIMS_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "w3c/sparql/sparql11"
)
_EXPECTED_TO_FAIL: dict[str, str] = tomllib.loads((Path(__file__).parent / "expected_failures.toml").read_text("utf-8"))
_SKIPPED = {"protocol", "graph-store-protocol", "http-rdf-update", "service-description"}  # test_protocol.py
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}


def _cases() -> list[Case]:
    found = [
        case
        for path in sorted(_SUITE.glob("*/manifest.ttl"))
        if path.parent.name not in _SKIPPED
        for case in suites.cases(path)
    ]
    return sorted(found, key=lambda case: case.id)


ALL = _cases()
EVALUATION = [case for case in ALL if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}]
UPDATES = [case for case in ALL if case.kind == "UpdateEvaluationTest"]
SYNTAX = [case for case in ALL if "Syntax" in case.kind]


@pytest.fixture(scope="module")
def server(start: Start, shared: Path) -> Running:
    assert shared.is_dir()
    graphs: dict[str, tuple[ox.Triple, ...]] = {}
    for case in EVALUATION:
        for path in (*case.before.default, *(path for _, path in case.before.named)):
            graphs[suites.iri(path)] = suites.triples(path)
    quads = [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(name))
        for name, found in graphs.items()
        for triple in found
    ]
    return start((ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode(), per_minute=100_000)


def ask(server: Running, case: Case, accept: str) -> httpx.Response:
    text = f"BASE <{suites.iri(case.request)}>\n" + case.request.read_text("utf-8")
    data: dict[str, str | list[str]] = {"query": text}
    if "FROM" not in text:
        data["default-graph-uri"] = [suites.iri(path) for path in case.before.default] or [suites.EMPTY]
        data["named-graph-uri"] = [suites.iri(path) for _, path in case.before.named]
    return server.client.post("/sparql", data=data, headers={"Accept": accept})


def check(server: Running, case: Case) -> None:
    assert case.result is not None
    if case.kind == "CSVResultFormatTest":
        response = ask(server, case, "text/csv")
        found, expected = (table(text) for text in (response.text, case.result.read_text("utf-8")))
        assert found == expected
        return
    if case.request.read_text("utf-8").upper().find("CONSTRUCT") >= 0 and case.result.suffix == ".ttl":
        response = ask(server, case, "application/n-triples")
        assert response.status_code == 200, response.text
        graph = suites.normal(quad.triple for quad in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES))
        assert suites.same_graph(graph, suites.triples(case.result))
        return
    accept, kind = _FORMATS.get(case.result.suffix, _FORMATS[".srx"])
    response = ask(server, case, accept)
    assert response.status_code == 200, response.text
    found, expected = suites.rows_of(response.content, kind), suites.expected_rows(case.result)
    if isinstance(found, bool) or isinstance(expected, bool):
        assert found is expected
    else:
        assert suites.same_rows(found, expected), (found, expected)


def table(text: str) -> list[dict[str, str | float]]:
    """The rows of a CSV result, sorted: SELECT * fixes no order of columns. Numbers as numbers, blank nodes alike."""
    head, *rows = csv.reader(io.StringIO(text))

    def cell(words: str) -> str | float:
        try:
            return float(words)
        except ValueError:
            return "_:" if words.startswith("_:") else words

    named = [dict(sorted(zip(head, map(cell, row), strict=True))) for row in rows]
    return sorted(named, key=str)


_FORMATS = {
    ".srx": ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
    ".srj": ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
    ".tsv": ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
}


@pytest.mark.parametrize("case", EVALUATION, ids=lambda case: case.id)
def test_query(server: Running, case: Case) -> None:
    if case.id in _EXPECTED_TO_FAIL:
        with pytest.raises(AssertionError):
            check(server, case)
        pytest.xfail(_EXPECTED_TO_FAIL[case.id])
    check(server, case)


@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case.id)
def test_syntax(server: Running, case: Case) -> None:
    is_update = case.request.suffix == ".ru"
    text = case.request.read_text("utf-8")
    if "BASE" not in text:
        text = f"BASE <{suites.iri(case.request)}>\n" + text
    response = server.client.post("/sparql", data={"update" if is_update else "query": text}, headers=AUTHORIZATION)
    refused = response.status_code == 400 and response.json()["type"].endswith("#syntax")
    if case.id in _EXPECTED_TO_FAIL:
        assert refused is not ("Negative" in case.kind) or response.status_code == 403
        pytest.xfail(_EXPECTED_TO_FAIL[case.id])
    if response.status_code == 403:  # LOAD and SERVICE are refused before they are parsed: that is said, not hidden
        assert response.json()["type"].endswith("#no-network")
        return
    assert refused is ("Negative" in case.kind), response.text


@pytest.fixture(scope="module")
def writable(start: Start, shared: Path) -> Running:
    assert shared.is_dir()
    return start(per_minute=100_000)


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.id)
def test_update(writable: Running, case: Case) -> None:
    post = writable.client.post
    named = sorted({name for name, _ in case.before.named})
    operations = ["DROP ALL"]
    for name, found in [("", path) for path in case.before.default] + [(n, p) for n, p in case.before.named]:
        document = (ox.serialize(suites.triples(found), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        operations += [f"CREATE SILENT GRAPH <{name}>"] if name else []
        operations.append(
            f"INSERT DATA {{ {f'GRAPH <{name}>' if name else ''} {{ {document} }} }}"
            if name
            else f"INSERT DATA {{ {document} }}"
        )
    prepared = post("/sparql", data={"update": " ;\n".join(operations)}, headers=AUTHORIZATION)
    assert prepared.status_code == 204, prepared.text
    text = f"BASE <{suites.iri(case.request)}>\n" + case.request.read_text("utf-8")
    done = post("/sparql", data={"update": text}, headers=AUTHORIZATION)
    if done.status_code == 403 and case.id in _EXPECTED_TO_FAIL:
        pytest.xfail(_EXPECTED_TO_FAIL[case.id])
    assert done.status_code == 204, done.text
    expected = [triple for path in case.after.default for triple in suites.triples(path)]
    assert suites.same_graph(graph(writable, "default"), expected)
    for name, path in case.after.named:
        assert suites.same_graph(graph(writable, f"graph={name}"), suites.triples(path))
    gone = set(named) - {name for name, _ in case.after.named}
    for name in gone:
        assert not graph(writable, f"graph={name}")


def graph(server: Running, which: str) -> list[ox.Triple]:
    response = server.client.get(f"/store?{which}", headers={"Accept": "application/n-triples"})
    if response.status_code == 404:
        return []
    return [quad.triple for quad in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)]


def test_the_list_of_expected_failures_names_tests_that_exist() -> None:
    if not _SUITE.is_dir():
        pytest.skip(f"no W3C suites at {_SUITE}")
    assert set(_EXPECTED_TO_FAIL) <= {case.id for case in ALL}
    assert (len(EVALUATION), len(UPDATES), len(SYNTAX)) == (242, 94, 169)
