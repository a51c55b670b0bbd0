"""Worker processes as the web process sees them: start one, talk to it, kill it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

from server import wire
from server.forker import START_S, Copy, Forker, Refused
from server.problems import Problem

NICE = 15  # of a worker in the slow lane: point queries get the processor first
_ATTEMPTS = 3  # on a machine short of threads the engine may abort while it opens; the next try mostly succeeds
# glibc gives each thread of the engine its own heap and reserves 64 to 128 MiB of addresses for it, all of which count
# against the worker's cap: measured peaks of 519 to 991 MiB in an idle worker, 200 MiB with one heap.
_ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}
# The engine makes and drops thousands of small pieces a query: where each thread keeps 2,000 of a size instead of 7, a
# join over 190,000 quads took 1.7 instead of 3.1 ms of processor time from the disk and 0.5 instead of 0.7 from memory,
# a point query 75 instead of 165 and 43 instead of 73 microseconds; large pages save another tenth in memory.
_MANY_KEPT = "glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1"
_END_S = 5.0  # seconds the nursery may take to end
_HELD = 1 << 20  # bytes of frames that wait here before the worker has to wait
_log = logging.getLogger("newsclaims.worker")


class Listener(Protocol):
    """Who wants an answer as soon as it is there, without a task that waits for it."""

    def whole(self, payload: bytes) -> bool:
        """The answer came in one WHOLE frame; False if it is to be kept."""

    def other(self) -> None:
        """Something else came, or the worker is gone: `receive` tells what."""


class Worker(asyncio.Protocol):
    """A worker process and the socket to it. The socket closes by itself when the process is gone."""

    def __init__(self) -> None:
        self.pid = 0
        self.generation: int | None = None
        self.quads = 0
        self.copied = False  # True: it answers from memory
        self.used_s = 0.0  # processor time at the end of its last job
        self.gone = False
        self.listener: Listener | None = None
        self._transport: asyncio.Transport
        self._frames: deque[wire.Frame] = deque()
        self._splitter = wire.Splitter()
        self._held = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Some bytes from the process."""
        frames = self._splitter.feed(data)
        if self.listener is not None and len(frames) == 1 and frames[0][0] == wire.WHOLE:
            listener, self.listener = self.listener, None
            if listener.whole(frames[0][1]):
                return
            self.listener = listener
        self._frames.extend(frames)
        self._held += sum(len(payload) for _, payload in frames)
        if self._held > _HELD and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        if frames:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended, or was told to."""
        self.gone = True
        self._wake()
        if not self._closed.done():
            self._closed.set_result(None)

    def _wake(self) -> None:
        if self.listener is not None:
            listener, self.listener = self.listener, None
            listener.other()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def send(self, job: dict[str, Any], blob: bytes | None = None) -> None:
        """Give the worker a job."""
        if not self.gone:
            frame = wire.pack_json(wire.JOB, job | {"blob": True} if blob is not None else job)
            self._transport.write(frame if blob is None else frame + wire.pack(wire.BLOB, blob))

    def write(self, frame: bytes) -> None:
        """Give the worker a job that is a frame already."""
        if not self.gone:
            self._transport.write(frame)

    async def receive(self) -> wire.Frame | None:
        """The next frame; None if the worker is gone."""
        while not self._frames:
            if self.gone:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        frame = self._frames.popleft()
        self._held -= len(frame[1])
        if self._paused and self._held < _HELD // 2 and not self.gone:
            self._paused = False
            self._transport.resume_reading()
        return frame

    def processor_s(self) -> float:
        """Seconds of processor time the worker has used; where the platform does not tell, those of the clock."""
        try:
            return int(Path(f"/proc/{self.pid}/schedstat").read_bytes().split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return time.monotonic()

    def renice(self) -> None:
        """Put the worker behind all others."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, NICE)

    def kill(self) -> None:
        """End the worker at once, whatever it does. Who waits for its frames gets None."""
        if not self.gone:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
        self.retire()
        self._frames.clear()

    def retire(self) -> None:
        """Let an idle worker end by itself."""
        self.gone = True
        self._transport.close()
        self._wake()

    async def closed(self) -> None:
        """Wait until the socket is closed."""
        await self._closed


class Nursery:
    """The process that forks workers. Restarted when it is gone."""

    def __init__(self, store: Path, memory: int) -> None:
        self._store, self._memory = store, memory
        self._forker: Forker | None = None
        self._copy: Copy | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._reading: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()
        self._living: set[Worker] = set()
        self._open = True
        self.isolated = False  # True: workers have no network

    async def spawn(self, *, write: bool = False, generation: int | None = None) -> Worker:
        """A worker that has opened the store. Raises Problem 503 if it cannot."""
        task = asyncio.ensure_future(self._spawn(write=write, generation=generation))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:  # the exchange with the nursery goes on to its end: the next needs it whole
            task.add_done_callback(_unwanted)
            raise

    async def _spawn(self, *, write: bool, generation: int | None) -> Worker:
        spec = {"store": str(self._store), "write": write, "generation": generation}
        spec["memory"] = self._memory * (4 if write else 1)  # updates are made by those who hold a token
        failure = Problem(503, "no-worker", "a worker process did not start", retry_after=5)
        for _ in range(_ATTEMPTS):
            try:
                worker = await self._started(spec)
            except Problem as problem:
                failure = problem
                continue
            try:
                frame = await asyncio.wait_for(worker.receive(), START_S)
            except TimeoutError:
                frame = None
            if frame is not None and frame[0] == wire.READY:
                facts = wire.loads(frame[1])
                worker.generation, worker.quads = facts["generation"], facts["quads"]
                worker.copied = facts["copied"]
                return worker
            worker.kill()
            if frame is not None:
                raise Problem(503, "store", wire.loads(frame[1])["detail"], retry_after=5)
            _log.warning("worker", extra={"facts": {"pid": worker.pid, "says": "ended before it was ready; replaced"}})
        raise failure

    async def _started(self, spec: dict[str, Any]) -> Worker:
        """A worker process that is about to open the store."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            pid = await self._fork(spec, theirs)
            loop = asyncio.get_running_loop()
            _, worker = await loop.create_unix_connection(Worker, sock=ours)
        except (OSError, ValueError) as error:
            ours.close()
            why = str(error) or "it took too long"
            raise Problem(503, "no-worker", f"no worker process could be started: {why}", retry_after=1) from None
        finally:
            theirs.close()
        worker.pid = pid
        self._living = {living for living in self._living if not living.gone} | {worker}
        return worker

    @property
    def copied(self) -> int | None:
        """The generation that is in memory."""
        return None if self._copy is None else self._copy.generation

    async def copy(self, generation: int, size: int, wanted: Callable[[], bool]) -> bool:
        """Take `generation` into memory, of which at most `size` bytes; True once workers answer from there.

        It ends early once it is no longer `wanted`. Raises OSError or ValueError if no process can be started.
        """
        self.forget()
        copy = Copy(generation)
        try:
            spec = {"store": str(self._store), "copy": generation, "memory": size}
            await self._asked(spec, copy.forker.theirs)
            if await copy.made(wanted) and wanted() and self._open:
                self._copy = copy
                return True
        finally:
            if self._copy is not copy:
                copy.forker.close()
        return False

    def forget(self) -> None:
        """Answer from the disk again. Workers under way go on to their end."""
        if self._copy is not None:
            self._copy.forker.close()
            self._copy = None

    async def close(self) -> None:
        """Stop forking; the nursery ends, and with it every worker."""
        self._open = False
        living = list(self._living)
        for worker in living:
            worker.kill()
        await asyncio.gather(*(worker.closed() for worker in living))
        self.forget()
        if self._forker is not None:
            self._forker.close()
            self._forker = None
        if self._process is not None:
            process, self._process = self._process, None
            try:
                await asyncio.to_thread(process.wait, _END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)
        if self._reading:
            _, late = await asyncio.wait(self._reading, timeout=_END_S)
            for task in late:
                task.cancel()

    async def _fork(self, spec: dict[str, Any], theirs: socket.socket) -> int:
        copy = self._copy
        if copy is None or spec["write"] or spec["generation"] not in {None, copy.generation}:
            return await self._asked(spec, theirs)
        try:
            return await copy.forker.fork(spec, theirs)
        except (OSError, ValueError):  # the next one is forked by the nursery and reads the disk
            if self._copy is copy:
                self.forget()
            raise

    async def _asked(self, spec: dict[str, Any], theirs: socket.socket) -> int:
        """Have the nursery fork a process. Raises OSError or ValueError."""
        async with self._lock:
            if not self._open:
                raise OSError("the nursery is closed")
            if self._process is None or self._process.poll() is not None:
                await self._start()
            if self._forker is None:
                raise OSError("the nursery did not start")
            try:
                return await self._forker.fork(spec, theirs)
            except Refused:
                raise
            except (OSError, ValueError):  # the next request begins with a fresh nursery: no answer is left over
                if self._process is not None:
                    self._process.kill()
                raise

    async def _start(self) -> None:
        if self._forker is not None:
            self._forker.close()
        self._forker = forker = Forker()
        command = [sys.executable, "-m", "server.worker"]
        tuned = ":".join(filter(None, (_MANY_KEPT, os.environ.get("GLIBC_TUNABLES"))))  # the last one counts
        environment = os.environ | _ONE_HEAP | {"GLIBC_TUNABLES": tuned}
        self._process = subprocess.Popen(command, stdin=forker.theirs.fileno(), stderr=subprocess.PIPE, env=environment)
        if self._process.stderr is not None:
            descriptor = os.dup(self._process.stderr.fileno())
            self._process.stderr.close()
            task = asyncio.create_task(_logged(descriptor))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)
        self.isolated = bool((await forker.hello()).get("isolated"))


def _unwanted(task: asyncio.Task[Worker]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().kill()


async def _logged(descriptor: int) -> None:
    """Put into the log what the processes write on their standard error, until all of them have closed it."""
    reader = asyncio.StreamReader(limit=1 << 16)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
    )
    try:
        while line := await _line(reader):
            text = line.decode("utf-8", "replace").strip()
            if text:
                _log.warning("worker", extra={"facts": {"says": text[:1000]}})
    finally:
        transport.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    """A line, or a piece of one that is too long; empty at the end."""
    try:
        return await reader.readline()
    except ValueError:
        return b" "
