"""`kg ledger` on the seeds' gold: lines for people, JSON for programs, one line for a wrong policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli.entry import run
from kg.mapping import article_quads, shared_quads
from kg.store import Store
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")


@pytest.fixture(scope="module")
def folder(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ledger") / "store"
    with Store.create_or_open(target) as filled:
        for name in SEEDS:
            reading = read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")
            filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return target


def test_lines_show_figures_policies_and_the_conflict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "--store", str(folder), "--place", "aleppo"]) == 0
    out = capsys.readouterr().out
    assert "conflict: '6,400 people' / '8,000'" in out
    assert "conservative: best 6,400" in out
    assert "100,000  Veysi Kaynak" in out
    assert "Idlib" not in out


def test_json_holds_every_claim_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "--store", str(folder), "--json", "--policy", "ucdp"]) == 0
    events = json.loads(capsys.readouterr().out)
    claims = [c["claim"] for e in events for c in e["claims"]]
    assert len(claims) == len(set(claims)) > 20
    conflicts = [c for e in events for c in e["comparisons"] if c["relation"] == "conflict"]
    assert len(conflicts) == 1
    assert all(set(ledger["policies"]) == {"ucdp"} for e in events for ledger in e["ledgers"])


def test_an_unknown_policy_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "--store", str(folder), "--policy", "guess"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "ucdp" in err
