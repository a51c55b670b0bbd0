"""Canonical dump: the same graph is always the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox


def canonical_lines(quads: Iterable[ox.Quad]) -> list[str]:
    """Sorted N-Quads lines without line ends; blank nodes, if any, named by RDFC-1.0."""
    found = list(quads)
    if any(isinstance(term, ox.BlankNode) for quad in found for term in (quad.subject, quad.object, quad.graph_name)):
        dataset = ox.Dataset(found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        found = list(dataset)
    return sorted(set(serialized(found, ox.RdfFormat.N_QUADS).splitlines()))


def serialized(statements: Iterable[ox.Quad] | Iterable[ox.Triple], kind: ox.RdfFormat) -> str:
    """Quads or triples as text in one RDF format."""
    return (ox.serialize(statements, format=kind) or b"").decode("utf-8")
