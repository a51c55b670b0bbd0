"""`kg evaluate`: figures against gold."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg import evaluate as evaluation
from kg import floors
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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose."""

    gold: Path | None
    texts: Path | None
    docs: tuple[str, ...]
    errors: int
    check: bool
    by_document: bool
    raise_floors: bool
    model: str | None
    as_json: bool


def evaluate(choices: Choices, parts: Sequence[str] = (), parses: Path | None = None, of_model: bool = False) -> int:
    """Score and print; the exit code is 1 if a figure to be reached was not. Raises UsageError without gold.

    `parts`: names of `kg.evaluate.PARTS`; with them or `of_model` (the language model's own figures) the gold is
    scored only where its folder was given.
    """
    reader = evaluation.reader_of(options.settings(model=choices.model), parses)
    told, checks = _gold(choices) if choices.gold or not (parts or of_model) else ({}, ())
    sections = evaluation.sections(parts, reader)
    if of_model:
        from kg.cli import model_figures

        sections = (*sections, model_figures.section(reader.model))
    if choices.as_json:
        listed = [asdict(c) for c in checks]
        put(json.dumps({**told, "checks": listed, "sections": [asdict(s) for s in sections]}, indent=1) + "\n")
    else:
        for section in sections:
            put("\n".join(evaluation.lines(section)) + "\n\n")
            sys.stderr.write("".join(f"{line}\n" for line in section.differences[: choices.errors]))
    every = (*checks, *(c for s in sections for c in s.checks)) if choices.check else ()
    missed = [c for c in every if not c.met]
    if missed:
        say(f"{len(missed)} of {len(every)} checks missed")
    return int(bool(missed))


def _gold(choices: Choices) -> tuple[dict[str, Any], tuple[evaluation.Check, ...]]:
    """Scores the gold, and prints it unless JSON is wanted."""
    known = evaluation.gold(choices.gold, choices.texts, choices.docs)
    store = evaluation.graph(known.documents, known.texts, options.settings(model=choices.model))
    found = evaluation.score(known, store, errors=choices.errors)
    alone = evaluation.by_group(known, store) | evaluation.by_document(known, store) if choices.by_document else {}
    checks = evaluation.checks(known, store) if choices.check else ()
    if not choices.as_json:
        put("".join(f"{name:52s} {value}\n" for name, value in found.items()))
        _print_documents(alone)
        put("".join(f"{'ok  ' if c.met else 'MISS'} {c.name}: {c.found}\n" for c in checks))
    if choices.raise_floors:
        _raise(evaluation.reached(known, store))
    return {"figures": found, "documents": alone}, checks


def _raise(found: dict[tuple[str, str], float]) -> None:
    before = floors.floors()
    after = floors.raised(before, found)
    draft = floors.path().with_suffix(".new")
    draft.write_text(floors.text(after), encoding="utf-8")
    draft.replace(floors.path())
    say(f"{sum(a != b for a, b in zip(before, after, strict=True))} of {len(after)} floors raised in {floors.path()}")


def _print_documents(alone: dict[str, dict[str, Any]]) -> None:
    if not alone:
        return
    table = Table("F1", *_SHORT.values(), box=None)
    for document, figures in alone.items():
        table.add_row(Text(document, no_wrap=True), *(f"{figures[name]['F1']:.1f}" for name in _SHORT))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
