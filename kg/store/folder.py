"""The store's folder: one writer's database, and read-only generations published from it.

DIR/newsclaims-store.json    marks the folder and its layout
DIR/data/                    the writer's database (RocksDB)
DIR/generations/00000007/    a checkpoint, hard-linked to the writer's files; complete once it bears its name
DIR/generations/00000007.lock  held shared by every reader of that generation
DIR/generations/00000007.text.sqlite  the index of its words, once somebody has asked for words
DIR/dirty                    written, not yet published
DIR/incoming-000001.nq       on its way into the writer's database
DIR/withdrawn.jsonl          which articles were taken down, and when
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import StoreError

LAYOUT = 1
_MARKER = "newsclaims-store.json"
_GENERATIONS = "generations"
_DIRTY = "dirty"
_RETRIES = 5  # a reader may lose the race against a writer that prunes; each loss means a newer generation


@dataclass(frozen=True, slots=True)
class Generation:
    """A published, immutable state of the store."""

    number: int
    path: Path

    @property
    def lock_path(self) -> Path:
        """The file readers lock so that the generation is not pruned under them."""
        return self.path.with_suffix(".lock")

    @property
    def text_path(self) -> Path:
        """The index of its words, written by the first query that asks for them."""
        return self.path.with_suffix(".text.sqlite")


def is_store(folder: Path) -> bool:
    """True if `folder` was made by `create`."""
    return (folder / _MARKER).is_file()


def create(folder: Path) -> None:
    """Make an empty store folder; nothing happens if it is one already.

    Raises StoreError if `folder` is a file, or a folder that holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError("a folder for the store was expected, found a file", where=str(folder), hint="name a folder")
    if is_store(folder):
        check(folder)
        _recover(folder)
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise StoreError(
            "an empty folder or a store was expected, found other files", where=str(folder), hint="name another folder"
        )
    try:
        (folder / _GENERATIONS).mkdir(parents=True, exist_ok=True)
        (folder / _MARKER).write_text(json.dumps({"layout": LAYOUT}) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"the store cannot be made: {error.strerror}", where=str(folder), hint="check its permissions"
        ) from error


def check(folder: Path) -> None:
    """Raise StoreError unless `folder` is a store of a layout this version reads."""
    if not folder.exists():
        raise StoreError(
            "no store here", where=str(folder), hint="build one with `kg build PATH… --store " + str(folder) + "`"
        )
    if not is_store(folder):
        raise StoreError("not a newsclaims store", where=str(folder), hint="name the folder that `kg build` wrote")
    try:
        layout = json.loads((folder / _MARKER).read_text(encoding="utf-8"))["layout"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "the store's marker file is damaged", where=str(folder / _MARKER), hint="build anew"
        ) from error
    if layout != LAYOUT:
        raise StoreError(
            f"store layout {LAYOUT} was expected, found {layout}",
            where=str(folder),
            hint="build it anew with this version",
        )


def data_path(folder: Path) -> Path:
    """Where the writer's database lies."""
    return folder / "data"


def exchange(folder: Path, staged: Path) -> None:
    """Put `staged`, a database beside it, in place of the writer's. Whoever opens the folder next ends what a crash
    in between has left."""
    data = data_path(folder)
    old = data.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if data.exists():
        data.rename(old)
    staged.rename(data)
    shutil.rmtree(old, ignore_errors=True)


def _recover(folder: Path) -> None:
    data = data_path(folder)
    for left in (data.with_suffix(".new"), data.with_suffix(".old")):
        if not data.exists() and left.exists():
            left.rename(data)


def generations(folder: Path) -> tuple[Generation, ...]:
    """All complete generations, oldest first."""
    home = folder / _GENERATIONS
    if not home.is_dir():
        return ()
    numbers = sorted(int(entry.name) for entry in home.iterdir() if entry.name.isdigit())
    return tuple(Generation(number, home / f"{number:08d}") for number in numbers)


def generation_path(folder: Path, number: int) -> Generation:
    """A generation by its number, whether it is still there or not."""
    return Generation(number, folder / _GENERATIONS / f"{number:08d}")


def latest(folder: Path) -> Generation | None:
    """The newest generation, or None if nothing was published yet."""
    return next(reversed(generations(folder)), None)


def mark_dirty(folder: Path) -> None:
    """Note that the database holds writes that no generation shows yet."""
    (folder / _DIRTY).touch()


def is_dirty(folder: Path) -> bool:
    """True if the last writer ended before it published."""
    return (folder / _DIRTY).exists()


def publish(folder: Path, backup: Callable[[str], None]) -> Generation:
    """Make the database's present state the newest generation. `backup` writes a checkpoint to a new path."""
    newest = latest(folder)
    number = newest.number + 1 if newest else 1
    home = folder / _GENERATIONS
    home.mkdir(exist_ok=True)
    staging = home / f"{number:08d}.new"
    shutil.rmtree(staging, ignore_errors=True)
    backup(str(staging))
    generation = Generation(number, home / f"{number:08d}")
    generation.lock_path.touch()
    staging.rename(generation.path)
    descriptor = os.open(home, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    (folder / _DIRTY).unlink(missing_ok=True)
    return generation


def prune(folder: Path, keep: int) -> tuple[int, ...]:
    """Delete all but the newest `keep` generations, except those a reader holds. Returns the numbers deleted."""
    gone = []
    for generation in generations(folder)[: -max(keep, 1)]:
        with generation.lock_path.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(generation.path, ignore_errors=True)
            generation.text_path.unlink(missing_ok=True)
            generation.lock_path.unlink(missing_ok=True)
            gone.append(generation.number)
    return tuple(gone)


def hold(folder: Path, number: int | None = None) -> tuple[Generation, IO[str]]:
    """A generation (the newest if `number` is None) and the open lock file that keeps it from being pruned.

    Raises StoreError if there is none.
    """
    for _ in range(_RETRIES):
        generation = latest(folder) if number is None else _numbered(folder, number)
        if generation is None:
            break
        handle = generation.lock_path.open("a")
        fcntl.flock(handle, fcntl.LOCK_SH)
        if generation.path.is_dir():
            return generation, handle
        handle.close()
    wanted = "a published generation" if number is None else f"generation {number}"
    raise StoreError(f"{wanted} was expected, found none", where=str(folder), hint="build the store first")


def _numbered(folder: Path, number: int) -> Generation | None:
    return next((generation for generation in generations(folder) if generation.number == number), None)
