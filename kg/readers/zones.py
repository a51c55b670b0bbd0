"""What each stretch of an article is: headline, body, or furniture that is never read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.readers import furniture
from kg.readers.layout import paragraphs, trim
from kg.types import Span, Zone, ZoneKind

# A caption before the story may tell more than one between its paragraphs; longer ones stay body text.
_CAPTION_WORDS, _EARLY_CAPTION_WORDS, _EARLY = 45, 75, 3
_HEADLINE_WORDS, _HEADLINE_CHARS = 22, 160
_CITY = r"[A-Z][A-Z'’.]+(?:[ -][A-Z'’.]+){0,3}"
_TOWN = r"[A-Z][\w'’.]+(?:[ -](?:[A-Z][\w'’.]+|au|la|de|el|al|es)){0,3}"
_WORD = r"[A-Z][\w'’./]*"
_PART = (
    rf"(?:,? ?{_WORD}(?: (?:(?:of|and|the|de|del) ){{0,2}}{_WORD}){{0,3}}"
    r"|, ?\d{1,2} [A-Z][a-z]+\.?|,? [A-Z][a-z]+\.? \d{1,2}|,? \d{4}|,? \d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+\.?)"
)
_DASH = r"\.?(?:--|[-–—])"
_DATE = r"(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?|[A-Z][a-z]{2,8}\.? \d{1,2})(?:,? (?:19|20)\d\d)?"
_DATELINES = (
    # CITY, Country, Oct. 8 (Agency) --
    re.compile(rf"{_CITY}(?:{_PART}){{0,4}},? ?\((?:[A-Z][^()]{{1,60}})\) ?,? ?(?:{_DASH}|:)\s*(?=\S)"),
    # Town (Agency) -
    re.compile(
        rf"(?!The\b){_TOWN}(?:{_PART}){{0,4}},? ?\((?:{furniture.agency()}[^()]{{0,40}}|[A-Z]{{2,5}})\) ?,? ?"
        rf"(?:{_DASH}|:)\s*(?=\S)"
    ),
    # CITY, Country, 8 October 2014 -   and   CITY:
    re.compile(
        rf"(?!{furniture.agency()}){_CITY}(?:/{_CITY})?(?:, ?{_TOWN})?(?:{_PART}){{0,3}},? ?"
        rf"(?:—\s*|{_DASH}\s+|(?:(?<=\w{{4}})|(?<= \d)|(?<= \d\d)):\s+(?=[A-Z]))(?=\S)"
    ),
    # Town, 4 October 2016 -
    re.compile(rf"{_TOWN}(?:/{_TOWN})?(?:, ?{_TOWN})?,? {_DATE} ?(?:—\s*|{_DASH}\s+)(?=\S)"),
    # Town -
    re.compile(rf"(?!The\b){_TOWN}(?:, {_TOWN})? ?(?:[–—]|--|(?<= )-)\s+(?=[A-Z0-9\"“])"),
    # (Agency) -
    re.compile(rf"\({furniture.agency()}\) ?{_DASH}\s*(?=\S)"),
)
_PARENTHESIS = re.compile(rf"\s{_DASH}\s")
_BYLINE_BEFORE = re.compile(r"(?:By|BY) (?:[A-Z][\w.'’-]+,? ?(?:and )?){1,8}$")
_TERMINAL = re.compile(r"[.!…;:,]['\"”’)\]]*$")
_REPEAT_WORDS = 4
_SLASHED = re.compile(r"\bREUTERS\s?/\s?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?")


def zones(text: str, title: str | None = None) -> tuple[Zone, ...]:
    """The zones of an article's text, disjoint and in order; `title` is what page or sidecar gives, if anything.

    A paragraph stays BODY unless something marks it: a caption missed costs less than a paragraph lost.
    """
    out: list[Zone] = []
    seen: set[str] = set()
    blocks = paragraphs(text, title)
    story = 0  # paragraphs of headline and body so far
    for i, block in enumerate(blocks):
        words = block.of(text)
        key = _key(words)
        if key in seen and len(key.split()) >= _REPEAT_WORDS:
            out.append(Zone(block, ZoneKind.REPEAT))
            continue
        seen.add(key)
        kind = _whole(words, early=story < _EARLY)
        if kind:
            out.append(Zone(block, kind))
        elif story == 0 and _is_headline(words, key, title, more=i + 1 < len(blocks)):
            out.append(Zone(block, ZoneKind.HEADLINE))
            story += 1
        else:
            parts = list(_split(text, block, early=story < _EARLY))
            out.extend(parts)
            story += any(z.kind == ZoneKind.BODY for z in parts)
    return tuple(out)


def _key(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def _is_headline(words: str, key: str, title: str | None, *, more: bool) -> bool:
    if title and key == _key(title):
        return True
    short = len(words.split()) <= _HEADLINE_WORDS and len(words) <= _HEADLINE_CHARS
    return more and short and not _TERMINAL.search(words) and not words.startswith(("“", '"'))


def _whole(words: str, *, early: bool) -> ZoneKind | None:
    """The kind of a paragraph that is furniture as a whole."""
    for pattern in furniture.of("whole", "start"):
        if pattern.takes(words):
            return pattern.kind
    at = furniture.ends_in_credit(words)
    if at is None:
        return None
    if not re.search(r"\w", words[:at]):
        return ZoneKind.CREDIT
    limit = _EARLY_CAPTION_WORDS if early else _CAPTION_WORDS
    return ZoneKind.CAPTION if len(words.split()) <= limit and not _is_wire_mark(words, at) else None


def _is_wire_mark(words: str, at: int) -> bool:
    """True for a bare "(AFP)" after a full sentence: it credits the paragraph's text, not a picture."""
    bare = words[at:].startswith("(") and re.fullmatch(r"\(\s*[\w .]+\)?\.?", words[at:].strip())
    return bool(bare) and words[:at].rstrip().endswith((".", '"', "”"))


def _split(text: str, block: Span, *, early: bool) -> Iterator[Zone]:
    """A paragraph that is body, with captions and datelines cut off its head and credits off its end."""
    start, end = block.start, block.end
    if early:
        for span, kind in _heads(text, block):
            yield Zone(span, kind)
            start = span.end
    tail = _tail(text, start, end)
    body = trim(text, start, tail.span.start if tail else end)
    if body:
        yield Zone(body, ZoneKind.BODY)
    if tail:
        yield tail


def _heads(text: str, block: Span) -> Iterator[tuple[Span, ZoneKind]]:
    """Caption, byline and dateline that share a line with the first paragraphs, in order."""
    words = block.of(text)
    at = 0
    credit = _inner_credit(words)
    if credit:
        yield Span(block.start, block.start + credit), ZoneKind.CAPTION
        at = credit + len(words[credit:]) - len(words[credit:].lstrip())
    found = _dateline(words, at)
    if not found:
        return
    first, end = found
    before = words[at:first].rstrip()
    if before:
        yield Span(block.start + at, block.start + at + len(before)), ZoneKind.BYLINE
    yield Span(block.start + first, block.start + first + len(words[first:end].rstrip())), ZoneKind.DATELINE


def _dateline(words: str, at: int) -> tuple[int, int] | None:
    """Where a dateline at (or, after a byline, near) `at` begins and ends."""
    for regex in _DATELINES:
        match = regex.match(words, at)
        if match and _is_dateline(words, match):
            return match.span()
    match = _DATELINES[0].search(words, at, at + 160)
    while match:
        if _BYLINE_BEFORE.fullmatch(words[at : match.start()].strip()):
            return match.span()
        match = _DATELINES[0].search(words, match.start() + 1, at + 160)
    return None


def _is_dateline(words: str, match: re.Match[str]) -> bool:
    """Without agency or date, "ALEPPO - once a jewel - has fallen" opens like a dateline but closes the dash again."""
    if re.search(r"[(\d]", match.group()):
        return True
    sentence = re.split(r"[.!?]\s", words[match.end() :], maxsplit=1)[0]
    return not _PARENTHESIS.search(sentence)


def _inner_credit(words: str) -> int | None:
    """Where a caption ends whose credit is followed by the story in the same paragraph."""
    slashed = _SLASHED.search(words)
    if slashed and len(words[: slashed.start()].split()) <= _EARLY_CAPTION_WORDS:
        gaps = list(re.compile(r"\s+").finditer(words, slashed.end(), slashed.end() + 60))
        lines = [g.start() for g in gaps if _dateline(words, g.end())]
        end = max(lines, default=slashed.end())
        return end if end < len(words) else None
    for pattern in furniture.of("credit"):
        for match in pattern.regex.finditer(words, 0, 600):
            closed = match.group()[0] in "[(" and match.group().rstrip(".")[-1] in "])"
            picture = re.search(r"(?i)photo|picture|image|/", match.group())
            short = len(words[: match.start()].split()) <= _CAPTION_WORDS
            if closed and picture and short and match.end() < len(words):
                return match.end()
    return None


def _tail(text: str, start: int, end: int) -> Zone | None:
    """Prompt, reporting credit or picture credit that ends a paragraph of body text."""
    words = text[start:end]
    for pattern in furniture.of("tail"):
        for match in pattern.regex.finditer(words):
            whole = match.start() == 0 or re.search(r"[.!?…\"”’)\]]\s+$", words[: match.start()])
            if whole and len(words[match.start() :].split()) <= pattern.max_words:
                span = trim(text, start + match.start(), end)
                return Zone(span, pattern.kind) if span else None
    at = furniture.ends_in_credit(words)
    if at is not None and at > 0 and words[:at].rstrip().endswith((".", '"', "”", "!", "?")):
        span = trim(text, start + at, end)
        return Zone(span, ZoneKind.CREDIT) if span else None
    return None
