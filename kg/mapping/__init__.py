"""A `Reading` becomes quads: pure, sorted, the same bytes every time.

`article_quads` writes the graph of one article, `shared_quads` what it brings to the shared graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.mapping import iris, terms
from kg.mapping.actors import actor_rows, place_rows
from kg.mapping.claims import rejected_rows, report_rows, statement_rows
from kg.mapping.frame import Frame, described, frame_of, tagged, text
from kg.mapping.shared import actor_links, entity_rows, event_links, place_links, provenance_rows
from kg.mapping.views import as_dataset, as_graph
from kg.types import Reading, Run

__all__ = ["article_quads", "as_dataset", "as_graph", "shared_quads"]


def article_quads(reading: Reading, run: Run, base: str) -> tuple[Quad, ...]:
    """The graph of one article: all that it says, self-contained, sorted.

    `base`: base IRI of all data, ends in "/". Raises ValueError for a span outside the text, LexiconError
    for an event or measure that the ontology lacks.
    """
    frame = frame_of(reading, run, base)
    return _quads(iris.article_graph(base, reading.article.sha256), _article_rows(frame, reading))


def shared_quads(reading: Reading, run: Run, base: str) -> tuple[Quad, ...]:
    """What an article brings to the graphs entities, links and provenance, sorted."""
    frame = frame_of(reading, run, base)
    links = (*actor_links(frame, reading), *place_links(frame, reading), *event_links(frame, reading))
    provenance = provenance_rows(frame, iris.article_graph(base, reading.article.sha256), run)
    return (
        *_quads(iris.graph(base, "entities"), entity_rows(frame, reading)),
        *_quads(iris.graph(base, "links"), links),
        *_quads(iris.graph(base, "provenance"), provenance),
    )


def _quads(graph: NamedNode, rows: Iterable[Triple]) -> tuple[Quad, ...]:
    return tuple(Quad(t.subject, t.predicate, t.object, graph) for t in sorted(set(rows), key=str))


def _article_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    yield from _article(frame)
    yield from statement_rows(frame, reading)
    yield from report_rows(frame, reading)
    yield from actor_rows(frame, reading)
    yield from place_rows(frame, reading)
    yield from rejected_rows(frame, reading.rejected)


def _article(frame: Frame) -> Iterator[Triple]:
    article = frame.article
    subject = NamedNode(frame.iri)
    yield from described(
        subject,
        (terms.ARTICLE,),
        tagged(article.title or article.id, frame.language),
        (terms.IDENTIFIER, text(article.id)),
        (terms.SHA256, text(article.sha256)),
        (terms.LANGUAGE, text(article.language)),
        *((terms.AUTHOR_NAME, text(author)) for author in article.authors),
    )
    given = ((terms.PUBLISHER_NAME, article.publisher), (terms.URL, article.url))
    yield from (Triple(subject, predicate, text(value)) for predicate, value in given if value)
    if article.title:
        yield Triple(subject, terms.TITLE, tagged(article.title, frame.language))
    if article.published:
        yield Triple(subject, terms.PUBLISHED_ON, Literal(article.published.isoformat(), datatype=terms.DATE))
