"""The command line: contracts of output, messages and exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg import __version__
from kg.cli import entry as cli
from kg.ontology import NAMESPACE
from kg.store import Store, generations

_STORY = "Thousands leave the city\n\nThe army said that about 5,000 people had left Aleppo on Thursday.\n"


@pytest.fixture
def kg(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs a command line: exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_version(kg) -> None:  # type: ignore[no-untyped-def]
    assert kg("--version") == (0, f"newsclaims {__version__}\n", "")


def test_the_installed_command() -> None:
    command = Path(sys.executable).with_name("kg")
    found = subprocess.run([str(command), "--version"], capture_output=True, text=True, check=True)
    assert found.stdout == f"newsclaims {__version__}\n"


def test_build_and_export_queries(kg, seeds: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    store = tmp_path / "store"
    code, out, err = kg("build", seeds, "--store", store)
    assert (code, out) == (0, "") and "2 articles built" in err
    code, out, _ = kg("query", "export/statements", "--store", store, "--format", "csv")
    assert code == 0
    columns = "article,source,source_start,source_end,cue_start,cue_end,content_start,content_end,mode"
    assert out.splitlines()[0] == columns
    texts = {p.stem: p.read_text(encoding="utf-8") for p in (seeds / "articles").glob("*.txt")}
    assert {r["article"] for r in rows(out)} == set(texts)
    assert any(
        texts[r["article"]][int(r["cue_start"]) : int(r["cue_end"])] == "said" for r in rows(out) if r["cue_start"]
    )


def test_the_readme_s_question(kg, seeds_store: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = kg("query", "export/reports", "--store", seeds_store, "--format", "csv")
    said = {(r["source"], r["value"] or r["high"]) for r in rows(out) if r["event"] == "evacuation"}
    assert code == 0 and {("Russian Defence Ministry", "6400"), ("Turkey", "8000")} <= said


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml", "table"])
def test_formats_of_answers(kg, seeds_store: Path, format: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "q.rq"
    file.write_text("SELECT (1 AS ?one) ('x' AS ?two) {}")
    code, out, err = kg("query", file, "--store", seeds_store, "--format", format)
    assert (code, err) == (0, "") and "one" in out and "x" in out
    if format == "json":
        assert json.loads(out)["results"]["bindings"][0]["two"]["value"] == "x"


@pytest.mark.parametrize(
    ("text", "format", "answer"),
    [
        ("ASK {}", "csv", "true\n"),
        ("ASK {}", "table", "true\n"),
        ("ASK { <x:a> <x:b> <x:c> }", "json", None),
        (
            "CONSTRUCT { <x:a> <x:b> 1 } WHERE {}",
            "nt",
            '<x:a> <x:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
        ),
        ("CONSTRUCT { <x:a> <x:b> 1 } WHERE {}", "ttl", None),
    ],
)
def test_answers_that_are_no_tables(  # type: ignore[no-untyped-def]
    kg, seeds_store: Path, tmp_path: Path, text: str, format: str, answer: str | None
) -> None:
    file = tmp_path / "q.rq"
    file.write_text(text)
    code, out, _ = kg("query", file, "--store", seeds_store, "--format", format)
    assert code == 0 and out and (answer is None or out == answer)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["foo"], 2, "No such command 'foo' - see `kg --help`"),
        (["build"], 2, "PATH… or --retry was expected"),
        (["build", "x", "--retry"], 2, "PATH… or --retry was expected"),
        (["failures", "--store", "nowhere"], 1, "nowhere: a store was expected"),
        (["show"], 2, "Missing argument"),
        (["build", "--nope"], 2, "No such option"),
        (["build", "x", "--jobs", "many"], 2, "Invalid value for '--jobs'"),
        (["build", "x", "--base", "no iri"], 2, "a base IRI"),
        (["query", "no-such-query"], 2, "no-such-query"),
        (["query", "missing.rq"], 2, "missing.rq: a query file was expected"),
        (["query", "export/statements", "--store", "nowhere"], 1, "nowhere"),
        (["serve", "--store", "nowhere"], 1, "nowhere"),
        (["show", "nowhere.txt"], 1, "nothing is there"),
        (["evaluate", "--gold", "nowhere"], 2, "nowhere: a folder of gold"),
        (["build", "x", "--model", "no_such_model"], 1, "no_such_model"),
    ],
)
def test_wrong_usage_is_one_line(  # type: ignore[no-untyped-def]
    kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text(_STORY)
    found, out, err = kg(*arguments)
    assert (found, out) == (code, "")
    assert words in err and err.startswith("kg: ") and err.count("\n") == 1


@pytest.mark.parametrize("format", ["yaml", "ttl"])
def test_a_format_that_is_none(kg, seeds_store: Path, format: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = kg("query", "export/statements", "--store", seeds_store, "--format", format)
    assert (code, out) == (2, "") and "csv, tsv, json, xml, table was expected" in err


def test_a_malformed_query(kg, seeds_store: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "bad.rq"
    file.write_text("SELECT ?x WHERE { ?x ")
    code, out, err = kg("query", file, "--store", seeds_store)
    assert (code, out) == (1, "") and str(file) in err and "does not parse" in err and err.count("\n") == 1


def test_a_batch_with_bad_inputs(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Every bad input is told in one line that names it; the rest is built; the exit code says so."""
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    (folder / "good.txt").write_text(_STORY)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (folder / "french.txt").write_text(
        "Les civils ont quitté la ville jeudi, et le gouvernement ne dit pas que la route est sûre."
    )
    (folder / "western.txt").write_bytes(
        "Thousands “leave” the city\n\nThe army said that 10 people had left.\n".encode("cp1252")
    )
    (folder / "sidecar.txt").write_text(_STORY + "More.")
    (folder / "sidecar.meta.json").write_text("{")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "nothing").mkdir()
    code, out, err = kg("build", folder, tmp_path / "nothing", "--store", store)
    assert (code, out) == (1, "")
    lines = [line for line in err.splitlines() if "not built" in line]
    told = ["binary.txt", "empty.txt", "french.txt", "huge.txt", "sidecar.meta.json", "nothing"]
    assert len(lines) == len(told) and all(name in line for name, line in zip(told, lines, strict=True)), lines
    assert any("western.txt: not UTF-8" in line for line in err.splitlines())
    assert "2 articles built" in err and "6 inputs not read" in err
    assert kg("query", "export/statements", "--store", store, "--format", "csv")[1].count("good") >= 1


def test_failures_are_listed_and_tried_again(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    (folder / "good.txt").write_text(_STORY)
    (folder / "bad.txt").write_bytes(b"")
    (folder / "batch.jsonl").write_text("{\n" + json.dumps({"text": _STORY + "More.", "id": "b"}) + "\n")
    assert kg("build", folder, "--store", store)[0] == 1
    code, out, _ = kg("failures", "--store", store, "--json")
    assert code == 1 and [f["path"] for f in json.loads(out)] == [
        str(folder / "bad.txt"),
        f"{folder / 'batch.jsonl'}:1",
    ]
    (folder / "bad.txt").write_text(_STORY + "At last.")
    code, _, err = kg("build", "--retry", "--store", store)
    assert code == 1 and "1 articles built" in err and "1 kept as they were" in err
    (folder / "batch.jsonl").write_text(json.dumps({"text": _STORY + "Even more."}) + "\n")
    assert kg("build", "--retry", "--store", store)[0] == 0
    assert kg("failures", "--store", store)[:2] == (0, "")


def test_an_article_is_withdrawn_from_every_generation(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    store, ask = tmp_path / "store", ("--format", "csv")
    (tmp_path / "one.txt").write_text(_STORY)
    (tmp_path / "two.txt").write_text(_STORY.replace("5,000", "6,000"))
    kg("build", tmp_path / "one.txt", "--store", store)
    alone = kg("query", "export/statements", "--store", store, *ask)[1]
    assert kg("build", tmp_path / "two.txt", "--store", store)[0] == 0
    assert kg("withdraw", "two", "three", "--store", store)[0] == 2
    assert kg("query", "export/statements", "--store", store, *ask)[1] != alone
    assert kg("withdraw", "two", "--store", store)[0] == 0
    assert kg("query", "export/statements", "--store", store, *ask)[1] == alone
    assert len(generations(store)) == 1
    assert kg("withdraw", "two", "--store", store)[0] == 2


def test_build_as_json(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_text(_STORY)
    (tmp_path / "b.txt").write_text(_STORY)
    (tmp_path / "c.txt").write_bytes(b"")
    code, out, _ = kg(
        "build", tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt", "--store", tmp_path / "s", "--json"
    )
    told = json.loads(out)
    assert code == 1
    assert [a["id"] for a in told["articles"]] == ["a"] and told["repeated"] == [{"id": "b", "first": "a"}]
    assert [f["path"] for f in told["failures"]] == [str(tmp_path / "c.txt")]
    assert len(told["run"]["model_digest"]) == 64 and told["run"]["started"] is None


def test_a_run_may_be_stamped(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_text(_STORY)
    _, out, _ = kg("build", tmp_path / "a.txt", "--store", tmp_path / "s", "--json", "--stamp")
    assert json.loads(out)["run"]["started"].endswith("Z")


@pytest.mark.parametrize("format", ["ttl", "trig", "nq", "jsonld", "rdfxml", "csv"])
def test_exports_are_the_same_each_time(kg, seeds_store: Path, tmp_path: Path, format: str) -> None:  # type: ignore[no-untyped-def]
    for name in ("one", "two"):
        assert kg("export", tmp_path / name, "--store", seeds_store, "--format", format)[0] == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""


def test_export_to_standard_output(seeds_store: Path) -> None:
    command = [str(Path(sys.executable).with_name("kg")), "export", "-", "--store", str(seeds_store), "--format", "nq"]
    found = subprocess.run(command, capture_output=True, check=True)
    assert found.stdout.count(b"\n") > 1000 and found.stderr == b""


def test_a_valid_graph_and_a_broken_one(kg, seeds_store: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert kg("validate", "--store", seeds_store)[:2] == (0, "")
    broken = tmp_path / "broken"
    with Store.create_or_open(broken) as store:
        store.update(f"INSERT DATA {{ GRAPH <x:g> {{ <x:claim> a <{NAMESPACE}Statement> }} }}")
    code, out, err = kg("validate", "--store", broken, "--json")
    assert code == 1 and json.loads(out) and "faults" in err


def test_reasoning_adds_what_follows(kg, seeds: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    store, ask = tmp_path / "store", tmp_path / "ask.rq"
    ask.write_text("ASK { GRAPH <https://w3id.org/newsclaims/graph/inferred> { ?s ?p ?o } }")
    kg("build", seeds / "articles" / "001_964cf9b5af587d05.txt", "--store", store)
    assert kg("query", ask, "--store", store)[1] == "false\n"
    assert kg("reason", "--store", store)[0] == 0
    assert kg("query", ask, "--store", store)[1] == "true\n"
    assert kg("reason", "--store", store)[2] == kg("reason", "--store", store)[2]


def test_show(kg, seeds: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = kg("show", seeds / "articles" / "001_964cf9b5af587d05.txt")
    assert (code, err) == (0, "")
    assert "Turkey put the figure of evacuees at 8,000." in out
    assert "said    Turkey put: the figure of evacuees at 8,000" in out and "[prompt] No comments:" in out


def test_show_as_json(kg, seeds: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = kg("show", seeds / "articles" / "001_964cf9b5af587d05.txt", "--json")
    told = json.loads(out)
    assert code == 0 and told["article"] == "001_964cf9b5af587d05" and told["statements"][0]["content"] == [0, 109]


def test_a_pipe_that_closes(seeds_store: Path) -> None:
    command = f"{Path(sys.executable).with_name('kg')} query export/statements --store {seeds_store} | head -1"
    shell = shutil.which("bash") or "sh"
    found = subprocess.run([shell, "-c", command], capture_output=True, text=True, check=False)
    assert found.stdout.startswith("article") and found.stderr == ""


def test_unexpected_errors_are_one_line_with_a_hint(kg, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("no\nluck")

    monkeypatch.setattr(cli, "app", broken)
    code, out, err = kg("query", "x")
    assert (code, out) == (
        1,
        "",
    ) and err == "kg: unexpected RuntimeError: no luck - run again with `kg --debug …` and report what it prints\n"


def test_debug_shows_where(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("no luck")

    monkeypatch.setattr(cli, "app", broken)
    assert cli.run(["--debug", "query", "x"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_stopping_is_no_fault_of_the_program(kg, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def stopped(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", stopped)
    assert kg("query", "x") == (130, "", "kg: stopped; what was done before is kept\n")


def test_settings_that_make_no_sense(kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("NEWSCLAIMS_MAX_BYTES", "many")
    code, _, err = kg("build", tmp_path, "--store", tmp_path / "s")
    assert code == 2 and err.count("\n") == 1 and "max_bytes" in err
