"""Steps with inputs, outputs and checksums: a step runs again only when something it reads has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError


@dataclass(frozen=True)
class Step:
    """One step: files it reads, settings that matter, files it leaves, and what to do."""

    name: str
    reads: Sequence[Path]
    settings: str
    leaves: Sequence[Path]
    action: Callable[[], object]


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(step: Step) -> dict[str, str]:
    """Checksums of all that a step reads. Raises InputError if a file is missing."""
    missing = [str(p) for p in step.reads if not p.is_file()]
    if missing:
        raise InputError(
            f"the step {step.name} needs {missing[0]}, which is not there", hint="check --corpora and --work"
        )
    return {"settings": step.settings, **{str(p): digest(p) for p in step.reads}}


def run(step: Step, stamps: Path, log: Callable[[str], None] = print) -> bool:
    """Run the step unless its stamp in the folder `stamps` says that nothing changed; True if it ran."""
    stamps.mkdir(parents=True, exist_ok=True)
    stamp = stamps / f"{step.name}.json"
    reads = fingerprint(step)
    if stamp.is_file() and all(p.is_file() for p in step.leaves):
        before = json.loads(stamp.read_text(encoding="utf8"))
        if before["reads"] == reads and before["leaves"] == {str(p): digest(p) for p in step.leaves}:
            log(f"{step.name}: nothing changed")
            return False
    log(f"{step.name}: running")
    step.action()
    leaves = {str(p): digest(p) for p in step.leaves}
    stamp.write_text(json.dumps({"reads": reads, "leaves": leaves}, indent=1) + "\n", encoding="utf8")
    return True
