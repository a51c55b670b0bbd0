"""Claims as an analyst's overlay has them: the rejected left out, amended values in place of the program's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.reconcile.records import Amount, Claim
from kg.reconcile.review import Review, Verdict
from kg.types import Exactness, Status


def reviewed(claims: Iterable[Claim], standing: Mapping[str, Review]) -> tuple[Claim, ...]:
    """The claims under the reviews that stand (see `review.in_force`)."""
    out = []
    for claim in claims:
        review = standing.get(claim.id)
        if review is None or review.verdict is Verdict.ACCEPTED:
            out.append(claim)
        elif review.verdict is Verdict.AMENDED:
            out.append(_amended(claim, dict(review.changes)))
    return tuple(out)


def _amended(claim: Claim, changes: Mapping[str, str]) -> Claim:
    return replace(
        claim,
        status=Status(changes["status"]) if changes.get("status") else claim.status,
        measure=changes.get("measure") or claim.measure,
        counts=changes.get("counts") or claim.counts,
        source=(changes["source"] or None) if "source" in changes else claim.source,
        actor=None if "source" in changes else claim.actor,
        agent=(changes["agent"] or None) if "agent" in changes else claim.agent,
        cause=(changes["cause"] or None) if "cause" in changes else claim.cause,
        amount=_amount(claim.amount, changes),
    )


def _amount(amount: Amount | None, changes: Mapping[str, str]) -> Amount | None:
    """The figure with its new numbers; a value alone moves the bounds of an exact figure with it."""
    if amount is None or not changes.keys() & {"value", "low", "high", "exactness"}:
        return amount
    exactness = Exactness(changes["exactness"]) if changes.get("exactness") else amount.exactness
    numbers = {"value": amount.value, "low": amount.low, "high": amount.high}
    if "value" in changes and exactness is Exactness.EXACT:
        numbers = dict.fromkeys(numbers, _number(changes["value"]))
    numbers |= {k: _number(changes[k]) for k in numbers if k in changes}
    return replace(amount, exactness=exactness, value=numbers["value"], low=numbers["low"], high=numbers["high"])


def _number(written: str) -> int | None:
    return int(written) if written else None
