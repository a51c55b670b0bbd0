"""The evaluation: it scores what the export queries answer, and it can tell good from bad."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg import evaluate
from kg.cli import entry as cli
from kg.errors import UsageError
from kg.store import Store


@pytest.fixture(scope="module")
def gold(seeds: Path, shared: Path) -> evaluate.Gold:
    assert shared
    return evaluate.gold(seeds / "gold", seeds / "articles")


def test_gold_of_the_seeds(gold: evaluate.Gold) -> None:
    assert set(gold.documents) == set(evaluate.SEEDS)
    assert gold.texts.name == "articles" and gold.scorer.name == "score.py"


def test_gold_as_it_was_given(seeds: Path, shared: Path) -> None:
    for name in ("dev/000_4e976f026cba4338.json", "dev/001_964cf9b5af587d05.json", "seed_facts.json", "seed_facts.md"):
        assert (seeds / "gold" / Path(name).name).read_bytes() == (shared / "gold" / name).read_bytes()
    for text in (seeds / "articles").glob("*.txt"):
        assert text.read_bytes() == (shared / "gold" / "text" / text.name).read_bytes()


def test_the_gold_itself_scores_full_marks(gold: evaluate.Gold) -> None:
    """Rows made of the gold's own records: the scorer and its columns are used rightly."""
    statements, reports = {}, {}
    for document, known in gold.documents.items():
        statements[document] = [_row(s, ("source", "cue", "content")) for s in known["statements"]]
        reports[document] = [_row(r, ("trigger", "figure")) for r in known["reports"]]
    found = evaluate.scored(gold, statements, reports, 0)
    assert found[evaluate.ATTRIBUTED]["F1"] == found[evaluate.CLAIM]["F1"] == 100.0


def _row(record: dict[str, object], spans: tuple[str, ...]) -> dict[str, str]:
    row = {k: "" if v is None else str(v) for k, v in record.items() if not k.endswith("_span")}
    for name in spans:
        start, end = record.get(f"{name}_span") or ("", "")  # type: ignore[misc]
        row |= {f"{name}_start": str(start), f"{name}_end": str(end)}
    return row


def test_the_seeds_reach_their_figures(gold: evaluate.Gold, seeds_store: Path) -> None:
    with Store.open(seeds_store) as store:
        checks = evaluate.checks(gold, store)
        assert len(checks) == 4 and all(c.met for c in checks), checks
        assert set(evaluate.by_document(gold, store)) == set(evaluate.SEEDS)


def test_an_empty_graph_misses_them(gold: evaluate.Gold) -> None:
    with Store.memory() as store:
        assert [c.met for c in evaluate.checks(gold, store)] == [False, False, True, True]


def test_words_that_do_not_stand_at_their_offsets_are_found(gold: evaluate.Gold) -> None:
    nc = "https://w3id.org/newsclaims/ontology#"
    with Store.memory() as store:
        store.update(
            f"INSERT DATA {{ GRAPH <x:g> {{ <x:s> <{nc}start> 0 ; <{nc}end> 15 ; <{nc}exact> 'nothing' ;"
            f" <{nc}inArticle> <x:a> . <x:a> <http://purl.org/dc/terms/identifier> '{evaluate.SEEDS[0]}' }} }}"
        )
        # [0, 15) is the weather line: nothing may be read from it either.
        assert [c.met for c in evaluate.checks(gold, store)] == [False, False, False, False]


def test_documents_and_folders_that_are_not_there(tmp_path: Path, seeds: Path, shared: Path) -> None:
    assert shared
    with pytest.raises(UsageError, match="nope have none"):
        evaluate.gold(seeds / "gold", docs=["nope"])
    with pytest.raises(UsageError, match="none found"):
        evaluate.gold(tmp_path)
    lonely = tmp_path / "gold"
    shutil.copytree(seeds / "gold", lonely)
    with pytest.raises(UsageError, match="was expected near the gold"):
        evaluate.gold(lonely)


def test_without_a_shared_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SHARED", str(tmp_path))
    with pytest.raises(UsageError, match="no shared folder is there"):
        evaluate.gold()


def test_the_command(seeds: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shared
    arguments = [
        "evaluate",
        "--gold",
        str(seeds / "gold"),
        "--docs",
        evaluate.SEEDS[1],
        "--json",
        "--by-document",
        "--check",
    ]
    assert cli.run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["figures"]["documents"] == 1 and list(told["documents"]) == ["seeds", evaluate.SEEDS[1]]
    assert all(c["met"] for c in told["checks"])
