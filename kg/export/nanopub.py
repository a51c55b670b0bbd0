"""One nanopublication a claim: assertion, provenance, publication info with a content hash, as TriG.

The shape is that of nanopub.org; names come from the claims' IRIs, nothing is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.export.sorting import graphs
from kg.ontology import PROV, RDF, RDFS, nc
from kg.store.dump import canonical_lines

NP = "http://www.nanopub.org/nschema#"
_TYPE = NamedNode(RDF + "type")
_LABEL = NamedNode(RDFS + "label")
_STATEMENT, _ARTICLE, _MENTION = nc("Statement"), nc("Article"), nc("mention")
_IN_ARTICLE, _EXTRACTED_BY, _HASH = nc("inArticle"), nc("extractedBy"), nc("contentHash")
_HOW = frozenset({_EXTRACTED_BY, nc("rule"), nc("confidence")})  # told by the provenance, not the assertion
# Subject, predicate and object taken out once: each look into a Triple makes new objects.
Row = tuple[NamedNode, NamedNode, NamedNode | BlankNode | Literal | Triple]
_DERIVED, _GENERATED = NamedNode(PROV + "wasDerivedFrom"), NamedNode(PROV + "wasGeneratedBy")


def nanopublications(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads of all nanopublications, claim by claim; shared graphs are not repeated in them."""
    for _, rows in graphs(quads):
        nodes: dict[NamedNode, list[Row]] = {}
        for row in rows:
            subject = row.subject
            if isinstance(subject, NamedNode):
                nodes.setdefault(subject, []).append((subject, row.predicate, row.object))
        kinds = {s: {o for _, p, o in about if p == _TYPE} for s, about in nodes.items()}
        closed = {s for s, types in kinds.items() if types & {_STATEMENT, _ARTICLE}}
        for claim, types in kinds.items():
            if _STATEMENT in types:
                yield from _nanopublication(claim, nodes, closed)


def _closure(claim: NamedNode, nodes: dict[NamedNode, list[Row]], closed: set[NamedNode]) -> list[Row]:
    """The claim and what it consists of; other claims and the article are only named."""
    seen, queue, found = {claim}, [claim], []
    while queue:
        for row in nodes[queue.pop()]:
            if row[1] == _MENTION:
                continue
            found.append(row)
            there = row[2]
            if isinstance(there, NamedNode) and there in nodes and there not in seen and there not in closed:
                seen.add(there)
                queue.append(there)
    return found


def _nanopublication(claim: NamedNode, nodes: dict[NamedNode, list[Row]], closed: set[NamedNode]) -> Iterator[Quad]:
    whole = NamedNode(claim.value.replace("/id/article/", "/id/nanopub/").replace("#", "/"))
    head, assertion, provenance, info = (
        NamedNode(f"{whole.value}#{part}") for part in ("Head", "assertion", "provenance", "pubinfo")
    )
    found = _closure(claim, nodes, closed)
    asserted = [Quad(s, p, o, assertion) for s, p, o in found if p not in _HOW]
    yield Quad(whole, _TYPE, NamedNode(NP + "Nanopublication"), head)
    yield Quad(whole, NamedNode(NP + "hasAssertion"), assertion, head)
    yield Quad(whole, NamedNode(NP + "hasProvenance"), provenance, head)
    yield Quad(whole, NamedNode(NP + "hasPublicationInfo"), info, head)
    yield from asserted
    run = next((o for _, p, o in nodes[claim] if p == _EXTRACTED_BY), None)
    article = next((o for _, p, o in nodes[claim] if p == _IN_ARTICLE), None)
    if isinstance(article, NamedNode):
        yield Quad(assertion, _DERIVED, article, provenance)
    yield from (Quad(s, p, o, provenance) for s, p, o in found if p in _HOW)
    label = next((o for _, p, o in nodes[claim] if p == _LABEL), None)
    if isinstance(label, Literal):
        yield Quad(whole, _LABEL, label, info)
    if isinstance(run, NamedNode):
        yield Quad(whole, _GENERATED, run, info)
    yield Quad(whole, _HASH, Literal(content_hash(asserted)), info)


def content_hash(asserted: Iterable[Quad]) -> str:
    """SHA-256 of an assertion: of its sorted N-Quads lines, each with a line feed."""
    text = "".join(f"{line}\n" for line in canonical_lines(asserted))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
