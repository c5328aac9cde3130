"""Exit codes, and the one place where an error becomes a message and a code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from enum import IntEnum

from grader.errors import GraderError, ModelError
from grader.report import visible


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FINDINGS = 1  # ran, and found something: check, --fail-under
    USAGE = 2  # wrong arguments, or a file that cannot be used at all
    MODEL = 3  # a model is missing or altered
    ROWS_FAILED = 4  # some rows failed and are listed, the rest is written
    INTERRUPTED = 130  # Ctrl-C, or nobody reads the output any more


_PRECEDENCE = (Exit.INTERRUPTED, Exit.USAGE, Exit.MODEL, Exit.ROWS_FAILED, Exit.FINDINGS, Exit.DONE)


def first_of(codes: Iterable[Exit]) -> Exit:
    """The code to give where several apply; DONE where none does."""
    given = set(codes)
    return next((code for code in _PRECEDENCE if code in given), Exit.DONE)


def explain(error: BaseException) -> tuple[str, Exit] | None:
    """Message and exit code of an error that is no fault of this program; None for one that is."""
    if isinstance(error, ModelError):
        return str(error), Exit.MODEL
    if isinstance(error, GraderError):
        return str(error), Exit.USAGE
    if isinstance(error, KeyboardInterrupt):
        return "; ".join(["interrupted", *getattr(error, "__notes__", [])]), Exit.INTERRUPTED
    if is_closed_pipe(error):
        return "stopped, because nobody reads the output any more", Exit.INTERRUPTED
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}; check the place and its permissions and room", Exit.USAGE
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; give smaller files, or close other programs", Exit.USAGE
    return None


def is_closed_pipe(error: BaseException) -> bool:
    """Whether the reader of the output has gone; Windows calls that an invalid argument."""
    if isinstance(error, BrokenPipeError):
        return True
    return os.name == "nt" and isinstance(error, OSError) and error.errno == errno.EINVAL and error.filename is None


def complain(message: str) -> None:
    """Print a message on standard error; nothing where that is closed too."""
    try:
        sys.stderr.write(f"grader: {visible(message)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):  # full, or closed
        pass


def hush_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail on a closed pipe."""
    try:
        descriptor = sys.stdout.fileno()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, descriptor)
        os.close(nothing)
    except (OSError, ValueError):  # no descriptor, or none left: then there is nothing to flush
        pass
