"""Contents that stand before their cue: "..., X said", "...," said X, "..., according to X"; cues between commas."""

from __future__ import annotations

import re

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, QUOTE_MARKS, STOPS, Draft, Page, Phrase
from kg.nlp.inflection import singulars

_SUBORDINATE = frozenset(
    "as after while when if because although though since unless until before whereas despite in at on during for "
    "with by amid".split()
)
# "LA PAZ, Aug 24 (EFN).- ", "Maputo, 13 Mar (Rádio Norte) – ", "• ", "2:58 p.m. "
_DATELINE = re.compile(
    r"(?:[•·▪*] *"
    r"|\[?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: ?(?:GMT|UTC|[A-Z]{2,3}T))?\]?(?: ?[-–—:|])? +"
    r"|[A-Z][^\W\d_]+(?:[ .'/-][A-Z][^\W\d_]*)*(?:, [\w. ]{2,25}?)? ?(?:\([^()\n]{2,40}\))?[.,:]? ?[-–—]+ )"
)
_SECOND_HALF = frozenset({"and", "but", "so", "or", "yet"})
SHORTEST_CLAUSE = 4  # tokens
LONGEST = 20  # tokens between a cue and the second half of a quotation


def drafts(page: Page, hit: Hit, who: Phrase | None) -> list[Draft]:
    """Statements whose content stands, wholly or with its first part, before the cue; none if it does not."""
    if hit.kind is Kind.FIXED:
        return _according(page, hit, who)
    if (
        who is None
        or not hit.frames & {"trailing", "quote", "quote_trailing"}
        or page.quote_around(page.offsets[hit.head])
        or _in_relative(page, hit, who)
    ):
        return []
    start, end = min(hit.start, who.start), max(hit.end, who.end)
    before = page.before(start)
    left = _left(page, start, before, hit)
    stop = page.sentence(hit.head)[1]
    after, addressee = tails.skip(page, end, page.doc[hit.head], stop, spoken_to=hit.verb is None or hit.verb.addressee)
    if (left is None or not left[2]) and _goes_on_behind(page, before, after, stop):
        return _parenthetical(page, hit, who, (start, after), left, addressee)
    if left is None:
        return []
    kind = _right(page, hit, end, after, stop, quoted=left[2])
    whole = (
        left[2]
        or kind in ("end", "half")
        or who.start > hit.start
        or _main_clause(page, *_left_tokens(page, start, before), hit)
    )
    behind = before is not None and before.i < page.sentence(hit.head)[0]
    if kind == "quote" and not left[2] and who.start < hit.start and _whole_quote_behind(page, after):
        return []
    if behind and kind not in ("end", "quote") and page.text[left[1] - 2 : left[1]].strip("\"'”’ ")[-1:] in (".", ""):
        return []
    if kind == "leading" or not whole:
        return _parenthetical(page, hit, who, (start, after), left, addressee) if kind == "comma" else []
    content, rule = (left[0], left[1]), "trailing" if who.start < hit.start else "inverted"
    if not left[2] and "trailing" not in hit.frames:
        return []
    confidence = min(0.97, hit.weight + (0.02 if left[2] else 0.0))
    block = (page.offsets[start], page.end_of(after - 1) if after > start else page.end_of(end - 1))
    first = Draft(content, (hit.start, hit.end), who, start, rule, confidence, hit, False, block, addressee)
    return [first, *_second_half(page, hit, who, after, stop, kind, left[2])]


def _whole_quote_behind(page: Page, after: int) -> bool:
    """ "The owner fled; a man at the door said, 'No comment.'": the quotation begins a sentence of its own."""
    first = page.after(after) if page.doc[after].text in COMMAS else page.doc[after]
    quote = page.quote_around(page.offsets[first.i]) if first is not None else None
    return quote is not None and quote.inner(page.text)[:1].isupper()


def _goes_on_behind(page: Page, before: Token | None, after: int, stop: int) -> bool:
    """ "The road, he said, was closed": commas on both sides of the cue, and behind it a predicate or "that"."""
    if before is None or before.text != "," or after + 1 >= stop or page.doc[after].text != ",":
        return False
    i = after + 1
    while i < stop - 1 and (page.doc[i].is_space or page.doc[i].pos_ == "ADV"):
        i += 1
    first = page.doc[i]
    return first.tag_ in ("VBD", "VBZ", "VBP", "MD") or (first.lower_ in ("that", "to") and first.tag_ in ("IN", "TO"))


def _in_relative(page: Page, hit: Hit, who: Phrase) -> bool:
    """ "a firm that had declared bankruptcy": the cue's subject is a relative pronoun, so nothing before is content."""
    subjects = syntax.children(page.doc[hit.head], *syntax.SUBJECTS)
    return any(s.lower_ in ("who", "which", "that") and who.end <= s.i < hit.start for s in subjects)


def _left_tokens(page: Page, start: int, before: Token | None) -> tuple[int, int]:
    begin = page.sentence(start)[0]
    return begin, before.i if before is not None else begin


def _left(page: Page, start: int, before: Token | None, hit: Hit) -> tuple[int, int, bool] | None:
    """The content before the cue: (start, end, is it a quotation), in code points; None if none can stand there."""
    if before is None or before.text == ";":  # "Kyiv blamed 'terrorists'; the Kremlin rejected the charge"
        return None
    begin = page.sentence(start)[0]
    quote = page.quote_ending(page.end_of(before.i))
    if quote is not None and (before.text in COMMAS or before.text in QUOTE_MARKS or before.text in STOPS):
        if before.i < begin and before.text not in QUOTE_MARKS:
            return None
        words = len(quote.inner(page.text).split())
        first = page.token_at(quote.start)
        lead = _content_start(page, min(begin, first), first)
        if lead >= first or page.doc[first - 1].text == ":":
            return (quote.start, quote.end, True) if words > 1 or quote.inner(page.text)[-1:] in ".?!,…" else None
        if before.i < begin or _cue_between(page, lead, first):
            return quote.start, quote.end, True
        return page.offsets[lead], quote.end, False
    if before.i < begin or (before.text not in COMMAS and before.text not in STOPS | {")"}):
        return None
    if before.text == "-" or (before.text == ")" and not before.whitespace_):
        return None
    lead = _content_start(page, begin, before.i)
    end = before.i if before.text != ")" else before.i + 1
    while end > lead and (page.doc[end - 1].is_space or page.doc[end - 1].text in COMMAS):
        end -= 1
    if end <= lead or not (
        tails.finite(page, lead, end) or _verbless(page, lead, end) or _parsed_content(page, hit, lead, end)
    ):
        return None
    return page.offsets[_last_clause(page, lead, end)], page.end_of(end - 1), False


def _last_clause(page: Page, start: int, end: int) -> int:
    """ "The road was blocked; all are safe, he said": a clause behind a semicolon is the content."""
    for i in range(end - SHORTEST_CLAUSE, start, -1):
        if page.doc[i].text == ";" and tails.finite(page, i + 1, end) and page.quote_around(page.offsets[i]) is None:
            after = page.after(i)
            return after.i if after is not None else start
    return start


def _verbless(page: Page, start: int, end: int) -> bool:
    """True for headline-like contents: "More than 100 dead, officials say"."""
    return (
        end - start >= 3
        and any(t.pos_ in ("ADJ", "VERB") for t in page.doc[start:end])
        and page.layout.paragraph(start) < 2
    )


def _parsed_content(page: Page, hit: Hit, start: int, end: int) -> bool:
    """True if the parse makes words before the cue its complement, whatever they are tagged."""
    return any(start <= c.i < end for c in syntax.children(page.doc[hit.head], "ccomp"))


def _cue_between(page: Page, start: int, end: int) -> bool:
    return any(h.kind is Kind.VERB for h in page.hits_between(start, end))


def _content_start(page: Page, begin: int, end: int) -> int:
    """Skips what the article itself puts before the content: a dateline, a bullet, "But", "Earlier,"."""
    dateline = _DATELINE.match(page.text, page.offsets[begin]) if page.opens_paragraph(begin) else None
    i = page.token_at(dateline.end()) if dateline is not None and dateline.end() < page.offsets[end] else begin
    while i < end:
        token = page.doc[i]
        behind = page.after(i)
        if (
            token.is_space
            or token.text in COMMAS
            or (token.lower_ in ("but", "and", "or") and token.text[:1].isupper())
        ):
            i += 1
        elif token.lower_ in page.lexicon.openers and behind is not None and behind.text == ",":
            i += 2
        else:
            break
    return i


def _right(page: Page, hit: Hit, end: int, after: int, stop: int, *, quoted: bool) -> str:
    """What follows cue and tail: "end", "comma", "quote", "half" (", and ..."), "open" (more tail) or "leading"."""
    token = page.doc[after] if after < stop else None
    if token is None or token.text in STOPS or token.text in (")",):
        return "end"
    if token.text in COMMAS or token.text == ":":
        behind = page.after(after)
        if token.text == ":" or behind is None:
            return "leading" if token.text == ":" and not quoted else "end"
        if behind.lower_ in _SECOND_HALF:
            return "half"
        if behind.text in QUOTE_MARKS:
            return "quote"
        return "comma"
    if token.text in QUOTE_MARKS:
        return "quote" if quoted else "leading"
    verb = page.doc[hit.head]
    complement = tails.right_complement(page, verb, end, stop)
    if quoted:
        return "leading" if token.lower_ == "that" and complement is not None else "open"
    todo = "infinitive" in hit.frames and any(c.i >= end and c.i < stop for c in syntax.children(verb, "xcomp"))
    if complement is not None or token.lower_ == "that" or todo:
        return "leading"
    if token.lower_ in ("and", "but"):
        return "half" if _main_clause(page, after + 1, stop, hit) else "leading"
    return "open" if token.pos_ in ("ADP", "SCONJ", "ADV", "PART") or not tails.finite(page, after, stop) else "leading"


def _main_clause(page: Page, start: int, end: int, hit: Hit) -> bool:
    """True if the tokens before the cue can stand as a sentence of their own."""
    if end <= start:
        return False
    verb = page.doc[hit.head]
    for top in tails.tops(page, start, end):
        label = syntax.relation(top)
        if label in ("ROOT", "ccomp", "parataxis", "conj") and (syntax.is_verb(top) or _predicate(top)):
            return True
        if top.i == verb.head.i:
            return True
    first = page.doc[start]
    return tails.finite(page, start, end) and first.lower_ not in _SUBORDINATE and verb.head.i in range(start, end)


def _predicate(token: Token) -> bool:
    return any(syntax.relation(c) in ("nsubj", "nsubj:pass", "cop", "expl", "csubj") for c in token.children)


def _parenthetical(
    page: Page,
    hit: Hit,
    who: Phrase,
    block: tuple[int, int],
    left: tuple[int, int, bool] | None,
    addressee: Phrase | None,
) -> list[Draft]:
    """ "As it nears land, forecasters said, the storm will weaken": the longer half of what stands around the cue."""
    stop = page.sentence(hit.head)[1]
    start = block[1] + 1
    while start < stop and (page.doc[start].is_space or page.doc[start].lower_ == "that"):
        start += 1
    if start >= stop or "trailing" not in hit.frames:
        return []
    if not tails.finite(page, start, stop) and page.doc[start].tag_ != "TO":
        return []
    end = _last_word(page, start, stop)
    where = (page.offsets[block[0]], page.end_of(block[1] - 1))
    rest = (page.offsets[start], page.end_of(end - 1))
    longer = left if left is not None and left[1] - left[0] > rest[1] - rest[0] else rest
    content = (longer[0], longer[1])
    confidence = 0.8 * hit.weight
    return [
        Draft(content, (hit.start, hit.end), who, block[0], "parenthetical", confidence, hit, False, where, addressee)
    ]


def _last_word(page: Page, start: int, stop: int) -> int:
    closed = any(t.text == "(" for t in page.doc[start:stop])
    drop = STOPS | COMMAS if closed else STOPS | COMMAS | {")"}
    while stop - 1 > start and (page.doc[stop - 1].is_space or page.doc[stop - 1].text in drop):
        stop -= 1
    return stop


def _second_half(page: Page, hit: Hit, who: Phrase, after: int, stop: int, kind: str, quoted: bool) -> list[Draft]:
    """What the same speaker says behind a cue that stands in the middle."""
    if kind == "quote":
        token = page.after(after) if page.doc[after].text in COMMAS else page.doc[after]
        quote = page.quote_around(page.offsets[token.i]) if token is not None else None
        if quote is None or token is None or quote.end - quote.start < 8:
            return []
        return [_rest(hit, (quote.start, quote.end), token.i, 0.9)]
    if quoted and kind in ("half", "comma", "open"):
        return _later_quote(page, hit, after, stop)
    if kind == "comma" and "trailing" in hit.frames:
        return _reason(page, hit, after, stop)
    if kind != "half" or quoted or "trailing" not in hit.frames:
        return []
    conjunction = page.after(after) if page.doc[after].text in COMMAS else page.doc[after]
    if conjunction is None:
        return []
    start = conjunction.i + 1
    if any(h.start <= start + 1 for h in page.hits_between(start, start + 4)) or not _own_clause(page, start, stop):
        return []
    end = _last_word(page, start, stop)
    return [_rest(hit, (page.offsets[start], page.end_of(end - 1)), start, 0.7)]


def _rest(hit: Hit, content: tuple[int, int], at: int, confidence: float) -> Draft:
    return Draft(content, None, None, at, "second-half", confidence, hit, follows=hit.head)


def _later_quote(page: Page, hit: Hit, after: int, stop: int) -> list[Draft]:
    """ "'...,' he said, but '...'" and "'...,' he said, pointing at the map, '...'"."""
    for i in range(after, min(stop, after + LONGEST)):
        token = page.doc[i]
        quote = page.quote_around(page.offsets[i]) if token.text in QUOTE_MARKS else None
        if quote is not None and quote.start == page.offsets[i]:
            before = page.before(i)
            linked = before is not None and (before.text in COMMAS or before.lower_ in _SECOND_HALF | {"still", "then"})
            return [_rest(hit, (quote.start, quote.end), i, 0.85)] if linked and quote.end - quote.start > 8 else []
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD") or token.text in STOPS:
            return []
    return []


def _reason(page: Page, hit: Hit, after: int, stop: int) -> list[Draft]:
    """ "..., Graham said, since most of them accept that": a clause that goes on giving what was said."""
    first = page.after(after)
    if first is None or first.lower_ not in ("since", "because", "although", "though", "if", "unless", "until"):
        return []
    if _cue_between(page, first.i, stop) or not tails.finite(page, first.i, stop):
        return []
    end = _last_word(page, first.i, stop)
    return [_rest(hit, (page.offsets[first.i], page.end_of(end - 1)), first.i, 0.65)]


def _own_clause(page: Page, start: int, stop: int) -> bool:
    """True if a clause with a subject of its own begins at `start`, and no other cue speaks in it."""
    subjects = syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS | {"expl"}
    has_subject = any(syntax.relation(t) in subjects for t in page.doc[start : min(stop, start + 12)])
    return has_subject and not any(
        h.frames & {"trailing", "clause"} for h in page.hits_between(start, stop) if h.kind is Kind.VERB
    )


def _behind_relative(page: Page, who: Phrase, stop: int) -> int:
    """ "According to the daily, which cited two officials, the tunnel ...": token at the comma behind the clause."""
    if who.end + 1 >= stop or page.doc[who.end].text != "," or page.doc[who.end + 1].tag_ not in ("WDT", "WP", "WP$"):
        return who.end
    finite = False
    for i in range(who.end + 2, stop):
        if page.doc[i].text == "," and finite:
            return i
        finite = finite or tails.finite(page, i, i + 1)
    return who.end


def _according(page: Page, hit: Hit, who: Phrase | None) -> list[Draft]:
    """ "According to X, A" and "A, according to X"."""
    if who is None or page.lexicon.measures.intersection(singulars(page.doc[who.head].lower_)):
        return []
    begin, stop = page.sentence(hit.head)
    before = page.before(hit.start)
    block = (page.offsets[hit.start], page.end_of(who.end - 1))
    cue = (hit.start, hit.end)
    quote = page.quote_ending(page.end_of(before.i)) if before is not None else None
    if before is not None and before.i >= begin and _content_start(page, begin, hit.start) < hit.start:
        lead = _content_start(page, begin, hit.start)
        end = before.i + 1
        while end > lead and (page.doc[end - 1].text in COMMAS or page.doc[end - 1].is_space):
            end -= 1
        if end <= lead:
            return []
        span = (page.offsets[_last_clause(page, lead, end)], page.end_of(end - 1))
        if quote is not None and _content_start(page, begin, page.token_at(quote.start)) >= page.token_at(quote.start):
            span = (quote.start, quote.end)
        return [Draft(span, cue, who, hit.start, "according-after", hit.weight, hit, False, block)]
    start = _behind_relative(page, who, stop)
    while start < stop and (page.doc[start].is_space or page.doc[start].text in COMMAS | {":"}):
        start += 1
    if start >= stop:
        return []
    end = _last_word(page, start, stop)
    span = (page.offsets[start], page.end_of(end - 1))
    first = page.quote_around(page.offsets[start])
    if first is not None and first.start == span[0]:
        span = (first.start, max(first.end, span[1]) if first.end < span[1] - 3 else first.end)
    return [Draft(span, cue, who, hit.start, "according-before", hit.weight, hit, False, block)]
