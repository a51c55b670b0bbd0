"""Statements, reports, figures and times of one article as triples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from kg.mapping import iris, terms
from kg.mapping.frame import (
    ENGLISH,
    Frame,
    actor_node,
    decimal,
    described,
    document_node,
    integer,
    node,
    place_node,
    role_name,
    sentence_rows,
    shorten,
    spanned,
    tagged,
    text,
)
from kg.ontology import blames_agent, codes, concept
from kg.types import Figure, Place, Reading, Rejected, Report, Role, Source, Statement, TimeScope


def statement_nodes(frame: Frame, reading: Reading) -> tuple[NamedNode, ...]:
    """One node for each attributed statement, in order."""
    fragments = [iris.statement_fragment(s) for s in reading.statements]
    return tuple(node(frame, f) for f in iris.distinct(fragments, [repr(s) for s in reading.statements]))


def report_nodes(frame: Frame, reading: Reading) -> tuple[NamedNode, ...]:
    """One node for each report, in order."""
    fragments = [iris.report_fragment(r) for r in reading.reports]
    return tuple(node(frame, f) for f in iris.distinct(fragments, [repr(r) for r in reading.reports]))


def figure_node(report: NamedNode) -> NamedNode:
    """The node of a report's figure."""
    return NamedNode(report.value.replace("#report-", "#figure-"))


def counted(frame: Frame, code: str) -> NamedNode:
    """The node of a counted kind: of the ontology, or of our own data where its list does not know it."""
    return (
        concept("counts", code) if code in codes("counts") else NamedNode(f"{frame.base}id/counted/{iris.slug(code)}")
    )


def _common(
    frame: Frame, subject: NamedNode, claim: Statement | Report, label: str, kind: NamedNode
) -> Iterator[Triple]:
    yield from described(
        subject,
        (terms.STATEMENT, kind),
        tagged(label, ENGLISH),
        (terms.IN_ARTICLE, NamedNode(frame.iri)),
        (terms.EXTRACTED_BY, frame.run),
        (terms.CONFIDENCE, decimal(claim.confidence)),
        (terms.RULE, text(claim.rule)),
    )
    if claim.status:
        yield Triple(subject, terms.STATUS, concept("status", claim.status.value))
    yield from _source(frame, subject, claim.source)


def _source(frame: Frame, subject: NamedNode, source: Source | None) -> Iterator[Triple]:
    if source is None:
        return
    yield Triple(subject, terms.CLAIMANT, actor_node(frame, source.name, source.kind))
    yield Triple(subject, terms.RESOLUTION, concept("resolution", source.resolution.value))
    yield from spanned(frame, subject, terms.SOURCE_SPAN, source.span)
    yield from spanned(frame, subject, terms.ANTECEDENT_SPAN, source.antecedent)


def statement_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """All triples of the attributed statements."""
    nodes = statement_nodes(frame, reading)
    for subject, statement in zip(nodes, reading.statements, strict=True):
        words = statement.content.of(frame.article.text)
        speaker = statement.source.name if statement.source else "(nobody named)"
        yield from _common(frame, subject, statement, shorten(f"{speaker}: {words}"), terms.ATTRIBUTED)
        yield Triple(subject, terms.QUOTATION_MODE, concept("mode", statement.mode.value))
        yield from spanned(frame, subject, terms.CONTENT_SPAN, statement.content)
        yield from spanned(frame, subject, terms.CUE_SPAN, statement.cue)
        yield from sentence_rows(frame, subject, (statement.content, statement.cue))
        if statement.parent is not None:
            yield Triple(subject, terms.EMBEDDED_IN, nodes[statement.parent])
        yield from _parties(frame, subject, statement)


def _parties(frame: Frame, subject: NamedNode, statement: Statement) -> Iterator[Triple]:
    if statement.conveyed_by:
        conveyor = statement.conveyed_by
        yield Triple(subject, terms.CONVEYED_BY, actor_node(frame, conveyor.name, conveyor.kind))
    if statement.document:
        yield Triple(subject, terms.SOURCE_DOCUMENT, document_node(frame, statement.document.name))
    yield from _acting(frame, subject, statement.addressee, terms.ADDRESSEE, terms.ADDRESSEE_SPAN)
    yield from _acting(frame, subject, statement.responsible, terms.RESPONSIBLE, terms.RESPONSIBLE_SPAN)
    yield from _time(frame, subject, terms.SAID_AT, statement.said_at)


def _acting(
    frame: Frame, subject: NamedNode, role: Role | None, predicate: NamedNode, where: NamedNode
) -> Iterator[Triple]:
    if role:
        yield Triple(subject, predicate, actor_node(frame, role_name(role)))
        yield from spanned(frame, subject, where, role.span)


def report_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """All triples of the reports and their figures."""
    statements = statement_nodes(frame, reading)
    nodes = report_nodes(frame, reading)
    for subject, report in zip(nodes, reading.reports, strict=True):
        yield from _common(frame, subject, report, _report_label(report), terms.REPORT)
        yield Triple(subject, terms.EVENT_KIND, text(report.event))
        yield Triple(subject, terms.MEASURE, concept("measure", report.measure))
        yield from _counts(frame, subject, report.figure.counts if report.figure else report.counts)
        yield from spanned(frame, subject, terms.TRIGGER_SPAN, report.trigger)
        yield from sentence_rows(frame, subject, (report.trigger, report.figure.span if report.figure else None))
        if report.statement is not None:
            yield Triple(subject, terms.EXPRESSED_IN, statements[report.statement])
        if report.figure:
            yield from _figure(frame, subject, report.figure, report.measure)
            if report.part_of is not None and reading.reports[report.part_of].figure:
                yield Triple(figure_node(subject), terms.PART_OF_FIGURE, figure_node(nodes[report.part_of]))
        yield from _roles(frame, subject, report)


def _report_label(report: Report) -> str:
    what = report.figure.text if report.figure else report.event
    status = "" if report.status.value == "happened" else f" ({report.status.value})"
    speaker = f", according to {report.source.name}" if report.source else ""
    return shorten(f"{report.measure.replace('_', ' ')}{status}: {' '.join(what.split())}{speaker}")


def _counts(frame: Frame, subject: NamedNode, code: str) -> Iterator[Triple]:
    kind = counted(frame, code)
    yield Triple(subject, terms.COUNTS, kind)
    if code not in codes("counts"):
        yield from described(kind, (terms.COUNTED_KIND,), tagged(code, ENGLISH), (terms.NOTATION, text(code)))


def _figure(frame: Frame, report: NamedNode, figure: Figure, measure: str) -> Iterator[Triple]:
    subject = figure_node(report)
    yield Triple(report, terms.HAS_FIGURE, subject)
    yield from described(
        subject,
        (terms.FIGURE,),
        tagged(shorten(figure.text), frame.language),
        (terms.IN_ARTICLE, NamedNode(frame.iri)),
        (terms.SURFACE, text(figure.text)),
        (terms.EXACTNESS, concept("exactness", figure.exactness.value)),
        (terms.MEASURE, concept("measure", measure)),
    )
    yield from _counts(frame, subject, figure.counts)
    yield from spanned(frame, subject, terms.SPAN_OF, figure.span)
    for predicate, number in ((terms.VALUE, figure.value), (terms.LOW, figure.low), (terms.HIGH, figure.high)):
        if number is not None:
            yield Triple(subject, predicate, integer(number))
    if figure.derived:
        yield Triple(subject, terms.DERIVED, Literal("true", datatype=terms.BOOLEAN))


def _roles(frame: Frame, subject: NamedNode, report: Report) -> Iterator[Triple]:
    places = (report.origin, report.destination, report.place)
    for predicates, place in zip(terms.PLACE_ROLES, places, strict=True):
        yield from _placed(frame, subject, place, predicates)
    yield from _acting(frame, subject, report.agent, terms.AGENT, terms.AGENT_SPAN)
    if report.agent:
        yield from _inherited(subject, terms.AGENT_EVIDENCE, report.agent.inherited)
        if blames_agent(report.event):
            yield from _acting(frame, subject, report.agent, terms.RESPONSIBLE, terms.RESPONSIBLE_SPAN)
    worded = (
        (report.cause, terms.CAUSE, terms.CAUSE_SPAN, terms.CAUSE_EVIDENCE),
        (report.vehicle, terms.VEHICLE, terms.VEHICLE_SPAN, terms.VEHICLE_EVIDENCE),
    )
    for role, predicate, where, evidence in worded:
        if role:
            yield Triple(subject, predicate, text(role_name(role)))
            yield from spanned(frame, subject, where, role.span)
            yield from _inherited(subject, evidence, role.inherited)
    yield from _time(frame, subject, terms.TIME, report.time)


def _placed(
    frame: Frame, subject: NamedNode, place: Place | None, predicates: tuple[NamedNode, NamedNode, NamedNode]
) -> Iterator[Triple]:
    predicate, where, evidence = predicates
    if place:
        yield Triple(subject, predicate, place_node(frame, place))
        yield from spanned(frame, subject, where, place.span)
        yield from _inherited(subject, evidence, place.inherited)


def _inherited(subject: NamedNode, predicate: NamedNode, whence: str | None) -> Iterator[Triple]:
    if whence:
        yield Triple(subject, predicate, text(whence))


def _time(frame: Frame, subject: NamedNode, predicate: NamedNode, time: TimeScope | None) -> Iterator[Triple]:
    if time is None:
        return
    there = node(frame, f"time-{iris.offsets(time.span)}")
    yield Triple(subject, predicate, there)
    yield from described(
        there,
        (terms.TIME_SCOPE,),
        tagged(shorten(time.text), frame.language),
        (terms.IN_ARTICLE, NamedNode(frame.iri)),
        (terms.SURFACE, text(time.text)),
    )
    yield from spanned(frame, there, terms.SPAN_OF, time.span)
    if time.timex:
        yield Triple(there, terms.TIMEX, text(time.timex))
    if time.earliest:
        yield Triple(there, terms.EARLIEST, _moment(time.earliest, "00:00:00"))
    if time.latest:
        yield Triple(there, terms.LATEST, _moment(time.latest, "23:59:59"))


def _moment(day: date, clock: str) -> Literal:
    return Literal(f"{day.isoformat()}T{clock}", datatype=terms.DATETIME)


def rejected_rows(frame: Frame, rejected: tuple[Rejected, ...]) -> Iterator[Triple]:
    """What was not taken, and why."""
    for item in rejected:
        subject = node(frame, f"rejected-{item.kind}-{iris.offsets(item.span)}-{iris.digest(item.rule + item.reason)}")
        yield from described(
            subject,
            (terms.REJECTED,),
            tagged(shorten(f"rejected {item.kind}: {item.reason}"), ENGLISH),
            (terms.IN_ARTICLE, NamedNode(frame.iri)),
            (terms.REJECTED_KIND, text(item.kind)),
            (terms.REASON, text(item.reason)),
            (terms.RULE, text(item.rule)),
        )
        yield from spanned(frame, subject, terms.SPAN_OF, item.span)
