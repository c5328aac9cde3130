"""What the grader is compared with: word overlap, one cosine, one fuzzy ratio, and the naive design that joins them.

Each rival gives a similarity to every reference item and credits those above one threshold, fitted on the training
data: one threshold for answers with one reference, one for the items of cards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from metrics import best_threshold
from numpy.typing import NDArray
from rapidfuzz import fuzz
from sets import Row, share

from grader.encode import Encoder
from grader.grader import Grader
from grader.records import Card, Verdict

ENCODED_AT_ONCE = 256
HALF = 0.5  # a score or credit from here on counts as correct, or expressed


@dataclass(frozen=True, slots=True)
class Mark:
    """What a contestant says of an answer."""

    score: float  # 0..1
    credits: tuple[float, ...]  # one for each item, 0..1
    contradictory: bool = False


class Contestant(Protocol):
    """Something that marks answers."""

    name: str

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        """One mark for each row, in order."""
        ...


class Ours:
    """The grader itself."""

    name = "grader"

    def __init__(self, grader: Grader) -> None:
        self.grader = grader

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        for grade in self.grader.grade_many((row.card, row.answer) for row in rows):
            yield Mark(grade.score, tuple(item.credit for item in grade.items), grade.verdict is Verdict.CONTRADICTORY)


Similarity = Callable[[str, str], float]


@dataclass(slots=True)
class Rival:
    """A similarity with a threshold.

    Args:
        name: under which results stand.
        likeness: makes the similarity of two texts, 0..1, from all texts it will be asked about.
        one_to_one: whether a part of the answer earns one item only, greedily from the likest pair down.
        lines: the threshold for answers with one reference, and for items of cards.
    """

    name: str
    likeness: Callable[[Sequence[str]], Similarity]
    one_to_one: bool = False
    lines: tuple[float, float] = (HALF, HALF)

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        for row, values in zip(rows, self.similarities(rows), strict=True):
            if row.credits is None and len(row.card.items) == 1:  # one reference: similarity as a score, cut at half
                yield Mark(_centred(values[0], self.lines[0]), (float(values[0] >= self.lines[0]),))
                continue
            given = tuple(float(value >= self.lines[1]) for value in values)
            yield Mark(share(given, row.card), given)

    def fit(self, answers: Sequence[Row], items: Sequence[Row]) -> None:
        """Sets the thresholds to those with the best macro-F1 on graded answers, and on graded items."""
        whole = [values[0] for values in self.similarities(answers)]
        parts = [value for values in self.similarities(items) for value in values]
        credited = [mark >= HALF for row in items for mark in row.credits or ()]
        self.lines = (best_threshold(whole, [row.label == 1 for row in answers]), best_threshold(parts, credited))

    def similarities(self, rows: Sequence[Row]) -> list[list[float]]:
        """For each row the similarity of each reference item, 0..1."""
        spans = [parts(row) for row in rows]
        references = [_references(row.card) for row in rows]
        texts = dict.fromkeys(text for many in spans for text in many)
        texts.update(dict.fromkeys(text for many in references for item in many for text in item))
        like = self.likeness(list(texts))
        found = []
        for said, items in zip(spans, references, strict=True):
            table = [[max((like(part, text) for text in item), default=0.0) for item in items] for part in said]
            found.append(_greedy(table, len(items)) if self.one_to_one else _best(table, len(items)))
        return found


def rivals(encoder: Encoder) -> list[Rival]:
    """The three baselines, and the naive design: the larger of cosine and fuzzy ratio, each part earning one item."""
    vectors = Vectors(encoder)
    return [
        Rival("token F1", lambda texts: token_f1),
        Rival("cosine", vectors.cosines),
        Rival("token set ratio", lambda texts: _token_set_ratio),
        Rival("naive design", lambda texts: _larger(vectors.cosines(texts), _ratio), one_to_one=True),
    ]


def parts(row: Row) -> list[str]:
    """The answer, cut at sentences, commas, lines and "and" where the card has several items; never empty strings."""
    whole = row.answer.strip()
    if len(row.card.items) == 1:
        return [whole] if whole else []
    return [part for part in (piece.strip() for piece in re.split(r"[,;\n]|[.!?](?=\s|$)|\band\b", whole)) if part]


def token_f1(left: str, right: str) -> float:
    """Harmonic mean of precision and recall of words (as in SQuAD, Rajpurkar et al. 2016)."""
    first, second = Counter(re.findall(r"\w+", left.lower())), Counter(re.findall(r"\w+", right.lower()))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def _token_set_ratio(left: str, right: str) -> float:
    return float(fuzz.token_set_ratio(left.lower(), right.lower())) / 100


def _ratio(left: str, right: str) -> float:
    return float(fuzz.ratio(left.lower(), right.lower())) / 100


class Vectors:
    """The encoder's vectors, each text encoded once for all rivals."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def cosines(self, texts: Sequence[str]) -> Similarity:
        """The cosine of any two of the texts."""
        new = [text for text in texts if text not in self._known]
        for start in range(0, len(new), ENCODED_AT_ONCE):
            chunk = new[start : start + ENCODED_AT_ONCE]
            self._known.update(zip(chunk, self._encoder.encode(chunk), strict=True))
        return lambda left, right: float(self._known[left] @ self._known[right])


def _larger(first: Similarity, second: Similarity) -> Similarity:
    return lambda left, right: max(first(left, right), second(left, right))


def _references(card: Card) -> list[list[str]]:
    return [[wording.text for wording in item.wordings] for item in card.items]


def _centred(value: float, line: float) -> float:
    """The similarity stretched so that the threshold comes to lie at a half, and 0 and 1 stay where they are."""
    value = min(max(value, 0.0), 1.0)
    return HALF * value / line if value < line else HALF + HALF * (value - line) / (1 - line)


def _best(table: list[list[float]], items: int) -> list[float]:
    return [max((row[item] for row in table), default=0.0) for item in range(items)]


def _greedy(table: list[list[float]], items: int) -> list[float]:
    order = sorted(
        ((value, part, item) for part, row in enumerate(table) for item, value in enumerate(row)), reverse=True
    )
    found, used = [0.0] * items, set()
    taken = set()
    for value, part, item in order:
        if part not in used and item not in taken:
            found[item] = value
            used.add(part)
            taken.add(item)
    return found
