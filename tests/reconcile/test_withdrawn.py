"""An article taken out takes with it what was decided about its claims; the rest is decided anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.mapping import article_quads, shared_quads
from kg.pipeline import withdraw
from kg.reconcile import review
from kg.reconcile.links import write
from kg.reconcile.overview import overview
from kg.store import Store
from kg.types import Reading
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")


@pytest.fixture(scope="module")
def readings(seeds: Path) -> list[Reading]:
    return [read_gold(seeds / "gold" / f"{n}.json", seeds / "articles" / f"{n}.txt") for n in SEEDS]


def filled(readings: list[Reading]) -> Store:
    store = Store.memory()
    for one in readings:
        store.extend([*article_quads(one, RUN, BASE), *shared_quads(one, RUN, BASE)])
    write(store, overview(store), BASE)
    return store


def test_what_is_left_is_the_other_article_alone(readings: list[Reading]) -> None:
    store = filled(readings)
    withdraw(store, BASE, [readings[0].article.sha256])
    assert check(store).findings == ()
    gone = readings[0].article.sha256[:16]
    assert not [line for line in store.canonical() if gone in line]
    write(store, overview(store), BASE)
    assert store.canonical() == filled(readings[1:]).canonical()


def test_its_reviews_go_when_it_goes_for_good(readings: list[Reading]) -> None:
    store = filled(readings)
    article = f"{BASE}id/article/{readings[1].article.sha256[:16]}"
    before = store.canonical()
    for value in ("8100", "8200"):
        made = review.made(f"{article}#report-evacuated-615-620", "amended", "J", base=BASE, changes=[("value", value)])
        review.add(store, made)
    other = f"{BASE}id/article/{readings[0].article.sha256[:16]}"
    store.update(review.forgetting(other, BASE))
    assert len(review.reviews(store)) == 2
    store.update(review.forgetting(article, BASE))
    assert store.canonical() == before
