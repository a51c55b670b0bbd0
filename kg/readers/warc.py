"""WARC archives of news pages (`.warc`, `.warc.gz`), one record at a time."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import InputError
from kg.readers import html
from kg.readers.articles import Meta, Opening, article
from kg.types import Article

_LOG = logging.getLogger(__name__)


def openings(path: Path, *, max_bytes: int) -> Iterator[Opening]:
    """The responses of an archive; each is to be opened before the next is asked for, or not at all.

    Responses that hold no article, or none in English, are no failures: a warning at the end counts them.
    A page above `max_bytes` is left out and counted too. Raises InputError without the package fastwarc, and
    for an archive that breaks off.
    """
    counts: Counter[str] = Counter()
    responses = 0
    with path.open("rb") as stream:
        try:
            for responses, record in enumerate(_responses(stream, path), start=1):  # noqa: B007 - counted
                yield partial(_counted, counts, record, path, max_bytes)
        except (OSError, EOFError, ValueError) as e:
            message = f"a readable WARC archive was expected: {' '.join(str(e).split())[:200]}"
            raise InputError(message, where=str(path), hint="fetch it again; what came before is built") from e
    if not responses:
        message = "a WARC archive with responses was expected, found none"
        raise InputError(message, where=str(path), hint="check that it is a WARC file")
    left_out = ", ".join(f"{n:,} {why}" for why, n in sorted(counts.items()) if why != "articles")
    if left_out:
        _LOG.warning("%s: %s articles read, left out %s", path, f"{counts['articles']:,}", left_out)


def _counted(counts: Counter[str], record: Any, path: Path, max_bytes: int) -> Article | None:
    found = _page(record, path, max_bytes)
    counts["articles" if isinstance(found, Article) else found] += 1
    return found if isinstance(found, Article) else None


def _responses(stream: Any, path: Path) -> Iterator[Any]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as e:
        message = "the package fastwarc was expected for WARC archives, not found"
        raise InputError(message, where=str(path), hint="pip install 'newsclaims[warc]'") from e
    yield from ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True)


def _page(record: Any, path: Path, max_bytes: int) -> Article | str:
    """The article of a response, or why there is none."""
    status = getattr(record.http_headers, "status_code", None)
    kind = record.http_content_type or ""
    if status != 200 or kind not in ("text/html", "application/xhtml+xml"):
        return "responses that are no pages"
    page = record.reader.read(max_bytes + 1)
    if len(page) > max_bytes:
        return "pages that are too large"
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    where = f"{path}:{record.stream_pos}"
    try:
        text, meta = html.extract(page, where)
    except InputError:
        return "pages without an article"
    given = Meta(url=url if url.startswith(("http://", "https://")) else None)
    try:
        return article(text, id=name_of(url), meta=html.merge(given, meta), origin=where)
    except InputError:
        return "pages in other languages"


def name_of(url: str) -> str:
    """A short name that a person can recognise: the last words of the address, and a digest of all of it."""
    words = re.sub(r"\.\w{1,5}$", "", urlsplit(url).path.rstrip("/").rpartition("/")[2])
    digest = hashlib.sha256(url.encode("utf-8")).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', words)[:60].strip('-') or 'page'}-{digest}"
