"""Article to quads, in this process or in several; an article that fails never takes others with it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from multiprocessing import get_context

from pyoxigraph import RdfFormat, serialize
from spacy.language import Language

from kg.errors import InputError, NewsclaimsError
from kg.mapping import article_quads, shared_quads
from kg.nlp import claims
from kg.nlp.pipeline import load
from kg.pipeline.copies import Sketched, note
from kg.readers import Failure
from kg.types import Article, Reading, Rejected, Run
from kg.validate import Finding, check

_LOG = logging.getLogger(__name__)
_CHUNK = 4
# Chunks that wait for a process: enough to keep it busy, few enough to bound memory.
_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article: its quads, ready to be stored, and what to tell the user."""

    id: str
    sha256: str
    origin: str | None
    lines: bytes  # N-Quads, sorted within each graph
    quads: int
    statements: int
    reports: int
    rejected: tuple[Rejected, ...]
    faults: tuple[Finding, ...]  # what the shapes found wrong with the quads
    unread: str | None = None  # why no claims were read from it
    noted: Sketched | None = None  # for the index of copies


def results(
    inputs: Iterable[Article | Failure], run: Run, *, base: str, model: str, jobs: int = 1, noted: bool = False
) -> Iterator[Result | Failure]:
    """The quads of each article in the order of `inputs`, with its sketch if `noted`; failures pass through.

    `jobs` processes work at once, each with a model of its own; the result is the same for any number.
    Raises ModelError if the model cannot be loaded.
    """
    stream = iter(inputs)
    chunks = iter(lambda: tuple(islice(stream, _CHUNK)), ())
    if jobs <= 1:
        nlp = _loaded(model)
        for chunk in chunks:
            yield from _work(nlp, chunk, run, base, noted)
    else:
        yield from _spread(chunks, run, base, model, jobs, noted)


def read_articles(nlp: Language, inputs: Iterable[Article | Failure]) -> Iterator[Reading | Failure]:
    """The claims of each article, in order. An article on which a rule breaks down becomes a Failure."""
    for item in inputs:
        if isinstance(item, Failure):
            yield item
            continue
        try:
            yield claims.read(nlp, item)
        except NewsclaimsError as e:
            yield Failure(item.origin or item.id, e)
        except Exception as e:  # noqa: BLE001 - one broken article must not stop a batch; it is told, and logged in full
            yield _fault(item, e)


def _fault(article: Article, error: Exception) -> Failure:
    where = article.origin or article.id
    _LOG.debug("%s", where, exc_info=error)
    message = (
        f"claims were expected, reading broke down with {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    )
    return Failure(where, InputError(message, where=where, hint="leave it out, and report it with --debug"))


def _work(
    nlp: Language, chunk: Iterable[Article | Failure], run: Run, base: str, noted: bool = False
) -> Iterator[Result | Failure]:
    for item in chunk:
        # Words that an article brings are forgotten with it: an archive needs no more memory than an article.
        with nlp.memory_zone():
            found = _one(nlp, item, run, base, noted)
        yield found


def _one(nlp: Language, item: Article | Failure, run: Run, base: str, noted: bool) -> Result | Failure:
    reading = next(read_articles(nlp, [item]))
    if isinstance(reading, Failure):
        return reading
    try:
        return replace(_result(reading, run, base), noted=note(reading.article) if noted else None)
    except Exception as e:  # noqa: BLE001 - as above
        return _fault(reading.article, e)


def one_result(article: Article, run: Run, base: str, model: str) -> Result | Failure:
    """What one article gives. Pure: the same article, run, base and model give the same result anywhere."""
    return next(_work(_loaded(model), [article], run, base))


def unread(article: Article, run: Run, base: str, why: str) -> Result:
    """The article with what is known about it and no claims; `why` is told to the user."""
    return replace(_result(Reading(article, (), (), ()), run, base), unread=why)


def _result(reading: Reading, run: Run, base: str) -> Result:
    article = reading.article
    quads = article_quads(reading, run, base) + shared_quads(reading, run, base)
    return Result(
        id=article.id,
        sha256=article.sha256,
        origin=article.origin,
        lines=serialize(quads, format=RdfFormat.N_QUADS) or b"",
        quads=len(quads),
        statements=len(reading.statements),
        reports=len(reading.reports),
        rejected=reading.rejected,
        faults=check(quads).findings,
    )


@cache
def _loaded(model: str) -> Language:
    """The reading pipeline, loaded once a process."""
    return load(model)


def _chunk(
    chunk: tuple[Article | Failure, ...], run: Run, base: str, model: str, noted: bool
) -> list[Result | Failure]:
    return list(_work(_loaded(model), chunk, run, base, noted))


def _spread(
    chunks: Iterable[tuple[Article | Failure, ...]], run: Run, base: str, model: str, jobs: int, noted: bool
) -> Iterator[Result | Failure]:
    """Chunks handed to processes, their results taken in order; at most `_AHEAD` chunks a process wait."""
    waiting: deque[tuple[tuple[Article | Failure, ...], Future[list[Result | Failure]]]] = deque()
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_chunk, chunk, run, base, model, noted)))
            if len(waiting) >= jobs * _AHEAD:
                yield from _taken(*waiting.popleft())
        while waiting:
            yield from _taken(*waiting.popleft())


def _taken(chunk: tuple[Article | Failure, ...], future: Future[list[Result | Failure]]) -> Iterator[Result | Failure]:
    try:
        yield from future.result()
    except BrokenProcessPool:
        for item in chunk:
            if isinstance(item, Failure):
                yield item
                continue
            where = item.origin or item.id
            message = "a reading process was killed (out of memory?) while this article waited or was read"
            yield Failure(where, InputError(message, where=where, hint="build again with --resume and fewer --jobs"))
