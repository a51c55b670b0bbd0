"""Parquet files: one article a row. Needs the package pyarrow (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.readers import records, sidecar
from kg.readers.articles import Failure, Opening
from kg.types import Article

_ROWS = 64  # rows held at once: articles are large, and Parquet's own row groups may be the whole file


def openings(path: Path, *, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Opening]:
    """The rows of a Parquet file, of which only the columns with our fields are read, some at a time.

    `fields` maps our names of fields to those of the columns. Raises InputError for a file that is no Parquet,
    and without the package pyarrow.
    """
    table = _file(path)
    known = {*records.TEXT, *records.ID, *(n for names in sidecar.FIELDS.values() for n in names), *fields.values()}
    columns = [name for name in table.schema_arrow.names if name in known]
    number = 0
    try:
        for batch in table.iter_batches(batch_size=_ROWS, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield partial(_row, row, f"{path}:{number}", f"{path.stem}-{number}", fields, max_bytes)
    except (OSError, ValueError) as e:  # pyarrow's errors are these
        message = f"a readable Parquet file was expected: {' '.join(str(e).split())[:200]}"
        raise InputError(message, where=str(path), hint="write it again; what came before is built") from e


def _file(path: Path) -> Any:
    try:
        from pyarrow import parquet
    except ImportError as e:
        message = "the package pyarrow was expected for Parquet files, not found"
        raise InputError(message, where=str(path), hint="pip install 'newsclaims[parquet]'") from e
    try:
        return parquet.ParquetFile(path)
    except (OSError, ValueError) as e:
        message = f"a Parquet file was expected: {' '.join(str(e).split())[:200]}"
        raise InputError(message, where=str(path), hint="check it") from e


def _row(row: dict[str, object], where: str, name: str, fields: Mapping[str, str], max_bytes: int) -> Article | Failure:
    try:
        value = {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in row.items()}
        size = sum(len(v) for v in value.values() if isinstance(v, str))
        if size > max_bytes:
            message = f"an article of at most {max_bytes:,} characters was expected, found {size:,}"
            raise InputError(message, where=where, hint="leave it out")
        return records.record(value, where, name, fields)
    except InputError as e:
        return Failure(where, e)
