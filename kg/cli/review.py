"""`kg review`: what analysts decide about claims, and gold files made of it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.cli import options
from kg.cli.messages import put, say
from kg.errors import StoreError, UsageError
from kg.reconcile import gold, review
from kg.reconcile.told import told
from kg.store import Store, is_store

_CLAIMS = """PREFIX nc: <https://w3id.org/newsclaims/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?claim ?doc WHERE { ?claim a nc:Statement ; nc:inArticle/dcterms:identifier ?doc } ORDER BY ?claim"""


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision as the command line gives it."""

    claim: str
    verdict: str
    by: str
    reason: str | None = None
    at: str | None = None
    changes: tuple[str, ...] = ()


def decide(store: Path, base: str | None, wish: Wish) -> int:
    """Write one review. Raises UsageError for a claim, field or value that is not known."""
    chosen = options.settings(base)
    changes = options.pairs(list(wish.changes), "--set").items()
    with _opened(store) as opened:
        claim = _claim(opened, wish.claim)
        made = review.made(
            claim, wish.verdict, wish.by, base=chosen.base, at=wish.at, reason=wish.reason, changes=changes
        )
        review.add(opened, made)
    say(f"{claim.rsplit('/', 1)[-1]} {made.verdict} by {made.by}")
    put(f"{made.id}\n")
    return 0


def _opened(store: Path) -> Store:
    if not is_store(store):
        raise StoreError("a store was expected, none is there", where=str(store), hint="build one with `kg build`")
    return Store.create_or_open(store)


def _claim(opened: Store, name: str) -> str:
    """The IRI of a claim, given whole, by its end, or as NAME-OF-ARTICLE#fragment."""
    rows: Any = opened.query(_CLAIMS)
    found = set()
    for row in rows:
        iri, doc = str(row["claim"].value), str(row["doc"].value)
        if iri == name or iri.endswith((f"/{name}", f"#{name}")) or f"{doc}#{iri.rsplit('#', 1)[-1]}" == name:
            found.add(iri)
    if len(found) != 1:
        hint = "`kg query claims-of-article` lists the claims of an article"
        raise UsageError(f"one claim was expected, {len(found)} bear the name {name!r}", hint=hint)
    return found.pop()


def listed(store: Path, *, as_json: bool) -> int:
    """Print all reviews."""
    with Store.open(store) as opened:
        found = review.reviews(opened)
        claims = {c.id: c for c in told(opened)}
    standing = {r.id for r in review.in_force(found).values()}
    if as_json:
        rows = [dataclasses.asdict(r) | {"in_force": r.id in standing} for r in found]
        put(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return 0
    for one in found:
        claim = claims.get(one.claim)
        what = f"{claim.doc}: {claim.words!r}" if claim else "(the claim is no more in the store)"
        changes = "".join(f"  {f} → {v or 'nothing'}" for f, v in one.changes)
        why = f"  ({one.reason})" if one.reason else ""
        old = "" if one.id in standing else "  [replaced]"
        put(f"{one.at}  {one.by}: {one.verdict}  {what}{changes}{why}{old}  {one.id}\n")
    return 0


def remove(store: Path, base: str | None, which: str) -> int:
    """Take out one review. Raises UsageError if there is none of that name, or several."""
    chosen = options.settings(base)
    with _opened(store) as opened:
        found = [r.id for r in review.reviews(opened) if r.id == which or r.id.endswith(f"/{which}")]
        if len(found) != 1:
            raise UsageError(f"one review was expected, {len(found)} bear the name {which!r}", hint="`kg review list`")
        opened.update(review.removal(found[0], chosen.base))
    say(f"{found[0]} taken out")
    return 0


def export(store: Path, out: Path, *, everything: bool) -> int:
    """Write gold files, one an article; to standard output as one JSON list."""
    with Store.open(store) as opened:
        standing = review.in_force(review.reviews(opened))
        documents = gold.gold(told(opened), standing, all_articles=everything)
    if str(out) == "-":
        put(json.dumps(documents, ensure_ascii=False, indent=1) + "\n")
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for document in documents:
        name = f"{document['doc'].replace('/', '_')}.json"
        (out / name).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"{out}: {len(documents)} gold files")
    return 0
