"""Run the server until it is stopped."""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from kg.errors import StoreError
from kg.export.pseudonyms import chosen
from kg.settings import Settings
from kg.store import is_store, latest
from server import log
from server.app import create_app
from server.direct import DirectProtocol
from server.settings import ServerSettings, digest, load
from server.veil import veil


def serve(store: Path | str | None = None, config: Path | None = None, **options: Any) -> None:
    """Serve a store over HTTP until SIGINT or SIGTERM.

    `options` are fields of ServerSettings; what is None comes from the environment, the file or its default.
    Raises StoreError if there is no store or no worker can open it, UsageError for settings that make no sense.
    """
    settings = load({"store": store, **options}, config)
    if not is_store(settings.store) or latest(settings.store) is None:
        raise StoreError(
            "no store to serve", where=str(settings.store), hint="build one with `kg build PATH… --store DIR`"
        )
    privacy = chosen(Settings())
    with tempfile.TemporaryDirectory(prefix="newsclaims-") as folder:
        _run(veil(settings, privacy, Path(folder)) if privacy else settings, settings.store)


def _run(settings: ServerSettings, named: Path) -> None:
    settings, token = with_token(settings)
    app = create_app(settings)
    log.begin()
    _say(f"newsclaims: serving {named} on http://{settings.host}:{settings.port}/ (stop with Ctrl-C)")
    if token:
        _say(f"newsclaims: token for writing, valid until the server stops: {token}")
    try:
        uvicorn.Server(config_of(app, settings)).run()
    except SystemExit:
        if app.failure is None:  # the port is taken: that was told
            raise
    finally:
        log.flush()
    if app.failure is not None:
        raise StoreError(
            app.failure, where=str(named), hint="see the lines above; a worker needs 200 MiB, 16 threads and the store"
        )


def config_of(app: FastAPI, settings: ServerSettings) -> uvicorn.Config:
    """How the HTTP server runs: limits on sizes, connections and waiting."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=DirectProtocol,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        limit_concurrency=2_000,
        proxy_headers=False,
    )


def with_token(settings: ServerSettings) -> tuple[ServerSettings, str | None]:
    """On this machine only, a writable server without a token for writing gets one made for it."""
    if settings.writable and settings.is_loopback and not {"write", "admin"} & set(settings.tokens.values()):
        token = secrets.token_urlsafe(24)
        return settings.model_copy(update={"tokens": settings.tokens | {digest(token): "write"}}), token
    return settings, None


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
