"""A server that cannot start says why in a sentence and ends with an error."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from kg.errors import StoreError
from kg.store import Store
from server.serve import serve
from server.workers import Nursery, Worker
from tests.serving import TOKEN, Start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.create_or_open(tmp_path / "store") as store:
        store.update("INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 } }")
    return tmp_path / "store"


def test_a_damaged_store_is_told_and_no_traceback(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    generation = next((folder / "generations").glob("0*1"))
    shutil.rmtree(generation)
    generation.mkdir()
    with pytest.raises(StoreError, match="the store cannot be opened"):
        serve(folder, port=0)
    assert "Traceback" not in capfd.readouterr().err


def test_a_machine_without_room_for_processes_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fork(self: Nursery, spec: dict[str, Any], theirs: socket.socket) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(Nursery, "_fork", fork)
    with pytest.raises(StoreError, match=r"no worker process could be started: .*temporarily unavailable.*200 MiB"):
        serve(folder, port=0)
    assert "Traceback" not in capfd.readouterr().err


def test_a_worker_or_writer_that_does_not_start_at_once_is_tried_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, failed = Nursery._started, list[bool]()

    async def once(self: Nursery, spec: dict[str, Any]) -> Worker:
        worker = await started(self, spec)
        if spec["write"] not in failed:
            failed.append(spec["write"])
            worker.kill()  # as the engine ends it where threads are short
        return worker

    monkeypatch.setattr(Nursery, "_started", once)
    server = start()
    update = {"update": "INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 } }"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert server.client.post("/sparql", data=update, headers=headers).status_code == 204
    assert server.client.get("/sparql", params={"query": "ASK { <a:s> <a:p> 1 }"}).json()["boolean"] is True
    assert sorted(failed) == [False, True]
