"""From triggers and figures to reports with status, source and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.lexicon import EventLexicon, People, events, people
from kg.nlp.figures import Candidate, figures, lemma
from kg.nlp.reports.roles import Resolver, Where, agent_of, cause_of, where_of
from kg.nlp.reports.status import status
from kg.nlp.reports.themes import Link, counted_people, link, part_words
from kg.nlp.reports.triggers import hits
from kg.nlp.syntax import governors, obliques, relation
from kg.types import Place, Report, Span, Statement, Status, TimeScope

# Shares of right figures among those found this way on the development articles.
CONFIDENCE = {"tree": 0.9, "toll": 0.85, "adjacent": 0.85, "part": 0.8, "coordinated": 0.7, "bare": 0.5}
BACK = 3  # sentences looked back for a place that the sentence itself does not name


def reports(
    doc: Doc,
    statements: Sequence[Statement] = (),
    places: Sequence[Place] = (),
    times: Sequence[TimeScope] = (),
    resolve: Resolver = lambda span: None,
    lexicons: Sequence[EventLexicon] | None = None,
) -> tuple[Report, ...]:
    """All reports of a parsed Doc, in text order.

    `statements`, `places` and `times` are those of the same Doc; `resolve` leads a mention to its
    actor. Pure: the same Doc gives the same reports.
    """
    lexicons = events() if lexicons is None else lexicons
    words = people()
    candidates = figures(doc, words)
    found = hits(doc, lexicons)
    strong = {h.trigger.event for h in found if h.strong(doc)}
    links = [
        k for k in link(doc, [h for h in found if h.strong(doc) or h.trigger.event in strong], candidates, words)
        if _wanted(doc, k, words)
    ]  # fmt: skip
    made = [_report(doc, k, statements, places, times, words, resolve) for k in links]
    return _with_parts(doc, _without_repeats(links, made))


def _wanted(doc: Doc, found: Link, words: People) -> bool:
    """The needs of weak triggers, and what a trigger without a figure must have to count."""
    trigger, token = found.hit.trigger, doc[found.hit.token]
    if trigger.frame == "mention":
        return False
    if found.candidate is None:
        return _bare_wanted(doc, found, token, words)
    needs = trigger.needs
    if "way" in needs and not found.hit.strong(doc):
        return _has_way(token)
    if "origin" in needs and not found.hit.strong(doc):
        return _has_way(token) or any(relation(c) == "obj" for c in token.children)
    return True


def _bare_wanted(doc: Doc, found: Link, token: Token, words: People) -> bool:
    trigger = found.hit.trigger
    if "figure" in trigger.needs or not found.hit.strong(doc):
        return bool(trigger.needs & {"way"}) and _has_way(token) and counted_people(doc, found.theme, words)
    if trigger.frame in ("noun", "toll", "person"):
        return trigger.frame == "noun" and relation(token) not in ("compound", "amod")
    return found.theme is None or counted_people(doc, found.theme, words)


def _has_way(token: Token) -> bool:
    """True if the words say from where or to where."""
    ways = {"from", "to", "into", "out of", "towards", "toward", "out"}
    return any(p in ways for p, _ in obliques(token)) or any(
        c.lower_ in ("home", "back", "out", "away", "ashore") for c in token.children
    )


def _without_repeats(links: Sequence[Link], made: Sequence[Report]) -> list[tuple[Link, Report]]:
    """Drops a bare report of a clause that already has a figure of the same event (guidelines)."""
    kept: list[tuple[Link, Report]] = []
    clauses = {(k.hit.token, r.event) for k, r in zip(links, made, strict=True) if r.figure is not None}
    for k, r in zip(links, made, strict=True):
        if r.figure is None and (k.hit.token, r.event) in clauses:
            continue
        kept.append((k, r))
    return kept


def _report(
    doc: Doc,
    found: Link,
    statements: Sequence[Statement],
    places: Sequence[Place],
    times: Sequence[TimeScope],
    words: People,
    resolve: Resolver,
) -> Report:
    hit, candidate = found.hit, found.candidate
    token = doc[hit.token]
    what = status(doc, token)
    measure = hit.trigger.measure
    if hit.trigger.status_needs and what.value not in hit.trigger.status_needs and hit.trigger.otherwise:
        measure = hit.trigger.otherwise
    if candidate is not None and candidate.figure.value == 0 and what is Status.DENIED:
        what = Status.HAPPENED
    trigger_span = Span(doc[hit.start].idx, doc[hit.end - 1].idx + len(doc[hit.end - 1]))
    anchor = candidate.figure.span if candidate is not None else trigger_span
    index = _statement_of(statements, anchor)
    where = _where(doc, measure, token, found, places, anchor)
    return Report(
        event=hit.trigger.event,
        measure=measure,
        status=what,
        trigger=trigger_span,
        rule=f"{hit.trigger.event}:{lemma(token)}/{found.how}",
        confidence=CONFIDENCE[found.how],
        figure=candidate.figure if candidate is not None else None,
        counts=candidate.figure.counts if candidate is not None else "people",
        statement=index,
        source=statements[index].source if index is not None else None,
        origin=where.origin,
        destination=where.destination,
        place=where.place,
        agent=agent_of(doc, token, words, resolve),
        cause=cause_of(doc, token),
        time=_time(doc, token, times),
    )


def _statement_of(statements: Sequence[Statement], anchor: Span) -> int | None:
    """The innermost attributed statement whose content holds the words."""
    holding = [(s.content.end - s.content.start, i) for i, s in enumerate(statements) if s.content.covers(anchor)]
    return min(holding)[1] if holding else None


def _where(doc: Doc, measure: str, token: Token, found: Link, places: Sequence[Place], anchor: Span) -> Where:
    anchors: list[Token] = [token]
    if found.theme is not None:
        anchors.append(doc[found.theme])
    if found.candidate is not None:
        anchors.append(doc[found.candidate.head])
    anchors += list(governors(token))[:2]
    where = where_of(doc, measure, anchors, places)
    if where.origin or where.place:
        return where
    nearest = _inherited(doc, token, places, anchor)
    if nearest is None:
        return where
    if measure in ("evacuated", "fled", "displaced"):
        return replace(where, origin=nearest)
    return replace(where, place=nearest)


def _inherited(doc: Doc, token: Token, places: Sequence[Place], anchor: Span) -> Place | None:
    """The nearest named place of the sentence, else of the sentences before it."""
    sentence = token.sent
    lo, hi = sentence.start_char, sentence.end_char
    same = [p for p in places if p.span is not None and lo <= p.span.start < hi]
    if same:
        best = min(same, key=lambda p: abs((p.span or anchor).start - anchor.start))
        return replace(best, inherited="sentence")
    starts = [s.start_char for s in doc.sents if s.start_char < lo and s.text.strip()][-BACK:]
    if not starts:
        return None
    earlier = [p for p in places if p.span is not None and starts[0] <= p.span.start < lo]
    return replace(earlier[-1], inherited="previous_sentence") if earlier else None


def _time(doc: Doc, token: Token, times: Sequence[TimeScope]) -> TimeScope | None:
    """The time expression of the sentence nearest to the trigger."""
    lo, hi = token.sent.start_char, token.sent.end_char
    same = [t for t in times if lo <= t.span.start < hi]
    return min(same, key=lambda t: abs(t.span.start - token.idx)) if same else None


def _with_parts(doc: Doc, found: Sequence[tuple[Link, Report]]) -> tuple[Report, ...]:
    """Marks figures that are stated parts of the one before ("6,400 people, including 3,000 rebels")."""
    out: list[Report] = []
    whole: int | None = None
    for position, (made, report) in enumerate(found):
        candidate = made.candidate
        part = None
        if candidate is not None and whole is not None:
            before = found[whole][0].candidate
            if before is not None and _is_part(doc, before, candidate, report, found[whole][1]):
                part = whole
        if candidate is not None and part is None:
            whole = position
        out.append(replace(report, part_of=part))
    return tuple(out)


def _is_part(doc: Doc, whole: Candidate, part: Candidate, report: Report, of: Report) -> bool:
    same_sentence = doc[whole.head].sent.start == doc[part.head].sent.start
    return same_sentence and report.event == of.event and part_words(doc[whole.end : part.start].text.lower())
