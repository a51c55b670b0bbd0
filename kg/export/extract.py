"""Part of a large graph: what belongs to some articles, or to some events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad

from kg.errors import UsageError
from kg.export.sorting import value_of
from kg.ontology import DCTERMS, PROV, nc

_ARTICLE_GRAPH = "/graph/article/"
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


def each_article(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    """For each article graph, by name: its quads and what they lead to in the shared graphs."""
    everything = list(quads)
    shared = [q for q in everything if _ARTICLE_GRAPH not in value_of(q.graph_name)]
    graphs: dict[str, list[Quad]] = {}
    for quad in everything:
        if _ARTICLE_GRAPH in value_of(quad.graph_name):
            graphs.setdefault(value_of(quad.graph_name), []).append(quad)
    by_subject = _by_subject(shared)
    for graph, inside in sorted(graphs.items()):
        yield _reached(inside, by_subject, {graph.replace(_ARTICLE_GRAPH, "/id/article/")})


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
    graphs = {iri.replace("/id/article/", _ARTICLE_GRAPH) for iri in articles}
    inside = [q for q in quads if value_of(q.graph_name) in graphs]
    return _reached(inside, _by_subject(q for q in quads if _ARTICLE_GRAPH not in value_of(q.graph_name)), articles)


def _by_subject(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    """Subject -> quads. Under an article's IRI stand those of all its links and fragments."""
    found: dict[str, list[Quad]] = {}
    for quad in quads:
        subject = value_of(quad.subject)
        found.setdefault(subject.partition("#")[0], []).append(quad)
    return found


def _reached(inside: list[Quad], shared: dict[str, list[Quad]], articles: set[str]) -> list[Quad]:
    """The quads inside the article graphs and all that they lead to, step by step."""
    reached = articles | {iri.replace("/id/article/", _ARTICLE_GRAPH) for iri in articles}
    reached |= {value_of(q.object) for q in inside if q.predicate in _FOLLOWED}
    queue, taken = sorted(reached), []
    while queue:
        for quad in shared.get(queue.pop(), ()):
            taken.append(quad)
            there = value_of(quad.object)
            if quad.predicate in _FOLLOWED and there not in reached:
                reached.add(there)
                queue.append(there)
    return inside + taken
