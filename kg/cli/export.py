"""`kg export`: a store's graph as a file."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.cli.messages import say
from kg.export import export as write
from kg.export.pseudonyms import chosen, veiled
from kg.settings import Settings
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose."""

    store: Path
    format: str
    protege: bool
    articles: tuple[str, ...]
    events: tuple[str, ...]


def export(out: Path, choices: Choices) -> None:
    """Write the store's newest published graph to `out`; "-" is standard output. Raises UsageError and InputError."""
    with Store.open(choices.store) as store:
        if str(out) != "-":
            _write(store, out, choices)
            say(f"{out}: {out.stat().st_size:,} bytes")
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "export"
            _write(store, file, choices)
            with file.open("rb") as whole:
                while block := whole.read(1 << 20):
                    sys.stdout.buffer.write(block)
            sys.stdout.flush()


def _write(store: Store, out: Path, choices: Choices) -> None:
    privacy = chosen(Settings())
    quads = veiled(store, privacy) if privacy else store
    write(quads, choices.format, out, choices.protege, articles=choices.articles, events=choices.events)
