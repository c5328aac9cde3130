"""Confidence: how likely a person gives the same score, and when a person should look."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.models import load_manifest, verified
from grader.records import ItemGrade

LEAST = 1e-4  # of an item's confidence, so that one item does not decide alone


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a grade's raw confidence is worth: P(agree) = sigmoid(intercept + slope x logit(raw)).

    Agreement is a score within half an item of a person's (0.5 / need). A grade under `review_line` needs review.
    Platt scaling (Platt 1999), fitted by models/recipes/judge/calibrate.py.
    """

    name: str
    intercept: float
    slope: float
    review_line: float

    def confidence(self, items: Sequence[ItemGrade]) -> float:
        """P(a person gives the same score), 0..1, four digits."""
        raw = raw_confidence(items)
        logit = math.log(raw / (1 - raw))
        return round(1 / (1 + math.exp(-(self.intercept + self.slope * logit))), 4)


NONE = Calibration("none", 0.0, 1.0, 0.7)


def raw_confidence(items: Sequence[ItemGrade]) -> float:
    """The geometric mean of what the judge thinks of each item's reading, inside (0, 1)."""
    logs = [math.log(min(max(item.confidence, LEAST), 1 - LEAST)) for item in items]
    return math.exp(sum(logs) / len(logs))


def load_calibration(path: Path) -> Calibration:
    """Reads a calibration file (JSON with the fields of `Calibration`)."""
    read = json.loads(path.read_text(encoding="utf-8"))
    line = float(read["review_line"])
    return Calibration(str(read["name"]), float(read["intercept"]), float(read["slope"]), line)


def default_calibration() -> Calibration:
    """The calibration of the shipped models.

    Raises:
        ModelError: it is missing or altered.
    """
    name = "judge/calibration.json"
    found = load_calibration(verified(name))
    version = load_manifest()[name].sha256[:8]
    return Calibration(f"{found.name}@{version}", found.intercept, found.slope, found.review_line)
