"""The HTTP parser with limits: heads of bounded size that come in bounded time."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 131_072  # two reads of a socket; the application refuses smaller heads with a Problem
HEAD_S = 15.0  # a client that needs longer for its head holds a connection on purpose


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's fast protocol, which itself would read a head without an end for ever."""

    _in_head = _in_message = False
    _read = 0
    _timer: asyncio.TimerHandle | None = None
    _idle: asyncio.TimerHandle | None = None
    _last = 0.0  # when the last request came that the parser did not see

    def connection_made(self, transport: Any) -> None:
        """A connection begins: its first head has to come in time."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection ends."""
        self._stop_waiting()
        if self._idle is not None:
            self._idle.cancel()
        super().connection_lost(exc)

    def is_busy(self) -> bool:
        """True while a request is under way."""
        return self._in_message or not (self.cycle is None or self.cycle.response_complete)

    def wait_for_next(self) -> None:
        """A request came that the parser did not see: wait for the next one as long as after any other.

        One timer for many requests, for setting one for each costs as much as parsing them.
        """
        self._unset_keepalive_if_required()
        self._stop_waiting()
        self._last = self.loop.time()
        if self._idle is None:
            self._idle = self.loop.call_later(self.timeout_keep_alive, self._look)

    def _look(self) -> None:
        self._idle = None
        left = self._last + self.timeout_keep_alive - self.loop.time()
        if self.timeout_keep_alive_task is not None or self._timer is not None:
            return  # requests that the parser saw have their own
        if self.is_busy() or left > 0:
            self._idle = self.loop.call_later(max(left, 1.0), self._look)
        else:
            self._give_up()

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
        self._in_head = self._in_message = True
        self._read = 0
        self._wait()

    def on_headers_complete(self) -> None:
        """A head is there."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A whole request is there."""
        self._in_message = False
        super().on_message_complete()

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
