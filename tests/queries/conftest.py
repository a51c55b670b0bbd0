"""The graph of the seeds' hand-made facts, with what only the fact sheet says: nesting, blame, a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.mapping import article_quads, shared_quads
from kg.reconcile import review
from kg.reconcile.links import write
from kg.reconcile.overview import overview
from kg.store import Store
from kg.types import ActorKind, Reading, Rejected, Resolution, Role, Source, Span, Statement
from tests.gold_readings import BASE, RUN, read_gold


def _with(reading: Reading, start: int, **changes: object) -> Reading:
    statements = tuple(replace(s, **changes) if s.content.start == start else s for s in reading.statements)  # type: ignore[arg-type]
    assert statements != reading.statements
    return replace(reading, statements=statements)


def seed_readings(seeds: Path) -> Iterator[Reading]:
    """The two seed articles as a careful reader would read them."""
    for gold in sorted((seeds / "gold").glob("0*.json")):
        reading = read_gold(gold, seeds / "articles" / f"{gold.stem}.txt")
        text = reading.article.text
        if gold.stem.startswith("000"):
            words = "a convoy of injured people had been fired on by Syrian government forces and their allies"
            outer = next(i for i, s in enumerate(reading.statements) if s.content.start == 739)
            reports = Source("reports", ActorKind.DOCUMENT, Span(756, 763), Resolution.DESCRIPTION)
            start = text.index(words)
            inner = Statement(
                Span(start, start + len(words)),
                reading.statements[outer].mode,
                reports,
                None,
                "gold",
                1.0,
                parent=outer,
            )
            reading = replace(reading, statements=(*reading.statements, inner))
            blamed = Span(298, 343)
            reading = _with(reading, 294, responsible=Role(blamed.of(text), blamed))
            refused = Rejected("report", Span(1655, 1663), "a figure of vehicles, not of people", "trigger_object")
            reading = replace(reading, rejected=(refused,))
        yield reading


@pytest.fixture(scope="session")
def gold_store(root: Path) -> Store:
    """All graphs of the seeds, in memory."""
    store = Store.memory()
    for reading in seed_readings(root / "seeds"):
        store.extend(article_quads(reading, RUN, BASE))
        store.extend(shared_quads(reading, RUN, BASE))
    return store


@pytest.fixture(scope="session")
def reconciled_store(root: Path) -> Store:
    """The seeds' graphs with what reconciliation adds, and reviews."""
    store = Store.memory()
    readings = list(seed_readings(root / "seeds"))
    for reading in readings:
        store.extend(article_quads(reading, RUN, BASE))
        store.extend(shared_quads(reading, RUN, BASE))
    write(store, overview(store), BASE)
    report = f"{BASE}id/article/b5a506fe0ea1657e#report-evacuated-"
    for tail, verdict, changes in (
        ("615-620", "rejected", ()),
        ("336-348", "accepted", ()),
        ("336-348", "amended", (("value", "6500"),)),
    ):
        at = f"2026-11-22T1{len(changes)}:00:00Z"
        review.add(store, review.made(f"{report}{tail}", verdict, "Jane Doe", base=BASE, at=at, changes=changes))
    return store
