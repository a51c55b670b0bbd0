"""Figures that go with one that has a trigger: coordinated with it, part of it, or its next count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.lexicon import People
from kg.nlp.figures import Candidate, indefinite
from kg.nlp.heads import is_person, lemma
from kg.nlp.reports.linked import Link
from kg.nlp.reports.triggers import Hit
from kg.nlp.reports.words import (
    CARRIERS,
    COMPRISING,
    COUNT_NOUNS,
    ELSEWHERE,
    JOINERS,
    NO_PEOPLE,
    PARTITIVES,
    REACH,
    REACH_BACK,
)
from kg.nlp.syntax import coordinated, is_verb


def self_evident(hit: Hit, candidate: Candidate) -> bool:
    """True if the trigger is the counted word itself: "26 wounded", "70 dead"."""
    return candidate.start <= hit.token < candidate.end and hit.trigger.frame in ("transitive", "state", "either")


def spread(doc: Doc, hits: Sequence[Hit], candidates: Sequence[Candidate], taken: dict[int, Link]) -> None:
    """Adds figures coordinated with, or part of, one that has a trigger: "30 in Cambodia, as well as 22 in …"."""
    for candidate in candidates:
        if candidate.start in taken or not (candidate.person or candidate.bare):
            continue
        previous = [
            c
            for c in candidates
            if c.start < candidate.start
            and c.start in taken
            and candidate.start - c.end < REACH_BACK
            and doc[c.head].sent.start == doc[candidate.head].sent.start
        ]
        if not previous:
            continue
        base = taken[previous[-1].start]
        own = [h for h in hits if self_evident(h, candidate)]
        same_event = any(h.trigger.event == base.hit.trigger.event for h in own)
        if same_event or (own and base.how != "part"):
            continue
        after = doc[candidate.end : candidate.end + 2].text.lower()
        if after in ELSEWHERE:
            continue
        count_noun = _reached_noun(doc, previous[-1].end, candidate)
        before = doc[max(0, candidate.start - 3) : candidate.start].text.lower()
        if count_noun is not None:
            taken[candidate.start] = Link(base.hit, candidate, count_noun, "toll")
            continue
        between = doc[previous[-1].end : candidate.start].text.strip()
        if between == "(" and doc[candidate.end : candidate.end + 1].text == ")":
            taken[candidate.start] = replace(base, candidate=candidate)  # "3,110 households (12,450 people)"
            continue
        if between in ("of", "from") and candidate.figure.counts == "households":
            taken[candidate.start] = replace(base, candidate=candidate, how="coordinated")  # "1,630 of 750 households"
            continue
        if between in ("-", "–", "—") and candidate.person:
            taken[candidate.start] = Link(base.hit, candidate, base.theme, "part")
            continue
        if (
            part_words(doc[max(previous[-1].end, candidate.start - 4) : candidate.start].text.lower())
            or after in PARTITIVES
            or doc[candidate.start : candidate.end].text.lower().endswith(PARTITIVES)
        ):
            how = "part"
        elif before.endswith(COMPRISING) or (
            before.endswith(JOINERS) and not _has_own_verb(doc, max(previous[-1].end, base.hit.token + 1), candidate)
        ):
            how = "coordinated"
        else:
            continue
        taken[candidate.start] = Link(base.hit, candidate, base.theme, how)


def name_parts(doc: Doc, taken: dict[int, Link], words: People) -> None:
    """Adds single persons named as parts: "nine residents, including an 81-year-old man"."""
    for made in list(taken.values()):
        if made.candidate is None or made.hit.trigger.frame == "toll":
            continue
        if made.how in ("part", "coordinated"):  # "nine Indians, two Koreans and a Czech"
            for noun in coordinated(doc[made.candidate.head])[1:]:
                other = indefinite(doc, noun, words)
                if other is not None and other.person and other.start not in taken:
                    taken[other.start] = Link(made.hit, other, made.theme, made.how)
        end = made.candidate.end
        for i in range(end, min(len(doc), end + 9)):
            if doc[i].is_sent_start and i > end:
                break
            if (
                doc[i].lower_ in ("a", "an") and doc[i + 2 : i + 4].text.lower() == "among them"
            ):  # "four, a baby among them"
                single = indefinite(doc, doc[i + 1], words)
                if single is not None and single.person and single.start not in taken:
                    taken[single.start] = Link(made.hit, single, made.theme, "part")
                break
            if doc[i].lower_ == "including" or doc[i - 1 : i + 1].text.lower() in ("among them", "one of them"):
                nouns = [t for t in doc[i + 1 : i + 9] if t.pos_ == "NOUN" and is_person(t, words)]
                single = indefinite(doc, nouns[0], words) if nouns else None
                if single is not None and single.person and single.start <= i + 2 and single.start not in taken:
                    taken[single.start] = Link(made.hit, single, made.theme, "part")
                break


def _reached_noun(doc: Doc, start: int, candidate: Candidate) -> int | None:
    """ "… and the number could rise to 100": the count noun whose verb the figure completes, if any."""
    if not candidate.bare:
        return None
    nouns = [t.i for t in doc[start : candidate.start] if lemma(t) in COUNT_NOUNS and t.pos_ == "NOUN"]
    if not nouns or not any(lemma(t) in REACH for t in doc[nouns[-1] : candidate.start]):
        return None
    return nouns[-1] if candidate.start - nouns[-1] <= 6 else None


def part_words(between: str) -> bool:
    """True if the words between two figures make the second a part of the first."""
    return any(
        w in between
        for w in ("including", "among them", "of whom", "of them", "among whom", "most of", "includes", "included")
    )


def _has_own_verb(doc: Doc, start: int, candidate: Candidate) -> bool:
    """True if a figure governs or is governed by a predicate from token `start` on, not that of the figure before."""
    if any(is_verb(t) and t.tag_ not in ("VBN", "VBG") for t in doc[start : candidate.start]):
        return True
    following = doc[candidate.end] if candidate.end < len(doc) else None
    return following is not None and is_verb(following) and following.head.i >= candidate.start


def counted_people(doc: Doc, theme: int | None, words: People) -> bool:
    """True if the theme is a noun or pronoun for people."""
    if theme is None:
        return False
    token = doc[theme]
    if token.pos_ == "PRON":
        return token.lower_ not in NO_PEOPLE
    if token.ent_type_ in ("PERSON", "NORP"):
        return True
    return is_person(token, words) or lemma(token) in COUNT_NOUNS | CARRIERS or token.lower_ == "those"
