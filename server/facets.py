"""Search: which claims fit what was asked, and how many there would be for each further choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from server.holdings import Claim, Holdings, Place

Values = Callable[[Claim], Iterable[tuple[str, str]]]

_OWN_VOICE = "the article itself"
_SHOWN = 12  # choices of a facet that a page lists; a chosen one is always listed


def _source(claim: Claim) -> Iterable[tuple[str, str]]:
    name = claim.source or (_OWN_VOICE if claim.kind == "report" else "nobody named")
    return ((name, name),)


def _places(claim: Claim) -> Iterable[tuple[str, str]]:
    return {(place.name, place.name) for place in claim.places}


def _month(claim: Claim) -> Iterable[tuple[str, str]]:
    return ((claim.day[:7], claim.day[:7]),) if claim.day else (("unknown", "unknown"),)


def _one(value: str | None) -> Iterable[tuple[str, str]]:
    return ((value, value.replace("_", " ")),) if value else ()


# Name of the parameter -> what claims hold for it: value and label.
FACETS: Mapping[str, Values] = {
    "kind": lambda claim: _one(claim.kind),
    "measure": lambda claim: _one(claim.measure),
    "status": lambda claim: _one(claim.status),
    "quoted": lambda claim: _one(claim.mode),
    "source": _source,
    "place": _places,
    "time": _month,
    "review": lambda claim: _one(claim.review.verdict.value if claim.review else "none yet"),
    "article": lambda claim: ((claim.article.name, claim.article.title),),
}
OTHERS = ("q", "from", "to", "event", "sort")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how many claims it would leave, and the address that takes it or lets it go."""

    value: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its choices, the most frequent first. `more` are not listed."""

    name: str
    choices: tuple[Choice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks for. A facet may be chosen several times: any of its values fits."""

    chosen: Mapping[str, tuple[str, ...]]
    text: str = ""
    since: str = ""
    until: str = ""
    event: str = ""
    sort: str = ""

    def query(self, **changed: str | tuple[str, ...]) -> str:
        """The search as a query string, with changes: the same search always gives the same address."""
        fields: dict[str, str | tuple[str, ...]] = {"q": self.text, **self.chosen, "from": self.since, "to": self.until}
        fields |= {"event": self.event, "sort": self.sort, **changed}
        pairs = [
            (name, one) for name, value in fields.items() for one in ((value,) if isinstance(value, str) else value)
        ]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def anything(self) -> bool:
        """True if anything was chosen or written."""
        return bool(self.text or self.since or self.until or self.event or any(self.chosen.values()))


def asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The search that a query string describes; unknown names and empty values are passed over."""
    chosen: dict[str, list[str]] = {name: [] for name in FACETS}
    other = dict.fromkeys(OTHERS, "")
    for name, value in pairs:
        if name in chosen and value and value not in chosen[name]:
            chosen[name].append(value)
        elif name in other:
            other[name] = value.strip()
    kept = {name: tuple(values) for name, values in chosen.items()}
    return Asked(kept, other["q"], other["from"], other["to"], other["event"], other["sort"])


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The claims of a generation by value: a set of claims is a number, its bit `n` the claim with that place."""

    claims: tuple[Claim, ...]
    values: Mapping[str, Mapping[str, int]]  # facet (and "event" and "where", by IRI) to value to claims
    labels: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Place]  # by IRI, as a claim names it
    texts: tuple[str, ...]  # what words are looked for in, without capitals
    days: tuple[tuple[str, str] | None, ...]

    @property
    def every(self) -> int:
        """The set of all claims."""
        return (1 << len(self.claims)) - 1

    def members(self, bits: int) -> list[Claim]:
        """The claims of a set, in order."""
        return [claim for claim, bit in zip(self.claims, reversed(f"{bits:b}"), strict=False) if bit == "1"]


@lru_cache(maxsize=2)
def index(held: Holdings) -> Index:
    """The index of a generation, made when it is first searched."""
    places: dict[str, dict[str, list[int]]] = {name: {} for name in (*FACETS, "event", "where")}
    known: dict[str, Place] = {}
    labels: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    for place, claim in enumerate(held.claims):
        for name, facet in FACETS.items():
            for value, label in facet(claim):
                places[name].setdefault(value, []).append(place)
                labels[name].setdefault(value, label)
        for event in claim.events:
            places["event"].setdefault(event.iri, []).append(place)
        for spot in claim.places:
            places["where"].setdefault(spot.iri, []).append(place)
            known[spot.iri] = spot
    values = {name: {value: _bits(found) for value, found in by.items()} for name, by in places.items()}
    texts = tuple(f"{c.sentence} {c.label} {c.source or ''} {c.article.title}".casefold() for c in held.claims)
    return Index(held.claims, values, labels, known, texts, tuple(_days(claim) for claim in held.claims))


def _bits(places: Sequence[int]) -> int:
    held = bytearray(places[-1] // 8 + 1)
    for place in places:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def _days(claim: Claim) -> tuple[str, str] | None:
    first = claim.first or claim.last or claim.article.published
    last = claim.last or claim.first or claim.article.published
    return (first, last) if first and last else None


def found(held: Holdings, want: Asked) -> list[Claim]:
    """The claims that fit, in the order of the holdings."""
    by = index(held)
    return by.members(_fitting(by, want))


def where(held: Holdings, want: Asked) -> list[tuple[Place, int]]:
    """The places of the claims that fit, each with their number, the most named first."""
    by = index(held)
    bits = _fitting(by, want)
    counts = {iri: (members & bits).bit_count() for iri, members in by.values["where"].items()}
    named = sorted((iri for iri in counts if counts[iri]), key=lambda iri: (-counts[iri], by.places[iri].name, iri))
    return [(by.places[iri], counts[iri]) for iri in named]


def _fitting(by: Index, want: Asked) -> int:
    bits = _plain(by, want)
    for name in want.chosen:
        bits &= _chosen(by, want, name)
    return bits


def _plain(by: Index, want: Asked) -> int:
    """The claims that fit words, days and event."""
    bits = by.every
    if want.event:
        bits &= by.values["event"].get(want.event, 0)
    if want.text:
        bits &= _saying(by, want.text)
    if want.since or want.until:
        until = want.until + "\uffff" if want.until else "\uffff"
        bits &= _bits_of(days is not None and days[1] >= want.since and days[0] <= until for days in by.days)
    return bits


@lru_cache(maxsize=16)
def _saying(by: Index, text: str) -> int:
    """The claims whose sentence, label, source or title hold all words of a text."""
    words = text.casefold().split()
    return _bits_of(all(word in held for word in words) for held in by.texts)


def _bits_of(fits: Iterable[bool]) -> int:
    return int("".join("1" if fit else "0" for fit in fits)[::-1] or "0", 2)


def _chosen(by: Index, want: Asked, name: str) -> int:
    """The claims that any of the chosen values of a facet fits; all if none is chosen."""
    values = want.chosen[name]
    bits = 0
    for value in values:
        bits |= by.values[name].get(value, 0)
    return bits if values else by.every


def ordered(claims: list[Claim], sort: str) -> list[Claim]:
    """In the order asked for: by time, by number (the largest first), else as the articles print them."""
    if sort == "time":
        return sorted(claims, key=lambda claim: claim.day or "9999")
    if sort == "number":
        return sorted(claims, key=lambda claim: -(claim.value or claim.low or claim.high or 0))
    return claims


def facets(held: Holdings, want: Asked) -> tuple[Facet, ...]:
    """All facets. The counts of a facet leave its own choices out: they say what another choice would give."""
    by = index(held)
    plain = _plain(by, want)
    out = []
    for name in FACETS:
        bits = plain
        for other in FACETS:
            if other != name:
                bits &= _chosen(by, want, other)
        counts = {value: (members & bits).bit_count() for value, members in by.values[name].items()}
        out.append(_facet(name, {value: count for value, count in counts.items() if count}, by.labels[name], want))
    return tuple(out)


def _facet(name: str, counts: Mapping[str, int], labels: Mapping[str, str], want: Asked) -> Facet:
    chosen = want.chosen.get(name, ())
    order = sorted(counts, key=(lambda value: value) if name == "time" else lambda value: (-counts[value], value))
    listed = [value for place, value in enumerate(order) if place < _SHOWN or value in chosen]
    listed += [value for value in chosen if value not in counts]
    choices = []
    for value in listed:
        query = want.query(**{name: _toggled(chosen, value)})
        choices.append(Choice(value, labels.get(value, value), counts.get(value, 0), value in chosen, query))
    return Facet(name, tuple(choices), len(order) - len([value for value in listed if value in counts]))


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
