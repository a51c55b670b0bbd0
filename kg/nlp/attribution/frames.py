"""Contents that are no clause: "residents to leave", "the army of shelling", "over the fate", "an end to it"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, NARRATOR, QUOTE_MARKS, STOPS, Page

_ADDS = frozenset({"but", "according", "citing", "saying", "adding"})

Found = tuple[tuple[int, int], str, float]  # code points, rule, confidence


def through_quote(page: Page, start: int, end: int) -> int:
    """Carries a content that begins before or with a quotation on to the end of it."""
    quote = page.quote_around(end - 1)
    return max(end, quote.end) if quote is not None and start <= quote.start and quote.end - end < 1500 else end


def _range(page: Page, tokens: Sequence[Token], begin: int, stop: int) -> tuple[int, int] | None:
    """Code points from the first to the last word of these subtrees, without trailing clauses of the article."""
    tokens = [t for t in tokens if t.i >= begin]
    if not tokens:
        return None
    start = max(begin, min(t.left_edge.i for t in tokens))
    end = min(stop, max(t.right_edge.i for t in tokens) + 1)
    end = next((j for j in range(start + 1, end) if _narrates(page, j)), end)
    while end - 1 > start and (page.doc[end - 1].is_space or page.doc[end - 1].text in STOPS | COMMAS):
        end -= 1
    while start < end - 1 and (page.doc[start].is_space or page.doc[start].text in COMMAS):
        start += 1
    if end <= start:
        return None
    return page.offsets[start], through_quote(page, page.offsets[start], page.end_of(end - 1))


def _narrates(page: Page, j: int) -> bool:
    """True if a clause of the article's own begins at token `j`."""
    if page.quote_around(page.offsets[j]):
        return False
    if page.doc[j].lower_ in ("as", "after"):
        return _opens_clause(page.doc[j])
    behind = page.after(j)
    if page.doc[j].text not in (",", ";", "—", "–") or behind is None:
        return False
    return behind.tag_ in ("WP", "WDT", "WRB") or behind.lower_ in NARRATOR | _ADDS


def _opens_clause(token: Token) -> bool:
    """True for "as" and "after" with a finite clause; in a headline the parse may miss that it is one."""
    doc, i = token.doc, token.i
    if any(t.lower_ == "as" for t in doc[max(0, i - 3) : i]):
        return False
    if syntax.relation(token) == "mark" and tails.finite_clause(token.head):
        return True
    end = next((t.i for t in doc[i:] if t.is_space and "\n" in t.text), len(doc))
    headline = doc[end - 1].text not in STOPS and not any("\n" in t.text for t in doc[:i])
    return headline and token.lower_ == "as" and any(t.tag_ in ("VBZ", "VBD", "VBP") for t in doc[i : i + 6])


def infinitive(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "urged residents to leave": from the person addressed to the end of the infinitive."""
    if "infinitive" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    todo = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("xcomp", "ccomp", "advcl") and _is_infinitive(c)
    ]
    target = [
        o
        for o in (*syntax.objects(verb), *syntax.children(verb, "iobj", "obl", *syntax.SUBJECTS))
        if o.i >= hit.end and (not todo or o.i < todo[0].i)
    ]
    if not todo:
        nested = [c for o in target for c in syntax.children(o, "acl", "xcomp") if _is_infinitive(c)]
        if not nested:
            return None
        todo = nested
    needs_hearer = hit.verb is not None and hit.verb.addressee and hit.verb.lemma != "ask"
    if todo[0].lower_ in page.lexicon.anonymity or (needs_hearer and not target and not hit.passive):
        return None
    span = _range(page, [*target, todo[0]] if not hit.passive else [todo[0]], hit.end, stop)
    return (span, "infinitive", 0.9) if span is not None else None


def _is_infinitive(token: Token) -> bool:
    return any(
        c.lower_ in ("to", "not") and c.i < token.i and syntax.relation(c) in ("mark", "aux") for c in token.children
    ) and token.pos_ in ("VERB", "ADJ", "NOUN")


def of(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "accused the army of shelling the town"."""
    word = next((w for w in ("of", "for") if w in hit.frames), None)
    if word is None:
        return None
    verb = page.doc[hit.head]
    parts = [
        c for c in verb.children if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "advcl", "xcomp", "ccomp")
    ]
    reached = max((t.right_edge.i for t in parts), default=hit.end)
    if not any(t.lower_ == word for t in page.doc[hit.end : min(stop, reached + 1)]):
        return None
    span = _range(page, parts, hit.end, stop)
    return (span, "accuse" if word == "of" else "blame", 0.95) if span is not None else None


def as_something(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "described it as a massacre", "called the fire a tragedy"."""
    if "as" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    parts = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp", "ccomp", "iobj", "advcl")
    ]
    if (
        hit.verb is not None
        and hit.verb.lemma == "call"
        and not any(syntax.relation(c) in ("xcomp", "ccomp", "iobj") for c in parts)
        and not _quote_inside(page, parts)
    ):
        return None
    span = _range(page, parts, hit.end, stop)
    return (span, "as", 0.85) if span is not None and span[1] - span[0] > 8 else None


def _quote_inside(page: Page, parts: Sequence[Token]) -> bool:
    return any(t.text in QUOTE_MARKS for p in parts for t in p.subtree)


def prepositional(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "warned over the fate of ...", "issued warnings for strong winds"."""
    if not hit.prepositions or hit.kind is Kind.FIGURE:
        return None
    verb = page.doc[hit.head]
    heads = [verb] if hit.kind is not Kind.LIGHT else [verb, page.doc[hit.end - 1]]
    for head in heads:
        for preposition, noun in syntax.obliques(head):
            first = min([c.i for c in noun.children if c.lower_ == preposition.split()[0]], default=noun.left_edge.i)
            if preposition in hit.prepositions and hit.end <= first < hit.end + 12:
                later = [n for word, n in syntax.obliques(verb) if n.i > noun.i and word in ("in", "within", "by")]
                span = _range(page, [noun, *later[:1]], max(hit.end, min(first, noun.left_edge.i)), stop)
                if span is not None:
                    return span, "preposition", 0.85
    for child in verb.children:
        if (
            child.i > hit.end
            and syntax.relation(child) in ("advcl", "ccomp")
            and child.left_edge.lower_ in hit.prepositions
        ):
            span = _range(page, [child], hit.end, stop)
            return (span, "preposition", 0.85) if span is not None else None
    return None


def noun_phrase(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "denied any role in the attack", "called for an end to the strike"."""
    if "noun" not in hit.frames or hit.passive:
        return None
    verb = page.doc[hit.head]
    particles = hit.verb.particles if hit.verb is not None else ()
    parts = [o for o in syntax.objects(verb) if o.i >= hit.end]
    if particles:
        parts += [n for p, n in syntax.obliques(verb) if n.i >= hit.end and p == particles[-1]]
        parts += [
            c
            for c in verb.children
            if c.i >= hit.end and syntax.relation(c) in ("obl", "advcl", "ccomp", "xcomp") and c not in parts
        ]
        parts = [p for p in parts if p.left_edge.i <= hit.end + 1 or p.i < hit.end + 10]
    span = _range(page, parts[:2] if particles else parts[:1], hit.end, stop)
    if span is None or span[1] - span[0] < 4 or page.text[span[0] : span[1]].lower() in ("it", "that", "this", "so"):
        return None
    return span, "noun", 0.75


def figure(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "put the figure of evacuees at 8,000"."""
    if hit.kind is not Kind.FIGURE:
        return None
    verb = page.doc[hit.head]
    parts = [c for c in verb.children if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp")]
    span = _range(page, parts, hit.end, stop)
    return (span, "figure", 0.97) if span is not None else None
