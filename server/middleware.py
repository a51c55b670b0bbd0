"""What is done to every request: an id, limits, a log line, counters, security headers, one error shape."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import reply
from server.access import Limiter, client
from server.backend import Backend
from server.problems import Problem

access_log = logging.getLogger("newsclaims.access")

_ID = re.compile(r"^[A-Za-z0-9._\-]{1,64}$")
_ADDRESS, _HEADERS = 60_000, 32_768  # bytes
_UNLIMITED = ("/-/", "/static/")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class Outer:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self._app, self._backend = app, backend
        self._limiter = Limiter(backend.settings.per_minute, backend.settings.per_client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        offered = request.headers.get("x-request-id", "")
        request.state.id = offered if _ID.match(offered) else secrets.token_hex(8)
        status, began = 0, time.perf_counter()
        first = 0.0

        async def outgoing(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request.state.id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        who, limited = client(request), not scope["path"].startswith(_UNLIMITED)
        try:
            _check_head(scope)
            if limited:
                self._limiter.enter(who)
        except Problem as problem:
            await reply.problem(request, problem)(scope, receive, outgoing)
            limited = False
        else:
            try:
                await self._app(scope, receive, outgoing)
            finally:
                if limited:
                    self._limiter.leave(who)
        self._note(request, status, first, time.perf_counter() - began)

    def _note(self, request: Request, status: int, first: float, seconds: float) -> None:
        route = getattr(request.scope.get("route"), "path", "none")
        self._backend.metrics.requests.labels(route, request.method, str(status)).inc()
        self._backend.metrics.seconds.labels(route).observe(first)
        access_log.info(
            "request",
            extra={
                "facts": {
                    "request": request.state.id,
                    "client": client(request),
                    "method": request.method,
                    "path": request.url.path,
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                }
            },
        )


def _check_head(scope: Scope) -> None:
    """Raise Problem for an address or header fields that no honest client sends."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > _ADDRESS:
        raise Problem(414, "address-too-long", f"an address of at most {_ADDRESS} bytes was expected: use POST")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _HEADERS:
        raise Problem(431, "headers-too-large", f"at most {_HEADERS} bytes of header fields were expected")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message and facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= getattr(record, "facts", {})
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)
