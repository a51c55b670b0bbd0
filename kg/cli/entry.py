"""The command line itself: commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import typer

from kg import __version__
from kg.cli import analyst, commands, intake, keeping, remote
from kg.cli.messages import logs, put, say
from kg.errors import NewsclaimsError, UsageError

app = typer.Typer(
    name="kg",
    help="News articles as a graph of attributed claims: who said what, how many, where.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_state = {"debug": False}


def _version(wanted: bool) -> None:
    if wanted:
        put(f"newsclaims {__version__}\n")
        raise typer.Exit


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error comes from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """News articles as a graph of attributed claims: who said what, how many, where."""
    _state["debug"] = debug or bool(os.environ.get("NEWSCLAIMS_DEBUG"))
    logs(debug=_state["debug"])


_COMMANDS = (
    intake.build,
    intake.load,
    intake.fetch,
    intake.failures,
    intake.withdraw,
    commands.show,
    commands.query,
    commands.ledger,
    commands.reconcile,
    analyst.audit,
    analyst.speech,
    analyst.diff,
    commands.export,
    commands.validate,
    commands.reason,
    commands.evaluate,
    keeping.serve,
    keeping.backup,
    keeping.restore,
    keeping.compact,
    remote.push,
    remote.pull,
)
for _command in _COMMANDS:
    app.command(_command.__name__)(_command)
app.add_typer(analyst.review, name="review")


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; its exit code. No traceback leaves it unless --debug asks for one."""
    _state["debug"] = "--debug" in arguments
    try:
        return int(app(_written_out(arguments), prog_name="kg", standalone_mode=False) or 0)
    except NewsclaimsError as e:
        say(str(e))
        return 2 if isinstance(e, UsageError) else 1
    except KeyboardInterrupt:
        say("stopped; what was done before is kept")
        return 130
    except BrokenPipeError:
        # The reader of our output went away: nothing is left to say, not even by the interpreter at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as e:  # noqa: BLE001 - the last line of defence: told in one line, in full with --debug
        return _unexpected(e)


def _written_out(arguments: list[str]) -> list[str]:
    """`kg evaluate --model` with no value asks for the model's figures; options with optional values typer has not."""
    if "evaluate" not in arguments:
        return arguments
    followed = [*arguments[1:], "-"]
    return [
        "--model-figures" if word == "--model" and after.startswith("-") else word
        for word, after in zip(arguments, followed, strict=True)
    ]


def _unexpected(error: Exception) -> int:
    """Faults of the command line's own library carry an exit code; all others are ours to explain."""
    usage = getattr(error, "format_message", None)
    if usage is not None:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "kg"
        say(f"{usage().rstrip('.')} - see `{command} --help`")
        return int(getattr(error, "exit_code", 2))
    if type(error).__name__ == "Abort":
        say("stopped")
        return 130
    if isinstance(error, OSError) and error.strerror:
        say(f"{error.filename or 'a file'}: {error.strerror} - check the path, its rights and the disk's space")
        return 1
    if _state["debug"]:
        traceback.print_exception(error)
    words = " ".join(str(error).split())[:300]
    say(f"unexpected {type(error).__name__}: {words} - run again with `kg --debug …` and report what it prints")
    return 1
