"""Figures that go on counting an event told before: "up from 119,000", "put its count at 41", "of these, 1,102 …".

Such a figure has no trigger of its own; it takes that of the count it goes on with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.nlp.figures import Candidate
from kg.nlp.heads import lemma
from kg.nlp.reports.linked import Link, holding
from kg.nlp.reports.triggers import ACTS, Hit
from kg.nlp.reports.words import REACH
from kg.nlp.syntax import children, is_verb, obliques, relation

BACK = 3  # sentences back to the count that "the figure" goes on with
COUNTS = frozenset("number total figure count tally estimate".split())
# What may qualify a count that means the one told before; any other word makes it a count of something else.
PLAIN = frozenset(
    "official latest provisional final new overall national confirmed current previous earlier total real true actual "
    "original initial same combined year week month today yesterday preliminary".split()
)
COMPARING = ("up from", "down from", "compared with", "compared to", "as against", "rather than the")
TALLIES = frozenset("tally count record register log document verify list report estimate".split())
NUMBER_WORDS = frozenset({"they", "these", "those"})


def go_on(doc: Doc, hits: Sequence[Hit], candidates: Sequence[Candidate], taken: dict[int, Link]) -> None:
    """Adds to `taken` the free figures that go on with the count before them."""
    counts = {c.start: noun for noun in _counts(doc) for c in reached_by(doc, noun, candidates)}
    for candidate in candidates:
        if candidate.start in taken or not candidate.bare:
            continue
        same = _before(doc, taken, candidate, 0)
        near = _before(doc, taken, candidate, BACK)
        if near is None:
            continue
        noun = counts.get(candidate.start)
        if noun is not None:
            taken[candidate.start] = Link(_meant(doc, noun, hits, taken, near), candidate, noun.i, "toll")
        elif _of_those(doc, candidate):
            taken[candidate.start] = replace(near, candidate=candidate, how="part")
        elif same is not None and (_compared(doc, candidate, same) or _gapped(doc, candidate)):
            taken[candidate.start] = replace(same, candidate=candidate, how="coordinated")
        elif _tallied(doc, candidate) or _they_are(doc, candidate):
            taken[candidate.start] = Link(near.hit, candidate, doc[candidate.number].head.i, "toll")


def reached_by(doc: Doc, noun: Token, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The figures that a count noun reaches: "the toll rose from 38 to 53", "put their number at 14,000"."""
    candidates = list(candidates)
    places = [n for _, n in obliques(noun)] + [c for c in noun.children if c.pos_ == "NUM"]
    verb = noun.head
    if is_verb(verb) and lemma(verb) in REACH:
        places += [n for p, n in obliques(verb) if p in ("to", "at", "by", "above", "past", "from", "of")]
        places += children(verb, "obj", "xcomp", "nummod")
        places += [n for o in children(verb, "xcomp") for p, n in obliques(o) if p in ("to", "at")]
    elif verb.pos_ == "NUM" and relation(noun) == "nsubj":
        places.append(verb)  # "death toll now 43"
    elif noun.pos_ == "NOUN" and children(noun, "nsubj", "cop"):
        places.append(noun)
    if is_verb(verb) and relation(noun) in ("obj", "nsubj"):  # "expects the number to climb to 6,000"
        places += [
            n
            for v in children(verb, "xcomp", "ccomp")
            if lemma(v) in REACH
            for p, n in obliques(v)
            if p in ("to", "at")
        ]
    places += [n for at in places for p, n in obliques(at) if p == "to"]
    return [c for n in places for c in holding(candidates, n) if c.head != noun.i]


def _counts(doc: Doc) -> list[Token]:
    """Nouns that mean the count told before: "the figure", "its count", "this year's figure"."""
    return [t for t in doc if t.pos_ == "NOUN" and lemma(t) in COUNTS and t.tag_ == "NN" and _points_back(t)]


def _points_back(noun: Token) -> bool:
    if any(p == "of" for p, _ in obliques(noun)):
        return False
    pointing = [c for c in noun.children if relation(c) in ("det", "nmod:poss")]
    others = [c for c in noun.children if relation(c) in ("amod", "compound") and lemma(c) not in PLAIN]
    return bool(pointing) and not others and all(c.lower_ not in ("a", "an", "no", "any") for c in pointing)


def _before(doc: Doc, taken: dict[int, Link], candidate: Candidate, back: int) -> Link | None:
    """The last link before a figure, in its sentence or at most `back` sentences before it."""
    start = doc[candidate.start].sent.start
    for _ in range(back):
        if start == 0:
            break
        start = doc[start - 1].sent.start
    before = [k for at, k in taken.items() if start <= at < candidate.start and k.hit.trigger.frame not in ACTS]
    return max(before, key=lambda k: k.candidate.start if k.candidate else 0, default=None)


def _compared(doc: Doc, candidate: Candidate, base: Link) -> bool:
    """ "Up from 119,000 two weeks ago", "against 87,000 a year earlier", "for a total of 29"."""
    before = doc[max(0, candidate.start - 2) : candidate.start].text.lower()
    if before.endswith(COMPARING):
        return True
    if before.endswith("for") and candidate.figure.text.lower().startswith("a total of"):
        return True
    after = doc[candidate.end : candidate.end + 5].text.lower()
    if before.endswith("against") and any(w in after for w in ("earlier", "before", "ago", "last", "previous")):
        return True
    return base.how == "toll" and before.endswith("from") and doc[candidate.head].head == _verb_of(doc, base)


def _verb_of(doc: Doc, base: Link) -> Token | None:
    return doc[base.theme].head if base.theme is not None else None


def _gapped(doc: Doc, candidate: Candidate) -> bool:
    """ "Bulgaria has reported 16 casualties, Serbia nine": a place right before the number, the verb left out."""
    i = candidate.start - 1
    if i < 1 or doc[i].pos_ != "PROPN" or doc[i].ent_type_ not in ("LOC", "GPE"):
        return False
    while i > 0 and doc[i - 1].pos_ == "PROPN":
        i -= 1
    return doc[i - 1].text in (",", ";") or doc[i - 1].lower_ == "and"


def _meant(doc: Doc, noun: Token, hits: Sequence[Hit], taken: dict[int, Link], near: Link) -> Hit:
    """What "their number" counts: those of the words right before; "the figure" goes on with the last count."""
    if any(c.lower_ == "their" for c in children(noun, "nmod:poss")):
        before = [h for h in hits if noun.sent.start <= h.token < noun.i and h.strong(doc)]
        return before[-1] if before else near.hit
    start = noun.sent.start
    tolls = [k for at, k in taken.items() if at < start and k.how == "toll" and k.hit.trigger.frame == "toll"]
    return tolls[-1].hit if tolls and lemma(noun) in ("count", "tally") else near.hit


def _of_those(doc: Doc, candidate: Candidate) -> bool:
    """ "Of these, 1,102 were employees": a part of the count of the sentence before."""
    lead = doc[doc[candidate.start].sent.start : candidate.start]
    words = [t.lower_ for t in lead if not t.is_space and not t.is_punct]
    return words in (["of", "these"], ["of", "those"], ["of", "them"], ["of", "whom"], ["among", "them"])


def _tallied(doc: Doc, candidate: Candidate) -> bool:
    """ "The UN tallied 4,000 for last year": a verb of counting with nothing but a number."""
    number = doc[candidate.number]
    return relation(number) == "obj" and is_verb(number.head) and lemma(number.head) in TALLIES


def _they_are(doc: Doc, candidate: Candidate) -> bool:
    """ "They will be 900,000 by April"."""
    number = doc[candidate.number]
    return any(c.lower_ in NUMBER_WORDS for c in children(number, "nsubj")) and bool(children(number, "cop"))
