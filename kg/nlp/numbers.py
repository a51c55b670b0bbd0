"""Numbers in words and digits, with the words that bound them, read from plain text.

Literal bounds only: "nearly 1,000" has a maximum of 999 and no minimum, "dozens" a minimum of 24
and no value. Nothing here knows what is counted; see `figures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.types import Exactness, Span

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "lakh": 100_000, "lakhs": 100_000, "million": 1_000_000,
    "m": 1_000_000, "mn": 1_000_000, "crore": 10_000_000, "crores": 10_000_000, "billion": 1_000_000_000,
    "bn": 1_000_000_000, "dozen": 12, "score": 20,
}  # fmt: skip
# Smallest number a plural of vagueness can honestly stand for: two of its unit (guidelines; ACLED uses 12 for dozens).
VAGUE = {
    "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000,
    "tens of thousands": 20_000, "hundreds of thousands": 200_000, "tens of millions": 20_000_000,
    "hundreds of millions": 200_000_000, "several dozen": 24, "several hundred": 200, "several thousand": 2_000,
    "a few dozen": 24, "a few hundred": 200, "a few thousand": 2_000, "many thousands": 2_000, "many hundreds": 200,
    "many dozens": 24, "several thousands": 2_000, "several hundreds": 200, "few hundred": 200, "few thousand": 2_000,
    "some hundreds": 200, "thousands and thousands": 2_000, "hundreds and hundreds": 200, "lakhs": 200_000,
    "tens of lakhs": 2_000_000,
}  # fmt: skip
UNCOUNTED = (
    "a large number of", "large numbers of", "a small number of", "an unknown number of", "an unspecified number of",
    "a growing number of", "an undetermined number of", "a number of", "a handful of", "a couple of", "a few",
    "several", "numerous", "countless", "many of the", "many of them", "most of the", "some of the", "many", "multiple",
    "most of them", "some of them", "half of them", "about half of them", "the majority of them", "many of whom",
    "most of whom", "some of whom",
    "untold numbers of", "half of the", "half the", "most of their", "half of its", "half of their", "half of whom",
    "a third of the", "a third of its", "a third of them", "a third of whom", "two thirds of the", "two-thirds of the",
    "two thirds of them", "two-thirds of them", "a quarter of the", "a quarter of its", "a quarter of them",
    "three quarters of the", "three-quarters of the", "a fifth of the", "a fifth of its", "a fifth of them",
    "a tenth of the", "a tenth of its",
)  # fmt: skip
BOUNDS: dict[str, Exactness] = {
    "at least": Exactness.AT_LEAST, "no fewer than": Exactness.AT_LEAST, "no less than": Exactness.AT_LEAST,
    "not less than": Exactness.AT_LEAST, "not fewer than": Exactness.AT_LEAST, "a minimum of": Exactness.AT_LEAST,
    "more than": Exactness.MORE_THAN, "over": Exactness.MORE_THAN, "above": Exactness.MORE_THAN,
    "in excess of": Exactness.MORE_THAN, "upwards of": Exactness.MORE_THAN, "upward of": Exactness.MORE_THAN,
    "well over": Exactness.MORE_THAN, "well above": Exactness.MORE_THAN, "just over": Exactness.MORE_THAN,
    "slightly more than": Exactness.MORE_THAN, "far more than": Exactness.MORE_THAN, "exceeding": Exactness.MORE_THAN,
    "up to": Exactness.UP_TO, "as many as": Exactness.UP_TO, "as much as": Exactness.UP_TO, "at most": Exactness.UP_TO,
    "a maximum of": Exactness.UP_TO, "no more than": Exactness.UP_TO, "not more than": Exactness.UP_TO,
    "nearly": Exactness.NEARLY, "almost": Exactness.NEARLY, "close to": Exactness.NEARLY,
    "just under": Exactness.NEARLY, "fewer than": Exactness.NEARLY, "less than": Exactness.NEARLY,
    "under": Exactness.NEARLY, "below": Exactness.NEARLY, "just short of": Exactness.NEARLY,
    "nearing": Exactness.NEARLY, "approaching": Exactness.NEARLY,
    "about": Exactness.ABOUT, "around": Exactness.ABOUT, "some": Exactness.ABOUT, "approximately": Exactness.ABOUT,
    "roughly": Exactness.ABOUT, "an estimated": Exactness.ABOUT, "the estimated": Exactness.ABOUT,
    "estimated": Exactness.ABOUT, "circa": Exactness.ABOUT, "approx": Exactness.ABOUT, "approx.": Exactness.ABOUT,
    "more or less": Exactness.ABOUT, "somewhere around": Exactness.ABOUT, "in the region of": Exactness.ABOUT,
    "up to about": Exactness.UP_TO, "at least about": Exactness.AT_LEAST, "at least some": Exactness.AT_LEAST,
    "between": Exactness.BETWEEN,
}  # fmt: skip
# Words that may stand before a number and change nothing about its value.
PLAIN = (
    "a total of", "the total of", "a combined", "a record", "another", "an additional", "a further", "an extra", "only",
    "just", "exactly", "a mere", "all", "the remaining", "the other", "other",
)  # fmt: skip


def _alternatives(words: object) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_WORD = _alternatives([*UNITS, *TENS])
_COMPOUND = rf"(?:(?:{_alternatives(TENS)})[\s-]+(?:{_alternatives(UNITS)})|{_WORD})"
_SCALE = _alternatives([s for s in SCALES if len(s) > 2])
_DIGITS = r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?![\d,.])|\d+(?:\.\d+)?(?![.,]?\d)"
_CORE = (
    rf"(?:(?:{_DIGITS})(?:\s?(?:{_SCALE}|mn|bn|k|m)\b|-(?:{_SCALE})\b)?"
    rf"|half\s+a\s+(?:million|thousand|dozen|billion)|(?:a|one)\s+(?:{_SCALE})(?:\s+and\s+{_COMPOUND})?"
    rf"|{_COMPOUND}(?:[\s-]+(?:{_SCALE}))*(?:(?:\s+and)?\s+{_COMPOUND}(?:\s+(?:{_SCALE}))?)?)"
)
_RANGE = rf"(?:{_CORE})\s?(?:-|–|—|to|or|and)\s?(?:{_CORE})"
_BOUND = rf"(?:(?P<bound>{_alternatives(BOUNDS)})\s+)"
_PLAIN = rf"(?:(?:{_alternatives(PLAIN)})\s+)"
_PART = r"(?:half|(?:a|one|two|three|four)[ -](?:third|quarter|fifth|tenth)s?)"
# "Two thirds of its", "nearly half the", "most of Goma's": parts of a whole, of which the words give no number.
_OF_WHOLE = (
    rf"{_PART}\s+(?:of\s+)?(?:the|its|their|them|whom)\b"
    rf"|(?:{_PART}|most|many|some)\s+of(?=\s+(?:[\w.-]+\s){{0,2}}[\w.-]+['’]s\s)"
)
NUMBER = re.compile(
    rf"(?<![\w.,$£€¥#/:-])(?P<whole>{_PLAIN}?{_BOUND}?{_PLAIN}?"
    rf"(?:(?P<vague>{_alternatives(VAGUE)})|(?P<range>{_RANGE})|(?P<core>{_CORE})|(?P<uncounted>{_OF_WHOLE}|{_alternatives(UNCOUNTED)})))(?!\w)",
    re.IGNORECASE,
)
NONE = re.compile(
    r"(?<!\w)(?:no one|no-one|nobody|none|no(?=\s+(?:\w+\s+){0,2}"
    r"(?:casualt|death|injur|fatalit|victim|people|person|survivor|civilian|resident|loss|evacu)))(?!\w)",
    re.I,
)
_RISEN = re.compile(
    r"\b(?:r[io]se[ns]?|rising|climb\w*|jump\w*|increas\w*|gr[eo]w\w*|soar\w*|f[ae]ll\w*|drop\w*|went|goes|gone|up|down"
    r"|rais\w*|revis\w*|lift\w*|lower\w*|doubled|tripled)\b[^.;\n]*\bfrom\s+$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s+(?:or|and)\s+more\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed, with literal bounds. `core` is the stretch without the words before it."""

    span: Span
    core: Span
    value: int | None
    low: int | None
    high: int | None
    exactness: Exactness
    fraction: bool = False  # 2.5 with no scale: never a count of people


def numbers(text: str, offset: int = 0) -> Iterator[Number]:
    """All number phrases of `text`, in order and disjoint; spans are shifted by `offset` code points."""
    taken: list[tuple[int, int]] = []
    for match in NONE.finditer(text):
        span = Span(offset + match.start(), offset + match.end())
        taken.append(match.span())
        yield Number(span, span, 0, 0, 0, Exactness.EXACT)
    for match in NUMBER.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            if match["range"] and _RISEN.search(text, max(0, match.start() - 60), match.start()):
                yield from _ends(match, offset)
                continue
            found = _number(match, text, offset)
            if found is not None:
                yield found


def _ends(match: re.Match[str], offset: int) -> Iterator[Number]:
    """The two counts of "rose from 38 to 53", which is no range."""
    for end in re.finditer(_CORE, match["range"], re.IGNORECASE):
        value, fraction = parse(end.group())
        if value is not None:
            span = Span(offset + match.start("range") + end.start(), offset + match.start("range") + end.end())
            yield Number(span, span, value, value, value, Exactness.EXACT, fraction)


def _number(match: re.Match[str], text: str, offset: int) -> Number | None:
    kind = next(k for k in ("vague", "range", "core", "uncounted") if match[k])
    span = Span(offset + match.start("whole"), offset + match.end("whole"))
    core = Span(offset + match.start(kind), offset + match.end(kind))
    words = re.sub(r"\s+", " ", match[kind].lower())
    if kind == "vague":
        return Number(span, core, None, VAGUE[words], None, Exactness.VAGUE)
    if kind == "uncounted":
        return Number(span, core, None, None, None, Exactness.VAGUE)
    bound = BOUNDS[re.sub(r"\s+", " ", match["bound"].lower())] if match["bound"] else None
    if kind == "range":
        ends = _range(words, bound)
        if ends is not None:
            return Number(span, core, None, ends[0], ends[1], Exactness.BETWEEN)
        cut = re.match(_CORE, match[kind], re.IGNORECASE)
        if cut is None:
            return None
        words = cut.group().lower()
        core = Span(core.start, core.start + cut.end())
        span = Span(span.start, core.end)
    value, fraction = parse(words)
    if value is None or bound is Exactness.BETWEEN:
        return None
    if bound is None and _OR_MORE.match(text, match.end()):
        bound = Exactness.AT_LEAST
    low, high = literal_bounds(value, bound)
    return Number(span, core, value, low, high, bound or Exactness.EXACT, fraction)


def _range(words: str, bound: Exactness | None) -> tuple[int, int] | None:
    """The two ends of "10 to 20", "between 10 and 20"; None where the words are no range of counts."""
    joiner = r"\s?(?:-|–|—)\s?|\s(?:to|or)\s" + (r"|\sand\s" if bound is Exactness.BETWEEN else "")
    for match in re.finditer(joiner, words):
        (low, _), (high, _) = parse(words[: match.start()]), parse(words[match.end() :])
        if low is None or high is None:
            continue
        scale = re.search(rf"(?:{_SCALE})$", words)
        if scale and low < high and not re.search(rf"(?:{_SCALE})$", words[: match.start()]):
            scaled = low * SCALES[scale.group()]  # "10 to 20 thousand"
            low = scaled if scaled < high else low
        if low < high:
            return low, high
    return None


def literal_bounds(value: int, bound: Exactness | None) -> tuple[int | None, int | None]:
    """(low, high) as the guidelines read the words: "more than 5" is 6 or more, "about 50" has no bounds."""
    match bound:
        case None | Exactness.EXACT:
            return value, value
        case Exactness.AT_LEAST:
            return value, None
        case Exactness.MORE_THAN:
            return value + 1, None
        case Exactness.UP_TO:
            return None, value
        case Exactness.NEARLY:
            return None, value - 1
        case _:
            return None, None


def parse(words: str) -> tuple[int | None, bool]:
    """The integer that digits or number words stand for, and whether it is a bare fraction ("6.6")."""
    words = words.lower().strip()
    half = re.fullmatch(r"half\s+an?\s+(\w+)", words)
    if half:
        return SCALES[half[1]] // 2, False
    digits = re.match(_DIGITS, words)
    if digits:
        number = float(re.sub(r"[,\s\u202f\u00a0]", "", digits.group()))
        rest = words[digits.end() :].strip(" -")
        if rest:
            return (round(number * SCALES[rest]), False) if rest in SCALES else (None, False)
        return int(number), number != int(number)
    total, current = 0, 0
    for word in re.split(r"[\s-]+", words):
        if word in ("and", "a", "an"):
            current = current or (1 if word != "and" else 0)
        elif word in UNITS or word in TENS:
            current += UNITS.get(word, TENS.get(word, 0))
        elif word in SCALES:
            current = max(current, 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, current = total + current, 0
        else:
            return None, False
    return total + current, False
