"""Standard streams: UTF-8 everywhere, plain where asked for, lines read with paste kept together."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from grader.cli.exits import complain
from grader.errors import AnswersError
from grader.records import Grade
from grader.report import grade_to_rich, grade_to_text, visible

PLAIN_VARIABLES = ("NO_COLOR", "ACCESSIBLE")
PASTE_GAP = 0.03  # seconds: a pasted line follows the one before at once, a typed one never

ALERT = 0.2  # seconds that a Ctrl-C may go unseen at a prompt


def prepare_streams() -> None:
    """Make the standard streams carry any text: UTF-8 unless a terminal has its own encoding, and never an error.

    A stream that the caller closed, or that a program without a console lacks, is empty or goes nowhere.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 (open to the end)
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors=errors)


def wants_plain(flag: bool) -> bool:
    """Whether output is linear text without colour: by `--plain`, by the environment, or for want of a terminal."""
    return flag or any(os.environ.get(name, "") not in ("", "0") for name in PLAIN_VARIABLES) or not sys.stdout.isatty()


def say(text: str = "") -> None:
    """Print a result as it is."""
    sys.stdout.write(text + "\n")


def say_bytes(data: bytes) -> None:
    """Print a result that is bytes already."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """Print what is not a result."""
    complain(text)


def read_answer(answer: str | None) -> str:
    """The answer given on the command line, or from standard input where it is `-` or missing.

    The last line end of standard input is not part of the answer.

    Raises:
        AnswersError: standard input is not UTF-8.
    """
    if answer is not None and answer != "-":
        return answer
    if sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
        note(f"type or paste the answer; {end} on an empty line ends it")
    data = sys.stdin.buffer.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswersError(f"standard input: byte {error.start + 1} is not UTF-8; send the answer as UTF-8") from None
    for end in ("\r\n", "\n"):
        if text.endswith(end):
            return text.removesuffix(end)
    return text


class Terminal:
    """A screen for quizzes and grades: rich on a terminal, linear text elsewhere."""

    def __init__(self, *, plain: bool) -> None:
        self.plain = wants_plain(plain)
        self._typed = sys.stdin.isatty() and sys.stdout.isatty()
        self._keeps_pastes = self._typed and _ask_for_whole_pastes()
        self._console: Any = None
        if not self.plain:
            from rich.console import Console

            self._console = Console(highlight=False, markup=False, emoji=False)

    def say(self, text: str, *, strong: bool = False) -> None:
        """Show a paragraph."""
        if self._console is None:
            say(text)
        else:
            self._console.print(visible(text), style="bold" if strong else None)

    def show_grade(self, grade: Grade, answer: str) -> None:
        """Show a grade with the answer it is for."""
        if self._console is None:
            say(grade_to_text(grade, answer))
        else:
            self._console.print(grade_to_rich(grade, answer, ascii_only=not _has_signs(sys.stdout)))

    def read_line(self, prompt: str) -> str:
        """A line that the learner typed, or several that they pasted at once; EOFError where there are no more."""
        if self._typed:
            with _woken_for_signals():
                lines = [input(prompt)]
                while not self._keeps_pastes and _more_waits():
                    lines.append(input())
            return "\n".join(lines)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")


@contextmanager
def _woken_for_signals() -> Iterator[None]:
    """Lets a waiting `input` see every Ctrl-C.

    One that comes after the prompt is drawn and before readline starts to wait would only be seen at the next key. A
    timer ends each wait after `ALERT`, and Python looks for signals. Windows has neither readline nor the timer.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, ALERT, ALERT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ask_for_whole_pastes() -> bool:
    """Let GNU readline, where it is there, hand over a paste of several lines as one; whether it does."""
    try:
        import readline
    except ImportError:
        return False
    if "libedit" in (readline.__doc__ or ""):
        return False
    readline.parse_and_bind("set enable-bracketed-paste on")
    return True


def _more_waits() -> bool:
    """Whether another line stands ready on the terminal, as the rest of a paste does."""
    if sys.platform == "win32":
        import msvcrt

        return bool(msvcrt.kbhit())
    import select

    return bool(select.select([sys.stdin], [], [], PASTE_GAP)[0])


def _has_signs(stream: TextIO) -> bool:
    try:
        "✓◐✗↕·…".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
