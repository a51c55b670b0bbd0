"""Time expressions of an article, with the preposition that belongs to them, dated where they can be.

`times(doc, published)` reads the Doc's text alone, so it works with any model. Without a publication
date relative words keep their shape ("XXXX-WXX-4"); full dates are dated by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from spacy.tokens import Doc

from kg.nlp.heads import text_of
from kg.nlp.timex import PATTERNS, Anchor, Pattern, Value, matches
from kg.types import Span, TimeScope

_PREPOSITION = re.compile(
    r"(?:(?<=\s)|^|(?<=[(“\"‘—–,-]))(?P<prep>[Aa]s (?:early as|late as|recently as|of)|[Uu]p (?:to|until)"
    r"|[Ff]rom|[Oo]n|[Ii]n|[Aa]t|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]ill|[Oo]ver|[Dd]uring|[Ww]ithin|[Bb]efore|[Aa]fter"
    r"|[Tt]hroughout|[Tt]hrough|[Ff]or|[Aa]round|[Bb]etween|[Oo]f|[Ss]tarting|to|into"
    r"|soon after|shortly (?:after|before)|late|early|Late|Early)"
    r"(?P<fill> (?:the (?:night|evening|morning|afternoon|end|start|beginning) of|the|late|early|about|around|mid|last"
    r"|approximately))?\s+$"
)
# "on 9 May", but "the 9 May offensive", "of Thursday's attack": these words date a thing, not the clause.
_NOT_PART = frozenset({"of", "to", "between", "into"})
# Prepositions that make a length of time a time: "for years", "within three days".
_LASTING = frozenset({"for", "in", "within", "after", "over", "during", "throughout", "through"})
_LOOSE_EDGE = frozenset({"late", "early", "Late", "Early"})
# What may stand between two parts of one expression: "11 a.m. [on] Wednesday", "Friday[,] 06 November".
_JOINT = re.compile(r"^(?:,? |, on | on | of | at | in | local time,? (?:on )?)$")
_JOINS = frozenset(
    {
        ("clock", "weekday"), ("clock", "date"), ("clock", "word"), ("weekday", "date"), ("weekday", "clock"),
        ("date", "clock"), ("word", "clock"), ("period", "weekday"), ("weekday", "period"), ("word", "weekday"),
        ("overnight", "weekday"), ("month", "period"), ("date", "period"), ("weekday", "overnight"),
    }
)  # fmt: skip
_FUTURE = re.compile(
    r"\b(?:will|would|shall|expected|forecast|predicted|scheduled|planned|plans?|planning|set to|is to|are to|going to"
    r"|could|may|might|until|till|likely|tomorrow|next)\b"
)
_PAST_TENSE_PREPS = frozenset({"since"})


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: str
    match: re.Match[str]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts that make one expression ("11 a.m." + "Wednesday"), its preposition included in `start`."""

    start: int
    end: int
    parts: tuple[_Found, ...]
    prep: str


def times(doc: Doc, published: date | None) -> tuple[TimeScope, ...]:
    """All time expressions of the article in text order; `published` dates the relative ones."""
    return scopes(text_of(doc), published)


def scopes(text: str, published: date | None) -> tuple[TimeScope, ...]:
    """All time expressions of a text in which line feeds stand between paragraphs only."""
    out: list[TimeScope] = []
    last: Value | None = None
    for group in _groups(text, _candidates(text)):
        before = text[max(0, group.start - 90) : group.start]
        clause = re.split(r"[.;:!?\n]|, (?:and|but|which|who|after)\b|\bsaid\b", before)[-1]
        ahead = bool(_FUTURE.search(clause)) or group.prep in ("by", "until", "till")
        anchor = Anchor(published, last, ahead=ahead, back=group.prep in _PAST_TENSE_PREPS)
        value = _value(group, anchor)
        if value is None:
            continue
        if value.day or value.timex.startswith("XXXX-WXX-"):
            last = value
        span = Span(group.start, group.end)
        out.append(TimeScope(span.of(text), span, *_bounds(group, value, published), value.timex))
    return tuple(out)


def _candidates(text: str) -> list[_Found]:
    """Matches of all patterns, overlaps settled: the earlier, then the longer, then the more specific."""
    found = [
        _Found(m.start(), m.end(), p.kind, m, p)
        for p, m in matches(text)
        if p.alone or _leads(p.kind, m, _preposition(text, m.start()))
    ]
    order = {p.kind: n for n, p in reversed(list(enumerate(PATTERNS)))}
    found.sort(key=lambda f: (f.start, -f.end, order[f.kind]))
    kept: list[_Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept


def _leads(kind: str, core: re.Match[str], prep: re.Match[str] | None) -> bool:
    """True if the preposition before words that need one makes them a time: "for years", not "on a day"."""
    if prep is None:
        return False
    definite = bool(prep["fill"] and "the" in prep["fill"].split())
    if kind == "year":
        return not definite  # "of the 2011 war" dates the war
    if kind == "for":
        counted = core["n"] is not None
        return prep["prep"].lower() in _LASTING and not definite and (counted or core[0].lower().endswith("s"))
    return True


def _preposition(text: str, start: int) -> re.Match[str] | None:
    return _PREPOSITION.search(text, max(0, start - 40), start)


def _groups(text: str, found: list[_Found]) -> list[_Group]:
    """Adjacent parts joined, prepositions attached."""
    runs: list[list[_Found]] = []
    for one in found:
        if runs and (runs[-1][-1].kind, one.kind) in _JOINS and _JOINT.match(text[runs[-1][-1].end : one.start]):
            runs[-1].append(one)
        else:
            runs.append([one])
    out = []
    for run in runs:
        start, prep = _start(text, run[0])
        if run[0].pattern.alone or prep:
            out.append(_Group(start, run[-1].end, tuple(run), prep))
    return out


def _start(text: str, first: _Found) -> tuple[int, str]:
    """Where the expression begins with its preposition, and that preposition in lower case."""
    match = _preposition(text, first.start)
    if not match:
        return first.start, ""
    prep = match["prep"].lower()
    if prep in _NOT_PART:
        return (match.start("fill") + 1 if match["fill"] else first.start), prep
    if prep in _LOOSE_EDGE:
        outer = _preposition(text, match.start("prep"))
        if outer and outer["prep"].lower() not in _NOT_PART:
            return outer.start("prep"), outer["prep"].lower()
    return match.start("prep"), prep


def _value(group: _Group, anchor: Anchor) -> Value | None:
    """The value of all parts together: the day of one with the clock of another."""
    values = [p.pattern.value(p.match, anchor) for p in group.parts]
    if any(v is None for v in values):
        return None
    known = [v for v in values if v is not None]
    best = next((v for v, p in zip(known, group.parts, strict=True) if p.kind == "date"), None) or next(
        (v for v in known if v.day or v.timex.startswith("XXXX")), known[0]
    )
    clock = next((v for v, p in zip(known, group.parts, strict=True) if p.kind == "clock"), None)
    if clock is not None and best is not clock:
        day = re.sub(r"T.*$", "", best.timex)
        return replace(best, timex=day + clock.timex)
    return best


def _bounds(group: _Group, value: Value, published: date | None) -> tuple[date | None, date | None]:
    """First and last day: "since Monday" runs to the news, "until Friday" has no beginning."""
    if group.prep == "since" and value.earliest is not None:
        return value.earliest, published
    if group.prep in ("until", "till", "up to", "up until", "by") and value.latest is not None:
        return None, value.latest
    return value.earliest, value.latest


def nearest_before(found: tuple[TimeScope, ...], position: int) -> TimeScope | None:
    """The last expression that ends at or before `position`."""
    return max((t for t in found if t.span.end <= position), key=lambda t: t.span.end, default=None)


def within(found: tuple[TimeScope, ...], span: Span) -> tuple[TimeScope, ...]:
    """The expressions inside `span`, in text order."""
    return tuple(t for t in found if span.covers(t.span))


def apart(found: tuple[TimeScope, ...]) -> bool:
    """True if no two expressions overlap; for tests and checks."""
    return all(a.span.end <= b.span.start for a, b in pairwise(found))
