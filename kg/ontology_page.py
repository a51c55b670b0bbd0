"""The ontology's documentation and JSON-LD context, made from its Turtle.

`python -m kg.ontology_page` writes `ontology/README.md`, `ontology/index.html` and `ontology/context.jsonld`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Node, URIRef
from rdflib.collection import Collection

from kg.ontology import NAMESPACE, PREFIXES, ontology_file

_KINDS = (
    ("Classes", OWL.Class),
    ("Properties between nodes", OWL.ObjectProperty),
    ("Properties with values", OWL.DatatypeProperty),
    ("Annotation properties", OWL.AnnotationProperty),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term as the page shows it; names are prefixed."""

    name: str  # local name
    label: str
    definition: str
    example: str
    parents: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    notes: tuple[str, ...]  # functional, inverse of, follows from a chain


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the page."""

    title: str
    terms: tuple[Term, ...]


def load(path: Path | None = None) -> Graph:
    """The ontology as an rdflib graph."""
    return Graph().parse(path or ontology_file(), format="turtle")


def short(node: Node) -> str:
    """A prefixed name for an IRI of a known namespace, else the IRI."""
    for prefix, namespace in PREFIXES.items():
        if str(node).startswith(namespace):
            return f"{prefix}:{str(node)[len(namespace) :]}"
    return str(node)


def _named(graph: Graph, subject: Node, predicate: URIRef) -> tuple[str, ...]:
    return tuple(sorted(short(o) for o in graph.objects(subject, predicate) if isinstance(o, URIRef)))


def _text(graph: Graph, subject: Node, predicate: URIRef) -> str:
    return str(graph.value(subject, predicate) or "")


def _notes(graph: Graph, subject: Node) -> tuple[str, ...]:
    notes = ["at most one"] if (subject, RDF.type, OWL.FunctionalProperty) in graph else []
    notes += [f"inverse of {name}" for name in _named(graph, subject, OWL.inverseOf)]
    chains = (Collection(graph, chain) for chain in graph.objects(subject, OWL.propertyChainAxiom))
    notes += sorted("follows from " + " then ".join(short(step) for step in chain) for chain in chains)
    notes += ["defined class"] if (subject, OWL.equivalentClass, None) in graph else []
    return tuple(notes)


def _term(graph: Graph, subject: Node) -> Term:
    parents = _named(graph, subject, RDFS.subClassOf)
    return Term(
        name=str(subject)[len(NAMESPACE) :],
        label=_text(graph, subject, RDFS.label),
        definition=_text(graph, subject, SKOS.definition),
        example=_text(graph, subject, SKOS.example),
        parents=parents,
        domain=_named(graph, subject, RDFS.domain),
        range=_named(graph, subject, RDFS.range),
        notes=_notes(graph, subject),
    )


def _ours(graph: Graph, kind: URIRef) -> list[Node]:
    return sorted((s for s in graph.subjects(RDF.type, kind) if str(s).startswith(NAMESPACE)), key=str)


def sections(graph: Graph) -> tuple[Section, ...]:
    """The tables: classes, properties, and one for each value list."""
    tables = [Section(title, tuple(_term(graph, s) for s in _ours(graph, kind))) for title, kind in _KINDS]
    for scheme in _ours(graph, SKOS.ConceptScheme):
        members = sorted(graph.subjects(SKOS.inScheme, scheme), key=str)
        tables.append(Section(f"Values: {_text(graph, scheme, RDFS.label)}", tuple(_term(graph, m) for m in members)))
    return tuple(tables)


def header(graph: Graph) -> dict[str, str]:
    """What the ontology says of itself: local name of the annotation -> its words."""
    ontology = graph.value(None, RDF.type, OWL.Ontology)
    said = graph.predicate_objects(ontology) if ontology else ()
    return {"iri": str(ontology)} | {str(p).rpartition("/")[2].rpartition("#")[2]: str(o) for p, o in said}


def page(graph: Graph, template: Path) -> str:
    """The documentation by a Jinja template (Markdown or HTML)."""
    environment = jinja2.Environment(
        autoescape=template.name.endswith(".html"), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    made = environment.from_string(template.read_text(encoding="utf-8"))
    figure, drawing = ((template.parent / name).read_text(encoding="utf-8") for name in ("figure.mmd", "figure.svg"))
    said = {"header": header(graph), "sections": sections(graph), "namespace": NAMESPACE}
    return made.render(**said, figure=figure, drawing=drawing)


def context(graph: Graph) -> dict[str, Any]:
    """The JSON-LD context that covers every term of the ontology."""
    made: dict[str, Any] = {"@version": 1.1, "@vocab": NAMESPACE, **PREFIXES}
    made["label"] = {"@id": "rdfs:label", "@container": "@language"}
    made |= {name: {"@id": f"dcterms:{name}"} for name in ("identifier", "title")}
    made["notation"] = {"@id": "skos:notation"}
    for name in ("wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith", "used", "wasRevisionOf"):
        made[name] = {"@id": f"prov:{name}", "@type": "@id"}
    made["startedAtTime"] = {"@id": "prov:startedAtTime", "@type": "xsd:dateTime"}
    listed = set(graph.subjects(RDFS.subClassOf, SKOS.Concept))
    for subject in _ours(graph, OWL.Class) + _ours(graph, OWL.NamedIndividual):
        made[_local(subject)] = short(subject)
    for subject in _ours(graph, OWL.ObjectProperty):
        by_name = any(r in listed for r in graph.objects(subject, RDFS.range))
        made[_local(subject)] = {"@id": short(subject), "@type": "@vocab" if by_name else "@id"}
    for subject in _ours(graph, OWL.DatatypeProperty):
        made[_local(subject)] = {"@id": short(subject)} | _coerced(graph.value(subject, RDFS.range))
    made["publishedOn"] = {"@id": "nc:publishedOn", "@type": "xsd:date"}
    for name in ("agentIsResponsible", "singleAct"):
        made[name] = {"@id": f"nc:{name}", "@type": "xsd:boolean"}
    return made


def _local(subject: Node) -> str:
    return str(subject)[len(NAMESPACE) :]


def _coerced(datatype: Node | None) -> dict[str, str]:
    """Data is written with xsd:integer where the ontology allows only numbers from 0."""
    if datatype in (None, XSD.string):
        return {}
    return {"@type": "xsd:integer" if datatype == XSD.nonNegativeInteger else short(datatype)} if datatype else {}


def main() -> None:
    """Writes the three files beside the ontology."""
    graph, folder = load(), ontology_file().parent
    (folder / "README.md").write_text(page(graph, folder / "page" / "page.md"), encoding="utf-8")
    (folder / "index.html").write_text(page(graph, folder / "page" / "page.html"), encoding="utf-8")
    written = json.dumps({"@context": context(graph)}, indent=1, ensure_ascii=False)
    (folder / "context.jsonld").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
