"""The shipped encoder at run time: onnxruntime and numpy, no torch, no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from kg.errors import ModelError
from kg.nlp.lemmas import Lexicon, lemma_of, lexicon_from
from kg.nlp.model_decode import NEVER, Floats, Ints, active_subjects, allowed_steps, decode_heads
from kg.nlp.model_pieces import WordPieces, encode, load_vocabulary, pad

DEFAULT_PATH = Path(__file__).parent / "model" / "en_newsclaims"
GRAPH, INVENTORY, LABEL, VOCABULARY = "model.onnx", "inventory.json", "label.npz", "vocab.txt"
LEXICON = "lemmas.json"
FILES = (GRAPH, INVENTORY, LABEL, VOCABULARY, LEXICON)
QUOTES = frozenset("\"“”'‘’«»")
BACKWARD = frozenset({"conj", "fixed", "flat", "goeswith"})  # relations whose head stands before the word by definition
BATCH_PIECES = 2048  # padded pieces run at once; larger batches gain no speed on one core


@dataclass(frozen=True)
class Model:
    """The loaded encoder: ONNX session, class inventories, label scorer and word pieces."""

    session: Any
    classes: dict[str, tuple[str, ...]]
    label_weight: Floats
    label_bias: Floats
    name_steps: Floats
    pieces: WordPieces
    lexicon: Lexicon
    source: tuple[Path, int]

    def __reduce__(self) -> tuple[Any, tuple[Path, int]]:
        """Pickled as its folder and threads: a session cannot cross to another process."""
        return load_model, self.source


@dataclass(frozen=True)
class Analysis:
    """One window read. `heads` count words of the window from 1, 0 is a root; `starts` are sentence starts.

    `names` [words, classes]: log-probabilities of the name classes; names are read off them by document.
    """

    starts: tuple[int, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    feats: tuple[str, ...]
    lemmas: tuple[str, ...]
    names: Floats


@dataclass(frozen=True)
class Window:
    """Words of one stretch of a paragraph, and for each whether a space precedes it.

    `starts`: sentence starts if they are known, else None and the model finds them.
    """

    words: tuple[str, ...]
    space_before: tuple[bool, ...]
    starts: tuple[int, ...] | None = None


@lru_cache(maxsize=4)
def load_model(path: Path = DEFAULT_PATH, threads: int = 1) -> Model:
    """Load the model in folder `path`; `threads` for one pass. Raises ModelError if a file is missing."""
    missing = [n for n in FILES if not (path / n).is_file()]
    if missing:
        raise ModelError(
            f"a folder with {GRAPH} was expected, missing: {', '.join(missing)}",
            where=str(path),
            hint="install newsclaims again or run `make train`",
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path / GRAPH), options, providers=["CPUExecutionProvider"])
    classes = {k: tuple(v) for k, v in json.loads((path / INVENTORY).read_text(encoding="utf8")).items()}
    with np.load(path / LABEL) as arrays:
        weight, bias = arrays["weight"].astype(np.float32), arrays["bias"].astype(np.float32)
    pieces = WordPieces(load_vocabulary(path / VOCABULARY))
    bias[classes["labels"].index("root")] = NEVER
    lexicon = lexicon_from(json.loads((path / LEXICON).read_text(encoding="utf8")))
    return Model(session, classes, weight, bias, allowed_steps(classes["names"]), pieces, lexicon, (path, threads))


def count_pieces(model: Model, word: str) -> int:
    """How many word pieces `word` takes in a window."""
    return len(model.pieces(word))


def analyse(model: Model, windows: Sequence[Window]) -> list[Analysis]:
    """Read windows, in batches of similar length; the answers come in the order of the windows.

    Activations are quantised by batch, so the same windows together always give the same answer.
    """
    encoded = [encode(w.words, w.space_before, model.pieces) for w in windows]
    found: dict[int, Analysis] = {}
    for batch in _batches([len(e.ids) for e in encoded]):
        found.update(_run(model, windows, encoded, batch))
    return [found[i] for i in range(len(windows))]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Window numbers in batches of similar length, so that little padding is computed."""
    out: list[list[int]] = []
    shortest = 0
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        wide = lengths[i] > 1.2 * shortest + 12  # measured: smaller steps cost more calls than they save padding
        if not out or wide or (len(out[-1]) + 1) * lengths[i] > BATCH_PIECES:
            out.append([])
            shortest = lengths[i]
        out[-1].append(i)
    return out


def _run(model: Model, windows: Sequence[Window], encoded: Sequence[Any], batch: list[int]) -> dict[int, Analysis]:
    arrays = pad([encoded[i] for i in batch])
    feed = {
        "ids": arrays.ids,
        "shapes": arrays.shapes,
        "mask": arrays.mask,
        "first": arrays.first,
        "word_shapes": arrays.word_shapes,
    }
    names = [o.name for o in model.session.get_outputs()]
    out = dict(zip(names, model.session.run(None, feed), strict=True))
    return {i: _read(model, windows[i], {k: v[row] for k, v in out.items()}) for row, i in enumerate(batch)}


def _read(model: Model, window: Window, out: dict[str, Any]) -> Analysis:
    count = len(window.words)
    if count == 0:
        return Analysis((), (), (), (), (), (), (), np.zeros((0, len(model.classes["names"])), np.float32))
    inner = slice(1, count + 1)
    starts = window.starts or with_their_quotes(window, np.flatnonzero(out["starts"][inner] > 0).tolist())
    heads = decode_heads(out["arcs"][: count + 1, : count + 1], starts)
    tags: Sequence[str] = _classes(model, "xpos", out["xpos"][inner])
    labels, tags = active_subjects(heads, _labels(model, out["dep"][inner], out["head"][heads], heads), tags)
    names: Floats = out["names"][inner]
    scripts = _classes(model, "lemmas", out["lemmas"][inner])
    return Analysis(
        starts=starts,
        heads=tuple(int(h) for h in heads),
        labels=tuple("root" if h == 0 else label for h, label in zip(heads, labels, strict=True)),
        upos=_classes(model, "upos", out["upos"][inner]),
        xpos=tuple(tags),
        feats=_classes(model, "feats", out["feats"][inner]),
        lemmas=tuple(
            lemma_of(word, tag, script, model.lexicon)
            for word, tag, script in zip(window.words, tags, scripts, strict=True)
        ),
        names=names - np.logaddexp.reduce(names, axis=1, keepdims=True),
    )


def with_their_quotes(window: Window, starts: Sequence[int]) -> tuple[int, ...]:
    """Sentence starts moved so that spacing decides where a quotation mark belongs; 0 is always among them.

    A mark after a space opens what follows; a mark without one closes what stands before it.
    """
    words, gaps, count = window.words, (*window.space_before, True), len(window.words)
    moved = {0}
    for start in starts:
        if 0 < start < count and words[start - 1] in QUOTES and gaps[start - 1] and not gaps[start]:
            moved.add(start - 1)
        elif 0 < start < count and words[start] in QUOTES and not gaps[start] and gaps[start + 1]:
            moved.update({start + 1} - {count})
        else:
            moved.add(start)
    return tuple(sorted(moved))


def _labels(model: Model, dep: Floats, head: Floats, heads: Ints) -> list[str]:
    total = dep + head
    pair = np.concatenate([dep * head, np.where(total > 0, total, 0.1 * total)], axis=1)
    scores = pair @ model.label_weight.T + model.label_bias
    before = heads > np.arange(1, len(heads) + 1)
    for n, label in enumerate(model.classes["labels"]):
        if label in BACKWARD:
            scores[before, n] = NEVER
    best: Ints = scores.argmax(1)
    return [model.classes["labels"][i] for i in best]


def _classes(model: Model, layer: str, best: Ints) -> tuple[str, ...]:
    known = model.classes[layer]
    return tuple(known[i] for i in best)
