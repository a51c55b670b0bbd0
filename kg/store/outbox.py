"""An outbox: a store here whose graphs are delivered to a store elsewhere, as often as it takes.

What was delivered is noted in a journal beside the store, graph by graph, once the other side has acknowledged it. So
a delivery that broke off is ended by the next, and what has not changed is not sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from kg.errors import NewsclaimsError
from kg.store import remote as far
from kg.store.dump import canonical_lines
from kg.store.remote import Remote
from kg.store.store import Store


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery did; `failed` names the graphs that are still to be delivered, `why` the first fault."""

    sent: int
    deleted: int
    failed: tuple[str, ...] = ()
    why: NewsclaimsError | None = None


def folder_for(address: str | Path) -> Path:
    """The folder of the outbox for an address: below NEWSCLAIMS_OUTBOX, or ~/.local/state/newsclaims."""
    home = os.environ.get("NEWSCLAIMS_OUTBOX") or str(Path.home() / ".local" / "state" / "newsclaims")
    return Path(home) / _key(far.parse(address))


def deliver(store: Store, folder: Path, remote: Remote) -> Delivery:
    """Deliver all graphs of `store` that have changed since they were last delivered. `folder` keeps the journal."""
    journal = folder / f"delivered-{_key(remote)}.jsonl"
    known = _read(journal)
    here = {name: digest for name in store.graphs() if (digest := _digest(store, name))}
    failed, why, sent, deleted = [], None, 0, 0
    with journal.open("a", encoding="utf-8") as file:
        file.write("\n")  # ends the line of a process that was killed
        for name in sorted(here.keys() | known.keys()):
            if known.get(name) == here.get(name):
                continue
            try:
                if name in here:
                    far.put_graph(remote, name, store.graph(name))
                    sent += 1
                else:
                    far.delete_graph(remote, name)
                    deleted += 1
            except NewsclaimsError as error:
                failed.append(name)
                why = why or error
                continue
            file.write(json.dumps({"graph": name, "digest": here.get(name)}) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return Delivery(sent, deleted, tuple(failed), why)


def fetch(remote: Remote, store: Store) -> int:
    """Make `store` hold what the store elsewhere holds in its named graphs. Returns the number of graphs changed.

    Each graph changes as a whole. Raises StoreError if one cannot be had; those before it are then up to date.
    """
    there, changed = far.graphs(remote), 0
    for name in there:
        quads = far.get_graph(remote, name)
        if canonical_lines(quads) != canonical_lines(store.graph(name)):
            store.replace_graph(name, quads)
            changed += 1
    for name in set(store.graphs()) - set(there):
        store.remove_graph(name)
        changed += 1
    return changed


def _key(remote: Remote) -> str:
    return hashlib.sha256(remote.graphs.encode()).hexdigest()[:16]


def _digest(store: Store, name: str) -> str:
    return hashlib.sha256("\n".join(canonical_lines(store.graph(name))).encode()).hexdigest()


def _read(journal: Path) -> dict[str, str]:
    """Graph -> digest of what was delivered last."""
    found: dict[str, str | None] = {}
    if journal.is_file():
        for line in journal.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                found[entry["graph"]] = entry["digest"]
            except (ValueError, KeyError, TypeError):  # the last line of a process that was killed
                continue
    return {graph: digest for graph, digest in found.items() if digest is not None}
