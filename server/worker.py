"""The nursery process: forks workers, each of which runs one query at a time and may be killed at any moment.

Started by the web process as `python -m server.worker`; its standard input is the control socket. Every message there
is one JSON object with the worker's socket as an attached descriptor; the answer is the worker's process id.
A fork of a process that has the engine loaded takes milliseconds, a fresh interpreter a tenth of a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import json
import os
import resource
import select
import signal
import socket
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import NewsclaimsError
from kg.store import Store, received, send
from server import wire
from server.jobs import Job, run

_CLONE_NEWNET, _CLONE_NEWUSER = 0x4000_0000, 0x1000_0000  # linux/sched.h
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_READER_NICE = 10  # of the process that reads a generation for its copy: queries go first


def isolate() -> bool:
    """Leave the network for good; True if the platform allowed it. Must run before any thread is started."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def main() -> None:
    """Serve the control socket until the web process closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process, which then closes the socket
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # dead workers are reaped by the kernel
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open("rb") as nothing:  # whoever is forked does not hold the control socket
        os.dup2(nothing.fileno(), 0)
    isolated = isolate()
    control.send(json.dumps({"isolated": isolated}).encode())
    gc.collect()
    gc.freeze()
    _nurse(control, None)


def _nurse(control: socket.socket, store: Store | None) -> None:
    """Fork what is asked for until the control socket is closed. `store`: what is in memory here already."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65_536, 1)
        if not message:
            return
        try:
            child = os.fork()
        except OSError as error:  # no more processes or no more memory for this user
            os.close(descriptors[0])
            control.send(json.dumps({"error": error.strerror}).encode())
            continue
        if child == 0:
            control.close()
            _life(json.loads(message), socket.socket(fileno=descriptors[0]), store)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps({"pid": child}).encode())


def _life(spec: dict[str, Any], connection: socket.socket, copy: Store | None) -> None:
    """The whole life of a process that was asked for; never returns."""
    with contextlib.suppress(OSError):
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = 1
    try:
        status = _copy(spec, connection) if "copy" in spec else _serve(spec, connection, copy)
    except (BrokenPipeError, ConnectionResetError):
        status = 0  # the web process no longer wants the answer
    except (NewsclaimsError, OSError, ValueError, MemoryError) as error:  # its end tells the web process, this the log
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)


def _copy(spec: dict[str, Any], control: socket.socket) -> int:
    """Take a generation into memory, then fork workers that share it, until the control socket is closed.

    Another process reads it from the disk: the engine's threads for that would not survive a fork.
    """
    folder, number = Path(spec["store"]), int(spec["copy"])
    _limit(int(spec["memory"]), resource.getrlimit(resource.RLIMIT_AS)[1])  # its workers have limits of their own
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    source, sink = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(source)
        _read(folder, number, sink)
    os.close(sink)
    with io.BufferedReader(_Wanted(source, control), wire.CHUNK) as stream:
        store = received(stream, folder, number)
    os.waitpid(reader, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    control.send(json.dumps({"generation": number, "quads": len(store)}).encode())
    _nurse(control, store)
    with contextlib.suppress(ChildProcessError):
        os.wait()  # workers under way end with this process: it waits for the last of them
    return 0


def _read(folder: Path, number: int, sink: int) -> None:
    """Write a generation into a pipe, behind all other work; never returns."""
    status = 1
    try:
        os.nice(_READER_NICE)
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        with os.fdopen(sink, "wb", buffering=1 << 20) as stream:
            send(Store.open(folder, number), stream)
        status = 0
    finally:
        os._exit(status)


class _Wanted(io.RawIOBase):
    """A pipe that breaks as soon as nobody waits for what is made of it."""

    def __init__(self, source: int, control: socket.socket) -> None:
        self._source, self._control = source, control

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if select.select([self._control], [], [], 0)[0]:
            raise BrokenPipeError("the control socket was closed")
        return os.readv(self._source, [buffer])


def _limit(more: int, hard: int | None = None) -> None:
    """Let this process take `more` bytes of addresses than it has, and never more than that, or than `hard`."""
    try:
        has = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        has = 0
    resource.setrlimit(resource.RLIMIT_AS, (more + has, more + has if hard is None else hard))


def _serve(spec: dict[str, Any], connection: socket.socket, copy: Store | None) -> int:
    try:
        limit, folder = int(spec["memory"]), Path(spec["store"])
        if copy is not None:
            _limit(limit)  # what it shares with others is not counted
            store = copy
        else:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            store = Store.create_or_open(folder) if spec["write"] else Store.open(folder, spec.get("generation"))
    except (NewsclaimsError, OSError, ValueError) as error:
        connection.sendall(wire.pack_json(wire.FAULT, {"status": 503, "code": "store", "detail": str(error)}))
        return 1
    if spec["write"] and store.dirty:
        store.publish()
    facts = {"generation": store.generation, "quads": len(store), "copied": copy is not None}
    connection.sendall(wire.pack_json(wire.READY, facts))
    inbox = wire.Inbox(connection)
    while True:
        frame = inbox.receive()
        if frame is None:
            store.close()
            return 0
        job, blob = _job(frame), b""
        if job.get("blob"):
            follower = inbox.receive()
            blob = follower[1] if follower else b""
        # The alarm ends the process even if the web process is gone: the engine cannot be interrupted otherwise.
        signal.setitimer(signal.ITIMER_REAL, float(job["seconds"]) + 1.0)
        run(store, Job(job, blob), connection)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _job(frame: wire.Frame) -> dict[str, Any]:
    if frame[0] != wire.QUERY:
        return wire.loads(frame[1])
    rest, text = wire.query_of(frame[1])
    return _rest(rest) | {"text": text}


@lru_cache(maxsize=64)
def _rest(rest: bytes) -> dict[str, Any]:
    """What clients ask in their head fields: there are few kinds of clients."""
    return wire.loads(rest)


if __name__ == "__main__":
    main()
