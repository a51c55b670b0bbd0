"""One convention for names: PERSON without titles, ORG, LOC for every place, NORP for peoples and faiths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from kg.train.records import Span


@lru_cache(maxsize=8)
def word_list(name: str) -> frozenset[str]:
    """The lower-cased entries of `lists/<name>.txt` beside this module; `#` opens a comment."""
    text = (Path(__file__).parent / "lists" / f"{name}.txt").read_text(encoding="utf8")
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return frozenset(line for line in lines if line)


@dataclass(frozen=True)
class Gazetteer:
    """Names (lower case) that the training corpora call a place more often than an organisation."""

    places: frozenset[str]


def places_of(named: Iterable[tuple[str, str]]) -> Gazetteer:
    """Collect the places from (name, type) pairs of all corpora."""
    seen: dict[str, Counter[str]] = {}
    for name, kind in named:
        seen.setdefault(name.lower(), Counter())[kind] += 1
    return Gazetteer(frozenset(n for n, c in seen.items() if c["LOC"] > c["ORG"] or n in word_list("states")))


def is_people(words: Sequence[str], xpos: Sequence[str] | None = None) -> bool:
    """Whether the words name a nationality, people, faith or party adherence ("Iraqi", "Sunni Arabs")."""
    known = word_list("peoples")
    last = words[-1].lower()
    if last in known or (last.endswith("s") and last[:-1] in known):
        return True
    ends = last.endswith(("ese", "ish", "ian", "ians", "iote", "istani", "istanis"))
    return ends and words[-1][:1].isupper() and (xpos is None or xpos[-1] in ("JJ", "NNPS"))


def settle(words: Sequence[str], spans: Iterable[Span], gazetteer: Gazetteer) -> list[Span]:
    """Bring spans to the convention: cut places at commas, drop titles and 's, call states LOC; no overlaps."""
    settled: list[Span] = []
    for start, end, kind in spans:
        for part in _cut_place(words, start, end) if kind == "LOC" else [(start, end)]:
            a, b = _trim(words, *part, kind)
            if a >= b:
                continue
            name = " ".join(words[a:b]).lower()
            bare = name.removeprefix("the ")
            is_place = kind == "ORG" and (bare in gazetteer.places or bare in word_list("states"))
            settled.append((a, b, "LOC" if is_place else kind))
    return longest_only(settled)


def longest_only(spans: Iterable[Span]) -> list[Span]:
    """Of overlapping spans keep the longest, then the first."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        covered = set(range(span[0], span[1]))
        if not covered & taken:
            taken |= covered
            kept.append(span)
    return sorted(kept)


def _cut_place(words: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    commas = [i for i in range(start, end) if words[i] == ","]
    edges = [start - 1, *commas, end]
    return [(a + 1, b) for a, b in pairwise(edges) if a + 1 < b]


def _trim(words: Sequence[str], start: int, end: int, kind: str) -> tuple[int, int]:
    titles = word_list("titles")
    while start < end and not any(c.isalnum() for c in words[end - 1]) and words[end - 1] != ")":
        end -= 1
    if start < end and words[end - 1] in ("'s", "’s"):
        end -= 1
    while kind == "PERSON" and start < end and words[start].lower().rstrip(".") in titles:
        start += 1
    if kind == "PERSON" and start < end and words[start].lower() in ("the", "of", "-", ","):
        return end, end  # a title alone ("the Secretary of State")
    return start, end
