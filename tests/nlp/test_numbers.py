"""Numbers as the guidelines read them: value and literal bounds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.numbers import numbers, parse

CASES = [
    ("6,400 people", "6,400", 6400, 6400, 6400, "exact"),
    ("at least 5 people", "at least 5", 5, 5, None, "at_least"),
    ("more than 5 people", "more than 5", 5, 6, None, "more_than"),
    ("up to 5 people", "up to 5", 5, None, 5, "up_to"),
    ("as many as 5", "as many as 5", 5, None, 5, "up_to"),
    ("nearly 1,000 people", "nearly 1,000", 1000, None, 999, "nearly"),
    ("close to 1,000 civilians", "close to 1,000", 1000, None, 999, "nearly"),
    ("about 50 people", "about 50", 50, None, None, "about"),
    ("some 70,000 people", "some 70,000", 70000, None, None, "about"),
    ("between 10 and 20 people", "between 10 and 20", None, 10, 20, "between"),
    ("10 to 20 people", "10 to 20", None, 10, 20, "between"),
    ("dozens of civilians", "dozens", None, 24, None, "vague"),
    ("tens of thousands of lives", "tens of thousands", None, 20000, None, "vague"),
    ("hundreds of people", "hundreds", None, 200, None, "vague"),
    ("several children", "several", None, None, None, "vague"),
    ("2.7 million people", "2.7 million", 2_700_000, 2_700_000, 2_700_000, "exact"),
    ("two dozen men", "two dozen", 24, 24, 24, "exact"),
    ("half a million refugees", "half a million", 500_000, 500_000, 500_000, "exact"),
    ("twenty-five miners", "twenty-five", 25, 25, 25, "exact"),
    ("one hundred and five people", "one hundred and five", 105, 105, 105, "exact"),
    ("No one was killed", "No one", 0, 0, 0, "exact"),
    ("A total of 39 people", "A total of 39", 39, 39, 39, "exact"),
    ("20 or more people", "20", 20, 20, None, "at_least"),
    ("1 000 people", "1 000", 1000, 1000, 1000, "exact"),
]


@pytest.mark.parametrize(("text", "words", "value", "low", "high", "exactness"), CASES)
def test_number(text, words, value, low, high, exactness):
    found = next(numbers(text))
    assert (found.span.of(text), found.value, found.low, found.high, found.exactness.value) == (
        words,
        value,
        low,
        high,
        exactness,
    )


@pytest.mark.parametrize("text", ["the B-52 bomber", "version 1.2.3-beta4x", "no man's land", "someone"])
def test_no_number(text):
    assert [n.span.of(text) for n in numbers(text)] == []


@pytest.mark.parametrize("text", ["a 6.6-magnitude quake"])
def test_fraction_is_marked(text):
    assert [n.fraction for n in numbers(text)] == [True]


@given(st.integers(min_value=0, max_value=10**9))
def test_digits_with_commas_round_trip(value):
    assert parse(f"{value:,}") == (value, False)


@given(st.text(alphabet="0123456789,.- abdehnortuvwyilmos\n", max_size=80))
def test_spans_are_disjoint_and_inside(text):
    found = sorted(numbers(text), key=lambda n: n.span)
    for number in found:
        assert number.span.covers(number.core) and number.span.end <= len(text)
    for left, right in itertools.pairwise(found):
        assert left.span.end <= right.span.start or left.span.start == right.span.start
