"""From triggers and figures to reports with status, source and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.lexicon import EventLexicon, People, events, people
from kg.nlp.confidence import confidence
from kg.nlp.figures import Candidate, figures
from kg.nlp.heads import lemma
from kg.nlp.reports.generic import is_generic
from kg.nlp.reports.inherit import Remembered, anaphors, inherited
from kg.nlp.reports.roles import Resolver, agent_of, befalling, cause_of, role_words
from kg.nlp.reports.status import status
from kg.nlp.reports.themes import Link, counted_people, link, part_words
from kg.nlp.reports.triggers import ACTS, Hit, hits
from kg.nlp.reports.where import LEAVING, Where, placed_beside, where_of
from kg.nlp.reports.words import (
    BARE_NOUNS,
    CONDUCTS,
    COUNT_NOUNS,
    FEWEST,
    IDIOMS,
    ISSUES,
    LEFT_BEHIND,
    PARTITIVES,
    PROCESSES,
)
from kg.nlp.sites import SITES
from kg.nlp.syntax import (
    antecedent,
    governors,
    is_passive,
    is_reduced_relative,
    is_verb,
    obliques,
    relation,
    subject,
)
from kg.types import Exactness, Place, Report, Role, Span, Statement, Status, TimeScope

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
    fitting = [h for h in found if _fits(doc, h, strong, crisis=crisis)]
    links = [k for k in link(doc, fitting, candidates, words) if _wanted(doc, k, words) and _borne_out(doc, k, strong)]
    places = sorted((*places, *anaphors(doc, places)), key=lambda p: p.span.start if p.span else 0)
    made: list[Report] = []
    last: Remembered | None = None
    for k in links:
        made.append(_report(doc, k, statements, places, times, words, resolve, last))
        there = made[-1].origin or made[-1].place
        if there is not None and k.hit.trigger.frame not in ACTS:
            last = Remembered(doc[k.hit.token].sent.start_char, there)
    return _with_parts(doc, _without_repeats(links, made))


def _wanted(doc: Doc, found: Link, words: People) -> bool:
    """The needs of weak triggers, and what a trigger without a figure must have to count."""
    trigger, token = found.hit.trigger, doc[found.hit.token]
    if trigger.frame == "mention":
        return found.candidate is None and relation(token) == "amod" and lemma(token.head) in role_words("cause")
    if found.candidate is None and found.how != "derived":
        return _bare_wanted(doc, found, token, words)
    return True


def _borne_out(doc: Doc, found: Link, strong: set[str]) -> bool:
    """In an article that names no evacuation by a strong word, weak ones need many people: "moved 300 families"."""
    if found.hit.trigger.event in strong or found.hit.strong(doc) or _to_safety(doc[found.hit.token]):
        return True
    if found.candidate is None or not found.candidate.person:
        return False
    figure = found.candidate.figure
    return figure.counts != "fighters" and (figure.value or figure.low or figure.high or 0) >= FEWEST


def _fits(doc: Doc, hit: Hit, strong: set[str], *, crisis: bool) -> bool:
    """A weak trigger counts beside a strong one of its event, and where the words say from where or to where.

    `crisis`: the article tells of deaths or of disasters; then people who are moved or shelter are believed.
    """
    if hit.strong(doc):
        return True
    needs, token = hit.trigger.needs, doc[hit.token]
    if hit.trigger.event not in strong and not crisis and not _to_safety(token):
        return False
    if "way" in needs:
        return _has_way(token)
    if "origin" in needs:
        return _has_way(token) or any(_is_place(c) for c in token.children if relation(c) == "obj")
    return True


def _bare_wanted(doc: Doc, found: Link, token: Token, words: People) -> bool:
    trigger = found.hit.trigger
    what = status(doc, token)
    how_many_must_die = trigger.event == "casualty" and what is Status.ORDERED
    if trigger.frame in ("toll", "state-of") or relation(token) == "amod" or how_many_must_die:
        return False
    theme = doc[found.theme] if found.theme is not None else None
    if is_generic(token, theme) or _is_one_body(token):
        return False
    if theme is not None and theme.ent_type_ == "PERSON" and trigger.event == "evacuation":
        return False  # one named person who shelters or flees: seldom what the article counts
    if trigger.frame in ACTS:
        return relation(token) != "compound"
    if not found.hit.strong(doc):
        if found.theme is not None and lemma(doc[found.theme]) in ("toll", "tally", "number", "total"):
            return False
        way = bool(trigger.needs & {"way", "origin"} or trigger.particle) or trigger.frame == "transitive"
        return way and _has_way(token) and not _to_hospital(token) and counted_people(doc, found.theme, words)
    if trigger.frame in ("noun", "person"):
        if relation(token) == "compound":
            return lemma(token.head) in PROCESSES
        if what in (Status.CANCELLED, Status.POSSIBLE) and trigger.event == "casualty":
            return False  # "to avoid casualties", "can lead to death"
        named = found.theme is not None and found.theme != found.hit.token and counted_people(doc, found.theme, words)
        return named or lemma(token) in BARE_NOUNS
    if "figure" in trigger.needs:
        return False
    return found.theme is None or counted_people(doc, found.theme, words)


def _is_one_body(token: Token) -> bool:
    """A single body, unless it is said whose: "the body of 58-year-old Dao Qiongfen"."""
    return lemma(token) in ("body", "corpse") and token.tag_ == "NN" and not any(p == "of" for p, _ in obliques(token))


def _is_place(noun: Token) -> bool:
    return noun.ent_type_ == "LOC" or lemma(noun) in LEFT_BEHIND | SITES | role_words("place")


def _to_hospital(token: Token) -> bool:
    """ "Taken to a hospital": care for one person, no evacuation."""
    return any(lemma(noun) in ("hospital", "clinic", "court", "prison", "jail") for _, noun in obliques(token))


def _to_safety(token: Token) -> bool:
    """True for movement to a place that only an evacuation brings people to: "to safer places", "to relief camps"."""
    for preposition, noun in obliques(token):
        if preposition in ("to", "into", "in") and lemma(noun) in role_words("shelter"):
            words = {c.lower_ for c in noun.children} | {noun.lower_}
            return bool(
                words
                & {"safe", "safer", "safety", "relief", "shelter", "shelters", "evacuation", "higher", "temporary"}
            )
    return False


def _has_way(token: Token) -> bool:
    """True if the words say from where or to where."""
    ways = {"from", "to", "into", "out of", "towards", "toward", "out", "off", "across"}
    return any(p in ways and lemma(n) not in IDIOMS for p, n in obliques(token)) or any(
        c.lower_ in ("home", "back", "out", "away", "ashore", "off") for c in token.children
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
    last: Remembered | None,
) -> Report:
    hit, candidate = found.hit, found.candidate
    token = doc[hit.token]
    what = status(doc, _reached(doc, found) if found.how == "toll" else token, names_people=_names_people(token, found))
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
    where = _where(doc, measure, found, places, statements, index, last)
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
    if found.hit.trigger.frame == "person" and found.how != "toll":
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


def _where(
    doc: Doc,
    measure: str,
    found: Link,
    places: Sequence[Place],
    statements: Sequence[Statement],
    index: int | None,
    last: Remembered | None,
) -> Where:
    token = doc[found.hit.token]
    anchors: list[Token] = [token]
    if found.theme is not None:
        anchors.insert(0, doc[found.theme])
    if found.candidate is not None and doc[found.candidate.head] not in anchors:
        anchors.insert(0, doc[found.candidate.head])
    anchors += list(governors(token))[:2]
    beside = placed_beside(doc, found.candidate.end, places) if found.candidate is not None else None
    if beside is not None and measure not in LEAVING:
        return Where(None, None, beside)
    where = where_of(doc, measure, anchors, places)
    if where.origin or where.place:
        return where
    sources = [s.source.span for s in statements if s.source is not None and s.source.span is not None]
    others = [s.content for i, s in enumerate(statements) if i != index and not _same_speaker(s, statements, index)]
    nearest = _of_speaker(doc, token, statements, index, places)
    if nearest is None and not _of_a_war(doc, token):
        there = where.destination.span if where.destination is not None else None
        open_places = [p for p in places if there is None or p.span is None or not there.overlaps(p.span)]
        nearest = inherited(doc, token, open_places, sources, others, last)
    if nearest is None:
        return where
    return replace(where, origin=nearest) if measure in LEAVING else replace(where, place=nearest)


def _same_speaker(one: Statement, statements: Sequence[Statement], index: int | None) -> bool:
    other = statements[index].source if index is not None else None
    return one.source is not None and other is not None and one.source.name == other.name


def _of_speaker(
    doc: Doc, token: Token, statements: Sequence[Statement], index: int | None, places: Sequence[Place]
) -> Place | None:
    """ "We have evacuated thousands", said an official of Quang Tri: the speaker's own place."""
    if index is None:
        return None
    ours = subject(token)
    source = statements[index].source
    if ours is None or ours.lower_ != "we" or source is None or source.span is None:
        return None
    sentence = doc.char_span(source.span.start, source.span.end, alignment_mode="expand")
    end = sentence.sent.end_char if sentence is not None else source.span.end
    named = [p for p in places if p.span and source.span.start <= p.span.start < end]
    return replace(named[0], inherited="source") if named else None


def _of_a_war(doc: Doc, token: Token) -> bool:
    """True for tolls of a whole war, which no place named nearby bounds."""
    first = subject(token)
    if first is not None and first.lower_ in ("which", "that"):
        first = antecedent(first)
    return first is not None and lemma(first) in ("war", "conflict", "genocide", "epidemic", "pandemic")


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
