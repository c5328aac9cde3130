"""The application: its commands, and the frame in which each of them runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from grader._version import __version__
from grader.cli import deck, grading, installed
from grader.cli.exits import complain, explain, hush_stdout, is_closed_pipe
from grader.cli.terminal import prepare_streams, say


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the library and of the system as a message and an exit code; faults of this program pass."""
    try:
        yield
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        meaning = explain(error)
        if meaning is None:
            raise
        message, code = meaning
        complain(message)
        if is_closed_pipe(error) or isinstance(error, OSError):
            hush_stdout()
        raise typer.Exit(code) from None


class Frame(TyperGroup):
    """Runs a command with prepared streams and translated errors."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (the signature of the framework)
        """Run the command line."""
        prepare_streams()
        return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Read the words of the command line; `--help` and `--version` print here."""
        with _translated():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run the command that the words name."""
        with _translated():
            return super().invoke(ctx)


app = typer.Typer(
    name="grader",
    cls=Frame,
    no_args_is_help=True,
    rich_markup_mode=None,  # help without boxes: it reads well aloud, and starts faster
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"grader {__version__}")
        raise typer.Exit()


@app.callback(
    epilog="Exit codes: 0 done; 1 findings, or below --fail-under; 2 wrong usage or unusable file; "
    "3 a model is missing or altered; 4 some rows failed; 130 interrupted."
)
def grader(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Grade what people type in their own words: offline, item by item, with reasons.

    DECK is a path, or the name of a deck that comes with the grader. CARD is an id, a number or the start of a prompt.

    Example: grader quiz alliances
    """


app.command("quiz")(grading.quiz)
app.command("grade")(grading.grade)
app.command("batch")(grading.batch)
app.add_typer(deck.app, name="deck")
app.add_typer(installed.app, name="models")
app.command("doctor")(installed.doctor)


def main() -> None:
    """The command `grader`."""
    try:
        app(prog_name="grader")
    finally:
        # What is left is the interpreter's own end; a second Ctrl-C there could only print a traceback.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
