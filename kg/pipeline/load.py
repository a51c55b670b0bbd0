"""Finished parts into a store, whichever engine wrote them."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from pyoxigraph import RdfFormat

from kg.errors import InputError
from kg.mapping import iris
from kg.pipeline.build import Built, Outcome, Repeated, Skipped
from kg.pipeline.copies import Copies, sketched, unpacked_words
from kg.pipeline.parts import Part, lines, manifests
from kg.pipeline.withdraw import withdraw
from kg.readers import Failure
from kg.store import Store

_AT_ONCE = 512  # articles of which the former graphs are looked for together


def load_parts(target: str, store: Store, *, base: str, copies: Copies | None = None) -> Iterator[Outcome]:
    """Put all parts of a folder into the store; one outcome an input. The caller publishes and links copies.

    An article that the store holds already is replaced. Of articles with the same text the first of the whole
    input is taken, as if one process had read them all. Interrupted, it may simply be run again.
    Raises StoreError if parts are missing, damaged or of several runs; nothing is then published.
    """
    parts = manifests(target)
    with closing(_firsts(target, parts)) as firsts:
        for made in parts:
            yield from _load(target, made, store, base, copies, firsts)


def _firsts(target: str, parts: tuple[Part, ...]) -> sqlite3.Connection:
    """Digest -> place and name of the first article with it, in a file that is gone when closed."""
    found = sqlite3.connect("")
    found.execute("CREATE TABLE first (sha256 BLOB PRIMARY KEY, at INTEGER, id TEXT) WITHOUT ROWID")
    put = (
        "INSERT INTO first VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, id = excluded.id "
        "WHERE excluded.at < at"
    )
    for made in parts:
        for row in _rows(target, made):
            if row["kind"] != "failures":
                found.execute(put, (bytes.fromhex(row["sha256"]), row["at"], row["id"]))
    return found


def _load(
    target: str, made: Part, store: Store, base: str, copies: Copies | None, firsts: sqlite3.Connection
) -> Iterator[Outcome]:
    rows = list(_rows(target, made))
    taken = [_first(firsts, row) for row in rows]
    news = [row for row, first in zip(rows, taken, strict=True) if row["kind"] == "articles" and first is None]
    for start in range(0, len(news), _AT_ONCE):
        digests = [row["sha256"] for row in news[start : start + _AT_ONCE]]
        withdraw(store, base, [d for d in digests if store.inner.contains_named_graph(iris.article_graph(base, d))])
    if copies is not None:
        copies.add(sketched(r["sha256"], r["id"], r["published"], unpacked_words(r["runs"], r["sketch"])) for r in news)
    keep = {row["at"] for row in news}
    for _ in lines(target, made, "nq"):
        pass  # the checksum is compared before anything is loaded
    store.touch()
    with io.BufferedReader(_Lines(_wanted(target, made, rows, keep))) as stream:
        store.inner.bulk_load(input=stream, format=RdfFormat.N_QUADS)
    for row, first in zip(rows, taken, strict=True):
        yield _outcome(row, first)


def _wanted(target: str, made: Part, rows: list[dict[str, Any]], keep: set[int]) -> Iterator[bytes]:
    """The lines of the part without the blocks of articles that another input told first."""
    stream = lines(target, made, "nq")
    for row in rows:
        block = islice(stream, row.get("quads", 0))
        if row["at"] in keep:
            yield from block
        else:
            deque(block, maxlen=0)


class _Lines(io.RawIOBase):
    """An iterator of lines as a stream of bytes."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source, self._rest = source, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._rest or next(self._source, b"")
        taken = data[: len(buffer)]
        self._rest = data[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _rows(target: str, made: Part) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in lines(target, made, "jsonl"))


def _first(firsts: sqlite3.Connection, row: dict[str, Any]) -> str | None:
    """The name of an earlier input with the same text; None if there is none."""
    if row["kind"] == "failures":
        return None
    found = firsts.execute("SELECT at, id FROM first WHERE sha256 = ?", (bytes.fromhex(row["sha256"]),)).fetchone()
    return None if found[0] == row["at"] else str(found[1])


def _outcome(row: dict[str, Any], first: str | None) -> Outcome:
    if row["kind"] == "failures":
        return Failure(row["path"], InputError(row["error"]))
    if first is not None:
        return Repeated(row["id"], first)
    if row["kind"] == "skipped":
        return Skipped(row["id"], row["sha256"], row["path"], row["reason"])
    sizes = row["statements"], row["reports"], row["quads"]
    return Built(row["id"], row["sha256"], row["path"], *sizes, (), at=row["at"])
