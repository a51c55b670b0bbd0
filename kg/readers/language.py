"""Which language a text is in, by its script and its commonest words: enough to keep non-English articles out."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("languages.toml")
# Fewer words than this tell nothing.
_WORDS = 12
_SAMPLE = 20_000


def detect(text: str) -> str | None:
    """The English name of the language (or script) of `text`, or None if it cannot be told."""
    sample = text[:_SAMPLE]
    scripts = Counter(_script(c) for c in sample if c.isalpha())
    if not scripts:
        return None
    script, count = scripts.most_common(1)[0]
    if script != "LATIN":
        return f"{script.capitalize()} script" if count > 0.5 * scripts.total() else None
    words = re.findall(r"[^\W\d_]+", sample.casefold())
    if len(words) < _WORDS:
        return None
    counts = {name: sum(w in stop for w in words) for name, stop in _stop_words().items()}
    best = max(counts, key=lambda n: counts[n])
    # Function words make up 30 to 45 % of running English; lists, tables and names alone have few in any language.
    if counts[best] < 0.08 * len(words):
        return None
    return best if best == "English" or counts[best] > 1.5 * counts["English"] else None


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}
