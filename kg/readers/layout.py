"""Paragraphs of an article's text, whatever breaks its lines; all offsets are code points of that text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.readers.furniture import ends_in_credit
from kg.types import READABLE, Article, Span, Zone

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANK = "\ufeff\u200b\u200e\u200f\u2060\u00ad"
_WHITE = re.compile(rf"[\s{_BLANK}\x00-\x1f\x7f]")
_GAP = re.compile(r"[ \t\u00a0\u2002-\u200b\u202f\u3000]{2,}|(?<=[.!?…:”\"’')\]])\u00a0(?=[A-Z“\"‘'])")
_TERMINAL = re.compile(r"[.!?…:][\"”’')\]]*$|[)\]\"”]$")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+")
# Words that begin a sentence but, in capitals, stand in the middle of none.
_OPENER = re.compile(
    r"(?:A|According|After|Although|An|And|As|At|Before|But|By|During|For|From|He|Her|His|However|If|In|It|Its|Many"
    r"|Meanwhile|More|Most|No|Nearly|On|One|Our|Over|She|Since|So|Some|That|The|Their|There|These|They|This|Those"
    r"|Three|Two|Under|Until|We|When|While|With)\b"
)
# A heading, credit or agency mark between two paragraphs of a flattened text is no longer than this, in words.
_HEADING_WORDS = 12
_TITLE_WORDS = 20
# Lines of prose wrapped by a machine: widths that mail, terminals and wire feeds use.
_WRAP_WIDTHS = range(30, 141)
# A single line longer than this holds more than one paragraph if anything in it looks like a break.
_LONG_LINE = 1500
_FEW_BLOCKS = 4


def paragraphs(text: str, title: str | None = None) -> tuple[Span, ...]:
    """The paragraphs of `text` in order, trimmed: hard-wrapped lines joined, flattened lines cut, the title cut off."""
    lines = list(_lines(text))
    joined = list(_joined(text, lines))
    out: list[Span] = []
    for span, single in joined:
        head = _title_end(text, span, title) if not out else None
        if head is not None:
            out.append(Span(span.start, head))
            rest = trim(text, head, span.end)
        else:
            rest = span
        if rest is None:
            continue
        crowded = len(joined) > _FEW_BLOCKS and rest.end - rest.start < _LONG_LINE
        out.extend(_cut(text, rest, first=not out) if single and not crowded else [rest])
    return tuple(out)


def masked(article: Article) -> str:
    """The article's text for reading, same length, offsets unchanged.

    Zones that are not read are blanked with spaces; inside a paragraph all white space becomes a space;
    a line feed stands at paragraph breaks only.
    """
    text = article.text
    out = [" "] * len(text)
    end = 0
    for zone in article.zones:
        start = zone.span.start
        if start > end:
            out[end] = "\n"
        if zone.kind in READABLE:
            out[start : zone.span.end] = _WHITE.sub(" ", zone.span.of(text))
        elif start == end:
            out[start] = "\n"
        end = zone.span.end
    return "".join(out)


def trim(text: str, start: int, end: int) -> Span | None:
    """The stretch [start, end) of `text` without white space at its ends; None if nothing is left."""
    while start < end and _WHITE.match(text[start]):
        start += 1
    while end > start and _WHITE.match(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def zone_at(zones: Sequence[Zone], offset: int) -> Zone | None:
    """The zone that holds `offset`, or None between zones."""
    i = bisect_left(zones, offset + 1, key=lambda z: z.span.start) - 1
    return zones[i] if i >= 0 and zones[i].span.end > offset else None


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        span = trim(text, match.start(), match.end())
        if span:
            yield span


def _joined(text: str, lines: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Blocks of lines that are one paragraph, each with whether it is a single line."""
    if not lines:
        return
    pairs = list(pairwise(lines))
    gaps = [len(_BREAK.findall(text, a.end, b.start)) for a, b in pairs]
    # Text wrapped with an empty line after each line is wrapped all the same: each kind of gap is judged alone.
    wraps = {n: _wrap_width(text, [p for p, g in zip(pairs, gaps, strict=True) if g == n]) for n in set(gaps)}
    start, single = 0, True
    for i, gap in enumerate(gaps):
        if _continues(text, lines[i], lines[i + 1], wraps[gap], gap):
            single = False
            continue
        yield Span(lines[start].start, lines[i].end), single
        start, single = i + 1, True
    yield Span(lines[start].start, lines[-1].end), single


def _fits_not(text: str, a: Span, b: Span, width: int) -> bool:
    """True if the first word of line `b` would not have fitted at the end of line `a`."""
    word = re.match(r"\S+", b.of(text))
    return a.end - a.start + 1 + (word.end() if word else 0) > width


def _wrap_width(text: str, pairs: list[tuple[Span, Span]]) -> int | None:
    """The width at which these neighbouring lines were wrapped; None if they are paragraphs of their own."""
    if not pairs:
        return None
    lengths = sorted(a.end - a.start for a, _ in pairs)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    full = [(a, b) for a, b in pairs if _fits_not(text, a, b, width)]
    lower = sum(b.of(text)[0].islower() for _, b in full)
    open_ended = sum(not _TERMINAL.search(a.of(text)) for a, _ in full)
    # In wrapped English prose about three quarters of the lines that go on begin in lower case, and more stop
    # inside a sentence.
    prose = lower >= 0.3 * len(full) and open_ended >= 0.5 * len(full)
    if width not in _WRAP_WIDTHS or not prose or len(full) < 0.5 * len(pairs):
        return None
    return width


def _continues(text: str, a: Span, b: Span, width: int | None, gap: int) -> bool:
    first = b.of(text)
    ended = bool(_TERMINAL.search(a.of(text)))
    if width is not None and _fits_not(text, a, b, width):
        return True
    return gap == 1 and first[0].islower() and not ended and a.end - a.start >= _WRAP_WIDTHS.start


def _title_end(text: str, span: Span, title: str | None) -> int | None:
    """Where the given title ends if the block begins with it and goes on."""
    words = title.split() if title else []
    if not words:
        return None
    match = re.match(r"\s+".join(map(re.escape, words)), span.of(text), re.IGNORECASE)
    end = span.start + match.end() if match else span.end
    return end if end < span.end and _WHITE.match(text[end]) else None


def _cut(text: str, block: Span, *, first: bool) -> Iterator[Span]:
    """The paragraphs of a line in which double or no-break spaces stand for paragraph breaks."""
    words = block.of(text)
    if words.count("\u00a0") > 0.2 * len(re.findall(r"\s", words)):
        words = words.replace("\u00a0", " ")  # no-break spaces everywhere separate nothing
    start = 0
    for gap in _GAP.finditer(words):
        if _breaks(words[start : gap.start()], words[gap.end() :], first=first and start == 0):
            yield Span(block.start + start, block.start + gap.start())
            start = gap.end()
    yield Span(block.start + start, block.end)


def _breaks(before: str, after: str, *, first: bool) -> bool:
    """True if the wide space between `before` (one paragraph so far) and `after` ends a paragraph."""
    if not before or not after or after[0].islower() or after[0] in ",;.)":
        return False
    if _TERMINAL.search(before):
        return True
    tail = _SENTENCE_END.split(before)[-1].split()
    if len(tail) == len(before.split()):  # one heading, so far
        capitals = sum(w[0].isupper() or w[0].isdigit() for w in tail)
        return len(tail) <= (_TITLE_WORDS if first else _HEADING_WORDS) and (first or capitals >= len(tail) / 2)
    if len(tail) <= _HEADING_WORDS and (" ".join(tail).isupper() or ends_in_credit(before) is not None):
        return True
    return bool(_OPENER.match(after))
