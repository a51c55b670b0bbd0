"""`kg audit`, `kg speech`, `kg diff`: what stands beside what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg import queries
from kg.cli.messages import put, say
from kg.errors import UsageError
from kg.reconcile.diff import Change
from kg.reconcile.diff import diff as differences
from kg.reconcile.overview import Overview, overview
from kg.reconcile.told import Told, told, told_in
from kg.settings import resource
from kg.store import Store

_SIGNS = {"found": "+", "lost": "-", "changed": "~"}


def audit(store: Path, *, as_json: bool) -> int:
    """Print the faults of arithmetic; the exit code is 1 if there is one."""
    with Store.open(store) as opened:
        found = overview(opened)
    by_figure = {c.amount.id: c for c in found.claims.values() if c.amount}
    rows = [
        {
            "reason": fault.reason,
            "whole": by_figure[fault.whole].id,
            "whole_words": _words(found, by_figure[fault.whole].id),
            "parts": list(fault.parts),
            "part_words": [_words(found, p) for p in fault.parts],
            "sentence": " ".join(by_figure[fault.whole].sentence.split()),
        }
        for fault in found.faults
    ]
    if as_json:
        put(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        for row in rows:
            put(f"{row['reason']}: {', '.join(row['part_words'])} of {row['whole_words']}\n  {row['sentence']}\n")
            put(f"  {row['whole']}\n")
    say(f"{store}: {len(found.claims)} claims, {len(rows)} whose arithmetic does not hold")
    return int(bool(rows))


def _words(found: Overview, claim: str) -> str:
    amount = found.claims[claim].amount
    return " ".join(amount.words.split()) if amount else found.claims[claim].trigger


def speech(store: Path, actor: str | None, topic: str | None, *, as_json: bool) -> int:
    """Print who said what: one speech in several outlets, one actor over time, or one topic over actors."""
    if actor and topic:
        raise UsageError("--actor or --topic was expected, found both", hint="ask one after the other")
    with Store.open(store) as opened:
        if actor or topic:
            name, value = ("actor-over-time", {"actor": actor}) if actor else ("topic-over-actors", {"topic": topic})
            rows = _asked(opened, name, {k: v for k, v in value.items() if v})
        else:
            rows = _side_by_side(overview(opened), {c.id: c for c in told(opened)})
    if as_json:
        put(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        put("".join(f"{line}\n" for line in _lines(rows)))
    return 0


def _asked(opened: Store, name: str, values: dict[str, str]) -> list[dict[str, Any]]:
    text = queries.bind(queries.read(resource("queries") / f"{name}.rq"), values)
    found: Any = opened.query(text)
    columns = [v.value for v in found.variables]
    return [{c: None if row[c] is None else str(row[c].value) for c in columns} for row in found]


def _side_by_side(found: Overview, claims: dict[str, Told]) -> list[dict[str, Any]]:
    return [
        {
            "speech": event.key,
            "actor": event.name,
            "date": claims[ident].values.get("published"),
            "article": claims[ident].doc,
            "mode": claims[ident].values.get("mode"),
            "content": claims[ident].words,
            "claim": ident,
            "confidence": confidence,
            "evidence": list(evidence),
        }
        for event in found.speech_events
        for ident, confidence, evidence in event.members
        if ident in claims
    ]


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A heading for each speech or actor, below it the words with article, date and mode."""
    last = None
    for row in rows:
        head = (row.get("speech"), row.get("actor"))
        if head != last:
            yield f"{row.get('actor')}"
            last = head
        role = f", as {row['role']}" if row.get("role") else ""
        yield f"  {row.get('date') or 'no date'}  {row['article']}{role}  {row.get('mode')}: {row['content']}"
        if row.get("evidence"):
            yield f"    one speech ({row['confidence']}): {'; '.join(row['evidence'])}"


def diff(old: Path, new: Path, *, check: bool, as_json: bool) -> int:
    """Print the differences of two runs; the exit code is 1 if there is one and `check` asks."""
    changes = differences(told_in(old), told_in(new))
    if as_json:
        put(json.dumps([_record(c) for c in changes], ensure_ascii=False, indent=1) + "\n")
    else:
        put("".join(f"{line}\n" for c in changes for line in _change(c)))
    tally = Counter(c.kind for c in changes)
    say(f"{old} → {new}: " + ", ".join(f"{tally[kind]} {kind}" for kind in _SIGNS))
    return int(check and bool(changes))


def _change(change: Change) -> Iterator[str]:
    claim = change.claim
    what = claim.values.get("measure") or claim.kind
    source = claim.values.get("source") or "(the article)"
    yield f"{_SIGNS[change.kind]} {claim.doc} {claim.start}-{claim.end} {what}: {claim.words!r}, {source}"
    yield from (f"    {name}: {one or '(none)'} → {other or '(none)'}" for name, one, other in change.fields)


def _record(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "article": change.claim.doc,
        "kind": change.claim.kind,
        "words": change.claim.words,
        "old": change.old.id if change.old else None,
        "new": change.new.id if change.new else None,
        "fields": [{"field": f, "old": a, "new": b} for f, a, b in change.fields],
    }
