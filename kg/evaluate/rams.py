"""Windows of RAMS about evacuations, deaths and injuries: is the trigger found, and who and where are its roles."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.evaluate.conventions import conventions, same_head
from kg.evaluate.readings import Read, Reader, read_all
from kg.evaluate.scoring import same_name
from kg.evaluate.tables import Section, Tally, at_least, share
from kg.lexicon import events, people
from kg.nlp.actors import resolve
from kg.nlp.records import get
from kg.nlp.reports.frames import themes
from kg.nlp.reports.roles import agent_of, cause_of
from kg.nlp.reports.triggers import Hit, hits
from kg.nlp.reports.where import where_of
from kg.nlp.syntax import governors, phrase
from kg.readers import article
from kg.types import Place, Report, Role, Span

Fillers = dict[str, dict[tuple[Span | None, str], None]]  # by role, each filler once, in the order found

TRIGGERS_AT_LEAST = 80.0
_NO_SPACE_BEFORE = re.compile(r"^(?:[.,;:?!%)\]’”]|'(?:s|re|ve|ll|d|m)?$|’(?:s|re|ve|ll|d|m)$|n['’]t$|''$)")
_HOW = "a filler is right if one's head stands in the other or the names agree; P only at triggers of the gold"
_NO_SPACE_AFTER = frozenset("( [ $ £ € “ ‘ ``".split())


@dataclass(frozen=True, slots=True)
class Window:
    """Five sentences with one event: its trigger and its roles, in code points of `text`."""

    id: str
    text: str
    event: str  # ours
    type: str  # RAMS
    trigger: Span
    roles: tuple[tuple[str, Span], ...]  # our role names


def rams(reader: Reader, shared: Path) -> Section:
    """Percent of triggers found, and precision and recall of each role among the windows of our events."""
    lines = (shared / "corpora" / "rams-dev" / "dev.jsonlines").read_text(encoding="utf-8").splitlines()
    chosen = list(windows(map(json.loads, lines)))
    frames = _roles_of_types(chosen)
    told: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    roles: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    differences = []
    for window, read in zip(chosen, read_all(reader, (article(w.text, id=w.id) for w in chosen)), strict=True):
        spotted = [h for h in hits(read.doc, events()) if _span(read, h).overlaps(window.trigger)]
        reports = [r for r in read.reading.reports if r.trigger.overlaps(window.trigger)]
        told[window.event].append((bool(spotted), bool(reports)))
        if not spotted:
            differences.append(
                f"{window.id} {window.type} no trigger: {window.trigger.of(window.text)!r} in {window.text}"
            )
        by_rules, by_reports = _merged(at_trigger(read, h) for h in spotted), of_reports(reports)
        if reports:
            by_reports = _merged((by_reports, {"counted": by_rules.get("counted", {})}))
        for way, found in (("trigger", _merged((by_rules, by_reports))), ("report", by_reports)):
            for role, tally in role_tallies(window, read, found, frames[window.type]).items():
                roles[window.event, role, way] += tally
    right = sum(spotted for found in told.values() for spotted, _ in found)
    return Section(
        f"RAMS development: {len(chosen)} windows of evacuation, death and injury",
        ("event", "role", "R", "P", "F1", "right", "gold", "found", "R of told reports"),
        tuple(
            _role_row(e, r, t, roles[e, r, "report"]) for (e, r, way), t in sorted(roles.items()) if way == "trigger"
        ),
        (*(_trigger_note(event, found) for event, found in sorted(told.items())), _HOW),
        (at_least("RAMS triggers found, %", share(right, len(chosen)), TRIGGERS_AT_LEAST),),
        tuple(differences),
    )


def _role_row(event: str, role: str, tally: Tally, of_told: Tally) -> tuple[str | float | int, ...]:
    record = tally.record()
    return (event, role, *(record[k] for k in ("R", "P", "F1", "tp", "gold", "found")), round(of_told.recall, 1))


def _trigger_note(event: str, found: Sequence[tuple[bool, bool]]) -> str:
    spotted, told = (share(sum(f[n] for f in found), len(found)) for n in (0, 1))
    return f"{event}: trigger found {spotted} % of {len(found)}, told as a report {told} %"


def windows(records: Iterable[Mapping[str, Any]]) -> Iterator[Window]:
    """The windows whose event is one of ours, with texts as they would be printed."""
    table = conventions()["rams"]
    for record in records:
        text, starts = printed([w for sentence in record["sentences"] for w in sentence])
        words = [w for sentence in record["sentences"] for w in sentence]

        def span(pair: Sequence[int], starts: list[int] = starts, words: list[str] = words) -> Span:
            return Span(starts[pair[0]], starts[pair[1]] + len(words[pair[1]]))

        for first, last, kinds in record["evt_triggers"]:
            kind = kinds[0][0]
            event = next((e for e, begins in table["families"].items() if kind.startswith(tuple(begins))), None)
            if event is None:
                continue
            named = [(re.sub(r"^evt\d+arg\d+", "", name), span(where)) for _, where, name in record["gold_evt_links"]]
            roles = tuple((table["roles"][name], where) for name, where in named if name in table["roles"])
            yield Window(record["doc_key"], text, event, kind, span((first, last)), roles)


def printed(words: Sequence[str]) -> tuple[str, list[int]]:
    """Words of a treebank as running text, and where each begins."""
    text, starts = "", []
    for n, word in enumerate(words):
        glued = n == 0 or _NO_SPACE_BEFORE.match(word) or words[n - 1] in _NO_SPACE_AFTER
        text += "" if glued else " "
        starts.append(len(text))
        text += word
    return text, starts


def _roles_of_types(chosen: Iterable[Window]) -> dict[str, set[str]]:
    """The roles that the gold fills somewhere for each type: others are not in its frame."""
    known: dict[str, set[str]] = defaultdict(set)
    for window in chosen:
        known[window.type] |= {role for role, _ in window.roles}
    return known


def role_tallies(window: Window, read: Read, found: Fillers, frame: Iterable[str]) -> dict[str, Tally]:
    """Right, gold and found fillers of each role of the frame."""
    tallies = {}
    for role in frame:
        wanted = [span for name, span in window.roles if name == role]
        fillers = list(found.get(role, ()))
        right = {n for n, (span, name) in enumerate(fillers) for g in wanted if _same(read, g, span, name)}
        reached = sum(any(_same(read, g, *filler) for filler in fillers) for g in wanted)
        # Several of our fillers may name one of the gold ("13 people", "the 13"): they count once.
        tallies[role] = Tally(reached, len(wanted), reached + len(fillers) - len(right))
    return tallies


def _same(read: Read, wanted: Span, span: Span | None, name: str) -> bool:
    text = read.reading.article.text
    return (span is not None and same_head(read.doc, wanted, span)) or same_name(wanted.of(text), name)


def of_reports(reports: Sequence[Report]) -> Fillers:
    """What fills the roles of told reports; of who is counted a report knows the figure alone."""
    found: Fillers = defaultdict(dict)
    for report in reports:
        if report.figure is not None:
            _add(found, "counted", report.figure.span, report.figure.text)
        for role in ("origin", "destination", "place"):
            _add_place(found, role, getattr(report, role))
        for role, filler in (("agent", report.agent), ("means", report.cause), ("means", report.vehicle)):
            _add_role(found, role, filler)
    return found


def at_trigger(read: Read, hit: Hit) -> Fillers:
    """What the rules of roles find at a trigger, whether or not a report is told there."""
    doc, token = read.doc, read.doc[hit.token]
    found: Fillers = defaultdict(dict)
    heads = themes(doc, hit)
    for head in heads:
        first, last = phrase(head)
        span = Span(doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))
        _add(found, "counted", span, span.of(doc.text))
    theme = heads[0] if heads else None
    _add_role(found, "agent", agent_of(doc, token, theme, people(), lambda span: resolve(doc, span)))
    _add_role(found, "means", cause_of(doc, token))
    anchors = [*heads[:1], token, *list(governors(token))[:2]]
    where = where_of(doc, hit.trigger.measure, anchors, get(doc, "places", Place))
    for role in ("origin", "destination", "place"):
        _add_place(found, role, getattr(where, role))
    return found


def _add(found: Fillers, role: str, span: Span | None, name: str) -> None:
    found[role][span, name] = None


def _add_place(found: Fillers, role: str, place: Place | None) -> None:
    if place is not None:
        _add(found, role, place.span, place.name)


def _add_role(found: Fillers, role: str, filler: Role | None) -> None:
    if filler is not None:
        _add(found, role, filler.span, filler.name or filler.text)


def _merged(parts: Iterable[Fillers]) -> Fillers:
    found: Fillers = defaultdict(dict)
    for part in parts:
        for role, fillers in part.items():
            found[role].update(fillers)
    return found


def _span(read: Read, hit: Hit) -> Span:
    last = read.doc[hit.end - 1]
    return Span(read.doc[hit.start].idx, last.idx + len(last))
