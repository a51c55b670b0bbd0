"""A store under pseudonyms: with the privacy switch on, the server never opens the store with the names."""

from __future__ import annotations

from pathlib import Path

from kg.export.pseudonyms import Rule, veiled
from kg.store import Store
from server.settings import ServerSettings


def veil(settings: ServerSettings, by: Rule, folder: Path) -> ServerSettings:
    """Settings that serve a copy of the store in `folder`, in which private persons bear pseudonyms.

    The copy is only read, and whole texts are not shown: both would bring the names back. A later state of the store
    is served after a new start.
    """
    copy = folder / "store"
    with Store.open(settings.store) as source, Store.create_or_open(copy) as target:
        target.extend(veiled(source, by))
        target.publish()
    return settings.model_copy(update={"store": copy, "writable": False, "texts": None})
