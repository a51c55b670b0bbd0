"""The ASGI application."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kg.errors import StoreError
from server import graphstore, operations, problems, reply, sparql
from server.backend import Backend
from server.compress import Compress
from server.formats import HTML, Format
from server.front import EXPOSED, App
from server.middleware import Outer
from server.negotiate import choose
from server.problems import Problem
from server.settings import ServerSettings

_PROBLEM = Format("problem", "", (problems.MEDIA_TYPE, "application/json"), "")
_log = logging.getLogger("newsclaims.server")


def create_app(settings: ServerSettings) -> App:
    """The application over one store. It starts and ends the worker processes.

    The routes of the pages follow when the server has started: see `App.complete`.

    Raises UsageError for settings that would open the store to everybody.
    """
    settings.check()
    backend = Backend(settings)

    app = App(title="newsclaims", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.backend = app.backend = backend
    app.outer, app.limits = Outer(app, backend), settings.limits
    for router in (sparql.router, graphstore.router, operations.router):
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(StoreError, _problem)
    app.add_exception_handler(ClientDisconnect, _problem)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(Exception, _problem)
    app.add_middleware(Compress)
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
            allow_headers=["*"],
            expose_headers=[EXPOSED],
            max_age=86_400,
        )
    app.add_middleware(Outer, backend=backend, limiter=app.outer.limiter)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    """Any exception as a Problem: a page for people, JSON for programs."""
    if isinstance(error, HTTPException) and error.status_code == 405 and request.method == "OPTIONS":
        return Response(None, 204, {"Allow": _allow(request)})
    problem = _as_problem(request, error)
    if request.method in {"GET", "HEAD"} and not request.url.path.startswith(("/sparql", "/store")):
        choice = choose(request.headers.get("accept"), (_PROBLEM, HTML))
        if choice is not None and choice.format is HTML:
            title = problems.TITLES.get(problem.status, "Problem")
            from server import render

            page = render.page(request, "problem.html", problem.status, problem=problem, title=title)
            page.headers.update(problem.headers)
            return page
    return reply.problem(request, problem)


def _as_problem(request: Request, error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ClientDisconnect):
        return Problem(499, "client-gone", "the client closed the connection")
    if isinstance(error, StoreError):
        return Problem(503, "store", str(error), retry_after=5)
    if isinstance(error, HTTPException):
        headers = {"Allow": _allow(request)} if error.status_code == 405 else None
        detail = {404: "nothing is here", 405: f"one of {_allow(request)} was expected, found {request.method}"}
        text = detail.get(error.status_code, str(error.detail))
        return Problem(error.status_code, f"http-{error.status_code}", text, headers=headers)
    _log.error("fault", exc_info=error)
    return Problem(500, "fault", "the server has a fault; it is in its log")


def _allow(request: Request) -> str:
    path = request.url.path
    if path.startswith("/sparql"):
        return sparql.ALLOW
    return graphstore.ALLOW if path.startswith("/store") else "GET, HEAD, OPTIONS"
