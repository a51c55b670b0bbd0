"""Frames between the web process and its workers: one byte kind, four bytes length, the payload."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

HEAD = struct.Struct(">cI")
JOB = b"J"  # JSON: what to do; web to worker
BLOB = b"B"  # bytes that belong to the job before them
READY = b"R"  # JSON: the worker has opened its generation
ANSWER = b"A"  # JSON: kind of result, format, generation
DATA = b"D"  # a piece of the result
FAULT = b"F"  # JSON: status, code, detail; ends the job
END = b"E"  # the job is done
CHUNK = 65_536  # bytes; large enough that frames cost nothing, small enough to hold before the status line is sent


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame."""
    return HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: bytes, value: object) -> bytes:
    """A frame with a JSON payload."""
    return pack(kind, json.dumps(value).encode())


def read_exactly(connection: socket.socket, count: int) -> bytes | None:
    """`count` bytes from a blocking socket, or None if the other side closed it."""
    pieces = bytearray()
    while len(pieces) < count:
        piece = connection.recv(min(count - len(pieces), 1 << 20))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)


def receive(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """The next frame from a blocking socket, or None if the other side closed it."""
    head = read_exactly(connection, HEAD.size)
    if head is None:
        return None
    kind, length = HEAD.unpack(head)
    payload = read_exactly(connection, length)
    return None if payload is None else (kind, payload)


async def receive_async(reader: asyncio.StreamReader) -> tuple[bytes, bytes] | None:
    """The next frame from a stream, or None if the worker is gone."""
    try:
        kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
        return kind, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def loads(payload: bytes) -> dict[str, Any]:
    """A JSON payload."""
    value: dict[str, Any] = json.loads(payload)
    return value
