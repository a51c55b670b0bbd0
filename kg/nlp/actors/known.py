"""The cast of the Doc that is being read, made once."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Doc

from kg.nlp.actors.cast import Cast, cast


@lru_cache(maxsize=2)
def cast_of(doc: Doc) -> Cast:
    """The cast of a parsed Doc; the last two Docs asked for are remembered."""
    return cast(doc)
