"""`kg build --parts` and `kg load`: a build cut into parts, and the parts into a store."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.cli import options
from kg.cli.messages import progress, say
from kg.errors import UsageError
from kg.pipeline import (
    Built,
    Copies,
    Job,
    Repeated,
    Skipped,
    link_copies,
    load_parts,
    manifests,
    record,
    run_here,
    run_of,
    run_on_ray,
    skipping,
    sweep,
)
from kg.readers import Failure
from kg.reconcile import versions
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Work:
    """What the command line chose."""

    target: str
    parts: int
    engine: str  # "local" or "ray"
    address: str | None
    jobs: int
    fields: tuple[str, ...]
    gate: bool
    stamp: bool


def write(paths: list[Path], work: Work, base: str | None, model: str | None) -> int:
    """Write all parts that are not there yet; the exit code is 1 if inputs could not be read."""
    missing = [p for p in paths if not p.exists()]
    if missing:
        raise UsageError("files or folders were expected, nothing is there", hint=f"check {missing[0]}")
    chosen = options.settings(base, model)
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if work.stamp else None
    job = Job(
        sources=tuple(str(p.resolve()) for p in paths),
        target=work.target,
        parts=work.parts,
        run=run_of(chosen.model, started=started),
        base=chosen.base,
        model=chosen.model,
        max_bytes=chosen.max_bytes,
        fields=tuple(sorted(options.pairs(list(work.fields), "--field").items())),
        gate=work.gate,
    )
    begun = time.monotonic()
    outcomes = run_on_ray(job, work.address) if work.engine == "ray" else run_here(job, work.jobs)
    with progress() as bar:
        task = bar.add_task("parts", total=job.parts, rate="")
        for _ in outcomes:
            bar.advance(task)
    done = manifests(work.target)
    sums = {name: sum(getattr(p, name) for p in done) for name in ("articles", "quads", "skipped", "failures")}
    counted = ", ".join(f"{n:,} {name}" for name, n in sums.items())
    say(f"{work.target}: {len(done)} parts with {counted} in {time.monotonic() - begun:.1f} s; next: `kg load`")
    return int(sums["failures"] > 0)


def load(target: str, store: Path, base: str | None, *, link: bool) -> int:
    """Put the parts into the store; the exit code is 1 if inputs of theirs could not be read."""
    chosen = options.settings(base)
    begun = time.monotonic()
    tally: Counter[type] = Counter()
    quads = 0
    failures: list[Failure] = []
    loaded: list[tuple[int, str]] = []
    with ExitStack() as stack:
        opened = stack.enter_context(Store.create_or_open(store))
        copies = stack.enter_context(Copies.beside(store)) if link else None
        if copies is not None:
            sweep(opened, copies, chosen.base)
        before = versions.known(opened)
        note = stack.enter_context(skipping(store, [target]))
        for outcome in load_parts(target, opened, base=chosen.base, copies=copies):
            tally[type(outcome)] += 1
            if isinstance(outcome, Failure):
                failures.append(outcome)
            elif isinstance(outcome, Skipped):
                note(outcome)
            elif isinstance(outcome, Built):
                quads += outcome.quads
                loaded.append((outcome.at, outcome.sha256))
        record(store, failures, [target])
        copied = link_copies(opened, copies, chosen.base) if copies is not None else 0
        in_order = [sha256 for _, sha256 in sorted(loaded)]
        corrected = versions.link_versions(opened, chosen.base, in_order, before)
    said = {Built: "articles loaded", Repeated: "with the text of another", Skipped: "skipped", Failure: "not read"}
    counted = ", ".join(f"{tally[kind]:,} {words}" for kind, words in said.items() if tally[kind] or kind is Built)
    counted += f", {quads:,} quads, {copied:,} printing another's words"
    counted += f", {corrected:,} correcting an earlier version" * bool(corrected)
    say(f"{store}: {counted} in {time.monotonic() - begun:.1f} s")
    return int(bool(failures))
