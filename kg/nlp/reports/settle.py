"""Origin, destination and place of one report: its own words first, then what the words around plainly mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.nlp.heads import lemma
from kg.nlp.reports.inherit import Remembered, inherited
from kg.nlp.reports.linked import Link
from kg.nlp.reports.where import LEAVING, Where, everywhere, placed_beside, where_of
from kg.nlp.syntax import antecedent, governors, subject
from kg.types import Place, Statement


def settle(
    doc: Doc,
    measure: str,
    found: Link,
    places: Sequence[Place],
    statements: Sequence[Statement],
    index: int | None,
    last: Remembered | None,
) -> Where:
    """Where one link's report happened; a place its words do not name says in `inherited` where it was found.

    `index`: the statement the report stands in, if any; `last`: the place of the report before.
    """
    token = doc[found.hit.token]
    anchors: list[Token] = [token]
    if found.theme is not None:
        anchors.insert(0, doc[found.theme])
    if found.candidate is not None and doc[found.candidate.head] not in anchors:
        anchors.insert(0, doc[found.candidate.head])
    anchors += list(governors(token))[:2]
    beside = placed_beside(doc, found.candidate, places, gapped=found.how == "coordinated") if found.candidate else None
    if beside is not None and measure not in LEAVING:
        return Where(None, None, beside)
    where = where_of(doc, measure, anchors, places, token)
    if where.origin or where.place:
        return where
    wide = everywhere(doc, anchors)
    if wide is not None:
        return replace(where, origin=wide) if measure in LEAVING else replace(where, place=wide)
    sources = [s.source.span for s in statements if s.source is not None and s.source.span is not None]
    others = [s.content for i, s in enumerate(statements) if i != index and not _same_speaker(s, statements, index)]
    nearest = _of_speaker(doc, token, statements, index, places)
    if nearest is None and not _of_a_war(doc, token):
        there = where.destination.span if where.destination is not None else None
        open_places = [p for p in places if there is None or p.span is None or not there.overlaps(p.span)]
        nearest = inherited(doc, token, open_places, sources, others, last)
    if nearest is None:
        return where
    return replace(where, origin=nearest) if measure in LEAVING else replace(where, place=nearest)


def _same_speaker(one: Statement, statements: Sequence[Statement], index: int | None) -> bool:
    other = statements[index].source if index is not None else None
    return one.source is not None and other is not None and one.source.name == other.name


def _of_speaker(
    doc: Doc, token: Token, statements: Sequence[Statement], index: int | None, places: Sequence[Place]
) -> Place | None:
    """ "We have evacuated thousands", said an official of Quang Tri: the speaker's own place."""
    if index is None:
        return None
    ours = subject(token)
    source = statements[index].source
    if ours is None or ours.lower_ != "we" or source is None or source.span is None:
        return None
    sentence = doc.char_span(source.span.start, source.span.end, alignment_mode="expand")
    end = sentence.sent.end_char if sentence is not None else source.span.end
    named = [p for p in places if p.span and source.span.start <= p.span.start < end]
    return replace(named[0], inherited="source") if named else None


def _of_a_war(doc: Doc, token: Token) -> bool:
    """True for tolls of a whole war, which no place named nearby bounds."""
    first = subject(token)
    if first is not None and first.lower_ in ("which", "that"):
        first = antecedent(first)
    return first is not None and lemma(first) in ("war", "conflict", "genocide", "epidemic", "pandemic")
