"""What persons decide goes before what the program finds: two claims, statements or actors are one, or are not.

Decisions come from a file (TOML or CSV) or are nodes of the graph `overrides` that anybody may write by SPARQL; they
stay when the program's own decisions are taken out.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.errors import InputError, UsageError
from kg.mapping import iris, terms
from kg.mapping.frame import ENGLISH, decimal, described, tagged, text
from kg.ontology import NAMESPACE, concept, nc
from kg.reconcile.events import Event, Grounds, event_of
from kg.reconcile.records import Claim
from kg.store import Store

_COLUMNS = ("verdict", "first", "second", "by", "at", "reason")
OVERRIDE = nc("Override")


@dataclass(frozen=True, slots=True)
class Decision:
    """Two IRIs that are one (`same`) or are not, who says so, and when (xsd:dateTime)."""

    first: str
    second: str
    same: bool
    by: str
    at: str
    reason: str = ""


def read(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file: TOML ([[same]] and [[different]] with `of`, `by`, `at`, `reason`) or CSV with the
    columns verdict, first, second, by, at, reason. Raises InputError that names the row."""
    try:
        written = path.read_text(encoding="utf-8")
        rows = _csv(written, path) if path.suffix.lower() == ".csv" else _toml(tomllib.loads(written))
    except OSError as e:
        raise InputError(f"a file of decisions was expected: {e.strerror}", where=str(path)) from e
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise InputError(f"TOML or CSV in UTF-8 was expected: {e}", where=str(path)) from e
    return tuple(_decision(row, path, n) for n, row in enumerate(rows, 1))


def _csv(written: str, path: Path) -> list[dict[str, Any]]:
    reader = csv.DictReader(written.splitlines())
    missing = [c for c in _COLUMNS[:4] if c not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"a column {missing[0]!r} was expected", where=f"{path}:1", hint=",".join(_COLUMNS))
    return [dict(row) for row in reader]


def _toml(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    shared = {k: v for k, v in data.items() if not isinstance(v, list)}
    rows = []
    for verdict in ("same", "different"):
        for entry in data.get(verdict, ()):
            pair = [*entry.get("of", ()), "", ""][:2]
            rows.append(shared | entry | {"verdict": verdict, "first": pair[0], "second": pair[1]})
    return rows


def _decision(row: Mapping[str, Any], path: Path, number: int) -> Decision:
    where = f"{path}, decision {number}"
    value = {k: str(row.get(k) or "").strip() for k in _COLUMNS}
    if value["verdict"] not in ("same", "different"):
        raise InputError(f"'same' or 'different' was expected, found {value['verdict']!r}", where=where)
    for side in ("first", "second"):
        if ":" not in value[side] or any(c in value[side] for c in ' <>"{}|\\^`'):
            raise InputError(f"an IRI was expected as {side}, found {value[side]!r}", where=where)
    if value["first"] == value["second"]:
        raise InputError("two IRIs were expected, found one twice", where=where)
    if not value["by"]:
        raise InputError("who decided was expected, found nobody", where=where, hint='by = "NAME"')
    return Decision(value["first"], value["second"], value["verdict"] == "same", value["by"],
                    _moment(row.get("at"), where), value["reason"])  # fmt: skip


def _moment(at: object, where: str) -> str:
    if at in (None, ""):
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(at, datetime):
        return at.isoformat()
    try:
        found = at if isinstance(at, date) else datetime.fromisoformat(str(at))
    except ValueError as e:
        raise InputError(f"a time such as 2026-11-22T10:00:00Z was expected, found {at!r}", where=where) from e
    return str(at) if isinstance(found, datetime) and "T" in str(at) else f"{str(found)[:10]}T00:00:00Z"


def override_quads(found: Iterable[Decision], base: str) -> tuple[Quad, ...]:
    """Quads of the graph `overrides`. A pair has one node, so that a later decision takes the place of an earlier."""
    graph = iris.graph(base, "overrides")
    rows = {t for d in found for t in _rows(d, base)}
    return tuple(sorted((Quad(t.subject, t.predicate, t.object, graph) for t in rows), key=str))


def _rows(made: Decision, base: str) -> tuple[Triple, ...]:
    pair = sorted((made.first, made.second))
    subject = NamedNode(f"{base}id/override/{hashlib.sha256(' '.join(pair).encode()).hexdigest()[:16]}")
    word = "same" if made.same else "different"
    short = [i.rsplit("/", 1)[-1] for i in pair]
    return (
        *described(
            subject,
            (terms.LINK, OVERRIDE),
            tagged(f"{short[0]} and {short[1]}: {word}, says {made.by}", ENGLISH),
            (terms.LINK_FROM, NamedNode(pair[0])),
            (terms.LINK_TO, NamedNode(pair[1])),
            (terms.LINK_METHOD, text("override")),
            (terms.CONFIDENCE, decimal(1)),
            (nc("relation"), concept("relation", word)),
            (nc("decidedBy"), text(made.by)),
            (nc("decidedAt"), Literal(made.at, datatype=terms.DATETIME)),
            *((nc("evidence"), text(made.reason)) for _ in range(bool(made.reason))),
        ),
    )


def write(store: Store, found: Iterable[Decision], base: str) -> int:
    """Put decisions into the store, each in place of an earlier one on the same pair; returns how many."""
    quads = override_quads(found, base)
    nodes = {q.subject for q in quads}
    graph = iris.graph(base, "overrides")
    store.touch()
    for node in nodes:
        for quad in list(store.inner.quads_for_pattern(node, None, None, graph)):
            store.inner.remove(quad)
    store.extend(quads)
    return len(nodes)


_QUERY = f"""PREFIX nc: <{NAMESPACE}>
SELECT ?first ?second ?relation ?by ?at ?reason WHERE {{
  ?override a nc:Override ; nc:linkFrom ?first ; nc:linkTo ?second ; nc:relation ?relation .
  OPTIONAL {{ ?override nc:decidedBy ?by }} OPTIONAL {{ ?override nc:decidedAt ?at }}
  OPTIONAL {{ ?override nc:evidence ?reason }} }} ORDER BY ?at ?first ?second"""


def decisions(store: Store) -> tuple[Decision, ...]:
    """All decisions of a store, the earliest first."""
    rows: Any = store.query(_QUERY)
    return tuple(
        Decision(
            row["first"].value, row["second"].value, row["relation"].value.endswith("relation-same"),
            *(row[k].value if row[k] is not None else "" for k in ("by", "at", "reason")),
        )
        for row in rows
    )  # fmt: skip


def overridden(found: Sequence[Event], claims: Mapping[str, Claim], made: Iterable[Decision]) -> tuple[Event, ...]:
    """The events as persons want them: first taken apart, then put together. Raises UsageError where they disagree."""
    about = [d for d in made if d.first in claims and d.second in claims]
    if not about:
        return tuple(found)
    groups: dict[int, dict[str, Grounds]] = {n: dict(e.members) for n, e in enumerate(found)}
    home = {i: n for n, members in groups.items() for i in members}
    touched: set[int] = set()
    for d in (d for d in about if not d.same):
        if home[d.first] == home[d.second]:
            touched |= _apart(d, groups, home, claims)
    for d in (d for d in about if d.same):
        if home[d.first] != home[d.second]:
            touched |= _together(d, groups, home)
    for d in (d for d in about if not d.same):
        if home[d.first] == home[d.second]:
            message = f"decisions that agree were expected; {d.first} and {d.second} are said to be different, and same"
            raise UsageError(message, hint="take one of them out")
    kept = [e for n, e in enumerate(found) if n not in touched]
    new = [event_of((claims[i], g) for i, g in groups[n].items()) for n in sorted(touched) if groups[n]]
    return tuple(sorted((*kept, *new), key=lambda e: e.key))


def _grounds(d: Decision) -> Grounds:
    return Grounds("override", 1.0, (f"decided by {d.by}", *((d.reason,) if d.reason else ())))


def _apart(
    d: Decision, groups: dict[int, dict[str, Grounds]], home: dict[str, int], claims: Mapping[str, Claim]
) -> set[int]:
    """Takes the second claim out, with what its article says of that event unless the first is of that article."""
    old, new = home[d.second], max(groups) + 1
    whole = claims[d.first].article != claims[d.second].article
    moved = [i for i in groups[old] if i == d.second or (whole and claims[i].article == claims[d.second].article)]
    groups[new] = {i: _grounds(d) if i == d.second else groups[old][i] for i in moved}
    for i in moved:
        del groups[old][i]
        home[i] = new
    return {old, new}


def _together(d: Decision, groups: dict[int, dict[str, Grounds]], home: dict[str, int]) -> set[int]:
    kept, gone = home[d.first], home[d.second]
    groups[kept] |= {i: _grounds(d) if i == d.second else g for i, g in groups[gone].items()}
    for i in groups[gone]:
        home[i] = kept
    groups[gone] = {}
    return {kept, gone}
