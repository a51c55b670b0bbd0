"""Speech verbs: speaker and content from a tree and from statements."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from kg.train.speech_verbs import Found, by_product, by_trees
from kg.types import ActorKind, QuotationMode, Resolution, Source, Span, Statement

WORDS = "But Turkey said that people left , and they slept , Kerry added .".split()
TEXT = " ".join(WORDS)


def _span(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


GOLD: list[dict[str, Any]] = [
    {
        "source": "Turkey",
        "source_span": _span("Turkey"),
        "cue_span": _span("said"),
        "content_span": _span("people left"),
        "mode": "indirect",
    },
    {
        "source": "John Kerry",
        "source_span": _span("Kerry"),
        "cue_span": _span("added"),
        "content_span": _span("they slept"),
        "mode": "indirect",
    },
]


@pytest.fixture
def doc() -> Doc:
    return Doc(
        spacy.blank("en").vocab,
        words=WORDS,
        heads=[2, 2, 2, 5, 5, 2, 9, 9, 9, 2, 12, 12, 9, 2],
        deps="cc nsubj ROOT mark nsubj ccomp punct cc nsubj conj punct nsubj parataxis punct".split(),
        pos="CCONJ PROPN VERB SCONJ NOUN VERB PUNCT CCONJ PRON VERB PUNCT PROPN VERB PUNCT".split(),
    )


def test_trees_give_subject_and_clause(doc: Doc) -> None:
    assert by_trees(GOLD, doc) == Found(2, 2, 2)
    wrong = [{**GOLD[0], "content_span": _span("they slept")}, {**GOLD[1], "source_span": _span("Turkey")}]
    assert by_trees(wrong, doc) == Found(2, 1, 0)


def _statement(name: str, content: str, cue: str) -> Statement:
    source = Source(name, ActorKind.PERSON, None, Resolution.NAME)
    return Statement(Span(*_span(content)), QuotationMode.INDIRECT, source, Span(*_span(cue)), "rule", 1.0)


def test_a_statement_is_whole_with_speaker_cue_and_content() -> None:
    right, late = _statement("Turkey", "people left", "said"), _statement("Kerry", "slept", "added")
    assert by_product(GOLD, [right, late]) == Found(2, 2, 1)
    assert by_product(GOLD, [_statement("Russia", "people left", "said")]) == Found(2, 0, 0)


def test_one_cue_with_two_contents_needs_both() -> None:
    both = [GOLD[0], {**GOLD[0], "content_span": _span("they slept")}]
    assert by_product(both, [_statement("Turkey", "people left", "said")]) == Found(1, 0, 0)
