"""Which figures belong to which trigger: by the tree first, then by adjacency, then by coordination.

A theme is who is moved, left or harmed. Each link says how it was found, which sets its confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.lexicon import People
from kg.nlp.figures import Candidate, indefinite
from kg.nlp.heads import NEVER_NOUNS, lemma
from kg.nlp.reports.frames import themes
from kg.nlp.reports.later import go_on, reached_by
from kg.nlp.reports.linked import Link, holding
from kg.nlp.reports.spread import name_parts, self_evident, spread
from kg.nlp.reports.triggers import ACTS, Hit
from kg.nlp.reports.words import (
    BETWEEN,
    CARRIERS,
    CAUSATIVES,
    COUNT_NOUNS,
    FEWEST,
    LISTING,
    MULTIPLIES,
    NUMBERING,
    REACH,
    RISES,
)
from kg.nlp.syntax import (
    auxiliaries,
    children,
    coordinated,
    full_range,
    is_passive,
    is_reduced_relative,
    is_verb,
    obliques,
    relation,
)

LONGEST_PHRASE = 18  # tokens from a figure to the verb of its phrase
LABEL = 3  # tokens before the word of a label in its line: "- Confirmed deaths: 9"
STRAYS = frozenset({"nsubj", "nsubj:pass", "obl", "ROOT", "obj", "nmod"})  # what a lost subject is labelled


def link(doc: Doc, hits: Sequence[Hit], candidates: Sequence[Candidate], words: People) -> tuple[Link, ...]:
    """All links of a Doc: every figure has at most one trigger; triggers without one are linked bare."""
    taken: dict[int, Link] = {}
    counting = [h for h in hits if h.trigger.frame not in ACTS]  # an act is told without counting anybody
    _take(taken, doc, hits, candidates, words, _by_tree)
    for finder in (_by_toll, _by_adjacency, _before_verb, _by_stray_subject, _labelled):
        _take(taken, doc, counting, candidates, words, finder)
    spread(doc, hits, candidates, taken)
    _take(taken, doc, hits, candidates, words, _by_itself)
    spread(doc, hits, candidates, taken)
    go_on(doc, hits, candidates, taken)
    name_parts(doc, taken, words)
    links = list(taken.values())
    covered = {(made.hit.token, made.hit.trigger.event) for made in links}
    counted = [c for c in candidates if c.start in taken]
    for hit in hits:
        if (hit.token, hit.trigger.event) not in covered:
            found = themes(doc, hit)
            told = any(c.start <= hit.token < c.end or any(holding([c], t) for t in found) for c in counted)
            if not told:
                links.append(Link(hit, None, found[0].i if found else None, "bare"))
    links += _multiplied(doc, [h for h in counting if h.strong(doc)])
    return tuple(sorted(links, key=lambda k: (k.candidate.start if k.candidate else k.hit.token, k.hit.token)))


def _multiplied(doc: Doc, hits: Sequence[Hit]) -> list[Link]:
    """ "… were evacuated, a total it expected to double": a figure of the event that the words only derive."""
    found: list[Link] = []
    for token in doc:
        if lemma(token) not in MULTIPLIES or not is_verb(token) or any(n.like_num for _, n in obliques(token)):
            continue
        before = doc[max(token.sent.start, token.i - 8) : token.i]
        counts = [t for t in before if t.pos_ == "NOUN" and lemma(t) in COUNT_NOUNS]
        events = [h for h in hits if h.token < token.i and doc[h.token].sent.start == token.sent.start]
        if counts and events:
            found.append(
                Link(replace(events[-1], token=token.i, start=token.i, end=token.i + 1), None, None, "derived")
            )
    return found


def _take(
    taken: dict[int, Link],
    doc: Doc,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    words: People,
    finder: Callable[[Doc, Hit, Sequence[Candidate], People], list[tuple[Candidate, int, str]]],
) -> None:
    """Adds to `taken` what one finder proposes for figures that are still free, the best trigger first."""
    proposed = [
        (-_rank(doc, hit), hit.token, Link(hit, candidate, theme, how))
        for hit in hits
        if not _first_of_compound(doc[hit.token], hit)
        for candidate, theme, how in finder(doc, hit, candidates, words)
        if candidate.start not in taken
        and _countable(doc, hit, candidate)
        and not _named_otherwise(doc, hit, candidate, hits)
    ]
    for _, _, made in sorted(proposed, key=lambda p: p[:2]):
        if made.candidate is not None:
            taken.setdefault(made.candidate.start, made)


def _first_of_compound(token: Token, hit: Hit) -> bool:
    """ "One death row inmate", "a body camera": the word only tells what kind of thing the next one is."""
    kind = relation(token) == "compound" and not children(token, "case")
    return hit.trigger.event == "casualty" and hit.trigger.frame in ("noun", "person") and kind


def _named_otherwise(doc: Doc, hit: Hit, candidate: Candidate, hits: Sequence[Hit]) -> bool:
    """True for "11 dead" beside "injured": the figure says itself what became of those it counts.

    Not for "three of the wounded died", who are told to be more than wounded.
    """
    return hit.trigger.event == "casualty" and any(
        h.token != hit.token
        and h.trigger.frame in ("state", "transitive")
        and h.trigger.event == hit.trigger.event
        and h.trigger.measure != hit.trigger.measure
        and candidate.start <= h.token < candidate.end
        and not children(doc[h.token], "case")
        for h in hits
    )


def _rank(doc: Doc, hit: Hit) -> float:
    """Which of several triggers of one figure says what happened: the main verb before its modifiers."""
    token, label = doc[hit.token], relation(doc[hit.token])
    if hit.trigger.frame == "person":
        return 0.5
    if label == "amod":
        return 1.0
    infinitive = any(c.lower_ == "to" for c in children(token, "mark", "aux"))
    if infinitive and label in ("acl", "advcl"):
        return 1.5
    if label == "advcl" and token.tag_ == "VBG":
        return 1.8
    if label in ("acl", "acl:relcl"):
        return 2.0
    return 3.0 if hit.strong(doc) else 2.5


def _countable(doc: Doc, hit: Hit, candidate: Candidate) -> bool:
    """A counted noun must be people; a bare number is taken where the trigger is strong or moves people."""
    if hit.trigger.event != "casualty" and lemma(doc[candidate.head]) in ("body", "corpse", "remains", "dead", "death"):
        return False  # "nine bodies were pulled from the mud" are no rescue
    if candidate.person:
        return True
    if not candidate.bare:
        suffered = is_passive(doc[hit.token]) or hit.trigger.frame in ("self", "state")
        return hit.strong(doc) and suffered and doc[candidate.head].ent_type_ not in ("LOC", "ORG")
    figure, number = candidate.figure, doc[candidate.number]
    if relation(number) in ("nsubj", "nsubj:pass") and number.head.i == hit.token:
        return True  # "ten were buried", "none required treatment"
    return hit.strong(doc) or (figure.value or figure.low or 0) >= FEWEST


def _by_tree(doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People) -> list[tuple[Candidate, int, str]]:
    found: list[tuple[Candidate, int, str]] = []
    for theme in themes(doc, hit):
        held = holding(candidates, theme)
        if not held and lemma(theme) in (COUNT_NOUNS | CARRIERS if hit.trigger.event != "casualty" else COUNT_NOUNS):
            start, end = full_range(theme)
            held = [
                c
                for c in candidates
                if start <= c.start and c.end <= end and (c.person or c.bare) and c.head != theme.i
            ]
        if not held and theme.lower_ == "those":  # "1,120 lives, and those of 41 soldiers"
            held = [c for p, n in obliques(theme) if p == "of" for t in coordinated(n) for c in holding(candidates, t)]
        if not held and hit.trigger.frame not in ("noun", "given"):
            held = _singles(doc, theme, candidates, words)
        found.extend((c, theme.i, "tree") for c in held if _same_stretch(doc, hit, c) and not self_evident(hit, c))
    return found


def _singles(doc: Doc, theme: Token, candidates: Sequence[Candidate], words: People) -> list[Candidate]:
    """ "A woman", "a father, his wife"; the numbers beside a noun: "the hostages, five men and two women"."""
    own = indefinite(doc, theme, words)
    named = theme.pos_ == "PROPN" or theme.ent_type_ == "PERSON"
    beside = [] if named else [t for c in children(theme, "appos") for t in coordinated(c)]
    found: list[Candidate | None] = [own]
    if own is None:
        for t in beside:
            found += holding(candidates, t) or [indefinite(doc, t, words)]
    else:
        found += [indefinite(doc, t, words) for t in beside if children(t, "nmod:poss")]
    return [c for c in found if c is not None and c.person]


def _by_itself(doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People) -> list[tuple[Candidate, int, str]]:
    """Figures that name their event themselves, where nothing else said what became of them."""
    return [(c, c.head, "tree") for c in candidates if self_evident(hit, c)]


def _same_stretch(doc: Doc, hit: Hit, candidate: Candidate) -> bool:
    """The figure and its trigger stand in one sentence."""
    return bool(doc[candidate.head].sent.start == doc[hit.token].sent.start)


def _by_toll(doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People) -> list[tuple[Candidate, int, str]]:
    """ "the death toll rose to 32", "the number of people brought out could reach 100,000"."""
    token = doc[hit.token]
    nouns = [token] if hit.trigger.frame == "toll" else []
    nouns += [
        t
        for t in themes(doc, hit)
        if lemma(t) in COUNT_NOUNS or any(lemma(v) in NUMBERING for v in (t.head, *children(t, "acl")))
    ]
    if hit.trigger.frame in ("noun", "person") and relation(token) == "nsubj" and lemma(token.head) in RISES:
        nouns.append(token)  # "deaths could reach 100"
    if (
        hit.trigger.frame in ("state", "person")
        and relation(token) == "obj"
        and lemma(token.head) in ("put", "estimate")
    ):
        nouns.append(token)  # "put the dead at 84"
    for ancestor in token.ancestors:
        if ancestor.sent.start != token.sent.start:
            break
        if lemma(ancestor) in COUNT_NOUNS and ancestor.pos_ == "NOUN":
            nouns.append(ancestor)
            break
    found: list[tuple[Candidate, int, str]] = []
    for noun in nouns:
        held = holding(candidates, noun)
        numbers = reached_by(doc, noun, candidates)
        if not numbers and not held:
            after = [c for c in candidates if noun.i < c.start <= noun.i + 14 and c.bare and _same_stretch(doc, hit, c)]
            lead = max(noun.sent.start, noun.i - 4)
            numbers = [c for c in after if any(lemma(t) in REACH for t in doc[lead : c.start])][:1]
        numbers = [n for c in numbers for n in (c, *_changed_to(doc, c, candidates))]
        found.extend((c, noun.i, "toll") for c in [*held, *numbers] if _same_stretch(doc, hit, c))
    return found


def _changed_to(doc: Doc, count: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The count that replaces one: 39 in "revised the toll down from 46 to 39"."""
    if count.start == 0 or doc[count.start - 1].lower_ != "from":
        return []
    return [c for c in candidates if c.start == count.end + 1 and doc[count.end].lower_ == "to"]


def _by_stray_subject(
    doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People
) -> list[tuple[Candidate, int, str]]:
    """The phrase that ends where a predicate begins whose subject the tree lost: "18,000 people, most women, fled"."""
    token = doc[hit.token]
    if not (is_verb(token) or hit.trigger.frame in ("state", "noun-of")) or hit.trigger.frame == "person":
        return []
    if any(relation(c) in ("nsubj", "nsubj:pass") for t in (token, token.head) for c in t.children if c.i < hit.start):
        return []
    if hit.trigger.frame not in ("self", "state", "noun-of", "either") and not is_passive(token):
        return []
    start = min([hit.start, *(a.i for a in auxiliaries(token))])
    found: list[tuple[Candidate, int, str]] = []
    for c in candidates:
        head = doc[c.head]
        between = [t for t in doc[c.end : start] if not t.is_punct]
        beside = c.end <= start <= c.end + LONGEST_PHRASE and _same_stretch(doc, hit, c)
        if c.person and beside and relation(head) in STRAYS and between and all(head in t.ancestors for t in between):
            found.append((c, c.head, "adjacent"))
    return found[-1:]


def _by_adjacency(
    doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People
) -> list[tuple[Candidate, int, str]]:
    """Figures right beside the trigger, where the tree is broken: "killing at least 33", "600 displaced"."""
    token, frame = doc[hit.token], hit.trigger.frame
    after = (
        frame in ("transitive", "either", "object", "given")
        and not is_passive(token)
        and not is_reduced_relative(token)
    )
    before = frame in ("self", "state", "state-of", "noun-of", "inside")
    before = before or token.tag_ == "VBN" or token.lower_ in NEVER_NOUNS
    found: list[tuple[Candidate, int, str]] = []
    for c in candidates:
        if (after and hit.end <= c.start <= hit.end + 2 and _only(doc, hit.end, c.start, {"DET", "ADJ", "ADV"})) or (
            before
            and c.end <= hit.start <= c.end + 6
            and _only(doc, c.end, hit.start, {"AUX", "ADV", "PRON", "PART", "ADP" if frame == "inside" else "AUX"})
        ):
            found.append((c, c.head, "adjacent"))
    return [(c, t, how) for c, t, how in found if _same_stretch(doc, hit, c) and (c.person or c.bare)]


def _labelled(doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People) -> list[tuple[Candidate, int, str]]:
    """Lists and questions: "Dead: 14", "How many people died? At least 14."."""
    token, end = doc[hit.token], doc[hit.token].sent.end
    if end < len(doc) and doc[end - 1].text == "?" and any(t.lower_ == "many" for t in token.sent[:3]):
        return [(c, c.head, "adjacent") for c in candidates if c.start == end]
    labelled = hit.end < len(doc) and doc[hit.end].text == ":" and hit.start - token.sent.start <= LABEL
    return [(c, c.head, "adjacent") for c in candidates if labelled and hit.end < c.start <= hit.end + 2]


def _before_verb(
    doc: Doc, hit: Hit, candidates: Sequence[Candidate], words: People
) -> list[tuple[Candidate, int, str]]:
    """The list of figures before a passive verb whose subject the tree lost: "… and 26 wounded … were evacuated"."""
    token = doc[hit.token]
    if not hit.strong(doc) or not is_passive(token) or themes(doc, hit):
        return []
    found: list[tuple[Candidate, int, str]] = []
    right = min([hit.start, *(a.i for a in auxiliaries(token))])
    for c in reversed([c for c in candidates if c.end <= right and _same_stretch(doc, hit, c)]):
        between = {t.lower_ for t in doc[c.end : right]}
        if not between <= LISTING:
            break
        found.append((c, c.head, "adjacent"))
        right = c.start
    return found


def _only(doc: Doc, start: int, end: int, allowed: set[str]) -> bool:
    """Nothing but these parts of speech (and words of reporting: "were reported killed") lies between."""
    return all(t.pos_ in allowed or lemma(t) in CAUSATIVES or t.is_space or t.lower_ in BETWEEN for t in doc[start:end])
