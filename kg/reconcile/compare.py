"""How two figures of one event stand to each other, and why.

A conflict needs the same measure, the same people counted, the same time and bounds that cannot both hold.
Everything that is not plainly so is called less: an update, a projection, a part, or not comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import inf

from kg.reconcile.records import Amount, Claim
from kg.types import Exactness, Status


class Relation(StrEnum):
    """How one figure stands to another."""

    CONFLICT = "conflict"
    CORROBORATION = "corroboration"
    UPDATE = "update"  # the later count of the same thing
    PROJECTION = "projection"  # one is a forecast or a plan
    PART_OF = "part_of"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One pair of claims. For an update `first` is the earlier, for a part `first` is the part."""

    first: str
    second: str
    relation: Relation
    reason: str
    confidence: float
    independent: bool = True  # False: the two rest on the same words or the same speaker


@dataclass(frozen=True, slots=True)
class Scope:
    """The time of a figure: when the thing happened, as far as the words tell, and the day that the count is of.

    `days`: first and last day of what is counted; `shape`: its time words where they cannot be dated (TIMEX3).
    `as_of`: the day of the count: "as of Monday", else the publication.
    """

    days: tuple[date | None, date | None] | None = None
    shape: str | None = None
    as_of: date | None = None


AHEAD = frozenset({Status.ORDERED, Status.PLANNED, Status.EXPECTED, Status.POSSIBLE})
UNREAL = frozenset({Status.ATTEMPTED, Status.CANCELLED, Status.DENIED})
# Measures that may tell of the same people in other words: they corroborate, they never conflict.
MOVED = frozenset({"evacuated", "fled", "displaced", "rescued"})
# Counted kinds that writers use for one another.
ANYBODY = frozenset({"people", "civilians", "residents", "individuals"})
# "About 50,000" is taken for 50,000 give or take this share; "nearly" and "close to" reach this far below.
_SLACK, _NEARLY = 0.15, 0.2
# "At least 58" still speaks of a number near 58; "dozens", "hundreds", "thousands" of up to ten times their least.
_ABOVE, _VAGUE = 1.5, 10
_SURE, _LIKELY, _WEAK = 0.9, 0.7, 0.5


def bounds(amount: Amount) -> tuple[float, float]:
    """The least and most that the words allow; for "about" the number give or take a share."""
    if amount.value is not None and amount.exactness is Exactness.ABOUT:
        return amount.value * (1 - _SLACK), amount.value * (1 + _SLACK)
    return (-inf if amount.low is None else amount.low), (inf if amount.high is None else amount.high)


def likely(amount: Amount) -> tuple[float, float]:
    """The stretch of numbers that the words speak of: "nearly 1,000" is not 5, "at least 58" is not 5,000."""
    low, high = bounds(amount)
    if amount.exactness is Exactness.VAGUE:
        return low, min(high, low * _VAGUE) if low > 0 else high
    if amount.exactness is Exactness.NEARLY and amount.value is not None:
        return amount.value * (1 - _NEARLY), high
    if amount.exactness in (Exactness.AT_LEAST, Exactness.MORE_THAN) and low > 0:
        return low, low * _ABOVE
    if amount.exactness is Exactness.UP_TO and high < inf:
        return high / _ABOVE, high
    return low, high


def scopes(claims: Iterable[Claim]) -> Mapping[str, Scope]:
    """The time of each claim of one event: its own words, else those of the claim before it in its article."""
    out: dict[str, Scope] = {}
    before: dict[tuple[str, str], Scope] = {}
    for claim in sorted(claims, key=_position):
        key = (claim.article, claim.measure)
        own = _own(claim)
        if own is not None:
            before[key] = own
        out[claim.id] = own or before.get(key) or Scope(as_of=claim.published)
    return out


def _position(claim: Claim) -> tuple[str, int]:
    """Article and offset: claims are named by their offsets."""
    tail = claim.id.rsplit("-", 2)
    return claim.article, int(tail[-2]) if len(tail) == 3 and tail[-2].isdigit() else 0


# Words that say of which day a count is, not when the thing happened.
_COUNTED = ("as of", "by ", "so far", "until", "up to", "to date", "till")


def _own(claim: Claim) -> Scope | None:
    shape = claim.timex or (claim.time_words or "").casefold() or None
    if not (claim.earliest or claim.latest or shape):
        return None
    if (claim.time_words or "").lower().startswith(_COUNTED):
        return Scope(shape=None if claim.latest else shape, as_of=claim.latest or claim.published)
    days = (claim.earliest, claim.latest) if claim.earliest or claim.latest else None
    return Scope(days, None if days else shape, claim.published)


def same_time(a: Scope, b: Scope) -> bool | None:
    """True for counts of one day on one stretch of time, False for other days, None where the words do not tell."""
    if a.days and b.days and a.days != b.days and _apart(a.days, b.days):
        return False
    if a.as_of and b.as_of and a.as_of != b.as_of:
        return False
    if not (a.as_of and b.as_of):
        return None
    if a.shape != b.shape or (a.shape and (a.days or b.days)):
        return None
    return True


def _apart(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    left, right = one[1] or one[0], other[0] or other[1]
    start, end = one[0] or one[1], other[1] or other[0]
    return bool(left and right and left < right) or bool(start and end and end < start)


def compare(a: Claim, b: Claim, times: Mapping[str, Scope]) -> Comparison:
    """How the figure of `a` stands to that of `b`; both are claims on one event. `times`: see `scopes`."""
    one, other = a.amount, b.amount
    for first, second in ((a, b), (b, a)):
        if multiplies(first) and second.amount and first.article == second.article and first.source == second.source:
            return _made(first, second, Relation.PROJECTION, "a multiple of it is foreseen", _LIKELY)
    if one is None or other is None:
        return _made(a, b, Relation.NOT_COMPARABLE, "no figure", _SURE)
    if one.whole == other.id:
        return _made(a, b, Relation.PART_OF, "stated part", _SURE)
    if other.whole == one.id:
        return _made(b, a, Relation.PART_OF, "stated part", _SURE)
    if a.status in UNREAL or b.status in UNREAL:
        return _made(a, b, Relation.NOT_COMPARABLE, "one did not take place", _SURE)
    if a.measure != b.measure and not {a.measure, b.measure} <= MOVED:
        return _made(a, b, Relation.NOT_COMPARABLE, "other measures", _SURE)
    if a.counts != b.counts and not {a.counts, b.counts} <= ANYBODY:
        return _made(a, b, Relation.NOT_COMPARABLE, "other people counted", _SURE)
    if forecast(a) != forecast(b):
        first, second = (a, b) if forecast(a) else (b, a)
        return _made(first, second, Relation.PROJECTION, "one is a forecast, the other a count", _SURE)
    return _by_bounds(a, b, one, other, times)


def _by_bounds(a: Claim, b: Claim, one: Amount, other: Amount, times: Mapping[str, Scope]) -> Comparison:
    loose = a.measure != b.measure or a.counts != b.counts
    if _overlap(likely(one), likely(other)):
        close = one.value is not None and other.value is not None
        return _made(a, b, Relation.CORROBORATION, "numbers agree", _LIKELY if close and not loose else _WEAK)
    if forecast(a):
        return _made(a, b, Relation.NOT_COMPARABLE, "two forecasts", _LIKELY)
    when, then = times[a.id], times[b.id]
    if a.measure != b.measure or (loose and a.article == b.article):
        return _made(a, b, Relation.NOT_COMPARABLE, "kindred measures or people, other numbers", _LIKELY)
    same = same_time(when, then)
    if a.article == b.article and same is None and not (when.shape and then.shape and when.shape != then.shape):
        same = True
    if same is not False and Exactness.VAGUE in (one.exactness, other.exactness):
        return _made(a, b, Relation.NOT_COMPARABLE, "vague words against a number", _LIKELY)
    if same and _overlap(bounds(one), bounds(other)):
        return _made(a, b, Relation.NOT_COMPARABLE, "far apart, yet the bounds do not exclude it", _LIKELY)
    if same and a.article == b.article and a.source == b.source:
        return _made(a, b, Relation.NOT_COMPARABLE, "one voice does not contradict itself: other people", _LIKELY)
    if same and loose:
        return _made(a, b, Relation.NOT_COMPARABLE, "kindred people, other numbers", _LIKELY)
    if same:
        stated = bool(when.days or when.shape or a.article == b.article)
        return _made(a, b, Relation.CONFLICT, "same time, bounds apart", _SURE if stated else _LIKELY)
    if same is None and a.article == b.article:
        return _made(a, b, Relation.NOT_COMPARABLE, "times that the words do not order", _LIKELY)
    first, second = (b, a) if _later(a, b, when, then) else (a, b)
    reason = "other times" if same is False else "other articles, the time of one unknown"
    return _made(first, second, Relation.UPDATE, reason, _LIKELY if same is False else _WEAK)


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _later(a: Claim, b: Claim, when: Scope, then: Scope) -> bool:
    """True if `a` is of a later day than `b`; by size where no day tells, for counts of one event grow."""
    for left, right in ((when.as_of, then.as_of), (_end(when), _end(then))):
        if left and right and left != right:
            return left > right
    return bool(a.amount and b.amount and (a.amount.value or 0) > (b.amount.value or 0))


def _end(scope: Scope) -> date | None:
    return (scope.days[1] or scope.days[0]) if scope.days else None


def forecast(claim: Claim) -> bool:
    """True for what is planned, expected or possible, and for numbers computed from words ("to double")."""
    return claim.status in AHEAD or bool(claim.amount and claim.amount.derived)


_MULTIPLES = frozenset("double triple treble quadruple halve".split())


def multiplies(claim: Claim) -> bool:
    """True for a forecast without a number of its own: "a total it expected to double"."""
    words = claim.trigger.casefold().split()
    return claim.amount is None and forecast(claim) and bool(_MULTIPLES & set(words))


def _made(a: Claim, b: Claim, relation: Relation, reason: str, confidence: float) -> Comparison:
    return Comparison(a.id, b.id, relation, reason, confidence, independent=independent(a, b))


def independent(a: Claim, b: Claim) -> bool:
    """False if two claims rest on one telling: one speaker, one article in its own voice, or the same sentence."""
    if a.source and b.source and (a.actor or a.source) == (b.actor or b.source):
        return False
    if (a.copy_of or a.article) == (b.copy_of or b.article) and (a.article != b.article or not (a.source or b.source)):
        return False
    return not alike(a.sentence, b.sentence)


# Sentences that share this part of their words are one text printed twice.
_COPY = 0.8


def alike(one: str, other: str) -> bool:
    """True if two sentences are nearly the same words."""
    left, right = set(one.casefold().split()), set(other.casefold().split())
    return len(left & right) >= _COPY * len(left | right) > 0
