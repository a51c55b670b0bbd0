"""An analyst's corrections as gold: the reviewed articles' claims in the form of the gold files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.reconcile.review import Review, Verdict
from kg.reconcile.told import Told

_NUMBERS = ("value", "low", "high")


def gold(claims: Iterable[Told], standing: Mapping[str, Review], *, all_articles: bool = False) -> list[dict[str, Any]]:
    """One gold document for each article that has a reviewed claim (or for all), by name.

    Rejected claims are left out, amended values go before the program's; `review` says who looked at a claim, and is
    None where nobody did.
    """
    by_article: defaultdict[str, list[Told]] = defaultdict(list)
    for claim in claims:
        by_article[claim.sha256].append(claim)
    documents = []
    for sha256, held in by_article.items():
        if not (all_articles or any(c.id in standing for c in held)):
            continue
        kept = [c for c in held if c.id not in standing or standing[c.id].verdict is not Verdict.REJECTED]
        first = held[0]
        documents.append(
            {
                "doc": first.doc,
                "sha256": sha256,
                "published": first.values.get("published"),
                "statements": list(_statements(kept, standing)),
                "reports": list(_reports(kept, standing)),
            }
        )
    return sorted(documents, key=lambda d: (d["doc"], d["sha256"]))


def _statements(kept: Iterable[Told], standing: Mapping[str, Review]) -> Iterator[dict[str, Any]]:
    for number, claim in enumerate((c for c in kept if c.kind == "statement"), 1):
        value = _values(claim, standing)
        yield {
            "id": f"s{number}",
            "source": value.get("source") or None,
            "source_span": _span(claim, "source", value),
            "cue_span": _span(claim, "cue", value),
            "content_span": [claim.start, claim.end],
            "mode": value.get("mode"),
            "review": _review(standing.get(claim.id)),
        }


def _reports(kept: Iterable[Told], standing: Mapping[str, Review]) -> Iterator[dict[str, Any]]:
    reports = [c for c in kept if c.kind == "report"]
    numbers = {c.id: f"r{n}" for n, c in enumerate(reports, 1)}
    for claim in reports:
        value = _values(claim, standing)
        plain = {k: value.get(k) or None for k in ("source", "origin", "destination", "place", "agent", "cause")}
        yield {
            "id": numbers[claim.id],
            "event": value["event"],
            "measure": value["measure"],
            "status": value["status"],
            "figure_span": _span(claim, "figure", value),
            **{k: int(value[k]) if value.get(k) else None for k in _NUMBERS},
            "exactness": value.get("exactness"),
            "counts": value["counts"],
            "part_of": numbers.get(value.get("whole", "")),
            "trigger_span": _span(claim, "trigger", value),
            **plain,
            "time_text": value.get("time_text"),
            "review": _review(standing.get(claim.id)),
        }


def _values(claim: Told, standing: Mapping[str, Review]) -> dict[str, str]:
    """The claim's values with those that the review in force puts in; an exact number's bounds move with it."""
    review = standing.get(claim.id)
    value = dict(claim.values)
    changes = dict(review.changes) if review else {}
    if "value" in changes and changes.get("exactness", value.get("exactness")) == "exact":
        value |= dict.fromkeys(_NUMBERS, changes["value"])
    return value | changes


def _span(claim: Told, name: str, value: Mapping[str, str]) -> list[int] | None:
    """The offsets of a part; none where an analyst put another source in place of the one printed there."""
    if f"{name}_start" not in claim.values or value.get(name) != claim.values.get(name):
        return None
    return [int(claim.values[f"{name}_start"]), int(claim.values[f"{name}_end"])]


def _review(review: Review | None) -> dict[str, str] | None:
    return {"verdict": review.verdict.value, "by": review.by, "at": review.at} if review else None
