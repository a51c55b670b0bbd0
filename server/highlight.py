"""Sentences cut into pieces at the borders of the claims' spans, so that every word shows its roles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from server.render import Row, Term

# From the weakest to the strongest colour; a word in several spans bears all roles.
ROLES = ("content", "source", "cue", "blamed", "trigger", "figure")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with the same roles."""

    text: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that touches a sentence."""

    iri: str
    fragment: str
    kind: str
    label: str
    source: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its claims. `start` is its offset in the article."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    claims: tuple[Claim, ...]


def sentences_of(sentences: list[Row], spans: list[Row]) -> tuple[Sentence, ...]:
    """Sentences in text order, cut at the borders of `spans`; a claim stands under the sentence where it begins."""
    marks = [(int(row["start"].value), int(row["end"].value), row["role"].value) for row in spans]
    homes: dict[str, Claim] = {}
    begins: dict[str, int] = {}
    for row in spans:
        if row["role"].value in {"content", "trigger"}:
            claim = _claim(row)
            homes[claim.iri] = claim
            begins[claim.iri] = int(row["start"].value)
    found = []
    for row in sentences:
        start, end, text = int(row["start"].value), int(row["end"].value), row["exact"].value
        inside = tuple(claim for iri, claim in homes.items() if start <= begins[iri] < end)
        found.append(Sentence(start, end, _pieces(text, start, marks), inside))
    return tuple(found)


def paragraphs(text: str) -> list[Row]:
    """A whole text as rows like those of sentences, cut after its empty lines: nothing of it is lost."""
    pieces = re.split(r"(?<=\n)(?=\s*\n)|(?<=\n\n)", text)
    rows, start = [], 0
    for piece in pieces:
        words = piece.strip()
        if words:
            begin = start + piece.index(words)
            ends = {"start": str(begin), "end": str(begin + len(words)), "exact": words}
            rows.append({name: Term("literal", value) for name, value in ends.items()})
        start += len(piece)
    return rows


def _claim(row: Row) -> Claim:
    iri = row["claim"].value
    source, status = row.get("source"), row.get("status")
    return Claim(
        iri,
        iri.partition("#")[2],
        row["kind"].value,
        row["label"].value,
        source.value if source else None,
        status.value if status else None,
    )


def _pieces(text: str, start: int, marks: list[tuple[int, int, str]]) -> tuple[Piece, ...]:
    end = start + len(text)
    touching = [
        (max(first, start), min(last, end), role) for first, last, role in marks if first < end and last > start
    ]
    borders = sorted({start, end, *(place for first, last, _ in touching for place in (first, last))})
    pieces = []
    for first, last in pairwise(borders):
        roles = {role for begin, stop, role in touching if begin <= first and last <= stop}
        pieces.append(Piece(text[first - start : last - start], tuple(role for role in ROLES if role in roles)))
    return tuple(pieces)
