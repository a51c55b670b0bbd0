"""A new kind of event is one class and one lexicon in `ontology/`: extraction, mapping, shapes, queries follow."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "arrest"
TEXT = (
    "Police arrested 300 civilians in Aleppo on Monday, the Red Cross said. Ten people were killed.\n\n"
    "The Red Cross is an aid organisation.\n"
)


@pytest.fixture(scope="module")
def answer(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("arrest")
    shutil.copytree(root / "ontology", folder / "ontology")
    with (folder / "ontology" / "newsclaims.ttl").open("a", encoding="utf-8") as turtle:
        turtle.write((HERE / "arrest.ttl").read_text("utf-8"))
    shutil.copy(HERE / "arrest.toml", folder / "ontology" / "lexicons")
    (folder / "arrests.txt").write_text(TEXT, "utf-8")
    command = [sys.executable, str(HERE / "build.py"), str(folder / "ontology"), str(folder / "arrests.txt")]
    done = subprocess.run(
        [*command, str(folder / "arrests.csv")], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found | {"csv": (folder / "arrests.csv").read_text("utf-8")}


def test_extraction_and_queries_follow(answer: dict[str, object]) -> None:
    rows = [r for r in answer["rows"] if r["event"] == "arrest"]  # type: ignore[attr-defined]
    assert len(rows) == 1
    expected = {"measure": "arrested", "value": "300", "counts": "civilians", "source": "Red Cross"}
    assert {k: rows[0][k] for k in expected} == expected
    assert "arrest" in str(answer["csv"])


def test_the_contract_query_keeps_to_its_two_kinds(answer: dict[str, object]) -> None:
    assert answer["contract"] == ["casualty"]


def test_mapping_and_shapes_follow(answer: dict[str, object]) -> None:
    assert "<https://w3id.org/newsclaims/ontology#Arrest>" in answer["events"]  # type: ignore[operator]
    assert answer["faults"] == []
    assert answer["inferred"]


def test_the_page_follows(answer: dict[str, object]) -> None:
    assert answer["page"] is True
