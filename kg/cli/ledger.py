"""`kg ledger`: all figures of each event side by side, how they stand to each other, and what policies make of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.cli import options
from kg.cli.messages import put, say
from kg.errors import UsageError
from kg.reconcile import links, overrides
from kg.reconcile.compare import Comparison, Relation
from kg.reconcile.events import Event
from kg.reconcile.ledger import POLICIES, Entry, Ledger, estimate
from kg.reconcile.overview import Overview, overview
from kg.reconcile.records import Claim
from kg.store import Store

_WORDS = 48


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose for `kg reconcile`."""

    base: str | None = None
    forget: bool = False
    override: Path | None = None
    overlay: bool = False


def ledger(store: Path, policy: list[str], place: str | None, *, as_json: bool, overlay: bool = False) -> int:
    """Print the ledgers of a store. `policy`: only these; `place`: only events there. Raises UsageError."""
    unknown = [p for p in policy if p not in POLICIES]
    if unknown:
        raise UsageError(f"--policy {', '.join(POLICIES)} was expected, found {unknown[0]!r}", hint="name a policy")
    with Store.open(store) as opened:
        found = overview(opened, overlay=overlay)
    chosen = policy or list(POLICIES)
    wanted = [e for e in found.events if place is None or (e.where and place.casefold() in e.where.name.casefold())]
    wanted.sort(key=lambda e: (-len(e.members), e.key))
    if as_json:
        put(json.dumps([_record(e, found, chosen) for e in wanted], ensure_ascii=False, indent=1) + "\n")
    else:
        put("".join(f"{line}\n" for e in wanted for line in _lines(e, found, chosen)))
    return 0


def reconcile(store: Path, choices: Choices) -> int:
    """Write what reconciliation finds in a store to its links graph, or take it out again."""
    chosen = options.settings(base=choices.base)
    decided = overrides.read(choices.override) if choices.override else ()
    with Store.create_or_open(store) as opened:
        if choices.forget:
            links.forget(opened, chosen.base)
            say(f"{store}: shared events, comparisons and candidates taken out")
            return 0
        overrides.write(opened, decided, chosen.base)
        found = overview(opened, overlay=choices.overlay)
        shared = links.write(opened, found, chosen.base)
    told = f"{len(found.claims)} claims, {len(found.events)} events; {shared} claims share one with another article"
    tally = Counter(c.relation.value for pairs in found.comparisons.values() for c in pairs)
    pairs = ", ".join(f"{tally[r.value]} {r.value.replace('_', ' ')}" for r in Relation if r.value in tally)
    say(f"{store}: {told}; pairs of figures: {pairs or 'none'}")
    if found.faults:
        say(f"{store}: {len(found.faults)} figures whose arithmetic does not hold; `kg audit` lists them")
    return 0


def _ledgers(event: Event, found: Overview) -> list[Ledger]:
    return [one for one in found.ledgers if one.event == event.key]


def _told(found: Overview, event: Event) -> list[Comparison]:
    return [c for c in found.comparisons[event.key] if c.relation is not Relation.NOT_COMPARABLE]


def _lines(event: Event, found: Overview, policies: list[str]) -> Iterator[str]:
    held = _ledgers(event, found)
    if not held:
        return
    articles = {found.claims[i].article for i, _ in event.members}
    days = f"{event.first or '?'}..{event.last or '?'}" if event.first or event.last else "no date"
    place = event.where.name if event.where else "no place"
    size = f"{_many(len(event.members), 'claim')}, {_many(len(articles), 'article')}"
    yield f"{event.kind}, {place}, {days}  ({size})  {event.key}"
    for one in held:
        yield f"  {one.measure}, {one.counts}"
        yield from (f"    {_entry(e)}" for e in one.entries)
        yield from (f"    {line}" for line in _estimates(one, policies))
    for pair in _told(found, event):
        first, second = _words(found.claims[pair.first]), _words(found.claims[pair.second])
        alone = "" if pair.independent else ", one telling"
        yield f"  {pair.relation.value}: {first!r} / {second!r}  ({pair.reason}{alone}, {pair.confidence})"
    yield ""


def _estimates(one: Ledger, policies: list[str]) -> Iterator[str]:
    """A line for each result, led by the policies that give it."""
    by_result: dict[str, list[str]] = {}
    for name in policies:
        made = estimate(one, name)
        if made.best is not None:
            by_result.setdefault(f"best {made.best:,}, {_edge(made.low)} to {_edge(made.high)}", []).append(name)
    yield from (f"{', '.join(names)}: {result}" for result, names in by_result.items())


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _entry(entry: Entry) -> str:
    claim = entry.claim
    marks = [claim.status.value] if entry.forecast or claim.status.value != "happened" else []
    marks += ["part"] if entry.part else []
    marks += ["replaced by a later one"] if entry.outdated else []
    when = entry.as_of.isoformat() if entry.as_of else "no date"
    return "  ".join(
        [_words(claim), claim.source or "(the article)", when, claim.id.rsplit("/", 1)[-1], *(f"[{m}]" for m in marks)]
    )


def _words(claim: Claim) -> str:
    words = " ".join(claim.amount.words.split()) if claim.amount else claim.trigger
    return words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"


def _edge(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _record(event: Event, found: Overview, policies: list[str]) -> dict[str, Any]:
    """One event for programs."""
    return {
        "event": event.key,
        "kind": event.kind,
        "place": event.where.name if event.where else None,
        "first": event.first.isoformat() if event.first else None,
        "last": event.last.isoformat() if event.last else None,
        "claims": [
            {"claim": i, "method": g.method, "confidence": g.confidence, "evidence": list(g.evidence)}
            for i, g in event.members
        ],
        "ledgers": [_ledger_record(one, policies) for one in _ledgers(event, found)],
        "comparisons": [
            {"first": c.first, "second": c.second, "relation": c.relation.value, "reason": c.reason,
             "confidence": c.confidence, "independent": c.independent}
            for c in found.comparisons[event.key]
        ],
    }  # fmt: skip


def _ledger_record(one: Ledger, policies: list[str]) -> dict[str, Any]:
    made = {name: estimate(one, name) for name in policies}
    return {
        "measure": one.measure,
        "counts": one.counts,
        "figures": [
            {"claim": e.claim.id, "words": _words(e.claim), "source": e.claim.source, "status": e.claim.status.value,
             "as_of": e.as_of.isoformat() if e.as_of else None, "part": e.part, "forecast": e.forecast,
             "telling": e.telling, "outdated": e.outdated}
            for e in one.entries
        ],
        "policies": {
            n: {"low": m.low, "best": m.best, "high": m.high, "basis": list(m.basis)} for n, m in made.items()
        },
    }  # fmt: skip
