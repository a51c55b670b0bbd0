"""A trigger brought together with a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from kg.nlp.figures import Candidate
from kg.nlp.reports.triggers import Hit


@dataclass(frozen=True, slots=True)
class Link:
    """A trigger with one of its figures (or with none), and how they were brought together."""

    hit: Hit
    candidate: Candidate | None
    theme: int | None  # token that heads the theme
    how: str  # "tree", "adjacent", "coordinated", "toll", "part", "bare"


def holding(candidates: Iterable[Candidate], token: Token) -> list[Candidate]:
    """The figures that are, or count, this noun."""
    return [c for c in candidates if c.start <= token.i < c.end or token.i in (c.head, c.number)]
