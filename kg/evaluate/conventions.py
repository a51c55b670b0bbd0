"""What the labels of evaluation corpora are called here (`conventions.toml`), and when two stretches mean one thing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from kg.lexicon import read_toml
from kg.types import Span


@cache
def conventions() -> dict[str, Any]:
    """The tables of `conventions.toml`."""
    return read_toml(Path(__file__).with_name("conventions.toml"))


def is_pronoun(words: str) -> bool:
    """True for words that stand for a name said elsewhere: "he", "those", "himself"."""
    if words.isupper() and words != "I":  # "US", "IT"
        return False
    parts = words.casefold().replace("’", "'").split()
    return bool(parts) and parts[0].split("'")[0] in conventions()["words"]["pronouns"] and len(parts) <= 2


def head(doc: Doc, span: Span) -> Token | None:
    """The word that the other words of the stretch hang on; None if the Doc has no word there."""
    found = doc.char_span(span.start, span.end, alignment_mode="expand")
    return None if found is None or not len(found) else found.root


def same_head(doc: Doc, one: Span, other: Span) -> bool:
    """True if the head of one stretch stands in the other."""
    return any(
        (token := head(doc, a)) is not None and b.start <= token.idx < b.end for a, b in ((one, other), (other, one))
    )
