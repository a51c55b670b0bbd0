"""`kg serve`: a store over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import options


def serve(
    store: options.Store = Path("store"),
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.  [default: 8000]")] = None,
    public_url: Annotated[str | None, typer.Option(help="Address that clients see, behind a proxy.")] = None,
    writable: Annotated[bool | None, typer.Option("--writable", help="Accept updates, with a token.")] = None,
    private: Annotated[bool | None, typer.Option("--private", help="Ask for a token for reading too.")] = None,
) -> int:
    """Serve a store: SPARQL, linked data and pages, until Ctrl-C. More settings: NEWSCLAIMS_SERVER_… (see README)."""
    from server.serve import serve as run_server

    run_server(store, host=host, port=port, public_url=public_url, writable=writable, private=private)
    return 0
