"""News pages in HTML: the article's text and metadata, without the page around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import trafilatura
from trafilatura.settings import Document

from kg.errors import InputError
from kg.readers.articles import Meta


def extract(page: str | bytes, where: str) -> tuple[str, Meta]:
    """The text of a page (title first, then one paragraph a line) and its metadata.

    Raises InputError if no article text is found.
    """
    # Only dates that the page's markup states: a date found in running text may be any other.
    stated = {"extensive_search": False, "original_date": True}
    found = trafilatura.bare_extraction(
        page, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params=stated
    )
    body = found.text or "" if isinstance(found, Document) else ""
    if not isinstance(found, Document) or not body.strip():
        raise InputError(
            "a page with an article was expected, no article text found",
            where=where,
            hint="save the article's own page",
        )
    title = " ".join(found.title.split()) if found.title else None
    paragraphs = [p for p in body.split("\n") if p.strip()]
    if title and paragraphs[0].strip() != title:
        paragraphs.insert(0, title)
    meta = Meta(title=title, publisher=found.sitename or None, url=found.url or None, language=found.language or None)
    return "\n\n".join(paragraphs) + "\n", replace(meta, published=_date(found.date), authors=_authors(found.author))


def merge(given: Meta, page: Meta) -> Meta:
    """What was given beside the page counts before what the page says of itself."""
    return Meta(
        title=given.title or page.title,
        published=given.published or page.published,
        publisher=given.publisher or page.publisher,
        authors=given.authors or page.authors,
        url=given.url or page.url,
        language=given.language or page.language,
    )


def _date(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        return None


def _authors(words: str | None) -> tuple[str, ...]:
    return tuple(a.strip() for a in words.split(";") if a.strip()) if words else ()
