"""Worker processes as the web process sees them: start one, talk to it, kill it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server import wire
from server.problems import Problem

NICE = 15  # of a worker in the slow lane: point queries get the processor first
_ATTEMPTS = 3  # on a machine short of threads the engine may abort while it opens; the next try mostly succeeds
_START_S = 20.0  # seconds a worker may take to open the store; a cold disk is slow, a hung one must not block for ever


@dataclass(slots=True)
class Worker:
    """A running worker process."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    generation: int | None
    quads: int

    async def send(self, job: dict[str, Any], blob: bytes | None = None) -> None:
        """Give the worker a job."""
        frame = wire.pack_json(wire.JOB, job | {"blob": blob is not None})
        self.writer.write(frame if blob is None else frame + wire.pack(wire.BLOB, blob))
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()

    async def receive(self) -> tuple[bytes, bytes] | None:
        """The next frame; None if the worker died."""
        return await wire.receive_async(self.reader)

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
        """End the worker at once, whatever it does."""
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        self.writer.close()

    def retire(self) -> None:
        """Let an idle worker end by itself."""
        self.writer.close()


class Nursery:
    """The process that forks workers. Restarted when it is gone."""

    def __init__(self, store: Path, memory: int) -> None:
        self._store, self._memory = store, memory
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = asyncio.Lock()
        self.isolated = False  # True: workers have no network

    async def spawn(self, *, write: bool = False, generation: int | None = None) -> Worker:
        """A worker that has opened the store. Raises Problem 503 if it cannot."""
        spec = {"store": str(self._store), "write": write, "generation": generation}
        spec["memory"] = self._memory * (4 if write else 1)  # updates are made by those who hold a token
        for _ in range(_ATTEMPTS):
            worker = await self._started(spec)
            try:
                frame = await asyncio.wait_for(worker.receive(), _START_S)
            except TimeoutError:
                frame = None
            if frame is not None and frame[0] == wire.READY:
                facts = wire.loads(frame[1])
                worker.generation, worker.quads = facts["generation"], facts["quads"]
                return worker
            worker.kill()
            if frame is not None:
                raise Problem(503, "store", wire.loads(frame[1])["detail"], retry_after=5)
        raise Problem(503, "no-worker", "a worker process did not start", retry_after=5)

    async def _started(self, spec: dict[str, Any]) -> Worker:
        """A worker process that is about to open the store."""
        ours, theirs = socket.socketpair()
        try:
            pid = await self._fork(spec, theirs)
        except (OSError, ValueError):
            ours.close()
            raise Problem(503, "no-worker", "no worker process could be started", retry_after=1) from None
        finally:
            theirs.close()
        ours.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=ours, limit=4 * wire.CHUNK)
        return Worker(pid, reader, writer, None, 0)

    async def close(self) -> None:
        """Stop forking; the nursery ends, and with it every worker."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            process, self._process = self._process, None
            try:
                await asyncio.to_thread(process.wait, 5)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)

    async def _fork(self, spec: dict[str, Any], theirs: socket.socket) -> int:
        async with self._lock:
            if self._process is None or self._process.poll() is not None:
                await self._start()
            if self._control is None:
                raise OSError("the nursery is closed")
            socket.send_fds(self._control, [json.dumps(spec).encode()], [theirs.fileno()])
            answer = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self._control, 4096), _START_S)
            return int(json.loads(answer)["pid"])

    async def _start(self) -> None:
        if self._control is not None:
            self._control.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._process = subprocess.Popen([sys.executable, "-m", "server.worker"], stdin=theirs.fileno())
        theirs.close()
        self._control = ours
        hello = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 4096), _START_S)
        self.isolated = bool(json.loads(hello)["isolated"]) if hello else False
