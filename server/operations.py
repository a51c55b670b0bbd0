"""Routes for those who run the server: health, readiness, versions, metrics."""

from __future__ import annotations

import platform
import time

import pyoxigraph
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from server.backend import Backend

router = APIRouter()


@router.api_route("/-/health", methods=["GET", "HEAD"])
async def health(request: Request) -> Response:
    """The web process answers."""
    backend: Backend = request.app.state.backend
    return JSONResponse({"status": "ok", "seconds": round(time.time() - backend.started, 1)})


@router.api_route("/-/ready", methods=["GET", "HEAD"])
async def ready(request: Request) -> Response:
    """A worker answers a query: 200; otherwise the Problem that it raises."""
    backend: Backend = request.app.state.backend
    await backend.read(None, {"op": "query", "text": "ASK {}", "formats": {"boolean": "JSON"}})
    return JSONResponse(
        {
            "status": "ready",
            "generation": backend.pool.generation,
            "quads": backend.pool.quads,
            "in_memory": backend.pool.copied,
            "network_isolated": backend.nursery.isolated,
        }
    )


@router.api_route("/-/versions", methods=["GET", "HEAD"])
async def versions() -> Response:
    """What runs here."""
    return JSONResponse(
        {"newsclaims": kg.__version__, "pyoxigraph": pyoxigraph.__version__, "python": platform.python_version()}
    )


@router.api_route("/metrics", methods=["GET", "HEAD"])
async def metrics(request: Request) -> Response:
    """Counters for Prometheus."""
    backend: Backend = request.app.state.backend
    return Response(generate_latest(backend.metrics.registry), media_type=CONTENT_TYPE_LATEST)
