"""Places without a name of their own: "rebel-held areas", "17 prefectures", "shelters", "the city".

A definite singular ("the city", "the province") is led back to the named place it stands for; a phrase that
holds a name ("the last rebel bastion in Aleppo") is that place; all others keep their words.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.linking.gazetteer import SETTLEMENTS
from kg.nlp import syntax
from kg.nlp.places import within
from kg.types import Place, Span

# Head nouns of phrases that say where people are, come from or go to.
HEADS = frozenset(
    "area region zone place ground village town city district province prefecture county municipality state island"
    " neighbourhood neighborhood suburb quarter camp shelter centre center home house building apartment flat dwelling"
    " school hospital mosque church gym stadium coast coastline shore border enclave pocket bastion stronghold"
    " safety location site territory part community country capital countryside outskirt lowland highland slum"
    " barangay township commune settlement hamlet farm resort hotel facility refuge bunker basement hall tent valley"
    " river riverbank frontline mainland inland sea peninsula".split()
)
_COUNTRIES = frozenset({"country"})
_AREAS = frozenset({"province", "state", "prefecture", "region", "county", "district", "governorate"})
_TOWNS = frozenset({"city", "town", "capital", "village", "municipality", "metropolis"})
_ISLANDS = frozenset({"island"})
_DROPPED = frozenset({"the", "a", "an", "its"})
_DEFINITE = frozenset({"the", "this", "that"})


def areas(doc: Doc, named: tuple[Place, ...]) -> tuple[Place, ...]:
    """All unnamed place phrases in text order. `named`: the result of `places(doc)`."""
    out: list[Place] = []
    taken = [p.span for p in named if p.span is not None]
    for token in doc:
        if token.pos_ in ("NOUN", "PROPN", "") and token.lemma_.lower() in HEADS and not _inside(token, taken):
            place = area(doc, token, named)
            if place is not None:
                out.append(place)
    return tuple(out)


def area(doc: Doc, head: Token, named: tuple[Place, ...]) -> Place | None:
    """The place that the noun phrase headed by `head` means; None if it has no words of its own."""
    start, end = syntax.phrase(head)
    while start < head.i and (doc[start].lower_ in _DROPPED or doc[start].is_punct):
        start += 1
    if start >= end:
        return None
    span = _span(doc, start, end)
    inner = within(named, span)
    if inner:
        return replace(inner[0], inherited=None)
    back = antecedent(doc, head, named)
    if back is not None:
        return replace(back, span=span, inherited=_distance(doc, back, head))
    return Place(" ".join(doc[start:end].text.split()), span, feature=head.lemma_.lower())


def antecedent(doc: Doc, head: Token, named: tuple[Place, ...]) -> Place | None:
    """The named place that "the city", "the country" stands for: the nearest before it of a fitting kind."""
    if not _points_back(head):
        return None
    lemma = head.lemma_.lower()
    before = [p for p in named if p.span is not None and p.span.end <= head.idx]
    for place in reversed(before):
        if _fits(place, lemma):
            return place
    return None


def _points_back(head: Token) -> bool:
    """True for a bare singular with "the", "this": "the city", "the besieged city", not "the city of Homs"."""
    if head.tag_ == "NNS" or head.text.endswith("s"):
        return False
    left = [t.lower_ for t in head.children if t.i < head.i]
    right = [
        t for t in head.children if t.i > head.i and not t.is_punct and syntax.relation(t) in ("nmod", "appos", "prep")
    ]
    determined = bool(_DEFINITE & set(left)) or (head.i > 0 and head.nbor(-1).lower_ in _DEFINITE)
    return determined and not right


def _fits(place: Place, lemma: str) -> bool:
    feature = place.feature or ""
    if lemma in _TOWNS:
        return feature in SETTLEMENTS | _TOWNS
    if lemma in _COUNTRIES:
        return feature == "country"
    if lemma in _ISLANDS:
        return "island" in feature or "island" in place.name.lower()
    if lemma in _AREAS:
        wide = feature not in SETTLEMENTS and feature != "country"
        return wide and (lemma in (feature, "region") or bool(place.gazetteer_id))
    return False


def _distance(doc: Doc, place: Place, head: Token) -> str:
    """How far back the name lies: "sentence", "previous_sentence" or "article"."""
    if place.span is None or not doc.has_annotation("SENT_START"):
        return "article"
    if place.span.start >= head.sent.start_char:
        return "sentence"
    first = head.sent.start
    if first > 0 and place.span.start >= doc[first - 1].sent.start_char:
        return "previous_sentence"
    return "article"


def _inside(token: Token, spans: list[Span]) -> bool:
    return any(s.start <= token.idx < s.end for s in spans)


def _span(doc: Doc, start: int, end: int) -> Span:
    return Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))


def preposition(doc: Doc, place: Place) -> str | None:
    """The preposition that governs a place, in lower case: "from", "in", "towards"; None where none stands.

    Words between are skipped: "from the last rebel bastion in Aleppo" gives "in" for Aleppo; ask for the
    phrase ("the last rebel bastion in Aleppo", see `area`) to get "from". A container ("Yokosuka, Kanagawa
    Prefecture") answers for itself only.
    """
    if place.span is None:
        return None
    tokens = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    if tokens is None:
        return None
    if syntax.parsed(doc):
        found = syntax.preposition(tokens.root)
        if found:
            return found
    at = tokens.start - 1
    while at >= 0 and (doc[at].lower_ in _DROPPED or doc[at].pos_ in ("ADJ", "DET", "NUM") or doc[at].text == "-"):
        at -= 1
    word = doc[at].lower_ if at >= 0 else ""
    return word if word in ORIGIN | DESTINATION | STATIC else None


ORIGIN = frozenset({"from", "out of", "off", "away from", "outside", "out"})
DESTINATION = frozenset({"to", "towards", "toward", "into", "onto", "for"})
STATIC = frozenset(
    "in at near on across around within inside throughout along around over off amid outside between under".split()
)


def direction(word: str | None) -> str | None:
    """ "origin", "destination" or "place" for a preposition; None for one that says nothing of the kind."""
    if word is None:
        return None
    if word in ORIGIN:
        return "origin"
    if word in DESTINATION:
        return "destination"
    return "place" if word in STATIC else None
