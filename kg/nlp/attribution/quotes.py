"""Quotation marks over a text in which a line feed stands only between paragraphs.

Straight, curly, single, doubled and broken marks; quotations that run over several paragraphs
(each paragraph opens again, only the last one closes); closing marks that were never opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

OPENING_DOUBLE = "“„«"
CLOSING_DOUBLE = "”»"
STRAIGHT_DOUBLE = '"＂'
DOUBLE = OPENING_DOUBLE + CLOSING_DOUBLE + STRAIGHT_DOUBLE
SINGLE = "'‘’"
BEFORE_OPENING = " \n\t([{—–-/…:"
TERMINAL = ".?!…"

_CLIPPED = re.compile(r"['’](?:\d0s\b|em\b|til\b|tis\b|twas\b|cause\b|round\b|n['’]|\d\d\b)", re.IGNORECASE)
_MARKS = re.compile("``|''|[" + DOUBLE + SINGLE + "]")


class Closing(StrEnum):
    """How a quotation ends."""

    CLOSED = "closed"
    OPEN = "open"  # no closing mark before the paragraph ends
    UNOPENED = "unopened"  # a closing mark with no opening one


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, marks included, in code points of the text."""

    start: int
    end: int
    closing: Closing
    single: bool = False
    continues: bool = False  # the paragraph before ended in an open quotation

    def inner(self, text: str) -> str:
        """The quoted words without their marks."""
        return text[self.start : self.end].strip(DOUBLE + SINGLE + "` ")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    text: str


def quotes(text: str) -> tuple[Quote, ...]:
    """All outermost quotations of `text`, in text order; quotations inside quotations are not listed."""
    found: list[Quote] = []
    carried = False
    start = 0
    for paragraph in text.split("\n"):
        if paragraph.strip():
            inside = _paragraph(text, start, start + len(paragraph), carried)
            found += inside
            carried = bool(inside) and inside[-1].closing is Closing.OPEN
        start += len(paragraph) + 1
    return tuple(found)


def _paragraph(text: str, start: int, end: int, carried: bool) -> list[Quote]:
    double = _pairs(text, start, end, carried)
    gaps, at = [], start
    for quote in double:
        gaps.append((at, quote.start))
        at = quote.end
    gaps.append((at, end))
    single = [q for a, b in gaps for q in _single_pairs(text, a, b)]
    return sorted(double + single, key=lambda q: q.start)


def _pairs(text: str, start: int, end: int, carried: bool) -> list[Quote]:
    found: list[Quote] = []
    opened: int | None = None
    first = True
    for match in _MARKS.finditer(text, start, end):
        mark = _Mark(match.start(), match.end(), match.group())
        if mark.text in SINGLE:
            continue
        if opened is None:
            if _may_open(text, mark, start, end):
                opened = mark.start
            elif _closes_nothing(text, mark, found, start):
                found.append(_unopened(text, mark, found, start))
        elif _may_close(text, mark, end):
            found.append(
                Quote(opened, mark.end, Closing.CLOSED, continues=carried and first and not text[start:opened].strip())
            )
            opened, first = None, False
        elif mark.text in OPENING_DOUBLE and _sentence_before(text, mark.start, start):
            found.append(Quote(opened, _trim(text, opened, mark.start), Closing.OPEN, continues=carried and first))
            opened, first = mark.start, False
    if opened is not None:
        quote_end = _trim(text, opened, end)
        if quote_end - opened > 2:
            found.append(
                Quote(opened, quote_end, Closing.OPEN, continues=carried and first and not text[start:opened].strip())
            )
    return found


def _may_open(text: str, mark: _Mark, start: int, end: int) -> bool:
    if mark.end >= end:
        return False
    before, after = (text[mark.start - 1] if mark.start > start else "\n"), text[mark.end]
    if mark.text in OPENING_DOUBLE or mark.text == "``":
        return True
    free_before = before in BEFORE_OPENING or before in SINGLE
    if mark.text in STRAIGHT_DOUBLE or mark.text == "''":
        if after in " \n":  # a detached mark: opens if what stands before it does not end a word or sentence
            return free_before and mark.start == start
        return free_before or before in ",."
    return free_before and not after.isspace() and after not in ",.;:?!)"


def _may_close(text: str, mark: _Mark, end: int) -> bool:
    if mark.text in CLOSING_DOUBLE or mark.text == "''":
        return True
    before = text[mark.start - 1]
    after = text[mark.end] if mark.end < end else "\n"
    if mark.text in STRAIGHT_DOUBLE:
        return not (before in BEFORE_OPENING and before not in "—–-…/" and after.isalnum())
    return after in " \n,.;:?!)—–" and not before.isspace()  # an opening curly mark used to close


def _sentence_before(text: str, at: int, start: int) -> bool:
    before = text[start:at].rstrip()
    return bool(before) and before[-1] in TERMINAL


def _closes_nothing(text: str, mark: _Mark, found: list[Quote], start: int) -> bool:
    """A closing mark after a sentence, though nothing was opened since the last quotation."""
    return (
        mark.start > start
        and text[mark.start - 1] in TERMINAL + ","
        and mark.text not in OPENING_DOUBLE
        and not (found and found[-1].end == mark.start)
    )


def _unopened(text: str, mark: _Mark, found: list[Quote], start: int) -> Quote:
    floor = found[-1].end if found else start
    cut = max((m.end() for m in re.finditer(r"[.?!…]['’”\"»)]*\s+", text[floor : mark.start - 1])), default=0)
    begin = floor + cut
    begin += len(text[begin : mark.start]) - len(text[begin : mark.start].lstrip())
    return Quote(min(begin, mark.start), mark.end, Closing.UNOPENED)


def _trim(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _single_pairs(text: str, start: int, end: int) -> list[Quote]:
    """Quotations in single marks; apostrophes, possessives and clipped words are told apart."""
    found: list[Quote] = []
    at = start
    while at < end:
        if text[at] in "'‘" and _single_opens(text, at, start, end):
            close = _single_close(text, at, end)
            if close is not None:
                found.append(Quote(at, close + 1, Closing.CLOSED, single=True))
                at = close + 1
                continue
        elif text[at] == "’" and at > start and text[at - 1] in TERMINAL and (at + 1 >= end or text[at + 1] in " \n"):
            mark = _Mark(at, at + 1, "’")
            found.append(_unopened(text, mark, found, start))
        at += 1
    return found


def _single_opens(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else "\n"
    if at + 1 >= end or not (before in BEFORE_OPENING or before in DOUBLE):
        return False
    return (text[at + 1].isalnum() or text[at + 1] in "[…$£€#@") and not _CLIPPED.match(text, at)


def _single_close(text: str, at: int, end: int) -> int | None:
    """The mark that closes the quotation opened at `at`; None if it is an apostrophe after all."""
    plural: int | None = None
    for i in range(at + 2, min(end, at + 1500)):
        if text[i] not in "'’" or text[i - 1].isspace():
            continue
        after = text[i + 1] if i + 1 < end else "\n"
        if after.isalnum():
            continue
        if text[i - 1] == "s" and after == " ":  # "the workers' rights": closes only if nothing else does
            plural = i if plural is None else plural
            continue
        return i
    return plural
