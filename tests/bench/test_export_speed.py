"""How long exports and validation take: `pytest -m bench -s tests/bench/test_export_speed.py`."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import time
from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from kg.export import FORMATS, export
from kg.mapping import article_quads, shared_quads
from kg.types import Reading
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
ARTICLES = int(os.environ.get("NEWSCLAIMS_BENCH_ARTICLES", "1000"))

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def seed_readings(seeds: Path) -> tuple[Reading, ...]:
    return tuple(read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS)


@pytest.fixture(scope="module")
def many(seed_readings: tuple[Reading, ...]) -> Store:
    """The seeds again and again, each time as another article."""
    store = Store()
    for number in range(ARTICLES):
        reading = seed_readings[number % len(seed_readings)]
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        article = dataclasses.replace(reading.article, id=f"article-{number}", sha256=digest)
        store.bulk_extend(quads_of(dataclasses.replace(reading, article=article)))
    return store


def quads_of(reading: Reading) -> list[Quad]:
    return [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]


@pytest.mark.parametrize("name", [*sorted(FORMATS), "protege"])
def test_export(many: Store, tmp_path: Path, name: str) -> None:
    begun, worked = time.monotonic(), time.process_time()
    export(many, "ttl" if name == "protege" else name, tmp_path / "out", protege=name == "protege")
    size = (tmp_path / "out").stat().st_size
    wall, work = time.monotonic() - begun, time.process_time() - worked
    size_and_time = f"{size:,} bytes, {wall:.1f} s ({work:.1f} s of work)"
    print(f"\nexport {name}: {ARTICLES} articles, {len(many):,} quads, {size_and_time}")
    assert size > 0


def test_mapping_and_validation(seed_readings: tuple[Reading, ...]) -> None:
    check(quads_of(seed_readings[0]))  # shapes are compiled once
    begun = time.process_time()
    graphs = [quads_of(reading) for reading in seed_readings]
    mapped = time.process_time()
    assert all(check(graph).conforms for graph in graphs)
    checked = time.process_time()
    each = 1000 / len(seed_readings)
    print(f"\nan article: mapping {each * (mapped - begun):.0f} ms, validation {each * (checked - mapped):.0f} ms")
