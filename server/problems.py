"""One error shape for every failure: application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Bad request",
    401: "Token needed",
    403: "Refused",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Too slow",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    414: "Address too long",
    415: "Unsupported media type",
    429: "Too many requests",
    431: "Header fields too large",
    500: "Server fault",
    503: "Unavailable",
}


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A request that is not answered, with what the client is told.

    `code` names the kind of problem in one word (it ends the problem's `type`); `detail` says what was expected, what
    was found and what to do; `line` and `column` (from 1) place a syntax error; `retry_after` is in seconds.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        line: int | None = None,
        column: int | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.code, self.detail = status, code, detail
        self.line, self.column = line, column
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        super().__init__(detail)

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Problem:
        """The problem that a worker reported."""
        status, code, detail = int(fields["status"]), str(fields["code"]), str(fields["detail"])
        place = {"line": fields.get("line"), "column": fields.get("column")}
        return cls(status, code, detail, **place, headers=fields.get("headers"))


def body(problem: Problem, request_id: str | None) -> bytes:
    """The problem as JSON."""
    fields: dict[str, object] = {
        "type": f"https://w3id.org/newsclaims/problems#{problem.code}",
        "title": TITLES.get(problem.status, "Problem"),
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.line is not None:
        fields |= {"line": problem.line, "column": problem.column}
    if request_id:
        fields["request"] = request_id
    return json.dumps(fields, ensure_ascii=False).encode()
