"""Class inventories, and windows to the arrays the losses need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from kg.nlp.lemmas import script_of
from kg.nlp.model_pieces import Batch, Ints, pad
from kg.train.network import CORPORA, Sizes
from kg.train.records import NAME_TYPES, Record
from kg.train.windows import Window

IGNORE = -100
MIN_COUNT = 3  # rarer feature bundles and lemma scripts are not worth a class


@dataclass(frozen=True)
class Inventory:
    """The classes of every head, in order."""

    labels: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    feats: tuple[str, ...]
    lemmas: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def sizes(self) -> Sizes:
        """How many classes each head has."""
        return Sizes(*(len(v) for v in asdict(self).values()))

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf8")


def load_inventory(path: Path) -> Inventory:
    """Read what `save` wrote."""
    return Inventory(**{k: tuple(v) for k, v in json.loads(path.read_text(encoding="utf8")).items()})


def inventory_of(records: Iterable[Record]) -> Inventory:
    """Collect the classes of the training records."""
    seen: dict[str, Counter[str]] = {k: Counter() for k in ("labels", "upos", "xpos", "feats", "lemmas")}
    for r in records:
        if r.heads is None:
            continue
        seen["labels"].update(r.labels or ())
        seen["upos"].update(r.upos or ())
        seen["xpos"].update(r.xpos or ())
        seen["feats"].update(r.feats or ())
        seen["lemmas"].update(script_of(w, m) for w, m in zip(r.words, r.lemmas or (), strict=True))
    common = {
        k: tuple(sorted(v for v, n in c.items() if n >= (MIN_COUNT if k in ("feats", "lemmas") else 1)))
        for k, c in seen.items()
    }
    names = ("O", *(f"{edge}-{kind}" for kind in NAME_TYPES for edge in "BI"))
    return Inventory(**common, names=names)


@dataclass(frozen=True)
class Targets:
    """Gold arrays [B, W + 1], IGNORE where nothing is known; `sentence` numbers the sentences of a window."""

    batch: Batch
    corpus: Ints
    sentence: Ints
    heads: Ints
    labels: Ints
    upos: Ints
    xpos: Ints
    feats: Ints
    lemmas: Ints
    names: Ints
    starts: Ints


class Indexer:
    """Turns windows into targets with a fixed inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.maps = {k: {c: i for i, c in enumerate(v)} for k, v in asdict(inventory).items()}

    def __call__(self, windows: Sequence[Window]) -> Targets:
        batch = pad([w.encoded for w in windows])
        shape = batch.first.shape
        gold = {
            k: np.full(shape, IGNORE, np.int64)
            for k in ("heads", "labels", "upos", "xpos", "feats", "lemmas", "names", "starts")
        }
        sentence = np.full(shape, -1, np.int64)
        for row, window in enumerate(windows):
            at = 1
            for number, record in enumerate(window.sentences):
                end = at + len(record.words)
                sentence[row, at:end] = number
                self._fill(gold, row, at, end, record)
                at = end
        corpus = np.array([CORPORA.index(w.sentences[0].corpus) for w in windows], np.int64)
        return Targets(batch, corpus, sentence, **gold)

    def _fill(self, gold: dict[str, Ints], row: int, at: int, end: int, record: Record) -> None:
        if record.names is not None:
            names = self.maps["names"]
            gold["names"][row, at:end] = [IGNORE if n is None else names[n] for n in record.names]
        if record.corpus != "re3d":  # re3d has paragraphs only
            gold["starts"][row, at:end] = 0
            gold["starts"][row, at] = 1 if at > 1 else IGNORE
        if record.heads is None:
            return
        gold["heads"][row, at:end] = [0 if h == 0 else at + h - 1 for h in record.heads]
        scripts = [script_of(w, m) for w, m in zip(record.words, record.lemmas or (), strict=True)]
        for layer, values in (
            ("labels", record.labels),
            ("upos", record.upos),
            ("xpos", record.xpos),
            ("feats", record.feats),
            ("lemmas", scripts),
        ):
            known = self.maps[layer]
            gold[layer][row, at:end] = [known.get(v, IGNORE) for v in values or ()]
