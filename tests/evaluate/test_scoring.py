"""The own scorer: full marks for the gold, each fault costs the figure it should, and it agrees with the gold's."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from kg import evaluate
from kg.evaluate.scoring import likeness, paired, same_name, score

STATEMENT = {
    "id": "s1",
    "source": "Ada Lind",
    "source_span": [40, 48],
    "cue_span": [49, 53],
    "content_span": [0, 38],
    "mode": "indirect",
}
REPORT = {
    "id": "r1",
    "event": "casualty",
    "measure": "killed",
    "status": "happened",
    "figure_span": [10, 20],
    "value": 12,
    "low": 12,
    "high": 12,
    "counts": "people",
    "trigger_span": [26, 32],
    "source": "Ada Lind",
    "origin": None,
    "destination": None,
    "place": "Norrby",
    "agent": None,
}
BARE = {**REPORT, "id": "r2", "figure_span": None, "value": None, "low": None, "high": None, "trigger_span": [60, 66]}
GOLD = {"d": {"statements": [STATEMENT], "reports": [REPORT, BARE]}}
OVERLAP = "statement content (overlap >= 0.5)"
WHOLE = "statement whole (exact content + source + cue)"
FIGURE, FRAME = "figure (event, measure group, span)", "figure frame (+ measure, where, agent)"


def row(record: dict[str, Any], **changes: Any) -> dict[str, str]:
    """A gold record as an export row."""
    cells: dict[str, str] = {}
    for key, value in (record | changes).items():
        if key.endswith("_span"):
            start, end = value or ("", "")
            cells |= {key.replace("_span", "_start"): str(start), key.replace("_span", "_end"): str(end)}
        else:
            cells[key] = "" if value is None else str(value)
    return cells


def test_the_gold_itself_has_full_marks() -> None:
    found = score(GOLD, {"d": [row(STATEMENT)]}, {"d": [row(REPORT), row(BARE)]})
    assert all(
        found[k]["F1"] == 100.0 for k in (OVERLAP, WHOLE, FIGURE, FRAME, evaluate.CLAIM, "report without figure")
    )


@pytest.mark.parametrize(
    ("changes", "kept", "lost"),
    [
        ({"content_span": [6, 38]}, evaluate.ATTRIBUTED, WHOLE),
        ({"source": "somebody else"}, OVERLAP, evaluate.ATTRIBUTED),
        ({"cue_span": [80, 84]}, evaluate.ATTRIBUTED, WHOLE),
        ({"content_span": [24, 38]}, FIGURE, OVERLAP),
    ],
)
def test_faults_of_statements(changes: dict[str, Any], kept: str, lost: str) -> None:
    found = score(GOLD, {"d": [row(STATEMENT, **changes)]}, {"d": [row(REPORT), row(BARE)]})
    assert (found[kept]["F1"], found[lost]["F1"]) == (100.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "kept", "lost"),
    [
        ({"value": 13, "low": 13, "high": 13}, FIGURE, evaluate.CLAIM),
        ({"status": "possible"}, FIGURE, evaluate.CLAIM),
        ({"place": "Torsby"}, evaluate.CLAIM, FRAME),
        ({"agent": "gunmen"}, evaluate.CLAIM, FRAME),
        ({"measure": "injured"}, evaluate.ATTRIBUTED, FIGURE),
        ({"figure_span": [21, 25]}, evaluate.ATTRIBUTED, FIGURE),
    ],
)
def test_faults_of_reports(changes: dict[str, Any], kept: str, lost: str) -> None:
    told: list[str] = []
    rows = {"d": [row(REPORT, **changes), row(BARE)]}
    found = score(GOLD, {"d": [row(STATEMENT)]}, rows, told.append)
    assert (found[kept]["F1"], found[lost]["F1"]) == (100.0, 0.0)
    assert told or lost == FRAME


def test_what_is_missed_and_what_is_too_much() -> None:
    told: list[str] = []
    found = score(GOLD, {}, {"d": [row(REPORT), row(REPORT, figure_span=[70, 72]), row(BARE)]}, told.append)
    assert found[OVERLAP]["R"] == 0.0
    assert (found[FIGURE]["P"], found[FIGURE]["R"]) == (50.0, 100.0)
    assert told == [
        "d s1: statement missed (0, 38) by 'Ada Lind'",
        "d r1: figure spurious casualty/killed (70, 72)",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("President Ada Lind", "Lind", True),
        ("the Red Cross", "Norwegian Red Cross", True),
        ("Ada Lind", "Bo Lind", False),
        (None, "", True),
        (None, "Lind", False),
        ("the", "The", True),
    ],
)
def test_names(one: str | None, other: str | None, same: bool) -> None:
    assert same_name(one, other) is same


def test_pairs_are_the_heaviest_first_and_each_once() -> None:
    gold, found = [{"content_span": [0, 10]}], [{"content_span": [0, 6]}, {"content_span": [0, 9]}]
    assert paired(gold, found, lambda g, f: likeness(g["content_span"], f["content_span"])) == [(0, 1)]


def test_both_scorers_agree(shared: Path) -> None:
    """On the development gold, shaken: some rows left out, moved, renamed or changed."""
    known = evaluate.gold()
    dice = random.Random(3)
    statements = {
        d: [_shaken(s, dice) for s in g["statements"] if dice.random() < 0.9] for d, g in known.documents.items()
    }
    reports = {d: [_shaken(r, dice) for r in g["reports"] if dice.random() < 0.9] for d, g in known.documents.items()}
    theirs, ours = evaluate.scored(known, statements, reports, 0), score(known.documents, statements, reports)
    assert theirs == ours
    assert 30 < theirs[evaluate.CLAIM]["F1"] < 90 and 30 < theirs[WHOLE]["F1"] < 90


def _shaken(record: dict[str, Any], dice: random.Random) -> dict[str, str]:
    changes: dict[str, Any] = {}
    if dice.random() < 0.3:
        key = dice.choice([k for k in ("content_span", "figure_span", "trigger_span", "cue_span") if record.get(k)])
        shift = dice.randint(-6, 6)
        changes[key] = [max(0, record[key][0] + shift), record[key][1] + shift + 2]
    if dice.random() < 0.2:
        changes["source"] = dice.choice([None, "the ministry", "Ada Lind"])
    if "value" in record and dice.random() < 0.2:
        changes |= {"value": 7, "status": dice.choice(["possible", "denied", "happened"]), "place": "Norrby"}
    return row(record, **changes)
