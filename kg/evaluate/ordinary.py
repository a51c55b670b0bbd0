"""Reports found in ordinary political news, where hardly anybody is evacuated or hurt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kg.evaluate.readings import Read, Reader, read_folder
from kg.evaluate.tables import Section, at_most
from kg.types import Report

# Reports per thousand sentences. The texts do tell of killings, wars and refugees: about ten are true.
MOST = 19.0
MOST_EVACUATIONS = 4.5


def ordinary(reader: Reader, shared: Path) -> Section:
    """Reports per thousand sentences of PolNeAR's texts; each is listed with its sentence among the differences."""
    read = read_folder(reader, shared / "corpora" / "polnear-dev" / "text")
    sentences = sum(len(r.reading.sentences) for r in read)
    found = [(r, report) for r in read for report in r.reading.reports]
    rate = rates([report for _, report in found], sentences)
    rows = [(*key, count, rate[key]) for key, count in sorted(_counts([report for _, report in found]).items())]
    evacuations, everything = (
        sum(v for (event, _), v in rate.items() if event in kinds) for kinds in ({"evacuation"}, {e for e, _ in rate})
    )
    return Section(
        f"Ordinary news: {len(read)} PolNeAR texts, {sentences:,} sentences",
        ("event", "measure", "reports", "per 1,000 sentences"),
        (*rows, ("all", "", len(found), everything)),
        notes=("the texts tell of real killings, wars and refugees too: --errors lists each report with its sentence",),
        checks=(
            at_most("reports per 1,000 sentences of ordinary news", everything, MOST),
            at_most("reports of evacuations per 1,000 sentences of ordinary news", evacuations, MOST_EVACUATIONS),
        ),
        differences=tuple(told(r, report) for r, report in found),
    )


def _counts(reports: list[Report]) -> Counter[tuple[str, str]]:
    return Counter((r.event, r.measure) for r in reports)


def rates(reports: list[Report], sentences: int) -> dict[tuple[str, str], float]:
    """Reports per thousand sentences, by event and measure."""
    return {key: 1000 * count / sentences for key, count in _counts(reports).items()} if sentences else {}


def told(read: Read, report: Report) -> str:
    """A report in one line, with the sentence it stands in."""
    text = read.reading.article.text
    held = next((s.of(text) for s in read.reading.sentences if s.covers(report.trigger)), "")
    figure = report.figure.text if report.figure else "no figure"
    what = f"{report.measure}, {report.status.value}, {figure} ({report.rule}, {report.confidence})"
    return f"{read.reading.article.id} [{report.trigger.start}] {what}: {' '.join(held.split())}"
