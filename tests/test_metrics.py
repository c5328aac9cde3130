"""The benchmarks' own figures, against values worked out by hand."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from metrics import best_threshold, interval, macro_f1, mean, pearson, quadratic_kappa, rmse


@pytest.mark.parametrize(
    ("truth", "guess", "classes", "expected"),
    [
        pytest.param([0, 1, 1, 0], [0, 1, 1, 0], 2, 1.0, id="all right"),
        pytest.param([0, 1], [1, 0], 2, 0.0, id="all wrong"),
        # class 1: 2 hits of 3 true and 2 said, F1 = 4/5; class 0: 1 hit of 1 true and 2 said, F1 = 2/3
        pytest.param([1, 1, 1, 0], [1, 1, 0, 0], 2, (4 / 5 + 2 / 3) / 2, id="one missed"),
        # never said: class 2 has F1 0; class 0: 2/(1+1) = 1; class 1: 2*1/(1+2) = 2/3
        pytest.param([0, 1, 2], [0, 1, 1], 3, (1 + 2 / 3 + 0) / 3, id="three classes, one never said"),
        pytest.param([0, 1], [0, 1], 3, 1.0, id="a class that occurs nowhere does not count"),
    ],
)
def test_macro_f1(truth: list[int], guess: list[int], classes: int, expected: float) -> None:
    assert macro_f1(truth, guess, classes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("truth", "guess", "grades", "expected"),
    [
        pytest.param([0, 1, 2, 3], [0, 1, 2, 3], 4, 1.0, id="same"),
        pytest.param([0, 1], [1, 0], 2, -1.0, id="opposite"),
        pytest.param([0, 0, 1, 1], [0, 1, 0, 1], 2, 0.0, id="chance"),
        # observed: one step of 1 in 3 answers = 1/3. By chance, truth (0, 1, 2) against guess (0, 1, 1), pairs of
        # 1/9 each: 0+1+1 + 1+0+0 + 4+1+1 = 9/9 = 1. So 1 - 1/3.
        pytest.param([0, 1, 2], [0, 1, 1], 3, 2 / 3, id="one off by one"),
    ],
)
def test_quadratic_kappa(truth: list[int], guess: list[int], grades: int, expected: float) -> None:
    assert quadratic_kappa(truth, guess, grades) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("truth", "guess", "expected"),
    [
        pytest.param([0, 1, 2], [1, 3, 5], 1.0, id="a rising line"),
        pytest.param([0, 1, 2], [5, 3, 1], -1.0, id="a falling line"),
        # deviations (-1, 0, 1) and (-1, 1, 0): 1 / sqrt(2 * 2)
        pytest.param([0, 1, 2], [0, 2, 1], 0.5, id="two exchanged"),
    ],
)
def test_pearson(truth: list[float], guess: list[float], expected: float) -> None:
    assert pearson(truth, guess) == pytest.approx(expected)


def test_what_cannot_be_measured_is_nan() -> None:
    assert math.isnan(macro_f1([], [], 2))
    assert math.isnan(quadratic_kappa([], [], 2))
    assert math.isnan(quadratic_kappa([1, 1], [1, 1], 2))
    assert math.isnan(pearson([1, 1], [0, 1]))
    assert math.isnan(rmse([], []))
    assert math.isnan(mean([]))


def test_rmse() -> None:
    assert rmse([0, 1, 1], [0, 0.5, 0]) == pytest.approx(math.sqrt((0.25 + 1) / 3))


def test_best_threshold_lies_between_wrong_and_right() -> None:
    assert best_threshold([0.2, 0.3, 0.6, 0.9], [0, 0, 1, 1]) == pytest.approx(0.31)


def test_interval_draws_whole_questions() -> None:
    # Each question is all right or all wrong, so a sample's mean is a multiple of 1/6 and never of 1/12 alone.
    values = np.repeat([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], 2)
    questions = [str(number // 2) for number in range(12)]
    seen: set[float] = set()

    def statistic(rows: np.ndarray) -> float:
        seen.add(round(float(values[rows].mean()) * 6, 9))
        return float(values[rows].mean())

    low, high = interval(statistic, questions, rounds=200)
    assert seen <= {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
    assert 0 <= low < 0.5 < high <= 1


def test_interval_is_the_same_every_time_and_a_point_where_nothing_varies() -> None:
    values = np.asarray([0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0])
    names = list("abcdefg")
    assert interval(lambda rows: mean(values[rows]), names) == interval(lambda rows: mean(values[rows]), names)
    assert interval(lambda rows: mean(np.ones(7)[rows]), names) == (1.0, 1.0)
    assert all(math.isnan(bound) for bound in interval(lambda rows: 0.0, []))
