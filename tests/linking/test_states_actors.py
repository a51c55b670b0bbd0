"""States, their people, the words that stand for governments, and well-known actors."""

from __future__ import annotations

import pytest

from kg.linking.actors import candidates, known_actor, known_actors
from kg.linking.states import by_iso, metonym, state_meant, state_named, state_of_people, states
from kg.types import ActorKind


@pytest.mark.parametrize(
    ("words", "iso"),
    [("Russia", "RU"), ("the U.S.", "US"), ("US", "US"), ("Britain", "GB"), ("Ivory Coast", "CI"), ("Türkiye", "TR")],
)
def test_state_names(words: str, iso: str) -> None:
    found = state_named(words)
    assert found is not None
    assert found.iso == iso
    assert by_iso(iso) == found


@pytest.mark.parametrize("words", ["us", "Aleppo", "Reuters", ""])
def test_no_state(words: str) -> None:
    assert state_named(words) is None


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("Russian", "RU"),
        ("Syrians", "SY"),
        ("Filipinos", "PH"),
        ("Dutch", "NL"),
        ("Nigerien", "NE"),
        ("Congolese", "CD"),
    ],
)
def test_demonyms(words: str, iso: str) -> None:
    found = state_of_people(words)
    assert found is not None
    assert found.iso == iso


def test_every_un_member_has_a_demonym() -> None:
    without = {s.iso for s in states() if not s.demonyms and s.belongs_to is None}
    assert without <= {"DM", "VA"}


def test_metonyms_are_explained() -> None:
    kremlin = metonym("the Kremlin")
    assert kremlin is not None
    assert (kremlin.iso, kremlin.kind) == ("RU", "seat")
    assert "President" in kremlin.explanation
    assert metonym("Aleppo") is None


def test_actors_by_name_alias_and_acronym() -> None:
    assert known_actor("Doctors Without Borders") == known_actor("MSF")
    daesh = known_actor("Daesh")
    assert daesh is not None
    assert (daesh.name, daesh.kind) == ("Islamic State", ActorKind.ARMED_GROUP)
    assert known_actor("is") is None
    assert known_actor("ap") is None
    assert known_actor("Unheard Of Committee") is None


def test_a_shared_acronym_needs_the_country() -> None:
    assert known_actor("SDF") is None
    assert len(candidates("SDF")) == 2
    syrian = known_actor("SDF", {"SY": 1.0})
    assert syrian is not None
    assert syrian.name == "Syrian Democratic Forces"


def test_no_two_actors_share_a_full_name() -> None:
    names = [a.name for a in known_actors()]
    assert len(names) == len(set(names)) >= 150


def test_a_capital_or_seat_that_speaks_means_its_state() -> None:
    assert [found.iso for words in ("London", "the Kremlin", "Syria") if (found := state_meant(words))] == [
        "GB",
        "RU",
        "SY",
    ]
    assert state_meant("Aleppo") is None
