"""Mentions of actors and places against gold in the formats of UNER and re3d, made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.evaluate.conventions import is_pronoun
from kg.evaluate.entities import class_of, entities
from kg.evaluate.entity_gold import re3d, uner
from kg.evaluate.idmc import FILE
from kg.evaluate.readings import Reader

TEXT = "Ada Lind flew from Stockholm to Kenya on Monday. The Red Cross asked her. She met the mayor there."
TAGS = {"Ada": "B-PER", "Lind": "I-PER", "Red": "B-ORG", "Cross": "I-ORG", "Stockholm": "B-LOC", "Kenya": "B-LOC"}


def uner_file(path: Path) -> Path:
    words = TEXT.replace(".", " .").split()
    lines = ["# newdoc id = made-up", "# sent_id = 1", f"# text = {TEXT}"]
    lines += [f"{n}\t{w}\t{TAGS.get(w, 'O')}\t-\t-" for n, w in enumerate(words, 1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]))
    return path


def re3d_folder(folder: Path, wrong: bool = False) -> Path:
    part = folder / "part"
    part.mkdir(parents=True)
    marked = [
        ("Ada Lind", "Person"),
        ("The Red Cross", "Organisation"),
        ("Stockholm", "Location"),
        ("Kenya", "Location"),
    ]
    marked += [("her", "Person"), ("the mayor", "Person"), ("Monday", "Temporal")]
    entities = [
        {"documentId": "d1", "begin": TEXT.index(w), "end": TEXT.index(w) + len(w), "type": kind} for w, kind in marked
    ]
    (part / "documents.json").write_text(json.dumps({"_id": "d1", "text": TEXT}))
    (part / "entities.json").write_text("\n".join(map(json.dumps, entities)))
    return folder


def test_gold_of_both_corpora(tmp_path: Path) -> None:
    (one,) = uner(uner_file(tmp_path / "u.iob2"))
    assert [(k, s.of(one.text)) for k, s in one.stretches] == [
        ("actor", "Ada Lind"),
        ("place", "Stockholm"),
        ("place", "Kenya"),
        ("actor", "Red Cross"),
    ]
    (other,) = re3d(re3d_folder(tmp_path / "r"))
    assert [k for k, _ in other.stretches] == ["actor", "actor", "place", "place", "actor", "actor"]


def test_scores(tmp_path: Path) -> None:
    uner_file(tmp_path / "corpora" / "uner-ewt" / "en_ewt-ud-dev.iob2")
    re3d_folder(tmp_path / "corpora" / "re3d")
    idmc = tmp_path / "corpora" / "idmc-labelled"
    idmc.mkdir()
    label = {
        "text": "Some 300 people were evacuated from Nairobi on Sunday as the river rose over its banks.",
        "quantity": "300",
    }
    rows = [{**label, "term": "Evacuated", "country": c} for c in ("Kenya;KEN;", "Sweden;SWE;")]
    (idmc / FILE).write_text("\n".join(map(json.dumps, rows)))
    section = entities(Reader("en_newsclaims", "https://w3id.org/newsclaims/"), tmp_path)
    figures = {r[:4]: r[4:7] for r in section.rows}
    assert figures["UNER dev", "actor", "names", "exact"] == (100.0, 100.0, 100.0)  # Kenya, a state, is set aside
    assert figures["re3d", "place", "names", "exact"] == (100.0, 100.0, 100.0)
    assert figures["re3d", "actor", "names", "overlap"][1] == 100.0 > figures["re3d", "actor", "all", "overlap"][1]
    assert "re3d gold of actors: 2 names, 1 common nouns, 1 pronouns" in section.notes
    assert any(n.startswith("in the labelled country: 1 of 2") for n in section.notes)


@pytest.mark.parametrize(
    ("words", "kind"),
    [("She", "pronoun"), ("those", "pronoun"), ("US", "name"), ("Ada Lind", "name"), ("the rebels", "common noun")],
)
def test_classes(words: str, kind: str) -> None:
    assert class_of(words) == kind


def test_pronouns_are_short() -> None:
    assert is_pronoun("they") and is_pronoun("he’s") and not is_pronoun("its chief of staff")
