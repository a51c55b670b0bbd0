"""The `kg` command. Data goes to standard output, messages to standard error.

Exit codes: 0 done, 1 found faults, 2 wrong usage, 130 stopped by the user.
"""

from kg.cli.entry import app, main

__all__ = ["app", "main"]
