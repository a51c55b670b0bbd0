"""Actors of an article: names, titles, acronyms, and whom pronouns and descriptions stand for."""

# ruff: noqa: E501

import pytest

from kg.nlp import encoder
from kg.nlp.actors import actors, resolve
from kg.nlp.attribution import statements
from kg.types import ActorKind, Resolution, Span


@pytest.fixture(scope="module")
def language():
    return encoder.load()


@pytest.fixture(scope="module")
def sources(language):
    """Sources of a text's statements, in text order."""
    return lambda text: [s.source for s in statements(language(text))]


def test_short_name_and_title(sources):
    first, second = sources("Mayor Ana Ruiz said the road was closed.\nMs Ruiz added that buses were running.")
    assert (first.name, second.name) == ("Ana Ruiz", "Ana Ruiz")
    assert second.resolution is Resolution.SHORT_NAME
    assert first.role == "Mayor"


def test_apposition_gives_name_and_role(sources):
    (found,) = sources("A senior harbour official, Viktor Hale, said the port was shut.")
    assert (found.name, found.kind) == ("Viktor Hale", ActorKind.PERSON)
    assert "harbour official" in found.role


def test_acronym_in_brackets(sources):
    first, second = sources(
        "The International Rescue Board (IRB) said it had sent tents.\nAccording to IRB, 400 families were without a roof."
    )
    assert first.name == second.name == "International Rescue Board"
    assert second.resolution is Resolution.ACRONYM


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana Ruiz said the road was closed.\nShe added that buses were running.", "Ana Ruiz"),
        ("The Interior Ministry said nine convoys had left.\nThe ministry added that two had returned.", "Interior Ministry"),
        ("The Peru Weather Agency said rain was near.\nThe agency said the south would be worst.", "Peru Weather Agency"),
        ("Acme Steel Co. closed its plant on Friday, the company said.", "Acme Steel Co."),
        ("Xinhua said the boats were safe.\nIt said the crews had been paid.", "Xinhua"),
        ("Ford Motor Co. and Acme Steel Co. will close two plants, the companies said.", "Ford Motor Co. and Acme Steel Co."),
    ],
)  # fmt: skip
def test_pronouns_and_descriptions(text, name, sources):
    assert sources(text)[-1].name == name


def test_document_speaks_for_its_author(sources):
    (found,) = sources("According to a statement from the Coast Guard, nobody was on board.")
    assert found.name == "Coast Guard"
    assert found.resolution is Resolution.NOMINAL


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("A rescue service spokesman said nobody was hurt.", "A rescue service spokesman", ActorKind.UNNAMED_PERSON),
        ("Residents of the valley said the water was rising.", "Residents of the valley", ActorKind.UNNAMED_GROUP),
        ("A spokesman for Ana Ruiz said the mayor was ill.", "A spokesman for Ana Ruiz", ActorKind.UNNAMED_PERSON),
        ("Russia said the port was open.", "Russia", ActorKind.STATE),
        ("The Kremlin said the port was open.", "Kremlin", ActorKind.STATE),  # under its printed name, linked to Russia
        ("Beijing said the port was open.", "Beijing", ActorKind.STATE),
        ("A resident, who gave his name only as Yasser, said the road was shut.", "Yasser", ActorKind.PERSON),
        ("The Taliban said the road was theirs.", "Taliban", ActorKind.ARMED_GROUP),
    ],
)
def test_kinds(text, name, kind, sources):
    (found,) = sources(text)
    assert (found.name, found.kind) == (name, kind)


def test_spelling_variants_are_one_actor(language):
    text = "President Bashar al-Assad spoke. Later Assad left. Bashar al Assad did not return."
    named = [a for a in actors(language(text)) if "Assad" in a.name]
    assert len(named) == 1
    assert len(named[0].mentions) == 3
    assert all("Assad" in m.of(text) for m in named[0].mentions)


def test_resolve_at_a_place(language):
    text = "The Red Cross left the town. Russia sent buses."
    doc = language(text)
    assert resolve(doc, Span(0, 13)).name == "Red Cross"
    assert resolve(doc, Span(29, 35)).kind is ActorKind.STATE
    assert resolve(doc, Span(13, 14)) is None


def test_a_town_is_no_person(language):
    text = "Ana Ruiz left Aleppo on Monday. Buses reached Aleppo at noon. Aleppo fell silent, Ruiz said."
    assert [a.name for a in actors(language(text))] == ["Ana Ruiz"]
