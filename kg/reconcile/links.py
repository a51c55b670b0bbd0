"""Decisions as nodes of the links graph: which event of many articles a report is about, and on what grounds.

Only events that more than one article tells are written; a report keeps the event of its own article beside it.
Nothing in an article's graph is touched, so `forget` undoes it all and building an article does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Triple

from kg.mapping import iris, terms
from kg.mapping.frame import ENGLISH, decimal, described, shorten, tagged, text
from kg.ontology import NAMESPACE, event_class
from kg.reconcile.events import Event, Grounds
from kg.reconcile.overview import Overview
from kg.store import Store

_SHARED = "id/event/shared/"
_COMMENT = NamedNode(terms.LABEL.value.replace("label", "comment"))


def event_quads(found: Overview, base: str) -> tuple[Quad, ...]:
    """Quads of the links graph for all events that several articles tell, sorted."""
    triples = {t for e in found.events for t in _event(e, found, base)}
    graph = iris.graph(base, "links")
    return tuple(sorted((Quad(t.subject, t.predicate, t.object, graph) for t in triples), key=str))


def _event(event: Event, found: Overview, base: str) -> Iterator[Triple]:
    if len({found.claims[i].article for i, _ in event.members}) < 2:
        return
    subject = NamedNode(f"{base}{_SHARED}{event.key}")
    kind = event.kind.replace("_", " ").capitalize()
    days = f", {event.first}" if event.first else ""
    label = f"{kind}, {event.where.name}{days}" if event.where else f"{kind}{days}"
    yield from described(subject, (terms.EVENT, event_class(event.kind)), tagged(label, ENGLISH))
    if event.where:
        yield Triple(subject, terms.EVENT_PLACE, NamedNode(event.where.id))
    for ident, grounds in event.members:
        report = NamedNode(ident)
        yield Triple(report, terms.ABOUT, subject)
        yield from _link(report, subject, grounds)


def _link(report: NamedNode, event: NamedNode, grounds: Grounds) -> Iterator[Triple]:
    article, fragment = report.value.split("#", 1)
    label = shorten(f"{fragment} → {event.value.rsplit('/', 1)[-1]}", 200)
    yield from described(
        NamedNode(f"{article}#link-{fragment}-shared"),
        (terms.LINK, terms.EVENT_LINK),
        tagged(label, ENGLISH),
        (terms.LINK_FROM, report),
        (terms.LINK_TO, event),
        (terms.LINK_METHOD, text(grounds.method)),
        (terms.CONFIDENCE, decimal(grounds.confidence)),
        (_COMMENT, tagged("; ".join(grounds.evidence) or "the claim that the event begins with", ENGLISH)),
    )


def forget(store: Store, base: str) -> None:
    """Undo what `write` wrote: shared events, the links to them, and that claims are about them."""
    graph, shared = f"{base}graph/links", f"{base}{_SHARED}"
    store.update(
        f"""PREFIX nc: <{NAMESPACE}>
        DELETE {{ GRAPH <{graph}> {{ ?link ?p ?o . ?claim nc:about ?event . ?event ?q ?v }} }}
        WHERE {{ GRAPH <{graph}> {{
            {{ ?link nc:linkTo ?event ; ?p ?o }} UNION {{ ?claim nc:about ?event }} UNION {{ ?event ?q ?v }}
            FILTER (STRSTARTS(STR(?event), "{shared}")) }} }}"""
    )


def write(store: Store, found: Overview, base: str) -> int:
    """Put the decisions in place of those of an earlier run; returns how many claims now share an event."""
    quads = event_quads(found, base)
    forget(store, base)
    store.extend(quads)
    return sum(q.predicate == terms.ABOUT for q in quads)
