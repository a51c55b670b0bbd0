"""The rules by which claims are scored against gold: those of the gold's own scorer, for where that is not there.

A record is a mapping: of gold with `content_span: [start, end]`, of an export row with `content_start` and
`content_end`; offsets in code points. A test holds both scorers to the same figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kg.evaluate.tables import Tally

Record = Mapping[str, Any]
Offsets = tuple[int, int]
Pairs = list[tuple[int, int]]

# Words that tell nothing about who is meant.
_EMPTY = frozenset("the a an of and mr mrs ms dr sir president minister spokesman spokeswoman 's s".split())
_MEASURES = {
    "moved": "evacuated fled displaced rescued",
    "remaining": "remaining in_need",
    "missing": "missing abducted",
    "sheltered": "sheltered",
    "returned": "returned",
    "killed": "killed",
    "injured": "injured",
}
_GROUP = {measure: group for group, measures in _MEASURES.items() for measure in measures.split()}
_REALITY = dict.fromkeys(("happened", "ongoing"), "fact") | dict.fromkeys(
    ("attempted", "cancelled", "denied"), "unreal"
)
_FRAME = ("measure", "value", "status", "source", "where", "agent")
_TOLD = ("status", "source", "agent", "measure")
LEAST_SHARED = 0.5  # of two contents' code points, for the two to be one statement


def same_name(one: str | None, other: str | None) -> bool:
    """True if two names can mean the same: one's words among the other's, or half of all words shared."""
    if not one or not other:
        return not one and not other
    first, second = _words(one), _words(other)
    if not first or not second:
        return one.casefold() == other.casefold()
    return first <= second or second <= first or 2 * len(first & second) >= len(first | second)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", name.casefold().replace("-", ""))) - _EMPTY


def offsets(record: Record, part: str) -> Offsets | None:
    """Start and end of a part ("content", "cue", "figure" ...), or None where the record has none."""
    if f"{part}_span" in record:
        found = record[f"{part}_span"]
        return (found[0], found[1]) if found else None
    start, end = record.get(f"{part}_start"), record.get(f"{part}_end")
    return None if start in (None, "") or end in (None, "") else (int(str(start)), int(str(end)))


def shared(one: Offsets | None, other: Offsets | None) -> int:
    """How many code points two stretches share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0])) if one and other else 0


def likeness(one: Offsets | None, other: Offsets | None) -> float:
    """Shared code points over all code points of two stretches, 0 to 1."""
    both = shared(one, other)
    if not both or one is None or other is None:
        return 0.0
    return both / (one[1] - one[0] + other[1] - other[0] - both)


def _same_stretch(one: Offsets | None, other: Offsets | None) -> bool:
    """A quotation mark before and a final stop or mark behind make no difference."""
    return bool(one and other) and abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 2  # type: ignore[index]


def paired(gold: Sequence[Record], found: Sequence[Record], weight: Callable[[Record, Record], float]) -> Pairs:
    """Numbers of gold and found records that belong together, each in one pair at most, the heaviest first."""
    weighed = [(weight(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    pairs: Pairs = []
    for _, i, j in sorted((w for w in weighed if w[0] > 0), key=lambda w: (-w[0], w[1], w[2])):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def statement_pairs(gold: Sequence[Record], found: Sequence[Record]) -> Pairs:
    """Statements whose contents share enough."""

    def weight(g: Record, f: Record) -> float:
        value = likeness(offsets(g, "content"), offsets(f, "content"))
        return value if value >= LEAST_SHARED else 0.0

    return paired(gold, found, weight)


def report_pairs(gold: Sequence[Record], found: Sequence[Record], part: str) -> Pairs:
    """Reports of one event and group of measures whose `part` ("figure" or "trigger") overlaps."""

    def weight(g: Record, f: Record) -> float:
        if g["event"] != f["event"] or _GROUP.get(g["measure"]) != _GROUP.get(f["measure"]):
            return 0.0
        value = likeness(offsets(g, part), offsets(f, part))
        return 1 + value if value else 0.0

    return paired(gold, found, weight)


def statement_verdict(gold: Record, found: Record) -> dict[str, bool]:
    """What is right about a found statement that belongs to a gold one."""
    cues = offsets(gold, "cue"), offsets(found, "cue")
    verdict = {
        "exact": _same_stretch(offsets(gold, "content"), offsets(found, "content")),
        "attributed": same_name(gold.get("source"), found.get("source")),
        "cue": cues == (None, None) or shared(*cues) > 0,
        "mode": gold.get("mode") == found.get("mode"),
    }
    return verdict | {"whole": verdict["exact"] and verdict["attributed"] and verdict["cue"]}


def report_verdict(gold: Record, found: Record) -> dict[str, bool]:
    """What is right about a found report that belongs to a gold one."""

    def same(role: str) -> bool:
        return same_name(gold.get(role), found.get(role))

    verdict = {
        "measure": gold["measure"] == found["measure"],
        "value": _bounds(gold) == _bounds(found),
        "status": _reality(gold) == _reality(found),
        "source": same("source"),
        "counts": (gold.get("counts") or "people") == (found.get("counts") or "people"),
        "where": same("destination") and ((same("origin") and same("place")) or same_name(_at(gold), _at(found))),
        "agent": same("agent"),
    }
    claim = verdict["value"] and verdict["status"] and verdict["source"]
    return verdict | {"claim": claim, "frame": all(verdict[k] for k in _FRAME)}


def _at(record: Record) -> str | None:
    return record.get("origin") or record.get("place")


def _bounds(record: Record) -> tuple[int | None, ...]:
    return tuple(
        None if record.get(k) in (None, "", "null") else int(float(record[k])) for k in ("low", "high", "value")
    )


def _reality(record: Record) -> str:
    return _REALITY.get(str(record.get("status")), "future")


def with_figure(records: Sequence[Record], wanted: bool) -> list[Record]:
    """The reports that have a figure, or those that have none."""
    return [r for r in records if bool(offsets(r, "figure")) == wanted]


def score(
    gold: Mapping[str, Mapping[str, Any]],
    statements: Mapping[str, Sequence[Record]],
    reports: Mapping[str, Sequence[Record]],
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Figures of found rows by document against gold; each difference is told in a line."""
    count: Counter[str] = Counter()
    for document, known in sorted(gold.items()):
        found = statements.get(document, ())
        lines = _statements(known["statements"], found, count)
        for part, name in (("figure", "fig"), ("trigger", "bare")):
            wanted = part == "figure"
            pair = with_figure(known["reports"], wanted), with_figure(reports.get(document, ()), wanted)
            lines = [*lines, *_reports(*pair, part, name, count)]
        for line in lines:
            tell(f"{document} {line}")
    return {"documents": len(gold), **_figures(count)}


def _statements(gold: Sequence[Record], found: Sequence[Record], count: Counter[str]) -> list[str]:
    pairs = statement_pairs(gold, found)
    count.update(s_gold=len(gold), s_found=len(found), s_content=len(pairs))
    lines = []
    for i, j in pairs:
        verdict = statement_verdict(gold[i], found[j])
        count.update({f"s_{k}": int(v) for k, v in verdict.items()})
        if not verdict["attributed"]:
            lines.append(f"{gold[i]['id']}: source {found[j].get('source')!r}, gold {gold[i].get('source')!r}")
    lines += [
        f"{g['id']}: statement missed {offsets(g, 'content')} by {g.get('source')!r}" for g in _rest(gold, pairs, 0)
    ]
    return lines + [
        f"statement spurious {offsets(f, 'content')} by {f.get('source')!r}" for f in _rest(found, pairs, 1)
    ]


def _reports(gold: Sequence[Record], found: Sequence[Record], part: str, name: str, count: Counter[str]) -> list[str]:
    pairs = report_pairs(gold, found, part)
    count.update({f"{name}_gold": len(gold), f"{name}_found": len(found), f"{name}_tp": len(pairs)})
    lines = []
    for i, j in pairs:
        verdict = report_verdict(gold[i], found[j])
        count.update({f"{name}_{k}": int(v) for k, v in verdict.items()})
        lines += [f"{gold[i]['id']}: {k} {found[j].get(k)!r}, gold {gold[i].get(k)!r}" for k in _TOLD if not verdict[k]]
        if not verdict["value"]:
            lines.append(f"{gold[i]['id']}: value {_bounds(found[j])}, gold {_bounds(gold[i])}")
    for word, records, side in (("missed", gold, 0), ("spurious", found, 1)):
        for r in _rest(records, pairs, side):
            lines.append(f"{r.get('id', '-')}: {part} {word} {r['event']}/{r['measure']} {offsets(r, part)}")
    return lines


def _rest(records: Sequence[Record], pairs: Pairs, side: int) -> Iterator[Record]:
    taken = {pair[side] for pair in pairs}
    return (r for n, r in enumerate(records) if n not in taken)


def _figures(count: Counter[str]) -> dict[str, Any]:
    def tally(right: str, of: str) -> dict[str, Any]:
        return Tally(count[right], count[f"{of}_gold"], count[f"{of}_found"]).record()

    def share(names: str, of: str, total: str) -> dict[str, float | None]:
        whole = count[total]
        return {k: round(100 * count[f"{of}_{k}"] / whole, 1) if whole else None for k in names.split()}

    return {
        "statement content (overlap >= 0.5)": tally("s_content", "s"),
        "statement content (exact)": tally("s_exact", "s"),
        "statement attributed (content overlap + source)": tally("s_attributed", "s"),
        "statement whole (exact content + source + cue)": tally("s_whole", "s"),
        "figure (event, measure group, span)": tally("fig_tp", "fig"),
        "figure claim (+ value, status, source)": tally("fig_claim", "fig"),
        "figure frame (+ measure, where, agent)": tally("fig_frame", "fig"),
        "report without figure": tally("bare_tp", "bare"),
        "accuracy on matched statements": share("attributed cue mode", "s", "s_content"),
        "accuracy on matched figures": share("measure value status source counts where agent", "fig", "fig_tp"),
    }
