"""Places for clauses that name none: other words of the sentence, "the city", the last report, the article's place.

Every place found here says in `inherited` where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.linking.states import state_of_people
from kg.nlp.heads import lemma, text_of
from kg.nlp.places import dominant
from kg.nlp.records import get_value
from kg.nlp.reports.roles import role_words
from kg.nlp.reports.words import CARRIERS, HEARERS, SAYING
from kg.nlp.syntax import PASSIVE_SUBJECTS, SUBJECTS, children, is_verb, parsed, preposition, relation, subject
from kg.types import Place, Span

# Verbs whose subject a country is as a place: "Bulgaria has reported 16 casualties", "Ukraine is the worst hit".
SUFFERS = frozenset(
    "report record register suffer see witness lose mourn be hit count experience face have confirm".split()
)
DATELINE = re.compile(r"[A-Z][\w .,'’/-]{1,60}?(?:,? ?\([^)\n]{2,40}\)\.?|[A-Z]{2,}\)?|\d)? ?(?:—|–|--|-|\.-) ")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = re.compile(
    rf"\b(?:[Ii]n|[Ss]ince|of|[Tt]he)(?: late| early| mid)? (?:the \w+ of |(?:{MONTHS}),? )?((?:1[89]|20)\d\d)\b"
)
AGO = re.compile(r"\b(?:years?|decades?|centur(?:y|ies)) (?:ago|earlier|before)\b|\b(?:a|each|every|per) year\b")
VOICES = frozenset("radio television tv newspaper media broadcaster daily news agency".split())
STATIC = frozenset("in at near off on outside across over between through into inside along around".split())
WATER = frozenset({"river", "sea", "lake", "ocean"})
# What "the city" and its like may stand for, by the gazetteer's feature.
ANAPHORS = {
    "city": frozenset({"city", "town", "capital", "village"}),
    "town": frozenset({"city", "town", "village"}),
    "village": frozenset({"village", "town"}),
    "capital": frozenset({"capital", "city"}),
    "province": frozenset({"province", "governorate", "state", "region", "adm1"}),
    "region": frozenset({"region", "province", "part", "state", "autonomous region"}),
    "county": frozenset({"county"}),
    "district": frozenset({"district"}),
    "prefecture": frozenset({"prefecture"}),
    "island": frozenset({"island"}),
    "country": frozenset({"country"}),
    "enclave": frozenset({"city", "town", "village", "suburb", "part", "district"}),
    "suburb": frozenset({"city", "town", "suburb"}),
    "valley": frozenset({"valley"}),
    "peninsula": frozenset({"peninsula"}),
    "regency": frozenset({"regency"}),
    "camp": frozenset({"camp"}),
    "municipality": frozenset({"municipality", "town", "city"}),
    "state": frozenset({"state", "province"}),
}
MEMORY = 5  # sentences for which the place of the last report is still meant


@dataclass(frozen=True, slots=True)
class Remembered:
    """The place of the report before, and the start of its sentence."""

    sentence: int
    place: Place


def acts(doc: Doc, place: Place) -> bool:
    """True for a country that does something ("Turkey put the figure"), a place by which something is done.

    No event happens there: "areas controlled by Kyiv".
    """
    if place.span is None or not parsed(doc):
        return False
    tokens = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    if tokens is None:
        return False
    root = tokens.root.head if relation(tokens.root) == "conj" else tokens.root
    if relation(root).startswith("obl") and root.head.tag_ == "VBN" and preposition(root) == "by":
        return True
    return place.feature == "country" and relation(root) in SUBJECTS and lemma(root.head) not in SUFFERS


def _owns_speaker(doc: Doc, place: Place) -> bool:
    """True for "Denmark's public radio", "China's state news agency": whose voice it is, not where it happened."""
    if place.span is None or not parsed(doc):
        return False
    tokens = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    if tokens is None or relation(tokens.root) not in ("nmod:poss", "compound", "poss"):
        return False
    return lemma(tokens.root.head) in VOICES


def anaphors(doc: Doc, places: Sequence[Place]) -> tuple[Place, ...]:
    """Phrases such as "the besieged city", each as a place with the name it stands for."""
    found: list[Place] = []
    named = [p for p in places if p.span is not None]
    for token in doc:
        if token.lower_ == "there" and relation(token) in ("advmod", "obl") and token.tag_ == "RB":
            before = [p for p in named if p.span and p.span.end <= token.idx and not acts(doc, p)]
            if before and not _in_dateline(doc, before[-1]):
                span = Span(token.idx, token.idx + len(token))
                found.append(replace(before[-1], span=span, inherited="anaphor"))
            continue
        wanted = ANAPHORS.get(lemma(token))
        if wanted is None or token.tag_ not in ("NN", "NNP") or not _definite(token):
            continue
        start = token.left_edge.idx
        end = token.idx + len(token)
        if any(p.span and p.span.start >= start and p.span.start <= end + 12 for p in named):
            continue
        before = [p for p in named if p.span and p.span.end <= start and (p.feature or "city") in wanted]
        if before:
            span = Span(token.idx, end)
            found.append(replace(before[-1], span=span, inherited="anaphor"))
    return tuple(found)


def _definite(token: Token) -> bool:
    marks = children(token, "det", "nmod:poss")
    return any(m.lower_ in ("the", "this", "that", "its") for m in marks)


def inherited(
    doc: Doc,
    token: Token,
    places: Sequence[Place],
    closed: Sequence[Span],
    others: Sequence[Span],
    last: Remembered | None,
) -> Place | None:
    """A place for a clause that names none; None where nothing is plainly meant.

    `closed`: stretches whose places do not count (the phrase that names a source); `others`: what other
    speakers say, whose places are not meant by this one.
    """
    lo, hi = token.sent.start_char, token.sent.end_char
    usable = [
        p
        for p in places
        if p.span is not None
        and not acts(doc, p)
        and not _owns_speaker(doc, p)
        and not _where_said(doc, p)
        and not any(c.covers(p.span) for c in closed)
    ]
    same = [p for p in usable if p.span and lo <= p.span.start < hi and not _subordinate(doc, token, p.span)]
    same = [p for p in same if not _in_dateline(doc, p)] or same
    if same:
        land = [p for p in same if p.feature not in WATER] or same
        best = min(land, key=lambda p: abs(p.span.start - token.idx) if p.span else 0)
        return replace(joined(doc, chained(doc, best, same), same), inherited=best.inherited or "sentence")
    if of_another_time(doc, lo, hi):
        return None
    people = _of_people(doc, token, usable)
    if people is not None:
        return people
    before = [s.start_char for s in doc.sents if s.start_char < lo and s.text.strip()]
    near = [
        p
        for p in usable
        if p.span
        and before
        and before[-1] <= p.span.start < lo
        and not any(o.covers(p.span) for o in others)
        and not _in_dateline(doc, p)
    ]
    if last is not None and last.sentence in (lo, *before[-1:]):
        return replace(last.place, inherited=last.place.inherited or "previous_sentence")
    if near:
        return replace(near[-1], inherited="previous_sentence")
    if last is not None and last.sentence in (lo, *before[-MEMORY:]):
        return replace(last.place, inherited=last.place.inherited or "previous_sentence")
    about = dominant(doc, tuple(p for p in places if p.inherited is None))
    named_before = about is not None and any(p.name == about.name and p.span and p.span.start < lo for p in places)
    return about if named_before else None


def of_another_time(doc: Doc, lo: int, hi: int) -> bool:
    """True for background, whose place the sentences around it do not tell: "In 2007 a quake killed one"."""
    words = text_of(doc)[lo:hi]
    published = get_value(doc, "published")
    this_year = str(published)[:4] if published else ""
    return any(m[1] != this_year for m in YEAR.finditer(words)) or AGO.search(words) is not None


def _of_people(doc: Doc, token: Token, usable: Sequence[Place]) -> Place | None:
    """ "Cambodian police said …": the country of the people named, where the article names it before."""
    for word in token.sent:
        state = state_of_people(word.text) if word.text[:1].isupper() else None
        if state is not None:
            named = [p for p in usable if p.feature == "country" and p.country == state.iso and p.span]
            before = [p for p in named if p.span and p.span.start < word.idx]
            if before:
                return replace(before[-1], inherited="demonym")
    return None


def _subordinate(doc: Doc, token: Token, span: Span) -> bool:
    """True if the words stand in a clause after the trigger that tells of something else."""
    tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
    if tokens is None:
        return False
    if tokens.root.i < token.i:
        return _of_other_subject(tokens.root, token)
    if _of_its_cause(tokens.root, token):
        return False
    between = [t.lower_ for t in doc[token.i : tokens.start]]
    if any(
        w in ("as", "while", "when", "but")
        and between[n + 1 : n + 2] not in (["well"], ["of"], ["many"], ["a"])
        and not (w in ("as", "when") and _tells_of_disaster(doc[token.i + n : tokens.start]))
        for n, w in enumerate(between)
    ):
        return True
    for ancestor in tokens.root.ancestors:
        if ancestor == token:
            return False
        marked = any(
            c.lower_ in ("as", "while", "when", "but", "where") for c in children(ancestor, "mark", "advmod", "cc")
        )
        if relation(ancestor) in ("advcl", "conj", "acl:relcl") and ancestor.i > token.i and marked:
            return True
    return False


def _tells_of_disaster(words: Iterable[Token]) -> bool:
    """ "As a twister flattens a park outside", "when the boat capsized off": how it came, and so where."""
    nouns = role_words("cause") | CARRIERS
    broken = role_words("breaks")
    return any(lemma(t) in (broken if is_verb(t) else nouns) and t.pos_ in ("NOUN", "PROPN", "VERB") for t in words)


def _where_said(doc: Doc, place: Place) -> bool:
    """True for "told reporters in Minna", "said in Geneva": where somebody spoke."""
    if place.span is None or not parsed(doc):
        return False
    tokens = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    if tokens is None or preposition(tokens.root) not in ("in", "at"):
        return False
    above = tokens.root.head
    heard = tokens.start > 1 and lemma(doc[tokens.start - 2]) in HEARERS
    return heard or lemma(above) in HEARERS or (lemma(above) in SAYING and is_verb(above))


def _in_dateline(doc: Doc, place: Place) -> bool:
    """True for the town in "LA PAZ, Aug 24 (EFN) -": where the article was written, not where it happened."""
    if place.span is None:
        return False
    start = text_of(doc).rfind("\n", 0, place.span.start) + 1
    while text_of(doc)[start].isspace():
        start += 1
    line = DATELINE.match(text_of(doc), start)
    return line is not None and line.end() - start <= 80 and place.span.end <= line.end()


def _of_its_cause(word: Token, token: Token) -> bool:
    """ "Seventeen died when a boat capsized off the Bahamas": the clause says how it came, and so where."""
    case = preposition(word)
    if case not in STATIC and relation(word) not in ("obj", "compound"):
        return False
    for ancestor in word.ancestors:
        if relation(ancestor) == "advcl" and ancestor.i > token.i and is_verb(ancestor):
            marked = any(c.lower_ in ("when", "after", "as") for c in children(ancestor, "mark", "advmod"))
            first = subject(ancestor)
            caused = first is not None and (lemma(first) in role_words("cause") or lemma(first) in CARRIERS)
            caused = caused or _tells_of_disaster(word.doc[ancestor.left_edge.i : word.i])
            above = ancestor.head
            beside = above == token or above in token.ancestors or token in above.ancestors or above.head == token.head
            return marked and caused and beside
    return False


def _of_other_subject(word: Token, token: Token) -> bool:
    """True if the words belong to the subject of another clause: "the districts remained on alert, and …"."""
    for ancestor in (word, *word.ancestors):
        if relation(ancestor) in SUBJECTS or relation(ancestor) in PASSIVE_SUBJECTS:
            clause = ancestor.head
            return clause != token and clause not in token.ancestors and token not in clause.children
        if is_verb(ancestor):
            return False
    return False


def chained(doc: Doc, place: Place, places: Sequence[Place]) -> Place:
    """The first of a chain: "Toyohashi" of "Toyohashi, Aichi Prefecture"."""
    for other in reversed(places):
        if place.span is None or other.span is None or other.span.end > place.span.start:
            continue
        if text_of(doc)[other.span.end : place.span.start].strip() == ",":
            place = other
    for other in places:
        if place.span and other.span and place.span.end < other.span.start:
            between = text_of(doc)[place.span.end : other.span.start].strip()
            if between in ("'s", "’s") or re.fullmatch(r"\w+ of", between):
                return other  # "southwest China's Yunnan Province", "the Kyushu city of Amakusa"
    return place


def joined(doc: Doc, first: Place, places: Sequence[Place]) -> Place:
    """The place with those coordinated to its right: "Iran and Iraq"."""
    for other in places:
        if first.span is None or other.span is None or other.span.start <= first.span.end:
            continue
        if text_of(doc)[first.span.end : other.span.start].strip() not in ("and", "or", "&"):
            continue
        span = Span(first.span.start, other.span.end)
        first = replace(first, name=span.of(text_of(doc)), span=span)
    return first
