"""Commands over stores elsewhere: build here and deliver there, fetch there and serve here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.arguments import StoreDir
from kg.cli.messages import say
from kg.store import Store, is_store
from kg.store import remote as far
from kg.store.outbox import deliver, fetch, folder_for

_STORE = Path("store")
Address = Annotated[
    str, typer.Argument(help="Of the other store: https://host/ or oxigraph+http://host/.", metavar="URL")
]


def push(address: Address, store: StoreDir = _STORE) -> int:
    """Deliver a store's graphs to a store elsewhere: those that have changed since, each as a whole.

    Exit code 1 if some could not be delivered; the same command sends them later.
    """
    with Store.open(store) as opened:
        done = deliver(opened, store, far.parse(address))
    say(f"{address}: {done.sent} graphs sent, {done.deleted} deleted, {len(done.failed)} not delivered")
    if done.why is not None:
        say(str(done.why))
    return 1 if done.failed else 0


def pull(address: Address, store: StoreDir = _STORE) -> int:
    """Fetch the graphs of a store elsewhere into a store here, whether that is served or not."""
    with Store.create_or_open(store) as opened:
        changed = fetch(far.parse(address), opened)
    say(f"{store}: {changed} graphs changed")
    return 0


def build_there(address: Path, build: Callable[[Path], int]) -> int:
    """Build in the outbox of a store elsewhere, then deliver. The worse of both exit codes."""
    folder = folder_for(address)
    folder.parent.mkdir(parents=True, exist_ok=True)
    code = build(folder)
    return max(code, push(str(address), folder)) if is_store(folder) else code


def copy_of(address: Path) -> Path:
    """A store here with what the store elsewhere holds now."""
    folder = folder_for(address).with_suffix(".copy")
    folder.parent.mkdir(parents=True, exist_ok=True)
    pull(str(address), folder)
    return folder
