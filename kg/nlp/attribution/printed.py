"""Speakers by print: the words between a mark and the cue, where the parse sees something else."""

from __future__ import annotations

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit
from kg.nlp.attribution.page import COMMAS, QUOTE_MARKS, STOPS, Page, Phrase

_NOMINAL = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PART", "ADP", "CCONJ", "SYM"})
_OPENS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON"})
_INSIDE = frozenset({"'s", "’s", "'", "’", "-", "–", "/", "&", ".", "(", ")"})
_DASHES = frozenset({"-", "–"})
_RELATIVE = frozenset({"which", "that", "who", "whom", "what"})
LONGEST = 25  # tokens of a source between a comma and its cue


def after_comma(page: Page, hit: Hit, who: Token | None) -> Phrase | None:
    """ "..., the Provincial Disaster Council (PDC) reported": all between the last comma and the cue."""
    end = _before_adverbs(page, hit.start)
    begin = page.sentence(hit.head)[0]
    start = end
    while start > begin and end - start < LONGEST and _nominal(page.doc[start - 1]):
        start -= 1
    comma = page.before(start)
    if comma is None or comma.i < begin or comma.text != "," or start >= end or not _whole(page, start, end):
        return None
    if (who is not None and not start <= who.i < end) or tails.time_opens(page.doc[start]):
        return None
    head = who.i if who is not None else page.doc[start:end].root.i
    if page.doc[head].lower_ in _RELATIVE or page.doc[head].pos_ not in ("NOUN", "PROPN", "PRON", "NUM"):
        return None
    return Phrase.around(start, end, head)


def _before_adverbs(page: Page, i: int) -> int:
    while i > 0 and (page.doc[i - 1].pos_ == "ADV" or page.doc[i - 1].is_space):
        i -= 1
    return i


def _nominal(token: Token) -> bool:
    if token.text in QUOTE_MARKS and token.text not in _INSIDE:
        return False
    if token.text in _DASHES and token.i and token.doc[token.i - 1].whitespace_:
        return False
    return token.pos_ in _NOMINAL or token.text in _INSIDE or syntax.relation(token) == "amod"


def _whole(page: Page, start: int, end: int) -> bool:
    """True if the tokens look like one noun phrase: opened by a nominal word, closed by one or by a bracket."""
    first, last = page.doc[start], page.doc[end - 1]
    opened = sum(t.text == "(" for t in page.doc[start:end])
    if (
        first.pos_ not in _OPENS
        or first.lower_ in _RELATIVE
        or opened != sum(t.text == ")" for t in page.doc[start:end])
    ):
        return False
    if last.pos_ == "PRON":
        return end - start == 1
    return last.pos_ in ("NOUN", "PROPN", "NUM") or last.text == ")"


def in_relative(page: Page, hit: Hit) -> Phrase | None:
    """ "a system which advocates say is unfair": the noun phrase between the relative pronoun and the cue."""
    end = start = _before_adverbs(page, hit.start)
    verb = page.doc[hit.head]
    while start > 0 and not _relative(page.doc[start - 1]) and _belongs(page.doc[start - 1], verb):
        start -= 1
    if start in (end, 0) or not _relative(page.doc[start - 1]):
        return None
    words = page.doc[start:end]
    if words[0].pos_ in ("ADP", "CCONJ", "PART") or all(t.lower_ in tails.TIMES for t in words):
        return None
    head = next((t for t in words if t.head == verb), words.root)
    return Phrase.around(start, end, head.i) if head.pos_ not in ("ADJ", "NUM", "DET", "ADP") else None


def _relative(token: Token) -> bool:
    return token.lower_ in _RELATIVE and token.tag_ in ("WDT", "WP", "IN")


def _belongs(token: Token, verb: Token) -> bool:
    subject = token.head == verb and syntax.relation(token) in syntax.SUBJECTS
    return (_nominal(token) and token.text not in COMMAS | STOPS) or subject


def inside_name(page: Page, comma: int) -> bool:
    """ "Bethesda, Maryland": a comma between two place names."""
    before, after = page.doc[comma - 1], page.doc[comma + 1]
    return (
        before.pos_ == "PROPN"
        and after.pos_ == "PROPN"
        and before.ent_type_ in ("LOC", "GPE")
        and after.ent_type_ in ("LOC", "GPE")
    )
