"""Who may do what: bearer tokens with scopes, limits per client, and the record of writes."""

from __future__ import annotations

import hmac
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope as Asgi

from server.audit import record as facts_of
from server.backend import Backend
from server.problems import Problem
from server.settings import digest

audit_log = logging.getLogger("newsclaims.audit")

_RANK = {"read": 1, "write": 2, "admin": 3}
_CLIENTS = 10_000  # addresses remembered; the oldest are forgotten first


def scope(request: Request) -> str | None:
    """The scope of the request's token; None without a token. Raises Problem 401 for an unknown one."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    found = None
    if kind.lower() == "bearer" and token:
        given = digest(token.strip())
        backend: Backend = request.app.state.backend
        for known, granted in backend.settings.tokens.items():  # all are compared, so that time tells nothing
            if hmac.compare_digest(known, given):
                found = granted
    if found is None:
        raise Problem(401, "token", "a known bearer token was expected", headers={"WWW-Authenticate": "Bearer"})
    return found


def require(request: Request, wanted: str) -> None:
    """Raise Problem 401 or 403 unless the request may do what scope `wanted` allows."""
    backend: Backend = request.app.state.backend
    granted = scope(request)
    if wanted == "read" and not backend.settings.private:
        return
    if granted is None:
        raise Problem(
            401, "token", f"a bearer token with scope {wanted} was expected", headers={"WWW-Authenticate": "Bearer"}
        )
    if _RANK[granted] < _RANK[wanted]:
        raise Problem(403, "scope", f"a token with scope {wanted} was expected, found scope {granted}")


def require_write(request: Request) -> None:
    """Raise Problem unless the server is writable and the token may write."""
    backend: Backend = request.app.state.backend
    if not backend.settings.writable:
        raise Problem(403, "read-only", "this server is read-only: start it with writing enabled and a token")
    require(request, "write")


def record(request: Request, action: str) -> dict[str, str] | None:
    """What the graph is to remember of a write; None if it is to remember nothing."""
    settings = request.app.state.backend.settings
    if not settings.audit:
        return None
    token = request.headers.get("authorization", "").partition(" ")[2].strip()
    known = digest(token) if token else None
    return facts_of(settings.base, request=request.state.id, token=known, action=action)


def audit(request: Request, action: str, **facts: object) -> None:
    """Record a write: who, what, which generation came of it."""
    token = request.headers.get("authorization", "").partition(" ")[2].strip()
    who = digest(token)[:12] if token else "none"
    audit_log.info(
        action, extra={"facts": {"token": who, "client": client(request.scope), "request": request.state.id, **facts}}
    )


def client(scope: Asgi) -> str:
    """The client's address, as the server sees it."""
    address = scope.get("client")
    return str(address[0]) if address else "local"


@dataclass(slots=True)
class _Bucket:
    """How much a client may still begin, and how much it has open."""

    tokens: float
    at: float
    open: int = 0


class Limiter:
    """At most `per_minute` requests a client begins in a minute, and `at_once` it has open."""

    def __init__(self, per_minute: int, at_once: int) -> None:
        self._per_minute, self._at_once = per_minute, at_once
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def enter(self, who: str) -> None:
        """Count a request that begins. Raises Problem 429."""
        now = time.monotonic()
        bucket = self._buckets.get(who)
        if bucket is None:
            bucket = self._buckets[who] = _Bucket(float(self._per_minute), now)
            self._forget()
        self._buckets.move_to_end(who)
        earned = (now - bucket.at) * self._per_minute / 60
        bucket.tokens, bucket.at = min(bucket.tokens + earned, self._per_minute), now
        if bucket.open >= self._at_once:
            raise Problem(429, "too-many-open", f"at most {self._at_once} open requests were expected", retry_after=1)
        if bucket.tokens < 1:
            raise Problem(429, "too-many", f"at most {self._per_minute} requests a minute were expected", retry_after=5)
        bucket.tokens -= 1
        bucket.open += 1

    def leave(self, who: str) -> None:
        """Count a request that has ended."""
        bucket = self._buckets.get(who)
        if bucket is not None:
            bucket.open -= 1

    def undo(self, who: str) -> None:
        """Take back an `enter`."""
        bucket = self._buckets.get(who)
        if bucket is not None:
            bucket.open -= 1
            bucket.tokens += 1

    def _forget(self) -> None:
        while len(self._buckets) > _CLIENTS:
            idle = next((who for who, bucket in self._buckets.items() if bucket.open == 0), None)
            if idle is None:
                return
            del self._buckets[idle]
