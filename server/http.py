"""The HTTP parser with limits: heads of bounded size that come in bounded time."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 131_072  # two reads of a socket; the application refuses smaller heads with a Problem
HEAD_S = 15.0  # a client that needs longer for its head holds a connection on purpose


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's fast protocol, which itself would read a head without an end for ever."""

    _in_head = False
    _read = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A connection begins: its first head has to come in time."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection ends."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a head or a body."""
        self._read += len(data)
        if self._in_head and self._read > HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")
            return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._read = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """A head is there."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(HEAD_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
