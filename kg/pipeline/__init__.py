"""From articles to a store: read, map, write. Pure from article to quads; the same input gives the same bytes."""

from kg.pipeline.build import Built, Kept, Outcome, Repeated, build
from kg.pipeline.failures import again, record, recorded
from kg.pipeline.run import run_of
from kg.pipeline.withdraw import withdraw
from kg.pipeline.work import Result, read_articles, results

__all__ = [
    "Built",
    "Kept",
    "Outcome",
    "Repeated",
    "Result",
    "again",
    "build",
    "read_articles",
    "record",
    "recorded",
    "results",
    "run_of",
    "withdraw",
]
