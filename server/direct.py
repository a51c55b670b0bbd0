"""Queries answered where their bytes arrive, without the application's layers and without a task of their own.

Only the usual ones: a GET of `/sparql` with a query and nothing else, whose small result is there within milliseconds.
Everything out of the ordinary goes through the application: other methods and parameters, head fields that ask for
more, refusals, waiting, what takes long or ends badly. It takes over a query that is already under way.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import orjson

from server import compress, gate, log, protocol, wire
from server.cache import Entry, matches
from server.front import CORS, NOSNIFF, App
from server.http import GuardedProtocol
from server.lanes import Run
from server.middleware import ID
from server.problems import Problem
from server.small import is_small
from server.sparql import Wanted, beside, job_of, tag_of, wanted

_BEGIN = b"GET /sparql?query="
_REQUEST = re.compile(
    rb"GET /sparql\?query=([!\"$%'-~]++) HTTP/1\.1\r\n"
    rb"((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]++:[\t\x20-\x7e\x80-\xff]*+\r\n)++)\r\n"
)
_LARGEST = 16_384  # bytes of a request
_ELSEWHERE = frozenset(
    (b"authorization", b"content-length", b"transfer-encoding", b"content-encoding", b"expect", b"upgrade", b"te")
)
_USUAL = {True: b"x-lane: quick\r\n", False: b""}


@dataclass(frozen=True, slots=True)
class Head:
    """What the head fields of a request ask for."""

    wanted: Wanted
    job: bytes  # all of the job but the query's text
    beside: str  # what decides over the answer besides the query's text
    coding: str | None
    known: str | None  # If-None-Match
    request_id: bytes | None
    fields: bytes  # of the response, the same each time


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is being answered."""

    data: bytes
    text: str
    head: Head
    tag: str
    generation: int
    request_id: bytes
    began: float


@lru_cache(maxsize=512)  # clients send the same head fields each time
def head_of(block: bytes, seconds: float, *, cors: bool) -> Head | None:
    """What the lines of head fields say; None if they are for the application. `seconds`: the deadline of a query."""
    found: dict[bytes, list[str]] = {}
    for line in block.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        found.setdefault(name.lower(), []).append(value.strip(b" \t").decode("latin-1"))
    hosts, connection = found.get(b"host", []), found.get(b"connection", [])
    closes = [value.lower() for value in connection] not in ([], ["keep-alive"])
    if closes or not _ELSEWHERE.isdisjoint(found) or len(hosts) != 1 or not hosts[0]:
        return None
    asked = wanted(",".join(found.get(b"accept", [])) or None)
    if not asked.formats:
        return None
    base = f"http://{hosts[0]}/sparql"
    operation = protocol.Operation("query", "")
    job = job_of(operation, asked.formats, base) | {"seconds": seconds}
    del job["text"]
    request_id = found.get(b"x-request-id", [""])[0].encode("latin-1")
    accept = found.get(b"accept-encoding", [""])[0].encode("latin-1")
    fields = [NOSNIFF, *(CORS if cors and b"origin" in found else ()), (b"cache-control", b"no-cache")]
    return Head(
        asked,
        orjson.dumps(job),
        beside(operation, base, asked.types),
        compress.coding(accept) if accept else None,
        found.get(b"if-none-match", [None])[0],
        request_id if ID.match(request_id) else None,
        b"".join(b"%b: %b\r\n" % field for field in fields),
    )


class DirectProtocol(GuardedProtocol):
    """Answers the usual queries itself and gives the application all else."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        app = self.config.loaded_app
        self._app: App | None = app if isinstance(app, App) and not app.backend.settings.private else None
        self._run: Run | None = None
        self._asked: Asked | None = None
        self._begun: Run | None = None  # what the application is to go on with
        self._later: list[bytes] = []  # what came while a request was being answered
        self._lost = self._ending = False
        self._dated: object = None  # the fields from which the line of the date was made
        self._date = b""

    def data_received(self, data: bytes) -> None:
        """Some bytes of a head or a body."""
        if self._asked is not None:
            self._later.append(data)
            self.flow.pause_reading()
        elif not data.startswith(_BEGIN) or self._app is None or not self._is_between() or not self._taken(data):
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection ends."""
        self._lost = True
        super().connection_lost(exc)

    def is_busy(self) -> bool:
        """True while a request is under way."""
        return self._asked is not None or super().is_busy()

    def shutdown(self) -> None:
        """The server is being stopped: what is under way ends, then the connection."""
        if self._asked is not None:
            self._ending = True
        else:
            super().shutdown()  # type: ignore[no-untyped-call, unused-ignore]

    def on_headers_complete(self) -> None:
        """A head is there for the application."""
        if self._begun is not None:
            scope: dict[str, Any] = self.scope  # type: ignore[assignment]
            scope["begun"], self._begun = self._begun, None
        super().on_headers_complete()

    def _is_between(self) -> bool:
        """True if no request is under way here, and the server takes more."""
        limit = self.limit_concurrency
        return (
            not super().is_busy()
            and not self.flow.write_paused
            and not self.transport.is_closing()
            and (limit is None or max(len(self.connections), len(self.tasks)) < limit)
            and self.scheme == "http"
        )

    def _taken(self, data: bytes) -> bool:
        """True if this request is answered here, now or as soon as a worker answers."""
        app, match = self._app, _REQUEST.fullmatch(data) if len(data) <= _LARGEST else None
        if app is None or match is None:
            return False
        settings = app.backend.settings
        head = head_of(match[2], settings.deadline_s, cors=settings.cors)
        if head is None:
            return False
        try:
            text = protocol.unquoted(match[1].decode("ascii"))
            if text is None or len(text) > settings.query_bytes:
                return False
            facts = gate.check(text, app.limits)
        except Problem:
            return False
        if facts.is_update or facts.volatile or "FROM" in facts.keywords:
            return False
        generation = app.backend.pool.generation
        tag = tag_of(generation, text, head.beside)
        if head.known is not None and matches(head.known, tag):
            return False
        request_id = head.request_id or app.outer.new_id()
        return self._begins(app, Asked(data, text, head, tag, generation, request_id, time.perf_counter()))

    def _begins(self, app: App, asked: Asked) -> bool:
        """True if the answer was in memory, or a worker is at it."""
        who = self.client[0] if self.client else "local"
        entry = app.backend.cache.get(asked.tag)
        try:
            app.outer.limiter.enter(who)
        except Problem:
            return False
        if entry is None:
            frame = wire.pack_query(asked.head.job, asked.text)
            run = app.backend.pool.begin(who, partial(is_small, asked.text), frame)
            if run is None:
                app.outer.limiter.undo(who)
                return False
            self._asked, self._run = asked, run
            run.aside, run.worker.listener = self.other, self
        else:
            app.backend.metrics.cached += 1
            self._send(app, asked, entry.body, entry.content_type, worked=False)
        self.wait_for_next()
        return True

    def whole(self, payload: bytes) -> bool:
        """A worker's answer in one frame; False if it is the application that sends it."""
        app, asked, run = self._app, self._asked, self._run
        if app is None or asked is None or run is None:
            return False
        seconds, generation, kind, body = wire.whole_of(payload)
        choice = asked.head.wanted.choices[kind]
        if choice is None or generation != asked.generation or (asked.head.coding and len(body) > compress.ASIDE):
            return False
        self._asked = self._run = None
        run.worker.used_s = seconds
        app.backend.pool.end(run)
        app.backend.metrics.queries["quick"] += 1
        app.backend.cache.put(asked.tag, Entry(body, choice.content_type))
        self._send(app, asked, body, choice.content_type, worked=True)
        self._go_on()
        return True

    def _send(self, app: App, asked: Asked, body: bytes, content_type: str, *, worked: bool) -> None:
        """Write the response and count it."""
        head, tag, vary = asked.head, asked.tag.encode(), b"Accept, Authorization"
        if head.coding and len(body) >= compress.SMALLEST:
            body = compress.pressed(body, head.coding)
            tag, vary = b"W/" + tag, vary + b", Accept-Encoding\r\ncontent-encoding: " + head.coding.encode()
        if self._dated is not self.server_state.default_headers:  # it is made anew each second
            self._dated = self.server_state.default_headers
            self._date = b"".join(b"%b: %b\r\n" % field for field in self.server_state.default_headers)
        response = (
            b"HTTP/1.1 200 OK\r\n%b%b%bvary: %b\r\nx-generation: %d\r\netag: %b\r\nx-request-id: %b\r\n"
            b"content-type: %b\r\ncontent-length: %d\r\n\r\n%b"
            % (
                *(self._date, head.fields, _USUAL[worked], vary, asked.generation, tag, asked.request_id),
                *(content_type.encode(), len(body), body),
            )
        )
        if not self.transport.is_closing():
            self.transport.write(response)
        self._count(app, asked)

    def _count(self, app: App, asked: Asked) -> None:
        who = self.client[0] if self.client else "local"
        app.outer.limiter.leave(who)
        seconds = time.perf_counter() - asked.began
        self.server_state.total_requests += 1
        app.backend.metrics.note("/sparql", "GET", 200, seconds)
        log.access(asked.request_id.decode(), who, "GET", "/sparql", 200, seconds)

    def other(self) -> None:
        """The query takes long, its result is large, or it went wrong: the application goes on with it."""
        app, asked, run = self._app, self._asked, self._run
        if app is None or asked is None or run is None:
            return
        self._asked = self._run = None
        run.aside = run.worker.listener = None
        who = self.client[0] if self.client else "local"
        app.outer.limiter.undo(who)
        if self._lost or not self._is_between():
            run.stop("gone")
            app.backend.pool.end(run)
            return
        self._begun = run
        super().data_received(asked.data)
        if self._begun is not None:  # the parser refuses what the expression here takes
            self._begun = None
            run.stop("gone")
            app.backend.pool.end(run)
        self._go_on()

    def _go_on(self) -> None:
        """Take what came meanwhile; end if the server does."""
        later, self._later = self._later, []
        if self._ending:
            self.shutdown()
        elif later and not self._lost:
            self.flow.resume_reading()
            self.data_received(b"".join(later))
