"""Take articles out of a store: all that they brought, and what nothing leads to afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import NamedNode

from kg.mapping import iris
from kg.settings import resource
from kg.store import Store


def withdraw(store: Store, base: str, sha256s: Iterable[str]) -> None:
    """Take out the articles with these digests; those that are not there do no harm.

    What is left is the store as if they had never been built. One transaction an article.
    """
    for sha256 in sha256s:
        store.update(_rule().replace("$ARTICLE", str(NamedNode(iris.article(base, sha256)))))


@cache
def _rule() -> str:
    return (resource("ontology") / "rules" / "withdraw-article.ru").read_text(encoding="utf-8")
