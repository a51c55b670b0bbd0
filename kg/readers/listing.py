"""Lists of pages to fetch: one address a line, a sitemap, or a feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from kg.errors import InputError
from kg.readers import feeds
from kg.readers.articles import NOTHING, Meta
from kg.readers.decode import decode, unpacked

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_MOST_BYTES = 50_000_000  # what the sitemap protocol allows


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a list names, and what the list says about it."""

    url: str
    meta: Meta = NOTHING
    is_list: bool = False  # a further sitemap


def listed(path: Path) -> tuple[Listed, ...]:
    """The pages that a file lists. Raises InputError for a file that is none of the three, or lists nothing."""
    where = str(path)
    try:
        data = unpacked(path, _MOST_BYTES)
    except OSError as e:
        raise InputError(f"a readable list of pages was expected: {e.strerror}", where=where, hint="check it") from e
    return pages(data, where)


def pages(data: bytes, where: str) -> tuple[Listed, ...]:
    """The pages that these bytes list. Raises InputError."""
    if not data.lstrip().startswith(b"<"):
        found = tuple(_lines(decode(data, where), where))
    else:
        root = _parsed(data, where)
        kind = etree.QName(root).localname
        if kind in ("urlset", "sitemapindex"):
            found = tuple(_sitemap(root, kind == "sitemapindex"))
        else:
            found = tuple(Listed(e.url, e.meta) for e in feeds.entries(data, where))
    if not found:
        raise InputError("a list with addresses was expected, found none", where=where, hint="check the file")
    return found


def _lines(text: str, where: str) -> Iterator[Listed]:
    for number, line in enumerate(text.splitlines(), start=1):
        url = line.partition(" #")[0].strip()
        if not url or url.startswith("#"):
            continue
        if not _is_address(url):
            message = f"an http or https address was expected, found {url[:80]!r}"
            raise InputError(message, where=f"{where}:{number}", hint="write one address a line")
        yield Listed(url)


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not any(c.isspace() for c in url)


def _parsed(data: bytes, where: str) -> Any:
    # Nothing outside the file is read, and no entity is expanded.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        message = f"a sitemap, feed or list of addresses was expected, found XML with a fault: {e}"
        raise InputError(message, where=where, hint="correct it or fetch it again") from e


def _sitemap(root: Any, index: bool) -> Iterator[Listed]:
    for child in root:
        if not isinstance(child.tag, str):
            continue
        url = (child.findtext("{*}loc") or "").strip()
        if _is_address(url):
            yield Listed(url, _meta(child), index)


def _meta(child: Any) -> Meta:
    news = child.find(f"{_NEWS}news")
    if news is None:
        return NOTHING
    try:
        published = date.fromisoformat((news.findtext(f"{_NEWS}publication_date") or "").strip()[:10])
    except ValueError:
        published = None
    return Meta(
        title=" ".join((news.findtext(f"{_NEWS}title") or "").split()) or None,
        published=published,
        publisher=news.findtext(f"{_NEWS}publication/{_NEWS}name"),
        language=news.findtext(f"{_NEWS}publication/{_NEWS}language"),
    )
