"""Gold facts -> readings -> graph -> export queries -> the scorer: nothing may be lost on the way."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pyoxigraph import Quad, Store

from kg.mapping import article_quads, shared_quads
from kg.types import Reading
from tests.gold_readings import BASE, RUN, read_gold


def answers(quads: Iterator[Quad], query: Path) -> list[dict[str, str]]:
    """The rows of a query over the union of all graphs, as a CSV reader would give them."""
    store = Store()
    store.bulk_extend(quads)
    solutions = store.query(query.read_text("utf-8"), use_default_graph_as_union=True)
    names = [v.value for v in solutions.variables]
    return [{n: row[n].value if row[n] is not None else "" for n in names} for row in solutions]


def quads_of(readings: list[Reading]) -> Iterator[Quad]:
    for reading in readings:
        yield from article_quads(reading, RUN, BASE)
        yield from shared_quads(reading, RUN, BASE)


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def grouped(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["article"], []).append(row)
    return found


def assert_perfect(result: dict[str, Any]) -> None:
    for name, value in result.items():
        if isinstance(value, dict) and "F1" in value:
            assert value["F1"] == 100.0 or value["gold"] == value["found"] == 0, (name, value)
        elif isinstance(value, dict):
            assert set(value.values()) <= {100.0, None}, (name, value)


def test_gold_survives_the_graph(shared: Path, root: Path, scorer: ModuleType) -> None:
    files = sorted((shared / "gold" / "dev").glob("*.json"))
    readings = [read_gold(f, shared / "gold" / "text" / f"{f.stem}.txt") for f in files]
    quads = list(quads_of(readings))
    statements = grouped(answers(iter(quads), root / "queries" / "export" / "statements.rq"))
    reports = grouped(answers(iter(quads), root / "queries" / "export" / "reports.rq"))
    gold = {f.stem: json.loads(f.read_text("utf-8")) for f in files}
    result = scorer.score(gold, statements, reports, 40)
    assert result["documents"] == len(files) > 0
    assert_perfect(result)
