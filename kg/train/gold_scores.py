"""Scores of a packaged model on gold tokens and gold sentences.

Trees and words: each sentence read alone. Names: sentences read together as in use, then made consistent over the
document as in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np

from kg.nlp.encoder import WINDOW_PIECES
from kg.nlp.model_decode import Floats
from kg.nlp.model_names import Text
from kg.nlp.model_names import document_names as names_of
from kg.nlp.model_runtime import Analysis, Model, Window, analyse, load_model
from kg.train.records import Record, Span
from kg.train.scores import Parsed, Score
from kg.train.windows import whole_paragraphs

Read = tuple[Record, Parsed, Floats]  # a sentence, its analysis, and the scores of its names


def score_gold(model_path: Path, records: Sequence[Record]) -> Score:
    """Score of the model in the folder `model_path`."""
    model = load_model(model_path)
    trees = [sentence for record in records for sentence in _read(model, (record,))]
    windows = whole_paragraphs(records, model.pieces, WINDOW_PIECES)
    read = [sentence for window in windows for sentence in _read(model, window.sentences)]
    score = Score()
    for (record, alone, _), names in zip(trees, document_names(read, model), strict=True):
        score.add(record, replace(alone, names=names))
    return score


def document_names(read: Sequence[Read], model: Model) -> Iterator[list[Span]]:
    """The names of each sentence, settled over each document as the pipeline does it."""
    for _, group in groupby(read, key=lambda sentence: (sentence[0].corpus, sentence[0].doc)):
        sentences = list(group)
        starts = starts_of([record for record, _, _ in sentences])
        words = [w for record, _, _ in sentences for w in record.words]
        tags = [t for _, parsed, _ in sentences for t in parsed.upos]
        scores = np.concatenate([scores for _, _, scores in sentences])
        found = names_of(Text(words, tags, starts), scores, model.name_steps, model.classes["names"])
        for at, (record, _, _) in zip(starts, sentences, strict=True):
            yield [(a - at, b - at, k) for a, b, k in found if at <= a and b <= at + len(record.words)]


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
                names=(),
            ),
            found.names[start:end],
        )
