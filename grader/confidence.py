"""Confidence: how likely a person gives the same score, and when a person should look."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.models import load_manifest, verified
from grader.records import Card, ItemGrade

LEAST = 1e-4  # of an item's confidence, so that one item does not decide alone
SIGNALS = ("sure", "least_sure", "items", "fact", "listed", "partly", "surplus", "words", "nothing", "everything")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the signs of a grade are worth: P(agree) = sigmoid(bias + weights . signals).

    Agreement is a score within half an item of a person's (0.5 / need). A grade under `review_line` needs review.
    Logistic calibration (Platt 1999, here of several `SIGNALS`), fitted by models/recipes/judge/calibrate.py.
    """

    name: str
    bias: float
    weights: tuple[float, ...]  # in the order of `SIGNALS`
    review_line: float

    def confidence(self, signals: Sequence[float]) -> float:
        """P(a person gives the same score), 0..1, four digits; `signals` as of the function of that name."""
        logit = self.bias + sum(w * x for w, x in zip(self.weights, signals, strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)


def weights_of(named: Mapping[str, float]) -> tuple[float, ...]:
    """Weights in the order of `SIGNALS`; one that is not named is 0."""
    return tuple(float(named.get(name, 0.0)) for name in SIGNALS)


NONE = Calibration("none", 0.0, weights_of({"sure": 1.0}), 0.7)


def signals(card: Card, items: Sequence[ItemGrade], score: float, surplus: int, words: int) -> tuple[float, ...]:
    """What a grade shows of how sure it is, in the order of `SIGNALS`.

    Args:
        card: what was asked.
        items: the grade's items, each with its confidence.
        score: 0..1.
        surplus: wrong claims offered as answers.
        words: of the answer.
    """
    items = [item for item in items if not item.negative or item.credit < 0]  # a misconception not said says nothing
    logits = [_logit(item.confidence) for item in items]
    return (
        _logit(raw_confidence(items)),
        min(logits),
        math.log2(len(items)),
        float(card.asks_one_fact),
        float(card.is_list),
        sum(0 < item.credit < 1 for item in items) / len(items),
        float(surplus > 0),
        math.log2(1 + words),
        float(score == 0),
        float(score == 1),
    )


def raw_confidence(items: Sequence[ItemGrade]) -> float:
    """The geometric mean of what the judge thinks of each item's reading, inside (0, 1)."""
    return math.exp(sum(math.log(_inside(item.confidence)) for item in items) / len(items))


def _inside(probability: float) -> float:
    return min(max(probability, LEAST), 1 - LEAST)


def _logit(probability: float) -> float:
    return math.log(_inside(probability) / (1 - _inside(probability)))


def load_calibration(path: Path) -> Calibration:
    """Reads a calibration file (JSON with the fields of `Calibration`, weights by name)."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(str(read["name"]), float(read["bias"]), weights_of(read["weights"]), float(read["review_line"]))


def default_calibration() -> Calibration:
    """The calibration of the shipped models.

    Raises:
        ModelError: it is missing or altered.
    """
    name = "judge/calibration.json"
    found = load_calibration(verified(name))
    version = load_manifest()[name].sha256[:8]
    return Calibration(f"{found.name}@{version}", found.bias, found.weights, found.review_line)
