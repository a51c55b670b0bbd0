"""Open a store for writing or reading, and change whole graphs at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.store import folder as layout
from kg.store import geo, incoming
from kg.store import text as words
from kg.store.dump import canonical_lines, serialized

if TYPE_CHECKING:
    from rdflib import Dataset

KEEP = 3  # generations left after a publication: the newest, and two for readers that are about to open one
_BULK = 50_000  # quads; below this a transaction is faster than writing table files
_LOCKED = ("lock hold", "lock file", "unavailable", "No locks available")


class Store:
    """An Oxigraph store. Writers come from `create_or_open` and `memory`, readers from `open`.

    A context manager: leaving it without an error publishes what was written, so that readers see it.
    """

    def __init__(self, inner: ox.Store, folder: Path | None, generation: int | None, lock: IO[str] | None) -> None:
        self._inner: ox.Store | None = inner
        self.folder = folder
        self.generation = generation  # number read from; None for a writer
        self._lock = lock
        self._words: sqlite3.Connection | None = None

    @classmethod
    def create_or_open(cls, folder: Path | str) -> Self:
        """Open `folder` for writing, making it if needed. Raises StoreError if another writer has it."""
        folder = Path(folder)
        layout.create(folder)
        try:
            inner = ox.Store(str(layout.data_path(folder)))
        except OSError as error:
            raise _open_error(folder, error) from error
        for orphan in layout.data_path(folder).glob("bulk-*.sst"):  # left by a killed bulk load
            orphan.unlink()
        if layout.latest(folder) is None or incoming.left(folder):
            layout.mark_dirty(folder)
        incoming.recover(inner, folder)
        return cls(inner, folder, None, None)

    @classmethod
    def open(cls, folder: Path | str, generation: int | None = None) -> Self:
        """Open a published generation (the newest by default) for reading. Raises StoreError if there is none."""
        folder = Path(folder)
        layout.check(folder)
        found, lock = layout.hold(folder, generation)
        try:
            inner = ox.Store.read_only(str(found.path))
        except OSError as error:
            lock.close()
            raise _open_error(folder, error) from error
        return cls(inner, folder, found.number, lock)

    @classmethod
    def memory(cls) -> Self:
        """An empty store that lives in memory only."""
        return cls(ox.Store(), None, None, None)

    @property
    def inner(self) -> ox.Store:
        """The pyoxigraph store. Raises StoreError once closed."""
        if self._inner is None:
            raise StoreError("an open store was expected, found a closed one", hint="open it again")
        return self._inner

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self.dirty:
                self.publish()
        finally:
            self.close()

    def __len__(self) -> int:
        return len(self.inner)

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self.inner)

    @property
    def dirty(self) -> bool:
        """True if something was written that no generation shows."""
        return self.folder is not None and self.generation is None and layout.is_dirty(self.folder)

    def close(self) -> None:
        """Let go of the files. Nothing is published."""
        self._inner = None
        if self._words is not None:
            self._words.close()
            self._words = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def replace_graph(self, graph: str, quads: Iterable[ox.Quad]) -> None:
        """Put `quads` (their own graph names are ignored) in place of all that `graph` holds, in one transaction."""
        self.replace_graphs({graph: quads})

    replace_article = replace_graph

    def replace_graphs(self, graphs: Mapping[str, Iterable[ox.Quad]]) -> None:
        """Replace several graphs in one transaction: all or none."""
        operations = []
        for name, quads in graphs.items():
            triples = serialized((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES)
            operations.append(f"DROP SILENT GRAPH {ox.NamedNode(name)}")
            if triples:
                operations.append(f"INSERT DATA {{ GRAPH {ox.NamedNode(name)} {{\n{triples}}} }}")
        self.update(" ;\n".join(operations))

    def remove_graph(self, graph: str) -> bool:
        """Delete `graph`; True if it was there."""
        present = self.inner.contains_named_graph(ox.NamedNode(graph))
        if present:
            self.update(f"DROP SILENT GRAPH {ox.NamedNode(graph)}")
        return present

    remove_article = remove_graph

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads to the graphs they name; one transaction for small amounts, bulk loading for large ones."""
        found = list(quads)
        self.touch()
        if len(found) < _BULK:
            self.inner.extend(found)
        else:
            self.inner.bulk_extend(found)

    def incoming(self, *, beside: bool = False) -> incoming.Incoming:
        """A way in for many quads; `beside` writes them while the caller goes on. Raises StoreError for a reader."""
        self.touch()
        return incoming.Incoming(self.inner, self.folder, beside=beside)

    def load(self, path: Path | str, *, format: ox.RdfFormat | None = None, graph: str | None = None) -> None:
        """Bulk-load an RDF file. Raises StoreError naming the file and the place of a syntax error."""
        kind = format or ox.RdfFormat.from_extension(Path(path).suffix.lstrip("."))
        if kind is None:
            raise StoreError("an RDF file was expected, found another ending", where=str(path), hint="use .nq, .ttl, …")
        self.touch()
        try:
            self.inner.bulk_load(path=str(path), format=kind, to_graph=ox.NamedNode(graph) if graph else None)
        except (SyntaxError, OSError) as error:
            raise StoreError(f"not loaded: {one_line(error)}", where=str(path), hint="correct the file") from error

    def update(self, text: str) -> None:
        """Run a SPARQL update in one transaction. Raises QueryError if it does not parse."""
        self.touch()
        try:
            self.inner.update(text)
        except SyntaxError as error:
            raise QueryError(f"the update does not parse: {one_line(error)}", hint="correct it") from error
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the update failed: {error}", where=str(self.folder or "memory")) from error

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a SPARQL query; the default graph is the union of all graphs. Raises QueryError."""
        try:
            return self.evaluate(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {one_line(error)}", hint="correct it") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"the query failed: {error}") from error

    def evaluate(self, text: str, **options: Any) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a SPARQL query with `nc:textMatch`, `nc:distance` and `nc:inBox`; `options` and errors are the engine's.

        Raises QueryError for a `nc:textMatch` that is not `?variable nc:textMatch "words"`.
        """
        if words.is_used(text):
            text = words.rewritten(text, self.find)
        if geo.is_used(text):
            options["custom_functions"] = geo.FUNCTIONS
        return self.inner.query(text, **options)

    def find(self, asked: str) -> list[str]:
        """The IRIs of the nodes that say `asked` (see kg.store.text), best first. The first call makes the index."""
        if self._words is not None and self.generation is not None:
            return words.search(self._words, asked)
        if self.folder is not None and self.generation is not None:
            path = layout.generation_path(self.folder, self.generation).text_path
            if not path.exists():
                words.build(self.inner, path)
            self._words = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
            return words.search(self._words, asked)
        with closing(sqlite3.connect(":memory:")) as connection:  # a writer's state changes: its index lives once
            words.fill(self.inner, connection)
            return words.search(connection, asked)

    def graphs(self) -> tuple[str, ...]:
        """The names of all graphs that hold something, sorted."""
        return tuple(sorted(graph.value for graph in self.inner.named_graphs() if isinstance(graph, ox.NamedNode)))

    def graph(self, name: str) -> Iterator[ox.Quad]:
        """The quads of one graph."""
        return self.inner.quads_for_pattern(None, None, None, ox.NamedNode(name))

    def canonical(self) -> list[str]:
        """Sorted N-Quads lines of the whole store."""
        return canonical_lines(self.inner)

    def publish(self, keep: int = KEEP) -> int:
        """Make the present state the newest generation; returns its number. Writers of a folder only."""
        if self.folder is None or self.generation is not None:
            raise StoreError("a store opened for writing was expected", hint="open it with create_or_open")
        number = layout.publish(self.folder, self.inner.backup).number
        layout.prune(self.folder, keep)
        return number

    def backup(self, target: Path | str) -> None:
        """Write a copy of the store (hard-linked on the same disk) that `open` and `create_or_open` accept."""
        target = Path(target)
        layout.create(target)
        if layout.data_path(target).exists():
            raise StoreError(
                "an empty folder was expected, found a store", where=str(target), hint="name another folder"
            )
        self.inner.backup(str(layout.data_path(target)))
        copy = ox.Store(str(layout.data_path(target)))
        layout.publish(target, copy.backup)

    def compact(self) -> None:
        """Rewrite the database's files as small and fast as they can be. Takes seconds for each million quads."""
        self.touch()
        self.inner.optimize()

    def rdflib(self) -> Dataset:
        """An rdflib Dataset over the same store. rdflib runs prepared queries in its own, slow engine: pass strings."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        return Dataset(store=OxigraphStore(store=self.inner), default_union=True)

    def touch(self) -> None:
        """Note that something is about to be written through `inner`. Raises StoreError for a reader."""
        if self.generation is not None:
            raise StoreError("a store opened for writing was expected", hint="open it with create_or_open")
        if self.folder is not None and not layout.is_dirty(self.folder):
            layout.mark_dirty(self.folder)


def one_line(error: Exception, most: int = 300) -> str:
    """The engine's message on one line, cut after `most` characters: its lists of expected signs are long."""
    text = " ".join(str(error).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _open_error(folder: Path, error: OSError) -> StoreError:
    if any(words in str(error) for words in _LOCKED):
        return StoreError(
            "the store is being written by another process",
            where=str(folder),
            hint="wait for it or stop it, then try again",
        )
    return StoreError(
        f"the store cannot be opened: {error}", where=str(folder), hint="restore a backup or build it anew"
    )
