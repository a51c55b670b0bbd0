"""All corpora to records: `train.jsonl`, `dev_ewt.jsonl`, `dev_gum.jsonl`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import spacy

from kg.errors import InputError
from kg.train import gum, name_corpora
from kg.train.conllu import Row, Tree, read_trees, space_before
from kg.train.names import Gazetteer, longest_only, places_of, settle
from kg.train.records import Record, Span, tags_of_spans, write_records

RE3D_PARTS = ("australian-department-of-foreign-affairs", "us-state-department", "wikipedia")
FILES = {
    "ewt": "ud-ewt/en_ewt-ud-{split}.conllu",
    "uner": "uner-ewt/en_ewt-ud-{split}.iob2",
    "gum": "ud-gum/gum_nonNC-{split}.conllu",
    "wikigold": "wikigold/wikigold.conll.txt",
}


@dataclass(frozen=True)
class Marked:
    """A sentence with raw name spans (None: no names annotated) and the tokens nobody judged."""

    record: Record
    spans: list[Span] | None
    unjudged: list[int]


def convert(corpora: Path, out: Path) -> dict[str, int]:
    """Read every corpus below `corpora`, write the records to `out`; returns sentences a file."""
    if not corpora.is_dir():
        raise InputError("the folder of the corpora was expected", where=str(corpora), hint="pass --corpora")
    train = [
        *_ewt(corpora, "train"),
        *_gum(corpora, "train"),
        *_wikigold(corpora),
        *_re3d(corpora),
    ]
    named = [(" ".join(m.record.words[a:b]), kind) for m in train for a, b, kind in m.spans or ()]
    places = places_of(named)
    out.mkdir(parents=True, exist_ok=True)
    parts = {
        "train": (_finish(m, places) for m in train),
        "dev_ewt": (_finish(m, None) for m in _ewt(corpora, "dev")),
        "dev_gum": (_finish(m, places) for m in _gum(corpora, "dev")),
    }
    return {name: write_records(out / f"{name}.jsonl", records) for name, records in parts.items()}


def _finish(marked: Marked, places: Gazetteer | None) -> Record:
    """The record with name tags; without a gazetteer the spans stay as annotated (UNER dev, the yardstick)."""
    record = marked.record
    if marked.spans is None:
        return record
    spans = settle(record.words, marked.spans, places) if places else longest_only(marked.spans)
    fields = {**record.__dict__, "names": tags_of_spans(len(record.words), spans, marked.unjudged)}
    return Record(**fields)


def _treebank_record(corpus: str, tree: Tree, rows: tuple[Row, ...]) -> Record:
    return Record(
        corpus=corpus,
        doc=tree.doc,
        paragraph=tree.paragraph,
        words=tuple(r.form for r in rows),
        space_before=space_before(rows),
        heads=tuple(r.head for r in rows),
        labels=tuple(r.label for r in rows),
        upos=tuple(r.upos for r in rows),
        xpos=tuple(r.xpos for r in rows),
        feats=tuple(r.feats for r in rows),
        lemmas=tuple(r.lemma for r in rows),
    )


def _ewt(corpora: Path, split: str) -> Iterator[Marked]:
    tagged = name_corpora.read_uner(corpora / FILES["uner"].format(split=split))
    by_text = {"".join(w for w, _ in pairs): pairs for pairs in tagged.values()}
    for tree in read_trees(corpora / FILES["ewt"].format(split=split)):
        text = "".join(r.form for r in tree.rows)
        pairs = tagged.get(tree.sent_id) or by_text.get(text) or []
        found = name_corpora.uner_names(tree.rows, pairs)
        if found is None:
            found = name_corpora.uner_names(tree.rows, by_text.get(text, []))
        spans, unjudged = found if found is not None else (None, [])
        yield Marked(_treebank_record("ewt", tree, tree.rows), spans, unjudged)


def _gum(corpora: Path, split: str) -> Iterator[Marked]:
    for tree in read_trees(corpora / FILES["gum"].format(split=split)):
        spans, unjudged = gum.names(tree.rows)
        yield Marked(_treebank_record("gum", tree, tree.rows), spans, unjudged)


def _wikigold(corpora: Path) -> Iterator[Marked]:
    for number, (doc, words, spans) in enumerate(name_corpora.read_wikigold(corpora / FILES["wikigold"])):
        record = Record("wikigold", f"wikigold-{doc}", number // 4, tuple(words), _guess_spaces(words))
        yield Marked(record, spans, [])


def _guess_spaces(words: list[str]) -> tuple[bool, ...]:
    """Spacing of a corpus that kept only tokens: none before closing marks, none after opening ones."""
    spaces, quoted = [True], words[0] == '"'
    for before, word in pairwise(words):
        closing = word in {",", ".", ";", ":", "?", "!", ")", "]", "'s", "n't", "%"} or word.startswith("'")
        if word == '"':
            closing, quoted = quoted, not quoted
        opened = before in {"(", "[", "$"} or (before == '"' and quoted)
        spaces.append(not closing and not opened)
    return tuple(spaces)


def _re3d(corpora: Path) -> Iterator[Marked]:
    nlp = spacy.blank("en")
    for part in RE3D_PARTS:
        folder = corpora / "re3d" / part
        entities = name_corpora.read_lines_of_json(folder / "entities.json")
        for document in name_corpora.read_lines_of_json(folder / "documents.json"):
            own = [e for e in entities if e["documentId"] == document["_id"]]
            tokens = list(nlp(str(document["text"])))
            words = [t.text for t in tokens]
            spans, unjudged = name_corpora.re3d_names(words, [t.idx for t in tokens], own)
            yield from _re3d_paragraphs(str(document["_id"]), tokens, spans, unjudged)


def _re3d_paragraphs(
    doc: str, tokens: list[spacy.tokens.Token], spans: list[Span], unjudged: list[int]
) -> Iterator[Marked]:
    """Cut a document at line breaks and at full stops, so that no piece is longer than a window."""
    start, paragraph = 0, 0
    for i, token in enumerate([*tokens, None]):
        ends = token is None or "\n" in token.text or (token.text == "." and i - start > 60)
        if not ends:
            continue
        stop = i + 1 if token is not None and token.text == "." else i
        kept = [k for k in range(start, stop) if not tokens[k].is_space]
        place = {k: n for n, k in enumerate(kept)}
        inner = [(place[a], place[b - 1] + 1, t) for a, b, t in spans if a in place and b - 1 in place]
        if len(kept) > 3:
            before = tuple(
                n == 0 or bool(tokens[k - 1].whitespace_) or tokens[k - 1].is_space for n, k in enumerate(kept)
            )
            record = Record("re3d", f"re3d-{doc}", paragraph, tuple(tokens[k].text for k in kept), before)
            yield Marked(record, inner, [place[k] for k in unjudged if k in place])
        start, paragraph = stop if stop > i else i + 1, paragraph + 1
