"""Quotation marks: straight, curly, single, doubled, broken, and over several paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.attribution.quotes import Closing, quotes


def found(text):
    return [text[q.start : q.end] for q in quotes(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('He said "no" and "yes".', ['"no"', '"yes"']),
        ("He said “no” twice.", ["“no”"]),
        ("He said ''no'' twice.", ["''no''"]),
        ("He said ``no'' twice.", ["``no''"]),
        ("Town 'a ruin', says mayor", ["'a ruin'"]),
        ("The town's mayor and the boys' club said 'no' to it.", ["'no'"]),
        ("In the '90s the workers' club was the miners' pride.", []),
        ("She said ‘it’s ours’ again.", ["‘it’s ours’"]),
        ("“He told me ‘go’ and I went,” she said.", ["“He told me ‘go’ and I went,”"]),
        ('The 6" pipe burst.', []),
    ],
)
def test_pairs(text, wanted):
    assert found(text) == wanted


def test_open_quotation_goes_on_in_the_next_paragraph():
    first, second = quotes('"We lost all.\n"We start again."')
    assert first.closing is Closing.OPEN
    assert second.closing is Closing.CLOSED
    assert second.continues


def test_closing_mark_that_nothing_opened_takes_its_sentence():
    text = "The storm turned. It will push north.’ He left."
    assert found(text) == ["It will push north.’"]
    assert quotes(text)[0].closing is Closing.UNOPENED


def test_new_opening_mark_ends_an_unclosed_quotation():
    assert found("“We lost all. “We start again,” she said.") == ["“We lost all.", "“We start again,”"]


@given(st.text(alphabet="ab .,\n\"'“”‘’?", max_size=80))
def test_quotations_lie_in_the_text_in_order_and_in_one_paragraph(text):
    end = 0
    for quote in quotes(text):
        assert end <= quote.start < quote.end <= len(text)
        assert "\n" not in text[quote.start : quote.end]
        end = quote.end
