"""The plain ways that ours is compared with."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kg.evaluate.peers import by_pattern, by_textacy, nearest, paragraphs

TEXT = (
    'The river rose again on Monday. "We have to leave the town tonight," said Ada Lind.\n\n'
    "Rebels killed 12 villagers, Ada Lind told reporters."
)


def test_by_pattern(nlp: Language) -> None:
    (found,) = by_pattern(nlp(TEXT))
    assert found["source"] == "Ada Lind"
    assert TEXT[slice(*found["content_span"])] == '"We have to leave the town tonight,"'


@pytest.mark.slow  # the import alone takes seconds
def test_by_textacy(nlp: Language) -> None:
    pytest.importorskip("textacy", reason="textacy is an optional package")
    (found,) = by_textacy(nlp(TEXT))
    assert "Lind" in found["source"] and TEXT[slice(*found["cue_span"])] == "said"
    assert TEXT[slice(*found["content_span"])] == '"We have to leave the town tonight,"'


def test_nearest(nlp: Language) -> None:
    (found,) = nearest(nlp(TEXT))
    assert (found["measure"], found["value"], found["source"]) == ("killed", 12, "Ada Lind")
    assert TEXT[slice(*found["figure_span"])] == "12 villagers"


def test_paragraphs(nlp: Language) -> None:
    assert [p.text.split()[0] for p in paragraphs(nlp(TEXT))] == ["The", "Rebels"]
