"""Compression of responses: Brotli or gzip, as the client likes better."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from typing import Protocol

import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.workers import NICE

SMALLEST = 1000  # bytes; below this the head of the response is most of it
ASIDE = 32_768  # bytes; more than this is compressed in a thread, so that other requests need not wait
_BROTLI, _GZIP = 4, 5  # quality and level: both about 50 MB/s, with most of the gain
_TEXTS = (b"text/", b"application/json", b"application/sparql-results", b"application/ld+json", b"application/rdf+xml")
_MORE = (b"application/n-", b"application/trig", b"application/xml", b"application/javascript", b"image/svg")
_Header = tuple[bytes, bytes]


class _Compressor(Protocol):
    def process(self, data: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.compressobj(_GZIP, zlib.DEFLATED, 31)  # 31: a gzip head and trailer

    def process(self, data: bytes) -> bytes:
        return self._inner.compress(data)

    def finish(self) -> bytes:
        return self._inner.flush()


@lru_cache(maxsize=512)
def coding(accept: bytes) -> str | None:
    """The content coding that an Accept-Encoding header likes best; None for no compression."""
    qualities: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(",")[:20]:
        name, _, parameter = part.partition(";")
        value = parameter.partition("=")[2].strip() or "1"
        qualities[name.strip()] = float(value) if value.replace(".", "", 1).isdecimal() else 0.0
    offered = {name: qualities.get(name, qualities.get("*", 0.0)) for name in ("br", "gzip")}
    best = max(offered, key=lambda name: offered[name])
    return best if offered[best] > 0 and offered[best] >= qualities.get("identity", 0.0) else None


def compressor(name: str) -> _Compressor:
    """A new compressor for a content coding."""
    if name == "br":
        made: _Compressor = brotli.Compressor(quality=_BROTLI)
        return made
    return _Gzip()


def pressed(body: bytes, name: str) -> bytes:
    """A whole body in a content coding."""
    made = compressor(name)
    return made.process(body) + made.finish()


class Compress:
    """The layer that compresses what is worth it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        accept = b""
        if scope["type"] == "http" and scope["method"] != "HEAD":
            accept = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        chosen = coding(accept) if accept else None
        if chosen is None:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Sender(send, chosen))


class _Sender:
    """Sends one response, compressed if it is worth it."""

    def __init__(self, send: Send, chosen: str) -> None:
        self._send, self._coding = send, chosen
        self._start: Message | None = None
        self._compressor: _Compressor | None = None

    async def __call__(self, message: Message) -> None:
        """Send a piece of the response."""
        if message["type"] == "http.response.start" and _is_worth_it(message):
            self._start = message  # it waits for the first piece of the body
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._first(self._start, message)
        elif message["type"] == "http.response.body" and self._compressor is not None:
            await self._send({**message, "body": await self._pressed(self._compressor, message)})
        else:
            await self._send(message)

    async def _first(self, start: Message, message: Message) -> None:
        self._start, body, more = None, message.get("body", b""), message.get("more_body", False)
        if not more and len(body) < SMALLEST:
            await self._send(start)
            await self._send(message)
            return
        self._compressor = compressor(self._coding)
        pressed = await self._pressed(self._compressor, message)
        headers = [_weak(header) for header in start["headers"] if header[0] not in {b"content-length", b"vary"}]
        vary = next((value + b", " for name, value in start["headers"] if name == b"vary"), b"")
        headers += [(b"content-encoding", self._coding.encode()), (b"vary", vary + b"Accept-Encoding")]
        if not more:
            headers.append((b"content-length", str(len(pressed)).encode()))
        await self._send({**start, "headers": headers})
        await self._send({**message, "body": pressed})

    async def _pressed(self, made: _Compressor, message: Message) -> bytes:
        body, more = message.get("body", b""), message.get("more_body", False)

        def work() -> bytes:
            return made.process(body) + (b"" if more else made.finish())

        if len(body) <= ASIDE:
            return work()
        return await asyncio.get_running_loop().run_in_executor(_aside(), work)


@cache
def _aside() -> ThreadPoolExecutor:
    """Threads behind all others: a flood of compressed rows is not to hold up who asks for little."""
    return ThreadPoolExecutor(2, "compress", _step_back)


def _step_back() -> None:
    if sys.platform.startswith("linux"):  # there the priority is that of the thread alone
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _is_worth_it(start: Message) -> bool:
    if start["status"] != 200:
        return False
    headers = dict(start["headers"])
    return b"content-encoding" not in headers and headers.get(b"content-type", b"").startswith((*_TEXTS, *_MORE))


def _weak(header: _Header) -> _Header:
    """A compressed body is another sequence of bytes: its entity tag is a weak one (RFC 9110, section 8.8.1)."""
    name, value = header
    return (name, b"W/" + value) if name == b"etag" and not value.startswith(b"W/") else header
