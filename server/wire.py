"""Frames between the web process and its workers: one byte kind, four bytes length, the payload."""

from __future__ import annotations

import socket
import struct
from typing import Any

import orjson

HEAD = struct.Struct(">cI")
SECONDS = struct.Struct(">d")
JOB = b"J"  # JSON: what to do; web to worker
BLOB = b"B"  # bytes that belong to the job before them
READY = b"R"  # JSON: the worker has opened its generation
ANSWER = b"A"  # JSON: kind of result, format, generation
DATA = b"D"  # a piece of the result
FAULT = b"F"  # JSON: status, code, detail; ends the job
END = b"E"  # the job is done; the payload is the processor time that the worker has used in all, in seconds
CHUNK = 65_536  # bytes; large enough that frames cost nothing, small enough to hold before the status line is sent

Frame = tuple[bytes, bytes]


def pack(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """A frame."""
    return HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: bytes, value: object) -> bytes:
    """A frame with a JSON payload."""
    return pack(kind, orjson.dumps(value))


def loads(payload: bytes) -> dict[str, Any]:
    """A JSON payload."""
    value: dict[str, Any] = orjson.loads(payload)
    return value


class Splitter:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes."""
        held = self._held
        held += data
        found, start, size = [], 0, len(held)
        while size - start >= HEAD.size:
            kind, length = HEAD.unpack_from(held, start)
            end = start + HEAD.size + length
            if end > size:
                break
            found.append((kind, bytes(held[start + HEAD.size : end])))
            start = end
        del held[:start]
        return found


class Inbox:
    """The frames that come over a blocking socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._splitter = connection, Splitter()
        self._frames: list[Frame] = []

    def receive(self) -> Frame | None:
        """The next frame, or None if the other side closed the socket."""
        while not self._frames:
            data = self._connection.recv(CHUNK)
            if not data:
                return None
            self._frames = self._splitter.feed(data)
        return self._frames.pop(0)
