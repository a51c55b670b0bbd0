"""Who runs the parts of a job: this machine's processes, or a Ray cluster. Both only call `write_part`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from typing import Any

from kg.errors import UsageError
from kg.pipeline.parts import Job, Part, write_part


def run_here(job: Job, jobs: int) -> Iterator[Part]:
    """Write all parts with `jobs` processes, each part told when it is there; at the end all or an error."""
    if jobs <= 1:
        yield from (write_part(job, number) for number in range(job.parts))
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for done in as_completed([pool.submit(write_part, job, number) for number in range(job.parts)]):
            yield done.result()


def run_on_ray(job: Job, address: str | None = None) -> Iterator[Part]:
    """Write all parts with Ray Data, which schedules them and gives those of a lost worker to another.

    `address`: of a cluster ("auto", "ray://host:10001"); None starts Ray on this machine. Every node needs
    newsclaims, the sources and the target. Raises UsageError without the package ray.
    """
    try:
        import ray
    except ImportError as e:
        message = "the package ray was expected for --engine ray, not found"
        raise UsageError(message, hint="pip install 'newsclaims[ray]'") from e
    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False, include_dashboard=False)
    numbers = ray.data.from_items([{"number": n} for n in range(job.parts)], override_num_blocks=job.parts)
    done = numbers.map(partial(_row_of, job), num_cpus=1)
    yield from (Part(**row) for row in done.iter_rows())


def _row_of(job: Job, row: dict[str, Any]) -> dict[str, Any]:
    return asdict(write_part(job, row["number"]))
