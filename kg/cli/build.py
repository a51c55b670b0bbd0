"""`kg build`: articles into a store."""

from __future__ import annotations

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.cli import options
from kg.cli.messages import progress, put, say
from kg.errors import StoreError, UsageError
from kg.pipeline import (
    Built,
    Choice,
    Copies,
    Kept,
    Outcome,
    Repeated,
    Skipped,
    again,
    link_copies,
    record,
    recorded,
    run_of,
    skipping,
    sweep,
)
from kg.pipeline import build as built
from kg.pipeline import skipped as passed_over
from kg.readers import Failure, count, read
from kg.reconcile import versions
from kg.settings import Settings
from kg.store import Store, is_store
from kg.types import Run

# Failures told one by one; an archive may have thousands.
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose."""

    store: Path
    base: str | None
    model: str | None
    jobs: int
    fields: list[str]
    resume: bool
    retry: bool
    stamp: bool
    rejected: bool
    as_json: bool
    gate: bool = False
    copies: str = "link"  # or "skip", "off"


def build(paths: list[Path], choices: Choices) -> int:
    """Build and tell; the exit code. Raises UsageError if there was nothing to build."""
    chosen = options.settings(choices.base, choices.model)
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if choices.stamp else None
    run = run_of(chosen.model, started=started)
    begun = time.monotonic()
    tally: Counter[str] = Counter()
    told: list[Outcome] = []  # kept only for --json, so that an archive needs no more memory than a file
    failures: list[Failure] = []
    built_now: list[str] = []
    with ExitStack() as stack:
        target = stack.enter_context(Store.create_or_open(choices.store))
        copies = stack.enter_context(Copies.beside(choices.store)) if choices.copies != "off" else None
        if copies is not None:
            sweep(target, copies, chosen.base)
        sources, before = again(choices.store) if choices.retry else paths, versions.known(target)
        note = stack.enter_context(skipping(choices.store, map(str, sources)))
        for outcome in _shown(sources, target, run, chosen, choices, copies):
            tally.update(_counts(outcome))
            _tell(outcome, choices, tally)
            if choices.as_json:
                told.append(outcome)
            if isinstance(outcome, Failure):
                failures.append(outcome)
            elif isinstance(outcome, Skipped):
                note(outcome)
            elif isinstance(outcome, Built):
                built_now.append(outcome.sha256)
        record(choices.store, failures, map(str, sources))
        if copies is not None:
            tally["copies"] += link_copies(target, copies, chosen.base)
        tally["corrected"] += versions.link_versions(target, chosen.base, built_now, before)
    if choices.as_json:
        put(json.dumps(_report(told, run, choices.store), ensure_ascii=False, indent=1) + "\n")
    say(_summary(tally, choices.store, time.monotonic() - begun))
    if not any(tally.values()):
        raise UsageError("articles were expected, none were found", hint="name files or folders with articles")
    return int(tally["failures"] + tally["faults"] > 0)


def failures(store: Path, *, as_json: bool) -> int:
    """Print what the last builds could not read; the exit code is 1 if there is something."""
    if not is_store(store):
        raise StoreError("a store was expected, none is there", where=str(store), hint="build one with `kg build`")
    known = recorded(store)
    if as_json:
        put(json.dumps([{"path": p, "error": e} for p, e in known.items()], ensure_ascii=False, indent=1) + "\n")
    else:
        put("".join(f"{error}\n" for error in known.values()))
    say(f"{store}: {len(known)} inputs not read" + "; `kg build --retry` tries them again" * bool(known))
    return int(bool(known))


def skipped(store: Path, *, as_json: bool) -> int:
    """Print the articles from which the last builds read nothing, and why; the exit code is 0."""
    if not is_store(store):
        raise StoreError("a store was expected, none is there", where=str(store), hint="build one with `kg build`")
    number = 0
    for number, row in enumerate(passed_over(store), start=1):  # noqa: B007 - counted
        put(json.dumps(dataclasses.asdict(row)) + "\n" if as_json else f"{row.path}\t{row.reason}\n")
    say(f"{store}: {number:,} articles skipped")
    return 0


def _shown(
    sources: list[Path], target: Store, run: Run, chosen: Settings, choices: Choices, copies: Copies | None
) -> Iterator[Outcome]:
    """The outcomes, with a progress bar on terminals."""
    inputs = read(sources, max_bytes=chosen.max_bytes, fields=options.pairs(choices.fields, "--field"))
    wanted = Choice(choices.resume or choices.retry, choices.gate, copies, choices.copies == "skip")
    outcomes = built(inputs, target, run, base=chosen.base, model=chosen.model, jobs=choices.jobs, choice=wanted)
    with progress() as bar:
        task = bar.add_task("reading", total=count(sources), rate="")
        begun, failed = time.monotonic(), 0
        for n, outcome in enumerate(outcomes, start=1):
            failed += isinstance(outcome, Failure)
            rate = f"{n / (time.monotonic() - begun + 1e-9):.1f} articles/s" + f", {failed:,} failed" * bool(failed)
            bar.update(task, completed=n, rate=rate)
            yield outcome


def _counts(outcome: Outcome) -> dict[str, int]:
    if isinstance(outcome, Built):
        sizes = {"statements": outcome.statements, "reports": outcome.reports, "rejected": len(outcome.rejected)}
        return {"built": 1, "faults": len(outcome.faults), **sizes}
    return {{Kept: "kept", Repeated: "repeated", Skipped: "skipped"}.get(type(outcome), "failures"): 1}


def _tell(outcome: Outcome, choices: Choices, tally: Counter[str]) -> None:
    """What must be said of one outcome while the build goes on."""
    if isinstance(outcome, Failure):
        if tally["failures"] <= _TOLD:
            say(f"not built: {outcome.error}")
        elif tally["failures"] == _TOLD + 1:
            say("not built: more inputs; `kg failures` lists them all")
    elif isinstance(outcome, Built):
        for fault in outcome.faults:
            say(f"{outcome.id}: against the shapes: {fault.message} - {fault.focus} {fault.value}".rstrip())
        if choices.rejected and not choices.as_json:
            put("".join(_rejections(outcome)))


def _summary(tally: Counter[str], store: Path, seconds: float) -> str:
    parts = [
        f"{tally['built']:,} articles built",
        *(f"{tally[name]:,} {name}" for name in ("statements", "reports", "rejected")),
        *[f"{tally['kept']:,} kept as they were"] * (tally["kept"] > 0),
        *[f"{tally['repeated']:,} with the text of another"] * (tally["repeated"] > 0),
        *[f"{tally['skipped']:,} skipped"] * (tally["skipped"] > 0),
        *[f"{tally['copies']:,} printing another's words"] * (tally["copies"] > 0),
        *[f"{tally['corrected']:,} correcting an earlier version"] * (tally["corrected"] > 0),
        *[f"{tally['failures']:,} inputs not read"] * (tally["failures"] > 0),
    ]
    return f"{store}: {', '.join(parts)} in {seconds:.1f} s"


def _report(outcomes: list[Outcome], run: Run, store: Path) -> dict[str, Any]:
    built_rows = [
        {
            "id": o.id,
            "sha256": o.sha256,
            "origin": o.origin,
            "statements": o.statements,
            "reports": o.reports,
            "quads": o.quads,
            "rejected": [
                {"kind": r.kind, "start": r.span.start, "end": r.span.end, "reason": r.reason, "rule": r.rule}
                for r in o.rejected
            ],
            "faults": [dataclasses.asdict(f) for f in o.faults],
        }
        for o in outcomes
        if isinstance(o, Built)
    ]
    return {
        "store": str(store),
        "run": {
            "software": run.software,
            "model": run.model,
            "model_digest": run.model_digest,
            "rules_digest": run.rules_digest,
            "started": run.started,
        },
        "articles": built_rows,
        "kept": [{"id": o.id, "sha256": o.sha256} for o in outcomes if isinstance(o, Kept)],
        "repeated": [{"id": o.id, "first": o.first} for o in outcomes if isinstance(o, Repeated)],
        "skipped": [dataclasses.asdict(o) for o in outcomes if isinstance(o, Skipped)],
        "failures": [{"path": o.path, "error": str(o.error)} for o in outcomes if isinstance(o, Failure)],
    }


def _rejections(outcome: Built) -> Iterator[str]:
    for r in outcome.rejected:
        yield f"{outcome.id}\t{r.kind}\t{r.span.start}\t{r.span.end}\t{r.rule}\t{r.reason}\n"
