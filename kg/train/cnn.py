"""The yardstick: a plain CNN of spaCy's own, trained on the same records (`cnn.cfg`); needs neither torch nor ONNX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as spacy_train
from spacy.util import load_config
from spacy.vocab import Vocab

from kg.nlp.tokenizer import adapt_tokenizer
from kg.train.records import Record, spans_of_tags
from kg.train.windows import paragraphs

CONFIG = Path(__file__).parent / "cnn.cfg"
STEPS = 4000
MOST_WORDS = 120  # of a training Doc; it breaks between sentences
BREAK = "\n\n"  # between paragraphs, so that a line break is learnt as a sentence's end


def write_docs(records: Sequence[Record], path: Path) -> int:
    """Write records as a DocBin of Docs of a few paragraphs each; returns how many Docs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    vocab = spacy.blank("en").vocab
    store = DocBin(docs=[_doc(vocab, part) for part in _parts(records)], store_user_data=False)
    store.to_disk(path)
    return len(store)


def _parts(records: Sequence[Record]) -> Iterator[list[list[Record]]]:
    """Stretches of one document's paragraphs, each with at most about MOST_WORDS words."""
    part: list[list[Record]] = []
    words = 0
    for paragraph in paragraphs(records):
        if part and paragraph[0].doc != part[-1][0].doc:
            yield part
            part, words = [], 0
        part.append([])
        for record in paragraph:
            if words and words + len(record.words) > MOST_WORDS:
                yield [p for p in part if p]
                part, words = [[]], 0
            part[-1].append(record)
            words += len(record.words)
    if part:
        yield part


def _doc(vocab: Vocab, part: Sequence[Sequence[Record]]) -> Doc:
    """One Doc; layers that a corpus lacks are left open, so that nothing is learnt from them."""
    rows: list[dict[str, Any]] = []
    spans: list[tuple[int, int, str]] = []
    unjudged: list[tuple[int, int]] = []
    for number, paragraph in enumerate(part):
        if number:
            rows.append({"word": BREAK, "head": len(rows) - 1, "dep": "dep", "tag": "_SP", "pos": "SPACE"})
        for record in paragraph:
            at = len(rows)
            rows += _rows(record, at)
            spans += [(a + at, b + at, kind) for a, b, kind in spans_of_tags(record.names or ())]
            tags = record.names or (None,) * len(record.words)
            unjudged += [(at + i, at + i + 1) for i, tag in enumerate(tags) if tag is None]
    trees = all(r.heads is not None for paragraph in part for r in paragraph)

    def column(name: str, other: object = "") -> list[Any] | None:
        return [r.get(name, other) for r in rows] if trees else None

    spaces = [row.get("space", True) and row["word"] != BREAK for row in rows[1:]] + [False]
    spaces = [s and rows[i]["word"] != BREAK for i, s in enumerate(spaces)]
    doc = Doc(
        vocab,
        words=[r["word"] for r in rows],
        spaces=spaces,
        heads=column("head"),
        deps=column("dep"),
        tags=column("tag"),
        pos=column("pos"),
        morphs=column("morph"),
        lemmas=column("lemma"),
        sent_starts=None if trees else [r.get("start") for r in rows],
    )
    doc.set_ents([Span(doc, *s) for s in spans], missing=[Span(doc, a, b) for a, b in unjudged])
    return doc


def _rows(record: Record, at: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for i, word in enumerate(record.words):
        # re3d has paragraphs only
        row: dict[str, Any] = {"word": word, "space": record.space_before[i]}
        row["start"] = None if record.corpus == "re3d" else i == 0
        if record.heads is not None:
            head = record.heads[i]
            row |= {"head": at + head - 1 if head else at + i, "dep": _at(record.labels, i) if head else "ROOT"}
            row |= {"tag": _at(record.xpos, i), "pos": _at(record.upos, i), "morph": _at(record.feats, i)}
            row["lemma"] = _at(record.lemmas, i)
        rows.append(row)
    return rows


def _at(layer: Sequence[str] | None, i: int) -> str:
    return layer[i] if layer else ""


def train_cnn(train: Path, dev: Path, out: Path, steps: int = STEPS, checks: int = 4) -> None:
    """Train on the DocBins `train` and `dev`, leave the pipeline in `out`/model-best; `checks`: scorings on dev."""
    found: dict[str, Any] = {
        "paths.train": str(train),
        "paths.dev": str(dev),
        "training.max_steps": steps,
        "training.eval_frequency": max(1, steps // checks),
    }
    out.mkdir(parents=True, exist_ok=True)
    nlp = init_nlp(load_config(CONFIG, overrides=found))
    adapt_tokenizer(nlp)
    spacy_train(nlp, out)


def words_of(docs: Iterable[Doc]) -> int:
    """How many words (tokens that are no white space) the Docs have; reads the stream to its end."""
    return sum(not t.is_space for doc in docs for t in doc)


def size_of(folder: Path) -> int:
    """Bytes of all files in `folder`."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def load_cnn(folder: Path) -> Language:
    """The trained pipeline."""
    return spacy.load(folder)
