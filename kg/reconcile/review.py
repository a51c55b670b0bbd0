"""The analyst's hand: accept, reject or amend a claim, beside what the program found and never in its place.

Pure but for the calls that take a store: `made` checks a decision, `update` writes it as one SPARQL update. Reviews
lie in the graph `review`; a later review of a claim is a revision of the one before, and both stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import UsageError
from kg.ontology import PREFIXES, PROV, RDF, RDFS, XSD, codes, concept, nc, nearest
from kg.store import Store


class Verdict(StrEnum):
    """What an analyst says of a claim."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    AMENDED = "amended"


@dataclass(frozen=True, slots=True)
class Review:
    """One decision about one claim. `changes`: field and new value, "" where the value is taken away."""

    id: str
    claim: str  # IRI
    verdict: Verdict
    by: str
    at: str  # xsd:dateTime
    reason: str | None = None
    changes: tuple[tuple[str, str], ...] = ()
    before: str | None = None  # IRI of the review that this one takes the place of
    graph: str = ""  # the graph it lies in


# The fields that may be amended, with the value list that new values come from; "number" and "words" are free.
FIELDS: Mapping[str, str] = {
    "status": "status", "measure": "measure", "exactness": "exactness", "mode": "mode", "counts": "counts",
    "value": "number", "low": "number", "high": "number", "source": "words", "origin": "words",
    "destination": "words", "place": "words", "agent": "words", "cause": "words",
}  # fmt: skip
_ENGLISH = "en"
_SAID = {Verdict.ACCEPTED: "accepted by", Verdict.REJECTED: "rejected by", Verdict.AMENDED: "amended by"}


def made(
    claim: str,
    verdict: Verdict | str,
    by: str,
    *,
    base: str,
    at: str | None = None,
    reason: str | None = None,
    changes: Iterable[tuple[str, str]] = (),
) -> Review:
    """A checked review. `at`: xsd:dateTime, by default now. Raises UsageError that says what was expected."""
    try:
        said = Verdict(verdict)
    except ValueError as error:
        raise UsageError(f"one of {', '.join(Verdict)} was expected, found {verdict!r}") from error
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", claim, re.IGNORECASE):
        raise UsageError(f"a claim's IRI was expected, found {claim!r}", hint="copy it from the claim's page")
    name = " ".join(by.split())
    if not name:
        raise UsageError("the name of the one who decides was expected, found none", hint="--by NAME")
    new = tuple(sorted({_changed(field, value) for field, value in changes}))
    if bool(new) != (said is Verdict.AMENDED):
        hint = "give field=value, for example status=planned" if said is Verdict.AMENDED else "amend the claim instead"
        raise UsageError(f"{'changes' if not new else 'no changes'} were expected of a claim {said}", hint=hint)
    if len({field for field, _ in new}) < len(new):
        raise UsageError("one value for each field was expected, found two", hint="say which")
    when = _time(at)
    seed = "\n".join((claim, said, name, when, *(f"{f}={v}" for f, v in new)))
    ident = f"{base}id/review/{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
    return Review(ident, claim, said, name, when, (reason or "").strip() or None, new, graph=f"{base}graph/review")


def _changed(field: str, value: str) -> tuple[str, str]:
    field, value = field.strip(), " ".join(value.split())
    if field not in FIELDS:
        raise UsageError(f"a field that can be amended was expected, found {field!r}", hint=nearest(field, FIELDS))
    kind = FIELDS[field]
    if value and kind == "number" and not re.fullmatch(r"\d{1,15}", value):
        raise UsageError(f"a whole number was expected for {field}, found {value!r}", hint="without separators")
    if value and kind not in ("number", "words") and value not in codes(kind):
        raise UsageError(f"a known {field} was expected, found {value!r}", hint=nearest(value, codes(kind)))
    return field, value


def _time(at: str | None) -> str:
    moment = at or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        datetime.fromisoformat(moment)
    except ValueError as error:
        raise UsageError(f"a time such as 2026-11-22T10:00:00Z was expected, found {moment!r}") from error
    return moment if "T" in moment else f"{moment}T00:00:00Z"


def triples(review: Review) -> tuple[Triple, ...]:
    """What a review writes, without its tie to the review before."""
    node = NamedNode(review.id)
    tail = review.claim.rsplit("#", 1)[-1]
    rows = [
        *_described(node, "Review", f"{tail} {_SAID[review.verdict]} {review.by}"),
        Triple(node, nc("reviewOf"), NamedNode(review.claim)),
        Triple(node, nc("verdict"), concept("verdict", review.verdict)),
        Triple(node, nc("decidedBy"), Literal(review.by)),
        Triple(node, nc("decidedAt"), Literal(review.at, datatype=NamedNode(XSD + "dateTime"))),
    ]
    if review.reason:
        rows.append(Triple(node, nc("reason"), Literal(review.reason)))
    for field, value in review.changes:
        change = NamedNode(f"{review.id}-{field}")
        rows += [
            *_described(change, "Amendment", f"{field}: {value or '(taken away)'}"),
            Triple(change, nc("amendmentOf"), node),
            Triple(change, nc("amendedField"), Literal(field)),
            Triple(change, nc("amendedValue"), Literal(value)),
        ]
    return tuple(rows)


def _described(node: NamedNode, cls: str, label: str) -> tuple[Triple, Triple]:
    return (
        Triple(node, NamedNode(RDF + "type"), nc(cls)),
        Triple(node, NamedNode(RDFS + "label"), Literal(label, language=_ENGLISH)),
    )


def update(review: Review) -> str:
    """The SPARQL update that adds a review; it does nothing where the claim is not in the store."""
    graph, node, claim = NamedNode(review.graph), NamedNode(review.id), NamedNode(review.claim)
    rows = " .\n".join(f"{t.subject} {t.predicate} {t.object}" for t in triples(review))
    revision = NamedNode(PROV + "wasRevisionOf")
    return f"""PREFIX nc: <{PREFIXES["nc"]}>
INSERT {{ GRAPH {graph} {{
{rows} .
{node} {revision} ?before }} }}
WHERE {{
  {{ SELECT DISTINCT ?there WHERE {{ GRAPH ?there {{ {claim} a nc:Statement }} }} LIMIT 1 }}
  OPTIONAL {{ GRAPH {graph} {{ ?before nc:reviewOf {claim} FILTER (?before != {node})
    FILTER NOT EXISTS {{ ?later {revision} ?before }} }} }}
}}"""


def removal(review: str, base: str) -> str:
    """The SPARQL update that takes one review out; the one before is in force again."""
    graph, node, revision = NamedNode(f"{base}graph/review"), NamedNode(review), NamedNode(PROV + "wasRevisionOf")
    prefix = f"PREFIX nc: <{PREFIXES['nc']}>\n"
    return (
        f"{prefix}DELETE {{ GRAPH {graph} {{ ?later {revision} {node} }} }} INSERT {{ GRAPH {graph} {{ ?later "
        f"{revision} ?before }} }} WHERE {{ GRAPH {graph} {{ ?later {revision} {node} "
        f"OPTIONAL {{ {node} {revision} ?before }} }} }} ;\n"
        f"DELETE {{ GRAPH {graph} {{ ?change ?p ?o }} }} WHERE {{ GRAPH {graph} "
        f"{{ ?change nc:amendmentOf {node} ; ?p ?o }} }} ;\n"
        f"DELETE WHERE {{ GRAPH {graph} {{ {node} ?p ?o }} }}"
    )


def forgetting(article: str, base: str) -> str:
    """The SPARQL update that takes out the reviews of an article's claims, when it is taken out for good."""
    graph = NamedNode(f"{base}graph/review")
    start = Literal(f"{article}#")
    return f"""PREFIX nc: <{PREFIXES["nc"]}>
DELETE {{ GRAPH {graph} {{ ?review ?p ?o . ?change ?q ?v }} }}
WHERE {{ GRAPH {graph} {{ ?review nc:reviewOf ?claim ; ?p ?o FILTER (STRSTARTS(STR(?claim), {start}))
  OPTIONAL {{ ?change nc:amendmentOf ?review ; ?q ?v }} }} }}"""


QUERY = """PREFIX nc: <https://w3id.org/newsclaims/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?review ?claim ?verdict ?by ?at ?reason ?before ?field ?value ?graph WHERE {
  GRAPH ?graph { ?review nc:reviewOf ?claim ; nc:verdict ?said ; nc:decidedBy ?by ; nc:decidedAt ?at .
    OPTIONAL { ?review nc:reason ?reason } OPTIONAL { ?review prov:wasRevisionOf ?before }
    OPTIONAL { ?change nc:amendmentOf ?review ; nc:amendedField ?field ; nc:amendedValue ?value } }
  BIND (STRAFTER(STR(?said), "#verdict-") AS ?verdict)
} ORDER BY ?claim ?at ?review ?field"""


def reviews(store: Store) -> tuple[Review, ...]:
    """All reviews of a store, those taken over by later ones included, by claim and time."""
    solutions: Any = store.query(QUERY)
    return of_rows({v.value: row[v] for v in solutions.variables} for row in solutions)


def of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Review, ...]:
    """Reviews from the rows of `QUERY` (terms or strings; None where unbound)."""
    found: dict[str, dict[str, Any]] = {}
    changes: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        value = {k: None if v is None else str(getattr(v, "value", v)) for k, v in row.items()}
        ident = value["review"] or ""
        found.setdefault(ident, value)
        if value["field"]:
            changes.setdefault(ident, set()).add((value["field"], value["value"] or ""))
    return tuple(
        Review(
            ident, v["claim"], Verdict(v["verdict"]), v["by"], v["at"], v["reason"],
            tuple(sorted(changes.get(ident, ()))), v["before"], v["graph"] or "",
        )
        for ident, v in found.items()
    )  # fmt: skip


def in_force(found: Sequence[Review]) -> Mapping[str, Review]:
    """Claim -> the review that stands: the one that none takes the place of."""
    replaced = {r.before for r in found if r.before}
    return {r.claim: r for r in sorted(found, key=lambda r: (r.at, r.id)) if r.id not in replaced}


def add(store: Store, review: Review) -> None:
    """Put a review into a store. Raises UsageError if the store has no such claim."""
    present = store.query(f"PREFIX nc: <{PREFIXES['nc']}> ASK {{ {NamedNode(review.claim)} a nc:Statement }}")
    if not present:
        hint = "`kg query claims-of-article` lists the claims of an article"
        raise UsageError(f"a claim of the store was expected, found {review.claim!r}", hint=hint)
    store.update(update(review))
