"""The page of an event: its count ledger as table and plot, map, timeline, and what is near it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from server import atlas, calendar, lookup, plot, render, schema, shelf, tables
from server.backend import Backend
from server.holdings import Article, Claim, Place
from server.ledger import AT_ONCE, EXPLAINED, Account, account, query
from server.lookup import Lookup
from server.problems import Problem
from server.render import Row
from server.things import Thing

_COLUMNS = (
    "measure", "counts", "words", "source", "status", "as_of", "low", "value", "high", "part", "outdated", "telling",
    "confidence", "claim", "article", "title", "publisher",
)  # fmt: skip


async def show(request: Request, iri: str, thing: Thing) -> Response:
    """The event as a page, or with `?as=` as a file: csv, plot.svg, map.svg or timeline.svg; `?policy=` counts,
    with `?overlay=take` as analysts amended."""
    policy = request.query_params.get("policy", "ucdp")
    if policy not in EXPLAINED:
        raise Problem(400, "policy", f"one of {', '.join(EXPLAINED)} was expected as policy, found {policy[:50]!r}")
    overlay = "take" if request.query_params.get("overlay") == "take" else "leave"
    wanted = request.query_params.get("as", "")
    by = lookup.of(await shelf.of(request))
    claims = by.by_event.get(iri, ())
    if wanted == "map.svg":
        return render.picture(request, "map.svg", map=_map(claims))
    if wanted == "timeline.svg":
        return render.picture(request, "timeline.svg", chart=_timeline(claims))
    rows, incoming = await asyncio.gather(_reports(request, iri), render.ask(request, "incoming", node=iri))
    reviews = {claim.iri: claim.review for claim in claims if claim.review} if overlay == "take" else {}
    told = account(iri, rows, policy, reviews)
    picture = plot.plotted((group.ledger, group.estimate) for group in told.groups)
    if wanted == "plot.svg":
        return render.picture(request, "plot.svg", plot=picture)
    if wanted == "csv":
        return tables.sheet("ledger", _COLUMNS, _rows(told, by.articles))
    if wanted:
        raise Problem(400, "as", f"csv, plot.svg, map.svg or timeline.svg was expected as `as`, found {wanted[:50]!r}")
    drawn = _map(claims)
    return render.page(
        request,
        "event.html",
        iri=iri,
        label=thing.label,
        told=told,
        plot=picture,
        courses=[found for group in told.groups if (found := plot.course(group.ledger))],
        policy=policy,
        policies=EXPLAINED,
        overlay=overlay,
        reviewed=sum(claim.review is not None for claim in claims),
        jsonld=schema.thing("Event", iri, thing.label),
        map=drawn if drawn.marks else None,
        chart=_timeline(claims),
        claims={claim.iri: claim for claim in claims},
        titles={article: found.title for article, found in by.articles.items()},
        near=_near(by, iri, claims),
        outgoing=thing.outgoing,
        incoming=[row for row in incoming if row["property"].value.endswith("Event")],
    )


async def _reports(request: Request, event: str) -> list[Row]:
    """The rows of the ledger's query for all reports on an event."""
    reports = [row["report"].value for row in await render.ask(request, "reports-of-event", node=event)]
    backend: Backend = request.app.state.backend
    rows: list[Row] = []
    for first in range(0, len(reports), AT_ONCE):
        rows += render.rows_of(await backend.rows(request, query(reports[first : first + AT_ONCE])))[1]
    return rows


def _rows(told: Account, articles: Mapping[str, Article]) -> Iterable[Sequence[object]]:
    for group in told.groups:
        for entry in group.entries:
            claim, amount = entry.claim, entry.claim.amount
            low, value, high = (amount.low, amount.value, amount.high) if amount else (None, None, None)
            yield (
                group.ledger.measure, group.ledger.counts, amount.words if amount else None, claim.source, claim.status,
                entry.as_of, low, value, high, entry.part, entry.outdated, entry.telling, claim.confidence, claim.id,
                claim.article, articles[claim.article].title if claim.article in articles else None, claim.publisher,
            )  # fmt: skip


def _timeline(claims: Iterable[Claim]) -> calendar.Chart:
    """A lane for each measure: the event is one."""
    return calendar.chart(claims, lambda claim: ("", (claim.measure or "said").replace("_", " ")))


def _map(claims: Iterable[Claim]) -> atlas.Map:
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    known: dict[tuple[str, str], Place] = {}
    ways: dict[tuple[str, str], tuple[atlas.Point, atlas.Point, str]] = {}
    for claim in claims:
        for place in claim.places:
            counts[(place.role, place.iri)] += 1
            known[(place.role, place.iri)] = place
        for start in _at(claim, "from"):
            for end in _at(claim, "to"):
                ways[(start.iri, end.iri)] = (_point(start), _point(end), f"{start.name} to {end.name}: {claim.words}")
    spots = [
        atlas.Spot(*_point(place), place.name, f"{role} {place.name}: {counts[key]} claims", counts[key], role, None)
        for key, place in known.items()
        if (role := place.role) and place.latitude is not None
    ]
    return atlas.drawn(spots, ways=ways.values())


def _at(claim: Claim, role: str) -> list[Place]:
    return [place for place in claim.places if place.role == role and place.latitude is not None]


def _point(place: Place) -> atlas.Point:
    return place.longitude or 0.0, place.latitude or 0.0


def _near(by: Lookup, iri: str, claims: Iterable[Claim]) -> list[tuple[str, str, int]]:
    """Other events with a claim in common, then those at the same place: IRI, label, number of claims."""
    own = [event for claim in claims for event in claim.events]
    shared = {event.iri: event.label for event in own if event.iri != iri}
    places = {event.place for event in own if event.iri == iri and event.place}
    here = {event.iri: event.label for place in places for event in by.at_place.get(place, ()) if event.iri != iri}
    found = [(one, label, len(by.by_event[one])) for one, label in (shared | here).items()]
    return sorted(found, key=lambda one: (one[0] not in shared, -one[2], one[1], one[0]))
