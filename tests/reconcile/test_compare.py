"""Pairs of figures: conflict only where nothing else can explain the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.errors import UsageError
from kg.reconcile.compare import Relation, compare, scopes
from kg.reconcile.independence import tellings
from kg.reconcile.ledger import POLICIES, audit, estimate, ledgers
from kg.reconcile.records import Amount, Claim
from kg.types import Exactness, Status

FRIDAY, SATURDAY = date(2016, 12, 16), date(2016, 12, 17)
COUNTER = iter(range(10_000))


def claim(value: int | None = None, article: str = "a", **changes: object) -> Claim:
    """A claim on people evacuated; the figure is exact unless `amount` says otherwise."""
    n = next(COUNTER)
    amount = Amount(f"f{n}", str(value), value, value, value, Exactness.EXACT) if value is not None else None
    base = Claim(
        id=f"{article}#report-evacuated-{n}-{n + 5}", article=article, kind="evacuation", measure="evacuated",
        status=Status.HAPPENED, counts="people", amount=amount, source=f"source {n}", published=FRIDAY,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def vague(low: int, article: str = "a", **changes: object) -> Claim:
    n = next(COUNTER)
    return claim(article=article, amount=Amount(f"v{n}", "thousands", None, low, None, Exactness.VAGUE), **changes)


def nearly(value: int, article: str = "a", **changes: object) -> Claim:
    n = next(COUNTER)
    return claim(
        article=article, amount=Amount(f"n{n}", f"nearly {value}", value, None, value - 1, Exactness.NEARLY), **changes
    )


def relation(a: Claim, b: Claim) -> Relation:
    return compare(a, b, scopes([a, b])).relation


def test_two_sources_one_time_two_numbers_conflict() -> None:
    assert relation(claim(6400), claim(8000)) is Relation.CONFLICT
    assert relation(claim(6400, "a"), claim(8000, "b")) is Relation.CONFLICT


def test_one_voice_does_not_contradict_itself() -> None:
    assert relation(claim(1, source="the agency"), claim(19, source="the agency")) is Relation.NOT_COMPARABLE
    assert relation(claim(1, source=None), claim(19, source=None)) is Relation.NOT_COMPARABLE


def test_later_counts_are_updates() -> None:
    later = claim(8000, "b", published=SATURDAY)
    one, two = claim(6400, "a"), later
    result = compare(two, one, scopes([one, two]))
    assert result.relation is Relation.UPDATE
    assert (result.first, result.second) == (one.id, two.id)


def test_other_times_of_one_article_are_no_conflict() -> None:
    monday, tuesday = date(2016, 12, 12), date(2016, 12, 13)
    a = claim(5, earliest=monday, latest=monday, timex="2016-12-12", time_words="on Monday")
    b = claim(9, earliest=tuesday, latest=tuesday, timex="2016-12-13", time_words="on Tuesday")
    assert relation(a, b) is not Relation.CONFLICT


def test_close_numbers_corroborate() -> None:
    assert relation(nearly(1000), nearly(1000, "b", counts="civilians")) is Relation.CORROBORATION
    assert relation(claim(50_000), vague(20_000)) is Relation.CORROBORATION
    about = Amount("about", "about 50,000", 50_000, None, None, Exactness.ABOUT)
    assert relation(claim(50_000), claim(amount=about)) is Relation.CORROBORATION


def test_vague_words_never_conflict() -> None:
    assert relation(vague(2000), nearly(1000)) is Relation.NOT_COMPARABLE


def test_forecasts_are_projections() -> None:
    assert relation(claim(100_000, status=Status.POSSIBLE), claim(8000)) is Relation.PROJECTION
    derived = Amount("d", "to double", 2000, None, None, Exactness.ABOUT, derived=True)
    assert relation(claim(amount=derived), claim(1000)) is Relation.PROJECTION


def test_parts_are_parts() -> None:
    whole = claim(6400)
    part = claim(
        counts="fighters",
        amount=Amount("p", "3,000", 3000, 3000, 3000, Exactness.EXACT, whole=whole.amount.id if whole.amount else None),
    )
    found = compare(whole, part, scopes([whole, part]))
    assert (found.relation, found.first, found.second) == (Relation.PART_OF, part.id, whole.id)


@pytest.mark.parametrize(
    "other",
    [
        {"measure": "remaining"},
        {"counts": "wounded"},
        {"status": Status.CANCELLED},
        {"amount": None},
    ],
)
def test_what_cannot_be_compared(other: dict[str, object]) -> None:
    assert relation(claim(6400), replace(claim(8000), **other)) is Relation.NOT_COMPARABLE  # type: ignore[arg-type]


def test_one_speaker_in_two_outlets_is_one_telling() -> None:
    here, there = claim(6400, "a", source="Russia", actor="ru"), claim(6400, "b", source="Moscow", actor="ru")
    assert not compare(here, there, scopes([here, there])).independent
    groups = tellings([here, there, claim(6400, "c")])
    assert len(set(groups.values())) == 2


def test_a_wire_copy_is_one_telling() -> None:
    words = "Rescuers said 6,400 people left the city on Friday after days of shelling"
    a, b = claim(6400, "a", sentence=words, source=None), claim(6400, "b", sentence=words + " .", source=None)
    assert len(set(tellings([a, b]).values())) == 1


def test_what_a_linked_copy_tells_in_its_own_voice_is_its_originals() -> None:
    told = claim(6400, "a", sentence="Some 6,400 people left.", source=None)
    cut = claim(6400, "b", sentence="After shelling, 6,400 residents went.", source=None, copy_of="a")
    other = claim(6400, "c", sentence="On Friday 6,400 inhabitants fled.", source=None)
    groups = tellings([told, cut, other])
    assert groups[told.id] == groups[cut.id] != groups[other.id]


def test_policies_differ_and_are_named() -> None:
    found = [
        nearly(1000, "a", source="a reporter", source_kind="Person", published=date(2016, 12, 15)),
        claim(6400, "b", source="Russian Defence Ministry", source_kind="Organization"),
        claim(8000, "b", source="Turkey", source_kind="State"),
        claim(100_000, "a", status=Status.POSSIBLE),
    ]
    (ledger,) = ledgers("e", found)
    best = {p: estimate(ledger, p).best for p in POLICIES}
    assert best == {"ucdp": 6400, "conservative": 6400, "latest": 8000, "official": 6400, "median": 6400}
    whole = estimate(ledger, "ucdp")
    assert (whole.low, whole.high) == (1000, 8000)  # "nearly 1,000" stands as 1,000
    assert len(ledger.entries) == 4
    with pytest.raises(UsageError, match="one of ucdp"):
        estimate(ledger, "guess")


def test_the_audit_finds_a_part_over_its_whole() -> None:
    whole = claim(100)
    assert whole.amount is not None
    wrong = claim(amount=Amount("w", "150", 150, 150, 150, Exactness.EXACT, whole=whole.amount.id), counts="children")
    right = claim(amount=Amount("r", "50", 50, 50, 50, Exactness.EXACT, whole=whole.amount.id), counts="women")
    (fault,) = audit([whole, wrong, right])
    assert fault.reason == "a part over its whole"
    assert audit([whole, right]) == ()
