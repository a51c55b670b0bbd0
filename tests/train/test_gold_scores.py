"""Scores on gold sentences: names are settled over the document, as in use."""

from __future__ import annotations

import numpy as np

from kg.nlp.model_runtime import DEFAULT_PATH, load_model
from kg.train.gold_scores import Read, document_names, score_gold
from kg.train.records import Record
from kg.train.scores import Parsed


def _sentence(doc: str, words: str, names: list[tuple[int, int, str]]) -> Read:
    classes = load_model().classes["names"]
    parts = tuple(words.split())
    tags = tuple("PROPN" if w[0].isupper() else "VERB" for w in parts)
    blank = ("",) * len(parts)
    record = Record("ewt", doc, 1, parts, (True,) * len(parts))
    scores = np.full((len(parts), len(classes)), -6.0, np.float32)
    scores[:, 0] = -0.01
    for start, _, kind in names:
        scores[start, [0, classes.index(f"B-{kind}")]] = -6.0, -0.01
    return record, Parsed((0,) * len(parts), blank, tags, blank, blank, parts, ()), scores


def test_names_agree_over_a_document_and_no_further() -> None:
    read = [
        _sentence("a", "Halab fell", [(0, 1, "LOC")]),
        _sentence("a", "they saw Halab", [(2, 3, "LOC")]),
        _sentence("a", "Halab burnt", [(0, 1, "ORG")]),
        _sentence("a", "then Halab slept", []),
        _sentence("b", "Halab fell", []),
    ]
    found = list(document_names(read, load_model()))
    assert found == [[(0, 1, "LOC")], [(2, 3, "LOC")], [(0, 1, "LOC")], [(1, 2, "LOC")], []]


def test_the_shipped_model_reads_a_plain_sentence() -> None:
    record = Record(
        "ewt",
        "d",
        1,
        ("Turkey", "said", "people", "left", "Aleppo", "."),
        (True,) * 5 + (False,),
        heads=(2, 0, 4, 2, 4, 2),
        labels=("nsubj", "root", "nsubj", "ccomp", "obj", "punct"),
        upos=("PROPN", "VERB", "NOUN", "VERB", "PROPN", "PUNCT"),
        xpos=("NNP", "VBD", "NNS", "VBD", "NNP", "."),
        feats=("",) * 6,
        lemmas=("Turkey", "say", "people", "leave", "Aleppo", "."),
        names=("B-LOC", "O", "O", "O", "B-LOC", "O"),
    )
    figures = score_gold(DEFAULT_PATH, [record]).figures()
    assert (figures["UAS"], figures["LEMMA"], figures["NER LOC"]) == (100.0, 100.0, 100.0)
