"""From articles to a store: read, map, write. Pure from article to quads; the same input gives the same bytes."""

from kg.pipeline.build import Built, Choice, Kept, Outcome, Repeated, Skipped, build
from kg.pipeline.copies import Copies, link_copies, sweep
from kg.pipeline.engines import run_here, run_on_ray
from kg.pipeline.failures import again, record, recorded, skipped, skipping
from kg.pipeline.load import load_parts
from kg.pipeline.parts import Job, Part, manifests, write_part
from kg.pipeline.run import run_of
from kg.pipeline.withdraw import withdraw
from kg.pipeline.work import Result, read_articles, results

__all__ = [
    "Built",
    "Choice",
    "Copies",
    "Job",
    "Kept",
    "Outcome",
    "Part",
    "Repeated",
    "Result",
    "Skipped",
    "again",
    "build",
    "link_copies",
    "load_parts",
    "manifests",
    "read_articles",
    "record",
    "recorded",
    "results",
    "run_here",
    "run_of",
    "run_on_ray",
    "skipped",
    "skipping",
    "sweep",
    "withdraw",
    "write_part",
]
