"""One speech in several articles: statements of one speaker that are most likely one act of speaking."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.linking.names import fold
from kg.store import Store

if TYPE_CHECKING:  # the pages compare speeches, and need nothing of what overrides are written with
    from kg.reconcile.overrides import Decision

_QUERY = Path(__file__).with_name("statements.rq")


@dataclass(frozen=True, slots=True)
class Speech:
    """One attributed statement of a named actor."""

    id: str
    article: str
    actor: str
    name: str
    content: str
    sentence: str = ""
    mode: str = "indirect"
    published: date | None = None
    said: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True, slots=True)
class SameSpeech:
    """Two statements that may be one act of speaking. `wordings_differ`: the articles render it differently."""

    first: str
    second: str
    confidence: float
    evidence: tuple[str, ...]
    wordings_differ: bool


@dataclass(frozen=True, slots=True)
class SpeechEvent:
    """One act of speaking: the statements that render it, each with confidence and evidence."""

    key: str
    actor: str
    name: str
    members: tuple[tuple[str, float, tuple[str, ...]], ...]


# How a speech is delivered: two renderings of one speech name the same medium.
_MEDIA = re.compile(
    r"\b(video|letter|tweet|twitter|interview|speech|address|briefing|news conference|press conference|statement|radio"
    r"|televised|television|facebook|telegram|report|memo|email|e-mail|phone|telephone)\b",
    re.IGNORECASE,
)
_STEM = 5  # letters that "historic" and "history" share
_FEW_DAYS = timedelta(days=2)
_COMMON = frozenset(
    "about after again there their which would could should people other these those where while".split()
)
_QUOTED, _MEDIUM, _THRESHOLD = 0.5, 0.3, 0.45


def speeches(store: Store) -> tuple[Speech, ...]:
    """All statements of named actors in a store, by IRI."""
    solutions: Any = store.query(_QUERY.read_text(encoding="utf-8"))
    found: dict[str, Speech] = {}
    for row in solutions:
        value = {k: None if row[k] is None else str(row[k].value) for k in (v.value for v in solutions.variables)}
        found.setdefault(
            value["statement"] or "",
            Speech(
                id=value["statement"] or "",
                article=value["article"] or "",
                actor=value["actor"] or "",
                name=value["name"] or "",
                content=value["content"] or "",
                sentence=value["sentence"] or "",
                mode=value["mode"] or "indirect",
                published=_day(value["published"]),
                said=(_day(value["said_first"]), _day(value["said_last"])),
            ),
        )
    return tuple(found[i] for i in sorted(found))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def stems(text: str) -> frozenset[str]:
    """The words of a text by their first letters, without short and common ones."""
    words = re.findall(r"[^\W\d_]{4,}|\d[\d,.]*", text.casefold())
    return frozenset(w[:_STEM] for w in words if w not in _COMMON)


def same_speeches(found: Iterable[Speech]) -> tuple[SameSpeech, ...]:
    """Pairs of statements in different articles that are one act of speaking, best first."""
    by_name: defaultdict[str, list[Speech]] = defaultdict(list)
    for speech in sorted(found, key=lambda s: s.id):
        by_name[fold(speech.name)].append(speech)  # "al-Assad" and "al Assad" are one speaker
    out = []
    for group in by_name.values():
        for one, other in combinations(group, 2):
            if one.article != other.article and (same := _judged(one, other)):
                out.append(same)
    return tuple(sorted(out, key=lambda s: (-s.confidence, s.first, s.second)))


def _judged(one: Speech, other: Speech) -> SameSpeech | None:
    if _far(one, other):
        return None
    left, right = stems(one.content), stems(other.content)
    shared = left & right
    if len(shared) < 2:
        return None
    overlap = len(shared) / min(len(left), len(right))
    media = [{m.lower() for m in _MEDIA.findall(s.sentence.replace(s.content, " "))} for s in (one, other)]
    medium = media[0] & media[1]
    quoted = _quoted(one.content) & _quoted(other.content)
    score = overlap * _QUOTED + (_MEDIUM if medium else 0) + (_QUOTED if quoted else 0)
    if score < _THRESHOLD:
        return None
    evidence = (*(f"medium: {m}" for m in sorted(medium)), *(f"quoted: {q}" for q in sorted(quoted)), *sorted(shared))
    return SameSpeech(one.id, other.id, round(min(0.95, score), 3), evidence, one.content != other.content)


def together(found: Iterable[Speech], pairs: Iterable[SameSpeech], made: Iterable[Decision]) -> tuple[SpeechEvent, ...]:
    """The acts of speaking that several articles render: pairs put together, persons' decisions first."""
    by_id = {s.id: s for s in found}
    about = [d for d in made if d.first in by_id and d.second in by_id]
    never = {frozenset((d.first, d.second)) for d in about if not d.same}
    why: dict[str, tuple[float, tuple[str, ...]]] = {}
    group = {i: {i} for i in by_id}
    sure = [(d.first, d.second, 1.0, (f"decided by {d.by}",)) for d in about if d.same]
    for first, second, confidence, evidence in (*sure, *((p.first, p.second, p.confidence, p.evidence) for p in pairs)):
        left, right = group[first], group[second]
        if left is right or any(frozenset((a, b)) in never for a in left for b in right):
            continue
        left |= right
        for ident in right:
            group[ident] = left
        for ident in (first, second):
            why.setdefault(ident, (confidence, evidence))
    held = {min(members): sorted(members) for members in group.values() if len(members) > 1}
    return tuple(_event([by_id[i] for i in members], why) for _, members in sorted(held.items()))


def _event(members: list[Speech], why: Mapping[str, tuple[float, tuple[str, ...]]]) -> SpeechEvent:
    first = members[0]
    seed = hashlib.sha256(first.id.encode()).hexdigest()[:10]
    key = f"{first.actor.rsplit('/', 1)[-1]}-{seed}"
    return SpeechEvent(key, first.actor, first.name, tuple((s.id, *why[s.id]) for s in members))


def _quoted(text: str) -> set[str]:
    """Quoted stretches of two words or more, folded."""
    parts = re.findall(r"[\"“‘']([^\"”’]{6,})[\"”’']", text)
    return {" ".join(re.findall(r"\w+", p.casefold())) for p in parts if len(p.split()) > 1}


def _far(one: Speech, other: Speech) -> bool:
    """True if the two were said, or else printed, too many days apart."""
    left, right = one.said[1] or one.published, other.said[1] or other.published
    return bool(left and right and abs(left - right) > _FEW_DAYS)
