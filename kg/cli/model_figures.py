"""`kg evaluate --model-figures` (or a bare `--model`): the language model against the development treebanks."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import spacy

from kg.evaluate import Check, Section
from kg.evaluate.against_gold import shared_folder
from kg.nlp import encoder
from kg.nlp.model_runtime import DEFAULT_PATH, GRAPH
from kg.nlp.pipeline import SHIPPED
from kg.train import corpus, speech_verbs
from kg.train.gold_scores import score_gold
from kg.train.raw_scores import figures, score_raw
from kg.train.records import Record, read_records
from kg.train.scores import added

TITLE = "Language model"
SETS = {"EWT dev": "dev_ewt", "GUM dev": "dev_gum"}
SHOWN = ("UAS", "LAS", "rel ccomp", "rel conj", "rel appos", "rel parataxis", "NER", "NER ORG", "LEMMA", "VERB-LEMMA")
Columns = Mapping[str, Mapping[str, float]]
BOUNDS = {
    ("gold", "both", "LAS"): 90.5,
    ("gold", "both", "UAS"): 92.5,
    ("raw", "both", "LAS"): 88.0,
    ("raw", "both", "UAS"): 90.0,
    ("raw", "both", "sentences"): 90.0,
    ("gold", "both", "rel ccomp"): 84.0,
    ("gold", "both", "rel conj"): 82.0,
    ("gold", "both", "rel appos"): 62.0,
    ("gold", "both", "rel parataxis"): 60.0,
    ("gold", "EWT dev", "NER"): 82.0,
    ("gold", "EWT dev", "NER ORG"): 68.0,
    ("gold", "both", "VERB-LEMMA"): 98.0,
    ("gold", "both", "LEMMA"): 98.0,
}
SPEAKERS, WHOLES = 30, 28  # of the 31 speech verbs of the seeds


def section(model: str) -> Section:
    """Attachment, labels, names, lemmas and speech verbs of `model`; skipped where the corpora are not there."""
    shared = shared_folder()
    if shared is None or not (shared / "corpora").is_dir():
        return Section(TITLE, skipped="no shared folder with corpora is there (set NEWSCLAIMS_SHARED)")
    with tempfile.TemporaryDirectory() as scratch:
        corpus.convert(shared / "corpora", Path(scratch))
        records = {name: list(read_records(Path(scratch) / f"{part}.jsonl")) for name, part in SETS.items()}
    scores, speed = _scores(model, records)
    verbs = speech_verbs.of_seeds(model)
    measures = {kind: tuple(m for m in _measures(kind) if m in columns["both"]) for kind, columns in scores.items()}
    return Section(
        TITLE,
        ("read", "measure", *SETS, "both"),
        tuple(
            (kind, m, *(columns[name].get(m) for name in (*SETS, "both")))
            for kind, columns in scores.items()
            for m in measures[kind]
        ),
        (
            "gold: tokens and sentences of the treebank, punctuation counted; raw: its own, by paragraph",
            "names: span and type, PERSON, ORG and LOC; EWT dev has UNER's names, GUM dev its own entities",
            *(f"{name}: {found}" for name, found in verbs.items()),
            f"{speed:,.0f} words a second of processor time; beside a CNN: tests/bench/test_bench_model.py",
        ),
        (*_checks(scores), *_verb_checks(verbs["product"])),
    )


def _scores(model: str, records: Mapping[str, Sequence[Record]]) -> tuple[dict[str, Columns], float]:
    """Figures by "gold" (the encoder only) and "raw" and by data set; words a second from raw text."""
    folder = DEFAULT_PATH if model == SHIPPED else Path(model)
    scores: dict[str, Columns] = {}
    if (folder / GRAPH).is_file():
        ewt, gum = (score_gold(folder, records[name]) for name in SETS)
        scores["gold"] = {name: s.figures() for name, s in zip((*SETS, "both"), (ewt, gum, ewt + gum), strict=True)}
        nlp = encoder.load(folder)
    else:
        nlp = spacy.load(model)
    began = time.process_time()
    raw_ewt, raw_gum = (score_raw(nlp, records[name]) for name in SETS)
    words = sum(len(r.words) for part in records.values() for r in part)
    speed = words / (time.process_time() - began)
    both = added(raw_ewt, raw_gum)
    scores["raw"] = {name: figures(t) for name, t in zip((*SETS, "both"), (raw_ewt, raw_gum, both), strict=True)}
    return scores, speed


def _measures(kind: str) -> tuple[str, ...]:
    return SHOWN if kind == "gold" else ("tokens", "sentences", *SHOWN)


def _checks(scores: Mapping[str, Columns]) -> Iterator[Check]:
    for (kind, name, measure), bound in BOUNDS.items():
        found = scores.get(kind, {}).get(name, {}).get(measure)
        if found is not None:
            yield Check(f"{kind} {name} {measure} >= {bound:g}", f"{found:.2f}", found >= bound)


def _verb_checks(found: speech_verbs.Found) -> Iterator[Check]:
    told = (("speaker", found.speaker, SPEAKERS), ("whole statement", found.whole, WHOLES))
    for name, count, bound in told:
        yield Check(f"speech verbs of the seeds, {name} right >= {bound} of {found.verbs}", str(count), count >= bound)
