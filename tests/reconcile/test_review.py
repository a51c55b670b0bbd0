"""Reviews: beside the claims, one after the other, taken out without a trace; as gold; from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli.entry import run
from kg.errors import UsageError
from kg.mapping import article_quads, shared_quads
from kg.reconcile import gold, review
from kg.reconcile.overview import overview
from kg.reconcile.told import told
from kg.store import Store
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold

SEED = "001_964cf9b5af587d05"
TURKEY = f"{BASE}id/article/b5a506fe0ea1657e#report-evacuated-615-620"
RUSSIA = f"{BASE}id/article/b5a506fe0ea1657e#report-evacuated-336-348"


@pytest.fixture
def store(seeds: Path) -> Store:
    filled = Store.memory()
    reading = read_gold(seeds / "gold" / f"{SEED}.json", seeds / "articles" / f"{SEED}.txt")
    filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return filled


def made(claim: str, verdict: str, hour: int, **more: object) -> review.Review:
    return review.made(claim, verdict, "Jane Doe", base=BASE, at=f"2026-11-22T{hour}:00:00Z", **more)  # type: ignore[arg-type]


def test_reviews_stand_beside_the_claims_and_leave_no_trace(store: Store) -> None:
    before, claims = store.canonical(), told(store)
    first = made(TURKEY, "rejected", 10, reason='printed "8,000" elsewhere')
    second = made(TURKEY, "amended", 11, changes=[("value", "8100"), ("status", "expected")])
    for one in (first, second):
        review.add(store, one)
    assert told(store) == claims
    assert check(store).conforms
    found = review.reviews(store)
    assert [(r.verdict, r.before) for r in found] == [("rejected", None), ("amended", first.id)]
    assert review.in_force(found) == {TURKEY: found[1]}
    assert found[1].changes == (("status", "expected"), ("value", "8100"))
    store.update(review.removal(first.id, BASE))
    assert [r.before for r in review.reviews(store)] == [None]
    store.update(review.removal(second.id, BASE))
    assert store.canonical() == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"verdict": "perhaps"}, "one of accepted, rejected, amended"),
        ({"by": "  "}, "the name of the one who decides"),
        ({"verdict": "amended"}, "changes were expected"),
        ({"changes": [("value", "9")]}, "no changes were expected"),
        ({"verdict": "amended", "changes": [("valu", "9")]}, "did you mean 'value'"),
        ({"verdict": "amended", "changes": [("value", "9,000")]}, "whole number"),
        ({"verdict": "amended", "changes": [("status", "plannd")]}, "did you mean 'planned'"),
        ({"claim": "report-1"}, "a claim's IRI"),
        ({"claim": "a:b> . <x"}, "a claim's IRI"),
        ({"at": "today"}, "a time such as"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], message: str) -> None:
    given = {"claim": TURKEY, "verdict": "rejected", "by": "Jane Doe", "base": BASE} | wrong
    with pytest.raises(UsageError, match=message):
        review.made(given.pop("claim"), given.pop("verdict"), given.pop("by"), **given)  # type: ignore[arg-type]


def test_a_claim_that_is_not_there_cannot_be_reviewed(store: Store) -> None:
    with pytest.raises(UsageError, match="a claim of the store"):
        review.add(store, made(TURKEY.replace("615", "616"), "rejected", 10))


def test_the_overlay_changes_what_is_compared_only_where_it_is_asked_for(store: Store) -> None:
    review.add(store, made(TURKEY, "rejected", 10))
    review.add(store, made(RUSSIA, "amended", 10, changes=[("value", "6500"), ("source", "Moscow")]))
    plain, taken = overview(store), overview(store, overlay=True)
    assert TURKEY in plain.claims
    assert TURKEY not in taken.claims
    amount = taken.claims[RUSSIA].amount
    assert amount is not None
    assert (amount.value, amount.low, amount.high, taken.claims[RUSSIA].source) == (6500, 6500, 6500, "Moscow")


def test_corrections_become_gold(store: Store) -> None:
    review.add(store, made(TURKEY, "rejected", 10))
    review.add(store, made(RUSSIA, "amended", 10, changes=[("value", "6500")]))
    (document,) = gold.gold(told(store), review.in_force(review.reviews(store)))
    values = {r["value"]: r for r in document["reports"]}
    assert 8000 not in values
    assert (values[6500]["low"], values[6500]["figure_span"]) == (6500, [336, 348])
    assert values[6500]["review"] == {"verdict": "amended", "by": "Jane Doe", "at": "2026-11-22T10:00:00Z"}
    parts = [r for r in document["reports"] if r["part_of"] == values[6500]["id"]]
    assert {r["value"] for r in parts} == {3000, 301}
    assert {"source", "source_span", "cue_span", "content_span", "mode"} <= document["statements"][0].keys()


def test_gold_without_reviews_is_the_gold_that_was_read(store: Store, seeds: Path) -> None:
    (document,) = gold.gold(told(store), {}, all_articles=True)
    given = json.loads((seeds / "gold" / f"{SEED}.json").read_text("utf-8"))
    roles = ("source", "agent", "cause")
    fields_of = {
        "statements": ("source", "source_span", "cue_span", "content_span", "mode"),
        "reports": ("measure", "status", "figure_span", "value", "low", "high", "counts", "trigger_span", *roles),
    }
    for kind, fields in fields_of.items():

        def rows(held: list[dict[str, object]], fields: tuple[str, ...] = fields) -> list[str]:
            return sorted(repr([row[f] if row[f] != "" else None for f in fields]) for row in held)

        assert rows(document[kind]) == rows(given[kind])


def test_the_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "store"
    with Store.create_or_open(folder) as filled:
        filled.extend(store)
    at = ["--store", str(folder)]
    claim = f"{SEED}#report-evacuated-615-620"
    assert run(["review", "reject", claim, "--by", "Jane Doe", "--reason", "a slip", *at]) == 0
    assert run(["review", "amend", claim, "--by", "Jane Doe", "--set", "value=8100", *at]) == 0
    ident = capsys.readouterr().out.split()[-1]
    assert run(["review", "list", "--json", *at]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sorted((r["verdict"], r["in_force"]) for r in rows) == [("amended", True), ("rejected", False)]
    assert run(["review", "export", str(tmp_path / "gold"), *at]) == 0
    written = json.loads((tmp_path / "gold" / f"{SEED}.json").read_text("utf-8"))
    assert 8100 in [r["value"] for r in written["reports"]]
    assert run(["review", "remove", ident.rsplit("/", 1)[-1], *at]) == 0
    assert run(["review", "accept", "nothing", "--by", "Jane Doe", *at]) == 2
    assert "0 bear the name" in capsys.readouterr().err
    assert run(["review", "amend", claim, "--by", "Jane Doe", "--set", "value=many", *at]) == 2
