"""One nanopublication a claim: assertion, provenance, publication info with a content hash, as TriG.

The shape is that of nanopub.org; names come from the claims' IRIs, nothing is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.export.sorting import graphs
from kg.ontology import PROV, RDF, RDFS, nc
from kg.store.dump import canonical_lines

NP = "http://www.nanopub.org/nschema#"
_TYPE = NamedNode(RDF + "type")
_LABEL = NamedNode(RDFS + "label")
_STATEMENT, _ARTICLE, _MENTION = nc("Statement"), nc("Article"), nc("mention")
_IN_ARTICLE, _EXTRACTED_BY, _HASH = nc("inArticle"), nc("extractedBy"), nc("contentHash")
_HOW = frozenset({_EXTRACTED_BY, nc("rule"), nc("confidence")})  # told by the provenance, not the assertion
_DERIVED, _GENERATED = NamedNode(PROV + "wasDerivedFrom"), NamedNode(PROV + "wasGeneratedBy")


def nanopublications(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads of all nanopublications, claim by claim; shared graphs are not repeated in them."""
    for _, rows in graphs(quads):
        nodes: dict[NamedNode, list[Triple]] = {}
        for row in rows:
            if isinstance(row.subject, NamedNode):
                nodes.setdefault(row.subject, []).append(row.triple)
        kinds = {s: {t.object for t in about if t.predicate == _TYPE} for s, about in nodes.items()}
        closed = {s for s, types in kinds.items() if types & {_STATEMENT, _ARTICLE}}
        for claim, types in kinds.items():
            if _STATEMENT in types:
                yield from _nanopublication(claim, nodes, closed)


def _closure(claim: NamedNode, nodes: dict[NamedNode, list[Triple]], closed: set[NamedNode]) -> list[Triple]:
    """The claim and what it consists of; other claims and the article are only named."""
    seen, queue, found = {claim}, [claim], []
    while queue:
        for triple in nodes[queue.pop()]:
            if triple.predicate == _MENTION:
                continue
            found.append(triple)
            there = triple.object
            if isinstance(there, NamedNode) and there in nodes and there not in seen and there not in closed:
                seen.add(there)
                queue.append(there)
    return found


def _nanopublication(claim: NamedNode, nodes: dict[NamedNode, list[Triple]], closed: set[NamedNode]) -> Iterator[Quad]:
    whole = NamedNode(claim.value.replace("/id/article/", "/id/nanopub/").replace("#", "/"))
    head, assertion, provenance, info = (
        NamedNode(f"{whole.value}#{part}") for part in ("Head", "assertion", "provenance", "pubinfo")
    )
    found = _closure(claim, nodes, closed)
    asserted = [Quad(t.subject, t.predicate, t.object, assertion) for t in found if t.predicate not in _HOW]
    yield Quad(whole, _TYPE, NamedNode(NP + "Nanopublication"), head)
    yield Quad(whole, NamedNode(NP + "hasAssertion"), assertion, head)
    yield Quad(whole, NamedNode(NP + "hasProvenance"), provenance, head)
    yield Quad(whole, NamedNode(NP + "hasPublicationInfo"), info, head)
    yield from asserted
    run = next((t.object for t in nodes[claim] if t.predicate == _EXTRACTED_BY), None)
    article = next((t.object for t in nodes[claim] if t.predicate == _IN_ARTICLE), None)
    if isinstance(article, NamedNode):
        yield Quad(assertion, _DERIVED, article, provenance)
    yield from (Quad(t.subject, t.predicate, t.object, provenance) for t in found if t.predicate in _HOW)
    label = next((t.object for t in nodes[claim] if t.predicate == _LABEL), None)
    if isinstance(label, Literal):
        yield Quad(whole, _LABEL, label, info)
    if isinstance(run, NamedNode):
        yield Quad(whole, _GENERATED, run, info)
    yield Quad(whole, _HASH, Literal(content_hash(asserted)), info)


def content_hash(asserted: Iterable[Quad]) -> str:
    """SHA-256 of an assertion: of its sorted N-Quads lines, each with a line feed."""
    text = "".join(f"{line}\n" for line in canonical_lines(asserted))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
