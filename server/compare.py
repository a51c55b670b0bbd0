"""`/compare`: one speech in two outlets, two actors, or two states of the store, side by side."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, zip_longest
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kg.reconcile.speech import SameSpeech, Speech, same_speeches
from server import access, calendar, lookup, render, shelf
from server.backend import Backend
from server.holdings import Claim, Holdings
from server.lookup import Lookup
from server.problems import Problem

router = APIRouter()

_MOST = 2_000  # statements of named actors that are held against each other for the list
_SHOWN = 40  # pairs that the list shows
_SPEAKERS = 500  # speakers to choose from
_EVENTS, _ROWS = 15, 10  # events of two actors that the page shows, and claims of each on one of them
_OF_ONE = 24  # statements of one speaker that are held against each other: pairs grow with the square


@dataclass(frozen=True, slots=True)
class Side:
    """An actor with its claims."""

    iri: str
    name: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """What the page without a choice offers: pairs of statements, pairs of actors, and all speakers."""

    speeches: tuple[tuple[Claim, Claim, SameSpeech], ...]
    actors: tuple[tuple[str, str, str, str, int], ...]  # both with their names, and the events both speak on
    speakers: tuple[tuple[str, str], ...]  # name and IRI


@dataclass(frozen=True, slots=True)
class Meeting:
    """What two actors say on one event; `label` is None for what belongs to no event of both."""

    iri: str | None
    label: str | None
    rows: tuple[tuple[Claim | None, Claim | None], ...]


@router.api_route("/compare", methods=["GET", "HEAD"], include_in_schema=False)
async def compare(request: Request) -> Response:
    """Two statements, two actors or two generations by `left` and `right`; without them, what is worth comparing."""
    access.require(request, "read")
    held = await shelf.of(request)
    left, right = (request.query_params.get(name, "") for name in ("left", "right"))
    if not (left or right):
        return await _offers(request, held)
    if left.isdecimal() and right.isdecimal() and max(len(left), len(right)) < 12:
        return await _generations(request, held, int(left), int(right))
    by = lookup.of(held)
    one, other = held.by_iri.get(left), held.by_iri.get(right)
    if one and other:
        return _claims(request, held, one, other)
    sides = [Side(iri, by.name(iri), by.by_actor.get(iri, ())) for iri in (left, right)]
    if not all(side.claims for side in sides):
        missing = next(iri for iri, side in zip((left, right), sides, strict=True) if not side.claims)
        raise Problem(404, "not-found", f"two claims or two actors with claims were expected, found {missing[:200]!r}")
    meetings = _meetings(*sides)
    shown: dict[str, Any] = {"meetings": meetings[:_EVENTS], "more": len(meetings) - _EVENTS, "most": _ROWS}
    return render.page(request, "compare_actors.html", left=sides[0], right=sides[1], **shown)


async def _offers(request: Request, held: Holdings) -> Response:
    """Speeches that two articles print, and pairs of actors who speak on the same events."""
    offers = await asyncio.to_thread(_offered, held)
    values: dict[str, Any] = {"speeches": offers.speeches, "actors": offers.actors, "speakers": offers.speakers}
    return render.page(request, "compare.html", **values)


@lru_cache(maxsize=2)
def _offered(held: Holdings) -> Offers:
    """What is worth comparing in a generation."""
    by = lookup.of(held)
    pairs = same_speeches(_speeches(held.claims))[:_SHOWN]
    together: Counter[tuple[str, str]] = Counter()
    for voices in _voices(by).values():
        together.update(combinations(sorted(voices), 2))
    actors = ((one, by.name(one), other, by.name(other), n) for (one, other), n in together.most_common(20))
    named = {(claim.source, claim.actor) for claim in held.claims if claim.source and claim.actor}
    return Offers(
        tuple((held.by_iri[pair.first], held.by_iri[pair.second], pair) for pair in pairs),
        tuple(actors),
        tuple(sorted(named)[:_SPEAKERS]),
    )


def _speeches(claims: Iterable[Claim]) -> list[Speech]:
    out: list[Speech] = []
    told: Counter[str] = Counter()
    for claim in claims:
        if claim.kind == "statement" and claim.actor and claim.source and len(out) < _MOST:
            told[claim.actor] += 1
            if told[claim.actor] > _OF_ONE:
                continue
            days = (calendar.day_of(claim.first), calendar.day_of(claim.last))
            published = calendar.day_of(claim.article.published)
            mode = claim.mode or "indirect"
            where = (claim.iri, claim.article.iri, claim.actor, claim.source)
            out.append(Speech(*where, claim.words, claim.sentence, mode, published, days))
    return out


def _voices(by: Lookup) -> dict[str, set[str]]:
    """Event to the named actors who speak on it."""
    found = {event: {claim.actor for claim in claims if claim.actor} for event, claims in by.by_event.items()}
    return {event: voices for event, voices in found.items() if 1 < len(voices) < 20}


def _claims(request: Request, held: Holdings, one: Claim, other: Claim) -> Response:
    same: tuple[SameSpeech, ...] = same_speeches(_speeches([one, other]))
    left, right = _diff(one.words, other.words)
    pair = same[0] if same else None
    return render.page(request, "compare_claims.html", sides=((one, left), (other, right)), pair=pair)


def _diff(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether the other has it too. Words are compared without capitals."""
    left, right = re.findall(r"\w+|\W+", one), re.findall(r"\w+|\W+", other)
    matcher = SequenceMatcher(None, [w.casefold() for w in left], [w.casefold() for w in right], autojunk=False)
    here: list[tuple[str, bool]] = []
    there: list[tuple[str, bool]] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        both = kind == "equal" and any(word.strip() for word in left[i1:i2])
        here.append(("".join(left[i1:i2]), both))
        there.append(("".join(right[j1:j2]), both))
    return [piece for piece in here if piece[0]], [piece for piece in there if piece[0]]


def _meetings(left: Side, right: Side) -> list[Meeting]:
    """Claims of two actors in rows: first those on events of both, then all others."""
    labels = {event.iri: event.label for side in (left, right) for claim in side.claims for event in claim.events}
    here, there = (_on_events(side) for side in (left, right))
    groups, placed = [], set()
    for iri in sorted(here.keys() & there.keys(), key=lambda iri: (labels[iri], iri)):
        pair = [sorted(one[iri], key=lambda claim: (claim.measure or "", claim.day or "")) for one in (here, there)]
        groups.append(Meeting(iri, labels[iri], tuple(zip_longest(pair[0], pair[1]))))
        placed |= {claim.iri for one in pair for claim in one}
    rest = [[claim for claim in side.claims if claim.iri not in placed] for side in (left, right)]
    if any(rest):
        groups.append(Meeting(None, None, tuple(zip_longest(rest[0], rest[1]))))
    return groups


def _on_events(side: Side) -> dict[str, list[Claim]]:
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in side.claims:
        for iri in {event.iri for event in claim.events}:
            found[iri].append(claim)
    return dict(found)


async def _generations(request: Request, held: Holdings, old: int, new: int) -> Response:
    """Claims found, lost and changed between two states of the store that are still kept."""
    backend: Backend = request.app.state.backend
    before, after = [await shelf.at(backend, number, held) for number in (old, new)]
    gone = [claim for iri, claim in before.by_iri.items() if iri not in after.by_iri]
    come = [claim for iri, claim in after.by_iri.items() if iri not in before.by_iri]
    changed = [
        (claim, after.by_iri[iri], _differences(claim, after.by_iri[iri]))
        for iri, claim in before.by_iri.items()
        if iri in after.by_iri and _differences(claim, after.by_iri[iri])
    ]
    values: dict[str, Any] = {
        "gone": gone,
        "come": come,
        "changed": changed,
        "kept": len(before.by_iri) - len(gone) - len(changed),
    }
    return render.page(request, "compare_generations.html", old=old, new=new, **values)


_FIELDS = ("source", "words", "status", "mode", "measure", "counts", "low", "value", "high", "time", "first", "last")


def _differences(one: Claim, other: Claim) -> list[tuple[str, object, object]]:
    pairs: list[tuple[str, object, object]] = [(name, getattr(one, name), getattr(other, name)) for name in _FIELDS]
    places = [tuple((place.role, place.name) for place in claim.places) for claim in (one, other)]
    if places[0] != places[1]:
        before, after = ("; ".join(f"{role} {name}" for role, name in side) for side in places)
        pairs.append(("places", before, after))
    return [pair for pair in pairs if pair[1] != pair[2]]
