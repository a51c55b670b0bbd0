"""The arguments of the commands that keep a store: serve it, copy it, put a copy back, make it small."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.arguments import StoreDir
from kg.cli.messages import say
from kg.store import Store
from kg.store import backup as copy_store
from kg.store import restore as restore_store
from kg.store.remote import is_address

_STORE = Path("store")


def _flag(text: str) -> Any:
    return typer.Option(help=text, show_default=False)


Text = str | None
Int = int | None
Float = float | None
Bool = bool | None


def serve(
    store: Annotated[Path | None, _flag("Folder of the store.  [default: store]")] = None,
    config: Annotated[
        Path | None, _flag("TOML file with a table [server]; flags and environment go before it.")
    ] = None,
    base: Annotated[Text, _flag("Base IRI of the data.")] = None,
    host: Annotated[Text, _flag("Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[Int, _flag("Port to listen on; 0 takes a free one.  [default: 8000]")] = None,
    public_url: Annotated[Text, _flag("Address that clients see, behind a proxy.")] = None,
    writable: Annotated[Bool, _flag("Accept updates and graph-store writes, with a token.")] = None,
    tokens: Annotated[Text, _flag('JSON: {"SHA-256 of a token": "read", "write" or "admin"}.')] = None,
    private: Annotated[Bool, _flag("Ask for a token for reading too.")] = None,
    audit: Annotated[Bool, _flag("Record every write as PROV in the graph `audit`.  [default: yes]")] = None,
    quick_workers: Annotated[Int, _flag("Processes for queries that end at once.  [default: 3]")] = None,
    reserve_workers: Annotated[Int, _flag("Further ones, for small queries only.  [default: 2]")] = None,
    slow_workers: Annotated[Int, _flag("Processes for queries that take longer.  [default: 2]")] = None,
    slice_s: Annotated[Float, _flag("Seconds until a query moves to the slow lane.  [default: 0.25]")] = None,
    deadline_s: Annotated[Float, _flag("Seconds until a query is ended.  [default: 30]")] = None,
    write_deadline_s: Annotated[Float, _flag("Seconds until an update is ended.  [default: 120]")] = None,
    memory_mb: Annotated[Int, _flag("Address space of a worker, in MiB.  [default: 1024]")] = None,
    copy_percent: Annotated[Int, _flag("Part of the free memory that a copy may take; 0: none.  [default: 25]")] = None,
    waiting: Annotated[Int, _flag("Requests that may wait for a worker.  [default: 64]")] = None,
    per_client: Annotated[Int, _flag("Requests a client may have open at once.  [default: 16]")] = None,
    per_minute: Annotated[Int, _flag("Requests a client may begin in a minute.  [default: 6000]")] = None,
    texts: Annotated[Path | None, _flag("Folder of articles as text, shown whole on their pages.")] = None,
    licence: Annotated[Text, _flag("IRI of the licence under which the data may be used.")] = None,
    query_bytes: Annotated[Int, _flag("Largest query, in bytes.  [default: 1000000]")] = None,
    write_bytes: Annotated[Int, _flag("Largest update or graph, in bytes.  [default: 64000000]")] = None,
    nesting: Annotated[Int, _flag("Most brackets open at once in a query.  [default: 100]")] = None,
    graphs: Annotated[Int, _flag("Most graphs that a request may name as its dataset.  [default: 64]")] = None,
    cache_mb: Annotated[Int, _flag("Memory for results that are asked for again, in MiB.  [default: 64]")] = None,
    cors: Annotated[Bool, _flag("Let pages of other sites read.  [default: yes]")] = None,
) -> int:
    """Serve a store: SPARQL, linked data and pages, until Ctrl-C.

    Every setting may also stand in the environment (NEWSCLAIMS_SERVER_DEADLINE_S=10) or in a TOML file (deadline_s =
    10 in the table [server]; see server/deploy/newsclaims.toml). Flags go before the environment, that before the file.
    """
    flags = {name: value for name, value in locals().items() if value is not None}
    if store is not None and is_address(store):
        from kg.cli.remote import copy_of

        flags["store"] = copy_of(store)
    from server.serve import serve as run_server

    run_server(**flags)
    return 0


def backup(
    target: Annotated[Path, typer.Argument(help="Folder to write; it must not exist, or be empty.", metavar="DIR")],
    store: StoreDir = _STORE,
) -> int:
    """Copy a store's newest published state, while it is served and written.

    The copy is a store: `kg serve`, `kg query` and `kg restore` take it.
    """
    quads = copy_store(store, target)
    say(f"{target}: {quads} quads copied")
    return 0


def restore(
    source: Annotated[Path, typer.Argument(help="Folder that `kg backup` wrote.", metavar="DIR")],
    store: StoreDir = _STORE,
) -> int:
    """Put a copy in place of all that a store holds; a running server answers from it at once."""
    quads = restore_store(source, store)
    say(f"{store}: {quads} quads restored")
    return 0


def compact(store: StoreDir = _STORE) -> int:
    """Rewrite a store's files as small and fast as they can be. Readers go on; writers have to wait."""
    with Store.create_or_open(store) as opened:
        opened.compact()
        quads = len(opened)
    say(f"{store}: {quads} quads, compacted")
    return 0
