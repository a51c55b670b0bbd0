"""Figures: number phrases of a Doc with the noun they count, as candidates for reports.

What is not a count of people (money, times, dates, ages, percentages, distances, vehicles, ordinals)
is recognised here and never reaches a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.lexicon import People
from kg.nlp.heads import AS_NOUNS, coordinated_end, count_of, counted_as, head_noun, is_person, lemma, text_of
from kg.nlp.numbers import Number, numbers
from kg.nlp.syntax import relation
from kg.types import Exactness, Figure, Span

MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan jan. feb feb. mar mar. apr apr. jun jun. jul jul. aug aug. "
    "sep sep. sept sept. oct oct. nov nov. dec dec.".split()
)
CURRENCY_BEFORE = frozenset("$ £ € ¥ ₹ us$ a$ c$ usd eur gbp rs rs. shs tk inr ugx cny rmb".split())
LABEL_BEFORE = frozenset(
    "no. no number # nr route highway flight magnitude aged age page chapter article resolution group phase level "
    "category section zone room unit top point para paras paragraph paragraphs pages line lines".split()
)
AFTER_TIME = frozenset(["a.m.", "p.m.", "am", "pm", "a.m", "p.m", "o'clock", "gmt", "hrs", "hours"])
# "Half of the island's 4,000 people": the number printed is not the number meant.
FRACTION_OF = re.compile(
    r"\b(?:half|thirds?|quarters?|fifths?|tenths?|per ?cent|percent|%) of "
    r"(?:the |its |their |our |[\w’']+(?: ?[’']s)? ){0,3}$"
)
OF_PEOPLE = frozenset({"of them", "of whom", "of us"})
SUFFERED = frozenset({"sustained", "suffered", "received", "sustain", "suffer", "receive"})
OWNERS = frozenset("his her their its our my your".split())
ORDINALS = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
SOLE = frozenset({"sole", "only", "lone", "single"})


# Nouns of people whose singular is more than one of them, or an event.
GROUPS = frozenset(
    "people police staff personnel crew folk population family household couple troop loss death injury casualty "
    "fatality murder drowning suicide body corpse victim cattle team life head other local elderly sick missing "
    "wounded injured dead displaced homeless stranded evacuated remains".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure and where it stands: token range [start, end), head token, number token."""

    start: int
    end: int
    head: int  # the counted noun, or the number itself when nothing is named
    number: int  # last token of the number
    bare: bool
    person: bool  # the head is known to be people
    figure: Figure


def figures(doc: Doc, words: People) -> tuple[Candidate, ...]:
    """All figures of a Doc that can be counts of people, in text order."""
    found: list[Candidate] = []
    start = 0
    for paragraph in text_of(doc).split("\n"):
        for number in sorted(numbers(paragraph, start), key=lambda n: n.span):
            candidate = _candidate(doc, number, words)
            if candidate is not None and (not found or candidate.start >= found[-1].end):
                found.append(candidate)
        start += len(paragraph) + 1
    return tuple(sorted(found, key=lambda c: c.start))


def _candidate(doc: Doc, number: Number, words: People) -> Candidate | None:
    core = doc.char_span(number.core.start, number.core.end)
    whole = doc.char_span(number.span.start, number.span.end, alignment_mode="expand")
    if core is None or whole is None or number.fraction or _is_other_number(doc, core.start, core.end, words):
        return None
    of_them = core.text.lower().endswith((" of them", " of whom"))
    head = None if of_them else head_noun(doc, core.end, words)
    start = whole.start
    last = core.end - 1
    if head is None:
        if _is_year(number, doc[last]) or (
            number.core == number.span and doc[last].lower_ == "one" and _is_pronoun(doc[last])
        ):
            return None
        end = last + 1
        if end < len(doc) and doc[end].lower_ == "more":
            end += 1
        if doc[end : end + 2].text.lower() in OF_PEOPLE:
            end, of_them = end + 2, True
        people = of_them or (number.value == 0 and doc[start].lower_ in ("nobody", "no"))
        return Candidate(start, end, last, last, True, people, _figure(doc, number, start, end, "people"))
    if lemma(head) in words.measures and lemma(head) not in words.counts:
        return None
    if _is_year(number, doc[last]) and head.text[:1].isupper():
        return None  # "the 1951 Refugee Convention"
    end = coordinated_end(doc, head, words)
    if any(t.lower_ in SUFFERED for t in doc[core.end : head.i]):  # "another 17 sustained injuries"
        end = last + 1
    counts = count_of(doc, core.end, end, head, words)
    person = is_person(head, words) or head.lower_ in AS_NOUNS
    return Candidate(start, end, head.i, last, False, person, _figure(doc, number, start, end, counts))


def _figure(doc: Doc, number: Number, start: int, end: int, counts: str) -> Figure:
    span = Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
    span = Span(number.span.start, max(span.end, number.span.end))
    return Figure(span, span.of(text_of(doc)), number.value, number.low, number.high, number.exactness, counts)


def _is_year(number: Number, token: Token) -> bool:
    return bool(re.fullmatch(r"(?:1[89]|20)\d\d", token.text)) and number.core == number.span


def _is_pronoun(token: Token) -> bool:
    """ "One" as in "one must": a subject in its own right, with no noun and no "of" after it."""
    following = token.nbor() if token.i + 1 < len(token.doc) else None
    return following is not None and following.lower_ in ("must", "should", "can", "may", "another", "day", "thing")


def _is_other_number(doc: Doc, start: int, end: int, words: People) -> bool:
    """True for money, percentages, times, dates, ages, measures, labels and list numbers."""
    before = doc[start - 1].lower_ if start else ""
    if FRACTION_OF.search(doc[max(0, start - 8) : start].text.lower() + " "):
        return True
    if before == "how" or doc[end : end + 3].text.lower() == "at a time":
        return True
    if doc[max(0, start - 2) : start].text.lower() == "out of":
        return True
    after = doc[end].lower_ if end < len(doc) else ""
    digits = doc[start].text[:1].isdigit()
    if before in CURRENCY_BEFORE or doc[start].text[:1] in "$£€¥₹":
        return True
    labelled = before in LABEL_BEFORE and doc[start - 1].pos_ != "VERB"  # "could top 1,000" is no rank
    if digits and (labelled or (before in MONTHS and len(doc[start]) <= 2)):
        return True
    if after in AFTER_TIME or after in ("%", "percent", "per", "pc", "-", "/", "x", "°", "°c", "°f"):
        return not (after == "-" and end + 1 < len(doc) and lemma(doc[end + 1]) in ("member", "strong", "person"))
    if after in MONTHS and digits and len(doc[start]) <= 2:
        return True
    if after in ("-year", "year-old", "years-old") or after.startswith(("-year", "°")):
        return True
    if (
        digits
        and before == ","
        and after in (",", ".", ")")
        and end - start == 1
        and len(doc[start]) <= 3
        and start > 1
    ):
        return doc[start - 2].pos_ == "PROPN"  # an age in apposition: "Dao Qiongfen, 58,"
    if digits and before == "(" and after in (")", ","):
        return True
    if digits and before in (":", "at") and after in (":",):
        return True
    return (
        after in words.measures
        and after not in words.counts
        and not (
            end + 1 < len(doc)
            and (lemma(doc[end + 1]) in words.counts or doc[end + 1].text == "-" or doc[end + 1].tag_ == "POS")
        )
    )


def indefinite(doc: Doc, head: Token, words: People) -> Candidate | None:
    """ "A woman", "an 80-year-old man", "the sole victim": one person, where a trigger asks for its theme."""
    ordinal = head.lower_ in ORDINALS and not list(head.rights)
    if (head.pos_ not in ("NOUN", "PROPN") and not ordinal) or head.ent_type_ in ("PERSON", "LOC", "ORG"):
        return None
    if head.tag_ in ("NNS", "NNPS"):
        return _both(doc, head, words)
    if lemma(head) in words.measures and not ordinal:
        return None
    left = max(head.sent.start, head.i - 7)
    for i in range(head.i - 1, left - 1, -1):
        token = doc[i]
        owned = token.lower_ in OWNERS and token.head == head and is_person(head, words) and lemma(head) not in GROUPS
        if (token.lower_ in ("a", "an", "another") and token.head.i >= head.i) or (
            owned or (token.lower_ in SOLE and relation(token) == "amod")
        ):
            span = Span(token.idx, head.idx + len(head))
            counts = counted_as(head, words) or "people"
            figure = Figure(span, span.of(text_of(doc)), 1, 1, 1, Exactness.EXACT, counts)
            return Candidate(i, head.i + 1, head.i, i, False, ordinal or is_person(head, words), figure)
        if (
            (token.pos_ in ("VERB", "AUX", "ADP", "CCONJ") and token.tag_ not in ("VBN", "VBG"))
            or token.is_space
            or token.text in ',;."“”'
        ):
            break
    return _in_headline(doc, head, words)


def _in_headline(doc: Doc, head: Token, words: People) -> Candidate | None:
    """ "Farmer found dead", "toddler, grandmother die": headlines drop the article."""
    titled = head.sent.start == 0 and not doc[head.sent.end - 1].text.endswith((".", "!", "?"))
    bare = head.tag_ == "NN" and not any(relation(c) in ("det", "nmod:poss", "nummod") for c in head.children)
    if not (titled and bare and head.idx < _title_end(doc) and is_single(head, words)):
        return None
    start = head.i
    while start > head.sent.start and doc[start - 1].head == head and doc[start - 1].pos_ in ("ADJ", "NOUN", "PROPN"):
        start -= 1
    span = Span(doc[start].idx, head.idx + len(head))
    counts = counted_as(head, words) or "people"
    figure = Figure(span, span.of(text_of(doc)), 1, 1, 1, Exactness.EXACT, counts)
    return Candidate(start, head.i + 1, head.i, start, False, True, figure)


def _title_end(doc: Doc) -> int:
    """Where the first line ends; 0 for a text that has no headline of its own."""
    end = text_of(doc).find("\n")
    return end if 0 < end < 200 else 0


def is_single(head: Token, words: People) -> bool:
    """True for a noun that names one person: "farmer", not "crew" or "family"."""
    return counted_as(head, words) is not None and lemma(head) not in GROUPS


def _both(doc: Doc, head: Token, words: People) -> Candidate | None:
    """ "Both bodies", "both of the drivers": two people."""
    for i in range(head.i - 1, max(head.sent.start, head.i - 5) - 1, -1):
        token = doc[i]
        if token.lower_ == "both":
            joined = any(t.lower_ == "and" for t in doc[head.i + 1 : head.i + 3])  # "both soldiers and civilians"
            if joined or not is_person(head, words):
                return None
            span = Span(token.idx, head.idx + len(head))
            counts = counted_as(head, words) or "people"
            figure = Figure(span, span.of(text_of(doc)), 2, 2, 2, Exactness.EXACT, counts)
            return Candidate(i, head.i + 1, head.i, i, False, True, figure)
        if token.pos_ not in ("ADJ", "DET", "PRON", "NOUN") and token.lower_ != "of":
            return None
    return None
