"""The claims as a CSV table with HXL hashtags in its second row. Columns and tags stand in the query file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg.errors import LexiconError
from kg.ontology import PREFIXES
from kg.settings import resource


def rows(quads: Iterable[Quad]) -> Iterator[list[str]]:
    """Column names, hashtags, then one row a claim. Raises LexiconError if the query file has no fitting tags."""
    path = resource("queries") / "export" / "hxl.rq"
    query = path.read_text(encoding="utf-8")
    tags = [tag for line in re.findall(r"^# hxl: (.*)$", query, re.MULTILINE) for tag in line.split()]
    store, wanted = Store(), _predicates(query)
    store.bulk_extend(q for q in quads if q.predicate.value in wanted)
    found = store.query(query, use_default_graph_as_union=True)
    if not isinstance(found, QuerySolutions) or len(found.variables) != len(tags):
        raise LexiconError(f"expected a SELECT with {len(tags)} columns, one for each tag in '# hxl:'", where=str(path))
    yield [variable.value for variable in found.variables]
    yield tags
    for solution in found:
        yield [_cell(solution[variable]) for variable in found.variables]


def _predicates(query: str) -> frozenset[str]:
    """The IRIs of all prefixed names of a query: the only predicates it can match."""
    names = re.findall(r"\b([a-z]+):(\w+)", query)
    named = {PREFIXES[prefix] + local for prefix, local in names if prefix in PREFIXES}
    return frozenset(named | {PREFIXES["rdf"] + "type"})


def _cell(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The table as lines of CSV (RFC 4180, UTF-8)."""
    for row in rows(quads):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerow(row)
        yield buffer.getvalue().encode("utf-8")
