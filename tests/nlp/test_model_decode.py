"""Trees and name spans from scores."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from kg.nlp.lemmas import apply_script, script_of
from kg.nlp.model_decode import active_subjects, allowed_steps, decode_heads, decode_names, sentence_tree
from kg.nlp.model_pieces import basic_tokens, letter_shape
from kg.nlp.morph_rules import regular_base

TAGS = ("O", "B-LOC", "I-LOC", "B-ORG", "I-ORG")


def _trees(n: int) -> list[tuple[int, ...]]:
    """All heads of n words that form a tree with one root."""

    def reaches_root(heads: tuple[int, ...], word: int) -> bool:
        for _ in range(n):
            word = heads[word - 1]
            if word == 0:
                return True
        return False

    every = product(range(n + 1), repeat=n)
    return [h for h in every if h.count(0) == 1 and all(reaches_root(h, w) for w in range(1, n + 1))]


@pytest.mark.parametrize("seed", range(40))
def test_the_best_tree_is_found(seed: int) -> None:
    n = 4
    scores = np.random.default_rng(seed).normal(size=(n + 1, n + 1)).astype(np.float32) * 3
    norm = scores.astype(np.float64)
    np.fill_diagonal(norm, -1e9)
    norm[1:] -= np.logaddexp.reduce(norm[1:], axis=1, keepdims=True)

    def worth(heads: tuple[int, ...]) -> float:
        return float(sum(norm[i, h] for i, h in enumerate(heads, start=1)))

    best = max(_trees(n), key=worth)
    assert tuple(sentence_tree(scores)) == best


def test_arcs_stay_in_their_sentence() -> None:
    scores = np.random.default_rng(1).normal(size=(8, 8)).astype(np.float32)
    heads = decode_heads(scores, (0, 3))
    assert sorted(h for h in heads[:3]) != []
    assert all(h in (0, 1, 2, 3) for h in heads[:3])
    assert all(h in (0, 4, 5, 6, 7) for h in heads[3:])
    assert [int((heads[a:b] == 0).sum()) for a, b in ((0, 3), (3, 7))] == [1, 1]


def test_names_follow_their_steps() -> None:
    scores = np.full((3, 5), -5.0, np.float32)
    scores[0, 1], scores[1, 4], scores[2, 0] = 3.0, 3.0, 3.0  # B-LOC, then a forbidden I-ORG
    scores[1, 2] = 2.0
    assert decode_names(scores, allowed_steps(TAGS), TAGS) == [(0, 2, "LOC")]


def test_a_name_cannot_begin_inside() -> None:
    scores = np.full((2, 5), -5.0, np.float32)
    scores[0, 2], scores[0, 1], scores[1, 0] = 3.0, 1.0, 3.0
    assert decode_names(scores, allowed_steps(TAGS), TAGS) == [(0, 1, "LOC")]


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("said", "say"),
        ("Said", "say"),
        ("were", "be"),
        ("Aleppo", "Aleppo"),
        ("SYRIA", "Syria"),
        ("families", "family"),
        ("n't", "not"),
    ],
)
def test_lemma_scripts_turn_forms_into_lemmas(form: str, lemma: str) -> None:
    assert apply_script(script_of(form, lemma), form) == lemma


def test_a_script_too_long_for_the_word_is_harmless() -> None:
    assert apply_script("L5|y", "so") == "so"


def test_pieces_see_no_accents_and_cut_marks() -> None:
    assert basic_tokens("Fuʿād-Çelik's") == ["fuʿad", "-", "celik", "'", "s"]


def test_shapes_tell_capitals_and_numbers_apart() -> None:
    words = ("said", "UN", "I", "Aleppo", "McCain", "8,000", "B-52", ",", "...", "U.S.", "iPhone")
    assert len({letter_shape(w) for w in words}) == len(words)


@pytest.mark.parametrize(
    ("form", "tag", "base"),
    [
        ("evacuated", "VBN", "evacuate"),
        ("sheltering", "VBG", "shelter"),
        ("shelled", "VBD", "shell"),
        ("stranded", "VBN", "strand"),
        ("besieged", "VBN", "besiege"),
        ("convoys", "NNS", "convoy"),
        ("casualties", "NNS", "casualty"),
        ("buses", "NNS", "bus"),
        ("clashes", "NNS", "clash"),
        ("flies", "VBZ", "fly"),
        ("stopped", "VBD", "stop"),
    ],
)
def test_regular_forms_of_unseen_words(form: str, tag: str, base: str) -> None:
    assert regular_base(form, tag, {"bus"}) == base


@pytest.mark.parametrize(
    ("form", "tag"), [("fled", "VBD"), ("said", "VBD"), ("less", "NNS"), ("Aleppo", "NNP"), ("8,000", "CD")]
)
def test_forms_without_a_rule(form: str, tag: str) -> None:
    assert regular_base(form, tag, frozenset()) is None


def test_a_finite_verb_without_auxiliary_has_an_active_subject() -> None:
    heads = np.array([2, 0, 5, 5, 2])
    labels = ["nsubj:pass", "root", "nsubj:pass", "aux:pass", "conj"]
    tags = ["PRP", "VBD", "PRP", "VBD", "VBN"]
    assert active_subjects(heads, labels, tags) == (["nsubj", "root", "nsubj:pass", "aux:pass", "conj"], tags)


def test_a_participle_with_a_pronoun_before_it_inside_a_noun_phrase_is_a_relative_clause() -> None:
    found = active_subjects(np.array([0, 3, 1]), ["root", "nsubj:pass", "acl"], ["NN", "PRP", "VBN"])
    assert found == (["root", "nsubj", "acl:relcl"], ["NN", "PRP", "VBD"])
