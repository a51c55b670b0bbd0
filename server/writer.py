"""The one writer: updates go through it one after the other, and are acknowledged once they are published."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from server import wire
from server.pool import Answer
from server.problems import Problem
from server.workers import Nursery, Worker

IDLE_S = 2.0  # the writer lets the store go after this, so that `kg build` can have it


class Writer:
    """A worker process that has the store open for writing while there is something to write."""

    def __init__(self, nursery: Nursery, deadline_s: float, published: Callable[[int], Awaitable[None]]) -> None:
        self._nursery, self._deadline_s, self._published = nursery, deadline_s, published
        self._lock = asyncio.Lock()
        self._worker: Worker | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, job: dict[str, Any], blob: bytes | None = None) -> Answer:
        """Make one change. Raises Problem; a change not acknowledged was made as a whole or not at all."""
        async with self._lock:
            self._stay()
            held = self._worker if self._worker is not None and not self._worker.gone else None
            worker = held or await self._nursery.spawn(write=True)
            self._worker = None  # until the job has ended well
            try:
                worker.send(job | {"seconds": self._deadline_s}, blob)
                answer = await asyncio.wait_for(self._answer(worker), self._deadline_s)
            except TimeoutError:
                worker.kill()
                raise Problem(503, "timeout", f"the change took more than {self._deadline_s:g} seconds") from None
            except BaseException:
                worker.kill()
                raise
            self._worker = worker
            self._timer = asyncio.get_running_loop().call_later(IDLE_S, self.close)
        if answer.problem is not None:
            raise answer.problem
        await self._published(int(answer.facts["generation"]))
        return answer

    def close(self) -> None:
        """Let the store go."""
        self._stay()
        if self._worker is not None:
            self._worker.retire()
            self._worker = None

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _answer(self, worker: Worker) -> Answer:
        answer = Answer()
        while True:
            frame = await worker.receive()
            if frame is None:
                raise Problem(503, "worker-lost", "the change used more memory or stack than it may", retry_after=60)
            if frame[0] == wire.END:
                return answer
            answer.take(*frame)
