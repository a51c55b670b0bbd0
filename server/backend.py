"""What all routes share: the settings, the workers, the cache and the counters."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.requests import Request

from kg.store import latest
from server.cache import Cache
from server.pool import Answer, Pool
from server.problems import Problem
from server.settings import ServerSettings
from server.workers import Nursery
from server.writer import Writer

_LOOK_S = 0.2  # seconds between two looks for a generation that another process has published


class Backend:
    """The running parts behind the routes."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.started = time.time()
        self.nursery = Nursery(settings.store, settings.memory_mb * 1024 * 1024)
        self.pool = Pool(self.nursery, settings.lanes)
        self.writer = Writer(self.nursery, settings.write_deadline_s, self.pool.refresh)
        self.cache = Cache(settings.cache_mb * 1024 * 1024)
        self.metrics = Metrics(self)
        self._looked = 0.0

    async def start(self) -> None:
        """Start the workers. Raises StoreError if there is nothing to read."""
        newest = latest(self.settings.store)
        await self.pool.start(newest.number if newest else 0)

    async def close(self) -> None:
        """End all processes."""
        self.writer.close()
        await self.pool.close()
        await self.nursery.close()

    def generation(self) -> int:
        """The newest generation's number; workers move to it if another process has just published it."""
        now = time.monotonic()
        if now - self._looked > _LOOK_S:
            self._looked = now
            newest = latest(self.settings.store)
            if newest is not None:
                self.pool.refresh(newest.number)
        return self.pool.generation

    async def read(self, request: Request | None, job: dict[str, Any], generation: int | None = None) -> Answer:
        """Run a reading job; it is killed if the client goes away."""
        self.generation()
        who = request.client.host if request is not None and request.client else ""
        task = asyncio.ensure_future(self.pool.run(job, generation, who))
        answer = await (task if request is None else _while_connected(request, task))
        self.metrics.queries.labels(answer.lane).inc()
        return answer

    async def graph(self, request: Request | None, text: str, engine: str) -> bytes:
        """The whole result of one of the server's own CONSTRUCT queries in a format of the engine."""
        answer = await self.read(request, {"op": "query", "text": text, "formats": {"graph": engine}})
        return await whole(answer)

    async def rows(self, request: Request | None, text: str) -> bytes:
        """The whole result of one of the server's own SELECT queries as SPARQL JSON."""
        answer = await self.read(request, {"op": "query", "text": text, "formats": {"solutions": "JSON"}})
        return await whole(answer)


class Metrics:
    """Prometheus counters of one server."""

    def __init__(self, backend: Backend) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "newsclaims_http_requests", "HTTP requests", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "newsclaims_http_seconds",
            "Seconds until an answer began",
            ["route"],
            registry=self.registry,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self.queries = Counter("newsclaims_queries", "Queries answered", ["lane"], registry=self.registry)
        self.cached = Counter("newsclaims_cache_hits", "Results answered from memory", registry=self.registry)
        gauges = {
            "generation": lambda: backend.pool.generation,
            "quads": lambda: backend.pool.quads,
            "workers_idle": lambda: backend.pool.idle,
            "requests_waiting": lambda: backend.pool.waiting,
            "workers_lost": lambda: backend.pool.lost,
        }
        for name, value in gauges.items():
            Gauge(f"newsclaims_{name}", name.replace("_", " "), registry=self.registry).set_function(value)


async def whole(answer: Answer) -> bytes:
    """All of an answer's bytes."""
    pieces = list(answer.chunks)
    if answer.rest is not None:
        try:
            async for piece in answer.rest.chunks():
                pieces.append(piece)
        finally:
            answer.rest.close()
    return b"".join(pieces)


async def _while_connected(request: Request, task: asyncio.Future[Answer]) -> Answer:
    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    watch = asyncio.ensure_future(gone())
    try:
        waits: tuple[asyncio.Future[Any], ...] = (task, watch)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Problem(499, "client-gone", "the client closed the connection")
        return task.result()
    finally:
        watch.cancel()
        if not task.done():
            task.cancel()
