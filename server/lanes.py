"""The measures of the pool, and what its requests are: answers, streams, runs, places."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from server import wire
from server.problems import Problem
from server.workers import Worker

_OFTEN, _PENALTY_S = 2, 5.0  # so many in so many seconds: starting a worker anew costs more than what it did
_REMEMBERED = 10_000  # clients
PRESSED_S = 0.02  # a point query takes about a millisecond; whoever took twenty can wait when others do


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many processes, and how long they may work."""

    quick: int = 3
    slow: int = 2
    waiting: int = 64  # requests that may wait for a place in either lane
    slice_s: float = 0.25
    deadline_s: float = 30.0
    reserve: int = 2  # idle workers that only queries of known small cost may take
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


class Demoted(Exception):  # noqa: N818 - not an error of the program
    """A request that waits is sent to the slow lane: others of its client had to leave the quick one."""


class Offenders:
    """Clients whose queries were put out of the quick lane: for some seconds all but small ones go to the slow lane."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def note(self, client: str) -> None:
        """A query of this client was put out."""
        if len(self._times) > _REMEMBERED:
            self._times.clear()
        self._times.setdefault(client, deque(maxlen=_OFTEN)).append(time.monotonic())

    def __contains__(self, client: str) -> bool:
        times = self._times.get(client)
        return times is not None and len(times) == _OFTEN and time.monotonic() - times[0] < _PENALTY_S


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
        return self.chunks[0] if len(self.chunks) == 1 else b"".join(self.chunks)

    def take(self, kind: bytes, payload: bytes) -> int:
        """Add a frame; the number of bytes that have to be held for it."""
        if kind == wire.DATA:
            self.chunks.append(payload)
            return len(payload)
        if kind == wire.ANSWER:
            self.facts = wire.loads(payload)
        elif kind == wire.WHOLE:
            _, generation, found, body = wire.whole_of(payload)
            self.facts, self.chunks = {"generation": generation, "kind": found}, [body]
        elif kind == wire.FAULT:
            self.problem = Problem.of(wire.loads(payload))
        return 0

    def checked(self) -> Answer:
        """This, unless it is a fault: then its Problem is raised."""
        if self.problem is not None:
            if self.rest is not None:
                self.rest.close()
            raise self.problem
        return self


@dataclass(slots=True, eq=False)
class Run:
    """A job under way. `reason` says why its worker was killed, if it was."""

    client: str
    worker: Worker
    started: float
    deadline: float
    lane: str = "quick"
    reason: str | None = None
    gone: Callable[[], Any] | None = None  # awaited, it returns when the client is no longer there
    watch: asyncio.Task[None] | None = None
    aside: Callable[[], None] | None = None  # called once the run has taken so long that others are to wait for it

    def stop(self, reason: str) -> None:
        """Kill the worker: who waits for the answer is told why."""
        if self.reason is None:
            self.reason = reason
            self.worker.kill()

    def used_s(self) -> float:
        """Processor time the job has used."""
        return self.worker.processor_s() - self.worker.used_s

    def watch_client(self) -> None:
        """From now on, stop when the client goes away."""
        if self.aside is not None:
            aside, self.aside = self.aside, None
            aside()
        if self.gone is not None and self.watch is None:
            self.watch = asyncio.ensure_future(self._until_gone(self.gone))

    def failure(self, deadline_s: float) -> Problem:
        """Why the worker is gone."""
        if self.reason == "gone":
            return Problem(499, "client-gone", "the client closed the connection")
        if self.reason == "deadline":
            return Problem(503, "timeout", f"the request took more than {deadline_s:g} seconds", retry_after=60)
        if self.reason == "closed":
            return Problem(503, "stopping", "the server is being stopped", retry_after=10)
        return Problem(503, "worker-lost", "the request used more memory or stack than it may", retry_after=60)

    async def _until_gone(self, gone: Callable[[], Any]) -> None:
        await gone()
        self.stop("gone")

    def end(self) -> None:
        """The job is over."""
        if self.watch is not None:
            self.watch.cancel()


@dataclass(frozen=True, slots=True, eq=False)
class Waiter:
    """A request that waits for a worker of the quick lane."""

    client: str
    cheap: bool
    turn: asyncio.Future[Worker]


def first(waiters: Iterable[Waiter], running: Iterable[Run], *, only_cheap: bool) -> Waiter | None:
    """Who is next: cheap ones first, then the one whose client has least under way, then the first come."""
    open_ = [waiter for waiter in waiters if not waiter.turn.done() and (waiter.cheap or not only_cheap)]
    busy = Counter(run.client for run in running) if len(open_) > 1 else Counter[str]()
    return min(open_, key=lambda waiter: (not waiter.cheap, busy[waiter.client]), default=None)


def refuse(waiters: Iterable[Waiter], why: Exception) -> None:
    """Tell those who wait that there is no worker for them."""
    for waiter in waiters:
        if not waiter.turn.done():
            waiter.turn.set_exception(why)


class Places:
    """A number of places; who finds none waits in line."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._line: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(not turn.done() for turn in self._line)

    def take(self) -> bool:
        """Take a place if one is free."""
        if self._free > 0:
            self._free -= 1
            return True
        return False

    async def wait(self, seconds: float) -> None:
        """Wait for a place and take it. Raises TimeoutError."""
        if self.take():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            await asyncio.wait_for(turn, max(seconds, 0))
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Give a place back."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
