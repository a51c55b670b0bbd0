"""RSS and Atom feeds from files. Needs the package feedparser (extra `feeds`)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.readers import html
from kg.readers.articles import Failure, Meta, Opening, article
from kg.readers.decode import unpacked
from kg.readers.warc import name_of
from kg.types import Article

# A content below this many characters is a teaser, whatever element it stands in.
_FULL = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed: what is said about a page, and its text if the feed carries it."""

    url: str
    meta: Meta
    content: str | None  # HTML


def entries(data: bytes, where: str) -> tuple[Entry, ...]:
    """The items of a feed in its order; those without an http(s) address are left out.

    Raises InputError for bytes that are no feed, and without the package feedparser.
    """
    try:
        import feedparser
    except ImportError as e:
        message = "the package feedparser was expected for RSS and Atom, not found"
        raise InputError(message, where=where, hint="pip install 'newsclaims[feeds]'") from e
    try:
        found = feedparser.parse(io.BytesIO(data))
    except (ValueError, LookupError) as e:  # bytes that fit no encoding, an encoding that does not exist
        found, fault = feedparser.FeedParserDict(version=""), f": {' '.join(str(e).split())[:200]}"
    else:
        fault = ""
    if not found.version:
        message = f"an RSS or Atom feed was expected, found something else{fault}"
        raise InputError(message, where=where, hint="check the file")
    return tuple(entry for item in found.entries if (entry := _entry(item, found.feed)) is not None)


def openings(path: Path, *, max_bytes: int) -> Iterator[Opening]:
    """The articles that a feed carries in full; an item with a summary only is a Failure that names its page."""
    for entry in entries(unpacked(path, max_bytes), str(path)):
        yield partial(_article, entry, f"{path}#{entry.url}")


def _article(entry: Entry, where: str) -> Article | Failure:
    try:
        if entry.content is None:
            message = "an item with the article's full text was expected, found a summary"
            raise InputError(message, where=where, hint="fetch the pages with `kg fetch` and build those")
        page = f"<html><body><article>{entry.content}</article></body></html>"
        text, _ = html.extract(page, where)
        title = entry.meta.title
        if title and not text.startswith(title):
            text = f"{title}\n\n{text}"
        return article(text, id=name_of(entry.url), meta=entry.meta, origin=where)
    except InputError as e:
        return Failure(where, e)


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any]) -> Entry | None:
    url = str(item.get("link") or "")
    if not url.startswith(("http://", "https://")):
        return None
    contents = [str(c.get("value") or "") for c in item.get("content") or ()]
    content = max([*contents, str(item.get("summary") or "")], key=len)
    authors = tuple(str(a["name"]) for a in item.get("authors") or () if a.get("name"))
    meta = Meta(
        title=" ".join(str(item.get("title") or "").split()) or None,
        published=_date(item.get("published_parsed")),
        publisher=" ".join(str(feed.get("title") or "").split()) or None,
        authors=authors,
        url=url,
        language=str(feed.get("language") or "") or None,
    )
    return Entry(url, meta, content if len(content) >= _FULL else None)


def _date(value: Any) -> date | None:
    try:
        return date(*value[:3]) if value else None
    except (TypeError, ValueError):
        return None
