"""Structured logs: one JSON object a line on standard error.

Lines below WARNING may wait a moment, so that a request does not pay for a system call each; `flush` writes them.
"""

from __future__ import annotations

import logging
import os
import time
from functools import lru_cache

import orjson

_HELD = 65_536  # bytes that may wait


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message and facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields: dict[str, object] = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= getattr(record, "facts", {})
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(fields, default=str).decode("utf-8", "replace")


class Lines(logging.Handler):
    """Writes to a descriptor; lines below WARNING wait until `flush` or until there are many."""

    def __init__(self, descriptor: int = 2) -> None:
        super().__init__()
        self._descriptor, self._waiting, self._size = descriptor, list[bytes](), 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        line = self.format(record).encode() + b"\n"
        self._waiting.append(line)
        self._size += len(line)
        if record.levelno >= logging.WARNING or self._size > _HELD:
            self.flush()

    def flush(self) -> None:
        """Write what waits. Nobody is left to tell if that fails: the lines are dropped."""
        self.acquire()
        try:
            data, self._waiting, self._size = b"".join(self._waiting), [], 0
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            self._waiting = []
        finally:
            self.release()

    def write(self, line: bytes) -> None:
        """Take a line that is one already."""
        self._waiting.append(line)
        self._size += len(line)
        if self._size > _HELD:
            self.flush()


def access(request: str, client: str, method: str, path: str, status: int, seconds: float) -> None:
    """Log a request. Nothing happens before `begin`."""
    if _begun:
        now = time.time()
        second, thousandth = _second(int(now)).encode(), now % 1 * 1000
        told = orjson.dumps(path) if path != "/sparql" else b'"/sparql"'
        words = request.encode(), client.encode(), method.encode(), told
        _begun[0].write(_ACCESS % (second, thousandth, *words, status, seconds * 1000))


# The id, the client's address and the method need no escapes: the server has checked or made them.
_ACCESS = (
    b'{"time":"%b.%03dZ","level":"info","logger":"newsclaims.access","message":"request","request":"%b",'
    b'"client":"%b","method":"%b","path":%b,"status":%d,"ms":%.1f}\n'
)
_begun: list[Lines] = []


def begin() -> None:
    """Log to standard error from now on."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line tells them
    handler = Lines()
    handler.setFormatter(JsonLines())
    _begun[:] = [handler]
    for name in ("newsclaims", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def flush() -> None:
    """Write what waits."""
    for handler in logging.getLogger("newsclaims").handlers:
        handler.flush()


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
