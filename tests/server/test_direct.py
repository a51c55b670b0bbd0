"""Queries answered without the application's layers: nobody can tell, and the odd ones are handed over."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import gate
from server.direct import DirectProtocol, head_of
from server.problems import Problem
from tests.server.test_sparql import CONSTRUCT, DATA, SELECT
from tests.serving import Running, Start

ROWS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
MANY = f"SELECT * {{ {ROWS} }}"  # 27,000 rows
LONG = f"SELECT (COUNT(*) AS ?n) {{ {ROWS} . ?j ?k ?l FILTER(STRLEN(CONCAT(STR(?c), STR(?l))) > 0) }}"  # 810,000 rows
PIECES = [
    "<",
    ">",
    '"',
    "'",
    "#",
    "\n",
    " ",
    "a:",
    "<a:b>",
    "SERVICE",
    "FROM",
    "NOW",
    "{",
    "}",
    "\\",
    "x",
    "1",
    "?v",
    ";",
]


@pytest.fixture(scope="module")
def server(start: Start) -> Running:
    return start(DATA)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The queries that were answered directly."""
    found: list[str] = []
    send = DirectProtocol._send

    def noted(self: DirectProtocol, app: object, asked: object, *rest: object, **options: object) -> None:
        found.append(asked.text)  # type: ignore[attr-defined]
        send(self, app, asked, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(DirectProtocol, "_send", noted)
    yield found


def both(server: Running, query: str, headers: dict[str, str]) -> list[httpx.Response]:
    """The answers of the direct way and of the application; a parameter without meaning asks for the latter."""
    addresses = [f"/sparql?query={quote(query)}{more}" for more in ("", "&none=")]
    return [server.client.get(address, headers={"X-Request-Id": "same", **headers}) for address in addresses]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept": "text/csv, text/turtle"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br", "Origin": "https://elsewhere.example"},
        {"If-None-Match": '"other"', "X-Request-Id": "not valid: {}"},
        {"Authorization": "Bearer nonsense"},
        {"Accept": "image/png"},
        {"Connection": "close"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "query", [SELECT, CONSTRUCT, "ASK {}", "SELECT * { ?s ?p ?o }", "SELECT nonsense", "CLEAR ALL"]
)
def test_both_ways_give_the_same_answer(server: Running, query: str, headers: dict[str, str]) -> None:
    server.backend.cache._entries.clear()  # type: ignore[attr-defined]
    for _ in range(2):  # the second time from memory
        one, other = both(server, query, headers)
        assert one.status_code == other.status_code
        assert one.content == other.content or "request" in one.json()
        ignored = {"date", "x-lane", "x-request-id"}
        found, expected = ({*response.headers.items()} for response in (one, other))
        assert {field for field in found if field[0] not in ignored} == {
            field for field in expected if field[0] not in ignored
        }
        assert "not" in headers.get("X-Request-Id", "") or one.headers["x-request-id"] == "same"


def test_usual_queries_go_the_direct_way_and_odd_ones_do_not(server: Running, sent: list[str]) -> None:
    for query in (SELECT, "ASK {}", "DESCRIBE <https://example.org/s1>"):
        assert server.client.get("/sparql", params={"query": query}).status_code == 200
    assert len(sent) == 3
    known = server.client.get("/sparql", params={"query": SELECT}).headers["etag"]
    del sent[:]
    assert server.client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": known}).status_code == 304
    assert server.client.get("/sparql", params={"query": "SELECT (NOW() AS ?n) {}"}).status_code == 200
    assert server.client.get("/sparql", params={"query": SELECT, "format": "csv"}).status_code == 200
    assert server.client.post("/sparql", data={"query": SELECT}).status_code == 200
    assert server.client.head("/sparql", params={"query": SELECT}).status_code == 200
    assert not sent


def test_long_large_and_failing_queries_are_handed_over(server: Running, sent: list[str]) -> None:
    rows = server.client.get("/sparql", params={"query": MANY}).json()["results"]["bindings"]
    assert len(rows) == 30**3
    count = server.client.get("/sparql", params={"query": LONG}).json()["results"]["bindings"][0]["n"]["value"]
    assert count == str(30**4)
    assert server.client.get("/sparql", params={"query": "SELECT nonsense"}).status_code == 400
    assert not sent
    assert server.client.get("/sparql", params={"query": "ASK { ?handed ?over ?now }"}).status_code == 200
    pool = server.app.state.backend.pool
    assert not pool._running
    assert not pool._slower
    assert all(bucket.open == 0 for bucket in server.app.outer.limiter._buckets.values())


def asked(query: str, *fields: str) -> bytes:
    return "\r\n".join([f"GET /sparql?query={quote(query)} HTTP/1.1", "Host: x", *fields, "", ""]).encode()


@pytest.mark.parametrize("piece", [1, 7, 100, 10_000])
def test_requests_in_a_row_are_answered_in_their_order(server: Running, piece: int) -> None:
    queries = [f"SELECT ({n} AS ?n) {{ <https://example.org/s{n}> ?p ?o }}" for n in range(6)]
    posted = f"query={quote(queries[2])}".encode()
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(posted)
    requests = [asked(query) for query in queries]
    requests[2] = b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + form + posted
    requests[4] = asked(queries[4], "X-Other: 1", "Authorization: Bearer nonsense")
    requests[5] = asked(queries[5], "Connection: close")
    data = b"".join(requests)
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        for start in range(0, len(data), piece):
            connection.sendall(data[start : start + piece])
        answer = b""
        while more := connection.recv(65_536):
            answer += more
    bodies = [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert len(bodies) == 6
    for n, body in enumerate(bodies):
        assert (f'"value":"{n}"'.encode() in body) == (n != 4)
    assert b'"status": 401' in bodies[4]


def test_what_looks_like_a_request_inside_a_body_is_none(server: Running, sent: list[str]) -> None:
    hidden = asked("ASK { <a:hidden> ?p ?o }")
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(head % len(hidden))
        time.sleep(0.05)
        connection.sendall(hidden)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 400")
    assert not sent


def test_a_client_that_leaves_takes_nothing_with_it(server: Running) -> None:
    for query in (LONG, MANY, "ASK {}") * 3:
        with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
            connection.sendall(asked(query))
    pool, end = server.app.state.backend.pool, time.monotonic() + 60
    while pool._running or pool._slower or any(one.open for one in server.app.outer.limiter._buckets.values()):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert server.client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_head_fields_that_ask_for_more_are_for_the_application() -> None:
    def found(*fields: str) -> bool:
        return head_of("\r\n".join([*fields, ""]).encode(), 30.0, cors=True) is not None

    assert found("Host: x", "accept: */*", "User-Agent: me", "Connection: Keep-Alive")
    for field in ("Authorization: Bearer x", "content-length: 3", "Transfer-Encoding: chunked", "Connection: upgrade"):
        assert not found("Host: x", field), field
    assert not found("Accept: */*")
    assert not found("Host: x", "Host: y")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_texts_of_one_shape_fare_alike(text: str) -> None:
    """What the gate tells of a shape has to hold for every text that has it."""
    shape = gate.shape(text)
    if shape is None:
        return
    told = []
    for one in (text, shape):
        facts = None
        with contextlib.suppress(Problem):
            facts = gate._check(one, gate.Limits())
        told.append(facts and (facts.form, facts.volatile, facts.graphs, facts.keywords))
    assert told[0] == told[1]
