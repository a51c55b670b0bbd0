"""The reading workers: a quick lane that is always free again soon, and a slow lane for what takes longer.

A query begins in the quick lane. If it has not ended after a slice of time, it goes on in the slow lane if there is
room; otherwise it is killed (reads have no effect, so nothing is lost) and begins anew when there is. Nothing is sent
to the client before a query has ended or is in the slow lane. When requests wait, the slice shrinks to `PRESSED_S`.
The last idle workers are kept for queries of known small cost, and a worker that is taken is replaced ahead of time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from server import wire
from server.lanes import PRESSED_S, Answer, Demoted, Lanes, Lost, Offenders, Places, Run, Stream, Waiter, first, refuse
from server.problems import Problem
from server.workers import Nursery, Worker

__all__ = ["PRESSED_S", "Answer", "Lanes", "Lost", "Pool", "Stream"]

_PATIENCE = 20  # a worker that waits for disk or processor gets this many times its slice on the wall clock
_LOOK_S = 0.005  # seconds between two looks at what is under way
_WATCH_S = 0.02  # seconds after which a client is watched: most requests have ended by then
_AT_ONCE = 2  # workers that start at the same time
_log = logging.getLogger("newsclaims.pool")


class Pool:
    """Reading workers of one store, kept at the newest generation."""

    def __init__(self, nursery: Nursery, lanes: Lanes) -> None:
        self._nursery, self.lanes = nursery, lanes
        self._ready, self._waiters = deque[Worker](), deque[Waiter]()
        self._running: set[Run] = set()  # in the quick lane
        self._slower: set[Run] = set()  # in the slow lane, their answer not yet begun
        self._spawning: set[asyncio.Task[bool]] = set()
        self._slow = Places(lanes.slow)
        self._offenders = Offenders()
        self._refreshing = asyncio.Lock()
        self._look: asyncio.TimerHandle | None = None
        self._closed = False
        self.generation = 0
        self.copied = False  # True: workers answer from memory
        self.quads = 0
        self.lost = 0  # workers that died or were killed

    async def start(self, generation: int) -> None:
        """Start the quick lane; raises Problem if the store cannot be read."""
        self.generation = generation
        self.generation = generation
        self._move(await self._nursery.spawn())
        self._fill()

    async def close(self) -> None:
        """Kill everything."""
        self._closed = True
        if self._look is not None:
            self._look.cancel()
        for run in [*self._running, *self._slower]:
            run.stop("closed")
        for task in self._spawning:
            task.cancel()
        await asyncio.gather(*self._spawning, return_exceptions=True)
        for worker in self._ready:
            worker.kill()
        self._ready.clear()

    async def refresh(self, generation: int, *, copied: bool = False) -> None:
        """Answer from `generation` from now on. Until a worker has opened it, the others go on with the old one.

        `copied`: it is in memory now. Raises Problem if it cannot be opened.
        """
        async with self._refreshing:
            if self._closed or generation < self.generation or (generation == self.generation and not copied):
                return
            if not copied:
                self._nursery.forget()
            self._move(await self._nursery.spawn())
            self._fill()

    @property
    def waiting(self) -> int:
        """Requests that wait for a worker."""
        return len(self._waiters) + self._slow.waiting

    @property
    def idle(self) -> int:
        """Workers that wait for a request."""
        return len(self._ready)

    async def run(
        self,
        job: dict[str, Any],
        generation: int | None = None,
        client: str = "",
        *,
        cheap: Callable[[], bool] = lambda: False,
        gone: Callable[[], Any] | None = None,
        begun: Run | None = None,
    ) -> Answer:
        """Run a reading job; clients who have least under way go first.

        `cheap` is asked in times of need only: may this job have one of the last workers? `gone`, awaited, returns
        when the client has gone away. `begun`: it is under way already, see `begin`. Raises Problem if the job fails,
        takes too long or there is no room.
        """
        deadline = time.monotonic() + self.lanes.deadline_s
        if begun is not None:
            begun.gone = gone
            answer = await self._quick(begun, None)
            if answer is not None:
                return answer.checked()
        elif generation is None or generation == self.generation:
            answer = await self._begin(job, deadline, client, cheap, gone)
            if answer is not None:
                return answer.checked()
            generation = None
        return (await self._run_slow(job, deadline, generation, client, gone)).checked()

    def begin(self, client: str, cheap: Callable[[], bool], frame: bytes) -> Run | None:
        """Begin a job if a worker can be had at once. Whoever began it has to `end` it, or to go on with `run`."""
        if client in self._offenders and not cheap():
            return None
        worker = self._idle(cheap)
        if worker is None:
            return None
        now = time.monotonic()
        run = Run(client, worker, now, now + self.lanes.deadline_s)
        self._watch(run)
        worker.write(frame)
        return run

    def end(self, run: Run) -> None:
        """A run that `begin` began is over, or is no longer wanted."""
        self._running.discard(run)
        self._slower.discard(run)
        if run.lane == "slow":
            self._slow.give()
        if run.worker.gone or run.lane == "slow":
            run.worker.kill()
            self._fill()
        else:
            self._put(run.worker)

    async def _begin(
        self,
        job: dict[str, Any],
        deadline: float,
        client: str,
        cheap: Callable[[], bool],
        gone: Callable[[], Any] | None,
    ) -> Answer | None:
        """The answer of a job for the quick lane; None if it has to begin in the slow lane."""
        if client in self._offenders and not cheap():
            return None
        try:
            worker = await self._acquire(deadline, client, cheap)
        except Demoted:
            return None
        return await self._quick(Run(client, worker, time.monotonic(), deadline, gone=gone), job)

    def _watch(self, run: Run) -> None:
        (self._running if run.lane == "quick" else self._slower).add(run)
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(_LOOK_S, self._sweep)

    async def _quick(self, run: Run, job: dict[str, Any] | None) -> Answer | None:
        """The answer of a job that begins in the quick lane; None if it has to begin anew in the slow lane.

        Without a `job` the run was begun before.
        """
        if job is not None:
            self._watch(run)
        try:
            answer = await self._collect(run, job)
        except BaseException:
            run.worker.kill()
            if run.lane == "slow":
                self._slow.give()
            raise
        finally:
            run.end()
            self._running.discard(run)
            self._slower.discard(run)
            if run.worker.gone:
                self._fill()
        if run.lane == "quick" and answer is not None:
            self._put(run.worker)
        return answer

    async def _run_slow(
        self, job: dict[str, Any], deadline: float, generation: int | None, client: str, gone: Callable[[], Any] | None
    ) -> Answer:
        if self._slow.waiting >= self.lanes.waiting:
            raise Problem(429, "busy", "too many long requests are waiting", retry_after=5)
        try:
            await self._slow.wait(deadline - time.monotonic())
        except TimeoutError:
            raise Problem(503, "busy", "no place in the lane for long requests came free", retry_after=10) from None
        try:
            worker = await self._nursery.spawn(generation=generation)
        except BaseException:
            self._slow.give()
            raise
        worker.renice()
        run = Run(client, worker, time.monotonic(), deadline, "slow", gone=gone)
        self._watch(run)
        try:
            answer = await self._collect(run, job)
        except BaseException:
            worker.kill()
            self._slow.give()
            raise
        finally:
            run.end()
            self._slower.discard(run)
        if answer is None:  # only in the quick lane
            raise RuntimeError("a run in the slow lane was evicted")
        return answer

    async def _collect(self, run: Run, job: dict[str, Any] | None) -> Answer | None:
        """Send the job and take what comes: None if it was evicted. In the slow lane the place is given back."""
        answer, held, worker = Answer(), 0, run.worker
        if job is not None:
            worker.send(job | {"seconds": self.lanes.deadline_s})
        while True:
            frame = await worker.receive()
            if frame is None:
                if run.reason == "evicted":
                    return None
                self.lost += 1
                raise run.failure(self.lanes.deadline_s)
            kind, payload = frame
            held += answer.take(kind, payload)
            if kind in {wire.END, wire.WHOLE}:
                worker.used_s = wire.SECONDS.unpack_from(payload)[0]
                answer.lane = run.lane
                if run.lane == "slow":
                    worker.kill()
                    self._slow.give()
                return answer
            if held >= self.lanes.held:
                if run.lane == "quick" and not self._promote(run):
                    worker.kill()
                    return None
                answer.lane = run.lane
                answer.rest = Stream(worker, run.deadline, self._slow.give)
                return answer

    def _sweep(self) -> None:
        """Look at all that is under way: what is over its time leaves its lane, or ends."""
        self._look = None
        now = time.monotonic()
        for run in [*self._running, *self._slower]:
            if now > run.deadline:
                run.stop("deadline")
            elif now - run.started > _WATCH_S:
                run.watch_client()
        pressed = any(not waiter.turn.done() for waiter in self._waiters)
        limit = PRESSED_S if pressed else self.lanes.slice_s
        late = [run for run in self._running if now - run.started > limit and run.reason is None]
        for run in sorted(late, key=lambda run: run.started):
            if run.used_s() > limit or now - run.started > _PATIENCE * limit:
                self._expel(run)
        if self._running or self._slower:
            self._look = asyncio.get_running_loop().call_later(_LOOK_S, self._sweep)

    def _expel(self, run: Run) -> None:
        """Make a run leave the quick lane; while nobody needs its worker and there is no other place, it may stay."""
        if self._promote(run):
            return
        if self._waiters or len(self._ready) <= self.lanes.reserve:
            run.stop("evicted")
            self._running.discard(run)
            self._offenders.note(run.client)
            if run.client in self._offenders:
                refuse((one for one in self._waiters if one.client == run.client and not one.cheap), Demoted())
            self._fill()

    def _promote(self, run: Run) -> bool:
        """Let a run go on in the slow lane, if a place there is free."""
        if not self._slow.take():
            return False
        run.lane = "slow"
        run.worker.renice()
        self._running.discard(run)
        self._slower.add(run)
        self._fill()
        return True

    def _idle(self, cheap: Callable[[], bool]) -> Worker | None:
        """An idle worker; None if there is none for such a job."""
        while self._ready:
            if len(self._ready) <= self.lanes.reserve and self._running and not cheap():
                return None
            worker = self._ready.pop()  # the one whose memory is warm
            if self._is_current(worker):
                if len(self._ready) <= self.lanes.reserve:
                    self._spawn()
                return worker
            worker.retire()
        return None

    async def _acquire(self, deadline: float, client: str, cheap: Callable[[], bool]) -> Worker:
        worker = self._idle(cheap)
        if worker is not None:
            return worker
        if len(self._waiters) >= self.lanes.waiting:
            raise Problem(429, "busy", "too many requests are waiting", retry_after=2)
        waiter = Waiter(client, cheap(), asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        self._fill()
        try:
            return await asyncio.wait_for(waiter.turn, max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise Problem(503, "busy", "no worker came free", retry_after=5) from None
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and waiter.turn.exception() is None:
                self._put(waiter.turn.result())
            raise
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _is_current(self, worker: Worker) -> bool:
        return not worker.gone and (worker.generation, worker.copied) == (self.generation, self.copied)

    def _put(self, worker: Worker) -> None:
        """Take an idle worker back."""
        self.quads = worker.quads
        if self._closed or not self._is_current(worker):
            worker.retire()
            self._fill()
            return
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.turn.set_result(worker)
        elif len(self._ready) >= 2 * self._size:
            worker.retire()
        else:
            self._ready.append(worker)

    def _next_waiter(self) -> Waiter | None:
        """Take out the waiter who is next. The reserve is for the cheap ones alone."""
        only_cheap = len(self._ready) < self.lanes.reserve and bool(self._running)
        chosen = first(self._waiters, self._running, only_cheap=only_cheap)
        if chosen is not None:
            self._waiters.remove(chosen)
        return chosen

    @property
    def _size(self) -> int:
        return self.lanes.quick + self.lanes.reserve

    def _fill(self) -> None:
        """Bring the quick lane to its size, few processes at a time: each costs some of the processor's time."""
        missing = self._size - len(self._ready) - len(self._spawning) - len(self._running)
        for _ in range(min(missing, _AT_ONCE - len(self._spawning))):
            self._spawn()
        if not self._spawning and self._waiters:
            self._spawn()

    def _spawn(self) -> None:
        if self._closed or len(self._ready) + len(self._spawning) + len(self._running) >= 2 * self._size:
            return
        task = asyncio.create_task(self._spawn_one())
        self._spawning.add(task)
        task.add_done_callback(self._spawned)

    def _spawned(self, task: asyncio.Task[bool]) -> None:
        self._spawning.discard(task)
        if not self._closed and not task.cancelled() and task.result():
            self._fill()

    async def _spawn_one(self) -> bool:
        """Start a worker; False if none can be started."""
        try:
            worker = await self._nursery.spawn()
        except Problem as problem:
            _log.warning("no worker", extra={"facts": {"detail": problem.detail}})
            refuse(self._waiters, problem)
            self._waiters.clear()
            return False
        self._move(worker)
        return True

    def _move(self, worker: Worker) -> None:
        """Take a new worker. If it reads what the others do not, a newer generation or its copy, they are replaced."""
        found = worker.generation or 0
        changed = self.copied != worker.copied == (self._nursery.copied == found)
        if found > self.generation or (found == self.generation and changed):
            self.generation, self.copied = found, worker.copied
            for old in self._ready:
                old.retire()
            self._ready.clear()
        self._put(worker)
