"""Labelled excerpts of IDMC: is the figure read, and as what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.evaluate.conventions import conventions
from kg.evaluate.readings import Reader, read_all
from kg.evaluate.tables import Section, at_least, share
from kg.readers import article
from kg.readers.language import detect
from kg.types import Article, Report

BOTH_AT_LEAST = 75.0
FILE = "idmc_fully_labelled133.jsonl"


def idmc(reader: Reader, shared: Path) -> Section:
    """Shares of English excerpts whose labelled quantity, term and both are found."""
    lines = (shared / "corpora" / "idmc-labelled" / FILE).read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    chosen = list(english(labels))
    count = {"quantity": 0, "term": 0, "both": 0}
    differences = []
    for (label, _), read in zip(chosen, read_all(reader, [a for _, a in chosen]), strict=True):
        verdict = judged(label, read.reading.reports)
        for what, right in verdict.items():
            count[what] += right
        if not verdict["both"]:
            found = "; ".join(f"{r.figure.text} {r.measure}" for r in read.reading.reports if r.figure) or "nothing"
            differences.append(
                f"{label['quantity']} {label['term']}, found {found}: {' '.join(label['text'].split())[:400]}"
            )
    rows = tuple((what, right, len(chosen), share(right, len(chosen))) for what, right in count.items())
    return Section(
        f"IDMC: {len(chosen)} of {len(labels)} excerpts (English, about people)",
        ("", "right", "of", "%"),
        rows,
        checks=(at_least("IDMC quantity and term right, %", share(count["both"], len(chosen)), BOTH_AT_LEAST),),
        differences=tuple(differences),
    )


def english(labels: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Article]]:
    """The labels about people whose excerpt is English or too short to tell, each with its excerpt as an article."""
    for number, label in enumerate(labels):
        text = " ".join(str(label["text"]).split())
        if label["term"] in conventions()["idmc"]["terms"] and detect(text) in ("English", None):
            try:
                yield label, article(text, id=f"idmc-excerpt-{number}")
            except InputError:
                continue


def judged(label: Mapping[str, Any], reports: Iterable[Report]) -> dict[str, bool]:
    """Whether some report has the labelled quantity as value or bound, some the term's measure, and some both."""
    quantity, measures = int(label["quantity"]), conventions()["idmc"]["terms"][label["term"]]
    counted = [r for r in reports if r.figure is not None]
    of_quantity = [r for r in counted if r.figure and quantity in (r.figure.value, r.figure.low, r.figure.high)]
    return {
        "quantity": bool(of_quantity),
        "term": any(r.measure in measures for r in counted),
        "both": any(r.measure in measures for r in of_quantity),
    }
