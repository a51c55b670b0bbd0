"""What follows from a graph, and whether it can be true at all.

`inferred` runs the rules of `ontology/rules/*.rq` and needs nothing else. `hermit` asks the HermiT reasoner
(owlready2 and Java, extra `reason`) and is the reference for the rules.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, serialize

from kg.errors import NewsclaimsError, UsageError
from kg.export.extract import each_article
from kg.ontology import NAMESPACE, ONTOLOGY, RDF, nc, triples
from kg.settings import resource

_TYPE = NamedNode(RDF + "type")
_AT_ONCE = 3_000  # triples; HermiT's time grows with their square, and this is about a minute
_UNREASONED = frozenset({nc("Span"), nc("Link"), nc("RejectedCandidate")})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says. Types and relations are those of the data's nodes in our terms, stated and inferred."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()  # IRIs of classes that can have no member
    types: frozenset[tuple[str, str]] = frozenset()  # (node, class)
    relations: frozenset[tuple[str, str, str]] = frozenset()  # (node, property, node)


def reasoned(quads: Iterable[Quad]) -> list[Triple]:
    """The triples that reasoning is about: between nodes, without words at offsets and without link records.

    Nothing in the ontology follows from those, and HermiT's time grows with the square of the nodes.
    """
    rows = [q for q in quads if not isinstance(q.object, Literal)]
    left_out = {q.subject for q in rows if q.predicate == _TYPE and q.object in _UNREASONED}
    return sorted({q.triple for q in rows if q.subject not in left_out and q.object not in left_out}, key=str)


@cache
def rules() -> tuple[tuple[str, str], ...]:
    """Name and CONSTRUCT query of each rule, by name."""
    files = sorted((resource("ontology") / "rules").glob("*.rq"))
    return tuple((path.stem, path.read_text(encoding="utf-8")) for path in files)


def inferred(quads: Iterable[Quad], base: str) -> tuple[Quad, ...]:
    """What follows and is not stated, sorted, as quads of the graph `inferred` under `base`."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in (*triples(), *reasoned(quads)))
    stated = set(store)
    while new := {quad for _, rule in rules() for quad in _constructed(store, rule) if quad not in store}:
        store.extend(new)
    graph = NamedNode(f"{base}graph/inferred")
    found = (q for q in store if q not in stated and _of_data(q))
    return tuple(sorted((Quad(q.subject, q.predicate, q.object, graph) for q in found), key=str))


def _constructed(store: Store, rule: str) -> Iterator[Quad]:
    rows = store.query(rule)
    if isinstance(rows, QueryTriples):
        yield from (Quad(t.subject, t.predicate, t.object) for t in rows)


def _of_data(quad: Quad) -> bool:
    subject = quad.subject
    return isinstance(subject, NamedNode) and not subject.value.startswith((NAMESPACE, "http://www.w3.org/"))


def hermit(quads: Iterable[Quad] = (), more: Iterable[Triple] = ()) -> Verdict:
    """HermiT's verdict on the ontology with the data of `quads` (and further axioms in `more`).

    More data than HermiT can hold is reasoned about article by article; the verdicts are put together.
    Raises UsageError if owlready2 or Java is missing, NewsclaimsError if HermiT breaks down.
    """
    owl, everything, axioms = _owlready(), list(quads), (*triples(), *more)
    data = reasoned(everything)
    if len(data) <= _AT_ONCE:
        return _hermit(owl, {*axioms, *data})
    return _together([_hermit(owl, {*axioms, *reasoned(part)}) for part in each_article(everything)])


def _together(verdicts: list[Verdict]) -> Verdict:
    return Verdict(
        consistent=all(v.consistent for v in verdicts),
        unsatisfiable=tuple(sorted({c for v in verdicts for c in v.unsatisfiable})),
        types=frozenset[tuple[str, str]]().union(*(v.types for v in verdicts)),
        relations=frozenset[tuple[str, str, str]]().union(*(v.relations for v in verdicts)),
    )


def _hermit(owl: Any, rows: set[Triple]) -> Verdict:
    world = owl.World()
    try:
        data = serialize(sorted(rows, key=str), format=RdfFormat.N_TRIPLES) or b""
        world.get_ontology(ONTOLOGY).load(fileobj=io.BytesIO(data))
        with world.get_ontology("urn:newsclaims:inferred"):
            owl.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
        return _verdict(world)
    except owl.OwlReadyInconsistentOntologyError:
        return Verdict(consistent=False)
    except owl.OwlReadyJavaError as error:
        first = str(error).strip().splitlines()[0]
        raise NewsclaimsError(f"HermiT broke down: {first}", hint="check the data with `kg validate` first") from error
    finally:
        world.close()


def _owlready() -> Any:
    try:
        import owlready2
    except ImportError as error:
        hint = "install it with `pip install 'newsclaims[reason]'`"
        raise UsageError("reasoning needs owlready2, which is not installed", hint=hint) from error
    if shutil.which(owlready2.JAVA_EXE) is None:
        hint = "install a Java runtime (Debian: apt install default-jre-headless) or put `java` on the PATH"
        raise UsageError(f"reasoning needs Java 8 or newer, no {owlready2.JAVA_EXE!r} was found", hint=hint)
    return owlready2


def _verdict(world: Any) -> Verdict:
    unsatisfiable = tuple(sorted(c.iri for c in world.inconsistent_classes() if c.iri.startswith(NAMESPACE)))
    members = {
        (one.iri, cls.iri) for cls in world.classes() if cls.iri.startswith(NAMESPACE) for one in cls.instances(world)
    }
    related = {
        (one.iri, relation.iri, other.iri)
        for relation in world.object_properties()
        if relation.iri.startswith(NAMESPACE)
        for one, other in relation.get_relations()
    }
    return Verdict(
        consistent=True,
        unsatisfiable=unsatisfiable,
        types=frozenset(pair for pair in members if not pair[0].startswith(NAMESPACE)),
        relations=frozenset(row for row in related if not row[0].startswith(NAMESPACE)),
    )
