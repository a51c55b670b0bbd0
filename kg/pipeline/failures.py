"""What could not be built, kept beside the store so that it can be listed and tried again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from kg.errors import StoreError
from kg.readers import Failure

_FILE = "failures.jsonl"


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


def again(store: Path) -> list[Path]:
    """The files to read in order to try all recorded failures again, each once."""
    return [Path(p) for p in dict.fromkeys(re.sub(r":\d+$", "", path) for path in recorded(store))]


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root.rstrip('/')}/", f"{root}:"))
