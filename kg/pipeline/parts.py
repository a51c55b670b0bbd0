"""The build cut into parts that any engine can run: pure from a share of the input to a file of N-Quads.

TARGET/part-00003.nq.gz       the quads, one block an article, blocks in the order of the input
TARGET/part-00003.jsonl.gz    one row an input: what became of it, and how many lines its block has
TARGET/part-00003.json        checksums of both; written last, so that a part without it does not count

TARGET is any address that fsspec knows: a folder, s3://…, gs://…, memory://….
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fsspec

from kg.errors import StoreError
from kg.pipeline.copies import words_of
from kg.pipeline.gate import NO_EVENT, passes
from kg.pipeline.work import Result, one_result
from kg.readers import Failure, numbered
from kg.readers.sketch import sketch
from kg.types import Article, Run

_ODD = "a folder of parts was expected"


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker must know; plain values, so that every engine can send it."""

    sources: tuple[str, ...]  # files and folders that every worker sees under these names
    target: str
    parts: int
    run: Run
    base: str
    model: str
    max_bytes: int = 10_000_000
    fields: tuple[tuple[str, str], ...] = ()
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part, as its manifest says."""

    number: int
    of: int
    run: str  # what it was made by and from: another run or input makes it void
    articles: int
    quads: int
    failures: int
    skipped: int
    quads_sha256: str
    rows_sha256: str


def write_part(job: Job, number: int) -> Part:
    """Read a job's share `number` and write its part; a part that is there already is left as it is.

    The same job and number give the same bytes on any machine. Raises ModelError, and OSError of the target.
    """
    found = part(job, number)
    if found is not None:
        return found
    quads_total, rows_total = hashlib.sha256(), hashlib.sha256()
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as here:
        quads_path, rows_path = Path(here, "nq.gz"), Path(here, "jsonl.gz")
        with _packing(quads_path, quads_total) as add_quads, _packing(rows_path, rows_total) as add_row:
            for row, block in _rows(job, number):
                counts[row["kind"]] += 1
                counts["quads"] += row.get("quads", 0)
                add_quads(block)
                add_row(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        sums = quads_total.hexdigest(), rows_total.hexdigest()
        done = counts["articles"], counts["quads"], counts["failures"], counts["skipped"]
        made = Part(number, job.parts, _origin(job), *done, *sums)
        files, folder = fsspec.core.url_to_fs(job.target)
        files.makedirs(folder, exist_ok=True)
        for path in (quads_path, rows_path):
            files.put_file(str(path), f"{folder.rstrip('/')}/{_name(number)}.{path.name}")
    files.pipe_file(f"{folder.rstrip('/')}/{_name(number)}.json", json.dumps(asdict(made), indent=1).encode() + b"\n")
    return made


def part(job: Job, number: int) -> Part | None:
    """The part if it is finished, and comes from this job's run and input."""
    try:
        found = next(_manifests(job.target, [_name(number)]), None)
    except StoreError:
        found = None  # killed while it was written
    return found if found is not None and (found.of, found.run) == (job.parts, _origin(job)) else None


def manifests(target: str) -> tuple[Part, ...]:
    """All finished parts, in order. Raises StoreError if some are missing or they do not belong together."""
    files, folder = fsspec.core.url_to_fs(target)
    names = [n.rpartition("/")[2] for n in files.glob(f"{folder.rstrip('/')}/part-*.json")]
    found = sorted(_manifests(target, [n.removesuffix(".json") for n in names]), key=lambda p: p.number)
    if not found:
        raise StoreError(f"{_ODD}, none found", where=target, hint="write them with `kg build … --parts`")
    if len({(p.of, p.run) for p in found}) > 1:
        raise StoreError(f"{_ODD}, found parts of several runs", where=target, hint="write them into an empty folder")
    missing = sorted(set(range(found[0].of)) - {p.number for p in found})
    if missing:
        message = f"{found[0].of} parts were expected, {len(missing)} are missing (first: {_name(missing[0])})"
        raise StoreError(message, where=target, hint="run the same `kg build … --parts` again: it writes only those")
    return tuple(found)


def lines(target: str, made: Part, what: str) -> Iterator[bytes]:
    """The lines of a part's file (`what` is "nq" or "jsonl"), checked. Raises StoreError at the end if they differ."""
    path = f"{target.rstrip('/')}/{_name(made.number)}.{what}.gz"
    total = hashlib.sha256()
    try:
        with fsspec.open(path, "rb") as raw, gzip.open(raw) as stream:
            for line in stream:
                total.update(line)
                yield line
    except (OSError, EOFError) as e:
        raise StoreError(
            f"a part was expected: {e}", where=path, hint=f"delete {_name(made.number)}.* and build again"
        ) from e
    if total.hexdigest() != (made.quads_sha256 if what == "nq" else made.rows_sha256):
        message = "the part's checksum does not fit its manifest"
        raise StoreError(message, where=path, hint=_again(made))


def _again(made: Part) -> str:
    return f"delete {_name(made.number)}.* and build the parts again"


def _rows(job: Job, number: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    share = (number, job.parts)
    inputs = numbered(job.sources, max_bytes=job.max_bytes, fields=dict(job.fields), share=share)
    for place, item in inputs:
        if isinstance(item, Failure):
            yield _failure_row(place, item), b""
        elif job.gate and not passes(item):
            yield {**_row("skipped", place, item), "reason": NO_EVENT}, b""
        else:
            found = one_result(item, job.run, job.base, job.model)
            if isinstance(found, Failure):
                yield _failure_row(place, found), b""
            else:
                yield _article_row(place, item, found), found.lines


def _failure_row(place: int, failure: Failure) -> dict[str, Any]:
    return {"kind": "failures", "at": place, "path": failure.path, "error": str(failure.error)}


def _row(kind: str, place: int, article: Article) -> dict[str, Any]:
    published = article.published.isoformat() if article.published else None
    origin = article.origin or article.id
    return {
        "kind": kind,
        "at": place,
        "id": article.id,
        "sha256": article.sha256,
        "path": origin,
        "published": published,
    }


def _article_row(place: int, article: Article, found: Result) -> dict[str, Any]:
    seen = sketch(article)
    sizes = {"quads": found.quads, "statements": found.statements, "reports": found.reports}
    rejected = {"rejected": len(found.rejected), "faults": len(found.faults)}
    return {**_row("articles", place, article), **sizes, **rejected, "runs": seen.runs, "sketch": words_of(seen)}


@contextmanager
def _packing(path: Path, total: Any) -> Iterator[Callable[[bytes], None]]:
    """Adds bytes to a gzip file and to a digest. The file has no time in it: the same bytes give the same file."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as out:

        def add(data: bytes) -> None:
            total.update(data)
            out.write(data)

        yield add


def _origin(job: Job) -> str:
    """What decides a part's bytes, as a digest."""
    made_of = (job.sources, job.parts, job.run, job.base, job.max_bytes, job.fields, job.gate)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]


def _name(number: int) -> str:
    return f"part-{number:05d}"


def _manifests(target: str, names: list[str]) -> Iterator[Part]:
    for name in names:
        try:
            with fsspec.open(f"{target.rstrip('/')}/{name}.json", "rb") as file:
                yield Part(**json.loads(file.read()))
        except FileNotFoundError:
            continue
        except (ValueError, TypeError) as e:
            message = f"a part's manifest was expected, found: {e}"
            raise StoreError(message, where=f"{target}/{name}.json", hint="delete it and build again") from e
