"""Actors: who is named in an article, under which names, and whom other words stand for."""

from __future__ import annotations

from spacy.tokens import Doc

from kg.nlp.actors import resolve as resolving
from kg.nlp.actors.cast import Entity
from kg.nlp.actors.known import cast_of
from kg.nlp.actors.source import span_of
from kg.types import Actor, Source, Span

__all__ = ["actors", "cast_of", "resolve"]


def actors(doc: Doc) -> tuple[Actor, ...]:
    """The named actors of a parsed Doc, in the order of their first mention. Places are not actors."""
    cast = cast_of(doc)
    named = [e for e in cast.entities if e.kind is not None]
    return tuple(_actor(doc, f"a{n}", entity) for n, entity in enumerate(named, 1))


def _actor(doc: Doc, key: str, entity: Entity) -> Actor:
    assert entity.kind is not None  # noqa: S101 - `actors` passes typed entities only
    mentions = tuple(span_of(doc, n.start, n.end) for n in entity.names)
    printed = sorted({n.text for n in entity.names} - {entity.name})
    role = next((n.title for n in entity.names if n.title), None)
    return Actor(key, entity.name, entity.kind, mentions, role, tuple(printed))


def resolve(doc: Doc, span: Span) -> Source | None:
    """Who the words at `span` (code points) are within this article; None if they hold no noun phrase."""
    tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
    if tokens is None or not len(tokens) or not tokens.text.strip():
        return None
    return resolving.resolve(doc, cast_of(doc), tokens.start, tokens.end, tokens.root.i).source
