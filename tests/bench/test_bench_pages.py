"""How long pages take in a large store: wall time, and processor time of the web process and its workers.

    NEWSCLAIMS_BENCH_QUADS=1000000 pytest -q -s -m bench tests/bench/test_bench_pages.py

The graph is the seeds' gold graph, copied under other article numbers. Each request asks for another thing where there
are others. On a busy machine only the processor time means something (of this process: server and client together).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any, cast
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from kg.mapping import article_quads, shared_quads
from server.pool import Pool
from tests.gold_readings import BASE, RUN
from tests.queries.conftest import seed_readings
from tests.serving import Running, starter

pytestmark = pytest.mark.bench
_QUADS = int(os.environ.get("NEWSCLAIMS_BENCH_QUADS", "200000"))
_TIMES = int(os.environ.get("NEWSCLAIMS_BENCH_TIMES", "40"))
_A, _B = "3a0529bf3f2140c4", "b5a506fe0ea1657e"
_ACTORS = [f"{BASE}id/actor/{name}" for name in ("organization-russian-defence-ministry", "state-turkey")]
_WORDS = ("aleppo", "fighters", "said", "convoy", "bombing", "evacuation", "ministry", "killed", "city", "children")


def _event(number: int) -> str:
    return f"event/{2 * number + 1:016x}/evacuation-geonames-170063"


# Page -> the address of its n-th request.
_PAGES: dict[str, Callable[[int], str]] = {
    "start": lambda n: "/",
    "article": lambda n: f"/page/article/{n:016x}",
    "claim": lambda n: f"/claim/{2 * n + 1:016x}/report-evacuated-336-348",
    "event": lambda n: f"/page/{_event(n)}",
    "event as CSV": lambda n: f"/page/{_event(n)}?as=csv",
    "actor": lambda n: f"/page/actor/{('person-john-kerry', 'state-turkey')[n % 2]}",
    "place": lambda n: "/page/place/geonames-170063",
    "search": lambda n: f"/search?page={n + 1}",
    "search by words": lambda n: f"/search?{urlencode({'q': f'{_WORDS[n % 10]} {_WORDS[(n // 10 + n) % 10]}'})}",
    "search by facets": lambda n: f"/search?measure={('evacuated', 'killed')[n % 2]}&place=Aleppo&page={n + 1}",
    "map": lambda n: f"/map?measure={('evacuated', 'killed')[n % 2]}&q={_WORDS[n % 10]}",
    "timeline": lambda n: f"/timeline?measure={('evacuated', 'killed')[n % 2]}&q={_WORDS[n % 10]}",
    "compare": lambda n: "/compare",
    "compare two actors": lambda n: f"/compare?{urlencode({'left': _ACTORS[n % 2], 'right': _ACTORS[1 - n % 2]})}",
    "graph": lambda n: f"/graph/{_event(n)}",
    "document": lambda n: f"/doc/article/{n:016x}.ttl",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Running]:
    quads: list[ox.Quad] = []
    for reading in seed_readings(root / "seeds"):
        quads += [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]
    text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    copies = _QUADS // (len(quads) - 150) + 1  # about 150 quads of a copy are shared by all
    lines = [text.replace(_A, f"{2 * n:016x}").replace(_B, f"{2 * n + 1:016x}") for n in range(copies)]
    servers = starter(tmp_path_factory)
    yield next(servers)("".join(lines), per_minute=10**7, per_client=64)
    next(servers, None)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Processor seconds of the workers, as they tell after each job."""
    seconds: list[float] = []
    collect = Pool._collect

    async def noted(self: Pool, run: Any, *rest: Any) -> Any:
        before = run.worker.used_s
        answer = await collect(self, run, *rest)
        seconds.append(max(run.worker.used_s - before, 0.0))
        return answer

    monkeypatch.setattr(Pool, "_collect", noted)
    return seconds


def test_time_of_pages(server: Running, worked: list[float]) -> None:
    server.client.timeout = 300
    began = time.perf_counter()
    assert server.client.get("/search").status_code == 200
    backend = cast(Any, server.backend)
    print(f"\n{backend.pool.quads:,} quads; all claims read in {time.perf_counter() - began:.1f} s")
    print(f"{'page':20} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'of workers':>10} {'queries':>8} {'bytes':>9}")
    for name, address in _PAGES.items():
        assert server.client.get(address(0)).status_code == 200, address(0)
        asked, spent, cpu = sum(backend.metrics.queries.values()), [], time.process_time()
        worked.clear()
        for number in range(1, _TIMES + 1):
            at = time.perf_counter()
            response = server.client.get(address(number))
            spent.append((time.perf_counter() - at) * 1000)
            assert response.status_code == 200, address(number)
        ours, theirs = (1000 * total / _TIMES for total in (time.process_time() - cpu, sum(worked)))
        count = (sum(backend.metrics.queries.values()) - asked) / _TIMES
        told = f"{median(spent):8.1f} {quantiles(spent, n=20)[-1]:8.1f} {ours + theirs:8.1f} {theirs:10.1f}"
        print(f"{name:20} {told} {count:8.1f} {len(response.content):9,}")
