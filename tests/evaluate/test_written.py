"""The quality gate that needs nothing beside the checkout: the floors on the project's own articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import evaluate
from kg.evaluate import written
from kg.evaluate.readings import Reader


def test_floors_on_our_own_articles() -> None:
    section = written.written(Reader("en_newsclaims", "https://w3id.org/newsclaims/"))
    assert len(section.checks) == 6 and all(c.met for c in section.checks), section.checks
    assert {line.split("-")[0] for line in section.differences} == {"dev"}  # the held ones stay unread


def test_groups() -> None:
    documents = ("dev-01-x", "held-01-y", "idmc-141", "idmc-83", evaluate.SEEDS[0])
    assert {name: set(found) for name, found in evaluate.against_gold.members(documents).items()} == {
        "seeds": {evaluate.SEEDS[0]},
        "others": {"idmc-141", "idmc-83"},
        "check": {"idmc-141"},
        "written dev": {"dev-01-x"},
        "written held": {"held-01-y"},
    }


def test_gold_of_our_own_articles_stands_in_their_texts(root: Path) -> None:
    folder = root / "tests" / "articles"
    known = evaluate.gold(folder, folder)
    for document, gold in known.documents.items():
        text = (folder / f"{document}.txt").read_text(encoding="utf-8")
        spans = [r[k] for r in (*gold["statements"], *gold["reports"]) for k in r if k.endswith("_span") and r[k]]
        assert all(0 <= a < b <= len(text) and text[a:b] == text[a:b].strip() for a, b in spans), document


def test_skipped_in_an_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(written, "resource", lambda name: tmp_path / name)
    assert "tests/articles is not there" in str(written.written(Reader("m", "b")).skipped)
