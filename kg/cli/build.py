"""`kg build`: articles into a store."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.cli import options
from kg.cli.messages import progress, put, say
from kg.errors import UsageError
from kg.pipeline import Built, Kept, Outcome, Repeated, run_of
from kg.pipeline import build as built
from kg.readers import Failure, read
from kg.settings import Settings
from kg.store import Store
from kg.types import Run


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose."""

    store: Path
    base: str | None
    model: str | None
    jobs: int
    fields: list[str]
    resume: bool
    stamp: bool
    rejected: bool
    as_json: bool


def build(paths: list[Path], choices: Choices) -> int:
    """Build and tell; the exit code. Raises UsageError if there was nothing to build."""
    chosen = options.settings(choices.base, choices.model)
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if choices.stamp else None
    run = run_of(chosen.model, started=started)
    begun = time.monotonic()
    outcomes: list[Outcome] = []
    with Store.create_or_open(choices.store) as target:
        for outcome in _shown(paths, target, run, chosen, choices):
            outcomes.append(outcome)
            if isinstance(outcome, Failure):
                say(f"not built: {outcome.error}")
            elif isinstance(outcome, Built):
                for fault in outcome.faults:
                    say(f"{outcome.id}: against the shapes: {fault.message} - {fault.focus} {fault.value}".rstrip())
    if choices.as_json:
        put(json.dumps(_report(outcomes, run, choices.store), ensure_ascii=False, indent=1) + "\n")
    elif choices.rejected:
        put("".join(_rejections(outcomes)))
    say(_summary(outcomes, choices.store, time.monotonic() - begun))
    if not outcomes:
        raise UsageError("articles were expected, none were found", hint="name files or folders with articles")
    return int(any(isinstance(o, Failure) or (isinstance(o, Built) and o.faults) for o in outcomes))


def _shown(paths: list[Path], target: Store, run: Run, chosen: Settings, choices: Choices) -> Iterator[Outcome]:
    """The outcomes, with a progress bar on terminals."""
    inputs = read(paths, max_bytes=chosen.max_bytes, fields=options.pairs(choices.fields, "--field"))
    with progress() as bar:
        task = bar.add_task("reading", total=None, rate="")
        begun = time.monotonic()
        for n, outcome in enumerate(
            built(inputs, target, run, base=chosen.base, model=chosen.model, jobs=choices.jobs, resume=choices.resume),
            start=1,
        ):
            bar.update(task, completed=n, rate=f"{n / (time.monotonic() - begun + 1e-9):.1f} articles/s")
            yield outcome


def _summary(outcomes: list[Outcome], store: Path, seconds: float) -> str:
    done = [o for o in outcomes if isinstance(o, Built)]
    parts = [
        f"{len(done)} articles built",
        f"{sum(o.statements for o in done)} statements",
        f"{sum(o.reports for o in done)} reports",
        f"{sum(len(o.rejected) for o in done)} rejected",
    ]
    kept, same = (sum(isinstance(o, kind) for o in outcomes) for kind in (Kept, Repeated))
    parts += [f"{kept} kept as they were"] * bool(kept) + [f"{same} with the text of another"] * bool(same)
    failed = sum(isinstance(o, Failure) for o in outcomes)
    parts += [f"{failed} inputs not read"] * bool(failed)
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
        "failures": [{"path": o.path, "error": str(o.error)} for o in outcomes if isinstance(o, Failure)],
    }


def _rejections(outcomes: list[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        if isinstance(outcome, Built):
            for r in outcome.rejected:
                yield f"{outcome.id}\t{r.kind}\t{r.span.start}\t{r.span.end}\t{r.rule}\t{r.reason}\n"
