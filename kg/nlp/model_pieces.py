"""Words to the encoder's input: word pieces, letter shapes and spacing. Shared by training and use."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHAPES = 24  # twelve letter shapes, each with and without a space before the word
MOST_KEPT = 20_000  # words whose pieces are remembered at once
MAX_PIECES_PER_WORD = 12  # a URL of 200 pieces would push a whole sentence out of the window

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Encoded:
    """One window: `ids` and `shapes` by piece, `first` the piece index of [CLS] and of each word."""

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    first: tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Padded windows: ids, shapes [B, L]; first, word_shapes [B, W + 1] with [CLS] at 0; lengths in words."""

    ids: Ints
    shapes: Ints
    mask: NDArray[np.float32]
    first: Ints
    word_shapes: Ints
    lengths: tuple[int, ...]


@lru_cache(maxsize=4)
def load_vocabulary(path: Path) -> dict[str, int]:
    """Read a WordPiece vocabulary, one piece a line; returns piece -> id."""
    lines = path.read_text(encoding="utf8").split("\n")
    return {piece: i for i, piece in enumerate(lines) if piece}


def basic_tokens(word: str) -> list[str]:
    """Lower-case, strip accents and cut `word` at punctuation, as uncased BERT vocabularies expect."""
    letters = (c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    out: list[str] = []
    open_run = False
    for char in letters:
        if char.isspace():
            open_run = False
        elif _is_punctuation(char):
            out.append(char)
            open_run = False
        elif open_run:
            out[-1] += char
        else:
            out.append(char)
            open_run = True
    return out


def _is_punctuation(char: str) -> bool:
    ascii_symbol = char.isascii() and not char.isalnum() and char.isprintable()
    return ascii_symbol or unicodedata.category(char).startswith("P")


def _pieces_of_token(token: str, vocabulary: dict[str, int]) -> list[int]:
    start, out = 0, []
    while start < len(token):
        for end in range(len(token), start, -1):
            piece = ("##" if start else "") + token[start:end]
            if piece in vocabulary:
                out.append(vocabulary[piece])
                start = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return out


class WordPieces:
    """Callable word -> piece ids; keeps a cache of the words seen."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self.vocabulary = vocabulary
        self.cls, self.sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._cache: dict[str, tuple[int, ...]] = {}

    def __call__(self, word: str) -> tuple[int, ...]:
        ids = self._cache.get(word)
        if ids is None:
            found = [i for token in basic_tokens(word) for i in _pieces_of_token(token, self.vocabulary)]
            ids = tuple(found[:MAX_PIECES_PER_WORD]) or (self.vocabulary["[UNK]"],)
            if len(self._cache) >= MOST_KEPT:
                self._cache.clear()
            self._cache[word] = ids
        return ids


@lru_cache(maxsize=20_000)
def letter_shape(word: str) -> int:
    """A number from 1 to 11 for the way a word is written (0 is kept for padding)."""
    if any(c.isdigit() for c in word):
        return 6 if all(c.isdigit() or c in ".,:/-" for c in word) else 7
    if not any(c.isalpha() for c in word):
        return 8 if len(word) == 1 else 9
    if word.islower():
        return 1
    if word.isupper():
        if "." in word:
            return 10
        return 2 if len(word) > 1 else 3
    if word[:1].isupper():
        return 4 if word[1:].islower() else 5
    return 11


def encode(words: Sequence[str], space_before: Sequence[bool], pieces: WordPieces) -> Encoded:
    """Encode one window of words; `space_before[i]` tells whether white space precedes word i."""
    ids, shapes, first = [pieces.cls], [0], [0]
    for word, gap in zip(words, space_before, strict=True):
        word_ids = pieces(word)
        first.append(len(ids))
        ids.extend(word_ids)
        shapes.extend([2 * letter_shape(word) + (1 if gap else 0)] * len(word_ids))
    ids.append(pieces.sep)
    shapes.append(0)
    return Encoded(tuple(ids), tuple(shapes), tuple(first))


def pad(windows: Sequence[Encoded]) -> Batch:
    """Pad encoded windows to one batch of arrays."""
    longest = max(len(w.ids) for w in windows)
    words = max(len(w.first) for w in windows)
    ids = np.zeros((len(windows), longest), np.int64)
    shapes, mask = np.zeros_like(ids), np.zeros(ids.shape, np.float32)
    first = np.zeros((len(windows), words), np.int64)
    word_shapes = np.zeros_like(first)
    for row, window in enumerate(windows):
        n, k = len(window.ids), len(window.first)
        ids[row, :n], shapes[row, :n], mask[row, :n] = window.ids, window.shapes, 1.0
        first[row, :k] = window.first
        word_shapes[row, :k] = shapes[row][first[row, :k]]
    return Batch(ids, shapes, mask, first, word_shapes, tuple(len(w.first) - 1 for w in windows))
