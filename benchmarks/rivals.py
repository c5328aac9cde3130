"""What the grader is compared with: word overlap, one cosine, one fuzzy ratio, and the naive design that joins them.

Each rival gives a similarity to every reference item and credits those above one threshold, fitted on the training
data: one threshold for answers with one reference, one for the items of cards. The surer of two marks is the one whose
items lie farther from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from contestants import HALF, Mark
from metrics import best_threshold
from numpy.typing import NDArray
from rapidfuzz import fuzz
from sets import Row, share

from grader.encode import Encoder
from grader.records import Card

ENCODED_AT_ONCE = 256  # texts
MARKED_AT_ONCE = 256  # answers

Similarity = Callable[[str, str], float]
Similarities = Callable[[Sequence[Row]], list[list[float]]]  # for each row that of each reference item, 0..1


@dataclass
class Rival:
    """A similarity with a threshold.

    Args:
        name: under which results stand.
        similarities: how like each reference item the answer is.
        lines: the threshold for answers with one reference, and for items of cards.
    """

    name: str
    similarities: Similarities
    lines: tuple[float, float] = (HALF, HALF)

    def mark(self, rows: Sequence[Row]) -> Iterator[Mark]:
        """One mark for each row, in order."""
        for start in range(0, len(rows), MARKED_AT_ONCE):
            chunk = rows[start : start + MARKED_AT_ONCE]
            yield from map(self._mark, chunk, self.similarities(chunk))

    def _mark(self, row: Row, values: Sequence[float]) -> Mark:
        single = row.credits is None and len(row.card.items) == 1
        line = self.lines[0 if single else 1]
        given = tuple(float(value >= line) for value in values)
        # With one reference the similarity is the score, cut at half.
        score = _centred(values[0], line) if single else share(given, row.card)
        return Mark(score, given, confidence=min(abs(value - line) for value in values))

    def fit(self, answers: Sequence[Row], items: Sequence[Row]) -> None:
        """Sets the thresholds to those with the best macro-F1 on graded answers, and on graded items."""
        whole = [values[0] for values in self.similarities(answers)]
        parts = [value for values in self.similarities(items) for value in values]
        credited = [mark >= HALF for row in items for mark in row.credits or ()]
        self.lines = (best_threshold(whole, [row.label == 1 for row in answers]), best_threshold(parts, credited))


def by_parts(likeness: Callable[[Sequence[str]], Similarity], *, one_to_one: bool = False) -> Similarities:
    """The similarity of each item to the likest part of the answer.

    Args:
        likeness: makes the similarity of two texts, 0..1, from all texts it will be asked about.
        one_to_one: whether a part of the answer earns one item only, greedily from the likest pair down.
    """

    def similarities(rows: Sequence[Row]) -> list[list[float]]:
        spans = [parts(row) for row in rows]
        wanted = [references(row.card) for row in rows]
        texts = dict.fromkeys(text for many in spans for text in many)
        texts.update(dict.fromkeys(text for many in wanted for item in many for text in item))
        like = likeness(list(texts))
        found = []
        for said, items in zip(spans, wanted, strict=True):
            table = [[max((like(part, text) for text in item), default=0.0) for item in items] for part in said]
            found.append(_greedy(table, len(items)) if one_to_one else _best(table, len(items)))
        return found

    return similarities


def rivals(encoder: Encoder) -> list[Rival]:
    """The three baselines, and the naive design: the larger of cosine and fuzzy ratio, each part earning one item."""
    vectors = Vectors(encoder)
    return [
        Rival("token F1", by_parts(lambda texts: token_f1)),
        Rival("cosine", by_parts(vectors.cosines)),
        Rival("token set ratio", by_parts(lambda texts: _token_set_ratio)),
        Rival("naive design", by_parts(lambda texts: _larger(vectors.cosines(texts), _ratio), one_to_one=True)),
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


def references(card: Card) -> list[list[str]]:
    """The wordings of each item."""
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
