"""What validation found, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: a node, and what is wrong with it."""

    focus: str  # IRI of the faulty node
    path: str  # IRI of the predicate, or of the shape's query; "" for the node itself
    constraint: str  # SHACL's name of what is broken: "MinCount", "Datatype", "SPARQL" ...
    value: str  # the faulty value's words or IRI; "" where there is none
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a validation: findings in order."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """True if nothing is wrong."""
        return not self.findings
