"""The project's own made-up articles: some may be read while rules are written, the others are only scored."""

from __future__ import annotations

from pathlib import Path

from kg.evaluate import against_gold as golds
from kg.evaluate.readings import Reader, graph_of, read_folder
from kg.evaluate.scoring import score
from kg.evaluate.tables import Section
from kg.settings import resource
from kg.store import Store

MEASURES = (
    "statement content (overlap >= 0.5)",
    "statement content (exact)",
    golds.ATTRIBUTED,
    "statement whole (exact content + source + cue)",
    "figure (event, measure group, span)",
    golds.CLAIM,
    "figure frame (+ measure, where, agent)",
    "report without figure",
)


def folder() -> Path | None:
    """Where the articles lie in a checkout; None in an installed package, which does not hold them."""
    found = resource("seeds").parent / "tests" / "articles"
    return found if any(found.glob("*.json")) else None


def graph(reader: Reader, known: golds.Gold) -> Store:
    """The graph of the articles of `known`."""
    return graph_of((r.reading for r in read_folder(reader, known.texts, tuple(known.documents))), reader)


def written(reader: Reader) -> Section:
    """All scores of both halves. The differences are those of the first half alone: the other must stay unread."""
    there = folder()
    if there is None:
        return Section("Articles of our own", skipped="tests/articles is not there (only a checkout has it)")
    known = golds.gold(there, there)
    store = graph(reader, known)
    halves = {name: golds.members(known.documents)[name] for name in golds.WRITTEN}
    figures = golds.parts(known, store, {name: sorted(documents) for name, documents in halves.items()})
    rows = [(what, *(figures[half][what][k] for half in halves for k in ("P", "R", "F1", "gold"))) for what in MEASURES]
    readable = {d: known.documents[d] for d in sorted(halves[golds.WRITTEN[0]])}
    differences: list[str] = []
    score(readable, golds.rows(store, "statements"), golds.rows(store, "reports"), differences.append)
    return Section(
        "Articles of our own: " + ", ".join(f"{len(documents)} {name}" for name, documents in halves.items()),
        ("", "P", "R", "F1 (dev)", "gold", "P", "R", "F1 (held)", "gold"),
        tuple(rows),
        ("the held articles were never read while rules were written; differences are those of dev",),
        golds.checks(known, store),
        tuple(differences),
    )
