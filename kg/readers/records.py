"""JSON Lines: one article a line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import InputError
from kg.readers import sidecar
from kg.readers.articles import Failure, Opening, article
from kg.types import Article

TEXT = ("text", "body", "content", "maintext", "article")
ID = ("id", "doc", "article_id", "uuid")


def openings(path: Path, *, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Opening]:
    """The lines of a JSON Lines file (`.jsonl`, `.ndjson`, also `.gz`), one read at a time, parsed when opened.

    `fields` maps our names of fields to those of the records. A line that is no article is a Failure that
    names the file and the line; the others are still read.
    """
    with _open(path) as lines:
        number = 0
        while line := lines.readline(max_bytes + 1):
            number += 1
            where = f"{path}:{number}"
            if len(line) > max_bytes:
                message = f"a line of at most {max_bytes:,} bytes was expected"
                failure = Failure(where, InputError(message, where=where, hint="leave it out"))
                yield partial(_same, failure)
                while line and not line.endswith(b"\n"):
                    line = lines.readline(max_bytes)
            elif line.strip():
                yield partial(_line, line, where, f"{path.name.split('.')[0]}-{number}", fields)


def _same(failure: Failure) -> Failure:
    return failure


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _line(line: bytes, where: str, name: str, fields: Mapping[str, str]) -> Article | Failure:
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise InputError("a JSON object was expected", where=where, hint="write one article a line")
        return record(value, where, name, fields)
    except InputError as e:
        return Failure(where, e)
    except (ValueError, RecursionError) as e:
        message = f"a line of JSON was expected, found: {e}"
        return Failure(where, InputError(message, where=where, hint="write one article a line"))


def record(value: dict[str, object], where: str, name: str, fields: Mapping[str, str]) -> Article:
    """The article of one record. `name` is its id if it gives none. Raises InputError naming `where`."""
    return _article(_renamed(value, fields), where, name)


def _renamed(record: dict[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """The record with our names for the mapped fields; what bore such a name otherwise is dropped."""
    rest = {k: v for k, v in record.items() if k not in fields}
    return rest | {ours: record[theirs] for ours, theirs in fields.items() if theirs in record}


def _article(record: Mapping[str, object], where: str, name: str) -> Article:
    text = next((record[k] for k in TEXT if record.get(k) is not None), None)
    if not isinstance(text, str):
        message = f"a string in the field 'text' was expected, found the fields {sorted(record)[:8]}"
        raise InputError(message, where=where, hint="name the field 'text'")
    given = next((record[k] for k in ID if isinstance(record.get(k), str | int)), None)
    return article(text, id=str(given) if given else name, meta=sidecar.meta(record, where=where), origin=where)
