"""The product's questions: `.rq` files with a comment header, and their parameters.

    # summary: What the query answers, one sentence.
    # tags: figures, sources
    # parameter: place (string) what it means
    SELECT … WHERE { VALUES ?place { "Aleppo" } … }

A parameter is a variable with a VALUES clause of one term, its default: the file runs as it stands on any endpoint.
(A sub-select needs the clause again; then all of them hold the same default.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

from kg.errors import LexiconError, UsageError
from kg.settings import resource

_HEADER = re.compile(r"^#\s*(\w+):\s*(.*)$")
_PARAMETER = re.compile(r"^(\w+)\s+\((string|iri|integer|decimal)\)\s+(.+)$")
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)
_TERM = r'(?:"(?:[^"\\\n]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?|<[^<>\s]*>|[+-]?[\d.]+|UNDEF)'
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*$")
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the asker may choose. `default` is as written in the query: a term, or UNDEF for any."""

    name: str
    kind: str  # string, iri, integer or decimal
    help: str
    default: str

    @property
    def example(self) -> str:
        """The default without quotation marks or brackets."""
        return self.default.strip('"<>') if self.default != "UNDEF" else ""


@dataclass(frozen=True, slots=True)
class Query:
    """One question."""

    name: str
    summary: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    form: str  # SELECT, ASK, CONSTRUCT or DESCRIBE


def load(folder: Path | None = None) -> tuple[Query, ...]:
    """All queries of `folder` (the product's own by default) by name; those in sub-folders are named `folder/name`."""
    folder = folder or resource("queries")
    return tuple(read(path, folder) for path in sorted(folder.rglob("*.rq")))


def read(path: Path, folder: Path | None = None) -> Query:
    """One `.rq` file. Raises LexiconError naming file and line if its header is at fault or it is not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"a query file was expected: {error.strerror}", where=str(path), hint="name an .rq file"
        ) from error
    except UnicodeDecodeError as error:
        raise LexiconError("UTF-8 was expected, found other bytes", where=str(path), hint="save it as UTF-8") from error
    name = str(path.relative_to(folder).with_suffix("")) if folder else path.stem
    summary = ""
    tags: tuple[str, ...] = ()
    parameters = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _HEADER.match(line)
        if not line.startswith("#"):
            break
        if found and found.group(1) == "summary":
            summary = found.group(2)
        elif found and found.group(1) == "tags":
            tags = tuple(tag.strip() for tag in found.group(2).split(","))
        elif found and found.group(1) == "parameter":
            parameters.append(_parameter(found.group(2), text, f"{path}:{number}"))
    form = _FORM.search(text)
    return Query(name, summary, tags, tuple(parameters), text, form.group(1) if form else "SELECT")


def find(name: str, queries: tuple[Query, ...]) -> Query | None:
    """The query of that name, or None."""
    return next((query for query in queries if query.name == name), None)


def bind(query: Query, values: Mapping[str, str]) -> str:
    """The query's text with `values` in place of the defaults; an empty value stands for any.

    Every value becomes one RDF term, serialised by the engine's own writer, so no value can change the query.
    Raises UsageError for an unknown parameter or a value that is not of its kind.
    """
    text = query.text
    known = {parameter.name: parameter for parameter in query.parameters}
    for name, value in values.items():
        if name not in known:
            expected = ", ".join(known) or "none"
            raise UsageError(f"one of the parameters {expected} was expected, found {name!r}", where=query.name)
        term = "UNDEF" if value == "" else str(_term(known[name], value))
        for clause in reversed(list(_clause(name).finditer(text))):
            text = f"{text[: clause.start()]}{clause.group(1)} {term} {clause.group(3)}{text[clause.end() :]}"
    return text


def _term(parameter: Parameter, value: str) -> ox.NamedNode | ox.Literal:
    problem = UsageError(
        f"{parameter.kind} was expected for {parameter.name}, found {value[:100]!r}", hint=parameter.help
    )
    if parameter.kind == "iri":
        if not _IRI.match(value):
            raise problem
        return ox.NamedNode(value)
    if parameter.kind == "string":
        return ox.Literal(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise problem from None
    whole = parameter.kind == "integer"
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        raise problem
    return ox.Literal(f"{number:f}", datatype=ox.NamedNode(_XSD + parameter.kind))


def _parameter(line: str, text: str, where: str) -> Parameter:
    found = _PARAMETER.match(line)
    if not found:
        raise LexiconError(
            "`name (string|iri|integer|decimal) meaning` was expected", where=where, hint="correct the header"
        )
    name, kind, meaning = found.groups()
    clauses = _clause(name).findall(text)
    if len({clause[1] for clause in clauses}) != 1:
        raise LexiconError(
            f"`VALUES ?{name} {{ term }}` with one term was expected, found {len(clauses)} such clauses",
            where=where,
            hint="add it",
        )
    return Parameter(name, kind, meaning, clauses[0][1])


def _clause(name: str) -> re.Pattern[str]:
    return re.compile(rf"(VALUES\s+\?{name}\s+\{{)\s*({_TERM})\s*(\}})")
