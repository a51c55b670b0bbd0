"""What an archive costs: speed beside the bare model, two processes, memory, size and time of a million claims."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.nlp import encoder
from kg.pipeline import Built, Choice, Copies, build, link_copies, run_of, withdraw
from kg.readers.layout import masked
from kg.settings import Settings
from kg.store import Store
from tests.pipeline import varied

pytestmark = pytest.mark.bench

_ARTICLES = int(os.environ.get("NEWSCLAIMS_BENCH_ARTICLES", "60"))
_SETTINGS = Settings()


def _memory() -> float:
    """Resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _built(store: Store, count: int, jobs: int = 1, copies: Copies | None = None) -> Iterator[Built]:
    run, choice = run_of(_SETTINGS.model), Choice(copies=copies)
    made = varied.articles(count)
    for one in build(made, store, run, base=_SETTINGS.base, model=_SETTINGS.model, jobs=jobs, choice=choice):
        assert isinstance(one, Built)
        yield one


def test_articles_a_second_and_core_beside_the_bare_model() -> None:
    nlp = encoder.load()
    some = list(varied.articles(_ARTICLES))
    for one in some[:3]:
        nlp(masked(one))
    begun = time.process_time()
    for one in some:
        nlp(masked(one))
    bare = time.process_time() - begun
    with Store.memory() as store:
        list(_built(store, 3))
        begun = time.process_time()
        built = list(_built(store, _ARTICLES))
        ours = time.process_time() - begun
    words = sum(len(a.text.split()) for a in some) / len(some)
    claims = sum(b.statements + b.reports for b in built)
    print(
        f"\n{_ARTICLES} articles of {words:.0f} words, CPU time: bare model {_ARTICLES / bare:.2f} articles/s/core, "
        f"whole build {_ARTICLES / ours:.2f} articles/s/core ({bare / ours:.0%} of it the model); "
        f"{claims / _ARTICLES:.1f} claims and {sum(b.quads for b in built) / _ARTICLES:.0f} quads an article"
    )


def test_two_processes_beside_one(tmp_path: Path) -> None:
    seconds = {}
    for jobs in (1, 2):
        with Store.create_or_open(tmp_path / str(jobs)) as store:
            outcomes = _built(store, _ARTICLES, jobs)
            # The first articles wait for the models: what is measured is the flow after that.
            first = [next(outcomes) for _ in range(min(24, _ARTICLES // 2))]
            begun = time.monotonic()
            rest = len(list(outcomes))
            seconds[jobs] = (time.monotonic() - begun) / rest
            assert first
    load = os.getloadavg()[0]
    print(
        f"\none process {1 / seconds[1]:.2f} articles/s, two {1 / seconds[2]:.2f}: "
        f"{seconds[1] / seconds[2] / 2:.0%} of the ideal (load of the machine: {load:.1f} on {os.cpu_count()} cores)"
    )


def test_memory_size_and_time(tmp_path: Path) -> None:
    begun, marks, claims, quads, built = time.process_time(), [], 0, 0, 0
    folder = tmp_path / "store"
    with Store.create_or_open(folder) as store, Copies.beside(folder) as copies:
        for built, one in enumerate(_built(store, _ARTICLES, 1, copies), start=1):
            claims, quads = claims + one.statements + one.reports, quads + one.quads
            if built % max(1, _ARTICLES // 8) == 0:
                marks.append((built, _memory()))
                print(
                    f"  {built:,} articles, {time.process_time() - begun:.0f} s of CPU, {marks[-1][1]:.0f} MiB",
                    flush=True,
                )
        reading = time.process_time() - begun
        link_copies(store, copies, _SETTINGS.base)
        linking = time.process_time() - begun - reading
        store.compact()
        unique = len(store)
        size = sum(p.stat().st_size for p in (folder / "data").rglob("*") if p.is_file())
        begun = time.process_time()
        first = next(varied.articles(1))
        withdraw(store, _SETTINGS.base, [first.sha256])
        away = time.process_time() - begun
    half = marks[len(marks) // 2]
    growth = (marks[-1][1] - half[1]) / (marks[-1][0] - half[0])
    index = (folder / "copies.sqlite").stat().st_size
    print(
        f"\nmemory grows by {growth * 1024:.1f} KiB an article in the second half; at 100,000 articles "
        f"{marks[-1][1] + growth * (100_000 - built):,.0f} MiB\n"
        f"a million claims: {built / claims * 1e6:,.0f} articles, {quads / claims:,.1f} M quads "
        f"({unique / claims:,.1f} M in the store), {size / claims * 1e6 / 2**20:,.0f} MiB, "
        f"{reading / claims * 1e6 / 3600:,.1f} core-hours of reading; index of copies "
        f"{index / built / 1024:.1f} KiB an article, {linking / built * 1000:.1f} ms to link it; "
        f"one article withdrawn in {away * 1000:.0f} ms"
    )
    _plan(reading / built, quads / built, size / built, index / built)
    assert growth < 0.02 or built < 1_000  # the first hundreds fill caches that are bounded


def _plan(seconds: float, quads: float, stored: float, index: float) -> None:
    """What archives of three sizes cost, from the constants measured above."""
    print("articles      core-hours  cores for a night (10 h)   quads       store      index of copies")
    for articles in (1e6, 1e8, 1e9):
        hours = articles * seconds / 3600
        print(
            f"{articles:13,.0f} {hours:11,.0f} {hours / 10:17,.0f} {articles * quads / 1e9:14,.2f} G "
            f"{articles * stored / 2**30:9,.0f} GiB {articles * index / 2**30:9,.0f} GiB"
        )
