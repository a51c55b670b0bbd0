"""Each pattern's own examples and counterexamples, and no example taken by body text rules."""

from __future__ import annotations

import pytest

from kg.readers import zones
from kg.readers.furniture import Pattern, patterns
from kg.types import READABLE

_STORY = "The army said that about 5,000 people had left the city on Thursday, and that more would follow."


def _cases(name: str) -> list[object]:
    return [
        pytest.param(p, words, id=f"{p.kind}-{p.where}-{words[:30]}") for p in patterns() for words in getattr(p, name)
    ]


def _hit(pattern: Pattern, words: str) -> bool:
    if pattern.where == "credit":
        return pattern.regex.fullmatch(words) is not None
    if pattern.where == "tail":
        return pattern.regex.match(words) is not None
    return pattern.takes(words)


def test_every_pattern_has_examples() -> None:
    assert patterns()
    assert all(p.examples and p.counterexamples for p in patterns())


@pytest.mark.parametrize(("pattern", "words"), _cases("examples"))
def test_examples_are_taken(pattern: Pattern, words: str) -> None:
    assert _hit(pattern, words)


@pytest.mark.parametrize(("pattern", "words"), _cases("counterexamples"))
def test_counterexamples_are_left(pattern: Pattern, words: str) -> None:
    assert not _hit(pattern, words)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [c for c in _cases("counterexamples") if len(c.values[1].split()) > 4],  # type: ignore[attr-defined]
)
def test_counterexamples_stay_readable_in_a_story(pattern: Pattern, words: str) -> None:
    text = f"Thousands leave Aleppo\n\n{_STORY}\n\n{words}\n"
    kinds = {z.kind for z in zones(text) if z.span.of(text) == words}
    assert kinds <= READABLE and kinds, (pattern.kind, words)


@pytest.mark.parametrize(("pattern", "words"), [c for c in _cases("examples") if c.values[0].where != "credit"])  # type: ignore[attr-defined]
def test_examples_are_zoned_off_in_a_story(pattern: Pattern, words: str) -> None:
    text = f"Thousands leave Aleppo\n\n{_STORY}\n\n{words}\n\n{_STORY[:-1]} again.\n"
    found = [z for z in zones(text) if z.span.of(text) == words]
    assert found and found[0].kind not in READABLE


@pytest.mark.parametrize(("pattern", "words"), [c for c in _cases("examples") if c.values[0].where == "credit"])  # type: ignore[attr-defined]
def test_credits_make_captions(pattern: Pattern, words: str) -> None:
    text = f"Thousands leave Aleppo\n\nBuses wait at a crossing {words}\n\n{_STORY}\n"
    assert [z.kind.value for z in zones(text)] == ["headline", "caption", "body"]
