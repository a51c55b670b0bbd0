"""Quads as rdflib sees them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple


def rdflib_term(term: NamedNode | BlankNode | Literal | Triple) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """A term for rdflib. Raises ValueError for a triple term, which rdflib does not have."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        plain = term.datatype.value == str(rdflib.XSD.string)
        return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
    raise ValueError(f"expected a node or a literal, found the triple term {term}")


def as_graph(rows: Iterable[Quad | Triple]) -> rdflib.Graph:
    """The triples as one rdflib Graph; graph names are dropped."""
    graph = rdflib.Graph()
    for row in rows:
        graph.add((rdflib_term(row.subject), rdflib_term(row.predicate), rdflib_term(row.object)))
    return graph


def as_dataset(quads: Iterable[Quad]) -> rdflib.Dataset:
    """The quads as an rdflib Dataset whose default graph is the union of all."""
    dataset = rdflib.Dataset(default_union=True)
    for name, rows in groupby(sorted(quads, key=lambda q: str(q.graph_name)), key=lambda q: q.graph_name):
        graph = dataset.default_graph if isinstance(name, DefaultGraph) else dataset.graph(rdflib_term(name))
        for row in rows:
            graph.add((rdflib_term(row.subject), rdflib_term(row.predicate), rdflib_term(row.object)))
    return dataset
