"""Cues in a clause with "as": "As police have said, A", "A, as police have said", "B, as police have said, C"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, STOPS, Draft, Page, Phrase

SHORTEST = 3  # tokens of a content beside such a clause


def drafts(page: Page, hit: Hit, who: Phrase | None) -> list[Draft]:
    """The statement around or beside the clause; none if the cue stands in no such clause."""
    if who is None or hit.kind is not Kind.VERB or "trailing" not in hit.frames:
        return []
    begin, stop = page.sentence(hit.head)
    if hit.passive:
        return _alleged(page, hit, who, begin, stop)
    opening = page.before(who.start)
    if opening is None or opening.lower_ != "as" or opening.i < begin or who.start > hit.start:
        return []
    after, addressee = tails.skip(page, hit.end, page.doc[hit.head], stop, spoken_to=False)
    closing = page.doc[after] if after < stop else None
    if closing is not None and closing.text not in COMMAS | STOPS:
        return []
    span = _beside(page, begin, opening, after, stop)
    if span is None:
        return []
    block = (page.offsets[opening.i], page.end_of(after - 1))
    cue = (hit.start, hit.end)
    return [Draft(span, cue, who, opening.i, "aside", 0.85 * hit.weight, hit, block=block, addressee=addressee)]


def _alleged(page: Page, hit: Hit, who: Phrase, begin: int, stop: int) -> list[Draft]:
    """ "As alleged by the union, A" and "A, as reported by the daily"."""
    opening = page.before(hit.start)
    if opening is None or opening.lower_ != "as" or opening.i < begin or page.doc[hit.head].tag_ not in ("VBN", "VBD"):
        return []
    after, _ = tails.skip(page, who.end, page.doc[hit.head], stop, spoken_to=False)
    if after < stop and page.doc[after].text not in COMMAS | STOPS:
        return []
    span = _beside(page, begin, opening, after, stop)
    if span is None:
        return []
    block = (page.offsets[opening.i], page.end_of(after - 1))
    return [Draft(span, (hit.start, hit.end), who, opening.i, "aside", 0.8 * hit.weight, hit, block=block)]


def _beside(page: Page, begin: int, opening: Token, after: int, stop: int) -> tuple[int, int] | None:
    """The longer one of what stands before and behind the clause."""
    start = after + 1
    while start < stop and page.doc[start].is_space:
        start += 1
    end = stop
    while end - 1 > start and (page.doc[end - 1].is_space or page.doc[end - 1].text in STOPS | COMMAS):
        end -= 1
    before = page.before(opening.i)
    halves = [(start, end)] if end - start >= SHORTEST else []
    comma = before is not None and before.text in COMMAS
    if before is not None and (comma or not halves) and before.i - begin >= SHORTEST:
        halves.append((begin, before.i if comma else before.i + 1))
    told = [h for h in halves if tails.finite(page, *h)]
    if not told:
        return None
    first, last = max(told, key=lambda h: h[1] - h[0])
    return page.offsets[first], page.end_of(last - 1)
