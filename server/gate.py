"""The gate: what may be said of a query without running it through the engine's parser.

A few kilobytes of nested brackets overflow the engine's stack, and SERVICE and LOAD open network connections. So every
text is cut into tokens here, in linear time, and refused before a worker sees it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.store.tokens import Token, cut
from server.problems import Problem

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_QUERY = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATE = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may be at most."""

    length: int = 1_000_000  # characters
    nesting: int = 100  # open brackets; the engine's stack overflows at 2,200 braces
    chain: int = 2_000  # operators of one kind in a row, which the engine nests as deeply
    graphs: int = 64  # FROM, FROM NAMED, USING; the engine needs about 0.7 ms for each of many


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tokens tell of a query."""

    form: str | None  # SELECT, ASK, CONSTRUCT, DESCRIBE, or the first update keyword
    volatile: bool  # calls NOW, RAND …: two runs may differ
    graphs: int
    keywords: frozenset[str]

    @property
    def is_update(self) -> bool:
        """True if the first keyword is one of SPARQL Update."""
        return self.form in _UPDATE


_PLAIN = 2_000  # characters: fewer than the signs in a row that are too many
# Without any of these, and with few brackets, there is nothing that the tokens could tell.
_SUSPECT = (
    *"SERVICE LOAD FROM USING NOW RAND UUID BNODE INSERT DELETE CLEAR CREATE DROP COPY MOVE ADD WITH".split(),
    *"\\\"'",
)
_NOTHING = Facts(None, volatile=False, graphs=0, keywords=frozenset())
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_NODE = re.compile(rf"""<(?!{re.escape(TYPE[1:])})[^<>"'{{}}|^`\\\x00-\x20]*+>|"[^"'\\\r\n]*+\"""")
_LONGEST_SHAPE = 4_000  # characters; a thousand shapes are remembered


def shape(text: str) -> str | None:
    """`text` with its IRIs (but rdf:type) and strings left out: texts of one shape fare alike. None if it has none.

    Escapes, single quotes and long strings could hide from one text what another of the same shape shows.
    """
    if len(text) > 4 * _LONGEST_SHAPE or "\\" in text or "'" in text or '"""' in text:
        return None
    found = _NODE.sub("<>", text)
    return found if len(found) <= _LONGEST_SHAPE else None


def tokens(text: str) -> list[Token]:
    """The tokens of `text` without spaces and comments. Raises Problem for a string that does not end."""
    found = cut(text)
    begun = next((token for token in found if token.kind == "quote"), None)
    if begun is not None:
        raise _syntax(text, begun.start, "a string that begins here does not end")
    return found


def check(text: str, limits: Limits) -> Facts:
    """Facts about a query or update. Raises Problem if it may not be given to a worker."""
    if len(text) > limits.length:
        raise Problem(413, "too-long", f"at most {limits.length} characters were expected, found {len(text)}")
    found = shape(text)
    known = None if found is None else _of_shape(found, limits)
    return _told(text, limits) if known is None else known


def _told(text: str, limits: Limits) -> Facts:
    if len(text) <= _PLAIN and sum(map(text.count, "({[")) <= limits.nesting:
        capitals = text.upper()
        if not any(word in capitals for word in _SUSPECT):
            return _NOTHING
    plain = _unescaped(text)
    facts = _check(text, limits)
    return facts if plain == text else _merged(facts, _check(plain, limits))


@lru_cache(maxsize=1024)
def _of_shape(shape: str, limits: Limits) -> Facts | None:
    """Facts about all texts of a shape; None if they are refused: then the text itself tells the place."""
    try:
        return _told(shape, limits)
    except Problem:
        return None


def _check(text: str, limits: Limits) -> Facts:
    found = tokens(text)
    deepest = next((token for token in found if token.kind == "open" and token.depth >= limits.nesting), None)
    if deepest:
        line, column = place(text, deepest.start)
        detail = f"at most {limits.nesting} brackets open at once were expected, found more"
        raise Problem(400, "too-nested", detail, line=line, column=column)
    _check_chains(found, text, limits)
    words = [token.upper for token in found if token.kind == "word"]
    for word in ("SERVICE", "LOAD"):
        if word in words:
            line, column = place(text, next(token.start for token in found if token.upper == word))
            raise Problem(
                403, "no-network", f"{word} is not allowed here: queries open no connections", line=line, column=column
            )
    graphs = words.count("FROM") + words.count("USING")
    if graphs > limits.graphs:
        raise Problem(400, "too-many-graphs", f"at most {limits.graphs} FROM or USING were expected, found {graphs}")
    form = next((word for word in words if word in _QUERY or word in _UPDATE), None)
    return Facts(form, not _VOLATILE.isdisjoint(words), graphs, frozenset(words))


def _check_chains(found: list[Token], text: str, limits: Limits) -> None:
    """Refuse long rows of signs (`!!!!…`, `a/a/a/…`, `1+1+…`, UNION …) which the engine turns into deep trees."""
    counts: dict[str, int] = {}
    for token in found:
        sign = token.text if token.kind == "other" else token.upper
        if sign in "!/|^+-*&" or sign == "UNION":
            counts[sign] = counts.get(sign, 0) + 1
            if sign and counts[sign] > limits.chain:
                line, column = place(text, token.start)
                raise Problem(
                    400, "too-nested", f"at most {limits.chain} {sign!r} were expected", line=line, column=column
                )


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _unescaped(text: str) -> str:
    r"""`text` with `\u` escapes resolved, as the grammar sees it: `\u0053ERVICE` is a keyword too."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code < 0x110000 else match.group()

    return _ESCAPE.sub(character, text) if "\\" in text else text


def _merged(one: Facts, other: Facts) -> Facts:
    return Facts(
        one.form or other.form,
        one.volatile or other.volatile,
        max(one.graphs, other.graphs),
        one.keywords | other.keywords,
    )


def _syntax(text: str, offset: int, detail: str) -> Problem:
    line, column = place(text, offset)
    return Problem(400, "syntax", f"{detail} (line {line}, column {column})", line=line, column=column)
