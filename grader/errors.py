"""Everything the library raises, in one tree.

GraderError
├── DeckError       a deck file or card that cannot be used     (file:line: what; what to do)
├── AnswersError    a file of answers that cannot be used, or one of its rows
├── ModelError      a model file that is missing, altered or of another kind
└── UsageError      a call or a command whose arguments contradict each other
"""

from __future__ import annotations

from pathlib import Path


class GraderError(Exception):
    """Base of all errors of this package; its text says where, what, and what to do."""


class DeckError(GraderError):
    """A deck, card or item that cannot be used as it stands."""

    def __init__(self, message: str, path: Path | str | None = None, *, line: int | None = None) -> None:
        self.message = message
        self.path = path
        self.line = line
        where = ":".join(str(part) for part in (path, line) if part is not None)
        super().__init__(f"{where}: {message}" if where else message)

    def __reduce__(self) -> tuple[object, ...]:
        return (_deck_error, (self.message, self.path, self.line))


def _deck_error(message: str, path: Path | str | None, line: int | None) -> DeckError:
    return DeckError(message, path, line=line)


class AnswersError(GraderError):
    """A file of answers, or one row of it, that cannot be graded."""


class ModelError(GraderError):
    """A model file is missing, altered, or not what its manifest says."""


class UsageError(GraderError):
    """Arguments that are wrong together, though each may be right alone."""
