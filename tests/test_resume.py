"""A build that is killed, or runs out of disk, and is resumed ends in the same graph as one that was not."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kg.pipeline import Copies, build, link_copies, run_of
from kg.pipeline.build import Choice
from kg.readers import read
from kg.settings import Settings
from kg.store import Store

_PLACES = ("Aleppo", "Idlib", "Homs", "Mosul", "Kathmandu", "Manila", "Khartoum", "Sirte")
_ARTICLES = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    for n in range(_ARTICLES):
        place = _PLACES[n % len(_PLACES)]
        said = f"The army said {300 + n} people were evacuated from {place}. {n + 1} people were killed."
        text = f"Hundreds leave {place}\n\n{said}\n"
        (folder / f"a{n:02}.txt").write_text(text)
    return folder


@pytest.fixture(scope="module")
def expected(folder: Path) -> list[str]:
    settings = Settings()
    with Store.memory() as whole, Copies.memory() as copies:
        run, choice = run_of(settings.model), Choice(copies=copies)
        list(build(read([folder]), whole, run, base=settings.base, model=settings.model, choice=choice))
        link_copies(whole, copies, settings.base)
        return whole.canonical()


def command(folder: Path, store: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("kg")), "build", str(folder), "--store", str(store), "--resume"]


def noted(store: Path) -> int:
    """How many articles the build has come to."""
    try:
        with closing(sqlite3.connect(f"file:{store}/copies.sqlite?mode=ro", uri=True)) as index:
            return int(index.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.Error:
        return 0


def killed(arguments: list[str], moment: Callable[[], bool], pause: float) -> bool:
    """Start the build and kill it `pause` seconds after the moment has come; False if it ended before."""
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not moment():
            time.sleep(0.02)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


def finished(arguments: list[str], store: Path) -> list[str]:
    found = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    with Store.open(store) as resumed:
        return resumed.canonical()


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_and_resumed(folder: Path, tmp_path: Path, expected: list[str], kills: int) -> None:
    arguments, store = command(folder, tmp_path / "store"), tmp_path / "store"
    chance = random.Random(7)
    done = 0
    for n in range(kills):
        reached = chance.randint(n * _ARTICLES // kills, (n + 1) * _ARTICLES // kills)
        done += killed(arguments, lambda reached=reached: noted(store) >= reached, chance.uniform(0.0, 0.6))  # type: ignore[misc]
    print(f"\n{done} of {kills} builds killed")
    assert done >= kills / 2
    assert finished(arguments, store) == expected


def test_a_full_disk_leaves_a_store_that_can_be_resumed(folder: Path, tmp_path: Path, expected: list[str]) -> None:
    store = tmp_path / "store"
    first = folder / "a00.txt"
    before = finished(command(first, store), store)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    arguments = command(folder, store)
    found = subprocess.run(arguments, capture_output=True, text=True, check=False, preexec_fn=full)
    assert found.returncode == 1 and "Traceback" not in found.stderr, found.stderr
    assert "cannot be" in found.stderr and "room" in found.stderr, found.stderr
    with Store.open(store) as published:
        assert published.canonical() == before
    assert finished(arguments, store) == expected
