"""Single runs of an operation, and acts that may be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.reconcile.parts import carrier, same_acts
from kg.reconcile.records import Amount, Claim, Where
from kg.types import Exactness, Status

ALEPPO = Where("id/place/geonames-170063", "Aleppo", "SY", "SY-HL", "city", gazetteer="geonames:170063")


def moved(sentence: str, words: str, measure: str = "evacuated") -> Claim:
    amount = Amount("f", words, 900, 900, 900, Exactness.EXACT)
    return Claim(
        "a#report-1-2", "a", "evacuation", measure, Status.HAPPENED, "people", amount=amount, sentence=sentence
    )


@pytest.mark.parametrize(
    ("sentence", "words", "found"),
    [
        ("A convoy of ambulances and buses with nearly 900 people aboard drove out.", "nearly 900 people", "convoy"),
        ("The first convoy, carrying 900 people, reached Idlib.", "900 people", "first convoy"),
        ("A second batch of 900 people left on Friday.", "900 people", "second batch"),
        ("Some 900 people left aboard a ferry on Friday.", "900 people", "ferry"),
        ("Nine convoys carrying 900 people had left the city.", "900 people", None),
        ("Buses took 900 people to Idlib.", "900 people", None),
        ("A group of 900 people left.", "900 people", None),
    ],
)
def test_one_carrier_holds_its_people(sentence: str, words: str, found: str | None) -> None:
    assert carrier(moved(sentence, words)) == found
    assert carrier(moved(sentence, words, "killed")) is None


def act(n: int, sentence: str, agent: str | None = None, **changes: object) -> Claim:
    base = Claim(
        f"a#report-attacked-{n}-{n + 5}", "a", "attack", "attacked", Status.HAPPENED, "people", where=ALEPPO,
        agent=agent, trigger="fired on", sentence=sentence, event=f"event/{n}",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


ONE = act(1, "Reports that a convoy of injured people had been fired on by government forces.", "government forces")
TWO = act(9, "Ambulances came under fire from pro-government fighters, who injured three people.",
          "pro-government fighters", trigger="came under fire")  # fmt: skip


def test_two_tellings_of_shots_may_be_one() -> None:
    (found,) = same_acts([TWO, ONE])
    assert (found.first, found.second) == (ONE.id, TWO.id)
    assert {"same place", "same agent", "shared word: injur"} <= set(found.evidence)
    assert found.confidence < 0.9


@pytest.mark.parametrize(
    "change",
    [
        {"where": replace(ALEPPO, id="id/place/other")},
        {"kind": "airstrike"},
        {"sentence": "A village was hit at dawn."},
        {"earliest": date(2016, 12, 1), "latest": date(2016, 12, 1)},
        {"event": "event/1"},
        {"status": Status.DENIED},
        {"where": None},
    ],
)
def test_what_cannot_be_one(change: dict[str, object]) -> None:
    assert same_acts([ONE, replace(TWO, **change)]) == ()  # type: ignore[arg-type]
