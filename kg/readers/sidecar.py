"""Metadata beside an article: `name.meta.json` for `name.txt`, and the same fields in JSON records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from kg.errors import InputError
from kg.readers.articles import NOTHING, Meta

SUFFIX = ".meta.json"
# Other names under which records of public corpora keep the same things; the first that is there counts.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "published": ("published", "date", "publish_date", "publication_date", "date_publish", "datePublished"),
    "publisher": ("publisher", "source", "source_domain", "site", "sitename"),
    "authors": ("authors", "author", "byline"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", int: "a number", float: "a number"}
_FIX = "correct it or leave it out"


def beside(path: Path) -> Meta:
    """What the sidecar of `path` says; nothing if there is none. Raises InputError if it cannot be understood."""
    file = path.with_name(path.stem + SUFFIX)
    if not file.is_file():
        return NOTHING
    try:
        record = json.loads(file.read_bytes())
    except (ValueError, UnicodeDecodeError) as e:
        raise InputError(f"a sidecar in JSON was expected, found: {e}", where=str(file), hint=_FIX) from e
    except OSError as e:
        raise InputError(f"a readable sidecar was expected: {e.strerror}", where=str(file), hint=_FIX) from e
    if not isinstance(record, dict):
        message = f"a JSON object with title, published … was expected, found {_kind(record)}"
        raise InputError(message, where=str(file), hint=_FIX)
    return meta(record, where=str(file), exact=True)


def meta(record: Mapping[str, object], *, where: str, exact: bool = False) -> Meta:
    """The metadata fields of a JSON object. `exact` takes the first name of each field only.

    Raises InputError naming `where` and the field for a value of a wrong type or a date that is none.
    """

    def get(field: str) -> object:
        names = FIELDS[field][:1] if exact else FIELDS[field]
        return next((record[n] for n in names if record.get(n) is not None), None)

    return Meta(
        title=_string(get("title"), "title", where),
        published=_date(get("published"), where),
        publisher=_string(get("publisher"), "publisher", where),
        authors=_strings(get("authors"), where),
        url=_address(get("url"), where),
        language=_string(get("language"), "language", where),
    )


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")


def _string(value: object, field: str, where: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"{field!r} should be a string or null, found {_kind(value)}", where=where, hint=_FIX)
    return " ".join(value.split()) or None


def _strings(value: object, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = value if isinstance(value, list) else [value]
    return tuple(s for part in parts if (s := _string(part, "authors", where)))


def _address(value: object, where: str) -> str | None:
    url = _string(value, "url", where)
    if url and (not url.startswith(("http://", "https://")) or any(c in url for c in ' <>"{}|\\^`')):
        raise InputError(f"'url' should be an http or https address, found {url[:80]!r}", where=where, hint=_FIX)
    return url


def _date(value: object, where: str) -> date | None:
    words = _string(value, "published", where)
    if not words:
        return None
    try:
        return datetime.fromisoformat(words).date()
    except ValueError as e:
        message = f"'published' should be a date such as 2016-12-16, or null, found {words[:40]!r}"
        raise InputError(message, where=where, hint=_FIX) from e
