"""The application's front: SPARQL requests are answered here, for finding their route costs more than most of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from kg.errors import StoreError
from server import reply, sparql
from server.backend import Backend
from server.compress import Compress
from server.gate import Limits
from server.middleware import Outer
from server.problems import Problem

EXPOSED = "ETag, X-Request-Id, X-Generation, X-Lane, Retry-After, Location, Content-Location, Link"
_ENDPOINTS: dict[tuple[str, str], Callable[[Request], Awaitable[Response]]] = {
    ("/sparql", "GET"): sparql.by_get,
    ("/sparql", "HEAD"): sparql.by_get,
    ("/sparql", "POST"): sparql.by_post,
}
_AT_ONCE = ("/sparql", "/store", "/-/", "/metrics")  # what can be asked before the routes of the pages are there
CORS = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode()))
NOSNIFF = (b"x-content-type-options", b"nosniff")
_log = logging.getLogger("newsclaims.server")


class App(FastAPI):
    """The application; `outer` does to SPARQL requests what it does to all others."""

    backend: Backend
    outer: Outer
    limits: Limits
    failure: str | None = None  # why the workers did not start
    _completing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        endpoint = _ENDPOINTS.get((scope["path"], scope["method"])) if scope["type"] == "http" else None
        if endpoint is None:
            if scope["type"] == "http" and not scope["path"].startswith(_AT_ONCE):
                await self.complete()
            await super().__call__(scope, receive, send)
        else:
            await self._sparql(endpoint, scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start the workers; end them when the server ends. A failure is told in one sentence."""
        await receive()
        try:
            await self.backend.start()
        except (Problem, StoreError, OSError) as error:
            await self.backend.close()
            self.failure = error.detail if isinstance(error, Problem) else str(error)
            await send({"type": "lifespan.startup.failed", "message": self.failure})
            return
        await send({"type": "lifespan.startup.complete"})
        await self.complete()
        await receive()
        await self.backend.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def complete(self) -> None:
        """Have the routes of the pages. Reading their code takes as long as starting the workers: it follows that."""
        if self._completing is None:
            self._completing = asyncio.create_task(self._complete())
        await asyncio.shield(self._completing)

    async def _complete(self) -> None:
        routers, ahead = await asyncio.to_thread(_pages)
        for router in routers:
            self.include_router(router)
        ahead(self)

    async def _sparql(self, endpoint: Any, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0
        scope["app"], scope["label"] = self, "/sparql"
        added = [NOSNIFF, (b"x-request-id", self.outer.identify(scope))]
        if self.backend.settings.cors and any(name == b"origin" for name, _ in scope["headers"]):
            added.extend(CORS)

        async def outgoing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        request = Request(scope, receive)
        try:
            with self.outer.limited(scope):
                response = await _answer(endpoint, request)
                await Compress(response)(scope, receive, outgoing)
        except Problem as problem:
            await reply.problem(request, problem)(scope, receive, outgoing)
        finally:
            begun = scope.pop("begun", None)
            if begun is not None:  # a query under way that nobody waits for
                begun.stop("gone")
                self.backend.pool.end(begun)
        self.outer.note(scope, status, time.perf_counter() - began, time.perf_counter() - began)


def _pages() -> tuple[tuple[APIRouter, ...], Callable[[FastAPI], None]]:
    """The routes of the pages, and what is to be done before the first of them is asked for."""
    from server import shelf, site

    return site.routers, shelf.ahead


async def _answer(endpoint: Any, request: Request) -> Response:
    try:
        response: Response = await endpoint(request)
    except Problem as problem:
        response = reply.problem(request, problem)
    except StoreError as error:
        response = reply.problem(request, Problem(503, "store", str(error), retry_after=5))
    except ClientDisconnect:
        response = reply.problem(request, Problem(499, "client-gone", "the client closed the connection"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets the one shape of all problems
        _log.error("fault", exc_info=error)
        response = reply.problem(request, Problem(500, "fault", "the server has a fault; it is in its log"))
    return response
