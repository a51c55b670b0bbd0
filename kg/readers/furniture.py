"""The patterns of `furniture.toml`: what in an article is not news."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import LexiconError
from kg.types import ZoneKind

_FILE = Path(__file__).with_name("furniture.toml")
_CREDIT_CHARS = 160
_WORD = r"(?:[A-Z][\w.'’-]*|(?:de|del|la|al|el|van|von|der|bin|ibn|da|dos|du|of)\b|(?:al|el|ul)-[A-Z]\w+)"
_CALENDAR = (
    r"(?i:the|a|an|this|that|last|next|then|now|mid|late|early|end|jan|feb|mar|apr|may \d|jun|jul|aug|sep|oct|nov|dec|"
    r"mon|tues|wednes|thurs|fri|satur|sun)\w*\b"
)
_MONTH = r"(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_PERSON = r"[A-Z][\w.'’-]+(?: (?:[A-Z]\.|[A-Z][\w.'’-]+|(?:al|el)-\w+|de|van|von|bin|el|al))"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of furniture. `where` is whole, start, credit or tail (see furniture.toml)."""

    kind: ZoneKind
    where: str
    regex: re.Pattern[str]
    ending: re.Pattern[str]  # the same at a paragraph's end
    max_words: int
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def takes(self, words: str) -> bool:
        """True if a paragraph of these words is, as a whole, of this kind (for `whole` and `start`)."""
        if len(words.split()) > self.max_words:
            return False
        return bool(self.regex.fullmatch(words) if self.where == "whole" else self.regex.match(words))


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns in the file's order. Raises LexiconError for a fault in the file."""
    out = []
    for row in _table()["pattern"]:
        try:
            out.append(_pattern(row, agency()))
        except (KeyError, ValueError, re.error) as e:
            raise LexiconError(f"a pattern was expected, found {row}: {e}", where=str(_FILE)) from e
    return tuple(out)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def agency() -> str:
    """A regular expression for the name of a news or picture agency."""
    return "(?:" + "|".join(sorted(_table()["agencies"], key=len, reverse=True)) + r")(?!\w)"


def ends_in_credit(words: str) -> int | None:
    """Where a picture credit at the end of these words begins; None if there is none."""
    found = []
    for pattern in of("credit"):
        match = pattern.ending.search(words, max(0, len(words) - _CREDIT_CHARS))
        at = match.end() - len(match.group().lstrip()) if match else -1
        if at == 0 or (at > 0 and not words[at - 1].isalnum()):
            found.append(at)
    return min(found, default=None)


def of(*where: str) -> tuple[Pattern, ...]:
    """The patterns that are tried at these places."""
    return tuple(p for p in patterns() if p.where in where)


def _pattern(row: dict[str, object], agency: str) -> Pattern:
    source = (
        str(row["regex"])
        .replace("{agency}", agency)
        .replace("{name}", _WORD + "(?: " + _WORD + "){0,4}")
        .replace("{person}", _PERSON + "{0,3}")
        .replace("{calendar}", _CALENDAR)
        .replace("{month}", _MONTH)
    )
    limit, yes, no = row.get("max_words", 75), row.get("examples", []), row.get("counterexamples", [])
    if not isinstance(limit, int) or not isinstance(yes, list) or not isinstance(no, list):
        raise ValueError("max_words is a whole number; examples and counterexamples are lists")
    kind, where = ZoneKind(str(row["kind"])), str(row["where"])
    return Pattern(kind, where, re.compile(source), re.compile(rf"(?:{source})\Z"), limit, tuple(yes), tuple(no))
