from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from grader.confidence import NONE, Calibration, load_calibration, raw_confidence
from grader.records import ItemGrade, Reason


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


def test_no_calibration_changes_nothing() -> None:
    assert NONE.confidence([item(0.8)]) == 0.8


def test_platt_scaling() -> None:
    # logit(0.5) is 0, so that only the intercept is left.
    assert Calibration("c", math.log(3), 2.0, 0.5).confidence([item(0.5)]) == 0.75


def test_calibration_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(
        json.dumps({"name": "c", "intercept": 1, "slope": 2, "review_line": 0.8, "fitted on": "x"}), "utf-8"
    )
    assert load_calibration(path) == Calibration("c", 1.0, 2.0, 0.8)
