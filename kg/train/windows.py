"""Windows of sentences: what the network sees at once, sampled anew each epoch, with variations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kg.nlp.model_pieces import Encoded, WordPieces, encode
from kg.train.plan import Plan
from kg.train.records import Record
from kg.train.variations import Pool, add_dateline, varied

MAX_PIECES = 144  # of a window; longer paragraphs are cut
LONGEST = 300  # pieces of a single sentence; the few beyond are left out of training


@dataclass(frozen=True)
class Window:
    """Sentences read in one pass; `encoded` holds all their words in a row."""

    sentences: tuple[Record, ...]
    encoded: Encoded


def paragraphs(records: Sequence[Record]) -> list[list[Record]]:
    """Group consecutive records of one paragraph."""
    keyed = groupby(records, key=lambda r: (r.corpus, r.doc, r.paragraph))
    return [list(group) for _, group in keyed]


def thinned(records: Sequence[Record], share: float) -> list[Record]:
    """About `share` of the paragraphs, taken evenly, the first among them."""
    return [r for group in paragraphs(records)[:: max(1, round(1 / share))] for r in group]


def window_of(sentences: Sequence[Record], pieces: WordPieces) -> Window:
    """Encode sentences as one window."""
    words = [w for s in sentences for w in s.words]
    gaps = [g for s in sentences for g in s.space_before]
    return Window(tuple(sentences), encode(words, gaps, pieces))


def whole_paragraphs(records: Sequence[Record], pieces: WordPieces, limit: int = MAX_PIECES) -> Iterator[Window]:
    """Windows for scoring with context: each paragraph cut only where it exceeds `limit` pieces."""
    for group in paragraphs(records):
        for part in _by_size(group, pieces, lambda: (10_000, limit)):
            yield window_of(part, pieces)


def sample(
    records: Sequence[Record], pool: Pool, pieces: WordPieces, dice: random.Random, plan: Plan
) -> Iterator[Window]:
    """One epoch of windows: single sentences, pairs and triples, and whole paragraphs, some varied."""

    def size() -> tuple[int, int]:
        draw = dice.random()
        if draw < 0.3:
            return 1, LONGEST
        return (dice.choice((2, 2, 3)), MAX_PIECES) if draw < 0.55 else (10_000, MAX_PIECES)

    for group in paragraphs(records):
        for part in _by_size(group, pieces, size):
            window = window_of(vary(part, pool, dice, plan.swapped), pieces)
            if len(window.encoded.ids) <= LONGEST:
                yield replace(window, encoded=masked(window.encoded, pieces, dice, plan.masked))


def masked(encoded: Encoded, pieces: WordPieces, dice: random.Random, share: float) -> Encoded:
    """Hide a few pieces, so that context has to speak for unknown words."""
    mask = pieces.vocabulary["[MASK]"]
    special = {pieces.cls, pieces.sep}
    ids = tuple(mask if i not in special and dice.random() < share else i for i in encoded.ids)
    return replace(encoded, ids=ids)


def _by_size(
    group: Sequence[Record], pieces: WordPieces, size: Callable[[], tuple[int, int]]
) -> Iterator[list[Record]]:
    """Cut a paragraph into parts; `size` draws the most sentences and pieces of the next part."""
    part: list[Record] = []
    most, limit = size()
    length = 2
    for record in group:
        count = sum(len(pieces(w)) for w in record.words)
        if part and (len(part) >= most or length + count > limit):
            yield part
            part, length = [], 2
            most, limit = size()
        part.append(record)
        length += count
    if part:
        yield part


def vary(sentences: Sequence[Record], pool: Pool, dice: random.Random, swapped: float) -> list[Record]:
    """Write the sentences another way now and then: capitals, lower case, quotation marks, no final stop."""
    draw = dice.random()
    out = [varied(s, pool, dice, swapped) for s in sentences]
    if dice.random() < 0.05:
        out[0] = add_dateline(out[0], pool, dice)
    if draw < 0.03:
        out = [_spell(s, [w.upper() for w in s.words]) for s in out]
    elif draw < 0.06:
        out = [_spell(s, [w.lower() for w in s.words]) for s in out]
    elif draw < 0.08:
        out = [_spell(s, [w[:1].upper() + w[1:] for w in s.words]) for s in out]
    if dice.random() < 0.35:
        style = dice.choice(("straight", "curly", "curly", "single"))
        out = [_spell(s, _quoted(s.words, style)) for s in out]
    if dice.random() < 0.08:
        out[-1] = without_final_mark(out[-1])
    return out


def _spell(record: Record, words: Sequence[str]) -> Record:
    return replace(record, words=tuple(words))


def _quoted(words: Sequence[str], style: str) -> list[str]:
    """Quotation marks and apostrophes in one style; opening and closing marks alternate."""
    marks = {"straight": ('"', '"', "'"), "curly": ("“", "”", "’"), "single": ("‘", "’", "’")}[style]
    out, opened = [], False
    for word in words:
        if word in ('"', "“", "”", "``", "''"):
            out.append(marks[1] if opened else marks[0])
            opened = not opened
        elif style == "straight":
            out.append(word.replace("’", "'"))
        else:
            out.append(word.replace("'", "’"))
    return out


def without_final_mark(record: Record) -> Record:
    """The sentence without its last full stop, where nothing hangs on it."""
    last = len(record.words)
    if last < 3 or record.words[-1] not in ".!?" or (record.heads and last in record.heads):
        return record
    layers = ("words", "space_before", "heads", "labels", "upos", "xpos", "feats", "lemmas", "names")
    cut = {name: value[:-1] for name in layers if (value := getattr(record, name)) is not None}
    return replace(record, **cut)


def batches(windows: Sequence[Window], size: int, dice: random.Random | None = None) -> list[list[Window]]:
    """Batches of similar length with at most `size` padded pieces each; shuffled if `dice` is given."""
    ordered = sorted(windows, key=lambda w: len(w.encoded.ids) + (dice.random() * 8 if dice else 0.0))
    out: list[list[Window]] = []
    longest = 0
    for window in ordered:
        longest = max(longest, len(window.encoded.ids))
        if not out or longest * (len(out[-1]) + 1) > size:
            out.append([])
            longest = len(window.encoded.ids)
        out[-1].append(window)
    if dice:
        dice.shuffle(out)
    return out
