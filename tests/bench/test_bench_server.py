"""Queries a second of this server and of others over the same graph, in one run.

    NEWSCLAIMS_BENCH_QUADS=1000000 pytest -q -s -m bench tests/bench/test_bench_server.py

The graph is the seeds' gold graph, copied under other article numbers. All servers answer on loopback to the same
clients; on a busy machine only the ratios mean something, and the processor time of a request. The Oxigraph server
(package `oxigraph`), Virtuoso 7 (`virtuoso-t`) and rdflib-endpoint (`pip install rdflib-endpoint`) take part where
they are installed; NEWSCLAIMS_BENCH_PEERS=oxigraph names those that shall.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from kg.mapping import article_quads, shared_quads
from kg.store import Store
from tests.gold_readings import BASE, RUN
from tests.peers import ISQL, VIRTUOSO, free_port, virtuoso
from tests.queries.conftest import seed_readings

QUADS = int(os.environ.get("NEWSCLAIMS_BENCH_QUADS", "200000"))
PEERS = os.environ.get("NEWSCLAIMS_BENCH_PEERS", "oxigraph virtuoso rdflib-endpoint").split()
RDFLIB_MOST = 300_000  # quads; rdflib takes a minute to read them, and a kilobyte of memory for each
SECONDS = float(os.environ.get("NEWSCLAIMS_BENCH_SECONDS", "3"))
A, B = "3a0529bf3f2140c4", "b5a506fe0ea1657e"
PREFIX = "PREFIX nc: <https://w3id.org/newsclaims/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#> "
_SERVE = "import sys; from server.serve import serve; serve(sys.argv[1], port=int(sys.argv[2]))"


def question(name: str, number: int) -> str:
    """A query of one kind; `number` makes it another article's, so that no cache helps."""
    article = f"{BASE}id/article/{number:016x}"
    return {
        "point": f"SELECT ?p ?o {{ <{article}> ?p ?o }}",
        "provenance": f"{PREFIX} SELECT ?claim ?words ?run {{ ?claim nc:inArticle <{article}> ;"
        f" nc:contentSpan/nc:exact ?words . ?graph prov:wasDerivedFrom <{article}> ; prov:wasGeneratedBy ?run }}",
        "ledger": f"{PREFIX} SELECT ?measure (COUNT(*) AS ?n) (MIN(?low) AS ?least) {{"
        f" ?claim nc:inArticle <{article}> ; nc:measure ?measure ; nc:hasFigure ?figure ."
        " OPTIONAL { ?figure nc:low ?low } } GROUP BY ?measure",
        "describe": f"DESCRIBE <{article}>",
    }[name]


@pytest.fixture(scope="module")
def lines(root: Path) -> list[str]:
    quads: list[ox.Quad] = []
    for reading in seed_readings(root / "seeds"):
        quads += [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]
    text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    copies = max(QUADS // len(quads), 1)
    return [text.replace(A, f"{2 * n:016x}").replace(B, f"{2 * n + 1:016x}") for n in range(copies)]


@pytest.fixture(scope="module")
def folder(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph as a file, as our store and as the engine's own."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "graph.nq").write_text("".join(lines), encoding="utf-8")
    began = time.monotonic()
    with Store.create_or_open(folder / "store") as store:
        store.load(folder / "graph.nq")
        size = len(store)
    ours = time.monotonic() - began
    began = time.monotonic()
    peer = ox.Store(str(folder / "peer"))
    peer.bulk_load(path=str(folder / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    del peer
    theirs = time.monotonic() - began
    print(f"\n{size} quads; load {size / ours:.0f}/s, the engine alone {size / theirs:.0f}/s")
    return folder


@pytest.fixture(scope="module")
def addresses(folder: Path) -> Iterator[dict[str, Served]]:
    with ExitStack() as running:
        found = {"newsclaims": running.enter_context(ours_of(folder / "store", cache_mb=0))}
        for peer_name in PEERS:
            started = _START[peer_name](folder)
            if started is not None:
                found[peer_name] = running.enter_context(started)
        yield found


Served = tuple[int, str, int]  # port, path, process


@contextmanager
def process_of(command: list[str], port: int, path: str, **environment: str) -> Iterator[Served]:
    """A server in a process of its own, from the moment it answers."""
    with subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, path)
            yield port, path, process.pid
        finally:
            process.terminate()


@contextmanager
def ours_of(store: Path, cache_mb: int) -> Iterator[Served]:
    """Our server, from the moment at which it answers from memory, if the graph fits in there."""
    port = free_port()
    limits = {"NEWSCLAIMS_SERVER_PER_MINUTE": "10000000", "NEWSCLAIMS_SERVER_CACHE_MB": str(cache_mb)}
    command = [sys.executable, "-c", _SERVE, str(store), str(port)]
    with process_of(command, port, "/sparql", **limits) as served:
        began = time.monotonic()
        while not (copied := in_memory(port)) and time.monotonic() - began < 30 + QUADS / 10_000:
            time.sleep(0.2)
        print(f"newsclaims answers from {'memory' if copied else 'the disk'} {time.monotonic() - began:.1f} s later")
        yield served


def in_memory(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/-/ready")
        return bool(json.loads(connection.getresponse().read()).get("in_memory"))


def oxigraph_of(folder: Path) -> AbstractContextManager[Served] | None:
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary is None:
        return None
    port = free_port()
    command = [binary, "serve-read-only", "--location", str(folder / "peer"), "--bind", f"127.0.0.1:{port}"]
    return process_of([*command, "--union-default-graph"], port, "/query")


def virtuoso_of(folder: Path) -> AbstractContextManager[Served] | None:
    if VIRTUOSO is None or ISQL is None:
        return None

    @contextmanager
    def served() -> Iterator[Served]:
        with virtuoso(folder / "virtuoso", folder / "graph.nq") as (port, pid):
            yield port, "/sparql", pid

    return served()


def rdflib_of(folder: Path) -> AbstractContextManager[Served] | None:
    if find_spec("rdflib_endpoint") is None or QUADS > RDFLIB_MOST:
        return None
    port = free_port()
    return process_of([sys.executable, "-c", _RDFLIB, str(folder / "graph.nq"), str(port)], port, "/")


_START = {"oxigraph": oxigraph_of, "virtuoso": virtuoso_of, "rdflib-endpoint": rdflib_of}
_RDFLIB = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), port=int(sys.argv[2]), log_level="error")
"""


def wait_for(port: int, path: str) -> None:
    end = time.monotonic() + 600
    while time.monotonic() < end:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                fetch(connection, path, "ASK { ?s ?p ?o }")
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers on port {port}")


def fetch(connection: http.client.HTTPConnection, path: str, query: str) -> int:
    accept = "text/turtle" if query.startswith("DESCRIBE") else "application/sparql-results+json"
    connection.request("GET", f"{path}?query={quote(query)}", headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return len(body)


def processor_s(pid: int) -> float:
    """Processor time that a process and those it has started have used, in seconds."""
    parents: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
            used[int(entry.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        total += used.get(one, 0.0)
        waiting += parents.get(one, [])
    return total


def rate(served: Served, kind: str, clients: int, articles: int) -> tuple[float, float, float]:
    """Answers a second, the 95th percentile of their time and the processor time of each, both in milliseconds."""
    port, path, pid = served
    times: list[float] = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(100):  # caches are warm for all alike
            fetch(connection, path, question(kind, number % articles))
    used = processor_s(pid)
    end = time.monotonic() + SECONDS

    def work(seed: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        number = seed * 7919
        while time.monotonic() < end:
            number += 1
            began = time.monotonic()
            fetch(connection, path, question(kind, number % articles))
            times.append(time.monotonic() - began)
        connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    each = 1000 * (processor_s(pid) - used) / len(times)
    return len(times) / SECONDS, 1000 * times[int(len(times) * 0.95)], each


@pytest.mark.bench
def test_throughput(addresses: dict[str, Served], lines: list[str]) -> None:
    """Every query is answered by the engine: the cache is off."""
    compare(addresses, 2 * len(lines))


@pytest.mark.bench
def test_throughput_of_repeats(folder: Path, addresses: dict[str, Served]) -> None:
    """As it is delivered: the cache is on, and the same hundred queries of a kind come again and again."""
    with ours_of(folder / "store", cache_mb=64) as served:
        compare(addresses | {"newsclaims": served}, articles=100)


def compare(addresses: dict[str, Served], articles: int) -> None:
    for clients in (1, 8):
        for kind in ("point", "provenance", "ledger", "describe"):
            figures = {name: rate(served, kind, clients, articles) for name, served in addresses.items()}
            ours = figures["newsclaims"]
            shown = "   ".join(
                f"{name} {per_s:5.0f}/s p95 {ms:.1f} ms cpu {cpu:.2f} ms" for name, (per_s, ms, cpu) in figures.items()
            )
            ratios = ", ".join(
                f"{ours[0] / figure[0]:.2f} of {name}" for name, figure in figures.items() if name != "newsclaims"
            )
            print(f"{kind:12} {clients} client{'s' * (clients > 1)}: {shown}   {ratios}")
            assert ours[0] > 0


@pytest.mark.bench
def test_repeated_aggregates(folder: Path, lines: list[str]) -> None:
    """An aggregate over everything, the first time and then from memory; the limit of the latter is 5 ms."""
    query = f"{PREFIX} SELECT ?measure (COUNT(*) AS ?n) (MIN(?low) AS ?least) {{ ?claim nc:measure ?measure ;"
    query += " nc:hasFigure ?figure . OPTIONAL { ?figure nc:low ?low } } GROUP BY ?measure"
    with ours_of(folder / "store", cache_mb=64) as (port, path, _):
        connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
        for _ in range(101):
            began = time.perf_counter()
            fetch(connection, path, query)
            times.append(1000 * (time.perf_counter() - began))
        connection.close()
    first, again = times[0], sorted(times[1:])
    print(f"\naggregate: {first:.1f} ms; from memory: median {again[50]:.2f} ms, 95th percentile {again[94]:.2f} ms")
    assert again[50] < first
