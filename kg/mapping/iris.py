"""How things are named: IRIs from content and offsets, never from running numbers."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from pyoxigraph import NamedNode

from kg.types import ActorKind, Place, Report, Run, Span, Statement

_SLUG_LENGTH = 60  # longer slugs are cut and get a digest, so that IRIs stay readable in a table


def digest(text: str) -> str:
    """The first eight hexadecimal digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def slug(text: str) -> str:
    """`text` as part of an IRI: lower case, accents dropped, words joined by hyphens; never empty."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", "-", kept).strip("-")
    if len(words) > _SLUG_LENGTH:
        return f"{words[:_SLUG_LENGTH].rstrip('-')}-{digest(words)}"
    return words or digest(text)


def short(sha256: str) -> str:
    """The part of an article's SHA-256 that names it in IRIs."""
    return sha256[:16]


def article(base: str, sha256: str) -> str:
    """IRI of the article whose text has this SHA-256."""
    return f"{base}id/article/{short(sha256)}"


def article_graph(base: str, sha256: str) -> NamedNode:
    """Name of the graph that holds what one article says."""
    return NamedNode(f"{base}graph/article/{short(sha256)}")


def graph(base: str, name: str) -> NamedNode:
    """Name of a shared graph: "entities", "links", "provenance", "inferred"."""
    return NamedNode(f"{base}graph/{name}")


def offsets(span: Span) -> str:
    """The part of a fragment that says where something stands."""
    return f"{span.start}-{span.end}"


def statement_fragment(statement: Statement) -> str:
    """Fragment of an attributed statement."""
    return f"statement-{offsets(statement.content)}"


def report_fragment(report: Report) -> str:
    """Fragment of a report: measure, and where its figure or else its trigger stands."""
    span = report.figure.span if report.figure else report.trigger
    return f"report-{report.measure}-{offsets(span)}"


def distinct(fragments: list[str], items: list[str]) -> tuple[str, ...]:
    """`fragments` with a digest of the item added where another item has the same fragment already."""
    taken: set[str] = set()
    out = []
    for fragment, item in zip(fragments, items, strict=True):
        name = fragment if fragment not in taken else f"{fragment}-{digest(item)}"
        taken.add(name)
        out.append(name)
    return tuple(out)


def actor_name(name: str, kind: ActorKind | None) -> str:
    """The part of an actor's IRI that says who it is, in fragments and shared IRIs."""
    return f"{kind.value.replace('_', '-')}-{slug(name)}" if kind else slug(name)


def place_name(place: Place) -> str:
    """The part of a shared place's IRI that says which it is: gazetteer identifier, or else the name."""
    return slug(place.gazetteer_id or place.name)


def place_fragment(place: Place) -> str:
    """Fragment of a place as an article prints it; two places of one name stay two."""
    known = f"-{slug(place.gazetteer_id)}" if place.gazetteer_id else ""
    return f"place-{slug(place.name)}{known}"


def run(base: str, settings: Run) -> NamedNode:
    """IRI of a run: the same software, model, rules, settings and time have the same IRI."""
    return NamedNode(f"{base}id/run/{hashlib.sha256(repr(settings).encode('utf-8')).hexdigest()[:16]}")
