"""How long pages take, as multiples of the smallest answer of the same server on the same machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles

import pytest

from tests.serving import Running, starter

pytestmark = pytest.mark.bench
_EVENT = "/page/event/b5a506fe0ea1657e/evacuation-geonames-170063"
_PATHS = ("/-/health", "/", "/search?measure=evacuated", "/map", "/timeline", _EVENT, "/page/article/b5a506fe0ea1657e",
          "/claim/b5a506fe0ea1657e/report-evacuated-336-348", "/page/actor/person-john-kerry", "/compare")  # fmt: skip
_TIMES = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, root: object) -> Iterator[Running]:
    from kg.mapping import article_quads, shared_quads
    from kg.store import canonical_lines
    from tests.gold_readings import BASE, RUN
    from tests.queries.conftest import seed_readings

    readings = list(seed_readings(root / "seeds"))  # type: ignore[operator]
    quads = [q for r in readings for q in (*article_quads(r, RUN, BASE), *shared_quads(r, RUN, BASE))]
    servers = starter(tmp_path_factory)
    yield next(servers)("\n".join(canonical_lines(quads)))
    next(servers, None)


def test_time_of_pages(server: Running) -> None:
    smallest = 0.0
    for path in _PATHS:
        server.client.get(path)
        spent = []
        for _ in range(_TIMES):
            began = time.perf_counter()
            size = len(server.client.get(path).content)
            spent.append((time.perf_counter() - began) * 1000)
        smallest = smallest or median(spent)
        told = f"median {median(spent):.1f} ms, p95 {quantiles(spent, n=20)[-1]:.1f} ms"
        print(f"{path}: {told}, {median(spent) / smallest:.1f} times /-/health, {size:,} bytes")
