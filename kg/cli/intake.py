"""The commands that bring articles in and take them out. What they do is imported when they run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.arguments import INPUTS, Base, Json, Model, StoreDir
from kg.errors import UsageError
from kg.store.remote import is_address

_STORE = Path("store")
Jobs = Annotated[int, typer.Option(min=1, max=256, help="Processes that read at once.")]
Gate = Annotated[
    bool, typer.Option("--gate", help="Skip articles that can hold none of our events; their quotations are not read.")
]


class CopyRule(StrEnum):
    """What becomes of articles that print the words of another."""

    LINK = "link"
    SKIP = "skip"
    OFF = "off"


class Engine(StrEnum):
    """Who runs the parts of a build."""

    LOCAL = "local"
    RAY = "ray"


CopiesOption = Annotated[
    CopyRule,
    typer.Option("--copies", help="Articles that print another's words: link, read no claims, or ignore."),
]


def build(
    paths: Annotated[list[Path] | None, typer.Argument(help=INPUTS)] = None,
    store: StoreDir = _STORE,
    base: Base = None,
    model: Model = None,
    jobs: Jobs = 1,
    field: Annotated[
        list[str] | None, typer.Option("--field", help="ours=theirs: a field's name in records. Repeatable.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Leave alone what this version built before.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what could not be read before.")] = False,
    gate: Gate = False,
    copies: CopiesOption = CopyRule.LINK,
    parts: Annotated[
        str | None,
        typer.Option("--parts", help="Write parts of N-Quads there; then `kg load`.", metavar="DIR|URL"),
    ] = None,
    split: Annotated[int, typer.Option(min=1, max=100_000, help="Number of parts.")] = 16,
    engine: Annotated[Engine, typer.Option(help="Who runs the parts.")] = Engine.LOCAL,
    address: Annotated[str | None, typer.Option(help="Of a Ray cluster; without it Ray is started here.")] = None,
    stamp: Annotated[bool, typer.Option("--stamp", help="Record when the run began: output then differs.")] = False,
    rejected: Annotated[bool, typer.Option("--rejected", help="List claims that were not taken, and why.")] = False,
    as_json: Json = False,
) -> int:
    """Read articles and write their claims to a store.

    An article that is built again replaces its former claims. Exit code 1 if an input could not be read;
    the others are built all the same.
    """
    given = dict(locals())
    if bool(paths) == retry:
        raise UsageError("PATH… or --retry was expected", hint="see `kg build --help`")
    if is_address(store):
        from kg.cli.remote import build_there

        return build_there(store, lambda folder: build(**given | {"store": folder}))
    if parts is not None:
        from kg.cli import parts as shares

        if retry or resume:
            raise UsageError("--parts goes on by itself, found --retry or --resume", hint="leave them out")
        work = shares.Work(parts, split, engine.value, address, jobs, tuple(field or ()), gate, stamp)
        return shares.write(paths or [], work, base, model)
    if engine is not Engine.LOCAL:
        raise UsageError(f"--parts was expected with --engine {engine.value}", hint="name a folder that all nodes see")
    from kg.cli import build as one

    options = one.Choices(
        store, base, model, jobs, field or [], resume, retry, stamp, rejected, as_json, gate, copies.value
    )
    return one.build(paths or [], options)


def load(
    parts: Annotated[str, typer.Argument(help="Folder or address that `kg build --parts` wrote.", metavar="DIR|URL")],
    store: StoreDir = _STORE,
    base: Base = None,
    copies: CopiesOption = CopyRule.LINK,
) -> int:
    """Put finished parts into a store. Exit code 1 if inputs of theirs could not be read."""
    from kg.cli import parts as shares

    return shares.load(parts, store, base, link=copies is not CopyRule.OFF)


def fetch(
    lists: Annotated[list[Path], typer.Argument(help="Addresses (one a line), sitemaps or feeds, from files.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the pages.", metavar="DIR")],
    pause: Annotated[float, typer.Option(min=0.1, help="Seconds between two requests to a host.")] = 1.0,
    most: Annotated[int, typer.Option("--most", min=1, help="Pages to fetch.")] = 10_000,
) -> int:
    """Fetch the pages that lists name, politely; pages that are there already are left. Then build the folder.

    robots.txt is obeyed, and only public addresses are asked. Exit code 1 if a page could not be had.
    """
    from kg.cli import fetch as work

    return work.fetch(lists, to, pause, most)


def failures(
    store: StoreDir = _STORE,
    skipped: Annotated[bool, typer.Option("--skipped", help="List articles that were skipped, and why.")] = False,
    as_json: Json = False,
) -> int:
    """List what the last builds could not read. Exit code 1 if there is something."""
    from kg.cli import build as work

    return work.skipped(store, as_json=as_json) if skipped else work.failures(store, as_json=as_json)


def withdraw(
    articles: Annotated[list[str], typer.Argument(help="File stems, IRIs or SHA-256 of articles.")],
    store: StoreDir = _STORE,
    base: Base = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave deleted words in the database's files until it is written anew.")
    ] = False,
) -> int:
    """Take articles out of a store: their claims, and what only they brought, from every published state."""
    from kg.cli import withdraw as work

    return work.withdraw(articles, store, base, erase=not quick)
