"""Names of one document made consistent."""

from __future__ import annotations

from kg.nlp.model_names import consistent
from kg.nlp.model_runtime import Window, with_their_quotes

WORDS = "Hamas said no . Hamas and Ahmed Ali met ; later Hamas left , Hamas said . Ali stayed .".split()
TAGS = ["PROPN" if w[0].isupper() else "X" for w in WORDS]


def test_the_type_of_most_mentions_wins_and_missed_ones_are_added() -> None:
    names = [(0, 1, "ORG"), (4, 5, "LOC"), (11, 12, "ORG"), (6, 8, "PERSON")]
    assert consistent(WORDS, TAGS, names) == [
        (0, 1, "ORG"),
        (4, 5, "ORG"),
        (6, 8, "PERSON"),
        (11, 12, "ORG"),
        (14, 15, "ORG"),
    ]


def test_a_tie_changes_nothing() -> None:
    names = [(0, 1, "ORG"), (4, 5, "LOC")]
    assert consistent(WORDS[:9], TAGS[:9], names) == names


def test_one_mention_alone_is_not_spread() -> None:
    assert consistent(WORDS, TAGS, [(0, 1, "ORG")]) == [(0, 1, "ORG")]


def test_other_parts_of_speech_are_no_names() -> None:
    words = "Turkey and Turkey ate Turkey".split()
    tags = ["PROPN", "CCONJ", "PROPN", "VERB", "NOUN"]
    assert consistent(words, tags, [(0, 1, "LOC"), (2, 3, "LOC")]) == [(0, 1, "LOC"), (2, 3, "LOC")]


def test_a_document_without_names() -> None:
    assert consistent(WORDS, TAGS, []) == []


def test_a_quotation_mark_stays_with_its_sentence() -> None:
    words = tuple('He left . " I did , " he said . " Yes . "'.split())
    spaces = (True, True, False, True, False, True, False, False, True, True, False, True, False, False, False)
    window = Window(words, spaces)
    assert with_their_quotes(window, [4, 12]) == (0, 3, 11)
    assert with_their_quotes(window, [3, 11]) == (0, 3, 11)
    assert with_their_quotes(window, [7]) == (0, 8)
    assert with_their_quotes(window, [14]) == (0,)
