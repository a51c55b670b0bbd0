"""An article from its text and what is known about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kg.errors import InputError, NewsclaimsError
from kg.readers import language as languages
from kg.readers.zones import zones
from kg.types import Article


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, and why; the rest of a batch is not touched by it."""

    path: str
    error: NewsclaimsError


# Reads one input: a file, or a record of one. None where it holds no article and that is no fault.
Opening = Callable[[], "Article | Failure | None"]


@dataclass(frozen=True, slots=True)
class Meta:
    """What a sidecar, page or record says about an article; None where it says nothing."""

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    language: str | None = None


NOTHING = Meta()


def article(text: str, *, id: str, meta: Meta = NOTHING, origin: str | None = None) -> Article:
    """The article of this text, zoned. `id` is its short name, `origin` where it was read from.

    Raises InputError if the text is empty or not English.
    """
    where = origin or id
    if not text.strip():
        raise InputError("a news article was expected, found an empty text", where=where, hint="leave it out")
    _check_language(text, meta.language, where)
    return Article(
        id=id,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        zones=zones(text, meta.title),
        title=meta.title,
        published=meta.published,
        publisher=meta.publisher,
        authors=meta.authors,
        url=meta.url,
        language=meta.language or "en",
        origin=origin,
    )


def _check_language(text: str, given: str | None, where: str) -> None:
    if given and not re.match(r"en\b", given, re.IGNORECASE):
        message = f"an English article was expected, its metadata says language {given!r}"
        raise InputError(message, where=where, hint="leave it out")
    found = languages.detect(text)
    if found not in (None, "English"):
        message = f"an English article was expected, found {found}"
        raise InputError(message, where=where, hint="leave it out or translate it first")
