"""Tables and pictures as files: CSV, and SVG that stands alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from server.holdings import Claim

COLUMNS = (
    "claim", "kind", "source", "words", "status", "mode", "measure", "counts", "low", "value", "high",
    "time", "first", "last", "places", "sentence", "start", "article", "title", "published", "publisher",
)  # fmt: skip


def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file (RFC 4180, UTF-8); None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    headers = {"Content-Disposition": f'inline; filename="{name}.csv"', "Cache-Control": "no-cache"}
    return Response(text.getvalue(), 200, headers, "text/csv; charset=utf-8")


def of_claims(name: str, claims: Iterable[Claim]) -> Response:
    """Claims as CSV, one row a claim."""
    return sheet(name, COLUMNS, (_row(claim) for claim in claims))


def _row(claim: Claim) -> tuple[object, ...]:
    places = "; ".join(f"{place.role} {place.name}" for place in claim.places)
    article = claim.article
    return (
        claim.iri, claim.kind, claim.source, claim.words, claim.status, claim.mode, claim.measure, claim.counts,
        claim.low, claim.value, claim.high, claim.time, claim.first, claim.last, places, claim.sentence, claim.start,
        article.iri, article.title, article.published, article.publisher,
    )  # fmt: skip
