"""Queries a second of this server and of the Oxigraph server over the same graph, in one run.

    NEWSCLAIMS_BENCH_QUADS=1000000 pytest -q -s -m bench tests/bench/test_bench_server.py

The graph is the seeds' gold graph, copied under other article numbers. Both servers answer on loopback to the same
clients; on a busy machine only the ratios mean something.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from kg.mapping import article_quads, shared_quads
from kg.store import Store
from tests.gold_readings import BASE, RUN
from tests.queries.conftest import seed_readings

QUADS = int(os.environ.get("NEWSCLAIMS_BENCH_QUADS", "200000"))
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
def addresses(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, str]]]:
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
    ports = [free_port(), free_port()]
    command = [sys.executable, "-c", _SERVE, str(folder / "store"), str(ports[0])]
    limits = {"NEWSCLAIMS_SERVER_PER_MINUTE": "10000000", "NEWSCLAIMS_SERVER_CACHE_MB": "0"}
    processes = [subprocess.Popen(command, env=os.environ | limits, stderr=subprocess.DEVNULL)]
    found = {"newsclaims": (ports[0], "/sparql")}
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary:
        arguments = [binary, "serve-read-only", "--location", str(folder / "peer"), "--bind", f"127.0.0.1:{ports[1]}"]
        arguments.append("--union-default-graph")
        processes.append(subprocess.Popen(arguments, stderr=subprocess.DEVNULL))
        found["oxigraph"] = (ports[1], "/query")
    for port, path in found.values():
        wait_for(port, path)
    yield found
    for process in processes:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, path: str) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                fetch(connection, path, "ASK {}")
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers on port {port}")


def fetch(connection: http.client.HTTPConnection, path: str, query: str) -> int:
    connection.request(
        "GET", f"{path}?query={quote(query)}", headers={"Accept": "application/sparql-results+json, text/turtle"}
    )
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return len(body)


def rate(port: int, path: str, kind: str, clients: int, articles: int) -> tuple[float, float]:
    """Answers a second, and the 95th percentile of their time in milliseconds."""
    times: list[float] = []
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
    return len(times) / SECONDS, 1000 * times[int(len(times) * 0.95)]


@pytest.mark.bench
def test_throughput(addresses: dict[str, tuple[int, str]], lines: list[str]) -> None:
    for clients in (1, 8):
        for kind in ("point", "provenance", "ledger", "describe"):
            figures = {name: rate(*address, kind, clients, 2 * len(lines)) for name, address in addresses.items()}
            ours = figures["newsclaims"]
            shown = "   ".join(f"{name} {per_s:7.0f}/s p95 {ms:6.1f} ms" for name, (per_s, ms) in figures.items())
            ratio = f"   ratio {ours[0] / figures['oxigraph'][0]:.2f}" if "oxigraph" in figures else ""
            print(f"{kind:12} {clients} client{'s' * (clients > 1)}: {shown}{ratio}")
            assert ours[0] > 0
