"""Decisions as nodes of the links graph, each with method, confidence and evidence.

Which event of many articles a report is about, how figures stand to each other, what is part of what, who speaks
once in several outlets, who may be one. Nothing in an article's graph is touched, so `forget` undoes it all and
building an article does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kg.mapping import iris, terms
from kg.mapping.frame import ENGLISH, decimal, described, shorten, tagged, text
from kg.ontology import event_class, nc
from kg.reconcile import link_rows
from kg.reconcile.events import Event, Grounds
from kg.reconcile.overview import Overview
from kg.store import Store

_SHARED, _PART = "id/event/shared/", "id/event/part/"
_KINDS = frozenset(
    {link_rows.FIGURE_LINK, link_rows.SUB_EVENT_LINK, link_rows.SPEECH_LINK, link_rows.CANDIDATE_LINK,
     link_rows.SPEECH_EVENT, link_rows.ESTIMATE}
)  # fmt: skip
_TIES = frozenset({terms.ABOUT, terms.LINK_TO, link_rows.PART_OF_EVENT, link_rows.RENDERS})


def link_quads(found: Overview, base: str) -> tuple[Quad, ...]:
    """All that reconciliation writes to the links graph, sorted."""
    shared = [e.key for e in found.events if _is_shared(e, found)]
    nodes = link_rows.Nodes(base, {e.key: n for e in found.events if (n := _node(e, found, base))})
    triples = {t for e in found.events for t in _event(e, found, base)}
    triples.update(link_rows.figure_rows(found))
    triples.update(link_rows.part_rows(found, nodes))
    triples.update(link_rows.speech_rows(found, base))
    triples.update(link_rows.candidate_rows(found, base))
    triples.update(link_rows.estimate_rows(found, nodes, shared))
    graph = iris.graph(base, "links")
    return tuple(sorted((Quad(t.subject, t.predicate, t.object, graph) for t in triples), key=str))


def _is_shared(event: Event, found: Overview) -> bool:
    return len({found.claims[i].article for i, _ in event.members}) > 1


def _node(event: Event, found: Overview, base: str) -> NamedNode | None:
    """The node of an event: its shared one, or the one of the single article that tells it."""
    if _is_shared(event, found):
        return NamedNode(f"{base}{_SHARED}{event.key}")
    own = found.claims[event.members[0][0]].event
    return NamedNode(own) if own else None


def _event(event: Event, found: Overview, base: str) -> Iterator[Triple]:
    if not _is_shared(event, found):
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
        *((nc("evidence"), text(e)) for e in grounds.evidence or ("the claim that the event begins with",)),
    )


def _ours(store: Store, base: str) -> set[Quad]:
    """All quads of the links graph that reconciliation wrote, in one pass over it."""
    quads = list(store.graph(f"{base}graph/links"))
    prefixes = (f"{base}{_SHARED}", f"{base}{_PART}")
    nodes = {q.subject for q in quads if q.predicate == terms.TYPE and q.object in _KINDS}
    nodes |= {q.subject for q in quads if q.predicate == terms.TYPE and str(q.subject)[1:].startswith(prefixes)}
    tied = [q for q in quads if (q.predicate in _TIES and q.object in nodes) or q.predicate == link_rows.PART_OF_EVENT]
    nodes |= {q.subject for q in tied if q.predicate == terms.LINK_TO}
    return {q for q in quads if q.subject in nodes} | set(tied)


def _change(store: Store, old: set[Quad], new: set[Quad]) -> None:
    """One transaction: what is no more goes, what is new comes."""
    parts = []
    for word, quads in (("DELETE", old - new), ("INSERT", new - old)):
        for graph in {q.graph_name for q in quads}:
            rows = (serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES) or b"").decode("utf-8")
            parts.append(f"{word} DATA {{ GRAPH {graph} {{\n{rows}}} }}")
    if parts:
        store.update(" ;\n".join(parts))


def forget(store: Store, base: str) -> None:
    """Undo what `write` wrote; what persons decided (graphs `overrides` and `review`) stays."""
    _change(store, _ours(store, base), set())


def write(store: Store, found: Overview, base: str) -> int:
    """Put the decisions in place of those of an earlier run; returns how many claims now share an event."""
    quads = link_quads(found, base)
    _change(store, _ours(store, base), set(quads))
    return len({q.subject for q in quads if q.predicate == terms.ABOUT and f"{base}{_SHARED}" in str(q.object)})
