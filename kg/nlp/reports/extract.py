"""From triggers and figures to reports with status, source and roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.lexicon import EventLexicon, People, events, people
from kg.nlp.confidence import confidence
from kg.nlp.figures import Candidate, figures
from kg.nlp.heads import lemma
from kg.nlp.reports.gates import borne_out, fits, wanted
from kg.nlp.reports.inherit import Remembered, anaphors
from kg.nlp.reports.linked import Link
from kg.nlp.reports.roles import Resolver, agent_of, befalling, cause_of, role_words
from kg.nlp.reports.settle import settle
from kg.nlp.reports.spread import part_words
from kg.nlp.reports.status import status
from kg.nlp.reports.themes import link
from kg.nlp.reports.triggers import ACTS, hits
from kg.nlp.reports.words import (
    CONDUCTS,
    COUNT_NOUNS,
    ISSUES,
    PARTITIVES,
)
from kg.nlp.syntax import (
    children,
    governors,
    is_passive,
    is_reduced_relative,
    is_verb,
    relation,
)
from kg.types import Exactness, Place, Report, Role, Span, Statement, Status, TimeScope

STORMS = re.compile(r"(?:(?:super|tropical) )?(?:hurricane|typhoon|cyclone|storm|earthquake|operation) \w", re.I)
ORDERS = frozenset("order tell ask urge advise instruct warn".split())
CRISIS = 4  # nouns of disaster or war in an article from which on it tells of one
# How sure each way of finding a figure is; kg/nlp/confidence.toml says what share of such claims is right.
RATING = {"tree": 0.93, "adjacent": 0.9, "toll": 0.85, "part": 0.85, "coordinated": 0.75, "bare": 0.6, "derived": 0.6}
UNREAL = 0.75  # of claims with a status other than "happened", about a quarter more are wrong


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
    crisis = "casualty" in strong or sum(t.pos_ == "NOUN" and lemma(t) in role_words("cause") for t in doc) >= CRISIS
    fitting = [h for h in found if fits(doc, h, strong, crisis=crisis)]
    links = [k for k in link(doc, fitting, candidates, words) if wanted(doc, k, words) and borne_out(doc, k, strong)]
    places = [p for p in places if not STORMS.match(p.name)]
    places = sorted((*places, *anaphors(doc, places)), key=lambda p: p.span.start if p.span else 0)
    made: list[Report] = []
    last: Remembered | None = None
    for k in links:
        made.append(_report(doc, k, statements, places, times, words, resolve, last))
        there = made[-1].origin or made[-1].place
        if there is not None and k.hit.trigger.frame not in ACTS and there.name != there.name.lower():
            last = Remembered(doc[k.hit.token].sent.start_char, there)
    return _with_parts(doc, _without_repeats(links, made))


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
    last: Remembered | None,
) -> Report:
    hit, candidate = found.hit, found.candidate
    token = doc[hit.token]
    what = status(doc, _reached(doc, found) if found.how == "toll" else token, names_people=_names_people(token, found))
    told = hit.trigger.frame == "complement" or hit.trigger.particle
    if told and what is Status.HAPPENED and lemma(token) in ORDERS:
        what = Status.ORDERED  # "have been told to leave", "ordered 300 people out"
    if hit.trigger.negated and what is Status.DENIED:
        what = Status.HAPPENED
    measure = hit.trigger.measure
    if hit.trigger.status_needs and what.value not in hit.trigger.status_needs and hit.trigger.otherwise:
        measure = hit.trigger.otherwise
    if candidate is not None and candidate.figure.value == 0 and what is Status.DENIED:
        what = Status.HAPPENED
    if what is Status.HAPPENED and candidate is not None and _is_feared(doc, candidate.end, hit.start):
        what = Status.POSSIBLE
    if measure == "fled" and what is Status.ORDERED:
        measure = "evacuated"  # guidelines: "evacuated" includes those ordered out
    trigger_span = Span(doc[hit.start].idx, doc[hit.end - 1].idx + len(doc[hit.end - 1]))
    figure = candidate.figure if candidate is not None else None
    if figure is not None and found.how == "toll" and what is Status.POSSIBLE and figure.exactness is Exactness.EXACT:
        figure = replace(figure, low=None, exactness=Exactness.UP_TO)  # "could reach 100,000"
    anchor = candidate.figure.span if candidate is not None else trigger_span
    index = _statement_of(statements, anchor)
    where = settle(doc, measure, found, places, statements, index, last)
    return Report(
        event=hit.trigger.event,
        measure=measure,
        status=what,
        trigger=trigger_span,
        rule=f"{hit.trigger.event}:{lemma(token)}/{found.how}",
        confidence=confidence("report", RATING[found.how] * (1 if what is Status.HAPPENED else UNREAL)),
        figure=figure,
        counts=candidate.figure.counts if candidate is not None else "people",
        statement=index,
        source=statements[index].source if index is not None else None,
        origin=where.origin,
        destination=where.destination,
        place=where.place,
        agent=_agent(doc, found, what, words, resolve),
        cause=cause_of(doc, token) if hit.trigger.frame not in ACTS else None,
        time=_time(doc, token, times),
    )


def _is_feared(doc: Doc, start: int, end: int) -> bool:
    """ "Dozens more feared drowned": doubt between the figure and its trigger."""
    words = [t for t in doc[start:end] if not t.is_space]
    while any(t.is_punct for t in words):
        words.pop(0)
    return any(t.lower_ in ("feared", "believed", "presumed", "thought", "reportedly") for t in words)


def _names_people(token: Token, found: Link) -> bool:
    """ "The missing", "those trapped", "200 evacuees": people in a state, not an act."""
    if found.how == "toll":
        return False
    if found.hit.trigger.frame == "person":
        return found.hit.trigger.measure not in ("evacuated", "displaced")
    if found.theme is not None and token.doc[found.theme].lower_ == "those":
        return True
    as_noun = token.tag_.startswith("NN") or any(c.lower_ in ("the", "those") for c in token.children)
    return found.hit.trigger.frame in ("state", "transitive") and (relation(token) == "amod" or as_noun)


def _reached(doc: Doc, found: Link) -> Token:
    """The word that says what a count did: "reach" in "the number of people brought out could reach 100,000"."""
    noun = doc[found.theme] if found.theme is not None else doc[found.hit.token]
    while noun.i > noun.head.i and lemma(noun.head) in COUNT_NOUNS:  # "the number of evacuees could rise"
        noun = noun.head
    if relation(noun) == "obj" and (rise := children(noun.head, "xcomp")):
        return rise[0]  # "expect the number of dead to rise to 20,000"
    return noun.head if is_verb(noun.head) and noun.head.sent.start == noun.sent.start else noun


def _agent(doc: Doc, found: Link, what: Status, words: People, resolve: Resolver) -> Role | None:
    """The one who acts; of an order to leave, the one who gives it."""
    token = doc[found.hit.token]
    theme = doc[found.theme] if found.theme is not None else None
    if found.hit.trigger.frame == "undergo":
        return befalling(doc, token, words)
    active = is_verb(token) and not is_passive(token) and not is_reduced_relative(token)
    before = found.candidate is not None and found.candidate.head < token.i
    if not (active and before) and found.hit.trigger.frame not in ("self", "state", "state-of", "noun-of"):
        acting = agent_of(doc, token, theme, words, resolve) if lemma(token) != "lose" else None
        if acting is not None:
            return None if _in_trigger(doc, found, acting) else acting
    above = next(governors(token), None)
    if above is None or found.hit.trigger.frame == "person":
        return None
    if what is Status.ORDERED and relation(token) in ("xcomp", "ccomp", "advcl"):
        return agent_of(doc, above, theme, words, resolve)
    if relation(token) == "compound" and is_verb(above.head) and lemma(above.head) in ISSUES:
        return agent_of(doc, above.head, theme, words, resolve)  # "the city issued an evacuation order"
    if found.hit.trigger.frame == "noun" and lemma(above) in CONDUCTS:
        return agent_of(doc, above, theme, words, resolve)
    return None


def _in_trigger(doc: Doc, found: Link, acting: Role) -> bool:
    """True for what the trigger itself names ("warplanes bombed"): the means, not the one who acts."""
    hit = found.hit
    return hit.trigger.frame == "act" and doc[hit.start].idx <= acting.span.start < doc[hit.end - 1].idx


def _statement_of(statements: Sequence[Statement], anchor: Span) -> int | None:
    """The innermost attributed statement whose content holds the words."""
    holding = [(s.content.end - s.content.start, i) for i, s in enumerate(statements) if s.content.covers(anchor)]
    return min(holding)[1] if holding else None


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
    after = doc[part.end : part.end + 2].text.lower()
    of_them = part.bare and doc[part.start : part.end].text.lower().endswith(("of them", "of whom"))
    stated = of_them or part_words(doc[whole.end : part.start].text.lower()) or after in PARTITIVES
    return same_sentence and report.event == of.event and stated
