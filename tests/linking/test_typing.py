"""Kinds of actors: tables first, then the name's words, the model's label last."""

from __future__ import annotations

import pytest

from kg.linking.typing import kind_of
from kg.types import ActorKind


@pytest.mark.parametrize(
    ("name", "label", "kind", "how"),
    [
        ("Russia", "LOC", ActorKind.STATE, "state"),
        ("Islamic State", "LOC", ActorKind.ARMED_GROUP, "known_actor"),
        ("UNICEF", "PERSON", ActorKind.ORGANIZATION, "known_actor"),
        ("the Kremlin", "LOC", ActorKind.STATE, "metonym"),
        ("Ministry of Rural Affairs", "LOC", ActorKind.ORGANIZATION, "words"),
        ("Sultan Murad Brigade", "ORG", ActorKind.ARMED_GROUP, "words"),
        ("Aleppo", "ORG", None, "place"),
        ("Mangfei", "LOC", None, "place"),
        ("Ashraf Ghani", "PERSON", ActorKind.PERSON, "label"),
        ("Blorp", "ORG", ActorKind.ORGANIZATION, "label"),
    ],
)
def test_kind_and_what_decided(name: str, label: str, kind: ActorKind | None, how: str) -> None:
    found = kind_of(name, label)
    assert (found.kind, found.how) == (kind, how)


def test_a_capital_speaks_for_its_government_only_where_it_speaks() -> None:
    assert kind_of("Damascus", "LOC").kind is None
    speaking = kind_of("Damascus", "LOC", speaks=True)
    assert speaking.kind is ActorKind.STATE
    assert speaking.metonym is not None
    assert speaking.metonym.iso == "SY"


def test_a_title_makes_a_person() -> None:
    assert kind_of("Jordan", "PERSON", title=True).kind is ActorKind.PERSON
    assert kind_of("Jordan", "LOC").kind is ActorKind.STATE


def test_the_articles_countries_tell_acronyms_apart() -> None:
    syrian, japanese = kind_of("SDF", "ORG", {"SY": 1.0}), kind_of("SDF", "ORG", {"JP": 1.0})
    assert syrian.actor is not None
    assert japanese.actor is not None
    assert syrian.actor.name != japanese.actor.name
