"""Actors that may be one, and one speech in two articles."""

from __future__ import annotations

from datetime import date

import pytest

from kg.reconcile.actors import Known, candidates, skeleton
from kg.reconcile.speech import Speech, same_speeches

HISTORIC = "the taking of Aleppo was a historic moment"
IN_THE_MAKING = 'the "liberation" of Aleppo was "history in the making"'


@pytest.mark.parametrize(
    ("kind", "left", "right", "method"),
    [
        ("Person", "Bashar al-Assad", "Bashar al Assad", "same_words"),
        ("Person", "Muammar Gaddafi", "Moammar Qaddafi", "transliteration"),
        ("Person", "Volodymyr Zelenskyy", "Volodymyr Zelensky", "transliteration"),
        ("Person", "John Kerry", "Mr Kerry", "surname"),
        ("Organization", "MSF", "Doctors Without Borders", "table"),
        ("Organization", "DRA", "Disaster Relief Agency", "initials"),
    ],
)
def test_candidates(kind: str, left: str, right: str, method: str) -> None:
    (found,) = candidates([Known("a", kind, (left,)), Known("b", kind, (right,))])
    assert found.method == method
    assert found.confidence < 1


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("Person", "Mohammed Khan", "Mahmoud Khan"),
        ("Person", "Bashar al-Assad", "Maher al-Assad"),
        ("Person", "John Kerry", "Bob Kerrey"),
        ("Organization", "World Bank", "World Vision"),
        ("Organization", "DRA", "Danish Refugee Council"),
    ],
)
def test_no_candidates(kind: str, left: str, right: str) -> None:
    assert candidates([Known("a", kind, (left,)), Known("b", kind, (right,))]) == ()


def test_a_person_is_no_body() -> None:
    assert candidates([Known("a", "Person", ("Reuters",)), Known("b", "Organization", ("Reuters",))]) == ()


def test_skeletons_bring_spellings_together() -> None:
    assert skeleton("gaddafi") == skeleton("qaddafi") == skeleton("gadhafi")
    assert skeleton("khan") != skeleton("kerry")


def speech(ident: str, content: str, sentence: str, day: date | None = None) -> Speech:
    return Speech(ident, f"article-{ident}", "actor/assad", "Bashar al-Assad", content, sentence, published=day)


def test_one_video_message_in_two_wordings() -> None:
    a = speech("a", HISTORIC, f"Assad said in a video statement {HISTORIC}.")
    b = speech("b", IN_THE_MAKING, f"In a video message, President Assad said {IN_THE_MAKING}.")
    (found,) = same_speeches([a, b])
    assert found.wordings_differ
    assert "medium: video" in found.evidence


def test_other_speakers_days_and_topics_are_other_speeches() -> None:
    a = speech("a", HISTORIC, f"Assad said in a video statement {HISTORIC}.", date(2016, 12, 15))
    late = speech("b", IN_THE_MAKING, f"In a video message, Assad said {IN_THE_MAKING}.", date(2017, 1, 15))
    other = speech("c", "taxes must fall", "In a video message, Assad said taxes must fall.", date(2016, 12, 15))
    assert same_speeches([a, late]) == ()
    assert same_speeches([a, other]) == ()
