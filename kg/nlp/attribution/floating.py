"""Quotations without a cue of their own: they continue a speaker, or a colon or an unlisted verb introduces them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import sides, tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, QUOTE_MARKS, Draft, Page, Phrase
from kg.nlp.attribution.quotes import SINGLE, TERMINAL, Closing, Quote

_DASH = re.compile(r" *(?:[—–―]|--?) *(?=\w)")
# A transcript's speaker label: whose words follow is not what the rules below would say.
_LABEL = re.compile(r"[\"“]?(?:\(CROSSTALK|[A-Z][A-Z.'’ -]{1,30}:\s)")


def drafts(page: Page, known: Sequence[Draft]) -> list[Draft]:
    """Statements made of quotations that none of the `known` contents covers."""
    found: list[Draft] = []
    taken = bytearray(len(page.text))
    for d in known:
        taken[d.content[0] : d.content[1]] = b"\x01" * (d.content[1] - d.content[0])
    for quote in page.quotes:
        if taken.count(1, quote.start, quote.end) > 0.5 * (quote.end - quote.start):
            continue
        if _LABEL.match(page.text, quote.start):
            continue
        draft = _by_colon(page, quote) or _by_verb(page, quote) or _signed(page, quote) or _leads_on(page, quote, known)
        if draft is None and (speech(page, quote) or _echo(page, quote, known) or _single(page, quote, known)):
            draft = Draft(
                (quote.start, quote.end), None, None, page.token_at(quote.start), _rule(page, quote, known), 0.7
            )
        if draft is not None:
            found.append(draft)
    return found


def _echo(page: Page, quote: Quote, known: Sequence[Draft]) -> bool:
    """A short quoted sentence right behind an attributed quotation: "'Here he is,' she said. 'Donald's here.'" """
    before = page.before(page.token_at(quote.start))
    if before is None or before.text != "." or quote.single or quote.inner(page.text)[-1:] not in TERMINAL:
        return False
    floor = page.offsets[page.sentence(before.i)[0]]
    return any(
        d.block is not None and floor - 2 <= d.block[1] <= quote.start and d.content[1] <= d.block[0] for d in known
    )


def _leads_on(page: Page, quote: Quote, known: Sequence[Draft]) -> Draft | None:
    """A paragraph left open that the next one goes on with: its speaker is the one whom a later paragraph names."""
    if quote.closing is not Closing.OPEN:
        return None
    begin, end = quote.end, quote.end
    for later in page.quotes[bisect_right(page.quote_starts, quote.start) :]:
        if not later.continues or page.text[end : later.start].strip():
            break
        end = later.end
    teller = next((d for d in known if d.hit is not None and d.cue is not None and begin < d.content[0] < end), None)
    if teller is None or teller.hit is None or teller.block is None or quote.continues:
        return None
    at = max(teller.at, teller.hit.head)
    return Draft((quote.start, quote.end), None, None, at, "floating-chain", 0.8, teller.hit, follows=teller.hit.head)


def _single(page: Page, quote: Quote, known: Sequence[Draft]) -> bool:
    """A whole sentence in single marks behind a sentence told in single marks: "'...,' said the driver. '...'" """
    if not quote.single or len(quote.inner(page.text).split()) < page.lexicon.shortest_quotation:
        return False
    before = page.before(page.token_at(quote.start))
    if before is None or before.text != "." or quote.inner(page.text)[-1:] not in TERMINAL:
        return False
    floor = page.offsets[page.sentence(before.i)[0]]
    told = [d for d in known if d.block is not None and floor <= d.block[1] <= quote.start and d.cue is not None]
    return any(page.text[d.content[0]] in SINGLE for d in told)


def speech(page: Page, quote: Quote) -> bool:
    """True if the quotation is whole sentences of speech, not a word or name in quotation marks."""
    words = quote.inner(page.text).split()
    carried = quote.continues or quote.closing is Closing.OPEN
    if len(words) < (2 if carried else page.lexicon.shortest_quotation) or (
        quote.single and quote.closing is not Closing.UNOPENED
    ):
        return False
    before = page.text[: quote.start].rstrip(" ")
    starts = not before or before[-1] in TERMINAL + "\n:" or page.quote_around(len(before) - 1) is not None
    inner = quote.inner(page.text)
    ends = (
        inner[-1] in TERMINAL + ","
        or quote.closing is Closing.OPEN
        or page.text[quote.end : quote.end + 1] in (".", "!", "?")
    )
    if quote.closing is Closing.UNOPENED:
        return starts and page.quote_around(max(0, quote.start - 2)) is None
    return starts and ends and (inner[0].isupper() or not inner[0].isalpha())


def _rule(page: Page, quote: Quote, known: Sequence[Draft]) -> str:
    first = page.token_at(quote.start)
    paragraph = page.layout.paragraphs[page.layout.paragraph(first)]
    same = any(page.offsets[paragraph[0]] <= d.content[0] < quote.start for d in known)
    return "floating-same-paragraph" if same else "floating-chain" if quote.continues else "floating"


def _signed(page: Page, quote: Quote) -> Draft | None:
    """ "'...' ― Ana Ruiz": a dash and a name behind the quotation, and nothing more in the line."""
    dash = _DASH.match(page.text, quote.end)
    if dash is None or dash.end() >= len(page.text) or not speech(page, quote):
        return None
    start = end = page.token_at(dash.end())
    stop = page.layout.paragraphs[page.layout.paragraph(start)][1]
    while end < stop and (page.doc[end].pos_ == "PROPN" or page.doc[end].ent_type_ == "PERSON"):
        end += 1
    closed = end >= stop or page.doc[end].text in QUOTE_MARKS | {".", ","}
    if end == start or end - start > 6 or not closed:
        return None
    who = Phrase.around(start, end, page.doc[start:end].root.i)
    return Draft((quote.start, quote.end), None, who, start, "signed", 0.85)


def _by_colon(page: Page, quote: Quote) -> Draft | None:
    """ "He detailed the operations: '...'": the main verb before the colon is the cue, if a speaker is its subject."""
    first = page.token_at(quote.start)
    colon = page.before(first)
    if colon is None or colon.text != ":" or page.quote_around(page.offsets[colon.i]) is not None:
        return None
    begin = page.sentence(colon.i)[0]
    verbs = [t for t in page.doc[begin : colon.i] if _is_verb(t)]
    roots = [t for t in verbs if syntax.relation(t) in ("ROOT", "parataxis", "ccomp")] or verbs[:1]
    if not roots:
        return _speaker_before(page, quote, colon.i)
    verb = next((t for t in roots if syntax.relation(t) == "ROOT"), roots[0])
    hit = Hit(Kind.VERB, verb.i, verb.i + 1, verb.i, frozenset({"quote"}), frozenset(), 0.8)
    who = sides.source(page, hit)
    if who is None:
        return None
    return Draft((quote.start, quote.end), (verb.i, verb.i + 1), who, who.start, "colon", 0.8, hit)


def _speaker_before(page: Page, quote: Quote, colon: int) -> Draft | None:
    """ "4:47 p.m. Mayor Ada Lind at the command post: '...'": a person and no verb before the colon."""
    first = page.layout.paragraphs[page.layout.paragraph(colon)][0]
    if colon - first > LONGEST_LABEL or not speech(page, quote) or tails.finite(page, first, colon):
        return None
    start = next((i for i in range(first, colon) if page.doc[i].ent_type_ == "PERSON"), None)
    if start is None:
        return None
    end = start
    while end < colon and page.doc[end].ent_type_ == "PERSON":
        end += 1
    head = page.doc[start:end].root.i
    while start > first and page.doc[start - 1].pos_ in ("PROPN", "NOUN", "DET", "ADJ"):
        start -= 1
    closed = end == colon or page.doc[end].pos_ in ("ADP", "PUNCT") or page.doc[end].is_punct
    return (
        Draft((quote.start, quote.end), None, Phrase.around(start, end, head), start, "signed", 0.75)
        if closed
        else None
    )


LONGEST_LABEL = 14  # tokens from the start of a line to the colon behind its speaker


def _is_verb(token: Token) -> bool:
    """True for a verb, and for a main word in "-ed" with a subject that the tagger takes for an adjective."""
    if token.pos_ == "VERB":
        return token.tag_ in ("VBD", "VBZ", "VBP", "VBN", "VBG")
    main = syntax.relation(token) == "ROOT" and token.lower_.endswith("ed")
    return main and bool(syntax.children(token, *syntax.SUBJECTS))


def _by_verb(page: Page, quote: Quote) -> Draft | None:
    """ "'Nobody came,' shrugged the driver": a comma inside the quotation, then a subject and any verb."""
    if quote.closing is not Closing.CLOSED or quote.single or quote.inner(page.text)[-1:] not in (",", "?", "!"):
        return None
    last = page.token_at(quote.end - 1)
    start = page.after(last)
    if (
        start is None
        or start.text in COMMAS | QUOTE_MARKS
        or start.lower_ in ("as", "and", "but", "or")
        or not speech(page, quote)
    ):
        return None
    stop = min(page.sentence(start.i)[1], start.i + 14)
    for token in page.doc[start.i : stop]:
        if token.is_punct and token.text != ",":
            break
        if token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ", "VBP") and token.lower_ not in page.lexicon.naming:
            hit = Hit(Kind.VERB, token.i, token.i + 1, token.i, frozenset({"quote"}), frozenset(), 0.6)
            who = sides.source(page, hit)
            if who is None or min(who.start, token.i) > start.i + 1:
                return None
            end, _ = tails.skip(page, max(who.end, token.i + 1), token, page.sentence(start.i)[1])
            block = (page.offsets[start.i], page.end_of(end - 1))
            return Draft(
                (quote.start, quote.end), (token.i, token.i + 1), who, start.i, "any-verb", 0.6, hit, False, block
            )
    return None
