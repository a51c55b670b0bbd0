"""The claims of a generation by what pages look them up by, and what the start page tells of all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from server.holdings import Article, Claim, Event, Holdings

Claims = tuple[Claim, ...]
_MOST, _SPEAKERS = 12, 10  # events and speakers of the start page


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Claims by the IRI of their article, speaker, events and places, each in the order of the holdings."""

    articles: Mapping[str, Article]
    by_article: Mapping[str, Claims]
    by_actor: Mapping[str, Claims]
    by_event: Mapping[str, Claims]
    by_place: Mapping[str, Claims]
    at_place: Mapping[str, tuple[Event, ...]]  # events by the place where they are

    def name(self, actor: str) -> str:
        """What an actor is called most; its IRI if no claim is its own."""
        names = Counter(claim.source for claim in self.by_actor.get(actor, ()) if claim.source)
        return names.most_common(1)[0][0] if names else actor


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the numbers of its claims, sources and articles, and the title of one of these."""

    event: Event
    claims: int
    sources: int
    articles: int
    title: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the start page tells: how many of each kind, events and speakers with the most claims."""

    kinds: Mapping[str, int]
    figures: int
    events: int
    most_told: tuple[Told, ...]
    speakers: tuple[tuple[str, str | None, int], ...]  # name, shared actor, claims


@lru_cache(maxsize=2)
def of(held: Holdings) -> Lookup:
    """The claims of some holdings in all their orders."""
    articles, actors, events, places = (defaultdict[str, list[Claim]](list) for _ in range(4))
    here: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for claim in held.claims:
        articles[claim.article.iri].append(claim)
        if claim.actor:
            actors[claim.actor].append(claim)
        for event in claim.events:
            events[event.iri].append(claim)
            if event.place:
                here[event.place][event.iri] = event
        for iri in dict.fromkeys(place.iri for place in claim.places):
            places[iri].append(claim)
    return Lookup(
        {article.iri: article for article in held.articles},
        _fixed(articles),
        _fixed(actors),
        _fixed(events),
        _fixed(places),
        {place: tuple(found.values()) for place, found in here.items()},
    )


def _fixed(found: Mapping[str, list[Claim]]) -> dict[str, Claims]:
    return {key: tuple(claims) for key, claims in found.items()}


@lru_cache(maxsize=2)
def summary(held: Holdings) -> Summary:
    """What the start page tells of some holdings."""
    by = of(held)
    events = {event.iri: event for claim in held.claims for event in claim.events}
    wider = {event.iri for claim in held.claims for event in claim.events if _is_in_wider(event, claim)}
    listed = [event for event in events.values() if event.iri not in wider]
    most = sorted(listed, key=lambda event: (-len(by.by_event[event.iri]), event.label, event.iri))[:_MOST]
    said = Counter((claim.source, claim.actor) for claim in held.claims if claim.source)
    return Summary(
        Counter(claim.kind for claim in held.claims),
        sum(claim.figure for claim in held.claims),
        len(events),
        tuple(told(event, by.by_event[event.iri]) for event in most),
        tuple((name, actor, count) for (name, actor), count in said.most_common(_SPEAKERS) if name),
    )


def told(event: Event, claims: Claims) -> Told:
    """An event with the numbers of what tells of it; `claims` must not be empty."""
    articles = {claim.article.iri for claim in claims}
    sources = {claim.source for claim in claims}
    return Told(event, len(claims), len(sources), len(articles), claims[0].article.title)


def _is_in_wider(event: Event, claim: Claim) -> bool:
    """True if the claim is also about an event across articles: the start page lists that one."""
    return event.scope == "event" and any(other.scope == "across articles" for other in claim.events)


def opening(claims: Claims) -> str:
    """The first sentence with a claim of an article that has no title of its own: its file's name says little."""
    nameless = claims and claims[0].article.title == claims[0].article.name
    return claims[0].sentence if nameless else ""


def beside(held: Holdings, iri: str) -> list[tuple[str, str]]:
    """The three actors who speak most where this one speaks, events before articles: name and IRI."""
    by = of(held)
    own = by.by_actor.get(iri, ())
    counts: Counter[str] = Counter()
    for weight, groups in (
        (3, (by.by_event[event] for event in _sole(event.iri for claim in own for event in claim.events))),
        (1, (by.by_article[article] for article in _sole(claim.article.iri for claim in own))),
    ):
        for claims in groups:
            for claim in claims:
                if claim.actor and claim.actor != iri:
                    counts[claim.actor] += weight
    return [(by.name(actor), actor) for actor, _ in counts.most_common(3)]


def _sole(iris: Iterable[str]) -> list[str]:
    """The first two hundred: more do not change who is near."""
    return list(dict.fromkeys(iris))[:200]
