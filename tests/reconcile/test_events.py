"""Events: what joins two claims, and what keeps them apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kg.reconcile.causes import agree
from kg.reconcile.events import events, parts
from kg.reconcile.records import Claim, Where
from kg.types import Status

DAY = date(2020, 5, 4)
HOMS = Where("id/place/geonames-169577", "Homs", "SY", "SY-HI", "city", gazetteer="geonames:169577")
PROVINCE = Where("id/place/iso3166-sy-hi", "Homs", "SY", "SY-HI", "province", gazetteer="iso3166:SY-HI")
SYRIA = Where("id/place/geonames-163843", "Syria", "SY", None, "country", gazetteer="geonames:163843")
CAMPS = Where("id/place/coastal-areas", "coastal areas")


def claim(n: int, where: Where | None = HOMS, **changes: object) -> Claim:
    base = Claim(
        id=f"article{n}#report-killed-1-2", article=f"article{n}", kind="casualty", measure="killed",
        status=Status.HAPPENED, counts="people", where=where, published=DAY, cause="flood",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def count(*claims: Claim) -> int:
    return len(events(claims))


def test_same_place_days_and_cause_are_one_event() -> None:
    (event,) = events([claim(1), claim(2, cause="heavy rains", published=DAY + timedelta(days=2))])
    assert [i for i, _ in event.members] == ["article1#report-killed-1-2", "article2#report-killed-1-2"]
    assert {g.method for _, g in event.members} == {"first", "kind+place+days+cause"}
    assert (event.first, event.last) == (DAY, DAY + timedelta(days=2))


@pytest.mark.parametrize(
    "other",
    [
        {"published": DAY + timedelta(days=10)},
        {"cause": "earthquake"},
        {"kind": "evacuation"},
        {"where": None},
        {"where": PROVINCE},
        {"published": None},
        {"cause": None, "where": SYRIA},
    ],
)
def test_what_keeps_claims_apart(other: dict[str, object]) -> None:
    here = claim(1, where=SYRIA) if other.get("where") is SYRIA else claim(1)
    assert count(here, claim(2, **other)) == 2


def test_unnamed_places_stay_in_their_article() -> None:
    assert count(claim(1, CAMPS), claim(2, CAMPS)) == 2
    assert count(claim(1, CAMPS), claim(1, CAMPS, id="article1#report-killed-8-9")) == 1


def test_two_dated_strikes_are_two_events() -> None:
    monday, wednesday = claim(1, cause="bombing", earliest=DAY, latest=DAY), DAY + timedelta(days=2)
    assert count(monday, claim(2, cause="attack", earliest=wednesday, latest=wednesday, published=wednesday)) == 2
    assert count(monday, claim(2, cause="attack", earliest=DAY, latest=DAY, published=wednesday)) == 1


def test_history_is_an_event_of_its_own() -> None:
    past = claim(1, earliest=date(2008, 1, 1), latest=date(2008, 12, 31))
    august = claim(2, earliest=date(2008, 8, 18), latest=date(2008, 8, 18))
    assert count(claim(3), past, august) == 2


def test_without_dates_a_shared_actor_or_cause_must_speak_for_it() -> None:
    one, two = claim(1, published=None, cause=None), claim(2, published=None, cause=None)
    assert count(one, two) == 2
    assert count(replace(one, source="Red Cross"), replace(two, source="Red Cross")) == 1


def test_named_storms_are_told_apart() -> None:
    assert count(claim(1, cause="Typhoon Haiyan"), claim(2, cause="Typhoon Haiyan")) == 1
    assert count(claim(1, cause="Typhoon Haiyan"), claim(2, cause="Typhoon Usagi")) == 2
    assert agree(frozenset({"flood"}), frozenset({"storm"})) is True
    assert agree(frozenset({"flood"}), frozenset({"war"})) is False
    assert agree(frozenset(), frozenset({"war"})) is None


def test_a_towns_event_is_part_of_its_provinces() -> None:
    found = events([claim(1), claim(2, PROVINCE), claim(3, SYRIA)])
    assert len(found) == 3
    by_place = {e.where.id: e.key for e in found if e.where}
    links = {(p.part, p.whole) for p in parts(found)}
    assert (by_place[HOMS.id], by_place[PROVINCE.id]) in links
    assert (by_place[PROVINCE.id], by_place[SYRIA.id]) in links
