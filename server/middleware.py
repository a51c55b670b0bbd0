"""What is done to every request: an id, limits, a log line, counters, security headers, one error shape."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import log, reply
from server.access import Limiter, client
from server.backend import Backend
from server.problems import Problem

ID = re.compile(rb"^[A-Za-z0-9._\-]{1,64}$")
_ADDRESS, _HEADERS = 60_000, 32_768  # bytes
_UNLIMITED = ("/-/", "/static/")
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
)


class Outer:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, backend: Backend, limiter: Limiter | None = None) -> None:
        self._app, self._backend = app, backend
        self.limiter = limiter or Limiter(backend.settings.per_minute, backend.settings.per_client)
        self._prefix, self._count = secrets.token_hex(4).encode(), itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known = self.identify(scope)
        status, began = 0, time.perf_counter()
        first = 0.0

        async def outgoing(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
                message["headers"] = _secured(message["headers"], known)
            await send(message)

        try:
            with self.limited(scope):
                await self._app(scope, receive, outgoing)
        except Problem as problem:
            await reply.problem(Request(scope, receive), problem)(scope, receive, outgoing)
        self.note(scope, status, first, time.perf_counter() - began)

    def identify(self, scope: Scope) -> bytes:
        """Give the request its id: the client's own, or a new one."""
        offered = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        known: bytes = offered if ID.match(offered) else self.new_id()
        scope.setdefault("state", {})["id"] = known.decode()
        return known

    def new_id(self) -> bytes:
        """An id for a request that brings none."""
        return b"%s%08x" % (self._prefix, next(self._count))

    @contextmanager
    def limited(self, scope: Scope) -> Iterator[None]:
        """Count the request while it is under way. Raises Problem if the client may not make it."""
        _check_head(scope)
        if scope["path"].startswith(_UNLIMITED):
            yield
            return
        who = client(scope)
        self.limiter.enter(who)
        try:
            yield
        finally:
            self.limiter.leave(who)

    def note(self, scope: Scope, status: int, first: float, seconds: float) -> None:
        """Count and log a request whose answer began after `first` seconds and ended after `seconds`."""
        route = str(scope.get("label") or getattr(scope.get("route"), "path", "none"))
        self._backend.metrics.note(route, scope["method"], status, first)
        state, method, path = scope["state"], scope["method"], scope["path"]
        log.access(state["id"], client(scope), method, path, status, seconds)


def _secured(headers: list[tuple[bytes, bytes]], request_id: bytes) -> list[tuple[bytes, bytes]]:
    present = {name for name, _ in headers}
    added = [header for header in _SECURITY if header[0] not in present]
    return [*headers, (b"x-request-id", request_id), *added]


def _check_head(scope: Scope) -> None:
    """Raise Problem for an address or header fields that no honest client sends."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > _ADDRESS:
        raise Problem(414, "address-too-long", f"an address of at most {_ADDRESS} bytes was expected: use POST")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _HEADERS:
        raise Problem(431, "headers-too-large", f"at most {_HEADERS} bytes of header fields were expected")
