"""HTTP responses made of answers and problems."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server import problems
from server.pool import Lost, Stream
from server.problems import Problem

_IN_PATH = "/-_.~!$&'()*+,;=:@"
_BODY_S = 120.0  # 64 MB at 4 Mbit/s; who is slower holds a connection on purpose


class Streamed(Response):
    """A result that is sent as it comes. If it breaks off, so does the connection: it never looks whole."""

    def __init__(self, first: list[bytes], rest: Stream, headers: Mapping[str, str], media_type: str) -> None:
        self._first, self._rest = first, rest
        super().__init__(None, 200, headers, media_type)
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and pieces; return without an end if the result is lost."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
                return
            for piece in self._first:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            async for piece in self._rest.chunks():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except Lost:
            return
        finally:
            self._rest.close()


class _Plain(Response):
    """A whole body with head fields that need no further look."""

    def __init__(self, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code, self.body, self.background, self.raw_headers = 200, body, None, headers


def plain(body: bytes, headers: Mapping[str, str], content_type: str) -> Response:
    """A whole result, without what a general response does with its head."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    raw += [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
    return _Plain(body, raw)


def problem(request: Request, found: Problem) -> Response:
    """A Problem as application/problem+json."""
    headers = {"Cache-Control": "no-store"} | found.headers
    request_id = getattr(request.state, "id", None)
    return Response(problems.body(found, request_id), found.status, headers, problems.MEDIA_TYPE)


def address(request: Request) -> str:
    """The address of the request as it came, without its query."""
    scope = request.scope
    host = request.headers.get("host") or "{}:{}".format(*(scope.get("server") or ("localhost", 0)))
    return f"{scope['scheme']}://{host}{quote(scope['path'], safe=_IN_PATH)}"


async def body(request: Request, limit: int) -> bytes:
    """The request's body. Raises Problem 413 as soon as more than `limit` bytes are announced or have come."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large(limit)
    if request.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise Problem(415, "content-encoding", "a body without Content-Encoding was expected, found a compressed one")
    pieces, held = [], 0
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in request.stream():
                held += len(piece)
                if held > limit:
                    raise too_large(limit)
                pieces.append(piece)
    except TimeoutError:
        headers = {"Connection": "close"}
        detail = f"the whole body was expected within {_BODY_S:g} seconds"
        raise Problem(408, "slow-body", detail, headers=headers) from None
    return b"".join(pieces)


def too_large(limit: int) -> Problem:
    """413; the connection is closed, for the rest of the body is not read."""
    return Problem(413, "too-large", f"at most {limit} bytes were expected", headers={"Connection": "close"})
