"""The shapes run over quads directly: what pySHACL finds, fast enough for every article that is built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kg.ontology import RDF, XSD
from kg.validate.findings import Finding
from kg.validate.shapes import Property, Select, Shape, shapes

Term = NamedNode | BlankNode | Literal | Triple
Index = dict[Term, dict[str, list[Term]]]

_TYPE = RDF + "type"
_DATE = r"-?\d{4,}-\d\d-\d\d"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_LEXICAL = {
    XSD + "integer": re.compile(r"[+-]?\d+"),
    XSD + "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    XSD + "boolean": re.compile(r"true|false|0|1"),
    XSD + "date": re.compile(_DATE + _ZONE),
    XSD + "dateTime": re.compile(_DATE + r"T\d\d:\d\d:\d\d(\.\d+)?" + _ZONE),
}

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


def findings(quads: Iterable[Quad]) -> tuple[Finding, ...]:
    """All faults of a graph (graph names do not matter), sorted."""
    rows = list(quads)
    index: Index = {}
    members: dict[str, list[Term]] = {}
    for row in rows:
        predicate = row.predicate.value
        index.setdefault(row.subject, {}).setdefault(predicate, []).append(row.object)
        if predicate == _TYPE:
            members.setdefault(_words(row.object), []).append(row.subject)
    store = Store()
    store.extend(rows)
    found: list[Finding] = []
    for shape in shapes():
        for focus in _targets(shape, index, members):
            found += _node(shape, focus, index)
        for select in shape.selects:
            if not select.starts_from or select.starts_from in members:
                found += _selected(select, store)
    return tuple(sorted(set(found)))


def _targets(shape: Shape, index: Index, members: dict[str, list[Term]]) -> Iterable[Term]:
    if shape.target_class:
        return members.get(shape.target_class, ())
    return [subject for subject, facts in index.items() if shape.target_subjects_of in facts]


def _node(shape: Shape, focus: Term, index: Index) -> list[Finding]:
    found: list[Finding] = []
    if shape.node_kind and not isinstance(focus, NamedNode):
        found.append(Finding(_words(focus), "", "NodeKind", _words(focus), ""))
    facts = index[focus]
    for rule in shape.properties:
        values = facts.get(rule.path, [])
        if values or rule.min_count or rule.has_value is not None:  # all other rules are about values
            for constraint, value in _faults(rule, values, index):
                found.append(Finding(_words(focus), rule.path, constraint, value, rule.message))
    return found


def _faults(rule: Property, values: list[Term], index: Index) -> Iterator[tuple[str, str]]:
    if len(values) > 1:
        values = list(dict.fromkeys(values))
    if rule.min_count is not None and len(values) < rule.min_count:
        yield "MinCount", ""
    if rule.max_count is not None and len(values) > rule.max_count:
        yield "MaxCount", ""
    if rule.has_value is not None and all(_words(value) != rule.has_value for value in values):
        yield "HasValue", ""
    if rule.about_values:
        for value in values:
            for constraint in _broken(rule, value, index):
                yield constraint, _words(value)


def _broken(rule: Property, value: Term, index: Index) -> Iterator[str]:
    if rule.datatype and not _is_of(value, rule.datatype):
        yield "Datatype"
    if rule.node_kind and not isinstance(value, NamedNode):
        yield "NodeKind"
    if rule.cls and NamedNode(rule.cls) not in index.get(value, {}).get(_TYPE, ()):
        yield "Class"
    if rule.pattern and not re.search(rule.pattern, _words(value)):
        yield "Pattern"
    if rule.one_of is not None and _words(value) not in rule.one_of:
        yield "In"
    if rule.low is not None and not _at_least(_number(value), rule.low):
        yield "MinInclusive"
    if rule.high is not None and not _at_least(rule.high, _number(value)):
        yield "MaxInclusive"


def _is_of(value: Term, datatype: str) -> bool:
    if not isinstance(value, Literal) or value.datatype.value != datatype:
        return False
    lexical = _LEXICAL.get(datatype)
    return lexical is None or lexical.fullmatch(value.value) is not None


def _number(value: Term) -> Decimal | None:
    """The number that a literal writes; None for anything else."""
    if not isinstance(value, Literal) or value.datatype.value not in _NUMBERS:
        return None
    try:
        return Decimal(value.value)
    except InvalidOperation:
        return None


def _at_least(number: Decimal | None, bound: Decimal | None) -> bool:
    return number is not None and bound is not None and number >= bound


def _selected(select: Select, store: Store) -> Iterator[Finding]:
    rows = store.query(select.query, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions), select.name  # noqa: S101 - shapes.ttl holds SELECT queries only
    has_value = any(variable.value == "value" for variable in rows.variables)
    for row in rows:
        value = row["value"] if has_value else row["this"]
        yield Finding(_words(row["this"]), select.name, "SPARQL", _words(value), select.message)


def _words(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else ""
