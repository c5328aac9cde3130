"""Grading a file of answers: rows in, records out, in order, a few in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from grader.batch.requests import Refusal, Request, RequestReader
from grader.batch.rows import Row
from grader.errors import GraderError, ModelError
from grader.records import Card, Deck, Grade
from grader.report import grade_to_dict, to_json

AT_ONCE = 64  # rows read ahead, so that the models work on batches
AT_ONCE_LETTERS = 500_000  # and characters of answers, so that long ones do not fill the memory


class Grades(Protocol):
    """What grades answers: a `Grader`."""

    def grade(self, card: Card, answer: str) -> Grade:
        """The grade of one answer."""
        ...

    def grade_many(self, pairs: Iterable[tuple[Card, str]]) -> Iterator[Grade]:
        """The grades of many answers, in order."""
        ...


@dataclass(slots=True)
class Tally:
    """How a run went."""

    rows: int = 0
    failed: int = 0
    to_review: int = 0


def grade_rows(rows: Iterable[Row], grader: Grades, deck: Deck | None = None) -> Iterator[dict[str, Any]]:
    """One record for each row, in order: its grade, or `{"id": …, "error": …}`.

    Args:
        rows: the input, read as far as `AT_ONCE` rows ahead.
        grader: what grades.
        deck: whose cards the rows name; None: rows bring their cards.

    Raises:
        ModelError: a model cannot be used; no other error of a row ends the run.
    """
    reader = RequestReader(deck)
    ahead: list[Request | Refusal] = []
    letters = 0
    for row in rows:
        ahead.append(reader.read(row))
        letters += len(ahead[-1].answer) if isinstance(ahead[-1], Request) else 0
        if len(ahead) >= AT_ONCE or letters >= AT_ONCE_LETTERS:
            yield from _records(ahead, grader)
            ahead, letters = [], 0
    yield from _records(ahead, grader)


def run_batch(
    rows: Iterable[Row], grader: Grades, write: Callable[[bytes], object], *, deck: Deck | None = None
) -> Tally:
    """Grade rows and write their records as JSONL, each as one call of `write`; says how it went."""
    tally = Tally()
    for record in grade_rows(rows, grader, deck):
        write(to_json(record) + b"\n")
        tally.rows += 1
        tally.failed += "error" in record
        tally.to_review += bool(record.get("needs_review"))
    return tally


def _records(ahead: Sequence[Request | Refusal], grader: Grades) -> Iterator[dict[str, Any]]:
    requests = [one for one in ahead if isinstance(one, Request)]
    grades = iter(_grades(requests, grader))
    for one in ahead:
        outcome = next(grades) if isinstance(one, Request) else one.error
        if isinstance(one, Request) and isinstance(outcome, Grade):
            yield {"id": one.id, **grade_to_dict(outcome), **one.carried}
        else:
            yield {"id": one.id, "error": outcome}


def _grades(requests: Sequence[Request], grader: Grades) -> list[Grade | str]:
    """A grade or an error for each request; where grading them together fails, each is graded alone."""
    try:
        return list(grader.grade_many((request.card, request.answer) for request in requests))
    except ModelError:
        raise
    except Exception:  # one answer broke the batch: grading them one by one, just below, finds and reports it
        return [_grade_alone(request, grader) for request in requests]


def _grade_alone(request: Request, grader: Grades) -> Grade | str:
    try:
        return grader.grade(request.card, request.answer)
    except ModelError:
        raise
    except GraderError as error:
        return str(error)
    except Exception as error:  # a fault of this program in one of a million rows must not lose the others
        return f"the grader failed on this answer ({type(error).__name__}: {error}); please report it"
