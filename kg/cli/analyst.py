"""The arguments of the analyst's commands: audit, speech, diff, review. What they do is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.arguments import Base, Json, StoreDir

_STORE = Path("store")
Overlay = Annotated[bool, typer.Option("--overlay", help="Take what analysts decided: see `kg review`.")]
Claim = Annotated[str, typer.Argument(help="IRI of a claim, or its end: 000_4e97…#report-evacuated-1693-1712.")]
By = Annotated[str, typer.Option("--by", help="Who decides.", metavar="NAME")]
At = Annotated[str | None, typer.Option("--at", help="When, as 2026-11-22T10:00:00Z.  [default: now]")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in a few words.")]


def audit(store: StoreDir = _STORE, as_json: Json = False) -> int:
    """Check the arithmetic of figures: a part over its whole, parts that add up to more than it.

    Exit code 1 if something does not add up.
    """
    from kg.cli import compared as work

    return work.audit(store, as_json=as_json)


def speech(
    store: StoreDir = _STORE,
    actor: Annotated[str | None, typer.Option(help="What this actor said, over time.", metavar="NAME")] = None,
    topic: Annotated[str | None, typer.Option(help="What was said with this word in it, by actor.")] = None,
    as_json: Json = False,
) -> int:
    """Print one speech in several outlets side by side; with --actor or --topic, who said what."""
    from kg.cli import compared as work

    return work.speech(store, actor, topic, as_json=as_json)


def diff(
    old: Annotated[Path, typer.Argument(help="A store's folder, or a file of N-Quads, TriG or Turtle.")],
    new: Annotated[Path, typer.Argument(help="The other one.")],
    check: Annotated[bool, typer.Option("--check", help="Exit code 1 if there is a difference.")] = False,
    as_json: Json = False,
) -> int:
    """Compare two runs claim by claim: found, lost, changed."""
    from kg.cli import compared as work

    return work.diff(old, new, check=check, as_json=as_json)


review = typer.Typer(no_args_is_help=True, help="Accept, reject or amend claims, beside what the program found.")


@review.command()
def accept(
    claim: Claim, by: By, store: StoreDir = _STORE, base: Base = None, reason: Reason = None, at: At = None
) -> int:
    """Say that a claim is as the program found it."""
    from kg.cli import review as work

    return work.decide(store, base, work.Wish(claim, "accepted", by, reason, at))


@review.command()
def reject(
    claim: Claim, by: By, store: StoreDir = _STORE, base: Base = None, reason: Reason = None, at: At = None
) -> int:
    """Say that the words do not make this claim."""
    from kg.cli import review as work

    return work.decide(store, base, work.Wish(claim, "rejected", by, reason, at))


@review.command()
def amend(
    claim: Claim,
    by: By,
    set_: Annotated[list[str], typer.Option("--set", help="field=value: status=planned. Repeatable.")],
    store: StoreDir = _STORE,
    base: Base = None,
    reason: Reason = None,
    at: At = None,
) -> int:
    """Give other values for a claim; the program's stay beside them."""
    from kg.cli import review as work

    return work.decide(store, base, work.Wish(claim, "amended", by, reason, at, tuple(set_)))


@review.command("list")
def list_(store: StoreDir = _STORE, as_json: Json = False) -> int:
    """Print all reviews; those that a later one takes the place of are marked."""
    from kg.cli import review as work

    return work.listed(store, as_json=as_json)


@review.command()
def remove(
    which: Annotated[str, typer.Argument(help="IRI of a review, or its end.", metavar="REVIEW")],
    store: StoreDir = _STORE,
    base: Base = None,
) -> int:
    """Take one review out again; the one before is in force then."""
    from kg.cli import review as work

    return work.remove(store, base, which)


@review.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder to write gold files to; - for standard output.")],
    store: StoreDir = _STORE,
    everything: Annotated[bool, typer.Option("--all", help="Articles without a review too.")] = False,
) -> int:
    """Write the reviewed articles' claims, corrected, as gold JSON: one file an article."""
    from kg.cli import review as work

    return work.export(store, out, everything=everything)
