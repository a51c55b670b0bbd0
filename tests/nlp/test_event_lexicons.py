"""Every example of every event lexicon is read as the lexicon says: **trigger** and [figure]."""

import re

import pytest

from kg.lexicon import events
from kg.nlp import encoder
from kg.nlp.reports import reports

EXAMPLES = [(t, e) for lexicon in events() for t in lexicon.triggers for e in t.examples]


@pytest.fixture(scope="module")
def nlp():
    return encoder.load()


def parts(example):
    """The plain text of an example, the span of its trigger and of its figure."""
    text, spans, opened = "", {}, {}
    for piece in re.split(r"(\*\*|\[|\])", example):
        if piece == "**":
            key = "trigger"
            if key in opened and key not in spans:
                spans[key] = (opened[key], len(text))
            opened.setdefault(key, len(text))
        elif piece == "[":
            opened["figure"] = len(text)
        elif piece == "]":
            spans["figure"] = (opened["figure"], len(text))
        else:
            text += piece
    return text, spans


def overlap(a, b):
    return max(a[0], b[0]) < min(a[1], b[1])


@pytest.mark.parametrize(("trigger", "example"), EXAMPLES, ids=lambda v: v if isinstance(v, str) else v.measure)
def test_example(nlp, trigger, example):
    text, spans = parts(example)
    found = reports(nlp(text))
    fitting = [
        r
        for r in found
        if r.measure in (trigger.measure, trigger.otherwise)
        and (
            overlap((r.figure.span.start, r.figure.span.end), spans["figure"])
            if r.figure is not None and "figure" in spans
            else r.figure is None
            and "figure" not in spans
            and overlap((r.trigger.start, r.trigger.end), spans["trigger"])
        )
    ]
    assert fitting, f"{example}: found {[(r.measure, r.figure and r.figure.text, r.rule) for r in found]}"


def test_every_trigger_with_a_frame_has_examples_somewhere():
    assert all(
        any(t.examples for t in lexicon.triggers if t.measure == m) for lexicon in events() for m in lexicon.measures
    )
