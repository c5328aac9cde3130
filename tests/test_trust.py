"""What probabilities are worth, against values worked out by hand."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from trust import area_under_risk, calibration_error, coverage_curve, pooled, reliability, risks

PROBABILITIES = st.floats(0, 1)


def test_reliability_puts_probabilities_into_tenths() -> None:
    # 0.3 stands on an edge and belongs above it, however 0.3 * 10 is rounded; 1 belongs to the last bin.
    bins = reliability([0.02, 0.08, 0.3, 1.0, 0.95], [0, 1, 0.5, 1, 1])
    assert [one["from"] for one in bins] == [0.0, 0.3, 0.9]
    assert [one["count"] for one in bins] == [2, 1, 2]
    assert [one["stated"] for one in bins] == pytest.approx([0.05, 0.3, 0.975])
    assert [one["found"] for one in bins] == pytest.approx([0.5, 0.5, 1.0])


@pytest.mark.parametrize(
    ("stated", "found", "expected"),
    [
        pytest.param([0.0, 1.0], [0, 1], 0.0, id="sure and right"),
        pytest.param([0.0, 1.0], [1, 0], 1.0, id="sure and wrong"),
        pytest.param([0.5, 0.5], [1, 0], 0.0, id="a half said of what holds half the time"),
        # One bin of two with mean 0.8 of which half hold: gap 0.3; one bin of one, 0.1 and false: gap 0.1.
        pytest.param([0.8, 0.8, 0.1], [1, 0, 0], (2 * 0.3 + 0.1) / 3, id="gaps count by how many they hold for"),
        # Within a bin, too high and too low cancel: that is what a bin is.
        pytest.param([0.61, 0.69], [1, 0], 0.15, id="means are compared, not single values"),
    ],
)
def test_calibration_error(stated: list[float], found: list[float], expected: float) -> None:
    assert calibration_error(reliability(stated, found)) == pytest.approx(expected)


@given(st.lists(st.tuples(PROBABILITIES, PROBABILITIES)), st.lists(st.tuples(PROBABILITIES, PROBABILITIES)))
def test_pooled_diagrams_are_that_of_all_points(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    parts = [reliability([s for s, _ in points], [f for _, f in points]) for points in (first, second)]
    every = reliability([s for s, _ in (*first, *second)], [f for _, f in (*first, *second)])
    assert [(one["from"], one["count"]) for one in pooled(parts)] == [(one["from"], one["count"]) for one in every]
    for name in ("stated", "found"):
        assert [one[name] for one in pooled(parts)] == pytest.approx([one[name] for one in every])


def test_risk_of_the_surest() -> None:
    # By falling confidence: right, wrong, right, wrong.
    assert risks([0.9, 0.6, 0.8, 0.7], [1, 0, 0, 1]) == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    assert area_under_risk([0.9, 0.6, 0.8, 0.7], [1, 0, 0, 1]) == pytest.approx((1 / 2 + 1 / 3 + 2 / 4) / 4)


def test_equally_sure_ones_count_as_their_mean() -> None:
    # All equally sure, one in four wrong: a quarter at any coverage, whatever the order.
    assert risks([0.5] * 4, [1, 1, 0, 1]) == pytest.approx([0.25] * 4)


@given(st.lists(st.tuples(PROBABILITIES, st.booleans()), min_size=1))
def test_risk_of_all_is_the_share_that_is_wrong(points: list[tuple[float, bool]]) -> None:
    found = risks([sure for sure, _ in points], [right for _, right in points])
    assert found[-1] == pytest.approx(sum(not right for _, right in points) / len(points))
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()


def test_coverage_curve_has_a_point_a_tenth() -> None:
    # Ten answers, the three least sure of them wrong.
    curve = coverage_curve([1 - step / 10 for step in range(10)], [1] * 7 + [0] * 3)
    assert [one["coverage"] for one in curve] == pytest.approx([step / 10 for step in range(1, 11)])
    assert [one["agreement"] for one in curve] == pytest.approx([1] * 7 + [7 / 8, 7 / 9, 7 / 10])


def test_coverage_of_few_is_rounded_up() -> None:
    # A tenth of three answers is one of them; seven tenths are all three.
    curve = coverage_curve([0.9, 0.8, 0.7], [0, 1, 1])
    assert [one["agreement"] for one in curve] == pytest.approx([0] * 3 + [1 / 2] * 3 + [2 / 3] * 4)


def test_nothing_stated_is_nothing_measured() -> None:
    assert reliability([], []) == []
    assert math.isnan(calibration_error([]))
    assert pooled([]) == []
    assert risks([], []).shape == (0,)
    assert math.isnan(area_under_risk([], []))
    assert coverage_curve([], []) == []
