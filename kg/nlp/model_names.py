"""Names of one document made consistent: one type a name, and no mention of a known name left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

Name = tuple[int, int, str]  # first token, token after the last, type
SURE = 2  # mentions found from which further mentions of the same words are taken for the name too


def consistent(words: Sequence[str], tags: Sequence[str], names: Iterable[Name]) -> list[Name]:
    """Names with the type that most of their mentions have; missed mentions of sure names are added.

    `words` and `tags` (UPOS) of the whole document; `names` do not overlap. Returns them in order.
    """
    given = sorted(names)
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for start, end, kind in given:
        votes.setdefault(tuple(words[start:end]), Counter())[kind] += 1
    settled = [(start, end, _winner(votes[tuple(words[start:end])], kind)) for start, end, kind in given]
    return sorted([*settled, *_missed(words, tags, settled, votes)])


def _winner(votes: Counter[str], own: str) -> str:
    (best, most), *_ = votes.most_common()
    return best if most > votes[own] else own


def _missed(
    words: Sequence[str], tags: Sequence[str], names: Sequence[Name], votes: dict[tuple[str, ...], Counter[str]]
) -> Iterable[Name]:
    taken = {i for start, end, _ in names for i in range(start, end)}
    sure = {w: v for w, v in votes.items() if v.total() >= SURE and w[0][:1].isupper() and len(w[0]) > 1}
    longest = max((len(w) for w in sure), default=0)
    first = {w[0] for w in sure}
    at = 0
    while at < len(words):
        found = 0
        if words[at] in first and at not in taken and tags[at] == "PROPN":
            for size in range(longest, 0, -1):
                key = tuple(words[at : at + size])
                if len(key) == size and key in sure and not taken & set(range(at, at + size)):
                    yield at, at + size, sure[key].most_common(1)[0][0]
                    found = size
                    break
        at += max(1, found)
