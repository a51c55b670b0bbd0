"""The count ledger: for one event and measure all figures, and what a named policy makes of them.

A policy never hides a figure; it says which it would take, and why. Sums never add nested or rival figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from statistics import median_low

from kg.errors import UsageError
from kg.reconcile.compare import ANYBODY, UNREAL, Relation, Scope, bounds, compare, forecast, scopes
from kg.reconcile.independence import tellings
from kg.reconcile.records import Claim
from kg.types import Exactness


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of the ledger. `telling`: number of the independent telling it belongs to."""

    claim: Claim
    as_of: date | None
    part: bool
    forecast: bool
    telling: int
    outdated: bool = False  # a later figure of the ledger takes its place


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a policy makes of a ledger. None where no figure can serve. `basis`: the claims it rests on."""

    policy: str
    low: int | None
    best: int | None
    high: int | None
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Arithmetic that cannot hold: a part over its whole, parts that add up to more than it."""

    whole: str
    parts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All figures of one event, measure and counted kind."""

    event: str
    measure: str
    counts: str
    entries: tuple[Entry, ...]

    def usable(self) -> tuple[Entry, ...]:
        """Totals of what took place: no parts, forecasts or failed attempts."""
        return tuple(
            e for e in self.entries if not e.part and not e.forecast and e.claim.status not in UNREAL
        )  # fmt: skip


def ledgers(event: str, claims: Iterable[Claim]) -> tuple[Ledger, ...]:
    """The ledgers of one event's claims, by measure and counted kind. Claims without a figure are left out."""
    found = [c for c in claims if c.amount is not None]
    times, groups = scopes(found), tellings(found)
    by_kind: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for claim in sorted(found, key=lambda c: c.id):
        counts = "people" if claim.counts in ANYBODY else claim.counts
        by_kind[(claim.measure, counts)].append(_entry(claim, times, groups))
    return tuple(Ledger(event, m, c, tuple(_outdated(entries, times))) for (m, c), entries in sorted(by_kind.items()))


def _outdated(entries: Sequence[Entry], times: Mapping[str, Scope]) -> list[Entry]:
    """The entries, those marked that an update of the same measure follows."""
    pairs = combinations([e.claim for e in entries if not e.part], 2)
    old = {c.first for a, b in pairs if (c := compare(a, b, times)).relation is Relation.UPDATE}
    return [replace(e, outdated=e.claim.id in old) for e in entries]


def _entry(claim: Claim, times: Mapping[str, Scope], groups: Mapping[str, int]) -> Entry:
    part = bool(claim.amount and claim.amount.whole)
    return Entry(claim, times[claim.id].as_of, part, forecast(claim), groups[claim.id])


def _number(entry: Entry) -> int | None:
    """The number that an entry stands for: the printed one, else the least that vague words give."""
    amount = entry.claim.amount
    if amount is None or amount.value is None:
        return amount.low if amount else None
    return amount.value


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """One entry a telling, the most exact: what is printed five times counts once."""
    best: dict[int, Entry] = {}
    for entry in sorted(entries, key=_vagueness):
        best.setdefault(entry.telling, entry)
    return sorted(best.values(), key=lambda e: e.claim.id)


def _vagueness(entry: Entry) -> tuple[bool, bool, str]:
    amount = entry.claim.amount
    vague = amount is None or amount.exactness is Exactness.VAGUE
    return vague, amount is not None and amount.exactness is not Exactness.EXACT, entry.claim.id


def _latest(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that no later figure replaces, of the last day that any of them is of."""
    current = [e for e in entries if not e.outdated] or list(entries)
    days = [e.as_of for e in current if e.as_of]
    return [e for e in current if not days or e.as_of == max(days)]


def _exact_first(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with a printed number; vague ones only where there is nothing else."""
    return [e for e in entries if e.claim.amount and e.claim.amount.value is not None] or list(entries)


Pick = Callable[[Sequence[Entry]], list[Entry]]
Best = Callable[[list[int]], int]
# UCDP-like: low and high span all reports, best is the middle of the last ones. Conservative (after ACLED): the least
# that the last reports give. Official: what states, ministries and their agencies say. Median: over all tellings.
OFFICIAL = frozenset({"State", "Organization"})
POLICIES: Mapping[str, tuple[Pick, Best]] = {
    "ucdp": (lambda e: _exact_first(_latest(e)), median_low),
    "conservative": (lambda e: _exact_first(_latest(e)), min),
    "latest": (lambda e: _exact_first(_latest(e)), max),
    "official": (lambda e: _exact_first([x for x in e if x.claim.source_kind in OFFICIAL]), median_low),
    "median": (_exact_first, median_low),
}


def estimate(ledger: Ledger, policy: str) -> Estimate:
    """Low, best and high of a ledger under one of `POLICIES`. Raises UsageError for an unknown policy."""
    if policy not in POLICIES:
        raise UsageError(f"one of {', '.join(POLICIES)} was expected, found {policy!r}", hint="name a policy")
    pick, best = POLICIES[policy]
    usable = _once(ledger.usable())
    taken = [e for e in pick(usable) if _number(e) is not None]
    numbers = [n for e in taken if (n := _number(e)) is not None]
    if not numbers:
        return Estimate(policy, None, None, None, ())
    every = _exact_first(usable) if policy == "ucdp" else taken
    lows = [n for e in every if (n := _edge(e, 0)) is not None]
    highs = [n for e in every if (n := _edge(e, 1)) is not None]
    basis = tuple(e.claim.id for e in taken)
    return Estimate(policy, min(lows, default=None), best(numbers), max(highs, default=None), basis)


def _edge(entry: Entry, side: int) -> int | None:
    """The lower (0) or upper (1) bound of an entry; the printed number where its words give no bound there.

    "More than 300,000" begins at 300,001 and "nearly 1,000" ends at 999; a table of estimates has the round number.
    """
    if entry.claim.amount is None:
        return None
    edge, printed = bounds(entry.claim.amount)[side], _number(entry)
    if printed is not None and (abs(edge) == float("inf") or abs(edge - printed) == 1):
        return printed
    return round(edge) if abs(edge) != float("inf") else None


def audit(claims: Iterable[Claim]) -> tuple[Fault, ...]:
    """Parts that do not fit their wholes: over it alone, or several of one kind over it together."""
    by_figure = {c.amount.id: c for c in claims if c.amount}
    held: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in by_figure.values():
        if claim.amount and claim.amount.whole in by_figure:
            held[claim.amount.whole].append(claim)
    faults = []
    for whole, parts in sorted(held.items()):
        amount = by_figure[whole].amount
        top = bounds(amount)[1] if amount else float("inf")
        least = {p.id: bounds(p.amount)[0] for p in parts if p.amount}
        over = sorted(i for i, low in least.items() if low > top)
        faults += [Fault(whole, (i,), "a part over its whole") for i in over]
        alike = {p.measure for p in parts} == {by_figure[whole].measure} and len({p.counts for p in parts}) == len(
            parts
        )
        total = sum(low for low in least.values() if low > 0)
        # Civilians and fighters exclude each other; women, children and wounded may be the same people.
        if not over and alike and {p.counts for p in parts} <= {"civilians", "fighters"} and total > top:
            faults.append(Fault(whole, tuple(sorted(least)), "parts that add up to more than their whole"))
    return tuple(faults)
