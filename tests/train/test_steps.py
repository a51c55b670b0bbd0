"""Steps run again only when something they read has changed; scores count what they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.train.card import table
from kg.train.plan import Plan, rate_factor
from kg.train.records import Record
from kg.train.scores import Parsed, Score
from kg.train.steps import Step, run


def test_a_step_runs_only_when_its_inputs_change(tmp_path: Path) -> None:
    source, made, stamps = tmp_path / "in", tmp_path / "out", tmp_path / "stamps"
    source.write_text("one")

    def step(settings: str = "") -> Step:
        return Step("copy", [source], settings, [made], lambda: made.write_text(source.read_text()))

    def quiet(_: str) -> None:
        return None

    assert run(step(), stamps, quiet)
    assert not run(step(), stamps, quiet)
    source.write_text("two")
    assert run(step(), stamps, quiet)
    assert made.read_text() == "two"
    assert run(step("other"), stamps, quiet)
    made.write_text("touched by hand")
    assert run(step("other"), stamps, quiet)
    made.unlink()
    assert run(step("other"), stamps, quiet)


def test_a_missing_input_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(InputError, match="gone"):
        run(Step("s", [gone], "", [], lambda: None), tmp_path / "stamps")


def test_rates_rise_stay_and_fall() -> None:
    plan = Plan(warm_up=10, cool_down=0.5)
    factors = [rate_factor(step, 100, plan) for step in range(100)]
    assert factors[0] == pytest.approx(0.1)
    assert factors[10:50] == [1.0] * 40
    assert factors[50:] == sorted(factors[50:], reverse=True)
    assert 0 < factors[-1] < 0.05


def test_scores_count_heads_labels_lemmas_and_names() -> None:
    gold = Record(
        "ewt",
        "d",
        1,
        ("Homs", "fell"),
        (True, True),
        heads=(2, 0),
        labels=("nsubj", "root"),
        upos=("PROPN", "VERB"),
        xpos=("NNP", "VBD"),
        feats=("", ""),
        lemmas=("Homs", "fall"),
        names=("B-LOC", "O"),
    )
    score = Score()
    score.add(
        gold,
        Parsed((2, 0), ("obj", "root"), gold.upos or (), gold.xpos or (), ("", ""), ("homs", "fell"), [(0, 1, "LOC")]),
    )
    figures = score.figures()
    assert (figures["UAS"], figures["LAS"], figures["LEMMA"], figures["VERB-LEMMA"]) == (100.0, 50.0, 50.0, 0.0)
    assert figures["NER"] == 100.0


def test_the_card_has_one_row_a_measure() -> None:
    assert table({"a": {"LAS": 90.0}, "b": {"LAS": 91.5, "NER": 80.0}}).splitlines()[2:] == [
        "| LAS | 90.00 | 91.50 |",
        "| NER |  | 80.00 |",
    ]
