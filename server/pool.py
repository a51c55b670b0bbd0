"""The reading workers: a quick lane that is always free again soon, and a slow lane for what takes longer.

A query begins in the quick lane. If it has not ended after a slice of time, it goes on in the slow lane if there is
room; otherwise it is killed (reads have no effect, so nothing is lost) and begins anew when there is. Nothing is sent
to the client before a query has ended or is in the slow lane. When requests wait, the slice shrinks to `PRESSED_S`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from server import wire
from server.problems import Problem
from server.workers import Nursery, Worker

_PATIENCE = 20  # a worker that waits for disk or processor gets this many times its slice on the wall clock
PRESSED_S = 0.02  # a point query takes about a millisecond; whoever took twenty can wait when others do


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many processes, and how long they may work."""

    quick: int = 3
    slow: int = 2
    waiting: int = 64  # requests that may wait for a place in either lane
    slice_s: float = 0.25
    deadline_s: float = 30.0
    held: int = 4 * 1024 * 1024  # bytes of a result held back while it is in the quick lane


class Lost(Exception):  # noqa: N818 - not an error of the program
    """The rest of a result will not come: deadline, memory or a crash."""


class Stream:
    """The rest of a long result. `close` must be called in any case: it frees the place in the slow lane."""

    def __init__(self, worker: Worker, deadline: float, release: Callable[[], None]) -> None:
        self._worker, self._deadline = worker, deadline
        self._release: Callable[[], None] | None = release

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces as they come. Raises Lost if the result breaks off."""
        while True:
            try:
                frame = await asyncio.wait_for(self._worker.receive(), max(self._deadline - time.monotonic(), 0))
            except TimeoutError:
                raise Lost("the deadline passed") from None
            if frame is None or frame[0] == wire.FAULT:
                raise Lost("the worker died" if frame is None else wire.loads(frame[1])["detail"])
            if frame[0] == wire.END:
                return
            yield frame[1]

    def close(self) -> None:
        """End the worker."""
        release, self._release = self._release, None
        if release is not None:
            self._worker.kill()
            release()


@dataclass(slots=True)
class Answer:
    """A result: `facts` (kind, format, generation), the pieces at hand, and the rest, if any, as they come."""

    facts: dict[str, Any] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)
    rest: Stream | None = None
    problem: Problem | None = None
    lane: str = "quick"

    @property
    def body(self) -> bytes:
        """The pieces at hand, joined."""
        return b"".join(self.chunks)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """A request that waits for a worker of the quick lane."""

    client: str
    turn: asyncio.Future[Worker]


@dataclass(slots=True, eq=False)
class _Run:
    """A job under way in the quick lane."""

    client: str
    started: float
    evicted: asyncio.Event = field(default_factory=asyncio.Event)


class Pool:
    """Reading workers of one store, kept at the newest generation."""

    def __init__(self, nursery: Nursery, lanes: Lanes) -> None:
        self._nursery, self.lanes = nursery, lanes
        self._ready: deque[Worker] = deque()
        self._waiters: deque[_Waiter] = deque()
        self._running: set[_Run] = set()
        self._spawning: set[asyncio.Task[bool]] = set()
        self._slow = asyncio.Semaphore(lanes.slow)
        self._slow_waiting = 0
        self._closed = False
        self.generation = 0
        self.quads = 0
        self.lost = 0  # workers that died or were killed

    async def start(self, generation: int) -> None:
        """Start the quick lane; raises Problem if the store cannot be read."""
        self.generation = generation
        self._put(await self._nursery.spawn())
        self._fill()

    async def close(self) -> None:
        """Kill everything."""
        self._closed = True
        for task in self._spawning:
            task.cancel()
        await asyncio.gather(*self._spawning, return_exceptions=True)
        for worker in self._ready:
            worker.kill()
        self._ready.clear()

    def refresh(self, generation: int) -> None:
        """Answer from `generation` from now on."""
        if generation > self.generation:
            self.generation = generation
            for worker in self._ready:
                worker.retire()
            self._ready.clear()
            self._fill()

    @property
    def waiting(self) -> int:
        """Requests that wait for a worker."""
        return len(self._waiters) + self._slow_waiting

    @property
    def idle(self) -> int:
        """Workers that wait for a request."""
        return len(self._ready)

    async def run(self, job: dict[str, Any], generation: int | None = None, client: str = "") -> Answer:
        """Run a reading job; clients who have least under way go first.

        Raises Problem if it fails, takes too long or there is no room.
        """
        deadline = time.monotonic() + self.lanes.deadline_s
        if generation is not None and generation != self.generation:
            return await self._run_slow(job, deadline, generation)
        worker = await self._acquire(deadline, client)
        run = _Run(client, time.monotonic())
        self._running.add(run)
        answer: Answer | None = None
        try:
            answer = await self._quick(worker, job, run, deadline)
        finally:
            self._running.discard(run)
            if answer is None or answer.lane == "slow":
                self._fill()
            else:
                self._put(worker)
        return _checked(answer) if answer is not None else await self._run_slow(job, deadline, None)

    async def _quick(self, worker: Worker, job: dict[str, Any], run: _Run, deadline: float) -> Answer | None:
        """The answer; None if the job was killed to begin anew in the slow lane. Else the worker is killed."""
        answer = Answer()
        ended = asyncio.ensure_future(self._collect(worker, answer))
        try:
            await worker.send(job | {"seconds": self.lanes.deadline_s})
            if await self._in_slice(worker, run, ended):
                return answer
        except BaseException:
            ended.cancel()
            worker.kill()
            raise
        if self._slow.locked():
            ended.cancel()
            worker.kill()
            return None
        await self._slow.acquire()
        self._spawn()
        worker.renice()
        return await self._in_slow_lane(worker, answer, ended, deadline)

    async def _in_slice(self, worker: Worker, run: _Run, ended: asyncio.Future[bool]) -> bool:
        """Wait for the end of the job or of its slice of processor time: True if the job has ended."""
        before = worker.processor_s()
        while True:
            limit = PRESSED_S if self._waiters else self.lanes.slice_s
            left = limit - (worker.processor_s() - before)
            if left <= 0 or time.monotonic() - run.started > _PATIENCE * limit:
                return False
            run.evicted.clear()
            evicted = asyncio.ensure_future(run.evicted.wait())
            waits: tuple[asyncio.Future[Any], ...] = (ended, evicted)
            try:
                await asyncio.wait(waits, timeout=max(left, 0.002), return_when=asyncio.FIRST_COMPLETED)
            finally:
                evicted.cancel()
            if ended.done():
                return ended.result()

    async def _run_slow(self, job: dict[str, Any], deadline: float, generation: int | None) -> Answer:
        if self._slow_waiting >= self.lanes.waiting:
            raise Problem(429, "busy", "too many long requests are waiting", retry_after=5)
        self._slow_waiting += 1
        try:
            await asyncio.wait_for(self._slow.acquire(), max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise Problem(503, "busy", "no place in the lane for long requests came free", retry_after=10) from None
        finally:
            self._slow_waiting -= 1
        try:
            worker = await self._nursery.spawn(generation=generation)
        except BaseException:
            self._slow.release()
            raise
        worker.renice()
        await worker.send(job | {"seconds": self.lanes.deadline_s})
        answer = Answer()
        ended = asyncio.ensure_future(self._collect(worker, answer))
        return _checked(await self._in_slow_lane(worker, answer, ended, deadline))

    async def _in_slow_lane(
        self, worker: Worker, answer: Answer, ended: asyncio.Future[bool], deadline: float
    ) -> Answer:
        """Wait until the result is whole or its first part is there. The slow place is given back at the end."""
        answer.lane = "slow"
        stream = Stream(worker, deadline, self._slow.release)
        try:
            whole = await asyncio.wait_for(ended, max(deadline - time.monotonic(), 0))
        except TimeoutError:
            stream.close()
            self.lost += 1
            raise Problem(
                503, "timeout", f"the request took more than {self.lanes.deadline_s:g} seconds", retry_after=60
            ) from None
        except BaseException:
            stream.close()
            raise
        if whole:
            stream.close()
        else:
            answer.rest = stream
        return answer

    async def _collect(self, worker: Worker, answer: Answer) -> bool:
        """Read frames into `answer`: True at the end, False when as much is held as may be."""
        held = 0
        while held < self.lanes.held:
            frame = await worker.receive()
            if frame is None:
                self.lost += 1
                raise Problem(503, "worker-lost", "the request used more memory or stack than it may", retry_after=60)
            kind, payload = frame
            if kind == wire.END:
                return True
            if kind == wire.FAULT:
                answer.problem = Problem.of(wire.loads(payload))
            elif kind == wire.ANSWER:
                answer.facts = wire.loads(payload)
            else:
                answer.chunks.append(payload)
                held += len(payload)
        return False

    async def _acquire(self, deadline: float, client: str) -> Worker:
        while self._ready:
            worker = self._ready.popleft()
            if worker.generation == self.generation and not worker.reader.at_eof():
                if not self._ready:
                    self._spawn()
                return worker
            worker.kill()
        if len(self._waiters) >= self.lanes.waiting:
            raise Problem(429, "busy", "too many requests are waiting", retry_after=2)
        self._fill()
        waiter = _Waiter(client, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        self._press()
        try:
            return await asyncio.wait_for(waiter.turn, max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise Problem(503, "busy", "no worker came free", retry_after=5) from None
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _press(self) -> None:
        """Make the job that has run longest leave the quick lane as soon as it has had its minimum."""
        oldest = min(
            (run for run in self._running if not run.evicted.is_set()), key=lambda run: run.started, default=None
        )
        if oldest is not None:
            wait = PRESSED_S - (time.monotonic() - oldest.started)
            asyncio.get_running_loop().call_later(max(wait, 0), oldest.evicted.set)

    def _put(self, worker: Worker) -> None:
        """Take an idle worker back."""
        self.quads = worker.quads
        if worker.generation != self.generation or self._closed:
            worker.retire()
            self._fill()
            return
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.turn.set_result(worker)
            return
        if len(self._ready) >= 2 * self.lanes.quick:
            worker.retire()
        else:
            self._ready.append(worker)

    def _next_waiter(self) -> _Waiter | None:
        """Take out the waiter whose client has least under way; among equals the first come."""
        open_ = [waiter for waiter in self._waiters if not waiter.turn.done()]
        if not open_:
            return None
        busy = Counter(run.client for run in self._running)
        chosen = min(open_, key=lambda waiter: busy[waiter.client])
        self._waiters.remove(chosen)
        return chosen

    def _fill(self) -> None:
        """Bring the quick lane to its size, one process after the other unless requests wait."""
        missing = self.lanes.quick - len(self._ready) - len(self._spawning) - len(self._running)
        at_once = max(len(self._waiters), 1) - len(self._spawning)
        for _ in range(min(missing, at_once)):
            self._spawn()
        if not self._spawning and self._waiters:
            self._spawn()

    def _spawn(self) -> None:
        if self._closed or len(self._ready) + len(self._spawning) + len(self._running) >= 2 * self.lanes.quick:
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
            while (waiter := self._next_waiter()) is not None:
                waiter.turn.set_exception(problem)
            return False
        self.generation = max(self.generation, worker.generation or 0)
        self._put(worker)
        return True


def _checked(answer: Answer) -> Answer:
    """The answer, unless it is a fault: then its Problem is raised."""
    if answer.problem is not None:
        if answer.rest is not None:
            answer.rest.close()
        raise answer.problem
    return answer
