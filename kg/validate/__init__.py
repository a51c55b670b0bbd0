"""Is a graph as `ontology/shapes.ttl` wants it?

`check` is fast and runs on every article that is built; `validate` asks pySHACL. Both read the same file and
find the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad
from rdflib import RDF, SH, Graph, Node

from kg.mapping import as_graph
from kg.validate import compiled
from kg.validate.findings import Finding, Outcome
from kg.validate.shapes import shapes_graph

__all__ = ["Finding", "Outcome", "check", "validate"]


def check(quads: Iterable[Quad]) -> Outcome:
    """The faults of a graph by the compiled shapes. Give an article's graph with what it brings to the shared ones."""
    return Outcome(compiled.findings(quads))


def validate(quads: Iterable[Quad]) -> Outcome:
    """The faults of a graph by pySHACL: slower, and the reference for `check`."""
    import pyshacl  # half a second that a build should not pay

    _, report, _ = pyshacl.validate(as_graph(quads), shacl_graph=shapes_graph(), allow_warnings=False)
    return Outcome(tuple(sorted(_findings(report))))


def _findings(report: Graph) -> set[Finding]:
    return {_finding(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)}


def _finding(report: Graph, result: Node) -> Finding:
    def said(predicate: Node) -> str:
        found = report.value(result, predicate)
        return "" if found is None else str(found)

    component = said(SH.sourceConstraintComponent).rpartition("#")[2].removesuffix("ConstraintComponent")
    query = component == "SPARQL"
    node_kind = component == "NodeKind" and not said(SH.resultPath)
    return Finding(
        focus=said(SH.focusNode),
        path=said(SH.sourceConstraint) if query else said(SH.resultPath),
        constraint=component,
        value=said(SH.value) if component not in {"MinCount", "MaxCount", "HasValue"} else "",
        message="" if node_kind else said(SH.resultMessage),
    )
