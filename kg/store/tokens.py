"""SPARQL as tokens: what is a word, a name, a string, a bracket. No grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>[\x20\t\r\n]++)
  | (?P<comment>\#[^\r\n]*+)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
             | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<variable>[?$]\w++)
  | (?P<name>[^\W\d]?[\w\-.]*+:(?:[\w:.%\-]|\\.)*+)
  | (?P<word>[^\W\d]\w*+)
  | (?P<open>[({\[])
  | (?P<close>[)}\]])
  | (?P<quote>["'])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SILENT = frozenset({"space", "comment"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, its text and where it begins."""

    kind: str
    text: str
    start: int
    depth: int  # number of brackets open before it

    @property
    def upper(self) -> str:
        """The text in capitals if it can be a keyword, otherwise empty."""
        return self.text.upper() if self.kind == "word" else ""


def cut(text: str) -> list[Token]:
    """The tokens of `text` without spaces and comments, in linear time. A string that does not end begins with a
    token of kind `quote`."""
    found, depth = [], 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind in _SILENT:
            continue
        if kind == "close":
            depth -= 1
        found.append(Token(kind, match.group(), match.start(), depth))
        if kind == "open":
            depth += 1
    return found
