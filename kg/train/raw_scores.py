"""Scores of a whole pipeline from raw text, by paragraph, with its own tokens and sentences (CoNLL 2018 rules)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from kg.train.records import Record, spans_of_tags
from kg.train.scores import RELATIONS, Tally
from kg.train.windows import paragraphs

Chars = tuple[int, int]


@dataclass(frozen=True)
class Placed:
    """A gold paragraph as text: character spans of its words by sentence."""

    text: str
    sentences: tuple[tuple[Record, tuple[Chars, ...]], ...]


def placed(group: Sequence[Record]) -> Placed:
    """Write a paragraph out and note where its words stand."""
    text, sentences = "", []
    for record in group:
        spans = []
        for word, gap in zip(record.words, record.space_before, strict=True):
            text += " " if gap and text else ""
            spans.append((len(text), len(text) + len(word)))
            text += word
        sentences.append((record, tuple(spans)))
    return Placed(text, tuple(sentences))


def score_raw(nlp: Language, records: Sequence[Record]) -> dict[str, Tally]:
    """Counts of tokens, sentences, UAS, LAS, relations and names of `nlp` over the paragraphs of `records`."""
    tallies: dict[str, Tally] = {}
    texts = [placed(group) for group in paragraphs(records)]
    for gold, doc in zip(texts, nlp.pipe(p.text for p in texts), strict=True):
        for name, wanted, found in _facts(gold, doc):
            tally = Tally(len(wanted & found), len(wanted), len(found))
            tallies[name] = tallies.get(name, Tally()) + tally
    return tallies


def figures(tallies: Mapping[str, Tally]) -> dict[str, float]:
    """F1 in per cent by measure."""
    names = ("NER", "NER PERSON", "NER ORG", "NER LOC")
    order = ("tokens", "sentences", "UAS", "LAS", *(f"rel {r}" for r in RELATIONS), *names)
    return {name: tallies[name].f for name in order if name in tallies}


def documents(records: Sequence[Record]) -> list[str]:
    """The texts of whole documents, their paragraphs parted by empty lines."""
    texts: dict[tuple[str, str], list[str]] = {}
    for group in paragraphs(records):
        texts.setdefault((group[0].corpus, group[0].doc), []).append(placed(group).text)
    return ["\n\n".join(parts) for parts in texts.values()]


def words_a_second(pipelines: Mapping[str, Language], texts: Sequence[str], rounds: int = 3) -> dict[str, float]:
    """Words by second of processor time of each pipeline over `texts`, the best of `rounds` taken in turn."""
    best = dict.fromkeys(pipelines, 0.0)
    for _ in range(rounds):
        for name, nlp in pipelines.items():
            began = time.process_time()
            words = sum(sum(not t.is_space for t in doc) for doc in nlp.pipe(texts))
            best[name] = max(best[name], words / (time.process_time() - began))
    return best


def _facts(gold: Placed, doc: Doc) -> Iterator[tuple[str, set[object], set[object]]]:
    words = [t for t in doc if not t.is_space]
    place = {t.i: (t.idx, t.idx + len(t)) for t in words}
    wanted, got = (
        set(_gold_arcs(gold)),
        {
            (place[t.i], None if t.head.i == t.i else place[t.head.i], "root" if t.dep_ == "ROOT" else t.dep_)
            for t in words
        },
    )
    yield "tokens", {w for w, _, _ in wanted}, {w for w, _, _ in got}
    yield "sentences", {(s[0][0], s[-1][1]) for _, s in gold.sentences}, set(_sentences(doc))
    yield "UAS", {a[:2] for a in wanted}, {a[:2] for a in got}
    yield "LAS", set(wanted), set(got)
    for relation in RELATIONS:
        yield f"rel {relation}", {a for a in wanted if a[2] == relation}, {a for a in got if a[2] == relation}
    if all(r.names is not None for r, _ in gold.sentences):
        names = {(s[a][0], s[b - 1][1], k) for r, s in gold.sentences for a, b, k in spans_of_tags(r.names or ())}
        found = {(e.start_char, e.end_char, e.label_) for e in doc.ents}
        for kind in ("PERSON", "ORG", "LOC"):
            yield f"NER {kind}", {n for n in names if n[2] == kind}, {n for n in found if n[2] == kind}
        yield "NER", {n for n in names if n[2] != "NORP"}, {n for n in found if n[2] != "NORP"}


def _gold_arcs(gold: Placed) -> Iterable[tuple[Chars, Chars | None, str]]:
    for record, spans in gold.sentences:
        for i, head in enumerate(record.heads or ()):
            yield spans[i], spans[head - 1] if head else None, (record.labels or ())[i]


def _sentences(doc: Doc) -> Iterator[Chars]:
    for sentence in doc.sents:
        words = [t for t in sentence if not t.is_space]
        if words:
            yield words[0].idx, words[-1].idx + len(words[-1])
