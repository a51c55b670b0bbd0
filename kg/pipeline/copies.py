"""Which articles print the words of another: a small index beside the store, and links in its graph.

DIR/copies.sqlite holds sketches, no texts. Of two articles that tell one story in the same words, the one
published first is the original; without dates, the one whose digest sorts first, so that the order of reading
changes nothing.
"""

from __future__ import annotations

import sqlite3
from base64 import b85decode, b85encode
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import StoreError
from kg.mapping import iris, terms
from kg.mapping.frame import ENGLISH, decimal, described, tagged, text
from kg.ontology import nc
from kg.readers.sketch import Likeness, Sketch, compare, sketch
from kg.store import Store
from kg.types import Article

FILE = "copies.sqlite"
METHOD = "shared_runs_of_words"
_MOST = 64  # candidates that are compared: those that share the most keys
_CROWD = 500  # articles; a run of words that more of them share is the page's, not the story's
_UNDATED = "9999-12-31"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS article (
    id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE NOT NULL, name TEXT NOT NULL, published TEXT NOT NULL,
    runs INTEGER NOT NULL, hashes BLOB NOT NULL, figures BLOB NOT NULL, names BLOB NOT NULL,
    linked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS key (hash INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (hash, article))
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unlinked ON article (id) WHERE linked <> 1;
"""


@dataclass(frozen=True, slots=True)
class Sketched:
    """An article as the index knows it."""

    sha256: str
    name: str
    published: str  # ISO date; a date after all others where none is known
    sketch: Sketch

    @property
    def order(self) -> tuple[str, str]:
        """Originals sort before their copies."""
        return self.published, self.sha256


@dataclass(frozen=True, slots=True)
class Copy:
    """`sha256` prints the words of `original`."""

    sha256: str
    original: str
    likeness: Likeness


def sketched(sha256: str, name: str, published: object, sketch: Sketch) -> Sketched:
    """A row of the index; `published` is a date or None."""
    return Sketched(sha256, name, str(published) if published else _UNDATED, sketch)


def note(article: Article) -> Sketched:
    """An article as the index is to know it."""
    return sketched(article.sha256, article.id, article.published, sketch(article))


class Copies:
    """The index of a store's articles. A context manager; `memory` for tests and stores without a folder."""

    def __init__(self, path: Path | str) -> None:
        """Open or make the index. Raises StoreError if the file is no index."""
        try:
            self._db = sqlite3.connect(path)
            # A kill leaves the index whole, and no article waits for the disk.
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            message = f"an index of copies was expected: {error}"
            raise StoreError(message, where=str(path), hint="delete the file and build again") from error

    @classmethod
    def beside(cls, store: Path) -> Self:
        """The index of the store in this folder."""
        return cls(store / FILE)

    @classmethod
    def memory(cls) -> Self:
        """An index that is gone when closed."""
        return cls(":memory:")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def __contains__(self, sha256: str) -> bool:
        return self._db.execute("SELECT 1 FROM article WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def add(self, found: Iterable[Sketched]) -> None:
        """Put articles in, all or none; one that is there already is replaced, and linked again."""
        with self._writing():
            for one in found:
                self._drop(one.sha256)
                row = (one.sha256, one.name, one.published, one.sketch.runs, *packed(one.sketch))
                columns = "sha256, name, published, runs, hashes, figures, names"
                added = self._db.execute(f"INSERT INTO article ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
                keys = [(key, added.lastrowid) for key in one.sketch.keys]
                self._db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", keys)

    def forget(self, sha256s: Iterable[str]) -> None:
        """Take articles out; what was linked to them will be linked anew."""
        with self._writing():
            for sha256 in sha256s:
                for row in self._db.execute(f"{_SELECT} WHERE sha256 = ?", (sha256,)).fetchall():
                    self._again(c.sha256 for c in self.candidates(_unpacked(row)))
                self._drop(sha256)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # nothing of them is left in the file of changes

    def candidates(self, one: Sketched) -> list[Sketched]:
        """Articles that share keys with this one, those that share most first; itself left out."""
        shared: Counter[int] = Counter()
        for key in one.sketch.keys:
            rows = self._db.execute("SELECT article FROM key WHERE hash = ? LIMIT ?", (key, _CROWD + 1)).fetchall()
            if len(rows) <= _CROWD:
                shared.update(row[0] for row in rows)
        best = sorted(shared, key=lambda n: (-shared[n], n))[: _MOST + 1]
        rows = [self._db.execute(f"{_SELECT} WHERE id = ?", (n,)).fetchone() for n in best]
        return [found for row in rows if (found := _unpacked(row)).sha256 != one.sha256]

    def match(self, one: Sketched) -> tuple[Sketched, Likeness] | None:
        """The article that this one copies to the letter of its figures, among those that were added before."""
        likely = ((other, compare(one.sketch, other.sketch)) for other in self.candidates(one))
        return next(((o, like) for o, like in likely if like.same_story and like.same_figures), None)

    def unlinked(self) -> list[str]:
        """The digests of the articles that were added since the last `settle`."""
        return [row[0] for row in self._db.execute("SELECT sha256 FROM article WHERE linked <> 1")]

    def fresh(self) -> Iterator[tuple[str, Copy | None]]:
        """The articles whose links are to be written again, and what each copies. Call `settle` afterwards."""
        if self._db.execute("SELECT 1 FROM article WHERE linked = 1 LIMIT 1").fetchone():
            for one in self._unlinked():
                with self._writing():
                    self._again(c.sha256 for c in self.candidates(one) if c.order > one.order)
        for one in self._unlinked():
            yield one.sha256, self._original(one)

    def _unlinked(self) -> Iterator[Sketched]:
        """In portions, so that neither memory nor the index grows with the archive."""
        query, last = f"{_SELECT} WHERE linked <> 1 AND id > ? ORDER BY id LIMIT 200", 0
        while rows := self._db.execute(query, (last,)).fetchall():
            last = rows[-1][-1]
            yield from map(_unpacked, rows)

    def settle(self) -> None:
        """Note that all links are written."""
        with self._writing():
            self._db.execute("UPDATE article SET linked = 1 WHERE linked <> 1")

    def name(self, sha256: str) -> str:
        """The short name of an article of the index."""
        row = self._db.execute("SELECT name FROM article WHERE sha256 = ?", (sha256,)).fetchone()
        return str(row[0]) if row else sha256[:16]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction. Raises StoreError if it cannot be written."""
        try:
            with self._db:
                yield
        except sqlite3.Error as error:
            message = f"the index of copies cannot be written: {error}"
            raise StoreError(message, hint="make room on the disk, then build again with --resume") from error

    def _original(self, one: Sketched) -> Copy | None:
        for other in sorted(self.candidates(one), key=lambda s: s.order):
            if other.order < one.order and (like := compare(one.sketch, other.sketch)).same_story:
                return Copy(one.sha256, other.sha256, like)
        return None

    def _drop(self, sha256: str) -> None:
        within = "(SELECT id FROM article WHERE sha256 = ?)"
        old = self._db.execute("SELECT hashes FROM article WHERE sha256 = ?", (sha256,)).fetchone()
        if old:
            keys = [(int(h), sha256) for h in np.frombuffer(old[0], np.uint64)]
            self._db.executemany(f"DELETE FROM key WHERE hash = ? AND article = {within}", keys)  # noqa: S608
            self._db.execute("DELETE FROM article WHERE sha256 = ?", (sha256,))

    def _again(self, sha256s: Iterable[str]) -> None:
        self._db.executemany("UPDATE article SET linked = 0 WHERE sha256 = ?", [(s,) for s in sha256s])


_SELECT = "SELECT sha256, name, published, runs, hashes, figures, names, id FROM article"


def packed(sketch: Sketch) -> tuple[bytes, bytes, bytes]:
    """A sketch's hashes, figures and names as bytes, as the index keeps them."""
    figures, names = (np.array(sorted(values), np.uint32) for values in (sketch.figures, sketch.names))
    return np.array(sketch.hashes, np.uint64).tobytes(), figures.tobytes(), names.tobytes()


def unpacked(runs: int, hashes: bytes, figures: bytes, names: bytes) -> Sketch:
    """The sketch that `packed` made."""
    pairs = np.frombuffer(figures, np.uint32).reshape(-1, 2)
    kept = tuple(int(h) for h in np.frombuffer(hashes, np.uint64))
    named = frozenset(int(n) for n in np.frombuffer(names, np.uint32))
    return Sketch(runs, kept, frozenset((int(a), int(b)) for a, b in pairs), named)


def words_of(found: Sketch) -> list[str]:
    """A sketch as text, for a row of JSON."""
    return [b85encode(part).decode() for part in packed(found)]


def unpacked_words(runs: int, words: list[str]) -> Sketch:
    """The sketch that `words_of` wrote."""
    hashes, figures, names = (b85decode(word) for word in words)
    return unpacked(runs, hashes, figures, names)


def _unpacked(row: tuple[str, str, str, int, bytes, bytes, bytes, int]) -> Sketched:
    sha256, name, published, runs, hashes, figures, names, _ = row
    return Sketched(sha256, name, published, unpacked(runs, hashes, figures, names))


def link_copies(store: Store, copies: Copies, base: str) -> int:
    """Write to the links graph which article copies or revises which; returns for how many that was found.

    Only articles that are new since the last call, and those they may be the original of, are looked at.
    """
    sweep(store, copies, base)
    graph = iris.graph(base, "links")
    count = 0
    for sha256, copy in copies.fresh():
        article, node = NamedNode(iris.article(base, sha256)), _node(base, sha256)
        old = set(store.inner.quads_for_pattern(node, None, None, graph))
        for relation in (_COPY_OF, _REVISION_OF):
            old.update(store.inner.quads_for_pattern(article, relation, None, graph))
        new = {Quad(t.subject, t.predicate, t.object, graph) for t in _rows(base, copies, copy)}
        if old - new:
            store.touch()
        for quad in old - new:
            store.inner.remove(quad)
        if new - old:
            store.extend(sorted(new - old, key=str))
        count += copy is not None
    copies.settle()
    return count


def sweep(store: Store, copies: Copies, base: str) -> None:
    """Forget noted articles that never came into the store: they failed, or the build was killed before."""
    graphs = ((sha256, iris.article_graph(base, sha256)) for sha256 in copies.unlinked())
    copies.forget(sha256 for sha256, graph in graphs if not store.inner.contains_named_graph(graph))


_COPY_OF, _REVISION_OF, _ARTICLE_LINK = nc("copyOf"), nc("revisionOf"), nc("ArticleLink")


def _node(base: str, sha256: str) -> NamedNode:
    return NamedNode(f"{iris.article(base, sha256)}#link-original")


def _rows(base: str, copies: Copies, copy: Copy | None) -> Iterator[Triple]:
    if copy is None:
        return
    article, original = (NamedNode(iris.article(base, s)) for s in (copy.sha256, copy.original))
    relation, words = (_COPY_OF, "copy of") if copy.likeness.same_figures else (_REVISION_OF, "other version of")
    yield Triple(article, relation, original)
    yield from described(
        _node(base, copy.sha256),
        (terms.LINK, _ARTICLE_LINK),
        tagged(f"{copies.name(copy.sha256)}: {words} {copies.name(copy.original)}", ENGLISH),
        (terms.LINK_FROM, article),
        (terms.LINK_TO, original),
        (terms.LINK_METHOD, text(METHOD)),
        (terms.CONFIDENCE, decimal(copy.likeness.share)),
    )
