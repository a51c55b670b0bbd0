"""Time words and what they mean: the patterns of `times`, and their TIMEX3 values and days.

A value with X for what is not known ("XXXX-WXX-4") stands until a publication date is given.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

MONTHS = {m.lower(): n for n, m in enumerate(calendar.month_name) if m}
MONTHS |= {m[:3]: n for m, n in MONTHS.items()} | {"sept": 9}
DAYS = {d.lower(): n for n, d in enumerate(calendar.day_name, start=1)}
PARTS = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI", "noon": "T12:00", "midnight": "T24:00"}
UNITS = {"second": "S", "minute": "M", "hour": "H", "day": "D", "week": "W", "month": "M", "year": "Y", "decade": "E"}
UNIT_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365, "decade": 3652}
SMALL = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "a couple of": 2, "a dozen": 12, "half a": None,
    "several": None, "few": None, "a few": None, "recent": None, "many": None,
}  # fmt: skip

# "May" and "March" are words too: months are matched with a capital, never at a lower-case start.
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_DAY = r"(?P<{0}>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_PART = r"(?P<part>morning|afternoon|evening|night|noon|midnight)"
_NUMBER = (
    r"(?P<n>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|(?:a )?few"
    r"|a couple of|many|a dozen)"
)
_UNIT = r"(?P<unit>second|minute|hour|day|week|month|year|decade)s?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"


@dataclass(frozen=True, slots=True)
class Value:
    """What time words mean. `day`: True if it is one calendar day, so that other words may lean on it."""

    timex: str
    earliest: date | None = None
    latest: date | None = None
    day: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative words are counted from. `ahead`: the clause speaks of the future."""

    published: date | None
    last: Value | None = None  # the last single day named before in the text
    ahead: bool = False
    back: bool = False  # "since", "last": never forward


def _single(day: date) -> Value:
    return Value(day.isoformat(), day, day, day=True)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _full(m: re.Match[str], at: Anchor) -> Value | None:
    """For "06 November 2015", "Nov. 6, 2015", "2015-11-06"."""
    parts = m.groupdict()
    month = int(parts["mn"]) if parts.get("mn") else MONTHS[parts["month"].rstrip(".").lower()]
    try:
        return _single(date(int(parts["year"]), month, int(parts["day"])))
    except ValueError:
        return None


def _month_day(m: re.Match[str], at: Anchor) -> Value | None:
    """For "Sept. 27", "3 August", "November 26 and 28": the nearest such day."""
    month, first = MONTHS[m["month"].rstrip(".").lower()], int(m["day"])
    last = int(m["day2"]) if m.groupdict().get("day2") else first
    if not 1 <= first <= last <= calendar.monthrange(2000, month)[1]:
        return None
    shape = f"XXXX-{month:02d}-{first:02d}"
    if at.published is None:
        return Value(shape if first == last else f"{shape}/XXXX-{month:02d}-{last:02d}")
    year = _nearest_year(month, first, at.published, at)
    try:
        start, end = date(year, month, first), date(year, month, last)
    except ValueError:
        return Value(shape)
    return _single(start) if start == end else Value(f"{start}/{end}", start, end)


def _nearest_year(month: int, day: int, published: date, at: Anchor) -> int:
    """The year of a day without one: this year's, unless that lies more than two weeks ahead of the news."""
    this = published.year
    distance = (month - published.month) * 30 + day - published.day
    if at.ahead and not at.back:
        return this if distance >= -14 else this + 1
    return this if distance <= 14 else this - 1


def _month(m: re.Match[str], at: Anchor) -> Value | None:
    """For "late October 2015", "October last year", "mid-September", "in October"."""
    parts = m.groupdict()
    month = MONTHS[parts["month"].rstrip(".").lower()]
    year = int(parts["year"]) if parts.get("year") else None
    if year is None and at.published is not None:
        year = at.published.year + {"last": -1, "this": 0, "next": 1}.get(parts.get("rel") or "", 0)
        if not parts.get("rel"):
            year = _nearest_year(month, 1, at.published, at)
    if year is None:
        return Value(f"XXXX-{month:02d}")
    start, end = date(year, month, 1), _month_end(year, month)
    third = (parts.get("third") or "").rstrip("- ").lower()
    if third in ("early", "beginning of", "start of"):
        end = start.replace(day=10)
    elif third in ("mid", "middle of"):
        start, end = start.replace(day=11), start.replace(day=20)
    elif third in ("late", "end of"):
        start = start.replace(day=21)
    return Value(f"{year}-{month:02d}", start, end)


def _year(m: re.Match[str], at: Anchor) -> Value | None:
    year = int(m["year"])
    return Value(str(year), date(year, 1, 1), date(year, 12, 31))


def _weekday(m: re.Match[str], at: Anchor) -> Value | None:
    """For "Thursday", "last Friday", "Monday night"."""
    parts = m.groupdict()
    number = DAYS[parts["weekday"].lower()]
    tail = PARTS.get(parts.get("part") or "", "")
    if at.published is None:
        return Value(f"XXXX-WXX-{number}{tail}")
    back = (at.published.isoweekday() - number) % 7
    rel = (parts.get("rel") or "").lower()
    if rel in ("last", "past") and back == 0:
        back = 7
    if rel in ("next", "coming") or (at.ahead and not at.back and rel not in ("last", "past")):
        back = back - 7 if back else (-7 if rel == "next" else 0)
    found = _single(at.published - timedelta(days=back))
    return replace(found, timex=found.timex + tail)


_WORDS = {
    "yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0, "last night": -1, "this morning": 0, "this afternoon": 0,
    "this evening": 0, "yesterday morning": -1, "yesterday afternoon": -1, "yesterday evening": -1,
    "earlier today": 0, "later today": 0, "later tonight": 0, "tomorrow morning": 1, "tomorrow night": 1,
    "tomorrow evening": 1, "tomorrow afternoon": 1, "yesterday night": -1, "day's end": 0, "day’s end": 0,
    "the end of the day": 0, "the day before yesterday": -2, "nightfall": 0, "the day after tomorrow": 2,
}  # fmt: skip


def _word(m: re.Match[str], at: Anchor) -> Value | None:
    """For "yesterday", "this morning", "day's end"."""
    words = " ".join(m[0].lower().split())
    tail = "TNI" if "night" in words else next((t for p, t in PARTS.items() if p in words), "")
    if at.published is None:
        return Value("XXXX-XX-XX" + tail)
    found = _single(at.published + timedelta(days=_WORDS[words]))
    return replace(found, timex=found.timex + tail)


def _leaning(m: re.Match[str], at: Anchor) -> Value | None:
    """For "the previous day", "a day earlier", "the following day": counted from the last day named."""
    step = -1 if re.search(r"previous|before|earlier|eve", m[0].lower()) else 0 if "same" in m[0].lower() else 1
    if at.last is None or at.last.earliest is None:
        return Value("XXXX-XX-XX")
    return _single(at.last.earliest + timedelta(days=step))


def _period(m: re.Match[str], at: Anchor) -> Value | None:
    """For "last week", "this month", "next year", "the weekend"."""
    rel, unit = (m["rel"] or "this").lower(), m["unit"].lower()
    step = {"last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1, "following": 1}.get(rel, 0)
    day = at.published
    if day is None:
        return Value({"week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "year": "XXXX"}[unit])
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.isoweekday() - 1) + timedelta(weeks=step)
        if unit == "weekend" and step == 0 and day.isoweekday() < 6 and not at.ahead:
            monday -= timedelta(weeks=1)
        year, week, _ = monday.isocalendar()
        if unit == "week":
            return Value(f"{year}-W{week:02d}", monday, monday + timedelta(days=6))
        return Value(f"{year}-W{week:02d}-WE", monday + timedelta(days=5), monday + timedelta(days=6))
    if unit == "month":
        index = day.year * 12 + day.month - 1 + step
        year, month = divmod(index, 12)
        return Value(f"{year}-{month + 1:02d}", date(year, month + 1, 1), _month_end(year, month + 1))
    return Value(str(day.year + step), date(day.year + step, 1, 1), date(day.year + step, 12, 31))


def _duration(m: re.Match[str]) -> str:
    """The TIMEX3 duration of a number and unit: "24 hours" -> "PT24H", "recent weeks" -> "PXW"."""
    number, unit = (m.groupdict().get("n") or "a").lower(), m["unit"].lower()
    count = int(number) if number.isdigit() else SMALL.get(number)
    if m["unit"] and m.groupdict().get("n") is None and m[0].lower().endswith("s"):
        count = None
    clock = "T" if unit in ("second", "minute", "hour") else ""
    return f"P{clock}{'X' if count is None else count}{UNITS[unit]}"


def _days(m: re.Match[str]) -> float | None:
    value = re.search(r"\d+", _duration(m))
    return int(value[0]) * UNIT_DAYS.get(m["unit"].lower(), 0) if value else None


def _span_back(m: re.Match[str], at: Anchor) -> Value | None:
    """For "the past week", "the last 24 hours", "recent weeks": a stretch that ends with the news."""
    length = _days(m)
    if at.published is None:
        return Value(_duration(m))
    earliest = at.published - timedelta(days=round(length)) if length is not None else None
    return Value(_duration(m), earliest, at.published)


def _span_ahead(m: re.Match[str], at: Anchor) -> Value | None:
    """For "the next three days", "the coming weeks"."""
    length = _days(m)
    if at.published is None:
        return Value(_duration(m))
    latest = at.published + timedelta(days=round(length)) if length is not None else None
    return Value(_duration(m), at.published, latest)


def _ago(m: re.Match[str], at: Anchor) -> Value | None:
    """For "three days ago", "about a month ago": a day for days, else roughly (a unit's slack on both sides)."""
    length = _days(m)
    if at.published is None or length is None:
        return Value(_duration(m))
    day = at.published - timedelta(days=round(length))
    if m["unit"].lower() in ("hour", "day", "minute"):
        return _single(day)
    slack = timedelta(days=UNIT_DAYS[m["unit"].lower()] // 2)
    return Value(_duration(m), day - slack, day + slack)


def _unanchored(m: re.Match[str], at: Anchor) -> Value | None:
    """For "the first 24 hours", "a month after": its beginning is another event, so no days."""
    return Value(_duration(m))


def _set(m: re.Match[str], at: Anchor) -> Value | None:
    return Value("P1" + UNITS[m["unit"].lower()])


def _clock(m: re.Match[str], at: Anchor) -> Value | None:
    """For "9:30 a.m.", "5 pm", "18:00 GMT"."""
    parts = m.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    half = (parts.get("half") or "").lower()
    hour = hour % 12 + 12 if half.startswith("p") else hour % 12 if half.startswith("a") else hour
    if hour > 24 or minute > 59:
        return None
    return Value(f"T{hour:02d}:{minute:02d}")


def _overnight(m: re.Match[str], at: Anchor) -> Value | None:
    if at.published is None:
        return Value("XXXX-XX-XXTNI")
    before = at.published - timedelta(days=1)
    return Value(f"{before}TNI", before, at.published)


def _now(m: re.Match[str], at: Anchor) -> Value | None:
    return Value("PRESENT_REF", None, at.published)


def _past(m: re.Match[str], at: Anchor) -> Value | None:
    return Value("PAST_REF", None, at.published)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shape of time words. `alone`: it needs no preposition to be about time.

    `needs`: letters of which the text must hold some; `first`: "digit" or "capital" where it begins with one.
    """

    kind: str
    regex: re.Pattern[str]
    value: Callable[[re.Match[str], Anchor], Value | None]
    alone: bool = True
    needs: tuple[str, ...] = ()
    first: str = ""


_Evaluate = Callable[[re.Match[str], Anchor], Value | None]


def _compiled(
    kind: str, text: str, value: _Evaluate, *, alone: bool = True, needs: str = "", first: str = ""
) -> Pattern:
    words = tuple(needs.split("|")) if needs else ()
    return Pattern(kind, re.compile(rf"(?<![\w-])(?:{text})(?![\w])"), value, alone, words, first)


def matches(text: str) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """What each pattern finds in `text`, in the order of the patterns.

    Most of an article can hold no time expression: a pattern is tried at the places where it may begin only.
    """
    begins = {
        "digit": [m.start() for m in re.finditer(r"(?<![\w-])\d", text)],
        "capital": [m.start() for m in re.finditer(r"(?<![\w-])[A-Z]", text)],
    }
    for pattern in PATTERNS:
        if pattern.needs and not any(w in text for w in pattern.needs):
            continue
        if not pattern.first:
            yield from ((pattern, m) for m in pattern.regex.finditer(text))
            continue
        end = 0
        for at in begins[pattern.first]:
            m = pattern.regex.match(text, at) if at >= end else None
            if m is not None:
                end = m.end()
                yield pattern, m


_M, _D = _MONTH.format("month"), _DAY.format("weekday")
_REL = r"(?:of )?(?P<rel>last|this|next) year"
_THIRD = r"(?P<third>[Ee]arly |[Mm]id-?|[Mm]id |[Ll]ate |(?:the )?(?:beginning|start|middle|end) of )"
_DATE = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SECOND_DAY = r"(?: ?(?:and|to|-|–) ?(?P<day2>\d{1,2}))?(?!\d*[:,.]\d)"
_WHICH_DAY = r"(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his|this past|the coming|[Tt]his coming) )?"
_LEANING = r"[Tt]he (?:previous|next|following|same) day|[Aa] day (?:earlier|later|before)|[Tt]he day before"
_WHICH = r"(?P<rel>[Ll]ast|[Tt]his|[Nn]ext|the coming|the following|the previous)(?: past)? "
_ABOUT = r"(?:(?:about|around|some|almost|nearly|just|over|more than) )?"
_ABOUT_ANY = r"(?:(?:[Aa]bout|[Aa]round|[Ss]ome|[Aa]lmost|[Nn]early|[Jj]ust|[Ll]ess than|[Mm]ore than) )?"
_FOR_ABOUT = r"(?:(?:about|around|at least|almost|nearly|more than|over) )?"
_HALF = r"(?P<half>[ap]\.?m\b\.?)(?: \(\d{1,2}:?\d\d GMT\)| GMT| local time)?"
_ANY_WORD = "(?i:" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + ")"
PATTERNS = (
    _compiled("date", rf"{_DATE}(?: of)? {_M},? {_YEAR}", _full, first="digit"),
    _compiled("date", rf"{_M} {_DATE},? {_YEAR}", _full, first="capital"),
    _compiled("date", r"(?P<year>(?:19|20)\d\d)-(?P<mn>\d\d)-(?P<day>\d\d)", _full, first="digit"),
    _compiled("date", rf"{_M} {_DATE}{_SECOND_DAY}", _month_day, first="capital"),
    _compiled("date", rf"{_DATE}(?: of)? {_M}", _month_day, first="digit"),
    _compiled("month", rf"{_THIRD}?{_M}(?:,? {_YEAR}|,? {_REL})", _month),
    _compiled("month", rf"{_THIRD}{_M}", _month),
    _compiled("month", rf"(?P<rel>last|this|next) {_M}", _month, needs="last |this |next "),
    _compiled("month", _M, _month, alone=False, first="capital"),
    _compiled("weekday", rf"{_WHICH_DAY}{_D}(?: {_PART})?", _weekday),
    _compiled("word", _ANY_WORD, _word),
    _compiled("leaning", _LEANING, _leaning),
    _compiled("period", rf"{_WHICH}(?P<unit>week|weekend|month|year)", _period),
    _compiled("period", r"(?P<rel>)the (?P<unit>weekend)", _period, alone=False, needs="weekend"),
    _compiled("span", rf"(?:the )?(?:past|last|previous|recent) (?:{_NUMBER} )?{_UNIT}", _span_back, alone=False),
    _compiled("span", rf"(?:the )?(?:next|coming|following) (?:{_NUMBER} )?{_UNIT}", _span_ahead, alone=False),
    _compiled("span", rf"(?:the )?first (?:{_NUMBER} )?{_UNIT}", _unanchored, alone=False, needs="first "),
    _compiled("ago", rf"{_ABOUT}{_NUMBER} {_UNIT} ago", _ago, needs=" ago"),
    _compiled("after", rf"{_ABOUT_ANY}{_NUMBER} {_UNIT} (?:after|before|later|earlier)", _unanchored),
    _compiled("set", r"(?:[Ee]very|[Ee]ach) (?P<unit>day|week|month|year)", _set, needs="very |ach "),
    _compiled("for", rf"{_FOR_ABOUT}(?:{_NUMBER} )?{_UNIT}", _unanchored, alone=False),
    _compiled("clock", rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))? ?{_HALF}", _clock, first="digit"),
    _compiled("clock", r"(?P<hour>\d{1,2}):?(?P<minute>\d\d) (?:GMT|UTC|local time|hours)", _clock, first="digit"),
    _compiled("clock", r"(?P<hour>\d{1,2}):(?P<minute>\d\d)", _clock, alone=False, first="digit"),
    _compiled(
        "clock",
        r"noon|midnight",
        lambda m, at: Value("T12:00" if m[0] == "noon" else "T24:00"),
        alone=False,
        needs="noon|midnight",
    ),
    _compiled("overnight", r"[Oo]vernight", _overnight, needs="vernight"),
    _compiled("year", _YEAR, _year, alone=False, first="digit"),
    _compiled("decade", r"the (?P<year>(?:19|20)\d0)s", lambda m, at: Value(m["year"][:3]), alone=False, needs="0s"),
    _compiled("now", r"[Ss]o far|[Tt]o date|[Uu]p to now|[Uu]ntil now", _now, needs="o far|o date| now"),
    _compiled("past", r"Earlier(?=,)|(?<=, )earlier(?=,)", _past, needs="arlier,"),
)
