"""Words a second on one core: the shipped encoder beside a plain spaCy CNN of the usual size, from raw text.

Run with `pytest -s tests/bench/test_bench_model.py` or as a script. The CNN has the sizes of spaCy's own models
(width 128, depth 6) with tagger, morphologizer, parser and names; its weights are random, and a parser that guesses
is slow: a trained one reads about twice as fast. `NEWSCLAIMS_CNN=build/train/cnn/model-best` takes the one that
`python -m kg.train --cnn` left instead.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from kg.nlp import encoder, pipeline
from kg.nlp.components import ORDER

TRAINED = "NEWSCLAIMS_CNN"
CANNOT = 77  # what old_cpu.c leaves with where it cannot do its work

TOK2VEC = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 128,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"],
        "rows": [5000, 1000, 2500, 2500, 50, 50],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 128,
        "window_size": 1,
        "maxout_pieces": 3,
        "depth": 6,
    },
}
LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": 128, "upstream": "*"}
SENTENCES = (
    "Russia's Defence Ministry said on Thursday that about 6,400 people, including 3,000 rebels, had left the city.",
    '"We do not know how many are still inside," said an official who asked not to be named.',
    "The governor ordered residents of three coastal counties to leave their homes before the storm arrived.",
    "At least 26 wounded were taken to hospitals in the countryside, according to the Red Cross.",
    "Officials in Ankara expect that the number could double by the end of the week, but others were more cautious.",
)


def articles(count: int, seed: int = 1) -> list[str]:
    """News-like articles of twelve paragraphs with one to three sentences each."""
    dice = random.Random(seed)
    return ["\n\n".join(" ".join(dice.sample(SENTENCES, dice.randint(1, 3))) for _ in range(12)) for _ in range(count)]


def plain_cnn(encoded: Sequence[Doc]) -> Language:
    """A spaCy CNN whose classes are those the encoder found in `encoded`."""
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
    for name in ("tagger", "morphologizer"):
        nlp.add_pipe(name, config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": LISTENER}})
    parser = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
    }
    nlp.add_pipe(
        "parser", config={"model": {**parser, "state_type": "parser", "extra_state_tokens": False, "tok2vec": LISTENER}}
    )
    nlp.add_pipe(
        "ner", config={"model": {**parser, "state_type": "ner", "extra_state_tokens": False, "tok2vec": TOK2VEC}}
    )
    examples = [Example(nlp.make_doc(d.text), Doc(nlp.vocab).from_bytes(d.to_bytes())) for d in encoded]
    nlp.initialize(lambda: examples)
    return nlp


def words_a_second(nlp: Language, texts: Sequence[str], rounds: int = 3) -> float:
    """The best of some rounds, in words (tokens that are no white space) by second of processor time."""
    best = 0.0
    for _ in range(rounds):
        began = time.process_time()
        words = sum(_words(nlp.pipe(texts)))
        best = max(best, words / (time.process_time() - began))
    return best


def _words(docs: Iterable[Doc]) -> Iterable[int]:
    return (sum(not t.is_space for t in doc) for doc in docs)


def component_speeds(nlp: Language, texts: Sequence[str]) -> dict[str, float]:
    """Words by second of processor time that each step of a pipeline reads, the tokenizer first."""
    spent: dict[str, float] = {}
    words = 0
    for text in texts:
        began = time.process_time()
        doc = nlp.make_doc(text)
        spent["tokenizer"] = spent.get("tokenizer", 0.0) + time.process_time() - began
        for name, component in nlp.pipeline:
            began = time.process_time()
            doc = component(doc)
            spent[name] = spent.get(name, 0.0) + time.process_time() - began
        words += sum(not t.is_space for t in doc)
    return {name: words / seconds for name, seconds in spent.items() if seconds}


def _table(speeds: Mapping[str, float]) -> None:
    for name, speed in speeds.items():
        print(f"{name:24s} {speed:10,.0f} words/s")


@pytest.mark.bench
def test_words_a_second() -> None:
    texts = articles(12)
    ours = encoder.load(threads=1)
    trained = os.environ.get(TRAINED)
    cnn = spacy.load(trained) if trained else plain_cnn([ours(t) for t in texts[:4]])
    tokenizer = spacy.blank("en")
    figures = {"tokenizer": tokenizer, "encoder": ours, "CNN": cnn}
    speeds = {name: words_a_second(nlp, texts) for name, nlp in figures.items()}
    _table(speeds)
    print(f"encoder / CNN {speeds['encoder'] / speeds['CNN']:.2f} ({'trained' if trained else 'random'} weights)")
    assert speeds["encoder"] > 0


@pytest.mark.bench
def test_words_a_second_of_each_component() -> None:
    nlp = pipeline.load()
    texts = articles(12)
    component_speeds(nlp, texts[:2])  # lexicons are read on first use
    speeds = component_speeds(nlp, texts)
    _table(speeds)
    assert set(speeds) >= {"tokenizer", encoder.FACTORY, *ORDER}


@pytest.mark.bench
@pytest.mark.parametrize("processor", ["without VNNI", "avx2"])
def test_words_a_second_on_an_older_processor(processor: str, tmp_path: Path) -> None:
    compiler, library = shutil.which("cc"), tmp_path / "old_cpu.so"
    if compiler is None or not sys.platform.startswith("linux") or platform.machine() != "x86_64":
        pytest.skip("an older processor is simulated on x86-64 Linux with a C compiler only")
    source = Path(__file__).parent / "old_cpu.c"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
    environment = os.environ | {"LD_PRELOAD": str(library), "OLD_CPU": processor}
    done = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True, check=False)
    if done.returncode == CANNOT:
        pytest.skip("this processor cannot make CPUID fault, so that no older one can be simulated")
    print(f"{processor}\n{done.stdout}")
    assert "encoder / CNN" in done.stdout, done.stderr


if __name__ == "__main__":
    test_words_a_second()
