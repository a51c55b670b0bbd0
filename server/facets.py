"""Search: which claims fit what was asked, and how many there would be for each further choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from server.holdings import Claim

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


def found(claims: Iterable[Claim], want: Asked, without: str = "") -> list[Claim]:
    """The claims that fit, those of the facet `without` not looked at."""
    words = want.text.casefold().split()
    tests = [(FACETS[name], set(values)) for name, values in want.chosen.items() if values and name != without]
    out = []
    for claim in claims:
        if words and not _says(claim, words):
            continue
        if want.event and all(event.iri != want.event for event in claim.events):
            continue
        if not _within(claim, want):
            continue
        if all(any(value in values for value, _ in facet(claim)) for facet, values in tests):
            out.append(claim)
    return out


def _says(claim: Claim, words: list[str]) -> bool:
    text = f"{claim.sentence} {claim.label} {claim.source or ''} {claim.article.title}".casefold()
    return all(word in text for word in words)


def _within(claim: Claim, want: Asked) -> bool:
    if not (want.since or want.until):
        return True
    first, last = (
        claim.first or claim.last or claim.article.published,
        claim.last or claim.first or claim.article.published,
    )
    if first is None or last is None:
        return False
    return (not want.since or last >= want.since) and (not want.until or first <= want.until + "\uffff")


def ordered(claims: list[Claim], sort: str) -> list[Claim]:
    """In the order asked for: by time, by number (the largest first), else as the articles print them."""
    if sort == "time":
        return sorted(claims, key=lambda claim: claim.day or "9999")
    if sort == "number":
        return sorted(claims, key=lambda claim: -(claim.value or claim.low or claim.high or 0))
    return claims


def facets(claims: Iterable[Claim], want: Asked) -> tuple[Facet, ...]:
    """All facets. The counts of a facet leave its own choices out: they say what another choice would give."""
    every = tuple(claims)
    fitting = found(every, want)
    return tuple(_facet(name, found(every, want, name) if want.chosen.get(name) else fitting, want) for name in FACETS)


def _facet(name: str, claims: list[Claim], want: Asked) -> Facet:
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for claim in claims:
        for value, label in FACETS[name](claim):
            counts[value] += 1
            labels.setdefault(value, label)
    chosen = want.chosen.get(name, ())
    order = sorted(counts, key=(lambda value: value) if name == "time" else lambda value: (-counts[value], value))
    listed = [value for place, value in enumerate(order) if place < _SHOWN or value in chosen]
    listed += [value for value in chosen if value not in counts]
    choices = []
    for value in listed:
        query = want.query(**{name: _toggled(chosen, value)})
        choices.append(Choice(value, labels.get(value, value), counts[value], value in chosen, query))
    return Facet(name, tuple(choices), len(order) - len([value for value in listed if value in counts]))


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
