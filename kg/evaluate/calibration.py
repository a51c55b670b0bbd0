"""Does a confidence mean something: of the claims at 0.9, are nine in ten right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from kg.evaluate import against_gold as golds
from kg.evaluate import written
from kg.evaluate.polnear import as_printed
from kg.evaluate.readings import Read, Reader, read_folder
from kg.evaluate.scoring import (
    Record,
    report_pairs,
    report_verdict,
    statement_pairs,
    statement_verdict,
    with_figure,
)
from kg.evaluate.tables import Section, at_most
from kg.nlp.confidence import rating
from kg.types import Reading, Report, Span, Statement

Judged = tuple[float, bool]  # a claim's confidence, and whether it is right
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
SPEECH = "PolNeAR"
ANNOTATED = frozenset({"casualty", "evacuation"})  # events that the gold has
MOST = 0.1  # expected calibration error on texts annotated by our own guidelines
_FITTED = 12  # claims that a step of a fitted table rests on at least


def calibration(reader: Reader, shared: Path) -> Section:
    """By kind of claim and set of texts: claims in each bin of confidence, how many are right, and the error."""
    sets = judged_sets(reader, shared)
    rows: list[tuple[str | int, ...]] = []
    for (kind, name), judged in sets.items():
        rows += [
            (kind, name, f"{low:.1f} - {min(high, 1.0):.1f}", n, f"{mean:.3f}", f"{right:.3f}")
            for low, high, n, mean, right in bins(judged)
        ]
        mean, right = (sum(j[n] for j in judged) / max(1, len(judged)) for n in (0, 1))
        rows.append((kind, name, f"all: error {error(judged):.3f}", len(judged), f"{mean:.3f}", f"{right:.3f}"))
    ours = {kind: [j for (k, name), js in sets.items() if k == kind and name != SPEECH for j in js] for kind in _KINDS}
    return Section(
        "Calibration: of the claims at a confidence, how many are right",
        ("claims", "texts", "confidence", "claims found", "mean", "right"),
        tuple(rows),
        (
            *(f"[{kind}] fitted on our own articles: points = {fit(kind, sets)}" for kind in _KINDS),
            "right: statements by content and source, reports by words, value, status and source",
        ),
        tuple(
            at_most(f"expected calibration error of {kind}s by our guidelines", error(ours[kind]), MOST)
            for kind in _KINDS
        ),
    )


_KINDS = ("statement", "report")


def fit(kind: str, sets: Mapping[tuple[str, str], Sequence[Judged]]) -> list[tuple[float, float]]:
    """Points for the table of ratings and confidences, from our own articles: rules were made on the others."""
    judged = [j for name in golds.WRITTEN for j in sets.get((kind, name), ())]
    return fitted([(round(rating(kind, c), 3), right) for c, right in judged]) if judged else []


def judged_sets(reader: Reader, shared: Path) -> dict[tuple[str, str], list[Judged]]:
    """Confidence and rightness of each claim found, by kind of claim and set of texts."""
    speech = golds.gold(shared / "gold" / "polnear-dev")
    known = {"development": golds.gold(shared / "gold" / "dev")}
    folder = written.folder()
    if folder is not None:
        every = golds.members(golds.gold(folder, folder).documents)
        known |= {name: golds.gold(folder, folder, sorted(every[name])) for name in golds.WRITTEN}
    out: dict[tuple[str, str], list[Judged]] = {}
    for name, gold in known.items():
        reads = read_folder(reader, gold.texts, tuple(gold.documents))
        pairs = [(gold.documents[r.reading.article.id], r) for r in reads]
        out["statement", name] = [j for g, r in pairs for j in judged_statements(g, r)]
        out["report", name] = [j for g, r in pairs for j in judged_reports(g, r.reading)]
    reads = read_folder(reader, speech.texts, tuple(speech.documents))
    out["statement", SPEECH] = [
        j for r in reads for j in judged_statements(speech.documents[r.reading.article.id], r, printed=True)
    ]
    return dict(sorted(out.items(), key=lambda item: item[0][0] != "statement"))


def judged_statements(gold: Mapping[str, Any], read: Read, *, printed: bool = False) -> Iterator[Judged]:
    """Each statement found, and whether a gold one has its content and source (`printed`: the source's own words)."""
    statements, text = read.reading.statements, read.reading.article.text
    rows: list[Record] = [statement_row(s) for s in statements]
    if printed:
        rows = [as_printed(row, text) for row in rows]
    right = {
        j
        for i, j in statement_pairs(gold["statements"], rows)
        if statement_verdict(gold["statements"][i], rows[j])["attributed"]
    }
    return ((s.confidence, n in right) for n, s in enumerate(statements))


def judged_reports(gold: Mapping[str, Any], reading: Reading) -> Iterator[Judged]:
    """Each report found, and whether a gold one has its words, value, status and source."""
    rows = [report_row(r) for r in reading.reports if r.event in ANNOTATED]
    for part, figured in (("figure", True), ("trigger", False)):
        wanted, found = with_figure(gold["reports"], figured), with_figure(rows, figured)
        pairs = report_pairs(wanted, found, part)
        right = {j for i, j in pairs if report_verdict(wanted[i], found[j])["claim"]}
        yield from ((row["confidence"], n in right) for n, row in enumerate(found))


def statement_row(statement: Statement) -> dict[str, Any]:
    """A statement as a record that can be scored."""
    source = statement.source
    return {
        "source": source.name if source else "",
        "source_span": _pair(source.span if source else None),
        "cue_span": _pair(statement.cue),
        "content_span": _pair(statement.content),
        "mode": statement.mode.value,
    }


def report_row(report: Report) -> dict[str, Any]:
    """A report as a record that can be scored, roles left out."""
    figure = report.figure
    return {
        "event": report.event,
        "measure": report.measure,
        "status": report.status.value,
        "trigger_span": _pair(report.trigger),
        "figure_span": _pair(figure.span if figure else None),
        "value": figure.value if figure else None,
        "low": figure.low if figure else None,
        "high": figure.high if figure else None,
        "counts": report.counts,
        "source": report.source.name if report.source else "",
        "confidence": report.confidence,
    }


def _pair(span: Span | None) -> tuple[int, int] | None:
    return (span.start, span.end) if span else None


def bins(judged: Sequence[Judged], edges: Sequence[float] = EDGES) -> Iterator[tuple[float, float, int, float, float]]:
    """Low and high edge, count, mean confidence and share right of each bin that holds a claim."""
    for low, high in pairwise(edges):
        inside = [j for j in judged if low <= j[0] < high]
        if inside:
            yield low, high, len(inside), sum(c for c, _ in inside) / len(inside), _right(inside) / len(inside)


def _right(judged: Iterable[Judged]) -> int:
    return sum(right for _, right in judged)


def error(judged: Sequence[Judged]) -> float:
    """Expected calibration error, 0 to 1: how far mean confidence and share right lie apart, weighed by bin."""
    return sum(n * abs(mean - right) for _, _, n, mean, right in bins(judged)) / len(judged) if judged else 0.0


def fitted(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Points (confidence now, share right) of a rising table: neighbours that fall are pooled, and small groups."""
    groups: list[list[Judged]] = []
    for _, same in groupby(sorted(judged), key=lambda j: j[0]):
        groups.append(list(same))
        while len(groups) > 1 and (_share(groups[-2]) >= _share(groups[-1]) or len(groups[-2]) < _FITTED):
            last = groups.pop()
            groups[-1] += last
    if len(groups) > 1 and len(groups[-1]) < _FITTED:
        last = groups.pop()
        groups[-1] += last
    return [(round(sum(c for c, _ in g) / len(g), 3), round(_share(g), 3)) for g in groups]


def _share(group: Sequence[Judged]) -> float:
    return _right(group) / len(group)
