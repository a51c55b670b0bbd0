"""Part of a large graph: what belongs to some articles, or to some events."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from kg.errors import UsageError
from kg.export.sorting import value_of
from kg.ontology import DCTERMS, PROV, nc

_IDENTIFIER = NamedNode(DCTERMS + "identifier")
_ABOUT = nc("about")
_IN_ARTICLE = nc("inArticle")
_FOLLOWED = frozenset(
    {nc("identifiedAs"), _ABOUT, nc("eventPlace"), nc("territory"), nc("extractedBy")}
    | {NamedNode(PROV + name) for name in ("wasGeneratedBy", "wasAssociatedWith", "used")}
)


def of_articles(quads: Iterable[Quad], articles: Iterable[str]) -> list[Quad]:
    """The graphs of these articles (IRI or identifier) and what they lead to in the shared graphs.

    Raises UsageError naming the articles that are not there.
    """
    everything = list(quads)
    wanted = _articles(everything, frozenset(articles))
    return _around(everything, wanted)


def of_events(quads: Iterable[Quad], events: Iterable[str]) -> list[Quad]:
    """The graphs of all articles with a claim about these events (IRIs), and what they lead to.

    Raises UsageError naming the events that are not there.
    """
    everything, asked = list(quads), frozenset(events)
    claims = {q.subject for q in everything if q.predicate == _ABOUT and value_of(q.object) in asked}
    missing = asked - {value_of(q.object) for q in everything if q.predicate == _ABOUT}
    if missing:
        raise UsageError(f"expected IRIs of events, found no claim about {', '.join(sorted(missing))}")
    articles = {value_of(q.object) for q in everything if q.predicate == _IN_ARTICLE and q.subject in claims}
    return _around(everything, articles)


def _articles(quads: list[Quad], asked: frozenset[str]) -> set[str]:
    found = {value_of(q.subject): value_of(q.object) for q in quads if q.predicate == _IDENTIFIER}
    missing = asked - set(found) - set(found.values())
    if missing:
        hint = "give an article's IRI or its identifier (the file's stem)"
        raise UsageError(f"expected articles of this store, found no {', '.join(sorted(missing))}", hint=hint)
    return {iri for iri, identifier in found.items() if iri in asked or identifier in asked}


def _around(quads: list[Quad], articles: set[str]) -> list[Quad]:
    graphs = {iri.replace("/id/article/", "/graph/article/") for iri in articles}
    inside = [q for q in quads if value_of(q.graph_name) in graphs]
    shared: dict[str, list[Quad]] = {}
    for quad in quads:
        if "/graph/article/" not in value_of(quad.graph_name):
            shared.setdefault(value_of(quad.subject), []).append(quad)
    reached = {s for s in shared if s.partition("#")[0] in articles or s in graphs}
    reached |= {value_of(q.object) for q in inside if q.predicate in _FOLLOWED}
    queue, taken = sorted(reached), []
    while queue:
        for quad in shared.get(queue.pop(), ()):
            taken.append(quad)
            if quad.predicate in _FOLLOWED and value_of(quad.object) not in reached:
                reached.add(value_of(quad.object))
                queue.append(value_of(quad.object))
    return inside + taken
