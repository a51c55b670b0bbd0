"""Which triggers and links are believed: the needs of weak words, and what a report without a figure must have."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.lexicon import People
from kg.nlp.heads import lemma
from kg.nlp.reports.generic import is_generic
from kg.nlp.reports.linked import Link
from kg.nlp.reports.roles import role_words
from kg.nlp.reports.spread import counted_people
from kg.nlp.reports.status import status
from kg.nlp.reports.triggers import ACTS, Hit
from kg.nlp.reports.words import (
    ADDRESSED,
    BARE_NOUNS,
    CAMERAS,
    CUSTODY,
    FEWEST,
    HARMLESS,
    HUNTED,
    IDIOMS,
    LEFT_BEHIND,
    LOCALS,
    PROCESSES,
    UNHARMED,
)
from kg.nlp.sites import SITES
from kg.nlp.syntax import children, obliques, patients, relation, subject
from kg.types import Status


def wanted(doc: Doc, found: Link, words: People) -> bool:
    """The needs of weak triggers, and what a trigger without a figure must have to count."""
    trigger, token = found.hit.trigger, doc[found.hit.token]
    if trigger.frame == "mention":
        return found.candidate is None and relation(token) == "amod" and lemma(token.head) in role_words("cause")
    if found.candidate is None and found.how != "derived":
        return _bare_wanted(doc, found, token, words)
    if found.candidate is not None and found.candidate.figure.value == 1 and found.theme is not None:
        return not is_generic(token, doc[found.theme])  # "my father died of cancer"
    return True


def borne_out(doc: Doc, found: Link, strong: set[str]) -> bool:
    """In an article that names no evacuation by a strong word, weak ones need many people: "moved 300 families"."""
    if found.hit.trigger.event in strong or found.hit.strong(doc) or _to_safety(doc[found.hit.token]):
        return True
    if found.candidate is None or not found.candidate.person:
        return False
    figure = found.candidate.figure
    return figure.counts != "fighters" and (figure.value or figure.low or figure.high or 0) >= FEWEST


def fits(doc: Doc, hit: Hit, strong: set[str], *, crisis: bool) -> bool:
    """A weak trigger counts beside a strong one of its event, and where the words say from where or to where.

    `crisis`: the article tells of deaths or of disasters; then people who are moved or shelter are believed.
    """
    if hit.strong(doc):
        return True
    needs, token = hit.trigger.needs, doc[hit.token]
    if hit.trigger.measure == "fled" and any(c.lower_ in UNHARMED for c in token.children):
        return False  # "198 walked away unhurt"
    if hit.trigger.event == "evacuation" and _to_custody(token):
        return False
    if _of_other_things(hit, token):
        return False
    if hit.trigger.event not in strong and not crisis and not _to_safety(token):
        return False
    if "way" in needs:
        return _has_way(token)
    if "origin" in needs:
        return _has_way(token) or any(_is_place(c) for c in token.children if relation(c) == "obj") or _of_there(token)
    return True


def _of_other_things(hit: Hit, token: Token) -> bool:
    """ "Captured on camera", "the search for the gunman", "released from house arrest"."""
    if hit.trigger.measure == "abducted":
        return any(p in ("by", "on", "in") and lemma(n) in CAMERAS for p, n in obliques(token))
    if hit.trigger.measure == "missing" and hit.trigger.frame == "sought":
        sought = [n for p, n in obliques(token) if p == "for"]
        return any(lemma(t) in HUNTED for n in sought for t in (n, *children(n, "appos", "conj", "compound")))
    if hit.trigger.measure == "rescued":
        return any(p == "from" and lemma(n) in CUSTODY for p, n in obliques(token))
    return False


def _to_custody(token: Token) -> bool:
    return any(p in ("to", "into") and lemma(n) in CUSTODY for p, n in obliques(token))


def _of_there(token: Token) -> bool:
    """ "Half of the town's residents have left": those who live in a place leave it."""
    first = subject(token)
    if first is None:
        return False
    return any(lemma(n) in LOCALS for n in (first, *(n for p, n in obliques(first) if p == "of")))


def _bare_wanted(doc: Doc, found: Link, token: Token, words: People) -> bool:
    trigger = found.hit.trigger
    what = status(doc, token)
    how_many_must_die = trigger.event == "casualty" and what is Status.ORDERED
    if trigger.frame in ("toll", "state-of") or relation(token) == "amod" or how_many_must_die:
        return False
    theme = doc[found.theme] if found.theme is not None else None
    if is_generic(token, theme) or _is_one_body(token):
        return False
    if theme is not None and theme.ent_type_ == "PERSON" and trigger.event == "evacuation":
        return False  # one named person who shelters or flees: seldom what the article counts
    if trigger.event != "casualty" and any(lemma(o) in ("body", "corpse", "remains") for o in patients(token)):
        return False  # "pulling bodies from the mud" is no rescue
    if trigger.frame in ACTS:
        harmless = any(p in ("into", "in", "at") and lemma(n) in HARMLESS for p, n in obliques(token))
        return relation(token) != "compound" and not harmless
    if not found.hit.strong(doc):
        if trigger.frame == "complement" and "figure" not in trigger.needs:  # "residents were told to leave"
            return theme is not None and (lemma(theme) in ADDRESSED or theme.lower_ in ADDRESSED)
        if trigger.measure == "fled" and "figure" in trigger.needs:
            return False  # "we'll walk away", "the train arrived"
        if found.theme is not None and lemma(doc[found.theme]) in ("toll", "tally", "number", "total"):
            return False
        way = bool(trigger.needs & {"way", "origin"} or trigger.particle) or trigger.frame == "transitive"
        return way and _has_way(token) and not _to_hospital(token) and counted_people(doc, found.theme, words)
    if trigger.frame in ("noun", "person"):
        if relation(token) == "compound" and (trigger.event == "evacuation" or not children(token, "case")):
            return lemma(token.head) in PROCESSES
        if what in (Status.CANCELLED, Status.POSSIBLE) and trigger.event == "casualty":
            return False  # "to avoid casualties", "can lead to death"
        named = found.theme is not None and found.theme != found.hit.token and counted_people(doc, found.theme, words)
        return named or lemma(token) in BARE_NOUNS
    if "figure" in trigger.needs:
        return False
    if trigger.measure == "evacuated" and theme is not None and _is_place(theme):
        return True  # "evacuated an apartment block"
    return found.theme is None or counted_people(doc, found.theme, words)


def _is_one_body(token: Token) -> bool:
    """A single body, unless it is said whose: "the body of 58-year-old Dao Qiongfen"."""
    return lemma(token) in ("body", "corpse") and token.tag_ == "NN" and not any(p == "of" for p, _ in obliques(token))


def _is_place(noun: Token) -> bool:
    return noun.ent_type_ == "LOC" or lemma(noun) in LEFT_BEHIND | SITES | role_words("place") | role_words("spot")


def _to_hospital(token: Token) -> bool:
    """ "Taken to a hospital": care for one person, no evacuation."""
    return any(lemma(noun) in ("hospital", "clinic", "court", "prison", "jail") for _, noun in obliques(token))


def _to_safety(token: Token) -> bool:
    """True for movement to a place that only an evacuation brings people to: "to safer places", "to relief camps"."""
    for preposition, noun in obliques(token):
        if preposition in ("to", "into", "in") and lemma(noun) in role_words("shelter"):
            words = {c.lower_ for c in noun.children} | {noun.lower_}
            return bool(
                words
                & {"safe", "safer", "safety", "relief", "shelter", "shelters", "evacuation", "higher", "temporary"}
            )
    return False


def _has_way(token: Token) -> bool:
    """True if the words say from where or to where."""
    ways = {"from", "to", "into", "out of", "towards", "toward", "out", "off", "across", "aboard", "onto"}
    return any(p in ways and lemma(n) not in IDIOMS for p, n in obliques(token)) or any(
        c.lower_ in ("home", "back", "out", "away", "ashore", "off") for c in token.children
    )
