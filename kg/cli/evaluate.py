"""`kg evaluate`: figures against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kg import evaluate as evaluation
from kg.cli import options
from kg.cli.messages import put, say

_SHORT = {
    "statement content (overlap >= 0.5)": "content",
    evaluation.ATTRIBUTED: "attributed",
    "statement content (exact)": "exact",
    "statement whole (exact content + source + cue)": "whole",
    "figure (event, measure group, span)": "figure",
    evaluation.CLAIM: "claim",
    "figure frame (+ measure, where, agent)": "frame",
    "report without figure": "no figure",
}


def evaluate(
    gold: Annotated[Path | None, typer.Option(help="Folder of gold. [default: shared/gold/dev]", metavar="DIR")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Folder of its texts. [default: near the gold]", metavar="DIR")
    ] = None,
    docs: Annotated[str, typer.Option(help="Only these documents, comma-separated.")] = "",
    errors: Annotated[int, typer.Option(min=0, help="Print the first N differences to standard error.")] = 0,
    check: Annotated[bool, typer.Option("--check", help="Exit code 1 if a figure to be reached is not.")] = False,
    by_document: Annotated[bool, typer.Option("--by-document", help="F1 of each document too.")] = False,
    model: options.Model = None,
    as_json: options.Json = False,
) -> int:
    """Read the gold's texts, ask the export queries and score the answers with the gold's own scorer."""
    chosen = options.settings(model=model)
    known = evaluation.gold(gold, texts, [d for d in docs.split(",") if d])
    store = evaluation.graph(known.documents, known.texts, chosen)
    found = evaluation.score(known, store, errors=errors)
    alone = evaluation.by_document(known, store) if by_document else {}
    checks = evaluation.checks(known, store) if check else ()
    if as_json:
        listed = [{"name": c.name, "found": c.found, "met": c.met} for c in checks]
        put(json.dumps({"figures": found, "documents": alone, "checks": listed}, indent=1) + "\n")
    else:
        put("".join(f"{name:52s} {value}\n" for name, value in found.items()))
        _print_documents(alone)
        put("".join(f"{'ok  ' if c.met else 'MISS'} {c.name}: {c.found}\n" for c in checks))
    missed = [c for c in checks if not c.met]
    if missed:
        say(f"{len(missed)} of {len(checks)} checks missed")
    return int(bool(missed))


def _print_documents(alone: dict[str, dict[str, Any]]) -> None:
    if not alone:
        return
    table = Table("F1", *_SHORT.values(), box=None)
    for document, figures in alone.items():
        table.add_row(document, *(f"{figures[name]['F1']:.1f}" for name in _SHORT))
    Console().print(table)
