"""Files and folders as articles; what cannot be read becomes a Failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.errors import InputError
from kg.readers import html, records, sidecar, warc
from kg.readers.articles import Failure, article
from kg.readers.decode import decode
from kg.types import Article

_TEXTS = frozenset({".txt", ".text"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_RECORDS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_ARCHIVES = (".warc", ".warc.gz")
_NO_NEWS = frozenset({"readme", "license", "licence", "copying", "notice", "changelog", "requirements"})
_MAX_BYTES = 10_000_000


def read(
    paths: Iterable[Path | str], *, max_bytes: int = _MAX_BYTES, fields: Mapping[str, str] | None = None
) -> Iterator[Article | Failure]:
    """The articles of these files and folders, in the order given; folders recursively, by name.

    `max_bytes` bounds a file (a line in JSON Lines, a page in WARC); `fields` maps our names of fields (text,
    id, title, published …) to those of JSON records. Nothing is raised: each input that cannot be read is a
    Failure in its place.
    """
    for path in paths:
        for file in expand(path):
            if isinstance(file, Failure):
                yield file
                continue
            try:
                yield from _file(file, max_bytes, fields or {})
            except InputError as e:
                yield Failure(str(file), e)
            except (OSError, EOFError) as e:
                reason = getattr(e, "strerror", None) or str(e)
                yield _no(file, f"a readable file was expected: {reason}", "check it and its rights")


def expand(path: Path | str) -> Iterator[Path | Failure]:
    """The article files under `path`; a Failure if there is nothing there."""
    if str(path).startswith(("http://", "https://")):
        yield _no(path, "a file or folder was expected, found an address", "save the page as .html and name that file")
        return
    root = Path(path)
    if root.is_dir():
        found = [p for p in sorted(root.rglob("*")) if _is_article(p, root)]
        yield from found
        if not found:
            message = "a folder with .txt, .html, .jsonl or .warc articles was expected, none found"
            yield _no(path, message, "name the folder that holds them")
    elif root.exists():
        yield root
    else:
        yield _no(path, "a file or folder was expected, nothing is there", "check the path")


def _no(path: Path | str, message: str, hint: str) -> Failure:
    return Failure(str(path), InputError(message, where=str(path), hint=hint))


def _is_article(path: Path, root: Path) -> bool:
    if not path.is_file() or any(part.startswith(".") for part in path.relative_to(root).parts):
        return False
    known = path.suffix.lower() in _TEXTS | _PAGES or path.name.lower().endswith(_RECORDS + _ARCHIVES)
    return known and path.stem.lower() not in _NO_NEWS


def _file(path: Path, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Article | Failure]:
    if path.name.lower().endswith(_RECORDS):
        yield from records.read(path, max_bytes=max_bytes, fields=fields)
        return
    if path.name.lower().endswith(_ARCHIVES):
        yield from warc.read(path, max_bytes=max_bytes)
        return
    where = str(path)
    size = path.stat().st_size
    if size > max_bytes:
        message = f"a file of at most {max_bytes:,} bytes was expected, found {size:,}"
        raise InputError(message, where=where, hint="split it, or raise NEWSCLAIMS_MAX_BYTES")
    text = decode(path.read_bytes(), where)
    given = sidecar.beside(path)
    if path.suffix.lower() in _PAGES or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        text, page = html.extract(text, where)
        given = html.merge(given, page)
    yield article(text, id=path.stem, meta=given, origin=where)
