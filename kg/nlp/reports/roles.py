"""Who evacuates or harms, why, from where, to where: roles of a trigger from the tree and its neighbourhood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from kg.lexicon import People, lexicon_folder, read_toml
from kg.nlp.figures import is_person, lemma
from kg.nlp.syntax import agent, coordinated, full_range, is_verb, obliques, patients, phrase, relation, subject
from kg.types import Place, Role, Source, Span

Resolver = Callable[[Span], Source | None]
FROM = frozenset({"from", "out of", "off", "outside"})
TOWARDS = frozenset({"to", "into", "towards", "toward", "onto"})
WITHIN = frozenset(["in", "at", "near", "across", "on", "inside", "within", "throughout", "around", "along", "off", "of", "outside", "over", "through"])
CAUSAL = frozenset({"because of", "due to", "in", "by", "after", "following", "amid", "from", "during", "with", "under", "as"})


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(read_toml(lexicon_folder() / "roles.toml")[name]["words"])


def text_range(doc: Doc, start: int, end: int) -> Span | None:
    """The code-point span of tokens [start, end), without a leading article; None if nothing is left."""
    while start < end and (doc[start].is_space or (doc[start].lower_ in ("the", "a", "an") and doc[start].pos_ == "DET")):
        start += 1
    while end > start and (doc[end - 1].is_space or (doc[end - 1].is_punct and doc[end - 1].text not in (".", ")"))):
        end -= 1
    return Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1])) if start < end else None


def agent_of(doc: Doc, token: Token, words: People, resolve: Resolver) -> Role | None:
    """Who evacuates, rescues, kills or abducts. Disasters and weapons are causes, not agents."""
    if is_verb(token) or token.tag_.startswith("VB"):
        found = agent(token)
    else:
        found = next((n for p, n in obliques(token) if p == "by"), None)
    if found is None or found in patients(token):
        return None
    if relation(found) in ("nsubj", "nsubj:pass") and found.lower_ in ("who", "which", "that"):
        above = next((a.head for a in token.ancestors if relation(a) == "acl:relcl"), None)
        if relation(token) in ("acl:relcl", "acl"):
            above = token.head
        if above is None:
            return None
        found = above
    if not _acts(found, words):
        return None
    span = text_range(doc, *phrase(found))
    if span is None:
        return None
    source = resolve(Span(found.idx, found.idx + len(found)))
    named = source.name if source is not None and found.pos_ == "PRON" else None
    return Role(span.of(doc.text), span, named)


def _acts(token: Token, words: People) -> bool:
    name = lemma(token)
    if name in _words("cause"):
        return False
    if token.pos_ == "PRON":
        return token.lower_ in ("we", "they", "he", "she", "it", "i")
    if token.ent_type_ in ("PERSON", "ORG", "NORP", "LOC", "GPE"):
        return True
    return name in _words("agent") or is_person(token, words)


def cause_of(doc: Doc, token: Token) -> Role | None:
    """What made it happen: a disaster or weapon as subject, by-phrase or causal phrase; then the nearest one before."""
    candidates: list[Token] = []
    first = subject(token) if is_verb(token) else None
    if first is not None:
        candidates.append(first)
    for governor in (token, *list(token.ancestors)[:2]):
        candidates += [n for p, n in obliques(governor) if p in CAUSAL]
        other = subject(governor, elided=False) if is_verb(governor) else None
        if other is not None:
            candidates.append(other)
    for found in candidates:
        if lemma(found) in _words("cause") or any(lemma(c) in _words("cause") for c in found.children if relation(c) == "compound"):
            return _cause(doc, found)
    sentence = token.sent
    near = [t for t in sentence if lemma(t) in _words("cause") and t.pos_ == "NOUN"]
    return _cause(doc, min(near, key=lambda t: abs(t.i - token.i))) if near else None


def _cause(doc: Doc, head: Token) -> Role | None:
    start, end = phrase(head)
    others = [t for t in coordinated(head) if lemma(t) in _words("cause")]
    end = max([end, *(t.i + 1 for t in others)])
    for i in range(head.i + 1, end):
        if doc[i].pos_ == "ADP":
            end = i
            break
    span = text_range(doc, start, end)
    return Role(span.of(doc.text), span) if span is not None else None


@dataclass(frozen=True, slots=True)
class Where:
    """Places of one report."""

    origin: Place | None = None
    destination: Place | None = None
    place: Place | None = None


def where_of(doc: Doc, measure: str, anchors: Sequence[Token], places: Sequence[Place]) -> Where:
    """Origin, destination and place read from the phrases of `anchors` (trigger, theme and their governors)."""
    origin = destination = place = None
    for anchor in anchors:
        for preposition, noun in obliques(anchor):
            words = preposition.split()
            found = _named(doc, noun, places)
            if preposition in TOWARDS and destination is None:
                destination = found or _described(doc, noun, "shelter")
            elif preposition in FROM and origin is None:
                origin = found or _described(doc, noun, "place")
            elif words[-1] in WITHIN and place is None:
                place = found or _described(doc, noun, "place")
    return _by_measure(measure, Where(origin, destination, place))


def _by_measure(measure: str, where: Where) -> Where:
    """People leave an origin and are harmed at a place: puts each place where its measure wants it."""
    if measure in ("evacuated", "fled", "displaced"):
        return Where(where.origin or where.place, where.destination, None)
    if measure == "sheltered":
        return Where(None, where.destination or where.place, where.origin)
    if measure == "returned":
        return Where(where.origin, where.destination, where.place)
    return Where(None, None, where.place or where.origin)


def named_in(doc: Doc, start: int, end: int, places: Sequence[Place]) -> Place | None:
    """The first named place within tokens [start, end); neighbours joined by "and" are kept together."""
    lo, hi = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    inside = [p for p in places if p.span is not None and lo <= p.span.start and p.span.end <= hi]
    if not inside:
        return None
    first = inside[0]
    for other in inside[1:]:
        if first.span is None or other.span is None:
            break
        if doc.text[first.span.end : other.span.start].strip() not in ("and", "or", "&"):
            break
        span = Span(first.span.start, other.span.end)
        first = replace(first, name=span.of(doc.text), span=span)
    return first


def _named(doc: Doc, noun: Token, places: Sequence[Place]) -> Place | None:
    start, end = full_range(noun)
    for token in doc[start:end]:
        if relation(token) in ("acl:relcl", "acl", "advcl") and token.i > noun.i and token.head.i >= start:
            end = min(end, token.left_edge.i)
    return named_in(doc, start, max(end, start + 1), places) if end > start else None


def _described(doc: Doc, noun: Token, kind: str) -> Place | None:
    """A place with no name, kept as its words: "high-risk coastal areas"."""
    if lemma(noun) not in _words(kind):
        return None
    span = text_range(doc, *phrase(noun))
    return Place(span.of(doc.text), span) if span is not None else None
