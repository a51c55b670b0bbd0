"""Quads in order, whatever their number: sorted runs on disk, then merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

_RUN = 250_000  # quads sorted in memory at once: about 300 MB

Key = Callable[[Quad], tuple[str, ...]]


def value_of(term: NamedNode | BlankNode | Literal | Triple | DefaultGraph) -> str:
    """The IRI, label or words of a term; "" for the default graph and for triple terms."""
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else ""


def by_graph(quad: Quad) -> tuple[str, ...]:
    """Order for formats that keep graphs together."""
    return (str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object))


def by_subject(quad: Quad) -> tuple[str, ...]:
    """Order for formats without graphs: equal triples of several graphs become neighbours."""
    return (str(quad.subject), str(quad.predicate), str(quad.object))


def ordered(quads: Iterable[Quad], key: Key) -> Iterator[Quad]:
    """The distinct quads in the order of `key`. Memory stays bounded: more than one run goes through files."""
    source = iter(quads)
    first = sorted(set(islice(source, _RUN)), key=key)
    rest = list(islice(source, 1))
    if not rest:
        yield from first
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_files:
        paths = [_write(first, Path(folder) / "0.nq")]
        while run := [*rest, *islice(source, _RUN - len(rest))]:
            rest = []
            paths.append(_write(sorted(set(run), key=key), Path(folder) / f"{len(paths)}.nq"))
        files = [open_files.enter_context(path.open("rb")) for path in paths]
        runs = [parse(file, format=RdfFormat.N_QUADS) for file in files]
        for _, same in groupby(heapq.merge(*runs, key=key), key=lambda quad: quad):
            yield next(same)


def _write(quads: Iterable[Quad], path: Path) -> Path:
    serialize(quads, str(path), format=RdfFormat.N_QUADS)
    return path


def merged(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The distinct triples of all graphs, sorted by subject."""
    for triple, _ in groupby(ordered(quads, by_subject), key=lambda q: q.triple):
        yield triple


def graphs(quads: Iterable[Quad]) -> Iterator[tuple[NamedNode | None, list[Quad]]]:
    """Each graph with its sorted quads; None stands for the default graph."""
    for name, rows in groupby(ordered(quads, by_graph), key=lambda q: q.graph_name):
        yield (name if isinstance(name, NamedNode) else None), list(rows)
