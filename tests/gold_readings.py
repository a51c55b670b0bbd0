"""Hand-made readings for tests: gold JSON (see the annotation guidelines) turned into `Reading` values."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from kg.types import (
    Actor,
    ActorKind,
    Article,
    Exactness,
    Figure,
    Place,
    QuotationMode,
    Reading,
    Report,
    Resolution,
    Role,
    Run,
    Source,
    Span,
    Statement,
    Status,
    TimeScope,
    Zone,
    ZoneKind,
)

BASE = "https://w3id.org/newsclaims/"
RUN = Run("newsclaims 0.0.0", "gold", "0" * 64, "1" * 64)

_KINDS = {
    "John Kerry": ActorKind.PERSON,
    "Bashar al-Assad": ActorKind.PERSON,
    "Russia": ActorKind.STATE,
    "Turkey": ActorKind.STATE,
    "Red Cross": ActorKind.ORGANIZATION,
    "Russian Defence Ministry": ActorKind.ORGANIZATION,
    "Reuters reporter": ActorKind.UNNAMED_PERSON,
    "a rescue service spokesman": ActorKind.UNNAMED_PERSON,
}
_PLACES = {
    "Aleppo": ("geonames:170063", 36.20124, 37.16117, "SY"),
    "Idlib": ("geonames:169389", 35.93062, 36.63393, "SY"),
}


def article_of(text: str, name: str, **meta: Any) -> Article:
    """An article of one body zone."""
    zone = Zone(Span(0, len(text)), ZoneKind.BODY)
    return Article(name, text, hashlib.sha256(text.encode("utf-8")).hexdigest(), (zone,), **meta)


def sentences_of(text: str) -> tuple[Span, ...]:
    """Rough sentences that cover all words: good enough for tests of the mapping."""
    pieces = re.finditer(r"\S(?:[^.!?\n]|[.!?](?![\s\"])|\n(?!\n))*[.!?\n]?\"?", text)
    return tuple(Span(m.start(), m.end()) for m in pieces)


def reading_of(gold: dict[str, Any], text: str) -> Reading:
    """A gold document as a reading."""
    article = article_of(text, gold["doc"])
    statements = tuple(_statement(g) for g in gold["statements"])
    order = {g["id"]: i for i, g in enumerate(gold["reports"])}
    reports = tuple(_report(g, text, order, statements) for g in gold["reports"])
    names = sorted({s.source.name for s in statements if s.source})
    actors = tuple(
        Actor(f"a{i}", name, kind_of(name), _found(name, text)) for i, name in enumerate(names, 1) if name in text
    )
    return Reading(article, sentences_of(text), statements, reports, actors)


def read_gold(gold_file: Path, text_file: Path) -> Reading:
    """The reading of a gold file and its text."""
    return reading_of(json.loads(gold_file.read_text("utf-8")), text_file.read_bytes().decode("utf-8"))


def kind_of(name: str) -> ActorKind:
    """A kind for a gold name: gold does not give one."""
    return _KINDS.get(name, ActorKind.ORGANIZATION if name[:1].isupper() else ActorKind.UNNAMED_GROUP)


def _found(words: str, text: str) -> tuple[Span, ...]:
    return tuple(Span(m.start(), m.end()) for m in re.finditer(re.escape(words), text))


def _span(pair: list[int] | None) -> Span | None:
    return Span(*pair) if pair else None


def _source(name: str | None, span: Span | None) -> Source | None:
    if not name:
        return None
    return Source(name, kind_of(name), span, Resolution.NAME if span else Resolution.FLOATING)


def _statement(g: dict[str, Any]) -> Statement:
    source = _source(g["source"], _span(g["source_span"]))
    return Statement(Span(*g["content_span"]), QuotationMode(g["mode"]), source, _span(g["cue_span"]), "gold", 1.0)


def _figure(g: dict[str, Any], text: str) -> Figure | None:
    span = _span(g["figure_span"])
    if span is None:
        return None
    exactness = Exactness(g["exactness"] or "exact")
    return Figure(span, span.of(text), g["value"], g["low"], g["high"], exactness, g["counts"] or "people")


def _place(name: str | None) -> Place | None:
    if not name:
        return None
    known = _PLACES.get(name)
    if not known:
        return Place(name, None, "article")
    identifier, latitude, longitude, country = known
    return Place(name, None, "article", identifier, latitude, longitude, country, "city")


def _role(words: str | None, text: str) -> Role | None:
    spans = _found(words, text) if words else ()
    return Role(words, spans[0]) if words and spans else None


def _report(g: dict[str, Any], text: str, order: dict[str, int], statements: tuple[Statement, ...]) -> Report:
    trigger = Span(*g["trigger_span"])
    times = _found(g["time_text"], text) if g["time_text"] else ()
    holds = [i for i, s in enumerate(statements) if s.content.covers(trigger)]
    return Report(
        event=g["event"],
        measure=g["measure"],
        status=Status(g["status"]),
        trigger=trigger,
        rule="gold",
        confidence=1.0,
        figure=_figure(g, text),
        counts=g["counts"] or "people",
        part_of=order[g["part_of"]] if g["part_of"] else None,
        statement=holds[0] if holds else None,
        source=_source(g["source"], None),
        origin=_place(g["origin"]),
        destination=_place(g["destination"]),
        place=_place(g["place"]),
        agent=_role(g["agent"], text),
        cause=_role(g["cause"], text),
        time=TimeScope(g["time_text"], times[0]) if times else None,
    )
