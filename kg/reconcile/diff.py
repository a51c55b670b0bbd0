"""Two runs compared on the level of claims: found, lost and changed, after a new model, new rules or a new version.

Claims of one text meet by their offsets, claims of two versions of an article (same URL, or else the same name) by
their words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.reconcile.compare import alike
from kg.reconcile.told import Told

# What may differ between two readings of one claim. Confidence and rule are the reader's, not the claim's.
FIELDS = (
    "source", "mode", "status", "event", "measure", "value", "low", "high", "exactness", "counts",
    "origin", "destination", "place", "agent", "cause", "time_text",
)  # fmt: skip
_SHARED = 0.5  # of the longer of two spans, for them to be one claim whose bounds moved


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `old` is None for a claim found, `new` for one lost; `fields`: name, old and new value."""

    old: Told | None
    new: Told | None
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def kind(self) -> str:
        """ "found", "lost" or "changed"."""
        return "found" if self.old is None else "lost" if self.new is None else "changed"

    @property
    def claim(self) -> Told:
        """The claim as it is, or else as it was."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a change has a side
        return found


def diff(old: Iterable[Told], new: Iterable[Told]) -> tuple[Change, ...]:
    """All differences, by article and offset. What a later version supersedes is left out on either side. Pure."""
    before, after = (_by_article(c for c in side if "newer" not in c.values) for side in (old, new))
    partners = _partners(before, after)
    changes: list[Change] = []
    for was, now in partners:
        changes += _article(before.get(was, []), after.get(now, []), same_text=was == now)
    return tuple(sorted(changes, key=lambda c: (c.claim.doc, c.claim.start, c.claim.id, c.kind)))


def _by_article(claims: Iterable[Told]) -> dict[str, list[Told]]:
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for claim in claims:
        found[claim.sha256].append(claim)
    return dict(found)


def _partners(before: dict[str, list[Told]], after: dict[str, list[Told]]) -> Iterator[tuple[str, str]]:
    """Texts that are compared: each with itself, else with the version that has its URL or its name."""
    yield from ((s, s) for s in before if s in after)
    alone, fresh = [s for s in before if s not in after], [s for s in after if s not in before]
    keys: tuple[Callable[[Told], str | None], ...] = (lambda c: c.url, lambda c: c.doc)
    for key in keys:
        named = {k: s for s in fresh if (k := key(after[s][0]))}
        for was in list(alone):
            now = named.pop(key(before[was][0]) or "", None)
            if now is not None:
                yield was, now
                alone.remove(was)
                fresh.remove(now)
    yield from ((s, "") for s in alone)
    yield from (("", s) for s in fresh)


Test = Callable[[Told, Told], bool]


def _article(old: Sequence[Told], new: Sequence[Told], *, same_text: bool) -> Iterator[Change]:
    tests: tuple[Test, ...] = (_same_fragment, _same_place, _moved) if same_text else (_same_words, _same_sentence)
    left, right = list(old), list(new)
    for test in tests:
        for was in list(left):
            now = next((n for n in right if n.kind == was.kind and test(was, n)), None)
            if now is None:
                continue
            left.remove(was)
            right.remove(now)
            fields = tuple(_fields(was, now))
            if fields:
                yield Change(was, now, fields)
    yield from (Change(was, None) for was in left)
    yield from (Change(None, now) for now in right)


def _fields(was: Told, now: Told) -> Iterator[tuple[str, str, str]]:
    if was.words != now.words:
        yield "words", was.words, now.words
    for field in FIELDS:
        one, other = was.values.get(field, ""), now.values.get(field, "")
        if one != other:
            yield field, one, other


def _same_fragment(one: Told, other: Told) -> bool:
    return one.fragment == other.fragment


def _same_place(one: Told, other: Told) -> bool:
    """The same words at the same place: only what is said of them differs."""
    return (one.start, one.end) == (other.start, other.end)


def _moved(one: Told, other: Told) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > _SHARED * max(one.end - one.start, other.end - other.start)


def _same_words(one: Told, other: Told) -> bool:
    same_act = one.values.get("measure") == other.values.get("measure")
    return one.words == other.words and same_act and _alike(one, other)


def _same_sentence(one: Told, other: Told) -> bool:
    """The same sentence with other numbers, or nearly the same content."""
    if one.kind == "statement":
        same = one.values.get("source") == other.values.get("source")
        return alike(one.words, other.words) or (same and _half(one.words, other.words))
    fields = ("event", "measure", "counts")
    return all(one.values.get(f) == other.values.get(f) for f in fields) and _alike(one, other)


def _alike(one: Told, other: Told) -> bool:
    """Sentences of which most words are the same: a corrected number does not make another sentence."""
    return _half(one.values.get("sentence", ""), other.values.get("sentence", ""))


def _half(one: str, other: str) -> bool:
    left, right = set(one.casefold().split()), set(other.casefold().split())
    return len(left & right) >= _SHARED * len(left | right) > 0
