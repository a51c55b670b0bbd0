"""What all routes share: the settings, the workers, the cache and the counters."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request

from kg.store import latest
from server import log
from server.cache import Cache
from server.forker import fits
from server.lanes import Run
from server.metrics import Metrics
from server.pool import Answer, Pool
from server.problems import Problem
from server.settings import ServerSettings
from server.workers import Nursery
from server.writer import Writer

_LOOK_S = 0.2  # seconds between two looks for a generation that another process has published
_QUIET_S = 1.0  # seconds a generation lasts before it is worth a copy; as long as the last copy took, if that is more
_AGAIN_S = 60.0  # seconds until a copy that failed, or for which there was no room, is tried again
_log = logging.getLogger("newsclaims.server")


class Backend:
    """The running parts behind the routes."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.started = time.time()
        self.nursery = Nursery(settings.store, settings.memory_mb * 1024 * 1024)
        self.pool = Pool(self.nursery, settings.lanes)
        self.writer = Writer(self.nursery, settings.write_deadline_s, self.pool.refresh)
        self.cache = Cache(settings.cache_mb * 1024 * 1024)
        self.metrics = Metrics(
            {
                "generation": lambda: self.pool.generation,
                "quads": lambda: self.pool.quads,
                "copied": lambda: int(self.pool.copied),
                "workers_idle": lambda: self.pool.idle,
                "requests_waiting": lambda: self.pool.waiting,
                "workers_lost": lambda: self.pool.lost,
            }
        )
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Start the workers. Raises StoreError if there is nothing to read."""
        newest = latest(self.settings.store)
        await self.pool.start(newest.number if newest else 0)
        self._tasks = (asyncio.create_task(self._look()), asyncio.create_task(self._keep_copy()))

    async def close(self) -> None:
        """End all processes."""
        for task in self._tasks:
            task.cancel()
        self.writer.close()
        await self.pool.close()
        await self.nursery.close()

    def generation(self) -> int:
        """The number of the generation that is answered from."""
        return self.pool.generation

    async def _look(self) -> None:
        """Move to generations that another process publishes."""
        while True:
            await asyncio.sleep(_LOOK_S)
            log.flush()
            try:
                newest = latest(self.settings.store)
                if newest is not None and newest.number > self.pool.generation:
                    await self.pool.refresh(newest.number)
            except (OSError, Problem) as error:
                _log.warning("the newest generation cannot be opened", extra={"facts": {"why": str(error)}})

    async def _keep_copy(self) -> None:
        """Take the newest generation into memory once it has lasted, if there is room."""
        pool, seen, since, quiet = self.pool, 0, 0.0, _QUIET_S
        while True:
            await asyncio.sleep(_LOOK_S)
            now = time.monotonic()
            if pool.generation != seen:
                seen, since = pool.generation, now
            if now - since < quiet or self.nursery.copied == seen:
                continue
            size = fits(pool.quads, self.settings.copy_percent)
            done = bool(size) and await self._copied(seen, size)
            since = time.monotonic()
            quiet = max(_QUIET_S, since - now) if done else _AGAIN_S

    async def _copied(self, generation: int, size: int) -> bool:
        try:
            if await self.nursery.copy(generation, size, lambda: self.pool.generation == generation):
                await self.pool.refresh(generation, copied=True)
                return True
        except (OSError, ValueError, Problem) as error:
            _log.warning("the newest generation is not in memory", extra={"facts": {"why": str(error)}})
        return False

    async def read(
        self,
        request: Request | None,
        job: dict[str, Any],
        generation: int | None = None,
        cheap: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """Run a reading job; it is killed if the client goes away.

        `cheap`: may it have one of the last free workers? The server's own queries may.
        A query that was begun as its request arrived (see server.direct) goes on.
        """
        who = request.client.host if request is not None and request.client else ""
        gone = None if request is None else partial(_gone, request)
        begun: Run | None = None if request is None else request.scope.pop("begun", None)
        answer = await self.pool.run(job, generation, who, cheap=cheap, gone=gone, begun=begun)
        self.metrics.queries[answer.lane] += 1
        return answer

    async def graph(self, request: Request | None, text: str, engine: str) -> bytes:
        """The whole result of one of the server's own CONSTRUCT queries in a format of the engine."""
        answer = await self.read(request, {"op": "query", "text": text, "formats": {"graph": engine}})
        return await whole(answer)

    async def rows(self, request: Request | None, text: str) -> bytes:
        """The whole result of one of the server's own SELECT queries as SPARQL JSON."""
        answer = await self.read(request, {"op": "query", "text": text, "formats": {"solutions": "JSON"}})
        return await whole(answer)


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


async def _gone(request: Request) -> None:
    """Wait until the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
