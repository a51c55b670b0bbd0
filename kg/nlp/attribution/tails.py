"""The words around a cue that are not content: when, where, to whom and through what it was said."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution.page import QUOTE_MARKS, Page, Phrase
from kg.nlp.inflection import singulars

TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow morning afternoon "
    "evening night noon midnight week month year day weekend january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec hours hour minutes ago "
    "later earlier recently".split()
)
_TIME_LEADS = frozenset("late early earlier later last this next on in at by since".split())
_OBLIQUES = (
    "obl",
    "obl:tmod",
    "obl:npmod",
    "obl:unmarked",
    "nmod:tmod",
    "advmod",
    "obl:agent",
    "obl:arg",
    "nmod",
    "nmod:unmarked",
)
LONGEST = 14  # tokens of one tail


def skip(page: Page, i: int, verb: Token, stop: int, *, spoken_to: bool = True) -> tuple[int, Phrase | None]:
    """First token at or after `i` that may be content, and the addressee if one was passed."""
    addressee: Phrase | None = None
    while i < stop:
        step, who = _one(page, i, verb, stop, spoken_to)
        if step == i:
            break
        i, addressee = step, addressee or who
    return i, addressee


def _one(page: Page, i: int, verb: Token, stop: int, spoken_to: bool) -> tuple[int, Phrase | None]:
    token = page.doc[i]
    if token.is_space:
        return i + 1, None
    if token.text in QUOTE_MARKS:
        return i, None
    end = _time(page, i, stop) or _medium(page, i, stop)
    if end:
        return end, None
    named = _named_hearer(page, i, stop) if spoken_to else None
    if named is not None:
        return named, Phrase.around(i, named, named - 1)
    for child in verb.children:
        label = syntax.relation(child)
        if child.i < i or child.left_edge.i != i:
            continue
        start, end = syntax.full_range(child)
        end = next((t.i for t in page.doc[start + 1 : end] if _opens_content(t, spoken_to=spoken_to)), end)
        if end - i > LONGEST or end > stop or page.doc[start].tag_ in ("WP", "WDT", "WRB"):
            continue
        if spoken_to and label in ("obj", "iobj", "obl:arg") and _spoken_to(page, child, end, stop):
            return end, Phrase(start, end, child.i)
        if label in _OBLIQUES and _content_after(page, end, stop):
            return end, None
        if (
            label == "advmod"
            and child.pos_ == "ADV"
            and end == i + 1
            and child.lower_ not in ("only", "more", "about", "nearly", "almost")
        ):
            return end, None
    return i, None


_NOMINATIVE = frozenset({"he", "she", "it", "they", "there", "we", "i"})


def _opens_content(token: Token, *, spoken_to: bool) -> bool:
    """ "told a briefing | that it", "told the forum | he was": the parse hangs the content to the noun before it."""
    if token.lower_ == "that":
        return bool(token.tag_ == "IN")
    if not spoken_to or token.lower_ not in _NOMINATIVE or syntax.relation(token) not in syntax.SUBJECTS | {"expl"}:
        return False
    return syntax.relation(token.head) in ("acl:relcl", "acl") and token.head.left_edge.i == token.i


def _named_hearer(page: Page, i: int, stop: int) -> int | None:
    """ "told The Independent he": end of a name behind the cue if a pronoun, the content's subject, follows."""
    first = i + 1 if page.doc[i].lower_ == "the" else i
    j = first
    while j < stop and page.doc[j].pos_ == "PROPN":
        j += 1
    follows = j < stop and page.doc[j].lower_ in _NOMINATIVE
    return j if j > first and follows else None


def _spoken_to(page: Page, child: Token, end: int, stop: int) -> bool:
    """True if a clause, a mark of speech or the end follows the object."""
    return child.pos_ in ("NOUN", "PROPN", "PRON") and (end >= stop or _content_after(page, end, stop) or bool(
        syntax.children(child.head, "ccomp", "xcomp", "parataxis")))  # fmt: skip


def _content_after(page: Page, end: int, stop: int) -> bool:
    if end >= stop:
        return True
    token = page.doc[end]
    return (
        token.lower_ in ("that", ":", ",", ".", "whether", "how", "why")
        or token.text in QUOTE_MARKS
        or token.is_punct
        or _opens_content(token, spoken_to=True)
    )


def _time(page: Page, i: int, stop: int) -> int | None:
    """End of a time expression that begins at `i`: "on Friday 06 November 2015", "late Monday", "this week"."""
    j = i
    while j < stop and j - i < 3 and page.doc[j].lower_ in _TIME_LEADS:
        j += 1
    if j >= stop or not (_is_time(page.doc[j]) or (j > i and _is_number_time(page, j, stop))):
        return None
    j += 1
    while j < stop and (_is_time(page.doc[j]) or page.doc[j].like_num or _goes_on(page, j, stop)):
        if page.doc[j].lower_ == "of":
            return j
        j += 1
    return j


def time_opens(token: Token) -> bool:
    """True if a time expression may begin at the token: "Tuesday", "last week"."""
    return token.lower_ in ("last", "late", "early", "earlier", "later", "next") or _is_time(token)


def _goes_on(page: Page, j: int, stop: int) -> bool:
    """ "the morning of", "June 3, 2014"."""
    if page.doc[j].lower_ == "of":
        return _is_time(page.doc[j - 1])
    behind = page.doc[j + 1] if j + 1 < stop else None
    return page.doc[j].text == "," and behind is not None and behind.text.isdigit() and len(behind.text) == 4


def _is_time(token: Token) -> bool:
    return token.lower_.rstrip(".") in TIMES and not (
        token.lower_ in ("may", "march") and (token.pos_ in ("AUX", "VERB") or token.text.islower())
    )


def _is_number_time(page: Page, j: int, stop: int) -> bool:
    token = page.doc[j]
    if token.text.isdigit() and len(token.text) == 4 and token.text[:2] in ("19", "20"):
        return True
    behind = page.doc[j + 1] if j + 1 < stop else None
    return (
        token.like_num
        and behind is not None
        and (_is_time(behind) or behind.lower_.rstrip(".") in ("am", "pm", "a.m", "p.m", "gmt"))
    )


def _medium(page: Page, i: int, stop: int) -> int | None:
    """End of "in a video statement", "on its website", "at a news briefing", "by phone from Patna" at `i`."""
    if page.doc[i].lower_ not in ("in", "on", "at", "during", "via", "by", "through", "from", "over"):
        return None
    for j in range(i + 1, min(stop, i + 9)):
        token = page.doc[j]
        if page.lexicon.media.intersection(singulars(token.lower_)) and (
            j + 1 >= stop or page.doc[j + 1].pos_ not in ("NOUN", "PROPN")
        ):
            return _more(page, j + 1, stop)
        if token.pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "PRON", "PART", "NUM", "VERB") and token.text not in (
            "-",
            "'s",
            "’s",
        ):
            return None
    return None


def said_where(page: Page, i: int, stop: int) -> bool:
    """True if the words at `i` tell when or by what means something was said: "on Friday", "in a statement"."""
    return bool(_time(page, i, stop) or _medium(page, i, stop))


def without_medium(page: Page, start: int, end: int) -> int:
    """Token behind the content [start, end) without "in a statement on Thursday" or "during a rally" at its end."""
    for i in range(max(start + 2, end - LONGEST), end):
        if page.doc[i].pos_ != "ADP" or page.quote_around(page.offsets[i]) is not None:
            continue
        after = _medium(page, i, end)
        after = (_time(page, after, end) or after) if after else after
        if after and after >= end - 1:
            return i
    return end


def _more(page: Page, j: int, stop: int) -> int:
    """Carries a medium on over "with Reuters", "to reporters", "from Patna"."""
    if j + 1 < stop and page.doc[j].lower_ in ("with", "to", "from", "for") and page.doc[j].pos_ in ("ADP", "SCONJ"):
        k = j + 1
        while k < stop and (
            page.doc[k].pos_ in ("PROPN", "PART")
            or page.doc[k].lower_ in ("the", "reporters", "journalists", "'s", "’s")
        ):
            k += 1
        if k > j + 1:
            return k
    return j


def right_complement(page: Page, verb: Token, after: int, stop: int) -> Token | None:
    """The clause the parse gives the cue as its content, if it stands behind the cue."""
    found = [c for c in verb.children if after <= c.i < stop and syntax.relation(c) in ("ccomp", "xcomp", "parataxis")]
    found = [c for c in found if (syntax.relation(c) == "ccomp" or _clause_like(c)) and not _noun_in_ing(c)]
    return found[0] if found else None


def _noun_in_ing(token: Token) -> bool:
    """ "that finding": a noun that the parse takes for a verb."""
    return token.tag_ == "VBG" and bool(syntax.children(token, "det")) and not syntax.children(token, "aux")


def _clause_like(token: Token) -> bool:
    return any(syntax.relation(c) in syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS for c in token.children)


def finite(page: Page, start: int, end: int) -> bool:
    """True if the tokens [start, end) hold a finite verb."""
    return any(is_finite(t) for t in page.doc[start:end])


def finite_clause(head: Token) -> bool:
    """True if the clause headed by `head` has a finite verb."""
    return is_finite(head) or any(is_finite(a) for a in syntax.auxiliaries(head))


def is_finite(token: Token) -> bool:
    """True for a finite verb form."""
    return token.pos_ in ("VERB", "AUX") and token.tag_ in ("VBD", "VBZ", "VBP", "MD")


def tops(page: Page, start: int, end: int) -> Iterator[Token]:
    """Tokens of [start, end) whose head lies outside."""
    for token in page.doc[start:end]:
        if (
            (token.head.i < start or token.head.i >= end or token.head == token)
            and not token.is_punct
            and not token.is_space
        ):
            yield token
