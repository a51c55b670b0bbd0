"""Quads wait in a file until the database takes many at once; what a kill leaves is taken by the next writer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store import Store, incoming


def block(number: int) -> bytes:
    graph = f"<https://example.org/g{number}>"
    return "".join(
        f'<https://example.org/s{n}> <https://example.org/p> "{number}é" {graph} .\n' for n in range(3)
    ).encode()


def lines(*numbers: int) -> list[str]:
    return sorted(line for n in numbers for line in block(n).decode().splitlines())


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(("many", "bulk"), [(1 << 20, 1 << 20), (100, 1 << 20), (100, 0)])
def test_all_comes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool, many: int, bulk: int) -> None:
    monkeypatch.setattr(incoming, "_MANY", many)
    monkeypatch.setattr(incoming, "_BULK", bulk)
    with Store.create_or_open(tmp_path / "store") as store:
        with store.incoming(beside=beside) as way:
            for number in range(4):
                way.add(block(number))
            way.settle()
        assert store.canonical() == lines(*range(4))
    assert not incoming.left(tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        assert store.canonical() == lines(*range(4))


def test_in_memory(tmp_path: Path) -> None:
    with Store.memory() as store, store.incoming(beside=True) as way:
        way.add(block(1))
        way.settle()
        assert store.canonical() == lines(1)


def left_behind(folder: Path, *, tail: bytes) -> Path:
    """A store whose writer was killed: two blocks and a part of one wait beside it."""
    with Store.create_or_open(folder) as store, store.incoming() as way:
        way.add(block(1))
        way.settle()
    store = Store.create_or_open(folder)
    with store.incoming() as way:
        way.add(block(2))
        way.add(block(3))
    store.close()
    (path,) = incoming.left(folder)
    with path.open("ab") as file:
        file.write(tail)
    return path


@pytest.mark.parametrize(
    "tail", [b"", b"# 1", b"# 500 17\n<https://", b"# 12 17\n<a> <b> <c>.\n", b"\0\0\0\0", b"# -5 1\n", b"# 1 2 3\n"]
)
def test_a_killed_writer_loses_no_block(tmp_path: Path, tail: bytes) -> None:
    folder = tmp_path / "store"
    left_behind(folder, tail=tail)
    with Store.open(folder) as published:
        assert published.canonical() == lines(1)
    with Store.create_or_open(folder) as store:
        assert store.canonical() == lines(1, 2, 3)
    assert not incoming.left(folder)
    with Store.open(folder) as published:
        assert published.canonical() == lines(1, 2, 3)


def test_killed_while_it_was_put_in_and_put_in_again(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    path = left_behind(folder, tail=b"")
    kept = path.read_bytes()
    Store.create_or_open(folder).close()
    path.write_bytes(kept)  # killed after the database had it, before the file was gone
    with Store.create_or_open(folder) as store:
        assert store.canonical() == lines(1, 2, 3)


def test_what_cannot_be_written_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with pytest.raises(StoreError, match="cannot be written"), Store.create_or_open(folder) as store:
        (folder / "incoming-000002.nq").mkdir()
        with store.incoming() as way:
            way.add(block(1))
            way.settle()
            way.add(block(2))
    (folder / "incoming-000002.nq").rmdir()
    with Store.create_or_open(folder) as store:
        assert store.canonical() == lines(1)


def test_a_fault_while_writing_beside_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="cannot be written"),
        Store.create_or_open(tmp_path / "store") as store,
        store.incoming(beside=True) as way,
    ):
        way.add(block(1))
        (path,) = incoming.left(tmp_path / "store")
        path.unlink()
        path.mkdir()
        way.settle()
