"""Full text inside SPARQL: `?node nc:textMatch "words"` finds nodes by what they say, in an index beside the store.

A node is found by its labels, names and exact words; a claim also by the words of its content. The words are those of
SQLite's FTS5: `boat rescue` (both), `boat OR raft`, `boat NOT rescue`, `"human shields"` (a phrase), `evacu*`; English
endings and accents do not matter. The pattern is replaced by VALUES before the query runs.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.store.names import DCTERMS, NAMESPACE, RDFS, SKOS
from kg.store.tokens import Token, cut

MATCH = NAMESPACE + "textMatch"
MOST = 100_000  # nodes that one pattern may find; more would make a query of many megabytes
_TEXTS = (
    NAMESPACE + "exact",
    NAMESPACE + "name",
    NAMESPACE + "surfaceForm",
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    DCTERMS + "title",
)
_OWNERS = (NAMESPACE + "contentSpan",)  # what has such a span is found by its words
_TABLE = "CREATE VIRTUAL TABLE texts USING fts5(node UNINDEXED, words, tokenize='porter unicode61 remove_diacritics 2')"
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def build(store: ox.Store, path: Path | str) -> None:
    """Write the index of a store to a file.

    The file appears whole or not at all. Raises StoreError if it cannot be written.
    """
    staged = f"{path}.{os.getpid()}.new"
    try:
        Path(staged).unlink(missing_ok=True)
        with closing(sqlite3.connect(staged)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")
            fill(store, connection)
        Path(staged).replace(path)
    except (OSError, sqlite3.Error) as error:
        Path(staged).unlink(missing_ok=True)
        raise StoreError(f"the text index cannot be written: {error}", where=str(path)) from error


def fill(store: ox.Store, connection: sqlite3.Connection) -> None:
    """Put what a store's nodes say into an empty database."""
    connection.execute(_TABLE)
    connection.executemany("INSERT INTO texts VALUES (?, ?)", _rows(store))
    connection.commit()


def _rows(store: ox.Store) -> Iterator[tuple[str, str]]:
    for predicate in _TEXTS:
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                yield quad.subject.value, quad.object.value
    for predicate in _OWNERS:
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                for words in store.quads_for_pattern(quad.object, ox.NamedNode(NAMESPACE + "exact"), None):
                    yield quad.subject.value, str(getattr(words.object, "value", ""))


def search(connection: sqlite3.Connection, words: str) -> list[str]:
    """The IRIs of the nodes that `words` find, best first. Raises QueryError."""
    for asked in (words, " ".join('"' + word.replace('"', "") + '"' for word in words.split())):
        try:
            query = "SELECT node FROM texts WHERE words MATCH ? ORDER BY rank LIMIT ?"
            found = [row[0] for row in connection.execute(query, (asked, 4 * MOST))]
        except sqlite3.OperationalError:  # signs that mean something to FTS5: then they are taken as words
            continue
        nodes = list(dict.fromkeys(found))
        if len(nodes) > MOST:
            raise QueryError(
                f"words that find at most {MOST} nodes were expected, found {words!r}", hint="ask for more"
            )
        return nodes
    raise QueryError(f"words to search for were expected, found {words!r}", hint="put a phrase between double quotes")


def is_used(query: str) -> bool:
    """True if a query may hold the pattern."""
    return "textMatch" in query


def rewritten(query: str, find: Callable[[str], list[str]]) -> str:
    """A query with every `?node nc:textMatch "words"` replaced by the nodes found. Raises QueryError."""
    tokens = cut(query)
    names = _names(tokens)
    changes: list[tuple[int, int, str]] = []
    for index, token in enumerate(tokens):
        if token.kind not in {"iri", "name"} or _iri(token, names) != MATCH:
            continue
        subject, first, last = _pattern(tokens, index)
        nodes = " ".join(f"<{node}>" for node in find(_words(tokens, index + 1)))
        changes.append((subject.start, subject.start, f"VALUES {subject.text} {{ {nodes} }} "))
        changes.append((first, last, " "))
    for start, end, text in sorted(changes, reverse=True):
        query = query[:start] + text + query[end:]
    return query


def _pattern(tokens: list[Token], index: int) -> tuple[Token, int, int]:
    """The subject of the pattern whose predicate is at `index`, and the part of the text that has to go."""
    before, after = tokens[index - 1], tokens[index + 2] if index + 2 < len(tokens) else tokens[-1]
    if after.text == ",":
        raise QueryError("one string was expected after nc:textMatch", hint='write ?node nc:textMatch "words" .')
    listed = before.text == ";"
    subject = _subject(tokens, index - 1) if listed else before
    if subject.kind != "variable":
        raise QueryError("a variable was expected before nc:textMatch", hint='write ?node nc:textMatch "words" .')
    end = tokens[index + 1].start + len(tokens[index + 1].text)
    if listed:
        return subject, before.start, end
    if after.text == ";" and index + 3 < len(tokens) and tokens[index + 3].text not in {".", "}"}:
        return subject, tokens[index].start, after.start + 1
    if after.text == ";":
        end = after.start + 1
        after = tokens[min(index + 3, len(tokens) - 1)]
    return subject, subject.start, after.start + 1 if after.text == "." else end


def _subject(tokens: list[Token], index: int) -> Token:
    """The first token of the triples block that the `;` at `index` belongs to."""
    depth, found = tokens[index].depth, tokens[index]
    for token in reversed(tokens[:index]):
        if token.depth < depth or (token.depth == depth and (token.text in {".", "}"} or token.kind == "close")):
            break
        if token.depth == depth:
            found = token
    return found


def _names(tokens: list[Token]) -> dict[str, str]:
    """The prefixes that a query declares."""
    found = {}
    for index, token in enumerate(tokens[:-2]):
        if token.upper == "PREFIX" and tokens[index + 2].kind == "iri":
            found[tokens[index + 1].text] = tokens[index + 2].text[1:-1]
    return found


def _iri(token: Token, names: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return names.get(prefix + ":", "") + local


def _words(tokens: list[Token], index: int) -> str:
    """The words after the pattern's predicate: a string, or a variable that a VALUES clause gives one string."""
    if index < len(tokens) and tokens[index].kind == "string":
        return _string(tokens[index])
    given = [
        tokens[at + 3]
        for at in range(len(tokens) - 4)
        if tokens[at].upper == "VALUES"
        and index < len(tokens)
        and tokens[at + 1].text[1:] == tokens[index].text[1:]
        and tokens[at + 4].text == "}"
    ]
    if len(given) != 1 or given[0].kind != "string":
        raise QueryError("one string was expected after nc:textMatch", hint='write ?node nc:textMatch "words" .')
    return _string(given[0])


def _string(token: Token) -> str:
    quotes = 3 if token.text[:3] in {'"""', "'''"} else 1
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found.group(1), found.group(1)), token.text[quotes:-quotes])
