"""`/sparql` over HTTP: formats, status codes, errors, caching."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import protocol
from server.problems import Problem
from tests.serving import READER, TOKEN, Running, Start

DATA = "".join(
    f'<https://example.org/s{n}> <https://example.org/p> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> '
    f"<https://example.org/g{n % 3}> .\n"
    for n in range(30)
)
SELECT = "SELECT ?s ?o { ?s <https://example.org/p> ?o } ORDER BY ?o LIMIT 2"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"


@pytest.fixture(scope="module")
def server(start: Start) -> Running:
    return start(DATA)


def get(server: Running, query: str, **options: object) -> httpx.Response:
    headers = options.pop("headers", {})
    return server.client.get("/sparql", params={"query": query, **options}, headers=headers)


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml; charset=utf-8"),
        (SELECT, "application/sparql-results+json;q=0.2, text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/*;q=0.5, application/xml;q=0.4", "text/json; charset=utf-8"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml; charset=utf-8"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/trig", "application/trig"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml; charset=utf-8"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "text/turtle;q=0.1, application/ld+json;q=0.9", "application/ld+json"),
        ("DESCRIBE <https://example.org/s1>", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_the_format_is_the_one_the_client_likes_best(
    server: Running, query: str, accept: str, content_type: str
) -> None:
    response = get(server, query, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["vary"].startswith("Accept")
    assert response.content


def test_the_default_graph_is_the_union_and_graph_tells_which(server: Running) -> None:
    rows = get(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"]
    assert rows[0]["n"]["value"] == "30"
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert [row["n"]["value"] for row in get(server, query).json()["results"]["bindings"]] == ["10"] * 3


def test_a_dataset_in_the_request_goes_before_the_one_in_the_query(server: Running) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <https://example.org/g0> { ?s ?p ?o }"
    assert get(server, query).json()["results"]["bindings"][0]["n"]["value"] == "10"
    two = ["https://example.org/g1", "https://example.org/g2"]
    assert get(server, query, **{"default-graph-uri": two}).json()["results"]["bindings"][0]["n"]["value"] == "20"


@pytest.mark.parametrize(
    ("query", "status", "code", "line", "column"),
    [
        ("SELECT * {\n ?s ?p }", 400, "syntax", 2, 9),
        ('SELECT * { ?s ?p "abc }', 400, "syntax", 1, 18),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 400, "update-as-query", None, None),
        ("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, "no-network", 1, 7),
        ("ASK { SERVICE SILENT ?x { ?s ?p ?o } }", 403, "no-network", 1, 7),
        (r"ASK { \u0053ERVICE <http://127.0.0.1/> {} }", 403, "no-network", 1, 7),
        ("ASK " + "{" * 101 + "}" * 101, 400, "too-nested", 1, 105),
        ("SELECT * " + "FROM <a:a> " * 65 + "{}", 400, "too-many-graphs", None, None),
        ("# " + "x" * 1_000_001, 413, "too-long", None, None),
    ],
    ids=["syntax", "string", "update", "service", "silent", "escaped", "nested", "from", "long"],
)
def test_refusals_are_problems_that_say_where(
    server: Running, query: str, status: int, code: str, line: int | None, column: int | None
) -> None:
    response = server.client.post("/sparql", data={"query": query})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].endswith("#" + code)
    assert (problem.get("line"), problem.get("column")) == (line, column)
    assert problem["request"] == response.headers["x-request-id"]


def test_words_in_strings_comments_and_iris_are_not_keywords(server: Running) -> None:
    query = "# SERVICE LOAD {{{{\nASK { ?s ?p ?o FILTER(?o != 'SERVICE' && ?p != <a:LOAD> && ?service != 1) }"
    assert get(server, query).status_code == 200


@pytest.mark.parametrize(
    ("accept", "query"), [("image/png", SELECT), ("text/turtle", SELECT), ("text/csv", CONSTRUCT), ("*/*;q=0", SELECT)]
)
def test_what_cannot_be_given_is_not_acceptable(server: Running, accept: str, query: str) -> None:
    assert get(server, query, headers={"Accept": accept}).status_code == 406


def test_media_types_and_methods(server: Running) -> None:
    post = server.client.post
    assert post("/sparql", content="ASK {}", headers={"Content-Type": "application/sparql-query"}).status_code == 200
    assert post("/sparql", content="ASK {}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert post("/sparql", content="ASK {}").status_code == 415
    direct = {"Content-Type": "application/sparql-query; charset=latin-1"}
    assert post("/sparql", content="ASK {}", headers=direct).status_code == 415
    assert post("/sparql", data={"nothing": "x"}).status_code == 400
    assert server.client.get("/sparql?update=CLEAR%20ALL").status_code == 400
    refused = server.client.delete("/sparql")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    options = server.client.options("/sparql")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_head_has_the_headers_and_no_body(server: Running) -> None:
    one, other = get(server, SELECT), server.client.head("/sparql", params={"query": SELECT})
    assert other.status_code == 200
    assert other.content == b""
    assert other.headers["etag"] == one.headers["etag"]
    assert other.headers["content-length"] == str(len(one.content))


def test_the_same_question_is_answered_from_memory_or_with_304(server: Running) -> None:
    first = get(server, SELECT)
    again = get(server, SELECT, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert get(server, SELECT).content == first.content
    assert get(server, SELECT, headers={"Accept": "text/csv"}).headers["etag"] != first.headers["etag"]
    assert "etag" not in get(server, "SELECT (RAND() AS ?x) {}").headers


def test_cors_and_compression(server: Running) -> None:
    response = get(server, SELECT, headers={"Origin": "https://elsewhere.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    preflight = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    assert server.client.options("/sparql", headers=preflight).status_code == 200
    query = "SELECT * { ?s ?p ?o }"
    assert get(server, query, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in get(server, query, headers={"Accept-Encoding": "identity"}).headers


@given(st.text(st.sampled_from('aé=+%&? \n"<>{}#💧_.x5D'), max_size=30), st.sampled_from([quote, quote_plus, str]))
def test_parameters_are_decoded_as_the_library_decodes_them(text: str, encode: Callable[[str], str]) -> None:
    address = "query=" + encode(text)
    expected: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(address, keep_blank_values=True, errors="strict"):
            expected.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        with pytest.raises(Problem):
            protocol._fields(address)
    else:
        assert protocol._fields(address) == expected


def test_the_short_name_of_a_format_overrides_accept(server: Running) -> None:
    assert get(server, SELECT, format="csv").headers["content-type"] == "text/csv; charset=utf-8"
    assert get(server, SELECT, format="ttl").status_code == 406
    assert get(server, CONSTRUCT, format="ttl").headers["content-type"] == "text/turtle; charset=utf-8"


def test_updates_need_a_token_with_the_right_scope(server: Running) -> None:
    update = {"update": "INSERT DATA { GRAPH <https://example.org/new> { <a:a> <a:b> <a:c> } }"}
    assert server.client.post("/sparql", data=update).status_code == 401
    wrong = {"Authorization": "Bearer nonsense"}
    assert server.client.post("/sparql", data=update, headers=wrong).status_code == 401
    reader = {"Authorization": f"Bearer {READER}"}
    assert server.client.post("/sparql", data=update, headers=reader).status_code == 403
    writer = {"Authorization": f"Bearer {TOKEN}"}
    before = get(server, "ASK {}").headers["x-generation"]
    done = server.client.post("/sparql", data=update, headers=writer)
    assert done.status_code == 204
    assert get(server, "ASK { <a:a> <a:b> <a:c> }").json()["boolean"] is True
    assert get(server, "ASK { <a:a> <a:b> <a:c> }", generation=before).json()["boolean"] is False
    assert get(server, "ASK {}", generation=999_999).status_code == 503
    undo = {"update": "DROP GRAPH <https://example.org/new>"}
    assert server.client.post("/sparql", data=undo, headers=writer).status_code == 204
    assert get(server, "ASK { <a:a> <a:b> <a:c> }").json()["boolean"] is False
    again = server.client.post("/sparql", data=undo, headers=writer)
    assert again.status_code == 404
    bad = server.client.post("/sparql", data={"update": "INSERT DATA {\n nonsense }"}, headers=writer)
    assert (bad.status_code, bad.json()["line"]) == (400, 2)
    load = server.client.post("/sparql", data={"update": "LOAD <http://127.0.0.1/>"}, headers=writer)
    assert load.status_code == 403


def test_a_read_only_server_refuses_writers(start: Start) -> None:
    server = start(DATA, writable=False)
    writer = {"Authorization": f"Bearer {TOKEN}"}
    refused = server.client.post("/sparql", data={"update": "CLEAR ALL"}, headers=writer)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("#read-only")


def test_a_private_server_asks_readers_for_a_token(start: Start) -> None:
    server = start(DATA, private=True)
    assert get(server, "ASK {}").status_code == 401
    assert get(server, "ASK {}", headers={"Authorization": f"Bearer {READER}"}).status_code == 200


def test_a_large_result_is_streamed_whole(start: Start) -> None:
    server = start("".join(f'<a:s{n}> <a:p> "{"x" * 200}" <a:g> .\n' for n in range(30_000)))
    response = get(server, "SELECT * { ?s ?p ?o }")
    assert response.status_code == 200
    assert len(json.loads(response.content)["results"]["bindings"]) == 30_000
    assert len(get(server, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", format="nt").text.splitlines()) == 30_000


def test_another_process_may_publish_while_the_server_runs(start: Start) -> None:
    import time

    from kg.store import Store

    server = start(DATA)
    end = time.monotonic() + 60
    assert get(server, "ASK { <a:new> ?p ?o }").json()["boolean"] is False
    with Store.create_or_open(server.app.state.backend.settings.store) as store:
        store.update("INSERT DATA { GRAPH <a:g> { <a:new> <a:p> 1 } }")
    while get(server, "ASK { <a:new> ?p ?o }").json()["boolean"] is False:  # answered all the while
        assert time.monotonic() < end
        time.sleep(0.01)


def test_writing_while_another_process_writes_is_unavailable(start: Start) -> None:
    import time

    from kg.store import Store

    server = start(DATA)
    with Store.create_or_open(server.app.state.backend.settings.store):
        response = server.client.post(
            "/sparql", data={"update": "CLEAR ALL"}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
    assert response.status_code == 503
    assert "retry-after" in response.headers
    time.sleep(0.01)
    assert get(server, "ASK { ?s ?p ?o }").json()["boolean"] is True
