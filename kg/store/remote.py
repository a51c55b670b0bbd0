"""Stores of others, by their address: SPARQL 1.1 Query, Update and Graph Store Protocol with retries.

An address is `https://host/path/`, or with the kind of store before it: `oxigraph+http://localhost:7878/`. The kinds
are listed in `dialects.toml`. A token for writing is taken from NEWSCLAIMS_REMOTE_TOKEN; `name:password` is sent as
Basic, or as Digest to stores that ask for it, anything else as Bearer.
"""

from __future__ import annotations

import base64
import http.client
import os
import re
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

import pyoxigraph as ox

from kg.errors import QueryError, StoreError, UsageError

_ADDRESS = re.compile(r"^(?:(?P<kind>[a-z0-9]+)\+)?(?P<scheme>https?):/{1,2}(?P<rest>[^/].*)$")
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRIES, _WAIT_S, _LONGEST_S, _TIMEOUT_S = 5, 0.5, 30.0, 120.0
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Remote:
    """A store elsewhere: its three endpoints, and how its default graph becomes the union of all graphs."""

    query: str
    update: str
    graphs: str
    union: str
    token: str | None = None
    wait_s: float = _WAIT_S  # before the first retry; it doubles with each
    hidden: tuple[str, ...] = ()  # graphs of the store's own, none of the product's


def is_address(store: Path | str) -> bool:
    """True if this is the address of a store elsewhere and not a folder."""
    return _ADDRESS.match(str(store)) is not None


def parse(store: Path | str) -> Remote:
    """The store an address names (a Path of it does too). Raises UsageError for an unknown kind of store."""
    found = _ADDRESS.match(str(store))
    kind = (found.group("kind") or "newsclaims") if found else ""
    dialect = _dialects().get(kind)
    if found is None or dialect is None:
        known = ", ".join(_dialects())
        raise UsageError(
            f"an address like oxigraph+http://host:7878/ was expected, found {store}", hint=f"one of {known}"
        )
    root = f"{found.group('scheme')}://{found.group('rest').rstrip('/')}/"
    ends = [urljoin(root, dialect[name]) if dialect[name] else root.rstrip("/") for name in _ENDS]
    token, hidden = os.environ.get("NEWSCLAIMS_REMOTE_TOKEN"), tuple(dialect.get("hidden", "").split())
    return Remote(ends[0], ends[1], ends[2], dialect["union"], token, hidden=hidden)


_ENDS = ("query", "update", "graphs")


@cache
def _dialects() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("kg.store") / "dialects.toml").read_text(encoding="utf-8"))


def query(remote: Remote, text: str, accept: str) -> bytes:
    """The answer to a query over the union of all graphs, in a media type. Raises QueryError and StoreError."""
    form = {"query": text}
    how, _, name = remote.union.partition(" ")
    url = remote.query + (f"?{name}" if how == "parameter" else "")
    if how == "graph":
        form["default-graph-uri"] = name
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
    return _send(remote, "POST", url, urlencode(form).encode(), headers)


def update(remote: Remote, text: str) -> None:
    """Run an update. It may run twice if an answer is lost: it has to mean the same then. Raises StoreError."""
    _send(remote, "POST", remote.update, text.encode(), {"Content-Type": "application/sparql-update"})


def put_graph(remote: Remote, name: str, quads: Iterable[ox.Quad]) -> None:
    """Put quads (their graph names are ignored) in place of a graph. Raises StoreError."""
    body = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    _send(remote, "PUT", _graph(remote, name), body, {"Content-Type": "application/n-triples"})


def get_graph(remote: Remote, name: str) -> list[ox.Quad]:
    """The quads of a graph. Raises StoreError."""
    body = _send(remote, "GET", _graph(remote, name), None, {"Accept": "application/n-triples"})
    graph = ox.NamedNode(name)
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
    ]


def delete_graph(remote: Remote, name: str) -> None:
    """Delete a graph; it is no error if it is not there. Raises StoreError."""
    _send(remote, "DELETE", _graph(remote, name), None, {}, missing=True)


def graphs(remote: Remote) -> tuple[str, ...]:
    """The names of all graphs, sorted. Raises StoreError."""
    body = query(remote, _GRAPHS, "application/sparql-results+json")
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(solutions, ox.QuerySolutions):
        raise StoreError("a table was expected from the store", where=remote.query)
    found = {row["g"].value for row in solutions if isinstance(row["g"], ox.NamedNode)}
    return tuple(sorted(found - {*remote.hidden}))


def _graph(remote: Remote, name: str) -> str:
    return f"{remote.graphs}?graph={quote(name, safe='')}"


def _send(
    remote: Remote, method: str, url: str, body: bytes | None, headers: dict[str, str], *, missing: bool = False
) -> bytes:
    """The body of the answer. What may pass is tried again. Raises QueryError for 400, StoreError for all else."""
    if remote.token is not None:
        basic = base64.b64encode(remote.token.encode()).decode()
        headers["Authorization"] = f"Basic {basic}" if ":" in remote.token else f"Bearer {remote.token}"
    wait, said = remote.wait_s, ""
    for attempt in range(_TRIES):
        try:
            status, told, answer = _exchange(method, url, body, headers)
        except (OSError, http.client.HTTPException) as error:
            status, told, answer, said = 0, None, b"", str(error) or type(error).__name__
        if 200 <= status < 300 or (missing and status == 404):
            return answer
        if status:
            said = f"status {status}: {' '.join(answer.decode('utf-8', 'replace').split())[:300]}"
        if status == 400:
            raise QueryError(f"the store refused it with {said}", where=url, hint="correct it")
        if status and status not in _AGAIN:
            raise StoreError(f"the store refused it with {said}", where=url, hint="check address and token")
        if attempt + 1 < _TRIES:
            time.sleep(min(max(wait, float(told) if told and told.isdecimal() else 0), _LONGEST_S))
            wait *= 2
    raise StoreError(f"the store does not answer: {said}", where=url, hint="try again later; nothing is lost")


def _exchange(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str | None, bytes]:
    """Status, Retry-After and body of one request; of a second one, if the store wants the password as Digest."""
    response, answer = _request(method, url, body, headers)
    basic = headers.get("Authorization", "")
    if response.status == 401 and basic.startswith("Basic "):
        asked = _request("GET", url, None, {})[0].headers.get("WWW-Authenticate") or ""  # some challenge only strangers
        if asked.lower().startswith("digest "):
            proof = _proof(method, url, asked[len("digest ") :], base64.b64decode(basic[len("Basic ") :]).decode())
            response, answer = _request(method, url, body, headers | {"Authorization": f"Digest {proof}"})
    return response.status, response.headers.get("Retry-After"), answer


def _proof(method: str, url: str, challenge: str, token: str) -> str | None:
    """The answer to a challenge (RFC 7616)."""
    name, _, password = token.partition(":")
    known = HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, url, name, password)
    request = Request(url, method=method)  # noqa: S310 - it is not opened
    return HTTPDigestAuthHandler(known).get_authorization(request, parse_keqv_list(parse_http_list(challenge)))


def _request(
    method: str, url: str, body: bytes | None, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT_S)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
