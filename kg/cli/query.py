"""`kg query`: what a store answers, in the format asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg import queries
from kg.cli import options
from kg.cli.messages import put
from kg.errors import QueryError, UsageError
from kg.ontology import PREFIXES
from kg.settings import resource
from kg.store import Store, remote

_SOLUTIONS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_TRIPLES = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "xml": ox.RdfFormat.RDF_XML}
# Wider than any terminal: a piped table is never wrapped.
_PIPED_WIDTH = 4000


def query(file: str, store: Path, format: str | None, param: list[str]) -> None:
    """Print what `store` answers to a query. Raises QueryError, StoreError and UsageError."""
    asked = _query(file)
    text = queries.bind(asked, options.pairs(param, "--param"))
    if remote.is_address(store):
        _write(_elsewhere(remote.parse(store), text, asked.form), format, file)
        return
    with Store.open(store) as opened:
        try:
            found = opened.query(text)
        except QueryError as e:
            raise QueryError(e.message, where=file, hint=e.hint) from e
        _write(found, format, file)


def _elsewhere(there: remote.Remote, text: str, form: str) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
    """What a store elsewhere answers."""
    if form in {"CONSTRUCT", "DESCRIBE"}:
        body = remote.query(there, text, "application/n-triples")
        return (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    body = remote.query(there, text, "application/sparql-results+json")
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if form == "ASK" and isinstance(found, ox.QuerySolutions):  # Virtuoso 7 says it with a table of one number
        told = any(row[0].value == "1" for row in found if isinstance(row[0], ox.Literal))
        body = b'{"head": {}, "boolean": %b}' % (b"true" if told else b"false")
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    return found


def _query(file: str) -> queries.Query:
    """The query of a file, of standard input, or of the product's own by its name."""
    if file == "-":
        return queries.Query("standard input", "", (), (), sys.stdin.read(), "SELECT")
    path = Path(file)
    if path.suffix == ".rq" or path.exists():
        return queries.read(path)
    named = resource("queries") / f"{file}.rq"
    if not named.is_file():
        known = ", ".join(q.name for q in queries.load())
        raise UsageError(f"a query file or one of {known} was expected, found {file!r}", hint="check the path")
    return queries.read(named)


def _write(found: ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple], format: str | None, file: str) -> None:
    if not isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        kind = _TRIPLES.get(format or "ttl")
        if kind is None:
            raise UsageError(f"--format {', '.join(_TRIPLES)} was expected for a graph, found {format!r}", where=file)
        prefixes = PREFIXES if kind is ox.RdfFormat.TURTLE else None
        put((ox.serialize(found, format=kind, prefixes=prefixes) or b"").decode("utf-8"))
    elif format in _SOLUTIONS:
        if isinstance(found, ox.QueryBoolean) and format in ("csv", "tsv"):
            put(f"{str(bool(found)).lower()}\n")
        else:
            put((found.serialize(format=_SOLUTIONS[format]) or b"").decode("utf-8"))
    elif format in (None, "table"):
        _table(found)
    else:
        raise UsageError(f"--format {', '.join([*_SOLUTIONS, 'table'])} was expected, found {format!r}", where=file)


def _table(found: ox.QuerySolutions | ox.QueryBoolean) -> None:
    if isinstance(found, ox.QueryBoolean):
        put(f"{str(bool(found)).lower()}\n")
        return
    names = [v.value for v in found.variables]
    table = Table(*names, box=None, pad_edge=False, header_style="bold")
    for solution in found:
        table.add_row(*(Text(_shown(solution[n])) for n in names))
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    console = Console(file=sys.stdout, width=width, highlight=False)
    with console.capture() as captured:
        console.print(table)
    put("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _shown(term: object) -> str:
    """A term for reading: prefixes for known namespaces, literals without their types."""
    if isinstance(term, ox.Literal):
        return term.value
    if isinstance(term, ox.NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
        return term.value
    return "" if term is None else str(term)
