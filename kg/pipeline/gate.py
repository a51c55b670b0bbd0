"""A cheap look at an article's words, before it is read: can it hold any of our events?

All it knows comes from the event lexicons, so a new type of event is let through as soon as its lexicon is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from kg.lexicon import Trigger, events, irregular, lexicon_folder, people, read_toml
from kg.nlp.numbers import SCALES, TENS, UNITS, VAGUE
from kg.types import READABLE, Article

NO_EVENT = "no word that can tell of our events"
_WORD = re.compile(r"\d[\d,.]*|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s)[^.!?\n]*)*")
_COUNTS = frozenset({*UNITS, *TENS, *SCALES, *(w for v in VAGUE for w in v.split() if len(w) > 2)})
_SINGLE = frozenset({"a", "an", "no", "none", "several", "many", "few"})
# Words between a trigger and the words it needs, and between a number and the noun it counts.
_REACH, _COUNT_REACH = 8, 5
_VOWELS = "aeiou"
# Word lists of a trigger that name no words beside it.
_NO_PARTNERS = frozenset({"lemmas", "strong", "needs", "status_needs", "examples"})


@dataclass(frozen=True, slots=True)
class Clue:
    """What must stand near a trigger's word for the trigger to count."""

    beside: tuple[frozenset[str], ...]  # one word of each set
    number: bool  # a number, in digits or words, in the sentence
    counted_people: bool  # a number before a noun for people, in the sentence


def passes(article: Article) -> bool:
    """True if something in the article's headline or body can tell of one of our events."""
    read = "\n".join(z.span.of(article.text) for z in article.zones if z.kind in READABLE)
    return event_words(read) is not None


def event_words(text: str, folder: Path | None = None) -> str | None:
    """The first word of `text` that can tell of an event of the lexicons in `folder` (ours by default), else None.

    A word counts where the lexicon calls it strong, with the words it needs beside it. Weak words are read only
    beside strong ones, or where they bring a number of people to safety.
    """
    clues = _clues(folder)
    for sentence in _SENTENCE.finditer(text):
        words: list[str] = _WORD.findall(sentence.group().lower())
        for at, word in enumerate(words):
            if word in clues and any(_holds(clue, words, at, folder) for clue in clues[word]):
                return word
    return None


def _holds(clue: Clue, words: list[str], at: int, folder: Path | None) -> bool:
    if clue.beside:
        near = {*words[max(0, at - _REACH) : at], *words[at + 1 : at + 1 + _REACH]}
        if not all(near & partners for partners in clue.beside):
            return False
    if clue.number and not any(_is_number(w) or w in _SINGLE for w in words):
        return False
    return not clue.counted_people or _counts_people(words, _people(folder))


def _is_number(word: str) -> bool:
    return word[0].isdecimal() or word in _COUNTS


def _counts_people(words: list[str], nouns: frozenset[str]) -> bool:
    return any(_is_number(w) and not nouns.isdisjoint(words[i + 1 : i + 1 + _COUNT_REACH]) for i, w in enumerate(words))


@cache
def _clues(folder: Path | None) -> Mapping[str, tuple[Clue, ...]]:
    """Every form of every trigger word, and what it takes."""
    found: dict[str, dict[Clue, None]] = {}
    for lexicon in events(folder):
        for trigger in lexicon.triggers:
            for lemma in trigger.lemmas:
                clue = _clue(trigger, lemma in trigger.strong, folder)
                for form in forms(lemma, folder):
                    found.setdefault(form, {})[clue] = None
    return {form: tuple(clues) for form, clues in found.items()}


def _clue(trigger: Trigger, strong: bool, folder: Path | None) -> Clue:
    partners = (getattr(trigger, field.name) for field in fields(trigger) if field.name not in _NO_PARTNERS)
    beside = [_all_forms(words, folder) for words in partners if words and isinstance(words, frozenset)]
    if trigger.frame == "mention":
        beside.append(_role("cause", folder))
    if not strong:
        beside.append(_role("shelter", folder))
    return Clue(tuple(beside), number="figure" in trigger.needs, counted_people=not strong)


@cache
def _role(name: str, folder: Path | None) -> frozenset[str]:
    return _all_forms(read_toml((folder or lexicon_folder()) / "roles.toml")[name]["words"], folder)


def _all_forms(words: Iterable[str], folder: Path | None) -> frozenset[str]:
    return frozenset(form for word in words for form in forms(word, folder))


@cache
def _people(folder: Path | None) -> frozenset[str]:
    return _all_forms(people(folder).counts, folder)


@cache
def forms(lemma: str, folder: Path | None = None) -> frozenset[str]:
    """A lemma's regular inflections, those that the lexicons list as irregular, and "-men" for "-man"."""
    listed = (form for form, base in irregular(folder).items() if base == lemma)
    return frozenset({lemma, *listed, *_regular(lemma)})


def _regular(lemma: str) -> Iterator[str]:
    if lemma.endswith("man"):
        yield f"{lemma[:-3]}men"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        yield from (f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing")
        return
    yield from (f"{lemma}s", f"{lemma}es", f"{lemma}ed", f"{lemma}ing")
    if lemma.endswith("e"):
        yield from (f"{lemma}d", f"{lemma[:-1]}ing")
    elif len(lemma) > 2 and lemma[-1] not in _VOWELS and lemma[-2] in _VOWELS:
        yield from (f"{lemma}{lemma[-1]}ed", f"{lemma}{lemma[-1]}ing")
