"""Articles into a store: each replaces what the store held of it, in batches, each batch whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Quad

from kg.mapping import iris
from kg.ontology import PROV
from kg.pipeline.copies import Copies, note
from kg.pipeline.gate import NO_EVENT, passes
from kg.pipeline.withdraw import withdraw
from kg.pipeline.work import Result, results, unread
from kg.readers import Failure
from kg.store import Incoming, Store
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
    at: int = 0  # its place in the whole input, where parts were loaded


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


@dataclass(frozen=True, slots=True)
class Skipped:
    """An article from which no claims were read, because it was asked for that such articles be left out."""

    id: str
    sha256: str
    path: str  # where it was read from
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is read. By default all that is given."""

    resume: bool = False  # leave alone what the same run built before
    gate: bool = False  # skip articles whose words can tell of none of our events
    copies: Copies | None = None  # the index in which articles are noted, so that copies can be linked
    skip_copies: bool = False  # read no claims from a copy of an article that was read before


Outcome = Built | Kept | Repeated | Skipped | Failure
_ALL = Choice()


def build(
    inputs: Iterable[Article | Failure],
    store: Store,
    run: Run,
    *,
    base: str,
    model: str,
    jobs: int = 1,
    choice: Choice = _ALL,
) -> Iterator[Outcome]:
    """Read articles and write their claims to `store`; one outcome an input, told once it is stored.

    Raises ModelError and StoreError; all faults of single inputs are outcomes. The caller publishes the store,
    and links copies (`link_copies`) if they were noted.
    """
    aside: list[Kept | Repeated | Skipped | Result] = []
    waiting: list[Result] = []
    fresh = _fresh(inputs, store, run, base, choice, aside)
    noted = choice.copies is not None and not choice.skip_copies
    with store.incoming(beside=jobs > 1) as incoming:
        for result in results(fresh, run, base=base, model=model, jobs=jobs, noted=noted):
            if isinstance(result, Failure):
                yield result
            else:
                waiting.append(result)
            yield from _told(aside, waiting)
            if len(waiting) >= _BATCH:
                yield from _write(waiting, store, incoming, base, choice.copies)
                waiting.clear()
        yield from _told(aside, waiting)
        yield from _write(waiting, store, incoming, base, choice.copies)
        incoming.settle()


def _told(aside: list[Kept | Repeated | Skipped | Result], waiting: list[Result]) -> Iterator[Outcome]:
    """The outcomes among `aside`; results go to those that wait to be written."""
    while aside:
        item = aside.pop(0)
        if isinstance(item, Result):
            waiting.append(item)
        else:
            yield item


def _fresh(
    inputs: Iterable[Article | Failure],
    store: Store,
    run: Run,
    base: str,
    choice: Choice,
    aside: list[Kept | Repeated | Skipped | Result],
) -> Iterator[Article | Failure]:
    """The inputs that are to be read; what becomes of the others is put into `aside`."""
    seen: dict[str, str] = {}
    for item in inputs:
        if isinstance(item, Failure):
            yield item
        elif item.sha256 in seen:
            aside.append(Repeated(item.id, seen[item.sha256]))
        else:
            seen[item.sha256] = item.id
            other = _other(item, store, run, base, choice)
            if other is None:
                yield item
            else:
                aside.append(other)


def _other(article: Article, store: Store, run: Run, base: str, choice: Choice) -> Kept | Skipped | Result | None:
    """What becomes of an article that is not to be read; None if it is."""
    as_copy = replace(run, settings=(*run.settings, ("claims", "not read: a copy")))
    is_built = choice.resume and _is_built(store, base, article.sha256, [run, as_copy][: 1 + choice.skip_copies])
    if choice.gate and not is_built and not passes(article):
        return Skipped(article.id, article.sha256, article.origin or article.id, NO_EVENT)
    copies = choice.copies
    if copies is not None and (is_built or choice.skip_copies) and not (is_built and article.sha256 in copies):
        noted = note(article)
        original = copies.match(noted) if choice.skip_copies and not is_built else None
        copies.add([noted])
        if original is not None:
            reason = f"a copy of {original[0].name} ({original[1].share:.0%} of the words)"
            return unread(article, as_copy, base, reason)
    return Kept(article.id, article.sha256) if is_built else None


def _is_built(store: Store, base: str, sha256: str, runs: Iterable[Run]) -> bool:
    graph = iris.article_graph(base, sha256)
    provenance = iris.graph(base, "provenance")
    return any(Quad(graph, _GENERATED_BY, iris.run(base, run), provenance) in store.inner for run in runs)


def _write(
    batch: list[Result], store: Store, incoming: Incoming, base: str, copies: Copies | None
) -> Iterator[Built | Skipped]:
    graphs = {r.sha256: iris.article_graph(base, r.sha256) for r in batch}
    if old := [s for s, graph in graphs.items() if store.inner.contains_named_graph(graph)]:
        incoming.wait()  # what leads to a shared node is looked up in the database
        withdraw(store, base, old)
    if copies is not None:
        copies.add(r.noted for r in batch if r.noted is not None)
    # Graphs and provenance in one block: after a crash an article is there whole or not at all.
    incoming.add(b"".join(r.lines for r in batch))
    for r in batch:
        if r.unread is not None:
            yield Skipped(r.id, r.sha256, r.origin or r.id, r.unread)
        else:
            yield Built(r.id, r.sha256, r.origin, r.statements, r.reports, r.quads, r.rejected, r.faults)
