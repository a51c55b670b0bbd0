"""The shipped encoder: what it leaves on a Doc, and that it needs neither torch nor a network."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.nlp import encoder
from kg.nlp.model_runtime import DEFAULT_PATH, load_model

TEXT = (
    "ALEPPO, Syria (Reuters) - Turkey said on Thursday that nearly 8,000 people had left the city.\n\n"
    '     "We do not know how many are still inside," said Marianne Gasser, a Red Cross official. '
    "She spoke in Geneva.\n"
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return encoder.load()


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def test_text_and_offsets_are_kept(doc: Doc) -> None:
    assert doc.text == TEXT
    assert all(TEXT[t.idx : t.idx + len(t)] == t.text for t in doc)


def test_subject_of_the_speech_verbs(doc: Doc) -> None:
    speakers = {t.i: [c.text for c in t.children if c.dep_ == "nsubj"] for t in doc if t.lemma_ == "say"}
    assert list(speakers.values()) == [["Turkey"], ["Marianne"]]


def test_words_carry_tags_morphology_and_lemmas(doc: Doc) -> None:
    left = next(t for t in doc if t.text == "left")
    assert (left.pos_, left.lemma_) == ("VERB", "leave")
    assert left.morph.get("VerbForm") == ["Part"]
    assert next(t for t in doc if t.text == "people").morph.get("Number") == ["Plur"]


def test_names_have_one_convention(doc: Doc) -> None:
    found = {e.text: e.label_ for e in doc.ents}
    assert found["Turkey"] == "LOC"
    assert found["Marianne Gasser"] == "PERSON"
    assert found["Red Cross"] == "ORG"


def test_sentences_end_inside_and_between_paragraphs(doc: Doc) -> None:
    assert [s.text.split()[0] for s in doc.sents] == ["ALEPPO,", '"We', "She"]


def test_every_sentence_is_one_tree(doc: Doc) -> None:
    for sentence in doc.sents:
        assert [t.dep_ for t in sentence if t.head == t] == ["ROOT"]
        assert all(t.head in sentence for t in sentence)


def test_white_space_hangs_on_the_word_before_and_starts_no_sentence(doc: Doc) -> None:
    spaces = [t for t in doc if t.is_space]
    assert spaces
    for space in spaces:
        assert (space.dep_, space.pos_) == ("dep", "SPACE")
        assert not space.head.is_space
        assert space.head.i < space.i
        assert not space.is_sent_start
    assert not any(e[0].is_space or e[-1].is_space for e in doc.ents)


@pytest.mark.parametrize("text", ["", " ", "\n \n", "\n  One word.", "…", "a" * 3000, "word " * 1200])
def test_odd_texts_are_read(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_a_paragraph_longer_than_a_window_is_cut_at_sentence_ends(nlp: Language) -> None:
    sentence = "The ministry said 4,500 rebels and their families were taken by bus to the province of Idlib. "
    doc = nlp(sentence * 30)
    assert [len(list(s)) for s in doc.sents] == [len(list(nlp(sentence.strip())))] * 30


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. They stayed!? It rained.", ["He left .", "They stayed !?", "It rained ."]),
        ('"Leave." They did. "We stay," he said.', ['" Leave . "', "They did .", '" We stay , " he said .']),
        ("He left. [2] He said... No one knows.", ["He left . [ 2 ] He said ... No one knows ."]),
        ('Go away!" she said to Gen. Smith.', ['Go away ! " she said to Gen. Smith .']),
    ],
)
def test_windows_are_cut_at_sure_sentence_ends(
    nlp: Language, monkeypatch: pytest.MonkeyPatch, text: str, parts: list[str]
) -> None:
    monkeypatch.setattr(encoder, "WINDOW_PIECES", 2)
    doc = nlp.make_doc(text)
    (paragraph,) = encoder.paragraphs_of(doc)
    windows = encoder.windows_of(doc, paragraph, load_model())
    assert [" ".join(doc[i].text for i in window) for window in windows] == parts


def test_the_same_text_gives_the_same_doc_alone_and_in_a_batch(nlp: Language) -> None:
    def dump(doc: Doc) -> list[tuple[object, ...]]:
        words = [(t.head.i, t.dep_, t.tag_, t.lemma_, str(t.morph)) for t in doc]
        return [*words, *((e.start, e.end, e.label_) for e in doc.ents)]

    alone = dump(nlp(TEXT))
    batch = [dump(d) for d in nlp.pipe([TEXT, "Another article. It is short.", TEXT])]
    assert batch[0] == alone == batch[2]


def test_docs_survive_bytes(nlp: Language, doc: Doc) -> None:
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [(t.head.i, t.dep_, t.lemma_) for t in again] == [(t.head.i, t.dep_, t.lemma_) for t in doc]


def test_a_missing_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx"):
        load_model(tmp_path)


def test_loads_without_torch_and_without_a_network() -> None:
    code = (
        "import sys, socket\n"
        "def refuse(*a, **k): raise AssertionError('network used')\n"
        "socket.socket.connect = refuse\n"
        "sys.modules['torch'] = None\n"
        "from kg.nlp import encoder\n"
        "print(len(encoder.load()('It works.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "3", done.stderr


def test_the_graph_is_small_and_loads_fast() -> None:
    assert (DEFAULT_PATH / "model.onnx").stat().st_size <= 40_000_000
    load_model.cache_clear()
    spent = []
    for _ in range(3):
        load_model.cache_clear()
        began = time.process_time()
        load_model(DEFAULT_PATH)
        spent.append(time.process_time() - began)
    assert min(spent) <= 1.0


def test_the_model_crosses_processes() -> None:
    again = pickle.loads(pickle.dumps(load_model(DEFAULT_PATH)))  # noqa: S301 - our own bytes
    assert again.source == (DEFAULT_PATH, 1)


def test_the_agency_is_no_pronoun(nlp: Language) -> None:
    doc = nlp("Plans were called off, a WHO spokesman said. Who knows why?")
    agency, asked = (t for t in doc if t.lower_ == "who")
    assert (agency.pos_, agency.tag_, agency.lemma_, agency.text) == ("PROPN", "NNP", "WHO", "WHO")
    assert asked.pos_ == "PRON"
    assert nlp("WHO KILLED THEM?")[0].pos_ == "PRON"


def test_a_name_that_is_a_sentence_is_a_name(nlp: Language) -> None:
    doc = nlp("Save the Children said nine schools had closed.")
    assert [(e.text, e.label_) for e in doc.ents] == [("Save the Children", "ORG")]
    assert [t.lemma_ for t in doc[:3]] == ["Save", "the", "Children"]
    assert nlp("He told the crowd to save the children first.")[5].pos_ == "VERB"
