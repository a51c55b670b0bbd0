"""The ledgers of one event as its page shows them: figures, their relations, and what a policy makes of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox

from kg.reconcile import records
from kg.reconcile.compare import Relation, compare, scopes
from kg.reconcile.ledger import POLICIES, Entry, Estimate, Ledger, estimate, ledgers
from kg.reconcile.records import Claim, claim_of
from kg.reconcile.review import Review, Verdict
from kg.types import Exactness, Status
from server.render import Row

# What people read of a policy; the names are those of `kg ledger`.
EXPLAINED: Mapping[str, str] = {
    "ucdp": "UCDP-like: from the least to the most that anybody gives; best is the middle of the last counts",
    "conservative": "the least that the last counts give",
    "latest": "the largest of the last counts",
    "official": "only what states, ministries, agencies and other bodies say",
    "median": "the middle of all independent tellings",
}
_QUERY = Path(records.__file__).with_name("claims.rq").read_text(encoding="utf-8")
_OPTIONAL = re.compile(r"OPTIONAL \{\s*\?report ")
_TABLE = re.compile(r"OPTIONAL \{\s*VALUES \(([^)]*)\) \{([^}]*)\}\s*\?report ")
_TOLD: Mapping[Relation, str] = {
    Relation.CONFLICT: "cannot both hold",
    Relation.CORROBORATION: "agree",
    Relation.UPDATE: "the second is the later count",
    Relation.PROJECTION: "the first is a forecast",
    Relation.PART_OF: "the first is a part of the second",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """How two figures stand to each other, in words."""

    relation: str
    told: str
    first: Claim
    second: Claim
    reason: str
    independent: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A ledger with the estimate of the chosen policy and the pairs within it."""

    ledger: Ledger
    estimate: Estimate
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All that an event's page says of figures. `bare`: claims without a figure."""

    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    bare: tuple[Claim, ...]


AT_ONCE = 100  # reports that one query asks for


def query(reports: Iterable[str]) -> str:
    """The query of `kg ledger`, asked for some reports (IRIs).

    Each optional part names them again: the engine would otherwise gather that part for all reports of the store.
    """
    iris = [str(ox.NamedNode(report)) for report in reports]
    known = f"VALUES ?report {{ {' '.join(iris)} }}"
    text = _OPTIONAL.sub(lambda _: f"OPTIONAL {{ {known} ?report ", _QUERY)
    text = _TABLE.sub(lambda found: _product(found, iris), text)
    return text.replace("WHERE {", f"WHERE {{ {known}", 1)


def _product(found: re.Match[str], iris: Iterable[str]) -> str:
    """A table of constants before `?report`, with each report in each of its rows."""
    rows = " ".join(f"({iri} {row})" for iri in iris for row in re.findall(r"\(([^)]*)\)", found.group(2)))
    return f"OPTIONAL {{ VALUES (?report {found.group(1)}) {{ {rows} }} ?report "


def account(event: str, rows: list[Row], policy: str, overlay: Mapping[str, Review]) -> Account:
    """The ledgers of an event from the rows of `query`, under a policy that `EXPLAINED` names.

    `overlay`: reviews by claim that are taken: what is rejected does not count, what is amended counts as amended.
    """
    claims: dict[str, Claim] = {}
    for row in rows:  # the gazetteer is left alone: it takes a second to load, and no ledger looks at it
        known = {name: row[name].value for name in row if name != "gazetteer"}
        values: defaultdict[str, str | None] = defaultdict(lambda: None, known)
        claims.setdefault(row["report"].value, claim_of(values))
    for iri, review in overlay.items():
        if iri in claims:
            found = claims.pop(iri)
            if review.verdict is not Verdict.REJECTED:
                claims[iri] = _amended(found, review)
    groups = tuple(_group(ledger, policy) for ledger in _largest_first(ledgers(event, claims.values())))
    bare = tuple(claim for claim in claims.values() if claim.amount is None)
    return Account(groups, tuple(_pairs(claims)), bare)


def _amended(claim: Claim, review: Review) -> Claim:
    """The claim with what an analyst put in place of what was found, as far as a ledger looks at it."""
    new = dict(review.changes)
    amount = claim.amount
    if amount is not None:
        before = {"value": amount.value, "low": amount.low, "high": amount.high}
        number = before | {name: int(new[name]) if new[name] else None for name in before if name in new}
        exactness = Exactness(new["exactness"]) if new.get("exactness") else amount.exactness
        amount = replace(amount, exactness=exactness, value=number["value"], low=number["low"], high=number["high"])
    return replace(
        claim,
        amount=amount,
        status=Status(new["status"]) if new.get("status") else claim.status,
        measure=new.get("measure") or claim.measure,
        counts=new.get("counts") or claim.counts,
        source=(new["source"] or None) if "source" in new else claim.source,
    )


def _largest_first(found: Iterable[Ledger]) -> list[Ledger]:
    """The ledger with the most totals first, for that is what is asked."""
    return sorted(found, key=lambda one: (-len(one.usable()), one.measure, one.counts))


def _group(ledger: Ledger, policy: str) -> Group:
    order = sorted(ledger.entries, key=lambda e: (e.part, str(e.as_of or ""), e.claim.source or "", e.claim.id))
    return Group(ledger, estimate(ledger, policy if policy in POLICIES else "ucdp"), tuple(order))


def _pairs(claims: Mapping[str, Claim]) -> list[Pair]:
    """Pairs that say something, conflicts first."""
    counted = [claim for claim in claims.values() if claim.amount is not None]
    times = scopes(counted)
    found = (compare(one, other, times) for one, other in combinations(counted[:_MOST], 2))
    told = [pair for pair in found if pair.relation in _TOLD]
    order = list(_TOLD)
    return [
        Pair(
            pair.relation, _TOLD[pair.relation], claims[pair.first], claims[pair.second], pair.reason, pair.independent
        )
        for pair in sorted(told, key=lambda pair: (order.index(pair.relation), pair.first, pair.second))
    ]


_MOST = 60  # figures of one event that are compared pair by pair on its page; `kg ledger` compares all
