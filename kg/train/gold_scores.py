"""Scores of a packaged model on gold tokens and gold sentences.

Trees and words: each sentence read alone. Names: sentences read together as in use, then made consistent over the
document as in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from pathlib import Path

from kg.nlp.encoder import WINDOW_PIECES
from kg.nlp.model_names import consistent
from kg.nlp.model_runtime import Analysis, Model, Window, analyse, load_model
from kg.train.records import Record
from kg.train.scores import Parsed, Score
from kg.train.windows import whole_paragraphs

Read = tuple[Record, Parsed]


def score_gold(model_path: Path, records: Sequence[Record]) -> Score:
    """Score of the model in the folder `model_path`."""
    model = load_model(model_path)
    trees = [pair for record in records for pair in _read(model, (record,))]
    windows = whole_paragraphs(records, model.pieces, WINDOW_PIECES)
    names = [pair for window in windows for pair in _read(model, window.sentences)]
    score = Score()
    for alone, (_, together) in zip(trees, document_names(names), strict=True):
        score.add(alone[0], replace(alone[1], names=together.names))
    return score


def document_names(read: Sequence[Read]) -> Iterator[Read]:
    """The same sentences with names that are consistent over each document, as the pipeline makes them."""
    for _, group in groupby(read, key=lambda pair: (pair[0].corpus, pair[0].doc)):
        sentences = list(group)
        starts = starts_of([record for record, _ in sentences])
        words = [w for record, _ in sentences for w in record.words]
        tags = [t for _, parsed in sentences for t in parsed.upos]
        names = [(a + at, b + at, k) for at, (_, p) in zip(starts, sentences, strict=True) for a, b, k in p.names]
        settled = consistent(words, tags, names)
        for at, (record, parsed) in zip(starts, sentences, strict=True):
            own = [(a - at, b - at, k) for a, b, k in settled if at <= a and b <= at + len(record.words)]
            yield record, replace(parsed, names=own)


def _read(model: Model, sentences: Sequence[Record]) -> Iterator[Read]:
    given = Window(
        tuple(w for s in sentences for w in s.words),
        tuple(g for s in sentences for g in s.space_before),
        tuple(starts_of(sentences)),
    )
    return _by_sentence(sentences, analyse(model, [given])[0])


def starts_of(sentences: Sequence[Record]) -> list[int]:
    """First word of each sentence in a window."""
    return [0, *accumulate(len(s.words) for s in sentences[:-1])]


def _by_sentence(sentences: Sequence[Record], found: Analysis) -> Iterator[Read]:
    for start, record in zip(starts_of(sentences), sentences, strict=True):
        end = start + len(record.words)
        yield (
            record,
            Parsed(
                heads=[h - start if h else 0 for h in found.heads[start:end]],
                labels=found.labels[start:end],
                upos=found.upos[start:end],
                xpos=found.xpos[start:end],
                feats=found.feats[start:end],
                lemmas=found.lemmas[start:end],
                names=[(a - start, b - start, k) for a, b, k in found.names if start <= a and b <= end],
            ),
        )
