"""A build cut into parts gives what one process gives, whoever runs the parts and however often."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kg.cli import build as cli_build
from kg.cli import parts as cli_parts
from kg.errors import StoreError
from kg.pipeline import (
    Built,
    Choice,
    Copies,
    Job,
    Part,
    Repeated,
    Skipped,
    build,
    link_copies,
    load_parts,
    manifests,
    run_here,
    run_of,
    write_part,
)
from kg.pipeline import parts as cut
from kg.readers import Failure, numbered, read
from kg.settings import Settings
from kg.store import Store

_SETTINGS = Settings()
_PLACES = ("Aleppo", "Homs", "Mosul")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stories, a copy with the same text, a file that is none, and one without events."""
    folder = tmp_path_factory.mktemp("in")
    for n, place in enumerate(_PLACES):
        text = f"Hundreds leave {place}\n\nThe army said {300 + n} people were evacuated from {place} on Thursday.\n"
        (folder / f"a{n}.txt").write_text(text)
    shutil.copy(folder / "a1.txt", folder / "b1.txt")
    (folder / "bad.txt").write_bytes(b"\x00\x01")
    rows = [
        {"id": f"r{n}", "text": f"Two die\n\nTwo people died in {p}, police said.\n"} for n, p in enumerate(_PLACES)
    ]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "quiet.txt").write_text("Shares rise\n\nShares rose in London, traders said.\n")
    return folder


@pytest.fixture(scope="module")
def job(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    target = str(tmp_path_factory.mktemp("parts"))
    run = run_of(_SETTINGS.model)
    return Job((str(folder),), target, 3, run, _SETTINGS.base, _SETTINGS.model, gate=True)


@pytest.fixture(scope="module")
def parts(job: Job) -> list[Part]:
    return list(run_here(job, 1))


@pytest.fixture(scope="module")
def whole(folder: Path, job: Job) -> list[str]:
    """The canonical graph that one process builds."""
    with Store.memory() as store, Copies.memory() as copies:
        choice = Choice(gate=True, copies=copies)
        list(build(read([folder]), store, job.run, base=job.base, model=job.model, choice=choice))
        link_copies(store, copies, job.base)
        return store.canonical()


def test_shares_are_a_partition(folder: Path) -> None:
    whole = [(place, str(item)) for place, item in numbered([folder])]
    shares = [[(place, str(item)) for place, item in numbered([folder], share=(i, 4))] for i in range(4)]
    assert sorted(p for share in shares for p in share) == whole
    assert [place for place, _ in whole] == list(range(9))


def test_loaded_parts_are_the_one_process_graph(job: Job, parts: list[Part], whole: list[str]) -> None:
    assert [p.number for p in manifests(job.target)] == [0, 1, 2]
    assert sum(p.articles for p in parts) == 7 and sum(p.failures for p in parts) == sum(p.skipped for p in parts) == 1
    with Store.memory() as store, Copies.memory() as copies:
        kinds = Counter(type(o) for o in load_parts(job.target, store, base=job.base, copies=copies))
        link_copies(store, copies, job.base)
        assert kinds == {Built: 6, Repeated: 1, Failure: 1, Skipped: 1}
        assert store.canonical() == whole
        list(load_parts(job.target, store, base=job.base, copies=copies))
        link_copies(store, copies, job.base)
        assert store.canonical() == whole


def test_versions_are_told_in_the_order_of_the_input(tmp_path: Path) -> None:
    """Three versions without a date: `kg load` says of them what `kg build` says."""
    folder, target = tmp_path / "in", str(tmp_path / "parts")
    for n in range(3):
        (folder / str(n)).mkdir(parents=True)
        same = "The mayor said that 400 people had fled to Idlib."
        text = f"Floods in Homs\n\nThe army said {3 + n} people drowned in Homs on Friday. {same}\n"
        (folder / str(n) / "story.txt").write_text(text)
    settings: Any = (None, None, 1, [], False, False, False, False, False)
    assert cli_build.build([folder], cli_build.Choices(tmp_path / "built", *settings)) == 0
    assert cli_parts.write([folder], cli_parts.Work(target, 2, "local", None, 1, (), False, False), None, None) == 0
    assert cli_parts.load(target, tmp_path / "loaded", None, link=True) == 0
    with Store.open(tmp_path / "built") as built, Store.open(tmp_path / "loaded") as loaded:
        assert loaded.canonical() == built.canonical()
        assert sum("/id/article/" in line and "#wasRevisionOf> " in line for line in built.canonical()) == 2


def test_a_part_is_written_again_only_if_it_is_not_whole(
    job: Job, parts: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {p.name: p.read_bytes() for p in Path(job.target).iterdir()}
    Path(job.target, "part-00001.json").unlink()
    Path(job.target, "part-00001.nq.gz").write_bytes(b"half")
    Path(job.target, "part-00002.json").write_text("{")
    written = []
    real = cut._rows
    monkeypatch.setattr(cut, "_rows", lambda job, number: written.append(number) or real(job, number))
    assert list(run_here(job, 1)) == parts and written == [1, 2]
    assert {p.name: p.read_bytes() for p in Path(job.target).iterdir()} == files


def test_parts_on_another_file_system(job: Job, parts: list[Part]) -> None:
    import fsspec

    elsewhere = dataclasses.replace(job, target="memory://archive/parts")
    made = [write_part(elsewhere, n) for n in range(3)]
    assert [(p.quads_sha256, p.rows_sha256) for p in made] == [(p.quads_sha256, p.rows_sha256) for p in parts]
    assert manifests("memory://archive/parts") == tuple(made)
    files = fsspec.filesystem("memory")
    assert files.cat("/archive/parts/part-00000.nq.gz") == Path(job.target, "part-00000.nq.gz").read_bytes()


@pytest.fixture
def copy(job: Job, parts: list[Part], tmp_path: Path) -> Path:
    return Path(shutil.copytree(job.target, tmp_path / "copy"))


def loading(folder: Path, job: Job) -> str:
    with Store.memory() as store, pytest.raises(StoreError) as raised:
        list(load_parts(str(folder), store, base=job.base))
    return str(raised.value)


def test_damaged_and_missing_parts_are_refused(copy: Path, job: Job) -> None:
    victim = copy / "part-00000.nq.gz"
    data = gzip.decompress(victim.read_bytes())
    victim.write_bytes(gzip.compress(data.replace(b"Aleppo", b"Aleppa", 1)))
    assert "checksum does not fit" in loading(copy, job) and "part-00000" in loading(copy, job)
    victim.write_bytes(gzip.compress(data)[:-20])
    assert "a part was expected" in loading(copy, job)
    (copy / "part-00001.json").unlink()
    assert "3 parts were expected, 1 are missing (first: part-00001)" in loading(copy, job)
    (copy / "part-00002.json").write_text("{")
    assert "manifest was expected" in loading(copy, job)


def test_parts_of_two_runs_are_refused(copy: Path, job: Job, tmp_path: Path) -> None:
    row = json.loads((copy / "part-00001.json").read_text())
    (copy / "part-00001.json").write_text(json.dumps(row | {"run": "0" * 16}))
    assert "parts of several runs" in loading(copy, job)
    assert "none found" in loading(tmp_path / "nothing", job)


# The same job on Spark. All that a cluster needs is newsclaims on its nodes, and sources and target that they see.
_ON_SPARK = """
import json, sys
from functools import partial
from pyspark.sql import SparkSession
from kg.pipeline import Job, manifests, run_of, write_part
from kg.settings import Settings

sources, target = sys.argv[1:]
settings = Settings()
job = Job((sources,), target, 3, run_of(settings.model), settings.base, settings.model, gate=True)
spark = SparkSession.builder.master("local[2]").appName("newsclaims").getOrCreate()
parts = spark.sparkContext.parallelize(range(job.parts), job.parts).map(partial(write_part, job)).collect()
spark.stop()
print(json.dumps([p.quads_sha256 for p in parts]))
assert manifests(target) == tuple(parts)
"""


@pytest.mark.slow
def test_the_same_on_spark(folder: Path, parts: list[Part], tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    command = [sys.executable, "-W", "ignore", "-c", _ON_SPARK, str(folder), str(tmp_path / "spark")]
    here = os.environ | {"PYSPARK_PYTHON": sys.executable}
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    assert found.returncode == 0, found.stderr[-2000:]
    assert json.loads(found.stdout.splitlines()[-1]) == [p.quads_sha256 for p in parts]


def test_what_spark_would_map_is_a_plain_function(job: Job, parts: list[Part]) -> None:
    import pickle
    from functools import partial

    sent = pickle.loads(pickle.dumps(partial(write_part, job)))  # noqa: S301 - our own bytes
    assert list(map(sent, range(job.parts))) == parts
