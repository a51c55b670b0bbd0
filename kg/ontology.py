"""The terms of `ontology/newsclaims.ttl`, checked where they are named: a mistyped term fails at import.

Use it for constants: `STATEMENT = nc("Statement")`, `HAPPENED = concept("status", "happened")`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple, parse

from kg.errors import LexiconError
from kg.settings import resource

ONTOLOGY = "https://w3id.org/newsclaims/ontology"
NAMESPACE = ONTOLOGY + "#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"

PREFIXES = {
    "nc": NAMESPACE,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
}

_TYPE = NamedNode(RDF + "type")
_SUBCLASS = NamedNode(RDFS + "subClassOf")


def ontology_file() -> Path:
    """Where `newsclaims.ttl` lies."""
    return resource("ontology") / "newsclaims.ttl"


def load(path: Path) -> tuple[Triple, ...]:
    """The triples of a Turtle file. Raises LexiconError with file and line if it does not parse."""
    try:
        return tuple(quad.triple for quad in parse(path=str(path)))
    except OSError as error:
        raise LexiconError(f"expected a Turtle file, found {error.strerror}", where=str(path)) from error
    except SyntaxError as error:
        hint = "correct the Turtle and try again"
        raise LexiconError(f"expected Turtle, found: {error.msg}", where=f"{path}:{error.lineno}", hint=hint) from error


@cache
def triples() -> tuple[Triple, ...]:
    """All triples of the ontology, read once."""
    return load(ontology_file())


@cache
def _declared() -> dict[str, frozenset[str]]:
    """Local name of each declared term -> the IRIs of its types."""
    found: dict[str, set[str]] = {}
    for triple in triples():
        subject, kind = triple.subject, triple.object
        if triple.predicate != _TYPE or not isinstance(subject, NamedNode) or not isinstance(kind, NamedNode):
            continue
        if subject.value.startswith(NAMESPACE):
            found.setdefault(subject.value[len(NAMESPACE) :], set()).add(kind.value)
    return {name: frozenset(types) for name, types in found.items()}


def names() -> frozenset[str]:
    """The local names of all terms of the ontology."""
    return frozenset(_declared())


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the known name most like `name`."""
    match = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
    return f"did you mean {match[0]!r}?" if match else "no name is known"


def nc(name: str) -> NamedNode:
    """The term `name` of the ontology. Raises LexiconError with the nearest name if there is none."""
    if name not in _declared():
        raise LexiconError(f"expected a term of the ontology, found {name!r}", hint=nearest(name, _declared()))
    return NamedNode(NAMESPACE + name)


def concept(values: str, code: str) -> NamedNode:
    """The value `code` of a value list ("status", "mode", "measure", "counts", "exactness", "resolution")."""
    return nc(f"{values}-{code}")


def codes(values: str) -> frozenset[str]:
    """The codes of a value list, without the list itself."""
    prefix = f"{values}-"
    return frozenset(name[len(prefix) :] for name in _declared() if name.startswith(prefix)) - {"list"}


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    """IRI of each class -> the IRIs of its named direct superclasses."""
    found: dict[str, list[str]] = {}
    for triple in triples():
        child, parent = triple.subject, triple.object
        if triple.predicate == _SUBCLASS and isinstance(child, NamedNode) and isinstance(parent, NamedNode):
            found.setdefault(child.value, []).append(parent.value)
    return {name: tuple(sorted(parents)) for name, parents in found.items()}


def ancestors(term: NamedNode) -> tuple[NamedNode, ...]:
    """The named superclasses of a class, without itself, nearest first."""
    seen: dict[str, None] = {}
    queue = list(_parents().get(term.value, ()))
    while queue:
        name = queue.pop(0)
        if name not in seen:
            seen[name] = None
            queue.extend(_parents().get(name, ()))
    return tuple(NamedNode(name) for name in seen)


@cache
def event_classes() -> dict[str, NamedNode]:
    """Event name as lexicons and reports write it ("evacuation", "air_strike") -> its class."""
    event = nc("Event")
    classes = (nc(name) for name, types in _declared().items() if OWL + "Class" in types)
    return {snake(c.value[len(NAMESPACE) :]): c for c in classes if event in ancestors(c)}


def event_class(name: str) -> NamedNode:
    """The class of an event name. Raises LexiconError with the nearest known event if there is none."""
    known = event_classes()
    if name not in known:
        raise LexiconError(f"expected a kind of event in {ontology_file()}, found {name!r}", hint=nearest(name, known))
    return known[name]


@cache
def blames_agent(event: str) -> bool:
    """True if the agent of a report about this kind of event is held responsible for harm."""
    kinds = {event_class(event), *ancestors(event_class(event))}
    mark = nc("agentIsResponsible")
    return any(t.predicate == mark and t.subject in kinds and t.object == Literal(True) for t in triples())


@cache
def single_act(event: str) -> bool:
    """True if each report about this kind of event tells of an act of its own."""
    kinds = {event_class(event), *ancestors(event_class(event))}
    mark = nc("singleAct")
    return any(t.predicate == mark and t.subject in kinds and t.object == Literal(True) for t in triples())


def snake(name: str) -> str:
    """The event name of a class name: AirStrike -> air_strike."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))
