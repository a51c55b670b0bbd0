"""Workers that answer from memory: the same answers, nothing old, and nothing lost when the copy is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server import backend, forker
from tests.serving import TOKEN, Running, Start

DATA = "".join(
    f'<urn:s{n}> <urn:p> {n % 7} , "word {n}"@en <urn:g{n % 3}> .\n'.replace(f" {n % 7} ,", "") for n in range(60)
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
DOUBLING = (
    "SELECT ?x { VALUES ?a { 'aaaaaaaaaaaaaaaa' } "
    + " ".join(
        f"BIND(CONCAT({old}, {old}, {old}, {old}) AS {new})"
        for old, new in zip(["?a", *(f"?b{n}" for n in range(20))], [f"?b{n}" for n in range(20)], strict=False)
    )
    + " BIND(?b19 AS ?x) }"
)


@pytest.fixture
def server(start: Start, monkeypatch: pytest.MonkeyPatch) -> Running:
    if not Path("/proc/self/stat").exists():
        pytest.skip("how much memory is free is told by /proc")
    monkeypatch.setattr(backend, "_QUIET_S", 0.05)
    monkeypatch.setattr(backend, "_AGAIN_S", 0.3)
    return start(DATA, memory_mb=300)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def in_memory(server: Running) -> bool:
    found = server.client.get("/-/ready")
    return bool(found.status_code == 200 and found.json()["in_memory"])


def count(server: Running) -> int:
    response = server.client.get("/sparql", params={"query": f"{COUNT} # {time.monotonic_ns()}"})
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1])


def test_a_copy_is_made_and_a_write_is_seen_at_once(server: Running) -> None:
    assert count(server) == 60
    wait_until(lambda: in_memory(server))
    assert count(server) == 60
    for number in range(3):
        sent = server.client.post(
            "/sparql",
            data={"update": f"INSERT DATA {{ GRAPH <urn:new> {{ <urn:x> <urn:p> {number} }} }}"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        assert sent.status_code == 204
        assert count(server) == 61 + number, "an acknowledged write is there, whoever answers"
        before = server.client.get("/sparql", params={"query": COUNT, "generation": 1})
        assert before.json()["results"]["bindings"][0]["n"]["value"] == "60"
    wait_until(lambda: in_memory(server))
    assert count(server) == 63
    found = server.client.get("/metrics").text
    assert "newsclaims_copied 1.0" in found


def test_answers_go_on_when_the_copy_is_killed_and_it_is_made_again(server: Running) -> None:
    wait_until(lambda: in_memory(server))
    pool = server.app.state.backend.pool
    nursery = server.app.state.backend.nursery._process.pid
    wait_until(lambda: any(not worker.gone for worker in list(pool._ready)))
    copy = parent(next(worker.pid for worker in list(pool._ready) if not worker.gone))
    assert parent(copy) == nursery
    os.kill(copy, signal.SIGKILL)

    def answered() -> bool:
        response = server.client.get("/sparql", params={"query": f"{COUNT} # {time.monotonic_ns()}"})
        assert response.status_code in {200, 503}, "refused in the one shape, never broken off"
        return response.status_code == 200

    wait_until(answered)
    assert count(server) == 60
    wait_until(lambda: in_memory(server))
    assert count(server) == 60


def test_what_needs_too_much_memory_hurts_itself_only(server: Running) -> None:
    wait_until(lambda: in_memory(server))
    assert server.client.get("/sparql", params={"query": DOUBLING}).status_code == 503
    assert count(server) == 60


def test_no_copy_where_there_is_no_room(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "_QUIET_S", 0.05)
    tried: list[int] = []

    def fits(quads: int, percent: int) -> int:
        tried.append(percent)
        return forker.fits(quads, percent)

    monkeypatch.setattr(backend, "fits", fits)
    server = start(DATA, copy_percent=0)
    wait_until(lambda: bool(tried))
    assert tried == [0]
    assert count(server) == 60
    assert not in_memory(server)


def test_room_is_a_part_of_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forker, "_free", lambda: 1_000_000)
    assert forker.fits(100, 50) == 500_000
    assert forker.fits(1_200, 50) == 0
    assert forker.fits(100, 0) == 0


def test_what_is_free_is_what_the_service_s_own_group_leaves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not Path("/proc/meminfo").exists():
        pytest.skip("needs /proc")
    monkeypatch.setattr(forker, "_GROUPS", tmp_path)
    before = forker._free()
    assert before > 1_000_000
    (tmp_path / "memory.max").write_text("max", "ascii")
    (tmp_path / "memory.current").write_text("600000", "ascii")
    assert forker._free() > 1_000_000
    (tmp_path / "memory.max").write_text("1000000", "ascii")
    assert forker._free() == 400_000
    (tmp_path / "memory.max").write_text("500000", "ascii")
    assert forker._free() == 0
