"""Files and folders as articles; what cannot be read becomes a Failure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

from kg.errors import InputError
from kg.readers import feeds, html, parquet, records, sidecar, warc
from kg.readers.articles import Failure, Opening, article
from kg.readers.decode import decode
from kg.types import Article

_TEXTS = frozenset({".txt", ".text"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_RECORDS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_ARCHIVES = (".warc", ".warc.gz")
_TABLES = (".parquet",)
_FEEDS = (".rss", ".atom")
_NO_NEWS = frozenset({"readme", "license", "licence", "copying", "notice", "changelog", "requirements"})
_MAX_BYTES = 10_000_000


def read(
    paths: Iterable[Path | str], *, max_bytes: int = _MAX_BYTES, fields: Mapping[str, str] | None = None
) -> Iterator[Article | Failure]:
    """The articles of these files and folders, in the order given; folders recursively, by name.

    `max_bytes` bounds a file (a line in JSON Lines, a row in Parquet, a page in WARC); `fields` maps our names of
    fields (text, id, title, published …) to those of records. Nothing is raised: each input that cannot be read
    is a Failure in its place.
    """
    return (item for _, item in numbered(paths, max_bytes=max_bytes, fields=fields))


def numbered(
    paths: Iterable[Path | str],
    *,
    max_bytes: int = _MAX_BYTES,
    fields: Mapping[str, str] | None = None,
    share: tuple[int, int] = (0, 1),
) -> Iterator[tuple[int, Article | Failure]]:
    """As `read`, each with its place in the whole input.

    `share` (i, n) opens only the inputs at places i, i + n, i + 2n …: n readers with one i each read all of them.
    """
    mine, of = share
    openings = chain.from_iterable(_openings(path, max_bytes, fields or {}) for path in articles_of(paths))
    for place, opening in enumerate(openings):
        if place % of == mine:
            try:
                item = opening()
            except InputError as e:
                item = Failure(e.where or "", e)
            if item is not None:
                yield place, item


def count(paths: Iterable[Path | str]) -> int | None:
    """How many inputs these files and folders hold; None where a file holds an unknown number of records."""
    files = [file for path in articles_of(paths) for file in expand(path)]
    many = (*_RECORDS, *_ARCHIVES, *_TABLES, *_FEEDS, ".xml")
    return None if any(isinstance(f, Path) and f.name.lower().endswith(many) for f in files) else len(files)


def articles_of(paths: Iterable[Path | str]) -> Iterator[Path | str]:
    """The paths without the sidecars of articles that are named too: `kg build articles/*` names both."""
    named = list(paths)
    stems = {str(Path(p).with_suffix("")) for p in named}
    return (p for p in named if not str(p).endswith(sidecar.SUFFIX) or str(p).removesuffix(sidecar.SUFFIX) not in stems)


def expand(path: Path | str) -> Iterator[Path | Failure]:
    """The article files under `path`; a Failure if there is nothing there."""
    if str(path).startswith(("http://", "https://")):
        yield _no(path, "a file or folder was expected, found an address", "fetch it first: `kg fetch`")
        return
    root = Path(path)
    if root.is_dir():
        found = [p for p in sorted(root.rglob("*")) if _is_article(p, root)]
        yield from found
        if not found:
            message = "a folder with .txt, .html, .jsonl, .parquet, .rss or .warc articles was expected, none found"
            yield _no(path, message, "name the folder that holds them")
    elif root.exists() and root.name.endswith(sidecar.SUFFIX):
        yield _no(path, "an article was expected, found a sidecar", "name the article beside it")
    elif root.exists():
        yield root
    else:
        yield _no(path, "a file or folder was expected, nothing is there", "check the path")


def _no(path: Path | str, message: str, hint: str) -> Failure:
    return Failure(str(path), InputError(message, where=str(path), hint=hint))


def _is_article(path: Path, root: Path) -> bool:
    if not path.is_file() or any(part.startswith(".") for part in path.relative_to(root).parts):
        return False
    known = path.suffix.lower() in _TEXTS | _PAGES or path.name.lower().endswith(
        _RECORDS + _ARCHIVES + _TABLES + _FEEDS
    )
    return known and path.stem.lower() not in _NO_NEWS


def _openings(path: Path | str, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Opening]:
    for file in expand(path):
        if isinstance(file, Failure):
            yield partial(_same, file)
            continue
        try:
            yield from _within(file, max_bytes, fields)
        except InputError as e:
            yield partial(_same, Failure(str(file), e))
        except (OSError, EOFError, zlib.error) as e:
            yield partial(_same, _unreadable(file, e))


def _same(failure: Failure) -> Failure:
    return failure


def _unreadable(path: Path, error: Exception) -> Failure:
    reason = getattr(error, "strerror", None) or str(error)
    return _no(path, f"a readable file was expected: {reason}", "check it and its rights")


def _within(path: Path, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Opening]:
    name = path.name.lower()
    if name.endswith(_RECORDS):
        yield from records.openings(path, max_bytes=max_bytes, fields=fields)
    elif name.endswith(_ARCHIVES):
        yield from warc.openings(path, max_bytes=max_bytes)
    elif name.endswith(_TABLES):
        yield from parquet.openings(path, max_bytes=max_bytes, fields=fields)
    elif name.endswith((*_FEEDS, ".xml")):
        yield from feeds.openings(path, max_bytes=max_bytes)
    else:
        yield partial(_file, path, max_bytes)


def _file(path: Path, max_bytes: int) -> Article | Failure:
    """The article of a text file or page."""
    where = str(path)
    try:
        size = path.stat().st_size
        if size > max_bytes:
            message = f"a file of at most {max_bytes:,} bytes was expected, found {size:,}"
            raise InputError(message, where=where, hint="split it, or raise NEWSCLAIMS_MAX_BYTES")
        text = decode(path.read_bytes(), where)
        given = sidecar.beside(path)
        if path.suffix.lower() in _PAGES or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
            text, page = html.extract(text, where)
            given = html.merge(given, page)
        return article(text, id=path.stem, meta=given, origin=where)
    except InputError as e:
        return Failure(where, e)
    except OSError as e:
        return _unreadable(path, e)
