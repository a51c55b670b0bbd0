"""From the Doc to statements: all cues, all quotations, then who each source is, in text order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.nlp.actors.cast import Cast, nominal_kind, person_like
from kg.nlp.actors.known import cast_of
from kg.nlp.actors.resolve import resolve
from kg.nlp.actors.source import Resolved, Speaker
from kg.nlp.attribution import asides, details, floating, labels, leading, plans, trailing
from kg.nlp.attribution.hits import Kind
from kg.nlp.attribution.page import Draft, Page, page
from kg.nlp.attribution.quotes import DOUBLE, SINGLE
from kg.nlp.confidence import confidence
from kg.types import QuotationMode, Resolution, Source, Span, Statement

LEAST = 0.35  # drafts below this confidence are dropped


def statements(doc: Doc) -> tuple[Statement, ...]:
    """All attributed statements of a parsed Doc made from a masked text, in text order.

    Spans are code points of the Doc's text. Statements whose words name no source are left out.
    """
    cast = cast_of(doc)
    sheet = page(doc, cast.layout)
    return _statements(sheet, cast, _drafts(sheet))


def _drafts(sheet: Page) -> list[Draft]:
    found = plans.plans(sheet)
    near: dict[int, list[plans.Plan]] = defaultdict(list)
    for plan in found:
        near[sheet.layout.sentence(plan.hit.head)].append(plan)
    drafts = [d for sentence in near.values() for d in _of_sentence(sheet, sentence)]
    drafts += floating.drafts(sheet, drafts)
    return sorted(
        (d for d in [*drafts, *labels.drafts(sheet, drafts)] if d.confidence >= LEAST),
        key=lambda d: (d.at, d.cue is None, d.content),
    )


def _of_sentence(sheet: Page, near: Sequence[plans.Plan]) -> list[Draft]:
    """Drafts of the cues of one sentence: first those behind their content, which bound the others."""
    behind: list[Draft] = []
    done: set[int] = set()
    for plan in near:
        if plan.hit.kind is Kind.FIXED or (plan.hit.kind is Kind.VERB and not plan.elided):
            new = asides.drafts(sheet, plan.hit, plan.who) or trailing.drafts(sheet, plan.hit, plan.who)
            behind += new
            done |= {plan.hit.head} if new else set()
    drafts = list(behind)
    for plan in near:
        if plan.hit.head in done or plan.hit.kind in (Kind.FIXED, Kind.CITING):
            continue
        stop = plans.reach(sheet, plan, near, behind)
        drafts += leading.drafts(sheet, plan.hit, plan.who, stop, elided=plan.elided, follows=plan.shares)
    drafts += [d for plan in near if plan.hit.kind is Kind.CITING for d in _citing(sheet, plan, drafts)]
    return _without_doubles(drafts)


def _citing(sheet: Page, plan: plans.Plan, drafts: Sequence[Draft]) -> list[Draft]:
    """ "..., Xinhua reported, citing maritime authorities": the same content, from whom it is cited."""
    hit = plan.hit
    if not plans.may_be_cited(sheet.doc[plan.who.head]):
        return []
    told = [d for d in drafts if d.hit is not None and d.hit.head < hit.head and d.cue]
    via: int | None = None
    if told:
        content = told[-1].content
        via = told[-1].hit.head if told[-1].hit is not None else None
    else:
        before = sheet.before(hit.start)
        begin = sheet.sentence(hit.head)[0]
        if before is None or before.i - begin < 4:
            return []
        content = (sheet.offsets[begin], sheet.end_of(before.i - 1 if before.is_punct else before.i))
    return [Draft(content, (hit.start, hit.end), plan.who, hit.start, "citing", hit.weight, hit, via=via)]


def _without_doubles(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft a cue and content: the more confident one where two cues claim nearly the same words by one speaker."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (-d.confidence, d.at)):
        if not any(_same(draft, k) for k in kept):
            kept.append(draft)
    return kept


def _same(one: Draft, two: Draft) -> bool:
    if one.rule == "citing" or two.rule == "citing":
        return False
    shared = min(one.content[1], two.content[1]) - max(one.content[0], two.content[0])
    both = max(one.content[1], two.content[1]) - min(one.content[0], two.content[0])
    return shared > 0.7 * both


def _statements(sheet: Page, cast: Cast, drafts: Sequence[Draft]) -> tuple[Statement, ...]:
    speakers: list[Speaker] = []
    by_cue: dict[int, Resolved] = {}
    found: list[Statement] = []
    own_words: list[Draft] = []
    for draft in drafts:
        if _first_person(sheet, draft):
            own_words.append(draft)
            continue
        resolved = _speaker(sheet, cast, draft, speakers, by_cue)
        if resolved is None or not _speaks(sheet, draft, resolved):
            continue
        if draft.hit is not None and draft.cue is not None:
            by_cue.setdefault(draft.hit.head, resolved)
        via = by_cue.get(draft.via) if draft.via is not None else None
        found.append(_statement(sheet, cast, draft, resolved, via))
        speakers.append(
            Speaker(resolved.source, resolved.entity, resolved.source.kind, resolved.gender, resolved.plural, draft.at)
        )
    found += [s for draft in own_words if (s := _of_speaker(sheet, cast, draft, found)) is not None]
    ordered = sorted(found, key=lambda s: (s.content.start, -s.content.end))
    return _nested(details.dated(sheet, ordered))


def _first_person(sheet: Page, draft: Draft) -> bool:
    return draft.source is not None and sheet.doc[draft.source.head].lower_ in ("i", "we")


def _of_speaker(sheet: Page, cast: Cast, draft: Draft, found: Sequence[Statement]) -> Statement | None:
    """ "'I told them to run,' the teacher recalled": "I" is who says the words around it; None if nobody does.

    Only what was said before counts: "we urge all sides to stop" is the speech itself.
    """
    assert draft.source is not None and draft.cue is not None  # noqa: S101 - callers pass drafts with source and cue
    verb = draft.hit.verb if draft.hit is not None else None
    if verb is None or verb.lemma not in sheet.lexicon.retold or sheet.doc[draft.cue[1] - 1].tag_ not in ("VBD", "VBN"):
        return None
    inside = Span(*draft.content)
    cue = Span(sheet.offsets[draft.cue[0]], sheet.end_of(draft.cue[1] - 1))
    around = [s for s in found if s.content.covers(inside) and s.content.covers(cue) and s.content != inside]
    if not around:
        return None
    teller = min(around, key=lambda s: s.content.end - s.content.start).source
    if teller is None:
        return None
    known = replace(
        teller,
        span=details.span_of(sheet, draft.source),
        resolution=Resolution.PRONOUN,
        antecedent=teller.antecedent or teller.span,
    )
    return _statement(sheet, cast, draft, Resolved(known, None, None, False), None)


def _speaker(
    sheet: Page, cast: Cast, draft: Draft, speakers: Sequence[Speaker], by_cue: dict[int, Resolved]
) -> Resolved | None:
    if draft.follows is not None and draft.follows in by_cue:
        known = by_cue[draft.follows]
        span, how = (known.source.span, Resolution.ELIDED) if draft.cue is not None else (None, Resolution.FLOATING)
        return replace(
            known,
            source=replace(
                known.source, span=span, resolution=how, antecedent=known.source.antecedent or known.source.span
            ),
        )
    if draft.source is not None:
        phrase = draft.source
        at = draft.at if phrase.start >= draft.at else phrase.start
        found = resolve(sheet.doc, cast, phrase.start, phrase.end, phrase.head, speakers, at)
        return replace(found, source=replace(found.source, resolution=Resolution.ELIDED)) if draft.elided else found
    if draft.cue is None and draft.follows is None:
        return _goes_on(sheet, cast, draft, speakers)
    return None


def _goes_on(sheet: Page, cast: Cast, draft: Draft, speakers: Sequence[Speaker]) -> Resolved | None:
    """The speaker of a quotation without a cue: the last one near enough."""
    if not speakers:
        return None
    last = speakers[-1]
    cued = next((s for s in reversed(speakers) if s.source.resolution is not Resolution.FLOATING), last)
    here = cast.layout.paragraph(draft.at)
    if draft.rule == "floating-chain":
        if here - cast.layout.paragraph(last.token) > 3:
            return None
    elif here - cast.layout.paragraph(cued.token) > 2:
        return None
    source = replace(
        last.source, span=None, resolution=Resolution.FLOATING, antecedent=last.source.antecedent or last.source.span
    )
    return Resolved(source, last.entity, last.gender, last.plural)


def _speaks(sheet: Page, draft: Draft, resolved: Resolved) -> bool:
    """False for subjects that cannot speak where the cue has other meanings too, and for "you"."""
    if draft.source is None or draft.hit is None:
        return True
    head = sheet.doc[draft.source.head]
    if head.lower_ == "you":
        return False
    verb = draft.hit.verb
    if verb is None or not verb.speaker or resolved.entity is not None:
        return True
    if draft.rule == "leading-that" and verb.lemma not in sheet.lexicon.shows and head.pos_ == "NOUN":
        return True
    return _named_actor(sheet, draft, resolved)


def _named_actor(sheet: Page, draft: Draft, resolved: Resolved) -> bool:
    if resolved.source.resolution in (Resolution.PRONOUN, Resolution.NOMINAL, Resolution.ELIDED):
        return True
    assert draft.source is not None  # noqa: S101 - callers pass drafts with a source
    head = sheet.doc[draft.source.head]
    if nominal_kind(head) is not None or head.pos_ == "PROPN" or head.lower_ in ("he", "she", "they", "who", "it"):
        return True
    quoted = sheet.quote_around(draft.content[0])
    return person_like(head) or (quoted is not None and quoted.start == draft.content[0])


def _statement(sheet: Page, cast: Cast, draft: Draft, resolved: Resolved, via: Resolved | None) -> Statement:
    content = Span(*draft.content)
    cue = Span(sheet.offsets[draft.cue[0]], sheet.end_of(draft.cue[1] - 1)) if draft.cue is not None else None
    verb = draft.hit.verb if draft.hit is not None and draft.cue is not None else None
    return Statement(
        content=content,
        mode=mode(sheet, content),
        source=resolved.source,
        cue=cue,
        rule=draft.rule,
        confidence=confidence("statement", _rating(draft, resolved.source)),
        status=verb.status if verb is not None else None,
        document=details.document(sheet, draft, resolved.source),
        conveyed_by=via.source if via is not None else details.quoted_by(sheet, cast, draft),
        addressee=details.role(sheet, draft.addressee),
        responsible=details.responsible(sheet, draft),
    )


def _rating(draft: Draft, source: Source) -> float:
    factor = {
        Resolution.NAME: 1.0,
        Resolution.SHORT_NAME: 1.0,
        Resolution.ACRONYM: 1.0,
        Resolution.DESCRIPTION: 0.97,
        Resolution.ELIDED: 0.95,
        Resolution.PRONOUN: 0.88,
        Resolution.NOMINAL: 0.85,
        Resolution.FLOATING: 0.9,
    }[source.resolution]
    return draft.confidence * factor


def mode(sheet: Page, content: Span) -> QuotationMode:
    """Direct if all words are quoted, mixed if some are, else indirect."""
    quoted = [False] * (content.end - content.start)
    for quote in sheet.quotes:
        for i in range(max(quote.start, content.start), min(quote.end, content.end)):
            quoted[i - content.start] = True
    if not any(quoted):
        return QuotationMode.INDIRECT
    marks = set(DOUBLE + SINGLE + " ,.")
    whole = all(q or sheet.text[content.start + i] in marks for i, q in enumerate(quoted))
    return QuotationMode.DIRECT if whole else QuotationMode.MIXED


def _nested(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Sets `parent`: the smallest other statement whose content holds cue and content of this one."""
    out = []
    open_: list[int] = []
    for i, s in enumerate(found):
        open_ = [j for j in open_ if found[j].content.end > s.content.start]
        holders = [
            j
            for j in open_
            if found[j].content.covers(s.content)
            and found[j].content != s.content
            and (s.cue is None or found[j].content.covers(s.cue))
        ]
        parent = min(holders, key=lambda j: found[j].content.end - found[j].content.start, default=None)
        out.append(replace(s, parent=parent))
        open_.append(i)
    return tuple(out)
