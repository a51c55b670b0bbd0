"""Which cue candidates really report speech, who speaks at each, and how far its content may reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.actors.cast import nominal_kind, person_like
from kg.nlp.attribution import sides, tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.leading import same_form
from kg.nlp.attribution.page import COMMAS, STOPS, Draft, Page, Phrase
from kg.nlp.inflection import singulars
from kg.types import ActorKind

_LINKS = frozenset({"and", "but", "or", "then", "nor", "yet"})
_ALONGSIDE = frozenset({"while", "although", "though", "before", "after", "when"})
_PAST_TOO = frozenset({"put", "set", "forecast"})  # forms that are past as well as base
_ARTICLES = frozenset({"a", "an"})
_CONDITIONS = frozenset({"if", "unless", "whether"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A cue with its speaker. `shares`: the head of the earlier cue whose speaker goes on."""

    hit: Hit
    who: Phrase
    elided: bool = False
    shares: int | None = None


def plans(page: Page) -> list[Plan]:
    """The cues of an article that report speech by somebody the sentence names, in text order."""
    found: list[Plan] = []
    for hit in page.hits:
        plan = _plan(page, hit, found)
        if plan is not None:
            found.append(plan)
    return found


def _plan(page: Page, hit: Hit, earlier: Sequence[Plan]) -> Plan | None:
    if hit.kind in (Kind.FIXED, Kind.CITING):
        who = _object(page, hit)
        if who is None or ("strict" in hit.frames and not may_be_cited(page.doc[who.head])):
            return None
        return Plan(hit, who)
    if hit.kind is Kind.NOUN:
        who = _owner(page, hit)
        return Plan(hit, who) if who is not None else None
    verb = page.doc[hit.head]
    if not asserted(verb, page.lexicon.leads) or not _tells(page, hit, verb):
        return None
    linked = _linked(page, hit, earlier)
    if linked is not None:
        if _mute(page, hit, linked.who):
            return None
        return Plan(hit, linked.who, True, linked.hit.head)
    before = page.before(hit.start)
    if verb.tag_ == "VBG" and before is not None and before.lower_ in _ALONGSIDE | {","}:
        adding = _adding(page, hit, before.i if before.text == "," else before.i - 1, earlier)
        if adding is not None:
            return Plan(hit, adding.who, True, adding.hit.head)
    who = sides.author(page, hit) or sides.source(page, hit)
    if who is None and not hit.passive:
        shared = sides.shared(page, hit)
        if shared is None or _mute(page, hit, shared):
            return None
        known = next((p for p in reversed(earlier) if p.who.head == shared.head), None)
        return Plan(hit, shared, True, known.hit.head if known is not None else None)
    if who is None or _mute(page, hit, who) or _of_a_claim(page, hit, who):
        return None
    return Plan(hit, who)


def may_be_cited(head: Token) -> bool:
    """True for people, bodies and documents: "citing the risk of flooding" names no source."""
    return head.pos_ == "PROPN" or bool(head.ent_type_) or nominal_kind(head) is not None or person_like(head)


_TELLERS = {
    ActorKind.DOCUMENT: "document",
    ActorKind.ORGANIZATION: "body",
    ActorKind.ARMED_GROUP: "body",
    ActorKind.UNNAMED_GROUP: "group",
}


def _tells(page: Page, hit: Hit, verb: Token) -> bool:
    """False for a verb by which only some sorts of subject tell, where its subject is none of them.

    Polls find and show shares and leads: they tell where something is counted.
    """
    if hit.verb is None or not hit.verb.tellers:
        return True
    who = syntax.subject(verb)
    if who is None:
        return False
    asks = page.lexicon.polls.intersection(singulars(who.lower_))
    if asks and not any(t.like_num and _counts(t) for t in page.doc[hit.end : page.sentence(hit.head)[1]]):
        return False
    if who.ent_type_ == "ORG":
        return "body" in hit.verb.tellers
    kind = nominal_kind(who)
    return kind is not None and _TELLERS.get(kind, "") in hit.verb.tellers


_SHARES = frozenset({"%", "percent", "per", "percentage", "point", "points"})


def _counts(number: Token) -> bool:
    doc, i = number.doc, number.i
    return i + 1 < len(doc) and doc[i + 1].lower_ not in _SHARES and number.head.lower_ not in _SHARES


def asserted(verb: Token, leads: frozenset[str]) -> bool:
    """False for speech that did not take place: negated, modal, conditional, only planned or wished.

    `leads`: forms of verbs whose infinitive did take place ("was forced to admit").
    """
    own = syntax.relation(verb) != "conj" or same_form(verb.head, verb)
    speaker = syntax.subject(verb, elided=own)
    if syntax.negated(verb) or (speaker is not None and speaker.lower_ in ("nobody", "none", "neither")):
        return False
    helpers = syntax.auxiliaries(verb) if verb.tag_ == "VB" else syntax.children(verb, "aux")
    if any(a.tag_ == "MD" for a in helpers):
        return False
    marks = {m.lower_ for m in syntax.children(verb, "mark", "aux")}
    if marks & _CONDITIONS:
        return False
    if verb.tag_ == "VB" and "to" in marks:
        governor = verb.head
        done = governor.lower_ in leads and syntax.relation(verb) in ("xcomp", "advcl", "ccomp", "acl")
        return done and asserted(governor, leads)
    if (
        verb.tag_ == "VB"
        and not marks
        and syntax.relation(verb) != "conj"
        and not syntax.children(verb, *syntax.SUBJECTS)
    ):
        return False
    if verb.tag_ == "VB" and syntax.relation(verb) == "conj" and verb.head != verb:
        return verb.lower_ in _PAST_TOO or asserted(verb.head, leads)
    case = verb.doc[verb.i - 1].lower_ if verb.i else ""
    return not (verb.tag_ == "VBG" and case in ("without", "of", "from", "against", "not"))


def _linked(page: Page, hit: Hit, earlier: Sequence[Plan]) -> Plan | None:
    """The earlier cue of the sentence that this one is coordinated with: "Kerry said A, but warned B"."""
    begin = page.sentence(hit.head)[0]
    i = hit.start
    while i > begin and (page.doc[i - 1].lower_ in page.lexicon.adverbs or page.doc[i - 1].pos_ == "ADV"):
        i -= 1
    before = page.before(i)
    if before is None or before.i < begin or before.lower_ not in _LINKS:
        return None
    verb = page.doc[hit.head]
    if any(syntax.relation(c) in syntax.SUBJECTS for c in verb.children if hit.start > c.i >= before.i):
        return None
    here = page.quote_around(page.offsets[hit.head])
    for plan in reversed(earlier):
        if plan.hit.head < begin or _of_main_clause(page, verb, plan):
            break
        other = page.doc[plan.hit.head]
        if plan.hit.kind is Kind.VERB and page.quote_around(page.offsets[other.i]) == here and same_form(other, verb):
            return plan
    return None


def _of_main_clause(page: Page, verb: Token, plan: Plan) -> bool:
    """ "The governor cut short a trip, her office said, and promised aid": the second cue is the governor's."""
    main = verb.head
    if syntax.relation(verb) != "conj" or main.i == plan.hit.head or main.i > plan.who.start:
        return False
    behind = page.after(plan.hit.end - 1)
    who = syntax.subject(main, elided=False)
    if who is None or behind is None or behind.text != ",":
        return False
    return who.ent_type_ == "PERSON" or nominal_kind(who) in (ActorKind.UNNAMED_PERSON, ActorKind.UNNAMED_GROUP)


def _adding(page: Page, hit: Hit, comma: int, earlier: Sequence[Plan]) -> Plan | None:
    """The cue right before ", noting that": its speaker goes on; or the sentence's speaker for a verb that adds."""
    begin = page.sentence(hit.head)[0]
    here = page.quote_around(page.offsets[hit.head])
    for plan in reversed(earlier):
        if plan.hit.head < begin:
            return None
        if plan.hit.kind is not Kind.VERB or page.quote_around(page.offsets[plan.hit.head]) != here:
            continue
        end = max(plan.hit.end, plan.who.end)
        if end <= comma and not tails.finite(page, end, comma):
            return plan
        told = page.doc[plan.hit.head]
        beside = page.doc[comma].text == "," and page.doc[comma + 1].lower_ in _ALONGSIDE
        adds = hit.verb is not None and hit.verb.lemma in ("add", "note", "say")
        if told.tag_ != "VBG" and (adds or _of_the_passive(page, hit) or (beside and syntax.relation(told) == "ROOT")):
            return plan
    return None


def _of_the_passive(page: Page, hit: Hit) -> bool:
    """ "said 51 bodies had been found, warning that": what the parse makes the subject has something done to it."""
    who = syntax.subject(page.doc[hit.head])
    return who is not None and syntax.relation(who) in syntax.PASSIVE_SUBJECTS


def _of_a_claim(page: Page, hit: Hit, who: Phrase) -> bool:
    """ "X accused Y of it, a charge Z denies": the verb belongs to the noun, and has no content of its own."""
    start = who.start
    while start > 0 and page.doc[start - 1].text not in COMMAS | STOPS and hit.start - start < 8:
        start -= 1
    if (
        who.start > hit.start
        or start == 0
        or page.doc[start - 1].text not in COMMAS
        or page.doc[start].lower_ not in _ARTICLES
    ):
        return False
    noun = page.doc[start + 1]
    return noun.i + 1 < hit.start and bool(page.lexicon.claims.intersection(singulars(noun.lower_)))


def _mute(page: Page, hit: Hit, who: Phrase) -> bool:
    head = page.doc[who.head]
    if hit.verb is not None and hit.verb.lemma == "say" and head.lower_ not in ("he", "she"):
        return False
    return head.pos_ == "NOUN" and head.text.islower() and bool(page.lexicon.mute.intersection(singulars(head.lower_)))


def _object(page: Page, hit: Hit) -> Phrase | None:
    """The noun phrase behind "according to" or "citing"."""
    stop = page.sentence(hit.head)[1]
    i = hit.end
    while i < stop and page.doc[i].is_space:
        i += 1
    if i >= stop:
        return None
    head = _first_noun(page, i, stop)
    if head is None:
        return None
    end = max(sides.right_phrase(page, head).end, head.i + 1)
    comma = next((j for j in range(i, end) if page.doc[j].text == ","), None)
    closed = end < stop and page.doc[end].text in COMMAS | {".", ";"}
    if comma is not None and (tails.finite(page, comma + 1, end) or not closed):
        end = comma
    return Phrase.around(i, end, head.i)


def _first_noun(page: Page, i: int, stop: int) -> Token | None:
    """Head of the noun phrase that begins at token `i`."""
    token = page.doc[i]
    best: Token | None = None
    while True:
        if token.pos_ in ("NOUN", "PROPN", "PRON", "NUM") and token.i >= i:
            best = token
        head = token.head
        if (
            head.i <= i - 1
            or head.i >= stop
            or head == token
            or syntax.is_verb(head)
            or any(t.text in COMMAS for t in page.doc[i : head.i])
        ):
            break
        token = head
    if best is None:
        best = next((t for t in page.doc[i : min(stop, i + 8)] if t.pos_ in ("NOUN", "PROPN", "PRON")), None)
    return best


def _owner(page: Page, hit: Hit) -> Phrase | None:
    """Whose claim it is: "the minister's claim that", "warnings from doctors that"."""
    noun = page.doc[hit.head]
    for owner in syntax.children(noun, "nmod:poss"):
        start, end = syntax.phrase(owner)
        while end - 1 > start and page.doc[end - 1].lower_ in ("'s", "’s", "'", "’"):
            end -= 1
        return Phrase.around(start, end, owner.i)
    for owner in syntax.children(noun, "compound"):
        if owner.ent_type_ in ("ORG", "PERSON"):
            return Phrase.around(owner.left_edge.i, owner.i + 1, owner.i)
    for preposition, owner in syntax.obliques(noun):
        if preposition in ("by", "from") and owner.i < hit.head + 12:
            start, end = syntax.phrase(owner)
            return Phrase.around(start, end, owner.i)
    return None


def reach(page: Page, plan: Plan, near: Sequence[Plan], behind: Sequence[Draft]) -> int:
    """First token that the content of a leading cue may not contain.

    `near`: the plans of its sentence; `behind`: drafts of cues that follow their content, in its sentence.
    """
    hit = plan.hit
    stop = page.sentence(hit.head)[1]
    at = page.offsets[hit.head]
    around = page.quote_around(at)
    if around is not None:
        stop = min(stop, page.token_at(around.end - 1))
    for draft in behind:
        if draft.content[0] <= at < draft.content[1]:
            stop = min(stop, page.token_at(draft.content[1] - 1) + 1)
        elif draft.block is not None and at < draft.block[0] < page.end_of(stop - 1):
            stop = min(stop, page.token_at(draft.block[0]))
    for other in near:
        if hit.end < other.hit.start < stop and page.quote_around(page.offsets[other.hit.head]) is around:
            stop = min(stop, _cut(page, plan, other, stop))
    return stop


def _cut(page: Page, plan: Plan, other: Plan, stop: int) -> int:
    """Where a later cue of the sentence ends the content of an earlier one; `stop` if it does not."""
    hit = other.hit
    if (other.shares == plan.hit.head and other.elided) or (other.elided and other.who == plan.who):
        i = hit.start
        while i > plan.hit.end and page.doc[i - 1].pos_ == "ADV":
            i -= 1
        return _before_link(page, i)
    before = page.before(hit.start)
    if hit.kind in (Kind.FIXED, Kind.CITING):
        return before.i if before is not None and before.text in COMMAS else stop
    if hit.kind not in (Kind.VERB, Kind.FIGURE):
        return stop
    if page.doc[hit.head].tag_ == "VBG" and before is not None and other.elided:
        comma = page.before(before.i) if before.lower_ in _ALONGSIDE else before
        if comma is not None and comma.text in COMMAS:
            return comma.i
    if other.elided or other.who.start > hit.start:
        return stop
    verb = page.doc[hit.head]
    if syntax.relation(verb) in ("acl:relcl", "acl") and page.doc[other.who.head].lower_ in ("it", "he", "she", "they"):
        noun = page.before(other.who.start)
        comma = _comma_before(page, noun) if noun is not None and noun.pos_ == "NOUN" else None
        if comma is not None and comma.i > plan.hit.end:
            return comma.i
    link = page.before(other.who.start)
    if link is not None and link.lower_ in ("but", "while", "and", "although", "though", "whereas", "as"):
        comma = page.before(link.i)
        if (comma is not None and comma.text in COMMAS) or link.lower_ == "but":
            return comma.i if comma is not None and comma.text in COMMAS else link.i
    return link.i if link is not None and link.text == ";" else stop


def _comma_before(page: Page, noun: Token) -> Token | None:
    """The comma right before a noun and the words that describe it."""
    i = noun.i
    while i > 0 and page.doc[i - 1].pos_ in ("DET", "ADJ", "NOUN", "NUM"):
        i -= 1
    before = page.before(i)
    return before if before is not None and before.text == "," else None


def _before_link(page: Page, i: int) -> int:
    """Goes back over "and", "but also", a comma."""
    while True:
        before = page.before(i)
        if before is None or before.lower_ not in _LINKS | {","}:
            return i
        i = before.i
