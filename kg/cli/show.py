"""`kg show`: the claims of an article beside its words, for a human editor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from kg.cli import options
from kg.cli.messages import put, say
from kg.nlp.pipeline import load
from kg.nlp.records import to_json
from kg.pipeline import read_articles
from kg.readers import Failure, read
from kg.types import READABLE, Reading, Report, Span, Statement, TimeScope

_WORDS = 70


def show(paths: list[Path], model: str | None, *, as_json: bool) -> int:
    """Print each article with its claims; the exit code is 1 if one could not be read."""
    chosen = options.settings(model=model)
    nlp = load(chosen.model)
    failed = False
    for reading in read_articles(nlp, read(paths, max_bytes=chosen.max_bytes)):
        if isinstance(reading, Failure):
            say(f"not read: {reading.error}")
            failed = True
        elif as_json:
            put(json.dumps(_record(reading), ensure_ascii=False) + "\n")
        else:
            _print(reading)
    return int(failed)


def _record(reading: Reading) -> dict[str, Any]:
    fields = ("sentences", "statements", "reports", "actors", "places", "rejected")
    return {"article": reading.article.id, **{f: to_json(getattr(reading, f)) for f in fields}}


def _print(reading: Reading) -> None:
    console = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    article = reading.article
    console.print(Text(f"{article.id}  {article.published or 'no date given'}", style="bold"))
    for zone in article.zones:
        words = zone.span.of(article.text)
        if zone.kind not in READABLE:
            console.print(Text(f"  [{zone.kind.value}] {words}", style="dim"))
            continue
        console.print(Text(f"\n{' '.join(words.split())}"))
        for line in _claims(reading, zone.span):
            console.print(Text(f"    {line}", style="cyan"))
    for r in reading.rejected:
        console.print(Text(f"rejected {r.kind} [{r.span.start},{r.span.end}) by {r.rule}: {r.reason}", style="red"))
    console.print()


def _claims(reading: Reading, zone: Span) -> Iterator[str]:
    """One line a claim whose words stand in `zone`, in text order."""
    text = reading.article.text
    lines: list[tuple[Span, str]] = [(s.content, _statement(s, text)) for s in reading.statements]
    lines += [(r.figure.span if r.figure else r.trigger, _report(r, text)) for r in reading.reports]
    for span, line in sorted(lines):
        if zone.covers(span):
            yield f"{line}  [{span.start},{span.end})"


def _statement(statement: Statement, text: str) -> str:
    who = statement.source.name if statement.source else "(nobody named)"
    cue = f" {_short(statement.cue.of(text))}" if statement.cue else " …"
    how = f", {statement.source.resolution.value}" if statement.source else ""
    return f"said    {who}{cue}: {_short(statement.content.of(text))}  ({statement.mode.value}{how}, {statement.rule})"


def _report(report: Report, text: str) -> str:
    figure = report.figure.text if report.figure else "(no figure)"
    parts = [f"{report.measure}, {report.status.value}: {_short(figure)}"]
    if report.figure:
        parts.append(f"= {_value(report.figure.value)} [{_value(report.figure.low)}..{_value(report.figure.high)}]")
    roles = (("by", report.agent), ("from", report.origin), ("to", report.destination), ("in", report.place))
    parts += [
        f"{word} {_name(role)}" for word, role in (*roles, ("cause", report.cause), ("time", report.time)) if role
    ]
    parts.append(f"says {report.source.name}" if report.source else "in the article's own voice")
    return f"report  {' '.join(parts)}  ({report.rule})"


def _name(role: Any) -> str:
    if isinstance(role, TimeScope):
        when = role.earliest if role.earliest == role.latest else f"{role.earliest}..{role.latest}"
        return f"{role.text!r}" + (f" = {when}" if role.earliest else "")
    return str(getattr(role, "name", None) or role.text)


def _value(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WORDS else line[: _WORDS - 1] + "…"
