from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from grader.confidence import NONE, SIGNALS, Calibration, load_calibration, raw_confidence, signals, weights_of
from grader.records import Card, ItemGrade, Reason


def item(confidence: float) -> ItemGrade:
    return ItemGrade("x", 1.0, Reason.EXACT, confidence)


@pytest.mark.parametrize(
    ("confidences", "raw"),
    [
        pytest.param([0.8], 0.8, id="one item"),
        pytest.param([0.9, 0.4], 0.6, id="the geometric mean: sqrt(0.36)"),
        pytest.param([1.0], 0.9999, id="never quite sure"),
        pytest.param([0.0], 0.0001, id="never quite hopeless"),
    ],
)
def test_raw_confidence(confidences: list[float], raw: float) -> None:
    assert raw_confidence([item(one) for one in confidences]) == pytest.approx(raw)


def test_signals_in_their_order() -> None:
    card = Card.from_items("Name three", ["a", "b", "c", "d"], need=3)
    items = [item(0.9), item(0.4), replace(item(0.6), credit=0.5), item(0.5)]
    found = dict(zip(SIGNALS, signals(card, items, score=1.0, surplus=2, words=7), strict=True))
    raw = (0.9 * 0.4 * 0.6 * 0.5) ** 0.25
    assert found == pytest.approx(
        {
            "sure": math.log(raw / (1 - raw)),
            "least_sure": math.log(0.4 / 0.6),
            "items": 2,
            "fact": 0,
            "listed": 1,
            "partly": 0.25,
            "surplus": 1,
            "words": 3,
            "nothing": 0,
            "everything": 1,
        }
    )


def test_no_calibration_takes_the_geometric_mean_as_it_is() -> None:
    card = Card.from_items("Name one", ["a", "b"], need=1)
    assert NONE.confidence(signals(card, [item(0.9), item(0.4)], 1.0, 0, 3)) == 0.6


def test_logistic_calibration() -> None:
    weights = weights_of({"items": 2.0})
    still = [0.0] * len(SIGNALS)
    assert Calibration("c", math.log(3), weights, 0.5).confidence(still) == 0.75
    assert Calibration("c", 0.0, weights, 0.5).confidence([0.0, 0.0, math.log(3) / 2, *still[3:]]) == 0.75


def test_calibration_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    read = {"name": "c", "bias": 1, "weights": {"sure": 2}, "review_line": 0.8, "fitted on": "x"}
    path.write_text(json.dumps(read), "utf-8")
    assert load_calibration(path) == Calibration("c", 1.0, weights_of({"sure": 2.0}), 0.8)
