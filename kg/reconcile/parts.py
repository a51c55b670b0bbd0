"""Events within events, and acts that may be one: the first convoy of an evacuation, two reports of shots at it."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from kg.ontology import single_act
from kg.reconcile.compare import MOVED
from kg.reconcile.events import Event, Grounds, days_of
from kg.reconcile.records import Claim
from kg.reconcile.speech import stems


@dataclass(frozen=True, slots=True)
class SubEvent:
    """One run of an operation: the claims on one convoy, flight or boat of one article."""

    key: str
    whole: str  # key of the event
    label: str  # "first convoy"
    members: tuple[str, ...]
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class SameAct:
    """Two claims on acts that may be one. Nobody has merged them."""

    first: str
    second: str
    confidence: float
    evidence: tuple[str, ...]


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth last latest final next initial".split()
_CARRIERS = "convoy bus flight plane helicopter ship boat ferry train truck caravan ambulance airlift".split()
_RUNS = "batch group wave contingent"  # words for any heap of people: one run only with an ordinal before them
_SINGLE = re.compile(
    rf"\b(?:(?:an?|one|another)\s+(?:[\w-]+\s+){{0,2}}?(?P<one>{'|'.join(_CARRIERS)})"
    rf"|(?P<nth>{'|'.join(_ORDINALS)})\s+(?:[\w-]+\s+){{0,2}}?(?P<run>{'|'.join([*_CARRIERS, *_RUNS.split()])}))\b",
    re.IGNORECASE,
)
_BESIDE = 60  # letters between the carrier and its figure: "a convoy of ambulances and buses with nearly 1,000 people"
_CARRIED = 0.6  # how often such words tell of one run of the operation; fixed by hand


def carrier(claim: Claim) -> str | None:
    """ "convoy" or "first convoy" for a claim whose people one carrier holds; None for all others."""
    if claim.measure not in MOVED or claim.amount is None:
        return None
    start = claim.sentence.find(claim.amount.words)
    for found in _SINGLE.finditer(claim.sentence):
        beside = 0 <= start - found.end() <= _BESIDE or 0 <= found.start() - start - len(claim.amount.words) <= 20
        if start >= 0 and beside:
            return " ".join(w.lower() for w in (found["nth"], found["run"] or found["one"]) if w)
    return None


def sub_events(found: Iterable[Event], claims: Mapping[str, Claim]) -> tuple[SubEvent, ...]:
    """The single runs of every event, by key: one for each carrier that an article names."""
    out = []
    for event in found:
        runs: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for ident, _ in event.members:
            word = carrier(claims[ident])
            if word:
                runs[(claims[ident].article, word)].append(ident)
        for (article, word), members in sorted(runs.items()):
            seed = hashlib.sha256(f"{article} {word} {event.kind}".encode()).hexdigest()[:10]
            evidence = ("same place and days as the whole", f"one carrier: {word}")
            key = f"{event.kind}-{word.replace(' ', '-')}-{seed}"
            out.append(SubEvent(key, event.key, word, tuple(members), Grounds("one_carrier", _CARRIED, evidence)))
    return tuple(out)


_BASE, _STEM, _MOST_STEMS, _AGENT, _PLAUSIBLE = 0.3, 0.1, 3, 0.1, 0.5
_SAID = stems("said says told saying according reports reported also people been were that with from")
_FEW = 40  # acts of one kind, place and day that are compared: enough for a day's reports, few enough to stay linear


def same_acts(claims: Iterable[Claim]) -> tuple[SameAct, ...]:
    """Pairs of acts (air strikes, attacks) that may be one: kind, place and day agree, and words are shared."""
    blocks: defaultdict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c.id):
        if not single_act(claim.kind) or claim.where is None:
            continue
        day = days_of(claim)[0]
        blocks[(claim.kind, claim.where.id, day.isoformat() if day else claim.article)].append(claim)
    found = [s for block in blocks.values() for s in _pairs(block[:_FEW])]
    return tuple(sorted(found, key=lambda s: (-s.confidence, s.first, s.second)))


def _pairs(block: list[Claim]) -> Iterator[SameAct]:
    for one, other in combinations(block, 2):
        if one.event == other.event or one.status != other.status or one.sentence == other.sentence:
            continue
        own = _SAID | stems(f"{one.trigger} {other.trigger} {one.where.name if one.where else ''}")
        shared = (stems(one.sentence) & stems(other.sentence)) - own
        agents = stems(one.agent or "") & stems(other.agent or "")
        score = _BASE + _STEM * min(len(shared), _MOST_STEMS) + (_AGENT if agents else 0)
        if len(shared) >= 2 and score >= _PLAUSIBLE:
            evidence = ("same kind", "same place", *(f"shared word: {s}" for s in sorted(shared)))
            more = ("same agent",) if agents else ()
            yield SameAct(one.id, other.id, round(score, 2), (*evidence, *more))
