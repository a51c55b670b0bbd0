"""SPARQL 1.1 Protocol: what a request asks for, before anything is run."""

from __future__ import annotations

import codecs
import re
from binascii import a2b_qp
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kg.store.tokens import Token
from server.gate import tokens
from server.problems import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ODD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})|[\r\n\t ]")
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*$")


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or an update, with the dataset the request names (empty: the endpoint's own)."""

    kind: str  # "query" or "update"
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None  # ?format=, a short name that overrides Accept
    generation: int | None = None  # ?generation=, a state of the store to read again

    @property
    def has_dataset(self) -> bool:
        """True if the request names graphs of its own."""
        return bool(self.default_graphs or self.named_graphs)


def from_get(query_string: str) -> Operation | None:
    """The operation of a GET or HEAD request; None if it names no query (then the service describes itself)."""
    fields = _fields(query_string)
    if "update" in fields:
        raise Problem(400, "update-by-get", "updates were expected by POST, found one in a GET request")
    if "query" not in fields:
        if {"default-graph-uri", "named-graph-uri"} & set(fields):
            raise Problem(400, "no-query", "a `query` parameter was expected")
        return None
    return _operation("query", fields)


def from_post(query_string: str, content_type: str | None, body: bytes) -> Operation:
    """The operation of a POST request: a form, or a query or update as the body itself."""
    media_type, charset = _content_type(content_type)
    text = _decoded(body, charset)
    fields = _fields(query_string)
    if media_type == FORM:
        for name, values in _fields(text).items():
            fields.setdefault(name, []).extend(values)
        both = {"query", "update"} & set(fields)
        if len(both) != 1:
            raise Problem(
                400, "no-query", f"one of `query` and `update` was expected, found {'both' if both else 'none'}"
            )
        return _operation(both.pop(), fields)
    if media_type in {QUERY, UPDATE}:
        kind = "query" if media_type == QUERY else "update"
        if {"query", "update"} & set(fields):
            raise Problem(400, "two-queries", f"the {kind} was expected in the body only, found another in the address")
        return _operation(kind, fields | {kind: [text]})
    raise Problem(
        415, "media-type", f"{FORM}, {QUERY} or {UPDATE} was expected as Content-Type, found {media_type or 'none'}"
    )


def with_dataset(update: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> str:
    """The update with `using-graph-uri` and `using-named-graph-uri` written into it as USING clauses.

    Raises Problem if the update names graphs itself (USING, WITH), as the protocol asks.
    """
    found = tokens(update)
    words = [token.upper for token in found]
    if "USING" in words or "WITH" in words:
        raise Problem(
            400, "dataset-conflict", "graphs were expected in the request or in the update, found them in both"
        )
    clause = "".join(f" USING <{graph}>" for graph in default_graphs)
    clause += "".join(f" USING NAMED <{graph}>" for graph in named_graphs) + " "
    places = [place for place in _where_places(found) if place is not None]
    for place in reversed(places):
        update = update[:place] + clause + update[place:]
    return update


def _where_places(found: list[Token]) -> list[int]:
    """Where the WHERE of each DELETE/INSERT … WHERE operation begins (not that of `DELETE WHERE`)."""
    places, pending = [], False
    for index, token in enumerate(found):
        if token.depth:
            continue
        follower = found[index + 1].upper if index + 1 < len(found) else ""
        if token.upper in {"INSERT", "DELETE"}:
            pending = follower not in {"DATA", "WHERE"}
        elif token.text == ";" and token.kind == "other":
            pending = False
        elif pending and token.upper == "WHERE":
            places.append(token.start)
            pending = False
    return places


def _operation(kind: str, fields: dict[str, list[str]]) -> Operation:
    texts = fields[kind]
    if len(texts) != 1:
        raise Problem(400, "two-queries", f"one `{kind}` was expected, found {len(texts)}")
    prefix = "" if kind == "query" else "using-"
    return Operation(
        kind,
        texts[0],
        _graphs(fields, "default-graph-uri" if kind == "query" else "using-graph-uri"),
        _graphs(fields, f"{prefix}named-graph-uri"),
        fields.get("format", [None])[-1],
        _generation(fields),
    )


def unquoted(value: str) -> str | None:
    """A percent-encoded value in one call, where the general way makes a hundred; None if it takes the general way.

    Raises Problem if it is not UTF-8.
    """
    if not value.isascii() or _ODD_PERCENT.search(value):
        return None
    return _utf8(a2b_qp(value.replace("=", "=3D").replace("%", "=").replace("+", " ")))


def is_iri(text: str) -> bool:
    """True if `text` is an absolute IRI that can stand between angle brackets."""
    return bool(_IRI.match(text))


def _graphs(fields: dict[str, list[str]], name: str) -> tuple[str, ...]:
    graphs = tuple(dict.fromkeys(fields.get(name, [])))
    for graph in graphs:
        if not is_iri(graph):
            raise Problem(400, "not-an-iri", f"an absolute IRI was expected as {name}, found {graph[:200]!r}")
    return graphs


def _generation(fields: dict[str, list[str]]) -> int | None:
    value = fields.get("generation", [""])[-1]
    if not value:
        return None
    if not value.isdecimal() or len(value) > 12:
        raise Problem(400, "generation", f"a number was expected as generation, found {value[:50]!r}")
    return int(value)


def _fields(text: str) -> dict[str, list[str]]:
    name, _, value = text.partition("=")
    if name == "query" and "&" not in text:  # nearly all requests
        plain = unquoted(value)
        if plain is not None:
            return {name: [plain]}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=2_000)
    except UnicodeDecodeError as error:
        raise Problem(400, "encoding", "UTF-8 was expected in the percent-encoded parameters") from error
    except ValueError as error:
        raise Problem(400, "too-many-fields", "at most 2,000 parameters were expected") from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _utf8(found: bytes) -> str:
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, "encoding", "UTF-8 was expected in the percent-encoded parameters") from error


def _content_type(header: str | None) -> tuple[str, str]:
    media_type, *parameters = (piece.strip() for piece in (header or "").split(";"))
    charset = "utf-8"
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    return media_type.lower(), charset


def _decoded(body: bytes, charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
    except LookupError as error:
        raise Problem(415, "charset", f"UTF-8 was expected as charset, found {charset[:50]!r}") from error
    if name not in {"utf-8", "ascii"}:  # the protocol: bodies in another charset are refused
        raise Problem(415, "charset", f"UTF-8 was expected as charset, found {name}")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(
            400, "encoding", f"UTF-8 was expected, found byte {body[error.start]:#04x} at {error.start}"
        ) from error
