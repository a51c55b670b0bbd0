"""The web process's end of a control socket: a process that forks others, and what may be in its memory."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kg.store import BYTES_EACH

START_S = 20.0  # seconds a process may take to start; a cold disk is slow, a hung one must not block for ever
_LOOK_S = 0.2  # seconds between two looks whether a copy is still wanted
_GROUPS = Path("/sys/fs/cgroup")


class Refused(OSError):  # noqa: N818 - not an error of the program
    """The process that forks is well, but the machine has no room for another one."""


class Forker:
    """A process that forks others when it is asked to, one at a time."""

    def __init__(self) -> None:
        self._control, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        self._lock = asyncio.Lock()

    async def hello(self, seconds: float = START_S) -> dict[str, Any]:
        """What it tells once it is ready; nothing if it has ended. `theirs` was given to it before."""
        self.theirs.close()
        loop = asyncio.get_running_loop()
        told = await asyncio.wait_for(loop.sock_recv(self._control, 4096), seconds)
        return dict(json.loads(told)) if told else {}

    async def fork(self, spec: dict[str, Any], theirs: socket.socket) -> int:
        """Have a process forked that does what `spec` says over `theirs`: its id. Raises OSError or ValueError."""
        async with self._lock:
            socket.send_fds(self._control, [json.dumps(spec).encode()], [theirs.fileno()])
            loop = asyncio.get_running_loop()
            told = json.loads(await asyncio.wait_for(loop.sock_recv(self._control, 4096), START_S))
        if "error" in told:
            raise Refused(told["error"])
        return int(told["pid"])

    def close(self) -> None:
        """It ends by itself when this is closed."""
        self.theirs.close()
        self._control.close()


class Copy:
    """A process that has a generation in memory and forks workers that answer from it."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.forker = Forker()

    async def made(self, wanted: Callable[[], bool]) -> bool:
        """True once the generation is in memory; False if it does not fit, cannot be read or is no longer wanted."""
        while wanted():
            try:
                told = await self.forker.hello(_LOOK_S)
            except TimeoutError:
                continue
            except (OSError, ValueError):
                break
            return bool(told.get("generation") == self.generation)
        return False


def fits(quads: int, percent: int) -> int:
    """Bytes that a copy of `quads` may take if that is at most `percent` of the memory that is free; 0 if it is not."""
    room = _free() * percent // 100
    return room if quads * BYTES_EACH <= room else 0


def _free() -> int:
    """Bytes of memory that this process and others may still take; 0 where the platform does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return 0
    return min((found, *_left_to_groups()))


def _left_to_groups() -> Iterator[int]:
    """Bytes that the control groups of this process may still take: a service's own, and a container's."""
    try:
        own = Path("/proc/self/cgroup").read_text("ascii").rpartition("::")[2].strip().strip("/")
    except (OSError, ValueError):
        own = ""
    for group in (_GROUPS / own, _GROUPS):
        with contextlib.suppress(OSError, ValueError):  # no such group, or "max"
            limit, used = (int((group / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
            yield max(limit - used, 0)
