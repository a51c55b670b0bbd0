"""The spaCy component `newsclaims_encoder`: trees, tags, morphology, lemmas, sentences and names in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS, TAG
from spacy.language import Language
from spacy.symbols import IDS
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from threadpoolctl import ThreadpoolController

from kg.nlp.model_names import Text, document_names
from kg.nlp.model_runtime import DEFAULT_PATH, QUOTES, Analysis, Model, Window, analyse, count_pieces, load_model
from kg.nlp.tokenizer import adapt_tokenizer

FACTORY = "newsclaims_encoder"
WINDOW_PIECES = 80  # sentences are read together up to this length; measured: trees lose with 100 and more or 40
STAND_INS = {"WHO": "UNICEF"}  # another agency of the United Nations
# Names that are sentences: read as another body's, word for word.
SENTENCES = {("Save", "the", "Children"): ("World", "Vision", "International")}
LONGEST_PIECES = 480  # beyond it a window is cut even where no sentence ends (the encoder has 512 positions)
ENDS = frozenset("?!")
AFTER_END = frozenset("\"'”’)]»")


def load(path: Path | str | None = None, threads: int = 1) -> Language:
    """The English pipeline: our tokenizer and the encoder. `path`: a model folder, default the shipped one.

    Raises ModelError if the folder is not a model.
    """
    nlp = spacy.blank("en")
    adapt_tokenizer(nlp)
    nlp.add_pipe(FACTORY, config={"path": None if path is None else str(path), "threads": threads})
    return nlp


class Encoder:
    """The component; holds the loaded model. Each Doc is read by itself, so batches never change a result."""

    def __init__(self, vocab: Vocab, model: Model) -> None:
        self.vocab, self.model = vocab, model

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc in place and return it."""
        return annotate(doc, self.model)

    def pipe(self, docs: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Annotate a stream of Docs, one by one."""
        return (annotate(doc, self.model) for doc in docs)


@Language.factory(
    FACTORY,
    default_config={"path": None, "threads": 1},
    assigns=["token.head", "token.dep", "token.pos", "token.tag", "token.morph", "token.lemma", "doc.ents"],
)
def make_encoder(nlp: Language, name: str, path: str | None, threads: int) -> Encoder:
    """spaCy factory: `path` of a model folder (None: the shipped one), `threads` of one pass."""
    return Encoder(nlp.vocab, load_model(Path(path) if path else DEFAULT_PATH, threads))


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def annotate(doc: Doc, model: Model) -> Doc:
    """Set all annotations on `doc`. White space tokens hang on the word before them as `dep`."""
    places = [part for paragraph in paragraphs_of(doc) for part in windows_of(doc, paragraph, model)]
    windows = [_window(doc, part) for part in places]
    with _blas().limit(limits=1, user_api="blas"):  # the products after the encoder are small: threads only wait
        answers = analyse(model, windows)
    table = _blank_table(doc)
    for part, answer in zip(places, answers, strict=True):
        _write(doc, table, part, answer)
    if len(doc):
        unsigned: Any = table.view(np.uint64)
        doc.from_array([HEAD, DEP, POS, TAG, MORPH, LEMMA], unsigned)
        doc.set_ents(_names(doc, places, answers, model))
    return doc


def _names(doc: Doc, places: Sequence[Sequence[int]], answers: Sequence[Analysis], model: Model) -> list[Span]:
    """The names of the whole document, from the scores of its windows."""
    numbers = [i for part in places for i in part]
    if not numbers:
        return []
    before = accumulate((len(part) for part in places), initial=0)
    text = Text(
        [doc[i].text for i in numbers],
        [doc[i].pos_ for i in numbers],
        [at + start for at, answer in zip(before, answers, strict=False) for start in answer.starts],
    )
    scores = np.concatenate([answer.names for answer in answers])
    found = document_names(text, scores, model.name_steps, model.classes["names"])
    return [Span(doc, numbers[start], numbers[end - 1] + 1, kind) for start, end, kind in found]


def paragraphs_of(doc: Doc) -> list[list[int]]:
    """Token numbers of the words of each paragraph; white space with a line break parts paragraphs."""
    found: list[list[int]] = [[]]
    for token in doc:
        if not token.is_space:
            found[-1].append(token.i)
        elif "\n" in token.text and found[-1]:
            found.append([])
    return [p for p in found if p]


def windows_of(doc: Doc, paragraph: Sequence[int], model: Model) -> Iterator[list[int]]:
    """Cut a paragraph into windows: whole if it is short, else at the last likely sentence end that fits."""
    sizes = [count_pieces(model, doc[i].text) for i in paragraph]
    start, end, length, cut = 0, 0, 2, 0
    while end < len(paragraph):
        if length + sizes[end] > (WINDOW_PIECES if cut > start else LONGEST_PIECES):
            stop = cut if cut > start else end
            yield list(paragraph[start:stop])
            start, length, cut = stop, 2 + sum(sizes[stop:end]), 0
        length += sizes[end]
        end += 1
        if end < len(paragraph) and _likely_end(doc, paragraph, end):
            cut = end
    yield list(paragraph[start:])


def _likely_end(doc: Doc, paragraph: Sequence[int], at: int) -> bool:
    """Whether a sentence surely ends before word number `at` of the paragraph."""
    word = doc[paragraph[at]]
    if _opens(doc, paragraph[at - 1]) or not (word.text[0].isupper() or word.is_digit or _opens(doc, word.i)):
        return False
    back = at - 1
    while back > 0 and doc[paragraph[back]].text in AFTER_END:
        back -= 1
    mark = doc[paragraph[back]].text
    return mark == "." or set(mark) <= ENDS


def _opens(doc: Doc, at: int) -> bool:
    """Whether the token is a quotation mark that stands after a space and before none."""
    return doc[at].text in QUOTES and not doc[at].whitespace_ and (at == 0 or bool(doc[at - 1].whitespace_))


def _window(doc: Doc, part: Sequence[int]) -> Window:
    gaps = tuple(i == 0 or bool(doc[i - 1].whitespace_) or doc[i - 1].is_space for i in part)
    return Window(tuple(_read_as(doc, i) for i in part), gaps)


def _read_as(doc: Doc, at: int) -> str:
    """The word as the model gets it: its vocabulary knows no capitals, so that "WHO" would be a pronoun."""
    text = doc[at].text
    if text not in STAND_INS:
        return _in_sentence(doc, at) or text
    shouted = [t for t in doc[max(0, at - 2) : at + 3] if t.i != at and t.is_alpha and t.is_upper and len(t) > 2]
    return text if shouted else STAND_INS[text]


def _stood_in(doc: Doc, at: int) -> bool:
    return doc[at].text in STAND_INS or _in_sentence(doc, at) is not None


def _in_sentence(doc: Doc, at: int) -> str | None:
    """What stands for this word of a name that is a sentence; None for other words."""
    for name, other in SENTENCES.items():
        for n, word in enumerate(name):
            start = at - n
            if doc[at].text == word and start >= 0 and tuple(t.text for t in doc[start : start + len(name)]) == name:
                return other[n]
    return None


def _blank_table(doc: Doc) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Rows HEAD, DEP, POS, TAG, MORPH, LEMMA, filled for white space; words overwrite theirs."""
    table = np.zeros((len(doc), 6), np.int64)
    strings = doc.vocab.strings
    first_word = next((t.i for t in doc if not t.is_space), 0)
    last = first_word
    for token in doc:
        if token.is_space:
            head = token.i if first_word == token.i else last
            row = [head - token.i, strings.add("dep"), IDS["SPACE"], strings.add("_SP"), 0, token.orth]
            table[token.i] = _signed(row)
        else:
            last = token.i
    return table


def _signed(row: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """64-bit hashes as signed numbers, so that they share a table with relative heads."""
    return np.array([v - (1 << 64) if v >= 1 << 63 else v for v in row], np.int64)


def _write(
    doc: Doc, table: np.ndarray[tuple[int, int], np.dtype[np.int64]], part: Sequence[int], answer: Analysis
) -> None:
    strings, morphology = doc.vocab.strings, doc.vocab.morphology
    for n, i in enumerate(part):
        head = answer.heads[n]
        label = "ROOT" if head == 0 else answer.labels[n]
        row = [
            part[head - 1] - i if head else 0,
            strings.add(label),
            IDS[answer.upos[n]],
            strings.add(answer.xpos[n]),
            morphology.add(answer.feats[n]),
            strings.add(doc[i].text if _stood_in(doc, i) and answer.upos[n] == "PROPN" else answer.lemmas[n]),
        ]
        table[i] = _signed(row)
