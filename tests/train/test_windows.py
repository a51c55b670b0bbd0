"""Windows and variations keep trees sound."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kg.nlp.model_pieces import WordPieces
from kg.train.plan import Plan
from kg.train.records import Record
from kg.train.variations import Pool, add_dateline, make_vague, move_cue, swap_name
from kg.train.windows import MAX_PIECES, batches, masked, sample, whole_paragraphs, without_final_mark

WORDS = ("Turkey", "said", "that", "8,000", "people", "left", "Aleppo", ".")
SAID = Record(
    corpus="gum",
    doc="d",
    paragraph=1,
    words=WORDS,
    space_before=(True,) * 7 + (False,),
    heads=(2, 0, 6, 5, 6, 2, 6, 2),
    labels=("nsubj", "root", "mark", "nummod", "nsubj", "ccomp", "obj", "punct"),
    upos=("PROPN", "VERB", "SCONJ", "NUM", "NOUN", "VERB", "PROPN", "PUNCT"),
    xpos=("NNP", "VBD", "IN", "CD", "NNS", "VBD", "NNP", "."),
    feats=("",) * 8,
    lemmas=("Turkey", "say", "that", "8000", "people", "leave", "Aleppo", "."),
    names=("B-LOC", "O", "O", "O", "O", "O", "B-LOC", "O"),
)
POOL: Pool = {("LOC", 1): [("Homs",), ("Lebanon",)], ("LOC", 2): [("New", "York")]}
PIECES = WordPieces(
    {p: i for i, p in enumerate(["[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz.,"])}
)


def _assert_tree(record: Record) -> None:
    heads = record.heads or ()
    assert heads.count(0) == 1
    layers = (record.words, record.space_before, record.labels, record.upos, record.xpos, record.feats, record.lemmas)
    assert {len(layer or ()) for layer in layers} == {len(heads)}
    for word in range(1, len(heads) + 1):
        path = [word]
        while path[-1]:
            path.append(heads[path[-1] - 1])
            assert len(path) <= len(heads) + 1


def _text(record: Record) -> str:
    return "".join((" " if g else "") + w for w, g in zip(record.words, record.space_before, strict=True)).strip()


VARIATIONS: list[Callable[[Record, random.Random], Record]] = [
    make_vague,
    move_cue,
    lambda r, d: add_dateline(r, POOL, d),
    lambda r, d: swap_name(r, POOL, d),
    lambda r, d: without_final_mark(r),
]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("vary", VARIATIONS)
def test_variations_keep_one_tree(vary: Callable[[Record, random.Random], Record], seed: int) -> None:
    varied = vary(SAID, random.Random(seed))
    assert varied != SAID
    _assert_tree(varied)


def test_a_moved_cue_keeps_speaker_and_content() -> None:
    texts = {_text(move_cue(SAID, random.Random(seed))) for seed in range(20)}
    assert {t.replace('"', "").strip() for t in texts} == {
        "8,000 people left Aleppo, Turkey said.",
        "8,000 people left Aleppo, said Turkey.",
    }
    assert any('"' in t for t in texts)
    for seed in range(20):
        moved = move_cue(SAID, random.Random(seed))
        speaker = moved.words.index("Turkey")
        said = moved.words.index("said")
        assert (moved.heads or ())[speaker] == said + 1
        assert (moved.labels or ())[moved.words.index("left")] == "ccomp"


def test_a_dateline_does_not_take_the_root() -> None:
    for seed in range(10):
        varied = add_dateline(SAID, POOL, random.Random(seed))
        assert varied.words[(varied.heads or ()).index(0)] == "said"
        assert (varied.labels or ())[0] == "parataxis"


def test_windows_hold_every_sentence_once() -> None:
    records = [SAID] * 30
    windows = list(sample(records, POOL, PIECES, random.Random(1), Plan()))
    assert sum(len(w.sentences) for w in windows) == 30
    whole = list(whole_paragraphs(records, PIECES))
    assert sum(len(w.sentences) for w in whole) == 30
    assert max(len(w.encoded.ids) for w in whole) <= MAX_PIECES


def test_the_same_seed_gives_the_same_windows() -> None:
    one, two = (list(sample([SAID] * 9, POOL, PIECES, random.Random(3), Plan())) for _ in range(2))
    assert one == two


def test_batches_respect_their_size() -> None:
    windows = list(whole_paragraphs([SAID] * 40, PIECES, limit=60))
    groups = batches(windows, 200, random.Random(1))
    assert sum(len(g) for g in groups) == len(windows)
    assert all(len(g) * max(len(w.encoded.ids) for w in g) <= 200 for g in groups)


def test_masking_spares_the_special_pieces() -> None:
    window = next(iter(whole_paragraphs([SAID], PIECES)))
    ids = masked(window.encoded, PIECES, random.Random(2), 0.03).ids
    assert (ids[0], ids[-1]) == (PIECES.cls, PIECES.sep)
    assert len(ids) == len(window.encoded.ids)
