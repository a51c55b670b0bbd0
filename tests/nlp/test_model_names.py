"""Names of one document made consistent."""

from __future__ import annotations

import numpy as np

from kg.nlp.model_decode import allowed_steps
from kg.nlp.model_names import Text, consistent, document_names, initials, settled
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


CLASSES = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-NORP", "I-NORP")


def _text(words: str, *starts: int) -> Text:
    parts = words.split()
    tags = {"'s": "PART", "for": "ADP", "in": "ADP", "of": "ADP", "people": "NOUN", "said": "VERB"}
    return Text(parts, [tags.get(w, "PROPN" if w[0].isupper() else "X") for w in parts], [0, *starts])


def _scores(text: Text, chances: dict[int, dict[str, float]]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Log-probabilities: `chances` by word and class, the rest of each word is "O"."""
    table = np.full((len(text.words), len(CLASSES)), 1e-6, np.float32)
    for i in range(len(text.words)):
        given = chances.get(i, {})
        for kind, chance in given.items():
            table[i, CLASSES.index(kind)] = chance
        table[i, 0] = 1 - sum(given.values())
    return np.log(table)


def _named(text: Text, chances: dict[int, dict[str, float]]) -> list[tuple[int, int, str]]:
    return document_names(text, _scores(text, chances), allowed_steps(CLASSES), CLASSES)


def test_a_doubtful_mention_is_read_by_the_sure_ones() -> None:
    text = _text("Valero left . Valero fell . Valero rose .", 3, 6)
    sure, torn = {"B-ORG": 0.98}, {"B-ORG": 0.3, "B-PERSON": 0.6}
    assert _named(text, {0: sure, 3: torn, 6: sure}) == [(0, 1, "ORG"), (3, 4, "ORG"), (6, 7, "ORG")]
    assert _named(_text("Valero fell ."), {0: torn}) == [(0, 1, "PERSON")]


def test_a_name_that_is_hardly_likelier_than_none_is_none() -> None:
    assert _named(_text("Arial photos"), {0: {"B-ORG": 0.55}}) == []
    assert _named(_text("Arial photos"), {0: {"B-ORG": 0.8}}) == [(0, 1, "ORG")]
    assert _named(_text("Karo people"), {0: {"B-NORP": 0.55}}) == [(0, 1, "NORP")]


def test_no_words_have_no_names() -> None:
    assert _named(Text([], [], []), {}) == []


def test_an_acronym_has_the_type_of_what_it_abbreviates() -> None:
    text = _text("the World Food Programme said . WFP said . W.F.P. left", 6, 9)
    assert settled(text, [(0, 4, "ORG"), (6, 7, "LOC")]) == [(0, 4, "ORG"), (6, 7, "ORG"), (9, 10, "ORG")]
    assert initials(["World"]) == "" and initials(["the", "World", "of", "Food"]) == "WF"


def test_two_letters_abbreviate_organisations_only() -> None:
    text = _text("Umm Nasr fell . UN said", 4)
    assert settled(text, [(0, 2, "LOC"), (4, 5, "ORG")]) == [(0, 2, "LOC"), (4, 5, "ORG")]


def test_a_storm_is_no_person() -> None:
    text = _text("Hurricane Rita grew . Rita Smith said Rita hit Rita", 4)
    assert settled(text, [(1, 2, "PERSON"), (4, 6, "PERSON"), (7, 8, "PERSON")]) == [(4, 6, "PERSON")]


def test_a_company_without_its_form_is_the_company() -> None:
    text = _text("Mozilla Foundation said . Mozilla grew . Ford Company said . Ford left", 4, 7, 11)
    names = [(0, 2, "ORG"), (7, 9, "ORG"), (11, 12, "PERSON")]
    assert settled(text, names) == [(0, 2, "ORG"), (4, 5, "ORG"), (7, 9, "ORG"), (11, 12, "PERSON")]
    syria = _text("Syria Foundation said . Syria grew", 4)
    assert settled(syria, [(0, 2, "ORG")]) == [(0, 2, "ORG")]


def test_a_people_before_an_army_is_the_army() -> None:
    text = _text("Israeli Defense Forces left . Iraqi Forces", 5)
    assert settled(text, [(0, 1, "NORP")]) == [(0, 3, "ORG")]
    assert settled(_text("Israeli Defense people"), [(0, 1, "NORP")]) == [(0, 1, "NORP")]
    assert settled(_text("for Israel Forces Command", 2), [(1, 2, "LOC")]) == [(1, 2, "LOC")]


def test_a_place_and_its_country_are_two() -> None:
    assert settled(_text("in San Pedro California"), [(1, 4, "LOC")]) == [(1, 3, "LOC"), (3, 4, "LOC")]
    for one in ("Port Sudan", "United States", "Northern Mali", "Gulf of Guinea", "Great Britain", "NW China"):
        whole = (0, len(one.split()), "LOC")
        assert settled(_text(one), [whole]) == [whole]


def test_a_genitive_without_a_noun_is_part_of_the_name() -> None:
    text = _text("they ate at Kenneally 's for hours , Kenneally 's people said")
    assert settled(text, [(3, 4, "LOC"), (8, 9, "LOC")]) == [(3, 5, "LOC"), (8, 10, "LOC")]
    assert settled(_text("an ally of Homs 's in Rome"), [(3, 4, "LOC")]) == [(3, 4, "LOC")]
    assert settled(_text("he left Turkey 's in May"), [(2, 3, "LOC")]) == [(2, 3, "LOC")]
