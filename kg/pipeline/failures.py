"""What could not be built and what was not read, kept beside the store so that it can be listed and tried again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from kg.errors import StoreError
from kg.pipeline.build import Skipped
from kg.readers import Failure

_FILE = "failures.jsonl"
_SKIPPED = "skipped.jsonl"


def recorded(store: Path) -> dict[str, str]:
    """Path and message of each input that the last builds could not read, by path. Raises StoreError."""
    file = store / _FILE
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
        return {row["path"]: row["error"] for row in rows}
    except (ValueError, KeyError, TypeError, OSError) as e:
        raise StoreError(f"a list of failures was expected, found: {e}", where=str(file), hint="delete the file") from e


def record(store: Path, failures: Iterable[Failure], tried: Iterable[str]) -> None:
    """Note `failures`, and forget what was recorded of the inputs in `tried` and what lies in them."""
    roots = tuple(tried)
    known = {p: e for p, e in recorded(store).items() if not any(_within(p, root) for root in roots)}
    known |= {f.path: str(f.error) for f in failures}
    file = store / _FILE
    if not known:
        file.unlink(missing_ok=True)
        return
    part = file.with_suffix(".part")
    rows = (json.dumps({"path": p, "error": e}, ensure_ascii=False) + "\n" for p, e in sorted(known.items()))
    part.write_text("".join(rows), encoding="utf-8")
    part.replace(file)


@contextmanager
def skipping(store: Path, tried: Iterable[str]) -> Iterator[Callable[[Skipped], None]]:
    """Notes skipped articles one by one; left without an error, they take the place of those noted of `tried`."""
    roots = tuple(tried)
    part = store / f"{_SKIPPED}.part"
    with part.open("w", encoding="utf-8") as out:
        yield lambda s: print(json.dumps(asdict(s), ensure_ascii=False), file=out)
        for row in skipped(store):
            if not any(_within(row.path, root) for root in roots):
                print(json.dumps(asdict(row), ensure_ascii=False), file=out)
    if part.stat().st_size:
        part.replace(store / _SKIPPED)
    else:
        part.unlink()
        (store / _SKIPPED).unlink(missing_ok=True)


def skipped(store: Path) -> Iterator[Skipped]:
    """The articles from which the last builds read nothing, and why. Raises StoreError."""
    file = store / _SKIPPED
    if not file.is_file():
        return
    try:
        with file.open(encoding="utf-8") as rows:
            for row in rows:
                yield Skipped(**json.loads(row))
    except (ValueError, TypeError, OSError) as e:
        message = f"a list of skipped articles was expected, found: {e}"
        raise StoreError(message, where=str(file), hint="delete the file") from e


def again(store: Path) -> list[Path]:
    """The files to read in order to try all recorded failures again, each once."""
    return [Path(p) for p in dict.fromkeys(re.sub(r":\d+$", "", path) for path in recorded(store))]


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root.rstrip('/')}/", f"{root}:"))
