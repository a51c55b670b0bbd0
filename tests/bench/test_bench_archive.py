"""What an archive costs: speed beside the bare model, two processes beside one, memory, size and time of many.

`pytest -s -m bench tests/bench/test_bench_archive.py` takes some three minutes on a machine with nothing else to do.
NEWSCLAIMS_BENCH_ARTICLES=100000 builds so many short articles with two processes; NEWSCLAIMS_BENCH_STORE=DIR keeps
their store, so that a killed run goes on where it was.
"""

from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from kg.nlp import encoder
from kg.pipeline import Built, Choice, Copies, Kept, build, link_copies, run_of, sweep, withdraw
from kg.readers.layout import masked
from kg.settings import Settings
from kg.store import Store
from kg.types import Article
from tests.pipeline import brief, varied

pytestmark = pytest.mark.bench

_MANY = int(os.environ.get("NEWSCLAIMS_BENCH_ARTICLES", "600"))
_SETTINGS = Settings()
_WARM = 16  # articles: what they take, and the start of the processes, is taken away from what more of them take
_MEMORY = 2.5 * 1024  # MiB, of all processes together


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, of this process and of its children."""

    wall: float
    here: float
    children: float

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.here - other.here, self.children - other.children)

    @property
    def processor(self) -> float:
        return self.here + self.children


def _now() -> Spent:
    here, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Spent(time.monotonic(), here.ru_utime + here.ru_stime, children.ru_utime + children.ru_stime)


def _build(folder: Path, articles: list[Article], jobs: int) -> Spent:
    """What a build of these articles takes, from an empty folder to a store that holds them."""
    begun = _now()
    with Store.create_or_open(folder) as store, Copies.beside(folder) as copies:
        run, choice = run_of(_SETTINGS.model), Choice(copies=copies)
        made = build(articles, store, run, base=_SETTINGS.base, model=_SETTINGS.model, jobs=jobs, choice=choice)
        assert all(isinstance(one, Built) for one in made)
    return _now() - begun


def _flow(folder: Path, articles: list[Article], jobs: int) -> Spent:
    """What the articles after the first few take."""
    start = _build(folder / f"{jobs}-start", articles[:_WARM], jobs)
    return _build(folder / f"{jobs}-all", articles, jobs) - start


def _alone(folder: Path, articles: list[Article], core: int) -> float:
    """Seconds by the clock that one process on a core of its own takes."""
    os.sched_setaffinity(0, {core})
    return _flow(folder, articles, 1).wall


def _apart(folder: Path, articles: list[Article], cores: set[int]) -> float:
    """Seconds that separate builds of equal shares take at the same time, one a core: what the machine can give.

    Cores share caches and memory, so two of them do less than twice what one does while the other rests.
    """
    first, second, *_ = sorted(cores)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        shares = [articles[:_WARM] + articles[_WARM + half :: 2] for half in (0, 1)]
        done = [pool.submit(_alone, folder / f"on-{c}", s, c) for c, s in zip((first, second), shares, strict=True)]
        return max(one.result() for one in done)


@pytest.mark.parametrize(
    ("what", "count", "made"), [("usual", 240, varied.articles), ("short", 300, brief.articles)], ids=["usual", "short"]
)
def test_two_processes_beside_one_and_the_bare_model(
    tmp_path: Path, what: str, count: int, made: Callable[[int], Iterator[Article]]
) -> None:
    articles = list(made(count + _WARM))
    nlp, words = encoder.load(), sum(len(a.text.split()) for a in articles) / len(articles)
    for one in articles[:_WARM]:
        nlp(masked(one))
    begun = time.process_time()
    for one in articles[_WARM:]:
        nlp(masked(one))
    bare = time.process_time() - begun
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # of one process the ideal is counted with all its threads on one core
    try:
        one_core = _flow(tmp_path, articles, 1)
    finally:
        os.sched_setaffinity(0, cores)
    two = _flow(tmp_path, articles, 2)
    apart = _apart(tmp_path, articles, cores)
    print(
        f"\n{count} {what} articles of {words:.0f} words; load of the machine {os.getloadavg()[0]:.1f} on {len(cores)}"
        f" cores\nbare model {count / bare:.2f} articles/s and core; build {count / one_core.processor:.2f} articles/s"
        f" and core ({bare / one_core.processor:.0%} of it the model)\n"
        f"by the clock: one process on one core {count / one_core.wall:.2f} articles/s, two on two"
        f" {count / two.wall:.2f}: {one_core.wall / two.wall / 2:.0%} of twice as many; two builds apart at the same"
        f" time {count / apart:.2f}: {apart / two.wall:.0%} of what the two cores can do\n"
        f"by processor time: one process {one_core.processor / count * 1000:.1f} ms an article, two"
        f" {two.processor / count * 1000:.1f} ms, of which the parent {two.here / count * 1000:.1f} ms"
        f" ({two.here / two.processor:.0%}): {one_core.processor / two.processor:.0%} of the ideal"
    )


def _all_processes() -> list[float]:
    """Proportional share of memory of this process and of those that it started, in MiB."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
    mine = [os.getpid()]
    for pid in mine:
        mine += [child for child, parent in parents.items() if parent == pid]
    return [found for pid in mine if (found := _share(pid)) is not None]


def _share(pid: int) -> float | None:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None


def _size(folder: Path) -> float:
    """MiB of all files, a file with several names counted once."""
    files = {(s.st_ino, s.st_size) for p in folder.rglob("*") if p.is_file() for s in [p.stat()]}
    return sum(size for _, size in files) / 2**20


def test_many_short_articles_in_flat_memory(tmp_path: Path) -> None:
    folder = Path(os.environ.get("NEWSCLAIMS_BENCH_STORE", tmp_path / "store"))
    begun, marks, claims, kept = time.monotonic(), [], 0, 0
    every = min(2_000, max(100, _MANY // 6))
    run = run_of(_SETTINGS.model)
    with Store.create_or_open(folder) as store, Copies.beside(folder) as copies:
        sweep(store, copies, _SETTINGS.base)
        choice, made = Choice(resume=True, copies=copies), brief.articles(_MANY)
        outcomes = build(made, store, run, base=_SETTINGS.base, model=_SETTINGS.model, jobs=2, choice=choice)
        for n, one in enumerate(outcomes, start=1):
            assert isinstance(one, Built | Kept), one
            kept += isinstance(one, Kept)
            claims += one.statements + one.reports if isinstance(one, Built) else 0
            if n % every == 0 and n > kept:
                shares = _all_processes()
                marks.append((n, sum(shares)))
                each, rate = " + ".join(f"{s:.0f}" for s in shares), (n - kept) / (time.monotonic() - begun)
                print(
                    f"{n:7,} articles, {rate:5.1f}/s, memory {sum(shares):5.0f} MiB ({each}),"
                    f" store {_size(folder):6.0f} MiB, load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
        read = time.monotonic() - begun
        linked = link_copies(store, copies, _SETTINGS.base)
        print(f"{linked:,} copies linked in {time.monotonic() - begun - read:.0f} s; {claims:,} claims in {read:.0f} s")
        marks.append((_MANY, sum(_all_processes())))
        assert len({a for a in marks if a[1] > _MEMORY}) == 0, marks
    half = marks[len(marks) // 2 - 1 :]
    growth = (half[-2][1] - half[0][1]) / max(1, half[-2][0] - half[0][0]) if len(half) > 2 else 0.0
    print(f"most {max(m for _, m in marks):.0f} MiB; second half grows by {growth * 1024:.2f} KiB an article")


def test_size_and_time_of_a_million_claims(tmp_path: Path) -> None:
    """The constants of the plan in the README, from articles of usual length."""
    folder, count = tmp_path / "store", 120
    claims = quads = 0
    with Store.create_or_open(folder) as store, Copies.beside(folder) as copies:
        run, choice = run_of(_SETTINGS.model), Choice(copies=copies)
        begun = time.process_time()
        made = varied.articles(count)
        for one in build(made, store, run, base=_SETTINGS.base, model=_SETTINGS.model, choice=choice):
            assert isinstance(one, Built)
            claims, quads = claims + one.statements + one.reports, quads + one.quads
        reading = time.process_time() - begun
        link_copies(store, copies, _SETTINGS.base)
        linking = time.process_time() - begun - reading
        store.compact()
        unique = len(store)
        size = sum(p.stat().st_size for p in (folder / "data").glob("*.sst"))
        begun = time.process_time()
        withdraw(store, _SETTINGS.base, [next(varied.articles(1)).sha256])
        away = time.process_time() - begun
    index = (folder / "copies.sqlite").stat().st_size
    print(
        f"\n{claims / count:.1f} claims and {quads / count:.0f} quads an article of usual length\n"
        f"a million claims: {count / claims * 1e6:,.0f} articles, {quads / claims:,.1f} M quads "
        f"({unique / claims:,.1f} M in the store), {size / claims * 1e6 / 2**20:,.0f} MiB, "
        f"{reading / claims * 1e6 / 3600:,.1f} core-hours of reading and writing; index of copies "
        f"{index / count / 1024:.1f} KiB an article, {linking / count * 1000:.1f} ms to link it; "
        f"one article withdrawn in {away * 1000:.0f} ms"
    )
    _plan(reading / count, quads / count, size / count, index / count)


def _plan(seconds: float, quads: float, stored: float, index: float) -> None:
    """What archives of three sizes cost, from the constants measured above."""
    print("articles      core-hours  cores for a night (10 h)   quads       store      index of copies")
    for articles in (1e6, 1e8, 1e9):
        hours = articles * seconds / 3600
        print(
            f"{articles:13,.0f} {hours:11,.0f} {hours / 10:17,.0f} {articles * quads / 1e9:14,.2f} G "
            f"{articles * stored / 2**30:9,.0f} GiB {articles * index / 2**30:9,.0f} GiB"
        )
