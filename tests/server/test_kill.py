"""kill -9 of the writer, a worker or the whole server: no acknowledged write is lost, none is half there."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.store import Store
from server.settings import digest
from tests.serving import TOKEN

ROUNDS = int(os.environ.get("NEWSCLAIMS_KILLS", "6"))  # 200 for the figure in the README
TRIPLES = 5
_SERVE = "import sys; from server.serve import serve; serve(sys.argv[1], port=int(sys.argv[2]), writable=True)"


class Service:
    """A server in a process of its own, started again after every death."""

    def __init__(self, store: Path) -> None:
        self.store, self.log = store, store.with_suffix(".log")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client()  # making one reads all certificates: not while the server starts
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> float:
        """Start it; seconds until a query is answered."""
        began = time.monotonic()
        environment = os.environ | {
            "NEWSCLAIMS_SERVER_TOKENS": f'{{"{digest(TOKEN)}": "write"}}',
            "NEWSCLAIMS_SERVER_AUDIT": "0",
        }
        command = [sys.executable, "-c", _SERVE, str(self.store), str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log)
        while time.monotonic() - began < 120:
            with contextlib.suppress(httpx.HTTPError):
                if self.client.get(self.url + "/-/ready", timeout=5).status_code == 200:
                    return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("the server did not come back:\n" + self.log.read_text("utf-8", "replace")[-4000:])

    def back(self) -> float:
        """Seconds until a query is answered."""
        began = time.monotonic()
        while time.monotonic() - began < 120:
            with contextlib.suppress(httpx.HTTPError):
                if self.client.get(self.url + "/sparql?query=ASK%20%7B%7D", timeout=20).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.01)
        raise AssertionError("no query was answered any more")

    def family(self) -> list[int]:
        """The process ids of the server and all that it has started."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += children.get(pid, [])
        return found


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    with Store.create_or_open(tmp_path / "store"):
        pass
    found = Service(tmp_path / "store")
    yield found
    found.client.close()
    found.process.terminate()
    assert found.process.wait(30) is not None


def test_no_acknowledged_write_is_lost(service: Service) -> None:
    acknowledged: list[int] = []
    tried = 0
    stop = threading.Event()

    def write() -> None:
        nonlocal tried
        headers = {"Authorization": f"Bearer {TOKEN}"}
        while not stop.is_set():
            tried += 1
            number = tried
            body = " ".join(f"<urn:s{number}> <urn:p{n}> {n} ." for n in range(TRIPLES))
            update = f"INSERT DATA {{ GRAPH <urn:g{number}> {{ {body} }} }}"
            with waiting_after_errors():
                sent = client.post(service.url + "/sparql", data={"update": update}, headers=headers)
                if sent.status_code == 204:
                    acknowledged.append(number)

    def read() -> None:
        while not stop.is_set():
            with waiting_after_errors():
                client.get(service.url + "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})

    client = httpx.Client(timeout=20)  # one for both: making one reads all certificates, 30 ms each
    threads = [threading.Thread(target=write), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    chance = random.Random(7)
    away: list[tuple[float, str]] = []  # seconds until a query was answered again, and who was killed
    try:
        for _ in range(ROUNDS):
            enough = len(acknowledged) + 2
            while len(acknowledged) < enough:  # however slow the machine is, writes are under way
                time.sleep(0.02)
            time.sleep(chance.uniform(0.0, 0.3))
            family = service.family()
            victim = chance.choice(family) if chance.random() < 0.7 else service.process.pid
            kind = kind_of(victim, service.process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            if victim == service.process.pid:
                service.process.wait()
                away.append((service.start(), kind))
            else:
                away.append((service.back(), kind))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        client.close()
    found = counts(service)
    assert acknowledged
    assert set(acknowledged) <= set(found), "an acknowledged write is lost"
    assert set(found.values()) == {TRIPLES}, "a write is half there"
    print(f"\n{ROUNDS} kills, {tried} writes tried, {len(acknowledged)} acknowledged, {len(found)} found, none half")
    tell(sorted(away))


def tell(away: list[tuple[float, str]]) -> None:
    """Print how long it took until a query was answered, for each kind of process that was killed."""
    print(f"back after {away[len(away) // 2][0]:.2f} s (median), {away[-1][0]:.2f} s (longest)")
    for kind in sorted({kind for _, kind in away}):
        found_s = [seconds for seconds, found in away if found == kind]
        print(f"  {kind}: {len(found_s)} kills, {found_s[len(found_s) // 2]:.2f} s, {found_s[-1]:.2f} s (longest)")


@contextlib.contextmanager
def waiting_after_errors() -> Iterator[None]:
    """A client that is refused tries again after a moment: one that never waits takes a core from the server's start,
    which needs a second of it."""
    try:
        yield
    except httpx.HTTPError:
        time.sleep(0.05)


def kind_of(pid: int, server: int) -> str:
    """What a process of the server is."""
    if pid == server:
        return "web process"
    with contextlib.suppress(OSError, IndexError):
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return "nursery" if parent == server else "worker, writer or copy"
    return "gone already"


def counts(service: Service) -> dict[int, int]:
    """Write -> triples of it that are there."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    for _ in range(100):
        response = httpx.get(service.url + "/sparql", params={"query": query}, timeout=30)
        if response.status_code == 200:
            break
        time.sleep(0.1)
    rows = response.json()["results"]["bindings"]
    return {int(row["g"]["value"].removeprefix("urn:g")): int(row["n"]["value"]) for row in rows}
