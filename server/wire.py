"""Frames between the web process and its workers: one byte kind, four bytes length, the payload."""

from __future__ import annotations

import socket
import struct
from typing import Any

import orjson

HEAD = struct.Struct(">cI")
SECONDS = struct.Struct(">d")
JOB = b"J"  # JSON: what to do; web to worker
QUERY = b"Q"  # a query: two bytes length of what else is to be known, that as JSON, the query's text; web to worker
BLOB = b"B"  # bytes that belong to the job before them
READY = b"R"  # JSON: the worker has opened its generation
ANSWER = b"A"  # JSON: kind of result, format, generation
DATA = b"D"  # a piece of the result
FAULT = b"F"  # JSON: status, code, detail; ends the job
END = b"E"  # the job is done; the payload is the processor time that the worker has used in all, in seconds
WHOLE = b"W"  # answer, data and end of a small result in one frame: seconds, generation, kind, the result
CHUNK = 65_536  # bytes; large enough that frames cost nothing, small enough to hold before the status line is sent

KINDS = ("solutions", "boolean", "graph")
_LENGTH = struct.Struct(">H")
_WHOLE = struct.Struct(">dQB")

Frame = tuple[bytes, bytes]


def pack(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """A frame."""
    return HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: bytes, value: object) -> bytes:
    """A frame with a JSON payload."""
    return pack(kind, orjson.dumps(value))


def pack_query(rest: bytes, text: str) -> bytes:
    """A QUERY frame; `rest` is the JSON object with all but the text."""
    query = text.encode()
    return HEAD.pack(QUERY, _LENGTH.size + len(rest) + len(query)) + _LENGTH.pack(len(rest)) + rest + query


def query_of(payload: bytes) -> tuple[bytes, str]:
    """What `pack_query` packed."""
    end = _LENGTH.size + int(_LENGTH.unpack_from(payload)[0])
    return payload[_LENGTH.size : end], payload[end:].decode()


def pack_whole(seconds: float, generation: int, kind: str, result: bytes | bytearray) -> bytes:
    """A WHOLE frame."""
    return (
        HEAD.pack(WHOLE, _WHOLE.size + len(result))
        + _WHOLE.pack(seconds, generation, KINDS.index(kind))
        + bytes(result)
    )


def whole_of(payload: bytes) -> tuple[float, int, str, bytes]:
    """Seconds of processor time, generation, kind and result of a WHOLE frame."""
    seconds, generation, kind = _WHOLE.unpack_from(payload)
    return seconds, generation, KINDS[kind], payload[_WHOLE.size :]


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
        if not held and len(data) >= HEAD.size:  # nearly always: one frame, as it was sent
            kind, length = HEAD.unpack_from(data)
            if HEAD.size + length == len(data):
                return [(kind, data[HEAD.size :])]
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
