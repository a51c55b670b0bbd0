"""One Turtle or RDF/XML file that Protege opens offline: the ontology and all individuals, no graphs, no imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kg.export.sorting import merged, value_of
from kg.ontology import ONTOLOGY, OWL, RDF, triples

_TYPE = NamedNode(RDF + "type")
_INDIVIDUAL = NamedNode(OWL + "NamedIndividual")


def with_ontology(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The ontology, then the data's triples with every node declared an individual.

    The ontology's own graph and its terms' descriptions in `quads` are left out: the file's are used.
    """
    own: set[object] = {t.subject for t in triples()}
    data = (q for q in quads if value_of(q.graph_name) != ONTOLOGY)
    yield from chain(triples(), _individuals(data, own))


def _individuals(quads: Iterable[Quad], own: set[object]) -> Iterator[Triple]:
    last: object = None
    for triple in merged(quads):
        subject = triple.subject
        if isinstance(subject, BlankNode) or subject in own:
            continue
        if subject != last and isinstance(subject, NamedNode):
            yield Triple(subject, _TYPE, _INDIVIDUAL)
            last = subject
        yield triple
