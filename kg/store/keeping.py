"""Keep a store: copy it while it is in use, put a copy in its place, remember what was taken down."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import folder as layout
from kg.store.store import Store

_BESIDE = ("failures.jsonl", "skipped.jsonl", "copies.sqlite")  # what the pipeline keeps in the store's folder
_WITHDRAWN = "withdrawn.jsonl"


def backup(source: Path, target: Path) -> int:
    """Copy the newest generation of a store to a new folder; writers and readers go on. Returns its quads.

    The copy has files of its own, so it may lie on another disk. Raises StoreError if there is nothing to copy, or
    `target` is not an empty place.
    """
    layout.check(source)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(
            "an empty place for the copy was expected, found files", where=str(target), hint="name another folder"
        )
    generation, lock = layout.hold(source)
    with lock:
        layout.create(target)
        _copied(generation.path, layout.data_path(target))
    for name in (*_BESIDE, _WITHDRAWN):
        if (source / name).is_file():
            shutil.copy2(source / name, target / name)
    layout.mark_dirty(target)
    with Store.create_or_open(target) as copy:
        return len(copy)


def restore(source: Path, target: Path) -> int:
    """Put the newest generation of `source` in place of all that `target` holds. Returns its quads.

    A server of `target` goes on and answers from the restored state as soon as it is whole. What was taken down from
    `target` meanwhile stays listed. Raises StoreError if `source` is no store or another process writes to `target`.
    """
    layout.check(source)
    Store.create_or_open(target).close()  # makes it if needed; raises if somebody writes
    generation, lock = layout.hold(source)
    data = layout.data_path(target)
    staged = data.with_suffix(".new")
    with lock:
        shutil.rmtree(staged, ignore_errors=True)
        _copied(generation.path, staged)
    layout.mark_dirty(target)
    layout.exchange(target, staged)
    for name in _BESIDE:
        (target / name).unlink(missing_ok=True)
        if (source / name).is_file():
            shutil.copy2(source / name, target / name)
    with Store.create_or_open(target) as restored:
        return len(restored)


def rewrite(folder: Path) -> int:
    """Write a store's quads into fresh files and publish them alone; returns how many they are.

    What was deleted is then in no file any more: the database keeps the words of deleted quads until its files are
    made anew. About ten seconds for each million quads. Raises StoreError if another process writes.
    """
    staged = layout.data_path(folder).with_suffix(".new")
    with closing(Store.create_or_open(folder)) as old:
        shutil.rmtree(staged, ignore_errors=True)
        fresh = ox.Store(str(staged))
        fresh.bulk_extend(iter(old.inner))
        fresh.flush()
        del fresh
    # Only now that the old database is closed: on closing it may still write to the folder's path.
    layout.mark_dirty(folder)
    layout.exchange(folder, staged)
    with Store.create_or_open(folder) as new:
        new.publish(keep=1)
        return len(new)


def _copied(source: Path, target: Path) -> None:
    try:
        shutil.copytree(source, target)
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise StoreError(
            f"the copy failed: {error.strerror or error}", where=str(target), hint="check the space on the disk"
        ) from error


def note_withdrawn(folder: Path, articles: Iterable[str], now: datetime | None = None) -> None:
    """Remember that these articles (IRIs) were taken down. Nothing of what they said is kept."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    with (folder / _WITHDRAWN).open("a", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps({"article": article, "at": at}) + "\n")


def withdrawn(folder: Path) -> dict[str, str]:
    """The articles (IRIs) that were taken down, and when (ISO 8601). A damaged line is passed over."""
    found: dict[str, str] = {}
    path = folder / _WITHDRAWN
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                found[str(entry["article"])] = str(entry["at"])
            except (ValueError, KeyError, TypeError):
                continue
    return found
