"""What resolving a source takes and gives: the words at a place, earlier speakers, the resolved source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.nlp.actors.cast import Cast
from kg.types import ActorKind, Source, Span

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves", "both", "all"})
FIRST = frozenset({"i", "we", "me", "us", "my", "our", "myself", "ourselves"})
PRONOUNS = MASCULINE | FEMININE | NEUTER | PLURAL | FIRST | {"who", "which", "that"}
DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "its", "their", "his", "her"})
GENERIC = frozenset(
    {"group", "body", "organization", "organisation", "agency", "institution", "outlet", "side", "source"}
)
FAR = 80  # sentences back beyond which even "the ministry" finds nothing
REACH = 12  # sentences back beyond which distance counts no further


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke earlier in the article: what later pronouns and quotations fall back on."""

    source: Source
    entity: int | None
    kind: ActorKind
    gender: str | None
    plural: bool
    token: int  # where the statement stands


@dataclass(frozen=True, slots=True)
class Resolved:
    """A source with what the next resolutions need to know of it."""

    source: Source
    entity: int | None
    gender: str | None
    plural: bool


def span_of(doc: Doc, start: int, end: int) -> Span:
    """Code points of the token range [start, end)."""
    return Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))


@dataclass(frozen=True, slots=True)
class Words:
    """A phrase that may name a speaker: tokens [start, end), its head, and who has spoken so far."""

    doc: Doc
    cast: Cast
    start: int
    end: int
    head: int
    speakers: Sequence[Speaker]
    at: int

    def span(self) -> Span:
        return span_of(self.doc, self.start, self.end)


def speaker_of(w: Words, token: int) -> Speaker | None:
    """The last one who has spoken in the sentence of `token`; None if nobody has."""
    sentence = w.cast.layout.sentence(token)
    return next((s for s in reversed(w.speakers) if w.cast.layout.sentence(s.token) == sentence), None)
