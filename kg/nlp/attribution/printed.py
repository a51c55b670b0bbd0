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


def before_relative(page: Page, hit: Hit) -> Phrase | None:
    """ "Egypt, which brokered the truce, called on": the name before a relative clause that commas set off."""
    end = _before_adverbs(page, hit.start)
    begin = page.sentence(hit.head)[0]
    if end - 1 <= begin or page.doc[end - 1].text != ",":
        return None
    opened = [
        i
        for i in range(begin + 1, end - 1)
        if page.doc[i].text == "," and page.doc[i + 1].tag_ in ("WP", "WDT", "WP$", "WRB")
    ]
    if not opened or not tails.finite(page, opened[-1], end - 1):
        return None
    stop = start = opened[-1]
    while start > begin and stop - start < LONGEST and _nominal(page.doc[start - 1]):
        start -= 1
    while start < stop and page.doc[start].pos_ == "ADP":
        start += 1
    if start >= stop or not _whole(page, start, stop):
        return None
    words = page.doc[start:stop]
    return Phrase.around(start, stop, words.root.i if words.root.pos_ in ("NOUN", "PROPN") else words[-1].i)


def inside_name(page: Page, comma: int) -> bool:
    """ "Bethesda, Maryland": a comma between two place names."""
    before, after = page.doc[comma - 1], page.doc[comma + 1]
    return (
        before.pos_ == "PROPN"
        and after.pos_ == "PROPN"
        and before.ent_type_ in ("LOC", "GPE")
        and after.ent_type_ in ("LOC", "GPE")
    )


def nominal_run(page: Page, begin: int, end: int) -> Phrase | None:
    """The noun phrase that ends at token `end`, from the last mark, verb or conjunction on."""
    if end > begin and page.doc[end - 1].tag_ == "PRP":
        return Phrase.around(end - 1, end, end - 1)
    start = end
    while start > begin and (page.doc[start - 1].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PART", "ADP")
                             or page.doc[start - 1].text in ("'s", "’s", "-", ".", "&")):  # fmt: skip
        start -= 1
    while start < end and (
        page.doc[start].pos_ in ("ADP", "PART") or page.doc[start].is_punct or page.doc[start].is_space
    ):
        start += 1
    if (
        start >= end
        or page.doc[end - 1].pos_ not in ("NOUN", "PROPN", "PRON")
        or page.doc[end - 1].lower_ in ("that", "which", "what")
    ):
        return None
    return Phrase.around(start, end, page.doc[start:end].root.i)


def apposed(page: Page, begin: int, end: int) -> Phrase | None:
    """ "Satomi Hamada, a production analyst for IHS," before the comma at `end`."""
    comma = next((j for j in range(end - 1, begin, -1) if page.doc[j].text == "," and not inside_name(page, j)), None)
    if comma is None or tails.finite(page, comma + 1, end):
        return None
    name = nominal_run(page, begin, comma)
    if name is None or not any(t.pos_ == "PROPN" for t in page.doc[name.start : name.end]):
        return None
    return Phrase.around(name.start, end, name.head)
