"""Quads on their way into a store's database: in a file at once, in the database many at a time.

The database sorts and writes many quads at once in half the time that they take in transactions, and needs no
memory for them afterwards. Until then they wait beside it, so that a kill loses nothing:

DIR/incoming-1.nq    blocks of N-Quads, each behind a comment line with its length and checksum

The next writer puts in what a killed one has left; a block that was cut short is dropped.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.errors import StoreError

_MANY = 128 << 20  # bytes of N-Quads, some 550,000 quads, which take 0.3 GiB on their way
# The first loads are smaller, so that of a small build little is left to load when its articles are read.
_FEW = 16 << 20
_SHARE = 4  # the next load takes a quarter of what is in already, between the two
_BULK = 8 << 20  # bytes; below this a transaction is faster than writing table files
_PATTERN = "incoming-*.nq"


class Incoming:
    """Takes blocks of quads for one store. A context manager; `settle` before leaving it.

    With `beside`, the database is written while the caller goes on with other work.
    """

    def __init__(self, inner: ox.Store, folder: Path | None, *, beside: bool = False) -> None:
        self._inner, self._folder = inner, folder
        self._number, self._size, self._loaded = 1, 0, 0
        self._pool = ThreadPoolExecutor(1) if beside and folder is not None else None
        self._loading: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self._loading = None
        del self._inner  # the database is closed once nobody holds it

    def add(self, lines: bytes) -> None:
        """Take lines of N-Quads, all or none. Once this returns, no kill loses them. Raises StoreError."""
        if self._folder is None:
            self._inner.load(lines, format=ox.RdfFormat.N_QUADS)
            return
        path = self._path(self._folder)
        _written(path, lambda: _append(path, f"# {len(lines)} {zlib.crc32(lines)}\n".encode() + lines))
        self._size += len(lines)
        if self._size >= min(_MANY, max(_FEW, self._loaded // _SHARE)):
            self._pass_on(path)

    def wait(self) -> None:
        """Return when nothing is being written to the database. Raises StoreError if that failed."""
        if self._loading is not None:
            self._loading.result()
            self._loading = None

    def settle(self) -> None:
        """Put all into the database. Raises StoreError; what was taken then still waits in its file."""
        if self._size and self._folder is not None:
            self._pass_on(self._path(self._folder))
        self.wait()

    def _path(self, folder: Path) -> Path:
        return folder / _PATTERN.replace("*", f"{self._number:06}")

    def _pass_on(self, path: Path) -> None:
        self.wait()
        self._number, self._size, self._loaded = self._number + 1, 0, self._loaded + self._size
        if self._pool is None:
            _load(self._inner, path)
        else:
            self._loading = self._pool.submit(_load, self._inner, path)


def left(folder: Path) -> list[Path]:
    """The files that a killed writer has left, in order."""
    return sorted(folder.glob(_PATTERN))


def recover(inner: ox.Store, folder: Path) -> None:
    """Put in what a killed writer has left. Raises StoreError if the database cannot be written."""
    for path in left(folder):
        os.truncate(path, _sound(path))
        _load(inner, path)


def _append(path: Path, block: bytes) -> None:
    before = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as file:
            file.write(block)
    except OSError:
        os.truncate(path, before)
        raise


def _load(inner: ox.Store, path: Path) -> None:
    put = inner.bulk_load if path.stat().st_size >= _BULK else inner.load
    # Our own lines, with their checksums: their IRIs need no second look.
    _written(path, lambda: put(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True))
    path.unlink()


def _sound(path: Path) -> int:
    """The length of the blocks that are whole."""
    end = 0
    with path.open("rb") as file:
        while head := file.readline():
            try:
                length, checksum = map(int, head.removeprefix(b"# ").split())
            except ValueError:
                break
            block = file.read(length) if length >= 0 else b""
            if len(block) < length or zlib.crc32(block) != checksum:
                break
            end = file.tell()
    return end


def _written(path: Path, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        message = f"the store cannot be written: {' '.join(str(error).split())[:200]}"
        hint = "make room on the disk, then build again with --resume"
        raise StoreError(message, where=str(path.parent), hint=hint) from error
