"""Figures of people beside a trigger that became no claim: why, and whether the gold has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.evaluate import against_gold as golds
from kg.evaluate import written
from kg.evaluate.readings import Read, Reader, read_folder
from kg.evaluate.scoring import offsets
from kg.evaluate.scoring import shared as common
from kg.evaluate.tables import Section
from kg.lexicon import events, people
from kg.nlp.figures import figures
from kg.nlp.reports.themes import link
from kg.nlp.reports.triggers import hits
from kg.types import Span

UNLINKED = "no path from the figure to a trigger"
TAKEN = "its trigger holds another figure"
WEAK = "linked to a weak trigger whose needs are not met"
DROPPED = "linked to a trigger, dropped by its needs"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure of people in a sentence with a trigger, not taken as a claim."""

    figure: Span
    trigger: Span  # the nearest of the sentence
    reason: str


def candidates(read: Read) -> Iterator[Candidate]:
    """The figures that no report holds, in text order."""
    doc, words = read.doc, people()
    spotted = hits(doc, events())
    held = {r.figure.span for r in read.reading.reports if r.figure is not None}
    told = {r.trigger for r in read.reading.reports if r.figure is not None}
    found = figures(doc, words)
    linked = {k.candidate.figure.span: k.hit for k in link(doc, spotted, found, words) if k.candidate is not None}
    for candidate in found:
        span, sentence = candidate.figure.span, doc[candidate.head].sent
        near = [h for h in spotted if sentence.start <= h.token < sentence.end]
        if span in held or not near:
            continue
        hit = linked.get(span) or min(near, key=lambda h: abs(h.token - candidate.head))
        trigger = Span(doc[hit.start].idx, doc[hit.end - 1].idx + len(doc[hit.end - 1]))
        if span in linked:
            reason = DROPPED if hit.strong(doc) else WEAK
        else:
            reason = TAKEN if trigger in told else UNLINKED
        yield Candidate(span, trigger, reason)


def rejected(reader: Reader, shared: Path) -> Section:
    """Rejected figures of the development articles and of our own that may be read, by reason."""
    known = [golds.gold(shared / "gold" / "dev")]
    folder = written.folder()
    if folder is not None:
        known.append(golds.gold(folder, folder))
    every: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    differences = []
    for gold in known:
        unread = golds.members(gold.documents)[golds.WRITTEN[1]] | set(golds.CHECK_SET)
        readable = tuple(d for d in gold.documents if d not in unread)
        for read in read_folder(reader, gold.texts, readable):
            article = read.reading.article
            wanted = [offsets(r, "figure") for r in gold.documents[article.id]["reports"]]
            for candidate in candidates(read):
                in_gold = any(common(w, (candidate.figure.start, candidate.figure.end)) for w in wanted)
                every[candidate.reason] += 1
                missed[candidate.reason] += in_gold
                differences.append(_told(read, candidate, in_gold))
    return Section(
        "Figures of people beside a trigger that became no claim",
        ("reason", "figures", "in the gold"),
        tuple((reason, count, missed[reason]) for reason, count in every.most_common()),
        ("of the articles that may be read; a figure in the gold was missed, the others were rightly left out",),
        differences=tuple(sorted(differences, key=lambda line: "missed" not in line)),
    )


def _told(read: Read, candidate: Candidate, in_gold: bool) -> str:
    text = read.reading.article.text
    held = next((s.of(text) for s in read.reading.sentences if s.covers(candidate.figure)), "")
    verdict = "missed" if in_gold else "left out"
    words = f"{candidate.figure.of(text)!r} beside {candidate.trigger.of(text)!r}"
    return f"{read.reading.article.id} {verdict}: {words}, {candidate.reason}: {' '.join(held.split())}"
