"""What reconciliation decided, as triples: comparisons, events within events, speeches, candidates, estimates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.mapping import iris, terms
from kg.mapping.frame import ENGLISH, decimal, described, integer, shorten, tagged, text
from kg.ontology import codes, concept, event_class, nc
from kg.reconcile.compare import Comparison, Relation, bounds
from kg.reconcile.events import Event, Grounds
from kg.reconcile.ledger import POLICIES, estimate
from kg.reconcile.overview import Overview
from kg.reconcile.parts import SubEvent
from kg.reconcile.records import Amount, Claim

FIGURE_LINK, SUB_EVENT_LINK, SPEECH_LINK = nc("FigureLink"), nc("SubEventLink"), nc("SpeechLink")
CANDIDATE_LINK, SPEECH_EVENT, ESTIMATE = nc("CandidateLink"), nc("SpeechEvent"), nc("Estimate")
PART_OF_EVENT, RENDERS = nc("partOfEvent"), nc("renders")
_RELATION, _EVIDENCE, _INDEPENDENT = nc("relation"), nc("evidence"), nc("independent")
# What each relation rests on, beyond that both claims are on one event.
_METHOD = {
    Relation.CONFLICT: "measure+people+time+bounds",
    Relation.CORROBORATION: "measure+people+bounds",
    Relation.UPDATE: "measure+people+days",
    Relation.PROJECTION: "status",
    Relation.PART_OF: "stated_part",
    Relation.NOT_COMPARABLE: "rule",
}
# Pairs about which nothing is worth a node: no figure to compare, or other people.
_TRIVIAL = frozenset({"no figure", "other people counted", "other measures"})


@dataclass(frozen=True, slots=True)
class Nodes:
    """Event key -> its node; sub-event key -> its node."""

    base: str
    event: Mapping[str, NamedNode]


def digest(*parts: str) -> str:
    """Sixteen digits that name a pair or a group."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _link(
    node: NamedNode, cls: NamedNode, label: str, ends: tuple[NamedNode, NamedNode], grounds: Grounds
) -> Iterator[Triple]:
    yield from described(
        node,
        (terms.LINK, cls),
        tagged(shorten(label, 200), ENGLISH),
        (terms.LINK_FROM, ends[0]),
        (terms.LINK_TO, ends[1]),
        (terms.LINK_METHOD, text(grounds.method)),
        (terms.CONFIDENCE, decimal(grounds.confidence)),
        *((_EVIDENCE, text(e)) for e in grounds.evidence),
    )


def figure_rows(found: Overview) -> Iterator[Triple]:
    """One node for each pair of figures of one event and measure that says anything."""
    for pairs in found.comparisons.values():
        for pair in pairs:
            if pair.reason not in _TRIVIAL:
                yield from _figures(pair, found.claims[pair.first], found.claims[pair.second])


def _figures(pair: Comparison, first: Claim, second: Claim) -> Iterator[Triple]:
    node = NamedNode(f"{first.article}#compare-{digest(first.id, second.id)}")
    label = f"{_words(first)} / {_words(second)}: {pair.relation.value.replace('_', ' ')}"
    evidence = tuple(f"{_words(c)}: {_range(c.amount)}, {_when(c)}" for c in (first, second))
    grounds = Grounds(_METHOD[pair.relation], pair.confidence, evidence)
    yield from _link(node, FIGURE_LINK, label, (NamedNode(first.id), NamedNode(second.id)), grounds)
    yield Triple(node, _RELATION, concept("relation", pair.relation.value))
    yield Triple(node, terms.REASON, text(pair.reason))
    yield Triple(node, _INDEPENDENT, Literal(pair.independent))


def _words(claim: Claim) -> str:
    return " ".join((claim.amount.words if claim.amount else claim.trigger).split())


def _range(amount: Amount | None) -> str:
    low, high = bounds(amount) if amount else (float("-inf"), float("inf"))
    return f"{'?' if low == float('-inf') else f'{low:g}'} to {'?' if high == float('inf') else f'{high:g}'}"


def _when(claim: Claim) -> str:
    days = "..".join(str(d) for d in dict.fromkeys((claim.earliest, claim.latest)) if d)
    return days or claim.time_words or (f"published {claim.published}" if claim.published else "no date")


def part_rows(found: Overview, nodes: Nodes) -> Iterator[Triple]:
    """Events under the events that they are parts of: a town's under its province's, a convoy's under the whole."""
    by_key = {e.key: e for e in found.events}
    for part in found.parts:
        low, high = nodes.event.get(part.part), nodes.event.get(part.whole)
        if low and high and low != high:
            yield from _part(low, high, part.grounds, nodes.base)
    for sub in found.sub_events:
        whole = nodes.event.get(sub.whole)
        if whole:
            yield from _sub_event(sub, by_key[sub.whole], whole, nodes.base)


def _part(low: NamedNode, high: NamedNode, grounds: Grounds, base: str) -> Iterator[Triple]:
    yield Triple(low, PART_OF_EVENT, high)
    node = NamedNode(f"{base}id/link/part-{digest(low.value, high.value)}")
    label = f"{low.value.rsplit('/', 1)[-1]} is part of {high.value.rsplit('/', 1)[-1]}"
    yield from _link(node, SUB_EVENT_LINK, label, (low, high), grounds)


def sub_event_node(sub: SubEvent, base: str) -> NamedNode:
    """The node of a single run."""
    return NamedNode(f"{base}id/event/part/{sub.key}")


def _sub_event(sub: SubEvent, event: Event, whole: NamedNode, base: str) -> Iterator[Triple]:
    node = sub_event_node(sub, base)
    kind = event.kind.replace("_", " ").capitalize()
    where = f", {event.where.name}" if event.where else ""
    yield from described(node, (terms.EVENT, event_class(event.kind)), tagged(f"{kind}{where}: {sub.label}", ENGLISH))
    if event.where:
        yield Triple(node, terms.EVENT_PLACE, NamedNode(event.where.id))
    for claim in sub.members:
        article, fragment = claim.split("#", 1)
        link = NamedNode(f"{article}#link-{fragment}-part")
        yield Triple(NamedNode(claim), terms.ABOUT, node)
        yield from _link(link, terms.EVENT_LINK, f"{fragment} → {sub.key}", (NamedNode(claim), node), sub.grounds)
    yield from _part(node, whole, sub.grounds, base)


def speech_rows(found: Overview, base: str) -> Iterator[Triple]:
    """Acts of speaking that several articles render, and the links of their statements."""
    for speech in found.speech_events:
        node = NamedNode(f"{base}id/speech/{speech.key}")
        label = shorten(f"{speech.name}, in {len({i.split('#')[0] for i, _, _ in speech.members})} articles")
        yield from described(node, (SPEECH_EVENT,), tagged(label, ENGLISH), (nc("speaker"), NamedNode(speech.actor)))
        for ident, confidence, evidence in speech.members:
            article, fragment = ident.split("#", 1)
            yield Triple(NamedNode(ident), RENDERS, node)
            link = NamedNode(f"{article}#link-{fragment}-speech")
            grounds = Grounds("speaker+words+medium", confidence, evidence)
            yield from _link(link, SPEECH_LINK, f"{fragment} → {speech.key}", (NamedNode(ident), node), grounds)


def candidate_rows(found: Overview, base: str) -> Iterator[Triple]:
    """Pairs of actors, and of acts, that may be one."""
    for pair in found.actors:
        ends = (NamedNode(pair.first), NamedNode(pair.second))
        yield from _candidate(ends, Grounds(pair.method, pair.confidence, pair.evidence), base)
    for act in found.same_acts:
        one, other = found.claims[act.first], found.claims[act.second]
        if one.event and other.event:
            ends = (NamedNode(one.event), NamedNode(other.event))
            yield from _candidate(ends, Grounds("kind+place+words", act.confidence, act.evidence), base)


def _candidate(ends: tuple[NamedNode, NamedNode], grounds: Grounds, base: str) -> Iterator[Triple]:
    node = NamedNode(f"{base}id/link/candidate-{digest(ends[0].value, ends[1].value)}")
    label = f"{ends[0].value.rsplit('/', 1)[-1]} and {ends[1].value.rsplit('/', 1)[-1]} may be one"
    yield from _link(node, CANDIDATE_LINK, label, ends, grounds)
    yield Triple(node, _RELATION, concept("relation", "possibly_same"))


def estimate_rows(found: Overview, nodes: Nodes, shared: Iterable[str]) -> Iterator[Triple]:
    """What each policy makes of the figures of the events with these keys."""
    wanted = set(shared)
    for ledger in found.ledgers:
        if ledger.event not in wanted:
            continue
        for policy in POLICIES:
            made = estimate(ledger, policy)
            if made.best is None:
                continue
            event = nodes.event[ledger.event]
            node = NamedNode(f"{nodes.base}id/estimate/{digest(event.value, ledger.measure, ledger.counts, policy)}")
            label = f"{ledger.measure.replace('_', ' ')}, {ledger.counts}: {made.best:,} ({policy})"
            edges = ((nc("lowest"), made.low), (nc("best"), made.best), (nc("highest"), made.high))
            yield from described(
                node,
                (ESTIMATE,),
                tagged(label, ENGLISH),
                (nc("estimateOf"), event),
                (nc("policy"), concept("policy", policy)),
                (terms.MEASURE, concept("measure", ledger.measure)),
                (terms.COUNTS, _counted(ledger.counts, nodes.base)),
                *((predicate, integer(number)) for predicate, number in edges if number is not None),
                *((nc("basis"), NamedNode(claim)) for claim in made.basis),
            )


def _counted(code: str, base: str) -> NamedNode:
    return concept("counts", code) if code in codes("counts") else NamedNode(f"{base}id/counted/{iris.slug(code)}")
