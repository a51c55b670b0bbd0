"""JSON-LD: one tree for each claim, in the terms of `ontology/context.jsonld`, with all that the quads say.

Written here because the result is framed (figures, spans, actors stand inside the claim that names them first)
and is streamed graph by graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.errors import LexiconError
from kg.export.sorting import graphs, value_of
from kg.ontology import PREFIXES, RDF, RDFS, XSD, nc
from kg.settings import resource

_TYPE = RDF + "type"
_LABEL = RDFS + "label"
_STRING = XSD + "string"
_ROOTS = frozenset(nc(name).value for name in ("Article", "Statement", "Event", "Link", "ArticleGraph", "Run"))


@cache
def context() -> dict[str, Any]:
    """The `@context` of `ontology/context.jsonld`. Raises LexiconError if the file is not JSON."""
    path = resource("ontology") / "context.jsonld"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise LexiconError(f"expected a JSON object with @context, found: {error}", where=str(path)) from error
    return found


@lru_cache(maxsize=4096)
def _term_of(iri: str) -> str:
    """The context's term for an IRI, or a prefixed name, or the IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            entry = context().get(local)
            mapped = entry.get("@id") if isinstance(entry, dict) else entry
            return local if mapped == f"{prefix}:{local}" else f"{prefix}:{local}"
    return iri


@lru_cache(maxsize=4096)
def _coercion(term: str) -> str | None:
    entry = context().get(term)
    kind = entry.get("@type") if isinstance(entry, dict) else None
    return kind if kind is None or kind.startswith("@") else _expanded(kind)


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES.get(prefix, prefix + ":") + local


def documents(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The document in pieces: `{"@context": …, "@graph": [` one object a named graph `]}`."""
    yield b'{"@context":' + _dump(context()) + b',\n"@graph":[\n'
    separator = b""
    for name, rows in graphs(quads):
        if name is None:
            trees = [_dump(tree) for tree in _trees(rows)]
            yield separator + b",\n".join(trees)
        else:
            yield separator + _dump({"@id": name.value, "@graph": list(_trees(rows))})
        separator = b",\n"
    yield b"\n]}\n"


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _trees(rows: list[Quad]) -> Iterator[dict[str, Any]]:
    """Roots first (articles, claims, events), each holding what it alone names; then what is left."""
    nodes: dict[str, list[Quad]] = {}
    for row in rows:
        nodes.setdefault(_id(row.subject), []).append(row)
    roots = [
        key
        for key, about in nodes.items()
        if any(q.predicate.value == _TYPE and value_of(q.object) in _ROOTS for q in about)
    ]
    left = set(nodes) - set(roots)
    for key in roots:
        yield _node(key, nodes, left)
    while left:
        key = min(left)
        left.remove(key)
        yield _node(key, nodes, left)


def _id(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    raise LexiconError(f"expected a node, found {term}: JSON-LD has no place for it")


def _node(key: str, nodes: dict[str, list[Quad]], left: set[str]) -> dict[str, Any]:
    """The node with everything said of it; nodes in `left` are written inside and taken off `left`."""
    out: dict[str, Any] = {"@id": key}
    for row in nodes[key]:
        predicate = row.predicate.value
        if predicate == _TYPE:
            out.setdefault("@type", []).append(_term_of(value_of(row.object)))
            continue
        term = _term_of(predicate)
        if predicate == _LABEL and isinstance(row.object, Literal) and row.object.language:
            out.setdefault(term, {}).setdefault(row.object.language, []).append(row.object.value)
            continue
        out.setdefault(term, []).append(_value(term, row.object, nodes, left))
    return {name: _single(value) for name, value in out.items()}


def _single(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    if isinstance(value, dict) and not any(name.startswith("@") for name in value):
        return {name: _single(part) for name, part in value.items()}
    return value


def _value(term: str, value: object, nodes: dict[str, list[Quad]], left: set[str]) -> Any:
    kind = _coercion(term)
    if isinstance(value, Literal):
        return _literal(value, kind)
    key = _id(value)
    if key in left:
        left.remove(key)
        return _node(key, nodes, left)
    if kind == "@vocab":
        return _term_of(key)
    return key if kind == "@id" else {"@id": key}


def _literal(value: Literal, kind: str | None) -> Any:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == _STRING and kind is None:
        return value.value
    return value.value if datatype == kind else {"@value": value.value, "@type": _term_of(datatype)}
