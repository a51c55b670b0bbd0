"""A small picture of an article's words, by which copies and revisions are known without the texts themselves.

The picture is a bottom-k sketch of all runs of five words (Broder's resemblance), and for each number the words
around it, so that a copy (same figures) is told from a later version of the story (other figures).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.nlp.numbers import SCALES, TENS, UNITS, VAGUE
from kg.types import READABLE, Article

_RUN = 5  # words; shorter runs are shared by chance, longer ones are lost with each edited word
_KEPT = 128  # of the smallest hashes: the estimate's standard error is then at most 0.045
_KEYS = 16  # the smallest of them find candidates: articles that share 30 % of their runs share one in 99.7 %
_FEWEST = 30  # runs; a shorter text tells too little
_AROUND = 2  # words before and after a number that say what it counts
_COPY = 0.6  # share of the shorter article's runs that the other has too
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NUMBERS = frozenset({*UNITS, *TENS, *SCALES, *(w for v in VAGUE for w in v.split() if len(w) > 2)}) - {"one", "k", "m"}
_HEDGES = frozenset("at least more than over up to as many nearly almost about around some only just of and".split())

# A capitalised word after a word in lower case, so that no beginning of a sentence is taken for a name.
_NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][^\W\d_]+")
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_NAMES = 64
_SAME_NAMES = 0.6  # of the names of the article with fewer
_SAME_EVENT = 0.75  # where figures differ: one form filled with two events also shares two names in three

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of an article's words."""

    runs: int  # different runs of words in the text
    hashes: tuple[int, ...]  # the smallest hashes of runs, ascending
    figures: frozenset[tuple[int, int]]  # hash of the words around a number, hash of the number
    names: frozenset[int]  # hashes of capitalised words inside sentences

    @property
    def keys(self) -> tuple[int, ...]:
        """Hashes that articles with many of the same words share at least one of; none for a text too short."""
        return self.hashes[:_KEYS] if self.runs >= _FEWEST else ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two articles have in common."""

    share: float  # of the shorter article's runs of words, estimated, 0 to 1
    same_figures: bool  # no number differs where the words around it are the same
    same_names: bool  # most names of the one with fewer names stand in the other

    @property
    def same_story(self) -> bool:
        """True if one is a copy or another version of the other, and not the same form filled with another event."""
        return self.share >= _COPY and self.same_names


def sketch(article: Article) -> Sketch:
    """The sketch of the article's headline and body; by-lines, datelines, credits and the like are left out."""
    zones = [z.span.of(article.text) for z in article.zones if z.kind in READABLE]
    parts = [_WORD.findall(words.casefold()) for words in zones]
    named = {word.casefold() for words in zones for word in _NAME.findall(words)} - _CALENDAR
    found = np.unique(np.concatenate([_runs(words) for words in parts] or [np.empty(0, np.uint64)]))
    figures = frozenset(pair for words in parts for pair in _figures(words))
    names = frozenset(sorted(zlib.crc32(name.encode()) for name in named)[:_NAMES])
    return Sketch(len(found), tuple(int(h) for h in found[:_KEPT]), figures, names)


def compare(one: Sketch, other: Sketch) -> Likeness:
    """How alike two sketched articles are. Symmetric."""
    left, right = np.array(one.hashes, np.uint64), np.array(other.hashes, np.uint64)
    union = np.union1d(left, right)[:_KEPT]
    if not union.size:
        return Likeness(0.0, same_figures=True, same_names=True)
    both = np.intersect1d(union, np.intersect1d(left, right)).size
    resemblance = both / union.size
    shared = resemblance / (1 + resemblance) * (one.runs + other.runs)
    share = min(1.0, shared / min(one.runs, other.runs))
    same_figures = _same_figures(one, other)
    wanted = (_SAME_NAMES if same_figures else _SAME_EVENT) * min(len(one.names), len(other.names))
    return Likeness(share, same_figures, len(one.names & other.names) >= wanted)


def _same_figures(one: Sketch, other: Sketch) -> bool:
    mine, theirs = _by_context(one), _by_context(other)
    return all(mine[around] & theirs[around] for around in mine.keys() & theirs.keys())


def _by_context(found: Sketch) -> dict[int, set[int]]:
    out: dict[int, set[int]] = {}
    for around, value in found.figures:
        out.setdefault(around, set()).add(value)
    return out


def _runs(words: Sequence[str]) -> Hashes:
    """Hashes of all runs of words in one paragraph; a paragraph shorter than a run is one run."""
    if not words:
        return np.empty(0, np.uint64)
    codes = np.array([zlib.crc32(w.encode()) for w in words], np.uint64)
    width = min(_RUN, len(codes))
    windows = np.lib.stride_tricks.sliding_window_view(codes, width)
    mixed = np.full(len(windows), width, np.uint64)
    with np.errstate(over="ignore"):
        for column in windows.T:
            mixed = _mixed(mixed * np.uint64(0x9E3779B97F4A7C15) + column)
    return mixed >> np.uint64(1)  # SQLite's integers have 63 bits for numbers above zero


def _mixed(values: Hashes) -> Hashes:
    """The finalizer of SplitMix64: every bit of the input changes every bit of the output."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _figures(words: Sequence[str]) -> list[tuple[int, int]]:
    """Each number of a paragraph with the words around it; words that bound a number count as part of it."""
    is_part = [w[0].isdecimal() or w in _NUMBERS for w in words]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if not is_part[at]:
            at += 1
            continue
        start = at
        while at < len(words) and is_part[at]:
            at += 1
        begin = start
        while begin > 0 and words[begin - 1] in _HEDGES:
            begin -= 1
        around = [*words[max(0, begin - _AROUND) : begin], "#", *words[at : at + _AROUND]]
        value = " ".join(words[begin:at]).replace(",", "")
        if len(around) > _AROUND + 1:
            found.append((zlib.crc32(" ".join(around).encode()), zlib.crc32(value.encode())))
    return found
