"""Scores of a packaged model on gold tokens and gold sentences, read in paragraphs as in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from kg.nlp.model_runtime import Analysis, Window, analyse, load_model
from kg.train.records import Record
from kg.train.scores import Parsed, Score
from kg.train.windows import whole_paragraphs


def score_gold(model_path: Path, records: Sequence[Record]) -> Score:
    """Score of the model in the folder `model_path`."""
    model = load_model(model_path)
    windows = list(whole_paragraphs(records, model.pieces))
    score = Score()
    for window in windows:
        given = Window(
            tuple(w for s in window.sentences for w in s.words),
            tuple(g for s in window.sentences for g in s.space_before),
            tuple(starts_of(window.sentences)),
        )
        for record, parsed in _by_sentence(window.sentences, analyse(model, [given])[0]):
            score.add(record, parsed)
    return score


def starts_of(sentences: Sequence[Record]) -> list[int]:
    """First word of each sentence in a window."""
    return [0, *accumulate(len(s.words) for s in sentences[:-1])]


def _by_sentence(sentences: Sequence[Record], found: Analysis) -> Iterator[tuple[Record, Parsed]]:
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
