"""A corrected article supersedes the one it corrects: `prov:wasRevisionOf`, both stay.

Two articles are versions of one if they have one URL, or else one name and a title or a sentence of a claim in
common. The later one by publication goes before; without dates, the one that was built later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.mapping import iris
from kg.ontology import DCTERMS, NAMESPACE, PROV
from kg.store import Store

_REVISION = NamedNode(PROV + "wasRevisionOf")
_ARTICLES = f"""PREFIX nc: <{NAMESPACE}> PREFIX dcterms: <{DCTERMS}>
SELECT ?article ?id ?sha256 ?url ?title ?published WHERE {{
  ?article a nc:Article ; dcterms:identifier ?id ; nc:sha256 ?sha256 .
  OPTIONAL {{ ?article nc:url ?url }} OPTIONAL {{ ?article dcterms:title ?title }}
  OPTIONAL {{ ?article nc:publishedOn ?published }} }} ORDER BY ?article"""
_SENTENCES = """PREFIX nc: <https://w3id.org/newsclaims/ontology#>
SELECT DISTINCT ?words WHERE {
  VALUES ?article { $ARTICLE } ?span nc:inArticle ?article ; a nc:Sentence ; nc:exact ?words }"""


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as far as it matters here. `order`: how late it was built, 0 for what was there before."""

    iri: str
    id: str
    sha256: str
    url: str | None
    title: str | None
    published: str = ""
    order: int = field(default=0)


def known(store: Store) -> frozenset[tuple[str, str]]:
    """The pairs (new, old) of a store."""
    rows = store.inner.quads_for_pattern(None, _REVISION, None)
    return frozenset((str(q.subject)[1:-1], str(q.object)[1:-1]) for q in rows if "/id/article/" in str(q.subject))


def link_versions(store: Store, base: str, built: Sequence[str], before: Iterable[tuple[str, str]] = ()) -> int:
    """Write which article supersedes which; returns how many pairs are new.

    `built`: SHA-256 of the articles built just now, in order; `before`: the pairs known before they were built,
    which stay as they were.
    """
    found = _articles(store, built)
    by_iri = {a.iri: a for a in found}
    pairs = {(new, old) for new, old in before if new in by_iri and old in by_iri}
    settled = {frozenset(p) for p in (*pairs, *known(store))}
    fresh = set()
    for group in _groups(found):
        for old, new in _chain(store, group):
            if frozenset((old.iri, new.iri)) not in settled:
                fresh.add((new.iri, old.iri))
    graph = iris.graph(base, "provenance")
    rows = [Quad(NamedNode(new), _REVISION, NamedNode(old), graph) for new, old in sorted(pairs | fresh)]
    if rows:
        store.extend(rows)
    return len(fresh)


def forget(store: Store, base: str, sha256s: Iterable[str]) -> None:
    """Take out the ties of articles that are taken out of the store."""
    for sha256 in sha256s:
        article = NamedNode(iris.article(base, sha256))
        rows = [*store.inner.quads_for_pattern(article, _REVISION, None)]
        rows += store.inner.quads_for_pattern(None, _REVISION, article)
        if rows:
            store.touch()
        for quad in rows:
            store.inner.remove(quad)


def _articles(store: Store, built: Sequence[str]) -> tuple[Printed, ...]:
    order = {sha256: n for n, sha256 in enumerate(built, 1)}
    rows: Any = store.query(_ARTICLES)
    found: dict[str, Printed] = {}
    for row in rows:
        value = {
            v: None if row[v] is None else str(row[v].value) for v in ("id", "sha256", "url", "title", "published")
        }
        iri = str(row["article"].value)
        found[iri] = Printed(
            iri, value["id"] or "", value["sha256"] or "", value["url"], value["title"], value["published"] or "",
            order.get(value["sha256"] or "", 0),
        )  # fmt: skip
    return tuple(found.values())


def _groups(found: Iterable[Printed]) -> Iterator[list[Printed]]:
    """Articles of one URL, and articles of one name of which not two have URLs of their own; one built just now."""
    by_url: defaultdict[str, list[Printed]] = defaultdict(list)
    by_id: defaultdict[str, list[Printed]] = defaultdict(list)
    for article in found:
        if article.url:
            by_url[article.url].append(article)
        by_id[article.id].append(article)
    yield from (g for g in by_url.values() if len(g) > 1 and any(a.order for a in g))
    for group in by_id.values():
        urls = {a.url for a in group if a.url}
        if len(group) > 1 and len(urls) < 2 and any(a.order for a in group):
            yield group


def _chain(store: Store, group: list[Printed]) -> Iterator[tuple[Printed, Printed]]:
    """Each version with the one before it."""
    dated = all(a.published for a in group)
    ordered = sorted(group, key=lambda a: (a.published if dated else "", a.order, a.iri))
    for old, new in pairwise(ordered):
        if not (dated or new.order):
            continue  # nothing says which came first
        same_url = old.url is not None and old.url == new.url
        if same_url or (old.title and old.title == new.title) or _sentences(store, old) & _sentences(store, new):
            yield old, new


def _sentences(store: Store, article: Printed) -> frozenset[str]:
    rows: Any = store.query(_SENTENCES.replace("$ARTICLE", str(NamedNode(article.iri))))
    return frozenset(str(row["words"].value) for row in rows)
