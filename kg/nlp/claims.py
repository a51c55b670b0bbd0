"""From a Doc to claims: the only way out of spaCy.

Every claim is checked against the article's stored text: its words must be found at its offsets, in
one readable stretch. A claim that fails is rejected and listed, never mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.heads import text_of
from kg.nlp.records import get, put_value
from kg.readers.layout import masked
from kg.types import (
    READABLE,
    Actor,
    Article,
    Place,
    Reading,
    Rejected,
    Report,
    Role,
    Source,
    Span,
    Statement,
)


def read(nlp: Language, article: Article) -> Reading:
    """All that one article says, as claims. Pure: the same article, model and rules give the same reading."""
    return next(read_all(nlp, [article]))


def read_all(nlp: Language, articles: Iterable[Article], *, batch: int = 16) -> Iterator[Reading]:
    """Readings of many articles, in order; `batch` articles are handed to the model at once."""
    waiting: list[Article] = []

    def docs() -> Iterator[Doc]:
        for article in articles:
            waiting.append(article)
            doc = nlp.make_doc(masked(article))
            put_value(doc, "published", article.published)
            put_value(doc, "zones", [[z.span.start, z.span.end, z.kind.value] for z in article.zones])
            yield doc

    for doc in nlp.pipe(docs(), batch_size=batch):
        yield reading(doc, waiting.pop(0))


def reading(doc: Doc, article: Article) -> Reading:
    """The claims that the components left on `doc`, checked against `article.text`."""
    statements = get(doc, "statements", Statement)
    reports = get(doc, "reports", Report)
    fault = _Checker(article, text_of(doc))
    rejected = [Rejected("statement", s.content, why, s.rule) for s in statements if (why := fault(s))]
    rejected += [Rejected("report", r.trigger, why, r.rule) for r in reports if (why := fault(r))]
    kept = {i: n for n, i in enumerate(i for i, s in enumerate(statements) if not fault(s))}
    kept_reports = {i: n for n, i in enumerate(i for i, r in enumerate(reports) if not fault(r))}
    return Reading(
        article=article,
        sentences=tuple(_sentences(doc)),
        statements=tuple(replace(statements[i], parent=_moved(statements[i].parent, kept)) for i in kept),
        reports=tuple(
            replace(
                reports[i],
                statement=_moved(reports[i].statement, kept),
                part_of=_moved(reports[i].part_of, kept_reports),
            )
            for i in kept_reports
        ),
        actors=tuple(a for a in get(doc, "actors", Actor) if not any(fault.span(m) for m in a.mentions)),
        places=tuple(p for p in get(doc, "places", Place) if p.span is None or not fault.span(p.span)),
        rejected=tuple(rejected),
    )


def _moved(index: int | None, kept: dict[int, int]) -> int | None:
    return None if index is None else kept.get(index)


def _sentences(doc: Doc) -> Iterator[Span]:
    for sentence in doc.sents:
        words = sentence.text
        start = sentence.start_char + len(words) - len(words.lstrip())
        end = sentence.start_char + len(words.rstrip())
        if end > start:
            yield Span(start, end)


class _Checker:
    """Finds the first fault of a claim's spans: words that are not there, or not in readable text."""

    def __init__(self, article: Article, read: str) -> None:
        self.text = article.text
        self.read = read
        self.closed = [z.span for z in article.zones if z.kind not in READABLE]

    def __call__(self, claim: Statement | Report) -> str | None:
        named: tuple[tuple[str | None, Span | None], ...]
        if isinstance(claim, Statement):
            named = (
                (None, claim.content),
                (None, claim.cue),
                *_words(claim.source),
                *_words(claim.addressee),
                *_words(claim.said_at),
            )
        else:
            named = (
                (None, claim.trigger),
                *_words(claim.figure),
                *(w for p in (claim.origin, claim.destination, claim.place) for w in _place_words(p)),
                *_words(claim.agent),
                *_words(claim.cause),
                *_words(claim.time),
            )
        for words, span in named:
            why = self.span(span, words) if span is not None else None
            if why:
                return why
        return None

    def span(self, span: Span, words: str | None = None) -> str | None:
        """None if the span lies in readable text and holds `words` (white space aside), else the reason."""
        if span.end > len(self.text):
            return f"the span [{span.start}, {span.end}) ends after the text ({len(self.text)} code points)"
        here = _squeezed(span.of(self.text))
        if here != _squeezed(span.of(self.read)):
            return f"the text at [{span.start}, {span.end}) is not the text that was read"
        if words is not None and here != _squeezed(words):
            return f"{words!r} was expected at [{span.start}, {span.end}), found {here!r}"
        if any(z.overlaps(span) for z in self.closed):
            return f"the span [{span.start}, {span.end}) touches text that is not the article's own"
        return None


def _words(part: Any) -> tuple[tuple[str | None, Span | None], ...]:
    if part is None:
        return ()
    if isinstance(part, Source):
        return ((None, part.span),)
    if isinstance(part, Role):
        return ((part.text, part.span),)
    return ((part.text, part.span),)


def _place_words(place: Place | None) -> tuple[tuple[str | None, Span | None], ...]:
    return () if place is None else ((None, place.span),)


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()
