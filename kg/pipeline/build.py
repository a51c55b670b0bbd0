"""Articles into a store: each replaces what the store held of it, in batches, each batch whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.mapping import iris
from kg.ontology import PROV
from kg.pipeline.withdraw import withdraw
from kg.pipeline.work import Result, results
from kg.readers import Failure
from kg.store import Store
from kg.types import Article, Rejected, Run
from kg.validate import Finding

_BATCH = 16
_GENERATED_BY = NamedNode(PROV + "wasGeneratedBy")


@dataclass(frozen=True, slots=True)
class Built:
    """An article whose claims are in the store now."""

    id: str
    sha256: str
    origin: str | None
    statements: int
    reports: int
    quads: int
    rejected: tuple[Rejected, ...]
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """An article that the store holds already from the same run (only where resuming was asked for)."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """An article whose text another input of the same build has too."""

    id: str
    first: str


Outcome = Built | Kept | Repeated | Failure


def build(
    inputs: Iterable[Article | Failure],
    store: Store,
    run: Run,
    *,
    base: str,
    model: str,
    jobs: int = 1,
    resume: bool = False,
) -> Iterator[Outcome]:
    """Read articles and write their claims to `store`; one outcome an input, told once it is stored.

    `resume` leaves alone what the same run built before. Raises ModelError and StoreError; all faults of
    single inputs are outcomes. The caller publishes the store.
    """
    aside: list[Kept | Repeated] = []
    fresh = _fresh(inputs, lambda sha256: resume and _is_built(store, run, base, sha256), aside)
    waiting: list[Result] = []
    for result in results(fresh, run, base=base, model=model, jobs=jobs):
        if isinstance(result, Failure):
            yield result
        else:
            waiting.append(result)
        if len(waiting) >= _BATCH:
            yield from _write(waiting, store, base)
            waiting.clear()
        while aside:
            yield aside.pop(0)
    yield from _write(waiting, store, base)
    yield from aside


def _fresh(
    inputs: Iterable[Article | Failure], is_built: Callable[[str], bool], aside: list[Kept | Repeated]
) -> Iterator[Article | Failure]:
    """The inputs that are to be read; the others are put into `aside`."""
    seen: dict[str, str] = {}
    for item in inputs:
        if isinstance(item, Failure):
            yield item
        elif item.sha256 in seen:
            aside.append(Repeated(item.id, seen[item.sha256]))
        else:
            seen[item.sha256] = item.id
            if is_built(item.sha256):
                aside.append(Kept(item.id, item.sha256))
            else:
                yield item


def _is_built(store: Store, run: Run, base: str, sha256: str) -> bool:
    graph = iris.article_graph(base, sha256)
    provenance = iris.graph(base, "provenance")
    return any(store.inner.quads_for_pattern(graph, _GENERATED_BY, iris.run(base, run), provenance))


def _write(batch: list[Result], store: Store, base: str) -> Iterator[Built]:
    graphs = {r.sha256: iris.article_graph(base, r.sha256) for r in batch}
    withdraw(store, base, [s for s, graph in graphs.items() if store.inner.contains_named_graph(graph)])
    # One transaction for graphs and provenance together: after a crash an article is there whole or not at all.
    store.extend(quad for result in batch for quad in result.quads)
    for r in batch:
        yield Built(r.id, r.sha256, r.origin, r.statements, r.reports, len(r.quads), r.rejected, r.faults)
