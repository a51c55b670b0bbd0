"""What a generation holds, as plain records: all claims with what people search and sort them by."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from kg.reconcile import review
from kg.reconcile.review import Review

LIMIT = 200_000  # statements, and reports, that the queries read (about 600 MB here); beyond, pages say so

_LONGEST = 300  # letters of a name, a label or a title
_SCOPES = {"/event/shared/": "across articles", "/event/part/": "part across articles"}


@dataclass(frozen=True, slots=True)
class Article:
    """An article. `published` is a day (ISO 8601), if it is known."""

    iri: str
    title: str
    name: str
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a claim: its part in it (from, to, at), and where it lies in degrees, if that is known."""

    role: str
    iri: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event that claims are about. Not a fact: a node that groups claims."""

    iri: str
    label: str
    place: str | None = None

    @property
    def scope(self) -> str:
        """What it groups: the claims of one article ("event"), of several, or a part of those."""
        return next((told for part, told in _SCOPES.items() if part in self.iri), "event")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `words` are the exact ones: of a statement its content, of a report its figure or its trigger."""

    iri: str
    kind: str  # "statement" or "report"
    article: Article
    label: str
    words: str
    start: int  # offset in the article
    sentence: str
    source: str | None = None
    actor: str | None = None  # the shared actor's IRI
    status: str | None = None
    mode: str | None = None
    measure: str | None = None
    counts: str | None = None
    low: int | None = None
    value: int | None = None
    high: int | None = None
    figure: bool = False
    time: str | None = None  # the words
    first: str | None = None  # days (ISO 8601)
    last: str | None = None
    places: tuple[Place, ...] = ()
    events: tuple[Event, ...] = ()
    review: Review | None = None  # the analyst's, beside what the program found

    @property
    def fragment(self) -> str:
        """The part of the IRI after the article's."""
        return self.iri.partition("#")[2]

    @property
    def path(self) -> str:
        """Where the claim's card is."""
        return f"/claim/{self.article.iri.rpartition('/')[2]}/{self.fragment}"

    @property
    def day(self) -> str | None:
        """The day it tells of, else the day it was printed."""
        return self.first or self.last or self.article.published


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """All articles and claims of one generation, claims in the order of their articles' titles and words."""

    generation: int
    articles: tuple[Article, ...] = ()
    claims: tuple[Claim, ...] = ()
    whole: bool = True  # False: there were more claims than `LIMIT`
    by_iri: Mapping[str, Claim] = field(default_factory=lambda: MappingProxyType({}))


Facts = Mapping[str, str]  # a row of a result: what is bound, as plain text


def made(generation: int, rows: Mapping[str, list[Facts]]) -> Holdings:
    """Records of the rows of the `all-…` queries."""
    articles: dict[str, Article] = {}
    for row in rows["articles"]:
        articles.setdefault(row["article"], _article(row))
    sentences: dict[str, tuple[int, str]] = {}
    for row in rows["sentences"]:
        at = (_number(row, "start") or 0, row.get("exact", ""))
        sentences[row["claim"]] = min(sentences.get(row["claim"], at), at)
    places, events, times = _places(rows["mentions"], rows["places"]), _events(rows["events"]), _times(rows["times"])
    sources, figures = _first(rows["sources"]), _first(rows["figures"])
    reviewed = review.in_force(review.of_rows(values_of(rows["reviews"])))
    found: dict[str, Claim] = {}
    for kind in ("statements", "reports"):
        for row in rows[kind]:
            iri, article = row["claim"], articles.get(row.get("article", ""))
            if article is None or iri in found or "words" not in row:
                continue
            time = times.get(iri, (None, None, None))
            around = (sentences.get(iri, (0, ""))[1], places.get(iri, ()), events.get(iri, ()))
            told = {**sources.get(iri, {}), **figures.get(iri, {}), **row}
            found[iri] = _claim(told, kind[:-1], article, time, around, reviewed.get(iri))
    claims = tuple(
        sorted(found.values(), key=lambda claim: (claim.article.title, claim.article.iri, claim.start, claim.iri))
    )
    whole = all(len(rows[kind]) < LIMIT for kind in ("statements", "reports"))
    shown = tuple(sorted(articles.values(), key=lambda article: (article.title, article.iri)))
    return Holdings(generation, shown, claims, whole, MappingProxyType({claim.iri: claim for claim in claims}))


@lru_cache(maxsize=2)
def without(held: Holdings, articles: frozenset[str]) -> Holdings:
    """The holdings without some articles (IRIs) and their claims."""
    if articles.isdisjoint(article.iri for article in held.articles):
        return held
    claims = tuple(claim for claim in held.claims if claim.article.iri not in articles)
    shown = tuple(article for article in held.articles if article.iri not in articles)
    return replace(held, articles=shown, claims=claims, by_iri=MappingProxyType({claim.iri: claim for claim in claims}))


def values_of(rows: list[Facts]) -> list[dict[str, str | None]]:
    """Rows of the query for reviews as plain text, None for what is not bound."""
    names = ("review", "claim", "verdict", "by", "at", "reason", "before", "field", "value", "graph")
    return [{name: row.get(name) for name in names} for row in rows]


def clipped(name: str) -> str:
    """A name as pages show it: nobody is called more than three hundred letters, and lists name many."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _number(row: Facts, name: str) -> int | None:
    try:
        return int(row[name]) if name in row else None
    except ValueError:
        return None


def _degrees(row: Facts, name: str, most: float) -> float | None:
    """Degrees; None for what is no number or lies beyond the earth."""
    try:
        found = float(row[name]) if name in row else math.nan
    except ValueError:
        return None
    return found if abs(found) <= most else None


def _article(row: Facts) -> Article:
    iri = row["article"]
    name = row.get("name") or iri.rpartition("/")[2]
    optional = (row.get(key) for key in ("published", "publisher", "url", "language"))
    return Article(iri, clipped(row.get("label") or name), clipped(name), *optional)


def _claim(
    row: Facts,
    kind: str,
    article: Article,
    time: tuple[str | None, str | None, str | None],
    around: tuple[str, tuple[Place, ...], tuple[Event, ...]],
    decided: Review | None,
) -> Claim:
    sentence, places, events = around
    low, value, high = (_number(row, name) for name in ("low", "value", "high"))
    return Claim(
        iri=row["claim"],
        kind=kind,
        article=article,
        label=clipped(row.get("label") or row["words"]),
        words=row.get("figure") or row["words"],
        start=_number(row, "start") or 0,
        sentence=sentence,
        source=clipped(row["source"]) if "source" in row else None,
        actor=row.get("shared"),
        status=row.get("status"),
        mode=row.get("mode"),
        measure=row.get("measure"),
        counts=row.get("counts"),
        low=low,
        value=value,
        high=high,
        figure="figure" in row,
        time=time[0],
        first=time[1],
        last=time[2],
        places=places,
        events=events,
        review=decided,
    )


def _places(mentions: list[Facts], shared: list[Facts]) -> dict[str, tuple[Place, ...]]:
    """The places of claims: those that articles share, and those that stay an article's own."""
    known = _first(shared, "place")
    found: defaultdict[str, dict[tuple[str, str], Place]] = defaultdict(dict)
    for row in mentions:
        role, iri = row["role"], row.get("shared", row["mention"])
        there = known.get(row["shared"], {}) if "shared" in row else {}
        name = there.get("name") or row.get("printed")
        if name and (role, iri) not in found[row["claim"]]:
            at = (_degrees(there, "latitude", 90), _degrees(there, "longitude", 180), there.get("country"))
            found[row["claim"]][(role, iri)] = Place(role, iri, clipped(name), *at)
    return {claim: tuple(by_role[key] for key in sorted(by_role)) for claim, by_role in found.items()}


def _events(rows: list[Facts]) -> dict[str, tuple[Event, ...]]:
    found: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for row in rows:
        label = clipped(row.get("label") or row["event"].rpartition("/")[2])
        event = Event(row["event"], label, row.get("place"))
        found[row["claim"]].setdefault(event.iri, event)
    return {claim: tuple(by_iri[key] for key in sorted(by_iri)) for claim, by_iri in found.items()}


def _times(rows: list[Facts]) -> dict[str, tuple[str | None, str | None, str | None]]:
    found: dict[str, tuple[str | None, str | None, str | None]] = {}
    for row in rows:
        days = tuple(value[:10] if (value := row.get(name)) else None for name in ("earliest", "latest"))
        found.setdefault(row["claim"], (row.get("words"), days[0], days[1]))
    return found


def _first(rows: list[Facts], key: str = "claim") -> dict[str, Facts]:
    """The first row of each claim, or of what `key` names."""
    found: dict[str, Facts] = {}
    for row in rows:
        found.setdefault(row[key], row)
    return found
