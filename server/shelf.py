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
from fastapi import FastAPI
from starlette.requests import Request

from kg.reconcile import review
from kg.store import withdrawn
from server import facets, lookup, render
from server.backend import Backend, whole
from server.holdings import LIMIT, Facts, Holdings, made, without
from server.lanes import Lost
from server.problems import Problem

_NAMES = (
    "articles", "statements", "reports", "sources", "figures", "sentences", "mentions", "places", "times", "events",
)  # fmt: skip
_PAGE = 4_000  # rows of one query: a fraction of a second each, so that none meets the deadline of queries
_MOST = 2 * LIMIT  # rows of one kind
_PATIENCE_S = 3.0  # who asks waits for the newest generation if the last one was read within this time
_PAUSE_S = 10.0
_LARGE = 100_000  # quads; fewer are read within a second when a page first needs them
_TRIES = 3  # a generation may be left behind while it is read, a worker lost
_BREATH_S = 0.5
_PASSING = frozenset({"busy", "timeout", "worker-lost"})  # problems that a busy machine has for a while
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
                self.begin(backend)
            if self._held is not None and (self._took_s > _PATIENCE_S or self._reading is None):
                return without(self._held, frozenset(withdrawn(backend.settings.store)))
            if self._reading is not None:
                await asyncio.shield(self._reading)
        return self._held

    def begin(self, backend: Backend) -> None:
        """Begin to read the newest generation."""
        self._reading = asyncio.create_task(self._read(backend))
        self._reading.add_done_callback(self._done)

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
    return await _shelf(request.app).newest(request.app.state.backend)


def ahead(app: FastAPI) -> None:
    """As the server starts: begin to read a large store, so that its first visitor need not wait for it."""
    backend: Backend = app.state.backend
    if backend.pool.quads > _LARGE:
        _shelf(app).begin(backend)


def _shelf(app: FastAPI) -> Shelf:
    if not hasattr(app.state, "shelf"):
        app.state.shelf = Shelf()
    found: Shelf = app.state.shelf
    return found


async def read(backend: Backend, generation: int) -> Holdings:
    """The holdings of one generation. Raises Problem if the store no longer keeps it."""
    rows: dict[str, list[Facts]] = {"reviews": await _rows(backend, generation, review.QUERY)}
    for name in _NAMES:
        rows[name] = []
        for first in range(0, _MOST, _PAGE):
            text = render.text_of(f"all-{name}").replace("LIMIT 4000 OFFSET 0", f"LIMIT {_PAGE} OFFSET {first}")
            found = await _rows(backend, generation, text)
            rows[name] += found
            if len(found) < _PAGE:  # the rest of these queries is optional: each row of the page is there
                break
    return await asyncio.to_thread(made, generation, rows)


async def _rows(backend: Backend, generation: int, text: str) -> list[Facts]:
    """The rows of one query; one that a busy machine keeps from its end is asked again."""
    for _ in range(_TRIES - 1):
        try:
            return await _asked(backend, generation, text)
        except Problem as problem:
            if problem.code not in _PASSING:
                raise
            await asyncio.sleep(_BREATH_S)
    return await _asked(backend, generation, text)


async def _asked(backend: Backend, generation: int, text: str) -> list[Facts]:
    job = {"op": "query", "text": text, "formats": {"solutions": "JSON"}}
    answer = await backend.read(None, job, generation)
    if answer.facts["generation"] != generation:
        raise Problem(503, "generation", f"generation {generation} is no longer kept", retry_after=2)
    try:
        return await asyncio.to_thread(_facts, await whole(answer))
    except Lost as lost:
        raise Problem(503, "busy", f"the claims could not be read: {lost}", retry_after=10) from lost


def _facts(result: bytes) -> list[Facts]:
    found: dict[str, Any] = orjson.loads(result)
    return [{name: term["value"] for name, term in row.items()} for row in found["results"]["bindings"]]


async def at(backend: Backend, generation: int, held: Holdings) -> Holdings:
    """The holdings of a generation, those at hand if it is theirs."""
    return held if generation == held.generation else await read(backend, generation)
