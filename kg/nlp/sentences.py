"""Paragraphs and sentences as token ranges: the model's sentence starts, repaired by what print shows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc, Token

END = frozenset(".?!…")
CLOSERS = frozenset("\"”’')]»")
OPENERS = frozenset("\"“‘'([«")
_SHORT = frozenset(
    "mr mrs ms dr st gen col lt sen rep gov prof rev no sgt capt maj jr sr vs inc corp co ltd u.s u.k u.n a.m "
    "p.m".split()
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Token ranges [start, end) of paragraphs and sentences, in text order, without white space around them."""

    paragraphs: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]

    def sentence(self, i: int) -> int:
        """Index of the sentence that token `i` stands in."""
        return max(0, bisect_right(self.sentences, (i, 1 << 60)) - 1)

    def paragraph(self, i: int) -> int:
        """Index of the paragraph that token `i` stands in."""
        return max(0, bisect_right(self.paragraphs, (i, 1 << 60)) - 1)


def layout(doc: Doc) -> Layout:
    """Paragraphs (split at line feeds) and sentences of a Doc made from a masked text."""
    paragraphs = tuple(_paragraphs(doc))
    sentences = tuple(s for p in paragraphs for s in _sentences(doc, *p))
    return Layout(paragraphs, sentences)


def _paragraphs(doc: Doc) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start: int | None = None
    last = 0
    for token in doc:
        if token.is_space:
            if "\n" in token.text and start is not None:
                found.append((start, last + 1))
                start = None
            continue
        start = token.i if start is None else start
        last = token.i
    if start is not None:
        found.append((start, last + 1))
    return found


def _sentences(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    begin = start
    for i in range(start + 1, end):
        if not doc[i].is_space and _starts(doc, i, begin):
            found.append((begin, _last(doc, begin, i)))
            begin = i
    found.append((begin, _last(doc, begin, end)))
    return found


def _last(doc: Doc, start: int, end: int) -> int:
    while end - 1 > start and doc[end - 1].is_space:
        end -= 1
    return end


def _starts(doc: Doc, i: int, begin: int) -> bool:
    """True if a sentence starts at token `i`: the model says so or a mark shows it, and print allows it."""
    token, before = doc[i], _before(doc, i)
    if before is None:
        return False
    closed: Token | None = before
    while closed is not None and closed.text in CLOSERS and closed.i > begin:
        closed = _before(doc, closed.i)
    if closed is None or closed.text[-1] not in END or closed.i < begin:
        return False
    if token.text in CLOSERS and token.text not in OPENERS:
        return False
    if _glued_closing(token):
        return False
    shown = token.text[0].isupper() or token.text[0].isdigit() or token.text[0] in OPENERS or token.text[0] in "—–-•@#"
    if not shown:
        return bool(closed == before and before.text == "." and token.is_sent_start and token.is_lower)
    if closed.text in END or closed.text in ("...", ". . ."):
        return True
    word = closed.text.rstrip(".").lower()
    return bool(token.is_sent_start) and (word not in _SHORT or len(word) > 3)


def _glued_closing(token: Token) -> bool:
    """A straight mark that stands at the end of what went before: no space before it, space or nothing after it."""
    if token.text not in ('"', "'"):
        return False
    space_before = token.i == 0 or token.doc[token.i - 1].whitespace_ or token.doc[token.i - 1].is_space
    return not space_before


def _before(doc: Doc, i: int) -> Token | None:
    i -= 1
    while i >= 0 and doc[i].is_space:
        if "\n" in doc[i].text:
            return None
        i -= 1
    return doc[i] if i >= 0 else None
