"""Errors that reach a user.

    NewsclaimsError
    ├── InputError          a file, folder or sidecar that cannot be read as asked
    ├── UsageError          a command or setting that makes no sense (exit code 2)
    ├── LexiconError        a lexicon, query or ontology file with a fault
    ├── ModelError          the language model is missing or does not fit
    ├── StoreError          the store cannot be opened, read or written
    └── QueryError          a query that does not parse or may not run

Every message is one line: what was expected, what was found, where, and what to do.
"""

from __future__ import annotations


class NewsclaimsError(Exception):
    """Base of all errors that are shown to a user as one line, without a traceback."""

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        """`message`: what was expected and found; `where`: file (and line); `hint`: what to do."""
        self.message, self.where, self.hint = message, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} - {self.hint}" if self.hint else text


class InputError(NewsclaimsError):
    """An input (file, folder, sidecar) cannot be read as asked."""


class UsageError(NewsclaimsError):
    """A command line or setting that makes no sense."""


class LexiconError(NewsclaimsError):
    """A lexicon, query or ontology file has a fault."""


class ModelError(NewsclaimsError):
    """The language model is missing or does not fit this version."""


class StoreError(NewsclaimsError):
    """The store cannot be opened, read or written."""


class QueryError(NewsclaimsError):
    """A query does not parse or may not run."""
