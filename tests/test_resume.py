"""A build that is killed and resumed ends in the same graph as one that was not."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.pipeline import build, run_of
from kg.readers import read
from kg.settings import Settings
from kg.store import Store

_PLACES = ("Aleppo", "Idlib", "Homs", "Mosul", "Kathmandu", "Manila", "Khartoum", "Sirte")
_ARTICLES, _KILLS = 40, 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(_ARTICLES):
        place = _PLACES[n % len(_PLACES)]
        said = f"The army said {300 + n} people were evacuated from {place}. {n + 1} people were killed."
        text = f"Hundreds leave {place}\n\n{said}\n"
        (folder / f"a{n:02}.txt").write_text(text)
    return folder


@pytest.mark.slow
def test_killed_and_resumed(folder: Path, tmp_path: Path) -> None:
    settings, store = Settings(), tmp_path / "store"
    with Store.memory() as whole:
        for _ in build(read([folder]), whole, run_of(settings.model), base=settings.base, model=settings.model):
            pass
        expected = whole.canonical()
    command = [str(Path(sys.executable).with_name("kg")), "build", str(folder), "--store", str(store), "--resume"]
    chance = random.Random(7)
    for _ in range(_KILLS):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not store.is_dir():
                time.sleep(0.05)
            time.sleep(chance.uniform(0.5, 3.0))
            process.send_signal(signal.SIGKILL)
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    with Store.open(store) as resumed:
        assert resumed.canonical() == expected
