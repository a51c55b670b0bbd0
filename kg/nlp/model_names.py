"""Names of one document: mentions of the same words share what the encoder thinks of each, then a few rules settle what
one sentence alone cannot tell: acronyms, short forms, storms, organisations cut short, places run together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import pairwise
from pathlib import Path

import numpy as np

from kg.lexicon import read_toml
from kg.nlp.model_decode import Floats, decode_names

Name = tuple[int, int, str]  # first token, token after the last, type
FILE = Path(__file__).with_suffix(".toml")
SURE = 2  # mentions found from which further mentions of the same words are taken for the name too
CAUTION = 0.7  # taken from the scores of names: the encoder found more than there are (measured: 0.5 to 1 gain alike)
DOUBTED = ("PERSON", "ORG")  # peoples were not too many, and a false place is found out by the gazetteer
SHARED = 0.5  # part of a word's chances that comes from all its mentions in the document
LONGEST_ACRONYM, LONGEST_END, LONGEST_SHORT = 6, 5, 2
GENITIVES = frozenset({"'s", "’s"})


@dataclass(frozen=True)
class Text:
    """Words of a document without white space, their UPOS tags, and the number of the first word of each sentence."""

    words: Sequence[str]
    tags: Sequence[str]
    starts: Sequence[int]


def document_names(text: Text, scores: Floats, steps: Floats, classes: Sequence[str]) -> list[Name]:
    """The names of a document in order, none overlapping.

    `scores` [words, classes]: log-probabilities of the classes `classes` (BIO); `steps` as `allowed_steps` makes it.
    """
    if not len(text.words):
        return []
    shared = together(text, scores - np.array([CAUTION * _doubted(c) for c in classes], np.float32))
    sentences = pairwise([*text.starts, len(text.words)])
    found = [(a + s, b + s, k) for s, e in sentences for a, b, k in decode_names(shared[s:e], steps, classes)]
    return settled(text, found)


def _doubted(name_class: str) -> bool:
    return name_class.endswith(DOUBTED)


def together(text: Text, scores: Floats) -> Floats:
    """Log-probabilities with the chances of capitalised proper nouns mixed over all mentions of the same word."""
    out = scores.copy()
    mentions: dict[str, list[int]] = defaultdict(list)
    for i, (word, tag) in enumerate(zip(text.words, text.tags, strict=True)):
        if tag == "PROPN" and len(word) > 1 and word[0].isupper():
            mentions[word].append(i)
    for places in mentions.values():
        if len(places) > 1:
            own = out[places] - np.logaddexp.reduce(out[places], axis=1, keepdims=True)
            out[places] = (1 - SHARED) * own + SHARED * np.log(np.exp(own).mean(0) + 1e-9)
    return out


def settled(text: Text, names: Iterable[Name]) -> list[Name]:
    """The names after all rules."""
    rules: tuple[Callable[[Text, list[Name]], list[Name]], ...] = (
        with_acronyms,
        without_storms,
        with_short_forms,
        completed,
        apart,
        with_genitives,
    )
    return reduce(lambda found, rule: rule(text, found), rules, consistent(text.words, text.tags, names))


def consistent(words: Sequence[str], tags: Sequence[str], names: Iterable[Name]) -> list[Name]:
    """Names with the type that most of their mentions have; missed mentions of sure names are added.

    `words` and `tags` (UPOS) of the whole document; `names` do not overlap. Returns them in order.
    """
    given = sorted(names)
    votes = _votes(words, given)
    kept = [(start, end, _winner(votes[tuple(words[start:end])], kind)) for start, end, kind in given]
    sure = {w: _winner(v) for w, v in votes.items() if v.total() >= SURE and w[0][:1].isupper() and len(w[0]) > 1}
    return _with_mentions(words, tags, kept, sure)


def with_acronyms(text: Text, names: list[Name]) -> list[Name]:
    """An acronym has the type of the name of several words that it abbreviates, and is a name wherever it stands."""
    kinds: dict[str, Counter[str]] = {}
    for start, end, kind in names:
        short = initials(text.words[start:end])
        if 2 < len(short) <= LONGEST_ACRONYM or (len(short) == 2 and kind == "ORG"):
            kinds.setdefault(short, Counter())[kind] += 1
    known = {short: _winner(votes) for short, votes in kinds.items()}
    typed = [(a, b, known.get(_plain(text.words[a]), k) if b - a == 1 else k) for a, b, k in names]
    taken = {i for a, b, _ in typed for i in range(a, b)}
    missed = [
        (i, i + 1, known[_plain(word)])
        for i, word in enumerate(text.words)
        if _plain(word) in known and i not in taken and text.tags[i] == "PROPN"
    ]
    return sorted([*typed, *missed])


def initials(words: Sequence[str]) -> str:
    """ "WFP" for "the World Food Programme": the first letters of capitalised words, "" for a single word."""
    core = words[1:] if words and words[0].lower() == "the" else words
    return "".join(w[0] for w in core if w[0].isupper()) if len(core) > 1 else ""


def _plain(word: str) -> str:
    return word.replace(".", "") if word.isupper() else ""


def without_storms(text: Text, names: list[Name]) -> list[Name]:
    """No person where the document speaks of a storm of that name ("Typhoon Wanda", then "Wanda")."""
    before = _lists()["storms"]
    storms = {text.words[i + 1] for i, word in enumerate(text.words[:-1]) if word.lower() in before}
    return [n for n in names if n[2] != "PERSON" or n[1] - n[0] > 1 or text.words[n[0]] not in storms]


def with_short_forms(text: Text, names: list[Name]) -> list[Name]:
    """A company named in full is a company too where its form is left out and no other name has these words."""
    forms, lists = _lists()["company_forms"], _lists()
    taken = _votes(text.words, names)
    short: dict[tuple[str, ...], str] = {}
    for start, end, kind in names:
        first, last = start + (text.words[start].lower() == "the"), end
        while last > first and (text.words[last - 1].lower() in forms or text.words[last - 1] == ","):
            last -= 1
        core = tuple(text.words[first:last])
        if kind == "ORG" and 0 < len(core) <= LONGEST_SHORT and last < end and core[0][:1].isupper():
            alone = len(core) == 1 and core[0] in lists["countries"] | lists["regions"]
            if not alone and set(taken.get(core, ())) <= {"ORG"}:
                short[core] = "ORG"
    return _with_mentions(text.words, text.tags, names, short)


def completed(text: Text, names: list[Name]) -> list[Name]:
    """A people or place before capitalised words, the last of them as organisations end, begins an organisation."""
    ends, starts = _lists()["organisation_ends"], set(text.starts)
    out: list[Name] = []
    for start, end, kind in names:
        if out and start < out[-1][1]:
            continue
        last = end
        while (
            last < min(len(text.words), end + LONGEST_END)
            and last not in starts
            and text.words[last][:1].isupper()
            and text.words[last].isalpha()
            and text.tags[last] in ("PROPN", "NOUN", "ADJ")
        ):
            last += 1
        whole = kind in ("NORP", "LOC") and last > end and text.words[last - 1] in ends
        cut = any(a < last < b for a, b, _ in names)
        out.append((start, last, "ORG") if whole and not cut else (start, end, kind))
    return out


def apart(text: Text, names: list[Name]) -> list[Name]:
    """A place that ends with a country or a state of the United States is two: "Salida" and "Colorado"."""
    lists = _lists()
    regions, countries = lists["regions"], lists["countries"]
    titled = {w.lower() for w in regions | countries if len(w) > 3}
    out: list[Name] = []
    for start, end, kind in names:
        words = text.words[start:end]
        is_region = words[-1] in regions | countries or (words[-1].islower() and words[-1] in titled)
        bound = words[0].lower() in lists["part_of_region"] or not all(w.isalpha() for w in words) or "of" in words
        if kind == "LOC" and len(words) > 1 and is_region and not bound and "and" not in words:
            out += [(start, end - 1, kind), (end - 1, end, kind)]
        else:
            out.append((start, end, kind))
    return out


def with_genitives(text: Text, names: list[Name]) -> list[Name]:
    """A genitive that no noun follows belongs to the name of a house ("at Macy 's in March")."""
    lists = _lists()
    houses = {
        tuple(text.words[a:b])
        for a, b, kind in names
        if kind in ("LOC", "ORG")
        and _genitive(text, b)
        and b + 1 < len(text.words)
        and text.tags[b + 1] in ("ADP", "AUX")
        and not (a and text.words[a - 1].lower() == "of")
        and text.words[b - 1] not in lists["countries"]
    }
    return [(a, b + (_genitive(text, b) and tuple(text.words[a:b]) in houses), kind) for a, b, kind in names]


def _genitive(text: Text, at: int) -> bool:
    return at < len(text.words) and text.words[at] in GENITIVES and text.tags[at] == "PART"


def _votes(words: Sequence[str], names: Iterable[Name]) -> dict[tuple[str, ...], Counter[str]]:
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for start, end, kind in names:
        votes.setdefault(tuple(words[start:end]), Counter())[kind] += 1
    return votes


def _winner(votes: Counter[str], own: str = "") -> str:
    (best, most), *_ = votes.most_common()
    return best if most > votes[own] else own


def _with_mentions(
    words: Sequence[str], tags: Sequence[str], names: Sequence[Name], sure: Mapping[tuple[str, ...], str]
) -> list[Name]:
    """`names` and, where a proper noun begins words of `sure` that no name covers, a name of that type; in order."""
    taken = {i for start, end, _ in names for i in range(start, end)}
    longest = max((len(w) for w in sure), default=0)
    first = {w[0] for w in sure}
    found: list[Name] = []
    at = 0
    while at < len(words):
        step = 1
        if words[at] in first and at not in taken and tags[at] == "PROPN":
            for size in range(min(longest, len(words) - at), 0, -1):
                kind = sure.get(tuple(words[at : at + size]))
                if kind and not taken & set(range(at, at + size)):
                    found.append((at, at + size, kind))
                    step = size
                    break
        at += step
    return sorted([*names, *found])


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in read_toml(FILE).items()}
