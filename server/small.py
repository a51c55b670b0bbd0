"""Which queries are surely small: asked only when few workers are free, to tell who may have one of the last."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kg.store.tokens import Token
from server.gate import TYPE, shape, tokens
from server.problems import Problem

_LONGEST = 4_000  # characters
_HEAVY = frozenset(
    "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT GROUP ORDER HAVING REGEX REPLACE CONCAT MINUS EXISTS "
    "MD5 SHA1 SHA256 SHA384 SHA512".split()
)
_TERMS = frozenset({"iri", "name", "string", "variable"})
_TYPES = frozenset({"a", "rdf:type", TYPE})


def is_small(query: str) -> bool:
    """True if every triple pattern hangs on a given node, by at most a chain of patterns, and nothing is gathered.

    A guess from the words alone: what it lets through wrongly is ended after its slice of time like all others.
    """
    if len(query) > _LONGEST:
        return False
    return _is_small(shape(query) or query)


@lru_cache(maxsize=1024)
def _is_small(query: str) -> bool:
    try:
        found = tokens(query)
    except Problem:
        return True  # it does not parse: that is told at once
    words = [token.upper for token in found if token.kind == "word"]
    if not _HEAVY.isdisjoint(words) or words.count("SELECT") > 1:
        return False
    if any(token.text in "*+^|!" and token.depth for token in found if token.kind == "other"):
        return False
    if "DESCRIBE" in words and not any(token.kind == "open" for token in found):
        return True
    return _hangs_together(_patterns(found))


def _patterns(found: list[Token]) -> Iterable[tuple[str, str, str]]:
    """Subject, predicate and object of the triple patterns, as far as they can be told without a grammar."""
    subject = predicate = ""
    place, skipped, after_graph = 0, 0, False
    for token in found:
        if token.text in "()" and token.kind in {"open", "close"}:
            skipped += 1 if token.text == "(" else -1
        elif skipped or not token.depth:
            continue
        elif token.kind in {"open", "close"} or token.text == ".":
            place = 0
        elif token.text == ";":
            place = 1
        elif token.text == ",":
            place = 2
        elif token.upper == "GRAPH":
            after_graph = True
        elif token.kind in _TERMS or token.text == "a" or token.text.isdigit():
            if after_graph:
                after_graph = False
            elif place == 0:
                subject, place = token.text, 1
            elif place == 1:
                predicate, place = token.text, 2
            else:
                yield subject, predicate, token.text
        elif token.text == "/":
            place = 1


def _hangs_together(patterns: Iterable[tuple[str, str, str]]) -> bool:
    """True if from the given nodes every pattern can be reached through shared variables."""
    open_ = list(patterns)
    known: set[str] = set()
    while open_:
        reached = [one for one in open_ if _is_known(one, known)]
        if not reached:
            return False
        known |= {term for one in reached for term in (one[0], one[2])}
        open_ = [one for one in open_ if one not in reached]
    return True


def _is_known(pattern: tuple[str, str, str], known: set[str]) -> bool:
    subject, predicate, object_ = pattern
    if subject in known or subject[0] not in "?$":
        return True
    return object_ in known or (object_[0] not in "?$" and predicate not in _TYPES)
