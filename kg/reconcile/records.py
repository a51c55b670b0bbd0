"""What is compared across articles: reports as plain records, read from a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.linking.gazetteer import by_id
from kg.store import Store
from kg.types import Exactness, Status

_QUERY = Path(__file__).with_name("claims.rq")


@dataclass(frozen=True, slots=True)
class Where:
    """A place of a report as the gazetteer knows it. `id`: the shared place's IRI, or a name."""

    id: str
    name: str
    country: str | None = None  # ISO 3166-1
    area: str | None = None  # ISO 3166-2
    feature: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    inherited: str | None = None  # "sentence" ..., None: named in the clause
    gazetteer: str | None = None  # "geonames:170063"; None: unresolved, the words are all there is


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with the bounds that its words give."""

    id: str
    words: str
    value: int | None
    low: int | None
    high: int | None
    exactness: Exactness
    derived: bool = False
    whole: str | None = None  # id of the figure that this one is a stated part of


@dataclass(frozen=True, slots=True)
class Claim:
    """One report of one article, as far as it can be compared."""

    id: str
    article: str
    kind: str  # "evacuation", "casualty"
    measure: str
    status: Status
    counts: str
    confidence: float = 1.0
    amount: Amount | None = None
    source: str | None = None  # the source's name; None: the article's own voice
    actor: str | None = None  # the shared actor's IRI
    source_kind: str | None = None  # "Person", "Organization", "State", "ArmedGroup"
    where: Where | None = None
    published: date | None = None
    publisher: str | None = None
    timex: str | None = None
    time_words: str | None = None
    earliest: date | None = None
    latest: date | None = None
    cause: str | None = None
    agent: str | None = None
    trigger: str = ""
    sentence: str = ""
    vehicle: str | None = None
    copy_of: str | None = None  # the article whose words this one's prints
    event: str | None = None  # the event of its own article that it is about


def claims(store: Store) -> tuple[Claim, ...]:
    """All reports of a store, by IRI."""
    solutions: Any = store.query(_QUERY.read_text(encoding="utf-8"))
    names = [v.value for v in solutions.variables]
    found: dict[str, Claim] = {}
    for solution in solutions:
        row = {n: _plain(solution[n]) for n in names}
        found.setdefault(row["report"] or "", claim_of(row))
    return tuple(found[key] for key in sorted(found))


def _plain(term: Any) -> str | None:
    return None if term is None else str(term.value)


def claim_of(row: Mapping[str, str | None]) -> Claim:
    """A claim of a row of `claims.rq`; of columns that are None nothing is known."""
    return Claim(
        id=row["report"] or "",
        article=row["article"] or "",
        kind=row["kind"] or "",
        measure=row["measure"] or "",
        status=Status(row["status"] or ""),
        counts=row["counts"] or "people",
        confidence=float(row["confidence"] or 1),
        amount=_amount(row),
        source=row["source_name"],
        actor=row["actor"],
        source_kind=row["source_kind"],
        where=_where(row),
        published=_day(row["published"]),
        publisher=row["publisher"],
        timex=row["timex"],
        time_words=row["time_words"],
        earliest=_day(row["earliest"]),
        latest=_day(row["latest"]),
        cause=row["cause"],
        agent=row["agent"],
        trigger=row["trigger"] or "",
        sentence=row["sentence"] or "",
        vehicle=row["vehicle"],
        copy_of=row["copy_of"],
        event=row["event"],
    )


def _amount(row: Mapping[str, str | None]) -> Amount | None:
    if not row["figure"]:
        return None
    value, low, high = (int(n) if (n := row[k]) else None for k in ("value", "low", "high"))
    exactness = Exactness(row["exactness"] or "")
    return Amount(
        row["figure"], row["words"] or "", value, low, high, exactness, row["derived"] == "true", row["whole"]
    )


def _where(row: Mapping[str, str | None]) -> Where | None:
    if not row["place"]:
        return None
    entry = by_id(row["gazetteer"]) if row["gazetteer"] else None
    latitude, longitude = (float(n) if (n := row[k]) else None for k in ("latitude", "longitude"))
    return Where(
        id=row["place"],
        name=row["place_name"] or "",
        country=row["country"] or (entry.country if entry else None) or None,
        area=(entry.area or None) if entry else None,
        feature=row["feature"] or (entry.feature if entry else None),
        latitude=latitude,
        longitude=longitude,
        inherited=row["inherited"],
        gazetteer=row["gazetteer"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
