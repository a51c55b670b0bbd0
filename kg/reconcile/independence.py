"""Which claims are one telling: the same words printed again, one speaker in two outlets, headline and lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from kg.linking.names import fold
from kg.reconcile.compare import alike
from kg.reconcile.records import Claim


def tellings(claims: Iterable[Claim]) -> dict[str, int]:
    """Claim id -> number of its telling. Only claims with the same figure are compared, so the cost stays linear.

    Claims are one telling if one speaker gives the figure, if one article gives it twice in its own voice, or if the
    sentences are nearly the same words (a wire copy).
    """
    found = sorted(claims, key=lambda c: c.id)
    parent = {c.id: c.id for c in found}

    def root(ident: str) -> str:
        while parent[ident] != ident:
            ident = parent[ident]
        return ident

    blocks: defaultdict[tuple[str, str, int | None], list[Claim]] = defaultdict(list)
    for claim in found:
        amount = claim.amount
        number = None if amount is None else amount.value if amount.value is not None else amount.low
        blocks[(claim.kind, claim.measure, number)].append(claim)
    for block in blocks.values():
        for one, other in _pairs(block):
            parent[max(root(one.id), root(other.id))] = min(root(one.id), root(other.id))
    numbers: dict[str, int] = {}
    return {c.id: numbers.setdefault(root(c.id), len(numbers)) for c in found}


def _pairs(block: Sequence[Claim]) -> Iterable[tuple[Claim, Claim]]:
    """Pairs of one telling: neighbours by speaker or by article, and sentences that are alike."""
    by_speaker: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in block:
        by_speaker[_speaker(claim)].append(claim)
    for group in by_speaker.values():
        yield from pairwise(group)
    heads = [group[0] for group in by_speaker.values()]
    by_length: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in heads:
        by_length[_shape(claim.sentence)].append(claim)
    for group in by_length.values():
        yield from ((a, b) for a, b in combinations(group, 2) if alike(a.sentence, b.sentence))


def _speaker(claim: Claim) -> str:
    """Who tells: the source wherever it is printed; else the article itself."""
    return claim.actor or (fold(claim.source) if claim.source else claim.copy_of or claim.article)


def _shape(sentence: str) -> str:
    """A key that near copies share: the three longest words of the sentence."""
    words = sorted(set(sentence.casefold().split()), key=lambda w: (-len(w), w))
    return " ".join(sorted(words[:3]))
