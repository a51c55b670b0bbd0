"""Random requests: no fault of the server, no traceback, every refusal in the one shape.

NEWSCLAIMS_FUZZ=20000 pytest -q -s tests/server/test_fuzz.py
"""

from __future__ import annotations

import logging
import os
from random import Random

import httpx
import pytest

from server.problems import MEDIA_TYPE
from tests.server.sparql_fuzz import attempt
from tests.serving import Running, Start

REQUESTS = int(os.environ.get("NEWSCLAIMS_FUZZ", "300"))
SEED = int(os.environ.get("NEWSCLAIMS_FUZZ_SEED", "11"))
DATA = "".join(
    f"<urn:s{n}> <urn:p> {value} <urn:g{n % 2}> .\n"
    for n in range(12)
    for value in (f"<urn:s{n + 1}>", f'"boat {n}"@en', f'"{n}"^^<http://www.w3.org/2001/XMLSchema#integer>')
)


@pytest.fixture(scope="module")
def server(start: Start) -> Running:
    return start(DATA, deadline_s=3, memory_mb=700, per_minute=10_000_000, per_client=1000)


def paths_of(server: Running) -> list[str]:
    """The paths of all routes; newer versions of the framework keep each router as one entry."""
    routes = [
        route
        for entry in server.app.routes
        for route in getattr(getattr(entry, "original_router", None), "routes", [entry])
    ]
    return sorted({getattr(route, "path", "/") for route in routes})


def test_no_request_is_a_fault_of_the_server(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    chance = Random(SEED)
    assert server.client.get("/").status_code == 200  # the routes of the pages are there now
    paths = paths_of(server)
    assert {"/sparql", "/store", "/metrics", "/queries"} <= set(paths)
    seen: dict[int, int] = {}
    for number in range(REQUESTS):
        one = attempt(chance, paths)
        where = f"request {number} of seed {SEED}: {one}"
        try:
            with server.client.stream(
                one.method, one.path, params=one.params, headers=one.headers, content=one.body
            ) as response:
                body = response.read()
        except (httpx.InvalidURL, UnicodeEncodeError, httpx.LocalProtocolError):
            continue  # the client's own library does not send it
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        if response.status_code >= 500:
            assert response.status_code in {503}, where + body[:500].decode("utf-8", "replace")
            assert int(response.headers["retry-after"]) > 0, where
        assert b"Traceback" not in body, where
        sparql = response.request.url.path.startswith(("/sparql", "/store"))  # as sent: `/store/../x` goes out as `/x`
        if response.status_code >= 400 and one.method not in {"HEAD"} and sparql:
            assert response.headers["content-type"] == MEDIA_TYPE, where
            assert response.json()["status"] == response.status_code, where
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not faults, faults[0].getMessage()
    assert seen.get(200), seen
    print(f"\n{REQUESTS} random requests (seed {SEED}): {dict(sorted(seen.items()))}")
