"""What extraction costs beside the bare model, and whether memory stays flat over many articles.

`pytest -s -m bench tests/bench/test_bench_extraction.py`; more articles: NEWSCLAIMS_BENCH_ARTICLES=10000.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from spacy.language import Language

from kg.evaluate.readings import Reader, parsed
from kg.nlp import claims
from kg.nlp.components import ORDER
from kg.nlp.pipeline import load
from kg.pipeline import results, run_of
from kg.readers import Failure, article
from kg.types import Article

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.5  # times the bare model
ARTICLES = int(os.environ.get("NEWSCLAIMS_BENCH_ARTICLES", "200"))
WARM = 0.2  # share of the articles after which caches are full
# Bytes of resident memory an article may leave behind: 10,000 articles then take less than 50 MB.
LEAK = 5_000
SYLLABLES = "ba ko ri ta mu ze lo shi na du pe va gor lin sten".split()


def originals() -> list[str]:
    """The texts of the seeds and of our own articles."""
    folders = (ROOT / "seeds" / "articles", ROOT / "tests" / "articles")
    return [p.read_text(encoding="utf-8") for folder in folders for p in sorted(folder.glob("*.txt"))]


def varied(texts: Sequence[str], count: int, seed: int = 7) -> Iterator[Article]:
    """`count` articles of some paragraphs each, with other numbers and other names in every one."""
    dice = random.Random(seed)
    for n in range(count):
        paragraphs = [p for p in dice.choice(texts).split("\n") if p.strip()]
        first = dice.randrange(max(1, len(paragraphs) - 5))
        text = "\n\n".join(paragraphs[first : first + 5])
        text = re.sub(r"\b\d{2,3}\b", lambda _: str(dice.randint(10, 999)), text)
        text = re.sub(r"(?<=[a-z] )[A-Z][a-z]{4,}\b", lambda m: _name(dice) if dice.random() < 0.5 else m[0], text)
        yield article(text, id=f"varied-{n}")


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).capitalize()


def resident() -> int:
    """Resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def slope(points: Sequence[tuple[int, int]]) -> float:
    """Bytes an article, by least squares."""
    n = len(points)
    x_mean, y_mean = (sum(p[k] for p in points) / n for k in (0, 1))
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def costs(nlp: Language, articles: Sequence[Article]) -> tuple[float, float]:
    """Processor seconds of the bare model and of all our components after it, in one run."""
    reader = Reader("en_newsclaims", "https://w3id.org/newsclaims/")
    bare = ours = 0.0
    for item in articles:
        began = time.process_time()
        doc = parsed(reader, item)
        between = time.process_time()
        for name in ORDER:
            doc = nlp.get_pipe(name)(doc)
        claims.reading(doc, item)
        bare, ours = bare + between - began, ours + time.process_time() - between
    return bare, ours


@pytest.mark.bench
def test_extraction_costs_little_beside_the_model() -> None:
    nlp, texts = load(), originals()
    articles = [article(t, id=f"a{n}") for n, t in enumerate(texts)]
    costs(nlp, articles[:4])
    bare, ours = costs(nlp, articles)
    words = sum(len(t.split()) for t in texts)
    print(f"\n{words:,} words: bare model {words / bare:,.0f} words/s, with extraction {words / (bare + ours):,.0f}")
    print(f"extraction / bare model {(bare + ours) / bare:.2f} (limit {LIMIT})")
    assert (bare + ours) / bare <= LIMIT


@pytest.mark.bench
def test_memory_stays_flat() -> None:
    points: list[tuple[int, int]] = []
    run = run_of("en_newsclaims")
    read = results(varied(originals(), ARTICLES), run, base="https://w3id.org/newsclaims/", model="en_newsclaims")
    for n, result in enumerate(read, 1):
        assert not isinstance(result, Failure), result
        if n >= WARM * ARTICLES and n % max(1, ARTICLES // 50) == 0:
            points.append((n, resident()))
            print(f"{n:6d} articles {resident() / 1e6:8.1f} MB", flush=True)
    found = slope(points)
    print(f"slope {found:,.0f} bytes an article after the first {WARM:.0%} of {ARTICLES:,}")
    assert found <= LEAK
