"""Write quads to a file in any of the formats people ask for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, serialize

from kg.errors import InputError, UsageError
from kg.export import jsonld, table
from kg.export.extract import of_articles, of_events
from kg.export.nanopub import NP, nanopublications
from kg.export.protege import with_ontology
from kg.export.sorting import grouped, merged, sorted_lines
from kg.ontology import PREFIXES, nearest

__all__ = ["FORMATS", "export"]

_PREFIXES = {**PREFIXES, "np": NP}
Writer = Callable[[Iterable[Quad], IO[bytes]], None]


def _nquads(quads: Iterable[Quad], file: IO[bytes]) -> None:
    file.writelines(sorted_lines(quads))


def _trig(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(grouped(quads), file, format=RdfFormat.TRIG, prefixes=_PREFIXES)


def _nanopub(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(nanopublications(quads), file, format=RdfFormat.TRIG, prefixes=_PREFIXES)


def _turtle(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(merged(quads), file, format=RdfFormat.TURTLE, prefixes=_PREFIXES)


def _rdfxml(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(merged(quads), file, format=RdfFormat.RDF_XML, prefixes=_PREFIXES)


def _jsonld(quads: Iterable[Quad], file: IO[bytes]) -> None:
    file.writelines(jsonld.documents(quads))


def _csv(quads: Iterable[Quad], file: IO[bytes]) -> None:
    file.writelines(table.lines(quads))


def _protege_turtle(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(with_ontology(quads), file, format=RdfFormat.TURTLE, prefixes=_PREFIXES)


def _protege_rdfxml(quads: Iterable[Quad], file: IO[bytes]) -> None:
    serialize(with_ontology(quads), file, format=RdfFormat.RDF_XML, prefixes=_PREFIXES)


FORMATS: dict[str, Writer] = {
    "ttl": _turtle,
    "trig": _trig,
    "nq": _nquads,
    "jsonld": _jsonld,
    "rdfxml": _rdfxml,
    "csv": _csv,
    "nanopub": _nanopub,
}
_PROTEGE: dict[str, Writer] = {"ttl": _protege_turtle, "rdfxml": _protege_rdfxml}


def export(
    quads: Iterable[Quad],
    format: str,
    out: Path,
    protege: bool = False,
    *,
    articles: Iterable[str] = (),
    events: Iterable[str] = (),
) -> None:
    """Write `quads` to `out`, all or nothing: the file appears when it is whole.

    `format`: one of FORMATS; `protege`: ontology and individuals in one file without graph names (ttl, rdfxml);
    `articles` (IRIs or identifiers) or `events` (IRIs): only what belongs to them. The same quads give the same
    bytes. Raises UsageError for an unknown format, article or event; InputError if `out` cannot be written.
    """
    writer = _writer(format, protege)
    wanted = list(articles), list(events)
    if wanted[0]:
        quads = of_articles(quads, wanted[0])
    elif wanted[1]:
        quads = of_events(quads, wanted[1])
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    except OSError as error:
        raise InputError(f"the export cannot be written: {error.strerror}", where=str(out)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            writer(quads, file)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(out)
    except OSError as error:
        raise InputError(f"the export cannot be written: {error.strerror}", where=str(out)) from error
    finally:
        Path(name).unlink(missing_ok=True)


def _writer(format: str, protege: bool) -> Writer:
    known = _PROTEGE if protege else FORMATS
    if format not in known:
        what = "a format that Protege opens" if protege else "a format"
        raise UsageError(f"expected {what} ({', '.join(known)}), found {format!r}", hint=nearest(format, known))
    return known[format]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
