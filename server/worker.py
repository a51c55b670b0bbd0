"""The nursery process: forks workers, each of which runs one query at a time and may be killed at any moment.

Started by the web process as `python -m server.worker`; its standard input is the control socket. Every message there
is one JSON object with the worker's socket as an attached descriptor; the answer is the worker's process id.
A fork of a process that has the engine loaded takes milliseconds, a fresh interpreter a tenth of a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import NewsclaimsError
from kg.store import Store
from server import wire
from server.jobs import Job, run

_CLONE_NEWNET, _CLONE_NEWUSER = 0x4000_0000, 0x1000_0000  # linux/sched.h
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


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
    isolated = isolate()
    control.send(json.dumps({"isolated": isolated}).encode())
    gc.collect()
    gc.freeze()
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
            os.close(0)
            _worker(json.loads(message), socket.socket(fileno=descriptors[0]))
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps({"pid": child}).encode())


def _worker(spec: dict[str, Any], connection: socket.socket) -> None:
    """A worker's whole life; never returns."""
    with contextlib.suppress(OSError):
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = 1
    try:
        status = _serve(spec, connection)
    except (BrokenPipeError, ConnectionResetError):
        status = 0  # the web process no longer wants the answer
    finally:
        os._exit(status)


def _serve(spec: dict[str, Any], connection: socket.socket) -> int:
    try:
        limit = int(spec["memory"])
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        folder = Path(spec["store"])
        store = Store.create_or_open(folder) if spec["write"] else Store.open(folder, spec.get("generation"))
    except (NewsclaimsError, OSError, ValueError) as error:
        connection.sendall(wire.pack_json(wire.FAULT, {"status": 503, "code": "store", "detail": str(error)}))
        return 1
    if spec["write"] and store.dirty:
        store.publish()
    connection.sendall(wire.pack_json(wire.READY, {"generation": store.generation, "quads": len(store)}))
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
