"""What every part of the mapping needs of one article, and how nodes and literals are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Triple

from kg.linking import states
from kg.mapping import iris, terms
from kg.types import ActorKind, Article, Place, Reading, Role, Run, Source, Span

ENGLISH = "en"  # the language of labels that the program itself composes
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LABEL_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Frame:
    """One article on its way into RDF."""

    article: Article
    base: str
    iri: str
    run: NamedNode
    language: str  # tag of labels that are the article's own words
    sentences: tuple[Span, ...]
    kinds: Mapping[str, ActorKind]  # slug of an actor's name -> kind


def frame_of(reading: Reading, run: Run, base: str) -> Frame:
    """The frame of a reading."""
    article = reading.article
    language = article.language.lower() if _LANGUAGE_TAG.fullmatch(article.language) else "und"
    return Frame(
        article=article,
        base=base,
        iri=iris.article(base, article.sha256),
        run=iris.run(base, run),
        language=language,
        sentences=reading.sentences,
        kinds=_kinds(reading),
    )


def _kinds(reading: Reading) -> dict[str, ActorKind]:
    """One kind for each name: the actor list decides, then the first source, then the table of states."""
    found: dict[str, ActorKind] = {}
    for actor in reading.actors:
        found.setdefault(iris.slug(actor.name), actor.kind)
    for source in sources(reading):
        found.setdefault(iris.slug(source.name), source.kind)
    for name in role_names(reading):
        if states.state_named(name):
            found.setdefault(iris.slug(name), ActorKind.STATE)
    return found


def sources(reading: Reading) -> Iterator[Source]:
    """All sources of all claims, in order."""
    for statement in reading.statements:
        yield from (s for s in (statement.source, statement.conveyed_by) if s)
    yield from (report.source for report in reading.reports if report.source)


def role_name(role: Role) -> str:
    """What a role is filled with: its resolved name, or else its words."""
    return role.name or role.text


def role_names(reading: Reading) -> Iterator[str]:
    """The names of all who act or are spoken to or held responsible, in order."""
    for statement in reading.statements:
        yield from (role_name(role) for role in (statement.addressee, statement.responsible) if role)
    yield from (role_name(report.agent) for report in reading.reports if report.agent)


def node(frame: Frame, fragment: str) -> NamedNode:
    """The node of this article with this fragment."""
    return NamedNode(f"{frame.iri}#{fragment}")


def actor_fragment(frame: Frame, name: str, kind: ActorKind | None = None) -> str:
    """Fragment of an actor of this article. `kind` is used where the article does not settle it."""
    return f"actor-{iris.actor_name(name, frame.kinds.get(iris.slug(name), kind))}"


def actor_node(frame: Frame, name: str, kind: ActorKind | None = None) -> NamedNode:
    """The article's own node of an actor."""
    return node(frame, actor_fragment(frame, name, kind))


def document_node(frame: Frame, name: str) -> NamedNode:
    """The article's own node of a letter, report or statement that speaks."""
    return node(frame, f"actor-{iris.actor_name(name, ActorKind.DOCUMENT)}")


def place_node(frame: Frame, place: Place) -> NamedNode:
    """The article's own node of a place."""
    return node(frame, iris.place_fragment(place))


def text(value: str) -> Literal:
    """A plain string."""
    return Literal(value)


def tagged(value: str, language: str) -> Literal:
    """A string with a language tag."""
    return Literal(value, language=language)


def integer(value: int) -> Literal:
    """A whole number."""
    return Literal(str(value), datatype=terms.INTEGER)


def decimal(value: float, digits: int = 4) -> Literal:
    """A decimal number in canonical form, as the store would write it."""
    number = Decimal(f"{value:.{digits}f}").normalize()
    return Literal(f"{number + 0:f}", datatype=terms.DECIMAL)


def shorten(words: str, length: int = _LABEL_LENGTH) -> str:
    """`words` on one line, cut after a word if longer than `length` code points."""
    line = " ".join(words.split())
    if len(line) <= length:
        return line
    cut = line[:length]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip(" ,;:") + "…"


def described(
    subject: NamedNode, types: Iterable[NamedNode], label: Literal, *pairs: tuple[NamedNode, NamedNode | Literal]
) -> Iterator[Triple]:
    """A node with its types, its label and its properties."""
    for kind in types:
        yield Triple(subject, terms.TYPE, kind)
    yield Triple(subject, terms.LABEL, label)
    for predicate, value in pairs:
        yield Triple(subject, predicate, value)


def span_node(frame: Frame, span: Span) -> NamedNode:
    """The node of a stretch of words."""
    return node(frame, f"span-{iris.offsets(span)}")


def spanned(frame: Frame, subject: NamedNode, predicate: NamedNode, span: Span | None) -> Iterator[Triple]:
    """`subject predicate span` with the span's own description; nothing if there is no span."""
    if span is None:
        return
    there = span_node(frame, span)
    yield Triple(subject, predicate, there)
    yield from _words(frame, there, span, (terms.SPAN,))


def sentence_rows(frame: Frame, subject: NamedNode, spans: Iterable[Span | None]) -> Iterator[Triple]:
    """`subject nc:inSentence` each sentence that one of the spans touches, with their descriptions."""
    wanted = [span for span in spans if span]
    for sentence in frame.sentences:
        if any(sentence.overlaps(span) for span in wanted):
            there = node(frame, f"sentence-{iris.offsets(sentence)}")
            yield Triple(subject, terms.IN_SENTENCE, there)
            yield from _words(frame, there, sentence, (terms.SENTENCE, terms.SPAN))


def _words(frame: Frame, subject: NamedNode, span: Span, types: tuple[NamedNode, ...]) -> Iterator[Triple]:
    if span.end > len(frame.article.text):
        where = f"article {frame.article.id!r} has {len(frame.article.text)} code points"
        raise ValueError(f"a span inside the text was expected, found [{span.start}, {span.end}): {where}")
    words = span.of(frame.article.text)
    yield from described(
        subject,
        types,
        tagged(shorten(words) or "(blank)", frame.language),
        (terms.IN_ARTICLE, NamedNode(frame.iri)),
        (terms.START, integer(span.start)),
        (terms.END, integer(span.end)),
        (terms.EXACT, text(words)),
    )
