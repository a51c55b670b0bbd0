"""Any number of articles of usual length, each with words that no other has."""

from __future__ import annotations

import random
from collections.abc import Iterator

from kg.readers import article
from kg.types import Article
from tests.pipeline import wire

_ONSETS = "b d f g k l m n p r s t v z br dr gr kr pl st tr".split()
_VOWELS = "a e i o u ai au ei".split()


def word(chance: random.Random) -> str:
    """A made-up name."""
    parts = (chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(chance.randint(2, 4)))
    return "".join(parts).capitalize()


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """About 250 words each; places and speakers are new in every article."""
    for n in range(count):
        chance = random.Random(seed * 1_000_003 + n)
        happened = wire.event(chance)
        facts = happened.facts | {
            "place": word(chance),
            "other": word(chance),
            "name": f"{word(chance)} {word(chance)}",
        }
        told = wire.Event(facts).told(*wire.telling(chance))
        told += wire.Event(facts | {"name": f"{word(chance)} {word(chance)}"}).told(*wire.telling(chance))[1:]
        yield article(wire.page(f"{facts['cause'].capitalize()} in {facts['place']}", told), id=f"v{n}")
