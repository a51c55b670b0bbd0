"""How long a point query takes while, and right after, hostile queries run: in milliseconds and against a quiet server.

    pytest -q -s -m bench tests/bench/test_bench_hostile.py

On a machine with other work only the ratio to the quiet server of the same run means something.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx
import pytest

from kg.store import Store
from tests.server.test_hostile import DATA, HOSTILE, POINT

QUIET, ROUNDS = 40, 8
TOGETHER = ("cartesian count", "order by", "group_concat", "distinct", "flood", "path explosion")
_SERVE = "from kg.cli import main; main()"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server in a process of its own: neither the attackers' threads nor ours are in its way."""
    (tmp_path / "data.nq").write_text(DATA, encoding="utf-8")
    with Store.create_or_open(tmp_path / "store") as store:
        store.load(tmp_path / "data.nq")
    command = [sys.executable, "-c", _SERVE, "serve", "--store", str(tmp_path / "store"), "--port", "0"]
    command += ["--deadline-s", "1.5", "--memory-mb", "700", "--cache-mb", "0", "--per-client", "500"]
    limits = {"NEWSCLAIMS_SERVER_PER_MINUTE": "1000000"}
    with subprocess.Popen(command, env=os.environ | limits, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Uvicorn running" in line:
                found = "http://127.0.0.1:" + json.loads(line)["message"].split("127.0.0.1:")[1].split(" ")[0]
                break
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield found
        finally:
            process.terminate()


def attack(address: str, names: tuple[str, ...]) -> None:
    """All of these at once, each on a connection of its own; runs in another process."""

    def one(name: str) -> None:
        try:
            with httpx.Client(timeout=30, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as client:
                client.post(address + "/sparql", data={"query": HOSTILE[name]})
        except httpx.HTTPError:
            return

    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def point(client: httpx.Client) -> float:
    """Milliseconds of a point query on an open connection."""
    began = time.perf_counter()
    response = client.get("/sparql", params={"query": f"{POINT} # {began}"})
    assert response.status_code == 200, response.text
    return 1000 * (time.perf_counter() - began)


@pytest.mark.bench
def test_a_point_query_beside_hostile_ones(address: str) -> None:
    fork = multiprocessing.get_context("fork")
    with httpx.Client(base_url=address, timeout=60) as client:
        quiet = sorted(point(client) for _ in range(QUIET))
        usual = median(quiet)
        print(f"\nquiet: median {usual:.1f} ms, 95th percentile {quiet[int(QUIET * 0.95)]:.1f} ms")
        worst: list[float] = []
        for name in HOSTILE:
            thread = fork.Process(target=attack, args=(address, (name,)))
            thread.start()
            time.sleep(0.03)
            beside = sorted(point(client) for _ in range(ROUNDS))
            thread.join()
            after = point(client)
            worst.append(after)
            print(
                f"{name:16} beside: median {median(beside):6.1f} ms ({median(beside) / usual:4.1f} x), longest "
                f"{beside[-1]:6.1f} ms; right after: {after:6.1f} ms ({after / usual:4.1f} x)"
            )
        within = sum(one <= 50 for one in worst)
        print(f"right after: {within} of {len(worst)} within 50 ms, the longest {max(worst):.1f} ms")
        attackers = fork.Process(target=attack, args=(address, TOGETHER * 3))
        attackers.start()
        time.sleep(0.2)
        beside = sorted(point(client) for _ in range(30))
        attackers.join()
        print(
            f"{3 * len(TOGETHER)} at once: median {median(beside):.1f} ms ({median(beside) / usual:.1f} x), "
            f"95th percentile {beside[28]:.1f} ms, longest {beside[-1]:.1f} ms; right after: {point(client):.1f} ms"
        )
