"""A server in a thread of the test process, on a free port; its workers are real processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn

from kg.store import Store
from server.app import create_app
from server.serve import config_of
from server.settings import ServerSettings, digest

TOKEN = "a token for writing"
READER = "a token for reading"


class Running:
    """A server in a thread of this process; its workers are real processes."""

    def __init__(self, settings: ServerSettings) -> None:
        self.app = create_app(settings)
        self._server = uvicorn.Server(config_of(self.app, settings))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 30
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < end, "the server took too long to start"
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.client = httpx.Client(base_url=self.url, timeout=60)

    @property
    def backend(self) -> object:
        """The parts behind the routes."""
        return self.app.state.backend

    def close(self) -> None:
        """Stop it as SIGTERM would."""
        self.client.close()
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()


Start = Callable[..., Running]


def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """A function that starts servers over N-Quads; they are stopped when the iterator goes on."""
    running: list[Running] = []

    def begin(quads: str = "", **options: object) -> Running:
        folder = tmp_path_factory.mktemp("served") / "store"
        source = folder.parent / "data.nq"
        source.write_text(quads, encoding="utf-8")
        with Store.create_or_open(folder) as store:
            if quads:
                store.load(source)
        tokens = {digest(TOKEN): "write", digest(READER): "read"}
        server = Running(
            ServerSettings(
                **({"store": folder, "port": 0, "writable": True, "tokens": tokens, "audit": False} | options)
            )
        )
        running.append(server)
        return server

    yield begin
    for server in running:
        server.close()
