"""What pages cost: how many queries each asks, and what is kept for the next who asks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyoxigraph as ox
import pytest

from kg.reconcile import records
from kg.store import Store
from server import holdings, ledger, shelf
from server.backend import Backend
from server.holdings import Article, Claim, Holdings
from server.problems import Problem
from tests.server.page import page
from tests.serving import Running

ARTICLE = "b5a506fe0ea1657e"
EVENT = f"event/{ARTICLE}/evacuation-geonames-170063"
# At most so many; the holdings are read before. More than these would be felt under load.
_QUERIES = {
    "/": 0,
    "/articles": 0,
    "/search?q=aleppo&measure=evacuated": 0,
    "/search.csv": 0,
    "/map": 0,
    "/timeline": 0,
    "/compare": 0,
    f"/page/article/{ARTICLE}": 3,
    f"/claim/{ARTICLE}/report-evacuated-336-348": 5,
    f"/page/{EVENT}": 4,
    f"/page/{EVENT}?as=csv": 4,
    "/page/actor/person-john-kerry": 2,
    "/page/place/geonames-170063": 1,
    f"/graph/{EVENT}": 2,
    f"/doc/article/{ARTICLE}.ttl": 2,
    "/queries/said-by?actor=Turkey": 1,
}


@pytest.mark.parametrize("path", _QUERIES)
def test_a_page_asks_few_queries(seeded: Running, path: str) -> None:
    seeded.client.get("/search")
    backend = cast(Backend, seeded.backend)
    before = sum(backend.metrics.queries.values())
    assert seeded.client.get(path).status_code == 200
    assert sum(backend.metrics.queries.values()) - before <= _QUERIES[path]


def test_the_ledger_of_an_event_is_that_of_the_whole_store(seed_lines: str, tmp_path: Path) -> None:
    (tmp_path / "data.nq").write_text(seed_lines, encoding="utf-8")
    with Store.create_or_open(tmp_path / "store") as store:
        store.load(tmp_path / "data.nq")
        every = (Path(records.__file__).with_name("claims.rq")).read_text(encoding="utf-8")
        rows = _rows(store, every)
        for count in (1, 2, len(rows)):
            chosen = sorted({row["?report"] for row in rows})[:count]
            expected = [row for row in rows if row["?report"] in chosen]
            assert _rows(store, ledger.query(iri.strip("<>") for iri in chosen)) == expected
    assert len(rows) > 20


def _rows(store: Store, text: str) -> list[dict[str, str]]:
    found = cast(ox.QuerySolutions, store.query(text))
    return [{str(name): str(row[name]) for name in found.variables} for row in found]


def _held(generation: int) -> Holdings:
    articles = tuple(Article(f"urn:{name}", name, name) for name in "ab")
    claims = tuple(Claim(f"{one.iri}#c", "report", one, "l", "w", 0, "s") for one in articles)
    return Holdings(generation, articles, claims, True, {claim.iri: claim for claim in claims})


async def _read_through(kept: shelf.Shelf) -> None:
    while kept._reading is not None:
        await asyncio.sleep(0)


def test_a_large_store_is_read_behind_what_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """While a new generation is read, the one before is shown, but nothing that was taken down."""
    newest: list[int] = [1]
    faults: list[Problem] = []
    let_go = asyncio.Event()

    async def read(_: Any, generation: int) -> Holdings:
        if generation > 1:
            await let_go.wait()
        if faults:
            raise faults.pop()
        return _held(generation)

    async def scene() -> None:
        backend = cast(Any, SimpleNamespace(generation=lambda: newest[0], settings=SimpleNamespace(store=tmp_path)))
        kept = shelf.Shelf()
        assert (await kept.newest(backend)).generation == 1
        kept._took_s = 60.0
        newest[0] = 2
        assert (await kept.newest(backend)).generation == 1
        (tmp_path / "withdrawn.jsonl").write_text('{"article": "urn:a", "at": "2020-01-01"}\n', encoding="utf-8")
        shown = await kept.newest(backend)
        assert [claim.iri for claim in shown.claims] == ["urn:b#c"]
        faults.append(Problem(503, "busy", "no place"))
        let_go.set()
        await _read_through(kept)
        assert (await kept.newest(backend)).generation == 1  # it could not be read: not tried again at once
        kept._again_at = 0.0
        await kept.newest(backend)
        await _read_through(kept)
        last = await kept.newest(backend)
        assert last.generation == 2

    monkeypatch.setattr(shelf, "read", read)
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_a_reading_that_a_busy_machine_breaks_off_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def answer(_: Any, __: int, text: str) -> list[holdings.Facts]:
        asked.append(text)
        if text == "gone":
            raise Problem(503, "generation", "gone")
        if len(asked) < 3:
            raise Problem(503, "worker-lost", "lost")
        return [{"claim": "urn:c"}]

    monkeypatch.setattr(shelf, "_asked", answer)
    monkeypatch.setattr(shelf, "_BREATH_S", 0.0)
    backend = cast(Backend, None)
    assert asyncio.run(shelf._rows(backend, 1, "q")) == [{"claim": "urn:c"}]
    assert asked == ["q"] * 3
    with pytest.raises(Problem):
        asyncio.run(shelf._rows(backend, 1, "gone"))
    assert len(asked) == 4


def test_odd_numbers_in_the_graph_hurt_nobody() -> None:
    rows: dict[str, list[holdings.Facts]] = {name: [] for name in (*shelf._NAMES, "reviews")}
    rows["articles"] = [{"article": "urn:a", "label": "A", "name": "a"}]
    rows["reports"] = [{"claim": "urn:a#c", "article": "urn:a", "label": "l", "words": "w", "start": "x"}]
    rows["figures"] = [{"claim": "urn:a#c", "low": "1e9"}]
    latitudes = enumerate(("east", "NaN", "1e99", "45.5"))
    rows["places"] = [{"place": f"urn:{n}", "name": "n", "latitude": at, "longitude": "1"} for n, at in latitudes]
    rows["mentions"] = [{"claim": "urn:a#c", "role": "at", "mention": "urn:m", "shared": f"urn:{n}"} for n in range(4)]
    claim = holdings.made(1, rows).claims[0]
    assert (claim.start, claim.low) == (0, None)
    assert [place.latitude for place in claim.places] == [None, None, None, 45.5]


def test_pages_are_made_once_a_generation(seeded: Running) -> None:
    first, again = (page(seeded, "/timeline?measure=killed") for _ in range(2))
    assert first == again
    assert cast(Backend, seeded.backend).cache._held > len(first)
