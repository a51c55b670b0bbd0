"""What a generation holds, as plain records: all claims with what people search and sort them by.

Read once for each generation when a page first needs it, then kept: searching, counting facets and drawing maps and
timelines are then work of milliseconds in the web process, and cost the store nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from starlette.requests import Request

from kg.reconcile import review
from kg.reconcile.review import Review
from server import render
from server.backend import Backend, whole
from server.render import Row

LIMIT = 200_000  # statements, and reports, that the queries read (about 600 MB here); beyond, pages say so


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


_NAMES = ("articles", "statements", "reports", "sentences", "places", "times", "events", "reviews")


class Shelf:
    """The holdings of the newest generation that was asked for."""

    def __init__(self) -> None:
        self._held: Holdings | None = None
        self._reading = asyncio.Lock()

    async def newest(self, backend: Backend) -> Holdings:
        """The holdings of the newest generation; whoever asks first reads them, the others wait."""
        generation = backend.generation()
        if self._held is None or self._held.generation != generation:
            async with self._reading:
                generation = backend.generation()
                if self._held is None or self._held.generation != generation:
                    self._held = await read(backend, generation)
        return self._held


async def of(request: Request) -> Holdings:
    """What the newest generation holds."""
    app = request.app
    if not hasattr(app.state, "shelf"):
        app.state.shelf = Shelf()
    shelf: Shelf = app.state.shelf
    return await shelf.newest(app.state.backend)


async def read(backend: Backend, generation: int) -> Holdings:
    """The holdings of one generation. Raises Problem if the store no longer keeps it."""
    rows: dict[str, list[Row]] = {}
    for name in _NAMES:
        text = review.QUERY if name == "reviews" else render.text_of(f"all-{name}")
        job = {"op": "query", "text": text, "formats": {"solutions": "JSON"}}
        rows[name] = render.rows_of(await whole(await backend.read(None, job, generation)))[1]
    return await asyncio.to_thread(made, generation, rows)


async def at(backend: Backend, generation: int, held: Holdings) -> Holdings:
    """The holdings of a generation, those at hand if it is theirs."""
    return held if generation == held.generation else await read(backend, generation)


def made(generation: int, rows: Mapping[str, list[Row]]) -> Holdings:
    """Records of the rows of the `all-…` queries."""
    articles = {row["article"].value: _article(row) for row in rows["articles"]}
    sentences: dict[str, tuple[int, str]] = {}
    for row in rows["sentences"]:
        at = (int(row["start"].value), row["exact"].value)
        sentences[row["claim"].value] = min(sentences.get(row["claim"].value, at), at)
    places, events, times = _places(rows["places"]), _events(rows["events"]), _times(rows["times"])
    reviewed = review.in_force(review.of_rows(values_of(rows["reviews"])))
    found: dict[str, Claim] = {}
    for kind in ("statements", "reports"):
        for row in rows[kind]:
            iri, article = row["claim"].value, articles.get(row["article"].value)
            if article is None or iri in found:
                continue
            time = times.get(iri, (None, None, None))
            around = (sentences.get(iri, (0, ""))[1], places.get(iri, ()), events.get(iri, ()))
            found[iri] = _claim(row, kind[:-1], article, time, around, reviewed.get(iri))
    claims = tuple(
        sorted(found.values(), key=lambda claim: (claim.article.title, claim.article.iri, claim.start, claim.iri))
    )
    whole = all(len(rows[kind]) < LIMIT for kind in ("statements", "reports"))
    shown = tuple(sorted(articles.values(), key=lambda article: (article.title, article.iri)))
    return Holdings(generation, shown, claims, whole, MappingProxyType({claim.iri: claim for claim in claims}))


def values_of(rows: list[Row]) -> list[dict[str, str | None]]:
    """Rows of the query for reviews as plain text, None for what is not bound."""
    names = ("review", "claim", "verdict", "by", "at", "reason", "before", "field", "value", "graph")
    return [{name: row[name].value if name in row else None for name in names} for row in rows]


def _text(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None


def _degrees(row: Row, name: str) -> float | None:
    return float(row[name].value) if name in row else None


def _article(row: Row) -> Article:
    name = row["name"].value
    optional = (_text(row, key) for key in ("published", "publisher", "url", "language"))
    return Article(row["article"].value, row["label"].value, name, *optional)


def _claim(
    row: Row,
    kind: str,
    article: Article,
    time: tuple[str | None, str | None, str | None],
    around: tuple[str, tuple[Place, ...], tuple[Event, ...]],
    decided: Review | None,
) -> Claim:
    sentence, places, events = around
    low, value, high = (row[name].number if name in row else None for name in ("low", "value", "high"))
    return Claim(
        iri=row["claim"].value,
        kind=kind,
        article=article,
        label=row["label"].value,
        words=_text(row, "figure") or row["words"].value,
        start=int(row["start"].value),
        sentence=sentence,
        source=_text(row, "source"),
        actor=_text(row, "shared"),
        status=_text(row, "status"),
        mode=_text(row, "mode"),
        measure=_text(row, "measure"),
        counts=_text(row, "counts"),
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


def _places(rows: list[Row]) -> dict[str, tuple[Place, ...]]:
    found: defaultdict[str, dict[tuple[str, str], Place]] = defaultdict(dict)
    for row in rows:
        role, iri = row["role"].value, row["place"].value
        at = (_degrees(row, "latitude"), _degrees(row, "longitude"), _text(row, "country"))
        found[row["claim"].value].setdefault((role, iri), Place(role, iri, row["name"].value, *at))
    return {claim: tuple(by_role[key] for key in sorted(by_role)) for claim, by_role in found.items()}


def _events(rows: list[Row]) -> dict[str, tuple[Event, ...]]:
    found: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for row in rows:
        event = Event(row["event"].value, row["label"].value, _text(row, "place"))
        found[row["claim"].value].setdefault(event.iri, event)
    return {claim: tuple(by_iri[key] for key in sorted(by_iri)) for claim, by_iri in found.items()}


def _times(rows: list[Row]) -> dict[str, tuple[str | None, str | None, str | None]]:
    found: dict[str, tuple[str | None, str | None, str | None]] = {}
    for row in rows:
        days = tuple(value[:10] if (value := _text(row, name)) else None for name in ("earliest", "latest"))
        found.setdefault(row["claim"].value, (row["words"].value, days[0], days[1]))
    return found
