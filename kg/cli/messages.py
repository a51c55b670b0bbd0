"""What a user sees on standard error: one line a message, progress on terminals only."""

from __future__ import annotations

import logging
import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def say(message: str) -> None:
    """One line to standard error."""
    sys.stderr.write(f"kg: {message}\n")


def put(text: str) -> None:
    """Data to standard output, as it is."""
    sys.stdout.write(text)


def progress() -> Progress:
    """A progress bar on standard error; it shows nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


class _OneLine(logging.Handler):
    """Log records as one-line messages; tracebacks only when debugging."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"{record.levelname.lower()}: {record.getMessage()}")
        if record.exc_info and logging.getLogger("kg").isEnabledFor(logging.DEBUG):
            sys.stderr.write(logging.Formatter().formatException(record.exc_info) + "\n")


def logs(*, debug: bool) -> None:
    """Warnings of the library (with `debug`, everything) become messages; other libraries stay silent."""
    logger = logging.getLogger("kg")
    logger.handlers = [_OneLine()]
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)
    logger.propagate = False
    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
