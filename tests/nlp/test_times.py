"""Time expressions: their words with the preposition, and what they mean."""

from __future__ import annotations

from datetime import date

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.times import apart, nearest_before, scopes, times, within
from kg.types import Span

THURSDAY_NEWS = date(2016, 12, 16)  # a Friday: "on Thursday" is the day before


def words(text: str, published: date | None = None) -> list[str]:
    return [t.text for t in scopes(text, published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They left on Thursday under a deal.", "on Thursday"),
        ("6,400 had left in the first 24 hours of it.", "in the first 24 hours"),
        ("The orders were lifted as of Monday night.", "as of Monday night"),
        ("People had been urged to leave as of 9:30 a.m., officials said.", "as of 9:30 a.m."),
        ("As of 11 a.m. Wednesday one was dead.", "As of 11 a.m. Wednesday"),
        ("It jolted Yunnan at 9:49 p.m. on Tuesday, killing one.", "at 9:49 p.m. on Tuesday"),
        ("Floods since late October have killed 70.", "since late October"),
        ("Mudslides killed 36 in October last year.", "in October last year"),
        ("he said on Friday 06 November 2015.", "on Friday 06 November 2015"),
        ("It erupted on Sept. 27 and", "on Sept. 27"),
        ("Rain fell on November 26 and 28 there", "on November 26 and 28"),
        ("58 people died over the last week across Iraq", "over the last week"),
        ("expected to double by day's end.", "by day's end"),
        ("It collapsed the previous day amid clashes", "the previous day"),
        ("two men died late Sunday when", "late Sunday"),
        ("villagers were moved over the weekend.", "over the weekend"),
        ("In recent weeks floods have killed 24", "In recent weeks"),
        ("Earlier, ambulances came under fire", "Earlier"),
        ("no casualties have been reported so far in the city", "so far"),
        ("Last week, a typhoon", "Last week"),
        ("scores die every year in floods", "every year"),
        ("began about a month after troops", "about a month after"),
        ("It will meet three days later.", "three days later"),
        ("stopped in 2008 when", "in 2008"),
    ],
)  # fmt: skip
def test_the_words_come_with_their_preposition(text: str, expected: str) -> None:
    assert expected in words(text)


@pytest.mark.parametrize(
    "text",
    [
        "May will march on, and the second man may fall in a hole.",
        "He has 24 boats, 10:1 odds and 2000 goats.",
        "Secretary March said the sun sets.",
        "They told us of Augustus.",
    ],
)
def test_words_that_are_no_times(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "value", "first", "last"),
    [
        ("left on Thursday", "2016-12-15", date(2016, 12, 15), date(2016, 12, 15)),
        ("left on Friday", "2016-12-16", date(2016, 12, 16), date(2016, 12, 16)),
        ("left last Friday", "2016-12-09", date(2016, 12, 9), date(2016, 12, 9)),
        ("will meet on Monday", "2016-12-19", date(2016, 12, 19), date(2016, 12, 19)),
        ("began yesterday", "2016-12-15", date(2016, 12, 15), date(2016, 12, 15)),
        ("said this week", "2016-W50", date(2016, 12, 12), date(2016, 12, 18)),
        ("killed in October last year", "2015-10", date(2015, 10, 1), date(2015, 10, 31)),
        ("since late October", "2016-10", date(2016, 10, 21), date(2016, 12, 16)),
        ("killed on January 3", "2016-01-03", date(2016, 1, 3), date(2016, 1, 3)),
        ("killed on 6 November 2015", "2015-11-06", date(2015, 11, 6), date(2015, 11, 6)),
        ("in the past two weeks", "P2W", date(2016, 12, 2), date(2016, 12, 16)),
        ("three days ago", "P3D", None, None),
    ],
)
def test_values_with_a_publication_date(text: str, value: str, first: date | None, last: date | None) -> None:
    (found,) = scopes(text, THURSDAY_NEWS)
    if value == "P3D":
        assert found.earliest == found.latest == date(2016, 12, 13)
    else:
        assert (found.timex, found.earliest, found.latest) == (value, first, last)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("left on Thursday", "XXXX-WXX-4"),
        ("began yesterday", "XXXX-XX-XX"),
        ("on Sept. 27", "XXXX-09-27"),
        ("in late October", "XXXX-10"),
        ("in the first 24 hours", "PT24H"),
        ("as of Monday night", "XXXX-WXX-1TNI"),
    ],
)
def test_nothing_is_dated_without_a_publication_date(text: str, value: str) -> None:
    (found,) = scopes(text, None)
    assert (found.timex, found.earliest, found.latest) == (value, None, None)


def test_the_previous_day_leans_on_the_day_named_before() -> None:
    first, second = scopes("They were announced on Thursday, after a plan collapsed the previous day.", THURSDAY_NEWS)
    assert first.earliest == date(2016, 12, 15)
    assert second.earliest == second.latest == date(2016, 12, 14)


def test_causes_are_no_future() -> None:
    (found,) = scopes("The threat of floods due to a landslide eased, caused by rain on Saturday", date(2014, 8, 6))
    assert found.earliest == date(2014, 8, 2)


def test_helpers_pick_by_position() -> None:
    text = "On Monday 5 died. On Tuesday 6 died."
    found = scopes(text, None)
    assert within(found, Span(0, 17)) == found[:1]
    last = nearest_before(found, len(text))
    assert last is not None
    assert last.text == "On Tuesday"
    assert nearest_before(found, 3) is None


def test_reads_the_text_of_a_doc() -> None:
    doc = spacy.blank("en")("Two died on Monday.")
    assert [t.span.of(doc.text) for t in times(doc, None)] == ["on Monday"]


PIECES = st.sampled_from(
    ["on Monday", "yesterday", "in 2008", "late October", "9:30 a.m.", "since", "the last", "24 hours", "May", "killed",
     "5", ",", ".", "\n", "of", "week", "Sept. 27", "2015", "the previous day", "every year", "’"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from([None, THURSDAY_NEWS, date(2016, 2, 29)]))
def test_spans_hold_their_words_and_never_overlap(pieces: list[str], published: date | None) -> None:
    text = " ".join(pieces)
    found = scopes(text, published)
    assert all(t.span.of(text) == t.text for t in found)
    assert apart(found)
    assert all(t.earliest is None or t.latest is None or t.earliest <= t.latest for t in found)
