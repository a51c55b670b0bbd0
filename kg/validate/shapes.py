"""`ontology/shapes.ttl` as values: the part of SHACL that the file keeps to, and nothing silently dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from rdflib import RDF, SH, Graph, Node, URIRef
from rdflib.collection import Collection

from kg.errors import LexiconError
from kg.settings import resource

_PROPERTY_TERMS = frozenset(
    {SH.path, SH.message, SH.minCount, SH.maxCount, SH.datatype, SH.nodeKind, SH["class"], SH.pattern}
    | {SH.minInclusive, SH.maxInclusive, SH["in"], SH.hasValue}
)
_FIRST = re.compile(r"WHERE\s*\{\s*\$this a (\w*):(\w+)\s*[.;}]")
_SHAPE_TERMS = frozenset({RDF.type, SH.targetClass, SH.targetSubjectsOf, SH.nodeKind, SH.property, SH.sparql})


@dataclass(frozen=True, slots=True)
class Property:
    """What the values of one predicate must be. None: not constrained."""

    path: str
    message: str
    min_count: int | None
    max_count: int | None
    datatype: str | None
    node_kind: str | None
    cls: str | None
    pattern: str | None
    low: Decimal | None
    high: Decimal | None
    one_of: frozenset[str] | None
    has_value: str | None
    about_values: bool  # each value is looked at by itself


@dataclass(frozen=True, slots=True)
class Select:
    """A query whose rows are faults; `$this` is the faulty node, `?value` what is wrong."""

    name: str
    message: str
    query: str
    starts_from: str | None = None  # the class that its first pattern asks for: without members there are no rows


@dataclass(frozen=True, slots=True)
class Shape:
    """What nodes of a class, or subjects of a property, must fulfil."""

    name: str
    target_class: str | None
    target_subjects_of: str | None
    node_kind: str | None
    properties: tuple[Property, ...]
    selects: tuple[Select, ...]


def shapes_file() -> Path:
    """Where `shapes.ttl` lies."""
    return resource("ontology") / "shapes.ttl"


@cache
def shapes_graph() -> Graph:
    """The shapes as an rdflib graph."""
    return Graph().parse(shapes_file(), format="turtle")


@cache
def shapes() -> tuple[Shape, ...]:
    """All shapes. Raises LexiconError for a SHACL term that is not compiled."""
    graph = shapes_graph()
    return tuple(_shape(graph, s) for s in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str))


def _known(graph: Graph, node: Node, known: frozenset[URIRef]) -> None:
    for predicate in graph.predicates(node):
        if predicate not in known:
            where, hint = str(shapes_file()), "say it with sh:sparql"
            raise LexiconError(f"expected a SHACL term that can be compiled, found {predicate}", where=where, hint=hint)


def _shape(graph: Graph, node: Node) -> Shape:
    _known(graph, node, _SHAPE_TERMS)
    return Shape(
        name=str(node),
        target_class=_text(graph, node, SH.targetClass),
        target_subjects_of=_text(graph, node, SH.targetSubjectsOf),
        node_kind=_text(graph, node, SH.nodeKind),
        properties=tuple(sorted((_property(graph, p) for p in graph.objects(node, SH.property)), key=repr)),
        selects=tuple(sorted((_select(graph, c) for c in graph.objects(node, SH.sparql)), key=repr)),
    )


def _property(graph: Graph, node: Node) -> Property:
    _known(graph, node, _PROPERTY_TERMS)
    listed = graph.value(node, SH["in"])
    datatype, node_kind = _text(graph, node, SH.datatype), _text(graph, node, SH.nodeKind)
    cls, pattern = _text(graph, node, SH["class"]), _text(graph, node, SH.pattern)
    low, high = _decimal(graph, node, SH.minInclusive), _decimal(graph, node, SH.maxInclusive)
    one_of = frozenset(str(item) for item in Collection(graph, listed)) if listed else None
    return Property(
        path=_text(graph, node, SH.path) or "",
        message=_text(graph, node, SH.message) or "",
        min_count=_number(graph, node, SH.minCount),
        max_count=_number(graph, node, SH.maxCount),
        datatype=datatype,
        node_kind=node_kind,
        cls=cls,
        pattern=pattern,
        low=low,
        high=high,
        one_of=one_of,
        has_value=_text(graph, node, SH.hasValue),
        about_values=any(x is not None for x in (datatype, node_kind, cls, pattern, low, high, one_of)),
    )


def _select(graph: Graph, node: Node) -> Select:
    prefixes = graph.value(node, SH.prefixes)
    declared = graph.objects(prefixes, SH.declare)
    head = sorted(f"PREFIX {graph.value(d, SH.prefix)}: <{graph.value(d, SH.namespace)}>" for d in declared)
    query = "\n".join((*head, _text(graph, node, SH.select) or ""))
    spaces = {
        str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace)) for d in graph.objects(prefixes, SH.declare)
    }
    first = _FIRST.search(query)
    starts_from = spaces[first[1]] + first[2] if first else None
    return Select(str(node), _text(graph, node, SH.message) or "", query, starts_from)


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    found = graph.value(node, predicate)
    return None if found is None else str(found)


def _number(graph: Graph, node: Node, predicate: URIRef) -> int | None:
    found = _text(graph, node, predicate)
    return None if found is None else int(found)


def _decimal(graph: Graph, node: Node, predicate: URIRef) -> Decimal | None:
    found = _text(graph, node, predicate)
    return None if found is None else Decimal(found)
