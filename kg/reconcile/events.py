"""Which claims are about one event: grouped by kind, place, days and cause, each decision with its grounds.

A wrong merge is worse than a missed one: a claim whose place nobody knows stays with its article, and places
are never merged with the areas they lie in; those become parts (see `parts`). Only claims of one kind and place
are ever compared, so the cost grows about linearly.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.linking.names import fold
from kg.ontology import single_act
from kg.reconcile.causes import agree, causes_of
from kg.reconcile.records import Claim, Where


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a claim is in an event, or an event in another. `method`: what agreed, "kind+place+days+cause"."""

    method: str
    confidence: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Claims about one event. `key` is made of what identifies it, never of running numbers."""

    key: str
    kind: str
    where: Where | None
    first: date | None
    last: date | None
    causes: frozenset[str]
    members: tuple[tuple[str, Grounds], ...]  # claim id, why it is here


@dataclass(frozen=True, slots=True)
class Part:
    """An event that lies in another: a town's in its province's."""

    part: str
    whole: str
    grounds: Grounds


# Days between two tellings of one event, and the longest that an event may grow by chaining.
_GAP, _LENGTH = timedelta(days=3), timedelta(days=30)
# A claim whose own days lie this long before the publication is history, an event of its own.
_HISTORY = timedelta(days=14)
# Kinds of causes that strike on one day: two dated strikes two days apart are two events.
_STRIKES = frozenset({"quake", "slide", "war", "accident", "tsunami"})
_NEXT_DAY = timedelta(days=1)
_COUNTRY = "country"
_LAST_FEW = 8  # claims come by day, so an event older than the last few of a place is never near


@dataclass(slots=True)
class _Open:
    """An event while it is being gathered."""

    kind: str
    where: Where | None
    first: date | None
    last: date | None
    causes: frozenset[str]
    members: list[tuple[Claim, Grounds]]
    actors: set[str]
    articles: set[str]
    history: bool


def events(claims: Iterable[Claim]) -> tuple[Event, ...]:
    """All events of the claims, by key. Pure: the order of the claims does not matter."""
    by_place: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=_order):
        by_place[(claim.kind, _place(claim))].append(claim)
    found = [event for _, group in sorted(by_place.items()) for event in _gathered(group)]
    return tuple(sorted((_closed(e) for e in found), key=lambda e: e.key))


def _order(claim: Claim) -> tuple[date, str]:
    return days_of(claim)[0] or date.max, claim.id


def _place(claim: Claim) -> str:
    """What claims must share to be compared: a known place, a proper name in a known country, or the article."""
    where = claim.where
    if where is not None and where.gazetteer:
        return where.id
    if where is not None and where.country and where.name[:1].isupper() and where.feature != "part":
        return f"{where.country}/{fold(where.name)}"
    return f"{claim.article}/{fold(where.name) if where else ''}"


def days_of(claim: Claim) -> tuple[date | None, date | None]:
    """First and last day of what a claim tells: its own time, else the publication."""
    if claim.earliest and claim.latest:
        return claim.earliest, claim.latest
    day = claim.latest or claim.earliest or claim.published
    return (day, day) if day else (None, None)


def _gathered(group: Sequence[Claim]) -> list[_Open]:
    """Events of claims of one kind and place: first within each article, then article by article in order of days."""
    by_article: defaultdict[str, list[_Open]] = defaultdict(list)
    for claim in group:
        own = by_article[claim.article]
        home = next((e for e in own if _same_in_article(e, claim)), None)
        if home is None:
            own.append(_opened(claim))
        else:
            _add(home, claim)
    opened: list[_Open] = []
    units = [unit for own in by_article.values() for unit in own]
    for unit in sorted(units, key=lambda e: (e.first or date.max, e.members[0][0].id)):
        for event in reversed(opened[-_LAST_FEW:]):
            grounds = _joins(event, unit)
            if grounds is not None:
                _merge(event, unit, grounds)
                break
        else:
            opened.append(unit)
    return opened


def _opened(claim: Claim) -> _Open:
    first, last = days_of(claim)
    why = Grounds("first", 1.0 if claim.where and not claim.where.inherited else 0.8)
    return _Open(
        claim.kind, claim.where, first, last, causes_of(claim), [(claim, why)], _actors(claim), {claim.article},
        _history(claim),
    )  # fmt: skip


def _add(event: _Open, claim: Claim) -> None:
    """Takes a claim of the same article into its event."""
    cause = agree(event.causes, causes_of(claim))
    grounds = Grounds("kind+place+article", 0.85, _evidence(cause, "same article"))
    _widen(event, *days_of(claim))
    event.causes |= causes_of(claim)
    event.members.append((claim, grounds))
    event.actors |= _actors(claim)


def _merge(event: _Open, unit: _Open, grounds: Grounds) -> None:
    """Takes another article's event into one."""
    _widen(event, unit.first, unit.last)
    event.causes |= unit.causes
    event.members += [(c, replace(grounds, confidence=min(grounds.confidence, g.confidence))) for c, g in unit.members]
    event.actors |= unit.actors
    event.articles |= unit.articles


def _widen(event: _Open, first: date | None, last: date | None) -> None:
    event.first = min((d for d in (event.first, first) if d), default=None)
    event.last = max((d for d in (event.last, last) if d), default=None)


def _actors(claim: Claim) -> set[str]:
    said = claim.actor or (fold(claim.source) if claim.source else None)
    return {a for a in (said, fold(claim.agent) if claim.agent else None) if a}


def _same_in_article(event: _Open, claim: Claim) -> bool:
    """True if a claim is on the event of its article, kind and place: no cause, era or dated strike against it."""
    if single_act(event.kind):
        return False
    if agree(event.causes, causes_of(claim)) is False or event.history != _history(claim):
        return False
    if event.history:
        return _overlap(event, *days_of(claim))
    return not _two_strikes(event, [claim], causes_of(claim))


def _joins(event: _Open, unit: _Open) -> Grounds | None:
    """The grounds on which an article's event joins one of its kind and place; None if it may not."""
    cause = agree(event.causes, unit.causes)
    if single_act(event.kind):
        return None
    if cause is False or event.history != unit.history or unit.where is None:
        return None
    if event.articles & unit.articles:
        return None  # the article itself tells them apart
    if event.history:
        past = _overlap(event, unit.first, unit.last)
        return Grounds("kind+place+days", 0.7, ("same place", "days overlap")) if past else None
    if unit.first is None or unit.last is None or event.first is None or event.last is None:
        return _undated(event, unit, cause)
    if unit.first > event.last + _GAP or unit.last < event.first - _GAP or unit.last - event.first > _LENGTH:
        return None
    if unit.where.feature == _COUNTRY and not cause:
        return None  # a country and a week are too little to go by
    if _two_strikes(event, [c for c, _ in unit.members], unit.causes):
        return None
    if cause:
        return Grounds("kind+place+days+cause", 0.9, _evidence(cause, "days meet"))
    return Grounds("kind+place+days", 0.75, _evidence(cause, "days meet"))


def _evidence(cause: bool | None, *more: str) -> tuple[str, ...]:
    return ("same place", *(("same cause",) if cause else ()), *more)


def _undated(event: _Open, unit: _Open, cause: bool | None) -> Grounds | None:
    """Without any day, a shared cause or actor must speak for it; a day on one side alone is no ground."""
    shared = event.actors & unit.actors
    named = (f"same actor: {a.rsplit('/', 1)[-1]}" for a in sorted(shared))
    if event.first is None and unit.first is None and (cause or shared):
        return Grounds("kind+place+cause" if cause else "kind+place+actors", 0.6, _evidence(cause, *named))
    return None


def _two_strikes(event: _Open, others: Sequence[Claim], causes: frozenset[str]) -> bool:
    """True if both sides date a strike themselves, and on days too far apart for one."""
    if not (event.causes | causes) & _STRIKES:
        return False
    here, there = _struck(c for c, _ in event.members), _struck(others)
    return bool(here and there) and all(abs(a - b) > _NEXT_DAY for a in here for b in there)


def _struck(claims: Iterable[Claim]) -> set[date]:
    """The single days that claims date what they tell to."""
    return {c.earliest for c in claims if c.earliest and c.earliest == c.latest}


def _history(claim: Claim) -> bool:
    return bool(claim.latest and claim.published and claim.published - claim.latest > _HISTORY)


def _overlap(event: _Open, first: date | None, last: date | None) -> bool:
    """Past events are one only where their days overlap: "in 2008" and "in August 2008"."""
    return bool(first and last and event.first and event.last and first <= event.last and last >= event.first)


def _closed(event: _Open) -> Event:
    members = tuple(sorted(((c.id, g) for c, g in event.members), key=lambda m: m[0]))
    key = _key(event.kind, event.where, event.first, members[0][0])
    return Event(key, event.kind, event.where, event.first, event.last, event.causes, members)


def _key(kind: str, where: Where | None, first: date | None, claim: str) -> str:
    place = where.id.rsplit("/", 1)[-1] if where else "nowhere"
    day = first.isoformat() if first else "undated"
    return f"{kind}-{place}-{day}-{hashlib.sha256(claim.encode()).hexdigest()[:6]}"


def event_of(members: Iterable[tuple[Claim, Grounds]]) -> Event:
    """The event that somebody decided these claims to be about."""
    held = sorted(members, key=lambda m: m[0].id)
    claims = [c for c, _ in held]
    where = next((c.where for c in claims if c.where), None)
    first = min((d for c in claims if (d := days_of(c)[0])), default=None)
    last = max((d for c in claims if (d := days_of(c)[1])), default=None)
    causes = frozenset[str]().union(*(causes_of(c) for c in claims))
    key = _key(claims[0].kind, where, first, claims[0].id)
    return Event(key, claims[0].kind, where, first, last, causes, tuple((c.id, g) for c, g in held))


def parts(found: Iterable[Event]) -> tuple[Part, ...]:
    """Events that lie in another: kind and cause agree, the place lies in its place, the days in its days.

    Only where a single event can hold the part; two that could leave it alone.
    """
    every = [e for e in found if e.where is not None and e.where.country]
    holders: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in every:
        if event.where is not None and _holds(event.where):
            holders[(event.kind, _code(event.where))].append(event)
    out = []
    for event in every:
        codes = _around(event.where) if event.where else ()
        for code in codes:
            fit = [h for h in holders[(event.kind, code)] if h.key != event.key and _within(event, h)]
            if len(fit) == 1:
                cause = ("same cause",) if agree(event.causes, fit[0].causes) else ()
                out.append(Part(event.key, fit[0].key, Grounds("place_in_place", 0.6, (f"lies in {code}", *cause))))
            if fit:
                break
    return tuple(sorted(out, key=lambda p: (p.part, p.whole)))


def _holds(where: Where) -> bool:
    return where.feature == _COUNTRY or bool(where.area and where.gazetteer == f"iso3166:{where.area}")


def _code(where: Where) -> str:
    return (where.country if where.feature == _COUNTRY else where.area) or ""


def _around(where: Where) -> tuple[str, ...]:
    """Codes of the areas that a place lies in, the smallest first, without its own."""
    own = _code(where) if _holds(where) else ""
    return tuple(c for c in (where.area, where.country) if c and c != own)


def _within(part: Event, whole: Event) -> bool:
    if not agree(part.causes, whole.causes) or not (part.first and part.last and whole.first and whole.last):
        return False
    return part.first <= whole.last + _GAP and part.last >= whole.first - _GAP
