"""Each part of an evaluation on a tiny made-up corpus in the corpus's own format: it counts, and it can count wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg import evaluate
from kg.cli import entry as cli
from kg.evaluate import written
from kg.evaluate.idmc import FILE, idmc
from kg.evaluate.ordinary import ordinary
from kg.evaluate.polnear import polnear
from kg.evaluate.rams import printed, rams
from kg.evaluate.readings import Reader
from kg.evaluate.tables import Section, Tally, at_least, at_most, lines


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader("en_newsclaims", "https://w3id.org/newsclaims/")


def rows(section: Section) -> dict[str, tuple[Any, ...]]:
    """The rows of a table by their first cell."""
    return {str(r[0]): r[1:] for r in section.rows}


def window(words: str, trigger: tuple[int, int], kind: str, roles: list[tuple[int, int, str]]) -> str:
    """One RAMS record; offsets count words."""
    links = [[list(trigger), [first, last], f"evt1arg0{n}{role}"] for n, (first, last, role) in enumerate(roles)]
    record = {
        "doc_key": "made-up",
        "sentences": [words.split()],
        "evt_triggers": [[*trigger, [[kind, 1.0]]]],
        "gold_evt_links": links,
    }
    return json.dumps(record)


def test_rams(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "rams-dev"
    folder.mkdir(parents=True)
    told = "Rebels killed twelve villagers near Norrby on Monday , officials in the capital said ."
    abstract = "The new law on fishing was read in parliament on Monday and nobody was in any hurry ."
    records = [
        window(told, (1, 1), "life.die.n/a", [(2, 3, "victim"), (0, 0, "killer"), (5, 5, "place")]),
        window(abstract, (6, 6), "life.injure.n/a", [(9, 9, "place")]),
        window(abstract, (6, 6), "transaction.n/a", []),
    ]
    (folder / "dev.jsonlines").write_text("\n".join(records))
    section = rams(reader, tmp_path)
    recalls = {r[1]: r[2] for r in section.rows}
    assert recalls == {"counted": 100.0, "agent": 100.0, "place": 50.0}
    assert section.checks[0] == at_least("RAMS triggers found, %", 50.0, 80) and not section.checks[0].met
    assert len(section.differences) == 1 and "'read'" in section.differences[0]


def test_words_of_a_treebank_as_text() -> None:
    text, starts = printed("He did n't say \" ( or can 't ) \" , Ada 's friend said .".split())
    assert text.startswith("He didn't say") and text.endswith("Ada's friend said.") and "(or" in text
    assert [text[s : s + 2] for s in starts[:2]] == ["He", "di"]


def test_idmc(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "idmc-labelled"
    folder.mkdir(parents=True)
    label = {"text": "More than 4,200 people were evacuated from the town of Norrby after the river rose on Sunday."}
    right = {**label, "quantity": "4200", "term": "Evacuated", "country": "Sweden;SWE;"}
    labels = [
        right,
        {**right, "quantity": "42"},
        {**right, "term": "Sheltered"},
        {**right, "term": "Destroyed Housing"},
    ]
    labels.append({**right, "text": "Los habitantes de la ciudad fueron evacuados por el río en la noche del domingo"})
    (folder / FILE).write_text("\n".join(map(json.dumps, labels)))
    section = idmc(reader, tmp_path)
    assert {k: v[:2] for k, v in rows(section).items()} == {"quantity": (2, 3), "term": (2, 3), "both": (1, 3)}
    assert len(section.differences) == 2 and not section.checks[0].met


def test_ordinary(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "polnear-dev" / "text"
    folder.mkdir(parents=True)
    calm = "The committee met on Monday to talk about fishing quotas. Its chairman said that a vote would come in May."
    (folder / "calm.txt").write_text(calm)
    section = ordinary(reader, tmp_path)
    assert rows(section)["all"] == ("", 0, 0) and all(c.met for c in section.checks)


def test_ordinary_with_a_killing(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "polnear-dev" / "text"
    folder.mkdir(parents=True)
    (folder / "war.txt").write_text("Twelve people were killed in Aleppo on Monday.\n\nThe vote is in May.")
    section = ordinary(reader, tmp_path)
    assert rows(section)["all"][1] == 1 and not section.checks[0].met
    assert "Twelve people were killed in Aleppo" in section.differences[0]


def test_polnear(reader: Reader, tmp_path: Path) -> None:
    text = "Ada Lind was late on Monday. She said the vote would come in May."
    start = text.index("the vote")
    known = {
        "id": "p1",
        "source": "She",
        "source_span": [text.index("She"), text.index("She") + 3],
        "cue_span": [text.index("said"), text.index("said") + 4],
        "content_span": [start, len(text) - 1],
        "mode": "indirect",
    }
    for folder in ("gold/polnear-dev", "corpora/polnear-dev/text"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "gold/polnear-dev/made-up.json").write_text(json.dumps({"doc": "made-up", "statements": [known]}))
    (tmp_path / "corpora/polnear-dev/text/made-up.txt").write_text(text)
    section = polnear(reader, tmp_path)
    names, as_printed = rows(section)["attributed"][2], rows(section)["attributed"][5]
    assert (names, as_printed) == (0.0, 100.0)  # "Ada Lind" is not what the gold says, "She" is
    assert section.notes[0].startswith("1 of 1 gold sources are pronouns (100.0 %)")


def test_parts_without_shared_material_are_skipped_with_a_reason(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SHARED", str(tmp_path))
    (section,) = evaluate.sections(["rams"], reader)
    assert section.skipped and "NEWSCLAIMS_SHARED" in lines(section)[1]
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "score.py").touch()
    (section,) = evaluate.sections(["rams"], reader)
    assert section.skipped and "dev.jsonlines is not there" in section.skipped


def test_a_missed_check_is_told_by_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = Section(
        "Part", ("", "n"), (("x", 1),), checks=(at_most("rate", 3, 2),), differences=("the one", "another")
    )
    monkeypatch.setattr(evaluate, "sections", lambda names, reader: (missed,))
    assert cli.run(["evaluate", "--rams"]) == 0
    assert cli.run(["evaluate", "--rams", "--check", "--errors", "1"]) == 1
    out = capsys.readouterr()
    assert "MISS rate <= 2: 3.00" in out.out and "the one" in out.err and "another" not in out.err
    assert cli.run(["evaluate", "--rams", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sections"][0]["rows"] == [["x", 1]]


def test_tables_stand_in_columns() -> None:
    section = Section("Title", ("", "n"), (("first", 1234), ("x", 5.0), ("none", None)))
    assert lines(section) == ["Title", "             n", "  first  1,234", "  x        5.0", "  none       -"]


def test_tallies() -> None:
    tally = Tally(3, 4, 6) + Tally(0, 1, 0)
    assert (tally.precision, tally.recall, round(tally.f1, 1)) == (50.0, 60.0, 54.5)
    assert Tally().record()["F1"] == 0.0


def test_our_own_articles_are_not_in_the_wheel(root: Path) -> None:
    import tomllib

    wheel = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) == {"kg", "server"} and not any("tests" in p for p in wheel["force-include"])
    assert written.folder() == root / "tests" / "articles"
