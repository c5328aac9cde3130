"""What takes part in a measurement: how it marks answers, and the grader as one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sets import Row

from grader.confidence import default_calibration
from grader.encode import Encoder
from grader.grader import Grader
from grader.judge import Judge
from grader.propose import aspects
from grader.records import CONTRADICTIONS, Card, Grade, ItemGrade, Judgement, Pair, Reason, Verdict
from grader.text import clean

HALF = 0.5  # a score or credit from here on counts as correct, or expressed
DIGITS = 4  # of a probability, as the grader gives them


@dataclass(frozen=True, slots=True)
class Mark:
    """What a contestant says of an answer."""

    score: float  # 0..1
    credits: tuple[float, ...]  # one for each item, 0..1
    contradictory: bool = False
    expressed: tuple[float, ...] | None = None  # P(expresses) of each item; None: no probabilities
    confidence: float | None = None  # the higher, the surer; a probability where there is a review line
    needs_review: bool | None = None  # None: no review line
    grade: Grade | None = None  # the whole record, where there is one


class Contestant(Protocol):
    """Something that marks answers."""

    @property
    def name(self) -> str:
        """Under which results stand."""
        ...

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        """One mark for each row, in order."""
        ...


class Heard:
    """A judge whose contradictions are remembered, since a grade keeps P(contradicts) of them and not P(expresses)."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._expressed: dict[tuple[str, str, str, float], float] = {}

    @property
    def name(self) -> str:
        """The judge's own."""
        return self._judge.name

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """What the judge says."""
        found = self._judge.judge(pairs)
        for pair, judgement in zip(pairs, found, strict=True):
            if judgement.contradicts > 0:
                against = round(judgement.contradicts, DIGITS)
                self._expressed[pair.prompt, pair.reference, pair.text, against] = judgement.expresses
        return found

    def expressed(self, card: Card, index: int, item: ItemGrade) -> float:
        """P(expresses) behind an item's grade, 0..1.

        Of an item that earns, that of the words that earn it; of a missing one, that of the likeliest words; of a
        contradicted one, that of the words that contradict it, or what P(contradicts) leaves where no judgement of
        these words did.
        """
        if item.reason is Reason.MISSING:
            return round(1 - item.confidence, DIGITS)
        if item.reason not in CONTRADICTIONS or item.credit > 0:
            return item.confidence
        keys = [
            (card.prompt, aspect.text, clean(span.text), item.confidence)
            for aspect in aspects(card)
            for span in item.spans
            if aspect.item == index
        ]
        said = [self._expressed[key] for key in keys if key in self._expressed]
        return max(said, default=round(1 - item.confidence, DIGITS))


class Ours:
    """The grader, with the judge that ships or another, and the calibration that ships."""

    def __init__(self, judge: Judge, *, encoder: Encoder, profile: str = "standard", name: str = "grader") -> None:
        self._heard = Heard(judge)
        self._name = name
        self.grader = Grader(encoder=encoder, judge=self._heard, calibration=default_calibration(), profile=profile)

    @property
    def name(self) -> str:
        return self._name

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        grades = self.grader.grade_many((row.card, row.answer) for row in rows)
        for row, grade in zip(rows, grades, strict=True):
            yield Mark(
                grade.score,
                tuple(item.credit for item in grade.items),
                grade.verdict is Verdict.CONTRADICTORY,
                tuple(self._heard.expressed(row.card, index, item) for index, item in enumerate(grade.items)),
                grade.confidence,
                grade.needs_review,
                grade,
            )
