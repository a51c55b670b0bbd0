"""The Oxigraph store of a newsclaims graph: one writer, any number of readers of published generations."""

from __future__ import annotations

from kg.store.copying import BYTES_EACH, received, send
from kg.store.dump import canonical_lines
from kg.store.folder import Generation, generations, is_store, latest
from kg.store.incoming import Incoming
from kg.store.keeping import backup, note_withdrawn, restore, rewrite, withdrawn
from kg.store.store import Store, one_line

__all__ = [
    "BYTES_EACH",
    "Generation",
    "Incoming",
    "Store",
    "backup",
    "canonical_lines",
    "generations",
    "is_store",
    "latest",
    "note_withdrawn",
    "one_line",
    "received",
    "restore",
    "rewrite",
    "send",
    "withdrawn",
]
