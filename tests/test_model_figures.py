"""`kg evaluate --model`: the language model's own figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.cli import model_figures
from kg.cli.entry import _written_out, run
from kg.train.speech_verbs import Found


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["evaluate", "--model"], ["evaluate", "--model-figures"]),
        (["evaluate", "--model", "--check"], ["evaluate", "--model-figures", "--check"]),
        (["evaluate", "--model", "en_core_web_trf"], ["evaluate", "--model", "en_core_web_trf"]),
        (["build", "--model"], ["build", "--model"]),
    ],
)
def test_a_model_without_a_name_asks_for_its_figures(given: list[str], meant: list[str]) -> None:
    assert _written_out(given) == meant


def test_without_corpora_the_part_is_skipped_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SHARED", str(tmp_path))
    assert run(["evaluate", "--model"]) == 0
    assert "skipped: no shared folder with corpora is there" in capsys.readouterr().out


def test_a_figure_below_its_bound_is_missed() -> None:
    scores = {"gold": {"both": {"LAS": 90.5, "UAS": 92.49}}}
    met = {check.name: check.met for check in model_figures._checks(scores)}
    assert met == {"gold both LAS >= 90.5": True, "gold both UAS >= 92.5": False}
    verbs = model_figures._verb_checks(Found(31, 30, 27))
    assert [check.met for check in verbs] == [True, False]
