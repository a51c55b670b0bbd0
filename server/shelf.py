"""The holdings of the newest generation, read once and kept: searching and counting are then the web process's work.

A large store takes seconds to be read. Until then pages show the generation before, without articles that were taken
down since.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import orjson
from starlette.requests import Request

from kg.reconcile import review
from kg.store import withdrawn
from server import facets, lookup, render
from server.backend import Backend, whole
from server.holdings import Facts, Holdings, made, without
from server.problems import Problem

_NAMES = ("articles", "statements", "reports", "sentences", "places", "times", "events", "reviews")
_PATIENCE_S = 3.0  # who asks waits for the newest generation if the last one was read within this time
_PAUSE_S = 10.0
_TRIES = 3  # a generation may be left behind while it is read
_log = logging.getLogger("newsclaims.server")


class Shelf:
    """The holdings of the newest generation that was asked for."""

    def __init__(self) -> None:
        self._held: Holdings | None = None
        self._took_s = 0.0
        self._again_at = 0.0  # not before, if the last reading failed
        self._reading: asyncio.Task[None] | None = None

    async def newest(self, backend: Backend) -> Holdings:
        """The holdings of the newest generation; of a large store, the ones before while it is read."""
        while self._held is None or self._held.generation < backend.generation():
            if self._reading is None and (self._held is None or time.monotonic() >= self._again_at):
                self._reading = asyncio.create_task(self._read(backend))
                self._reading.add_done_callback(self._done)
            if self._held is not None and (self._took_s > _PATIENCE_S or self._reading is None):
                return without(self._held, frozenset(withdrawn(backend.settings.store)))
            if self._reading is not None:
                await asyncio.shield(self._reading)
        return self._held

    async def _read(self, backend: Backend) -> None:
        began = time.perf_counter()
        for left in reversed(range(_TRIES)):
            try:
                held = await read(backend, backend.generation())
                break
            except Problem as problem:
                if problem.code != "generation" or not left:
                    raise
        await asyncio.to_thread(_prepare, held)
        self._held, self._took_s = held, time.perf_counter() - began

    def _done(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if not task.cancelled() and (error := task.exception()) is not None:  # whoever waits for it is told, too
            self._again_at = time.monotonic() + _PAUSE_S
            _log.warning("the newest claims cannot be read", extra={"facts": {"why": str(error)}})


def _prepare(held: Holdings) -> None:
    """Make what searches and pages look claims up in before anybody asks."""
    lookup.of(held)
    facets.index(held)


async def of(request: Request) -> Holdings:
    """What the newest generation holds."""
    app = request.app
    if not hasattr(app.state, "shelf"):
        app.state.shelf = Shelf()
    shelf: Shelf = app.state.shelf
    return await shelf.newest(app.state.backend)


async def read(backend: Backend, generation: int) -> Holdings:
    """The holdings of one generation. Raises Problem if the store no longer keeps it."""
    results: dict[str, bytes] = {}
    for name in _NAMES:
        text = review.QUERY if name == "reviews" else render.text_of(f"all-{name}")
        job = {"op": "query", "text": text, "formats": {"solutions": "JSON"}}
        answer = await backend.read(None, job, generation)
        if answer.facts["generation"] != generation:
            raise Problem(503, "generation", f"generation {generation} is no longer kept", retry_after=2)
        results[name] = await whole(answer)
    return await asyncio.to_thread(_made, generation, results)


def _made(generation: int, results: dict[str, bytes]) -> Holdings:
    return made(generation, {name: _facts(result) for name, result in results.items()})


def _facts(result: bytes) -> list[Facts]:
    found: dict[str, Any] = orjson.loads(result)
    return [{name: term["value"] for name, term in row.items()} for row in found["results"]["bindings"]]


async def at(backend: Backend, generation: int, held: Holdings) -> Holdings:
    """The holdings of a generation, those at hand if it is theirs."""
    return held if generation == held.generation else await read(backend, generation)
