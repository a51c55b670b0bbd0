"""Claims as plain rows: what two stores are compared by, and what a gold file is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.store import Store, is_store

_QUERY = Path(__file__).with_name("told.rq")
_FILES = frozenset({".nq", ".trig", ".ttl", ".nt", ".rdf", ".owl", ".xml"})


@dataclass(frozen=True, slots=True)
class Told:
    """One claim. `values`: its columns of `told.rq` that are bound, as strings."""

    id: str
    doc: str
    sha256: str
    url: str | None
    kind: str  # "statement", "report"
    start: int
    end: int
    words: str
    values: Mapping[str, str]

    @property
    def fragment(self) -> str:
        """The part of the IRI that stays the same under any base."""
        return self.id.rsplit("#", 1)[-1]


def told(store: Store) -> tuple[Told, ...]:
    """All claims of a store, by article and offset."""
    solutions: Any = store.query(_QUERY.read_text(encoding="utf-8"))
    names = [v.value for v in solutions.variables]
    found: dict[str, Told] = {}
    for row in solutions:
        value = {n: str(row[n].value) for n in names if row[n] is not None}
        if value["claim"] not in found:
            found[value["claim"]] = Told(
                value["claim"], value["doc"], value["sha256"], value.get("url"), value["kind"],
                int(value["start"]), int(value["end"]), " ".join(value["words"].split()), value,
            )  # fmt: skip
    return tuple(found.values())


def told_in(path: Path) -> tuple[Told, ...]:
    """All claims of a store's folder or of an RDF file. Raises UsageError and StoreError."""
    if is_store(path):
        with Store.open(path) as opened:
            return told(opened)
    if not path.is_file() or path.suffix.lower() not in _FILES:
        expected = f"a store's folder or a file ({', '.join(sorted(_FILES))}) was expected"
        raise UsageError(f"{expected}, found {str(path)!r}", hint="check the path")
    with Store.memory() as loaded:
        loaded.load(path)
        return told(loaded)
