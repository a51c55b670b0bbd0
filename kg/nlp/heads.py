"""The noun that a number counts: its head, what it counts, and whether it means people."""

from __future__ import annotations

import re
from functools import lru_cache

from spacy.symbols import NOUN
from spacy.tokens import Doc, Token

from kg.lexicon import People, base_form

GENERIC_VICTIM = frozenset(
    "death injury casualty fatality body victim evacuee loss dead life survivor wounded injured".split()
)
# Adjectives that stand for people when a number is before them and no noun after: "26 wounded".
AS_NOUNS = frozenset("wounded injured dead missing killed homeless displaced trapped stranded evacuated sick".split())
# Headlines are read badly: "1,000 flee carnage" has a verb whatever the model says.
NEVER_NOUNS = frozenset("flee flees evacuate evacuates".split())
# How the words for a part end: "half of the", "a third of its".
PARTITIVE_ENDS = frozenset({"of", "the", "its", "their"})
OPENING_QUOTES = frozenset("\" “ ‘ ' ``".split())
TEMPORAL = frozenset(
    "today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday overnight last".split()
)


@lru_cache(maxsize=2)
def text_of(doc: Doc) -> str:
    """`doc.text`, which spaCy puts together anew each time it is asked for."""
    return str(doc.text)


@lru_cache(maxsize=2)
def _lemmas(doc: Doc) -> dict[int, str]:
    return {}


def lemma(token: Token) -> str:
    """The lemma in lower case, as the lexicons list it where they do. Remembered for the last two Docs."""
    kept, at = _lemmas(token.doc), token.i
    found = kept.get(at)
    if found is None:
        found = kept[at] = base_form(token.lower_, token.lemma_.lower(), token.pos == NOUN)
    return found


def counted_as(token: Token, words: People) -> str | None:
    """What a noun counts by the lexicon; None where it names no people. Knows -men even if the lemma does not."""
    low = token.lower_
    options = (lemma(token), low, low.removesuffix("s"), re.sub(r"men$", "man", low))
    return next((words.counts[o] for o in options if o in words.counts), None)


def head_noun(doc: Doc, after: int, words: People) -> Token | None:
    """The noun counted by a number that ends before token `after`; None when none follows it directly.

    Reads tags rather than the tree: numbers before modifiers are where trees go wrong.
    """
    i, limit = after, min(len(doc), after + 9)
    of_whole = i > 1 and doc[i - 1].lower_ in PARTITIVE_ENDS
    partitive = i < limit and doc[i].lower_ == "of"
    if partitive:
        i += 1
    noun: Token | None = None
    while i < limit and not doc[i].is_sent_start:
        token = doc[i]
        following = doc[i + 1] if i + 1 < len(doc) else None
        if token.is_space or token.lower_ in TEMPORAL or token.lower_ in NEVER_NOUNS:
            break
        if token.lower_ in AS_NOUNS and noun is None:
            if following is None or not _continues(following):
                return token
            i += 1
            continue
        if following is not None and following.tag_ == "POS" and noun is None and (partitive or of_whole):
            i, of_whole = i + 2, True  # "half of the town's 30,000 residents"
            continue
        if of_whole and noun is None and token.pos_ == "NUM":
            i += 1
            continue
        if token.pos_ == "NOUN" or (
            token.pos_ in ("PROPN", "ADJ", "VERB") and token.tag_ != "VBZ" and noun is None and counted_as(token, words)
        ):
            noun = token
            if following is not None and following.text == "-" and _joins(following):
                i += 2  # "three camp-dwellers"
                continue
            if following is None or not _compound(token, following, words):
                break
        elif token.pos_ == "PROPN":
            if noun is not None:
                break
            if following is None or (
                following.pos_ not in ("NOUN", "PROPN", "ADJ") and following.text not in ("'s", "’s")
            ):
                noun = token if token.tag_ == "NNPS" or token.lower_.endswith("s") else None
                break
        elif noun is not None or not _modifier(token, partitive):
            break
        i += 1
    return noun


def _joins(hyphen: Token) -> bool:
    """True for a hyphen inside a compound noun."""
    doc, i = hyphen.doc, hyphen.i
    return i + 1 < len(doc) and doc[i + 1].pos_ == "NOUN" and not hyphen.whitespace_ and not doc[i - 1].whitespace_


def _continues(token: Token) -> bool:
    """True if a noun phrase may go on with this word."""
    return token.pos_ in ("NOUN", "PROPN", "ADJ") and token.lower_ not in TEMPORAL


def _compound(noun: Token, following: Token, words: People) -> bool:
    """True if the next word is the head of a compound: "airline passengers", not "residents today"."""
    if following.pos_ not in ("NOUN", "PROPN") or following.lower_ in TEMPORAL or noun.lower_ in ("people", "others"):
        return False
    return counted_as(noun, words) is None or counted_as(following, words) is not None


def _modifier(token: Token, partitive: bool) -> bool:
    if token.pos_ in ("ADJ", "NUM") and token.text not in ("%",):
        return token.pos_ == "ADJ" or token.lower_ in ("million", "thousand", "hundred", "other")
    if (token.tag_ == "VBG" and token.lower_.endswith("ing")) or (
        token.tag_ == "VBN" and token.lower_.endswith(("ed", "en"))
    ):
        following = token.nbor() if token.i + 1 < len(token.doc) else None
        return following is not None and following.pos_ in ("NOUN", "PROPN", "ADJ")
    if token.lower_ in (
        "internally",
        "mostly",
        "mainly",
        "newly",
        "seriously",
        "severely",
        "critically",
        "badly",
        "slightly",
    ):
        return True
    if (
        partitive
        and token.pos_ in ("DET", "PRON")
        and token.lower_ in ("the", "these", "those", "its", "their", "his", "our")
    ):
        return True
    if token.text in OPENING_QUOTES:
        return True  # '340 "repentant gunmen"'
    return token.text in ("-", "'s", "’s", "–") or token.lower_ in ("more", "other", "further", "additional")


def coordinated_end(doc: Doc, head: Token, words: People) -> int:
    """Token after the head, or after a second noun it shares its number with ("civilians and rebels")."""
    i = head.i + 1
    if i + 1 >= len(doc) or doc[i].lower_ not in ("and", "or", "&"):
        return i
    j = i + 1
    while j < min(len(doc), i + 4) and doc[j].pos_ == "ADJ":
        j += 1
    if (
        j < len(doc)
        and doc[j].pos_ == "NOUN"
        and lemma(doc[j]) in words.counts
        and doc[j].tag_ == "NNS"
        and head.tag_ == "NNS"
    ):
        after = doc[j + 1] if j + 1 < len(doc) else None
        if doc[j].head == head or after is None or after.pos_ not in ("AUX", "VERB") or doc[j].head.i <= head.i:
            return j + 1
    return i


def count_of(doc: Doc, start: int, end: int, head: Token, words: People) -> str:
    """What is counted, from the head noun and, for generic heads, from what stands before it."""
    own = counted_as(head, words) or "people"
    if end > head.i + 1:  # coordinated nouns
        other = counted_as(doc[end - 1], words) or "people"
        return own if own == other else "people"
    if (own == "people" and lemma(head) in GENERIC_VICTIM) or own == "wounded":
        for token in doc[start : head.i]:
            named = counted_as(token, words) or "people"
            if named not in ("people", "wounded"):
                return named
    return own


def is_person(head: Token, words: People) -> bool:
    """True if the noun is known to mean people, or is formed like a noun for people."""
    name = lemma(head)
    if counted_as(head, words):
        return True
    if name in words.measures or head.lower_ in words.measures:
        return False
    if head.ent_type_ == "NORP" or (head.tag_ == "NNPS" and head.ent_type_ not in ("LOC", "ORG")):
        return True
    return bool(
        re.search(
            r"(?:men|women|folk|goers?|dwellers?|workers?|(?:[tdklgnmp]|i)ers|ists|ants|ians|eers|ees)$", head.lower_
        )
    )
