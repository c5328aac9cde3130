"""The figures of a set, of a few marks each, against values worked out by hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from contestants import Heard, Mark
from figures import agrees, breakdown, calibration, measures, review
from sets import SETS, Row

from grader.records import Card, ItemGrade, Judgement, Pair, Reason, Span

TWO = Card.from_items("Name 2 colours", ["Red", "Blue"])
ONE = Card.from_items("What is grey?", ["A mix of black and white"])
CASES = next(one for one in SETS if one.name == "cases")
UQ = next(one for one in SETS if one.name == "scientsbank_uq")


def row(credits: tuple[float, ...], tag: str = "", kind: str = "") -> Row:
    score = sum(max(credit, 0.0) for credit in credits) / 2
    return Row(TWO, "an answer", "colours", score=score, credits=credits, tag=tag, kind=kind)


def labelled(label: int) -> Row:
    return Row(ONE, "an answer", "grey", label=label)


@pytest.mark.parametrize(
    ("human", "score", "expected"),
    [
        pytest.param((1.0, 1.0), 1.0, True, id="same"),
        pytest.param((1.0, 1.0), 0.75, True, id="half an item of two"),
        pytest.param((1.0, 1.0), 0.7, False, id="more than half an item"),
        pytest.param((-1.0, 0.0), 0.25, True, id="contradicted counts as nothing"),
    ],
)
def test_agreement_is_within_half_an_item(human: tuple[float, ...], score: float, expected: bool) -> None:
    assert agrees(row(human), Mark(score, (0.0, 0.0))) is expected


@pytest.mark.parametrize(
    ("label", "score", "expected"), [(1, 0.5, True), (1, 0.4, False), (2, 0.4, True), (0, 1, False)]
)
def test_agreement_with_a_label(label: int, score: float, expected: bool) -> None:
    assert agrees(labelled(label), Mark(score, (score,))) is expected


def test_review_tells_what_is_kept_from_what_is_not() -> None:
    rows = [row((1.0, 1.0)), row((1.0, 0.0)), row((0.0, 0.0)), row((1.0, 1.0))]
    marks = [
        Mark(1.0, (1.0, 1.0), confidence=0.9, needs_review=False),  # agrees
        Mark(1.0, (1.0, 1.0), confidence=0.8, needs_review=False),  # does not
        Mark(0.0, (0.0, 0.0), confidence=0.7, needs_review=True),  # agrees
        Mark(0.0, (0.0, 0.0), confidence=0.6, needs_review=True),  # does not
    ]
    found = review(rows, marks)
    assert found["agreement"]["value"] == 0.5
    assert found["agreement without review"]["value"] == 0.5
    assert found["coverage"]["value"] == 0.5
    # Wrong among the surest 1, 2, 3, 4: 0, 1/2, 1/3, 2/4.
    assert found["AURC"]["value"] == pytest.approx((1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert found["curve"][0] == {"coverage": 0.1, "agreement": 1.0}
    assert found["curve"][-1] == {"coverage": 1.0, "agreement": 0.5}


def test_without_a_review_line_there_is_a_curve_and_no_coverage() -> None:
    found = review([row((1.0, 1.0))], [Mark(1.0, (1.0, 1.0), confidence=0.3)])
    assert set(found) == {"agreement", "AURC", "curve"}


def test_points_have_no_review() -> None:
    assert review([Row(TWO, "an answer", "colours", points=2)], [Mark(1.0, (1.0, 1.0), confidence=0.9)]) == {}


def test_calibration_of_items_and_grades() -> None:
    rows = [row((1.0, -1.0)), row((0.5, 0.0))]
    marks = [
        Mark(0.5, (1.0, 0.0), expressed=(0.95, 0.05), confidence=0.9, needs_review=False),
        Mark(1.0, (1.0, 1.0), expressed=(0.75, 0.65), confidence=0.8, needs_review=False),
    ]
    found = calibration(rows, marks)
    # A half counts as a half, and a contradicted item as nothing: gaps 0.05, 0.05, 0.25 and 0.65, one item each.
    assert found["P(expresses)"]["error"]["value"] == pytest.approx((0.05 + 0.05 + 0.25 + 0.65) / 4)
    # The first grade agrees (gap 0.1), the second does not (gap 0.8).
    assert found["confidence"]["error"]["value"] == pytest.approx((0.1 + 0.8) / 2)
    assert [one["count"] for one in found["confidence"]["bins"]] == [1, 1]


def test_a_rival_without_probabilities_has_no_calibration() -> None:
    assert calibration([row((1.0, 1.0))], [Mark(1.0, (1.0, 1.0), confidence=0.3)]) == {}


def test_calibration_on_labels() -> None:
    found = calibration([labelled(1), labelled(2)], [Mark(1.0, (1.0,), expressed=(p,)) for p in (0.85, 0.25)])
    assert found["P(expresses)"]["error"]["value"] == pytest.approx((0.15 + 0.25) / 2)
    assert "confidence" not in found


def test_breakdown_by_tag_and_kind() -> None:
    rows = [row((1.0, 0.0), "swap", "list"), row((-1.0, 1.0), "swap", "list"), row((1.0, 1.0), "exact", "list")]
    marks = [Mark(0.5, (1.0, 0.0)), Mark(0.75, (0.5, 1.0)), Mark(1.0, (1.0, 1.0))]
    found = breakdown(rows, marks)
    assert set(found) == {"tag", "kind"}  # no row has an area
    swap = found["tag"]["swap"]
    assert swap["answers"] == 2
    assert swap["score error"] == pytest.approx(0.125)
    assert swap["credit to contradicted items"] == 0.5
    # Expressed: yes no no yes; credited: yes no yes yes. Class yes: 2*2/(2+3) = 0.8; class no: 2*1/(2+1).
    assert swap["item macro-F1"] == pytest.approx((0.8 + 2 / 3) / 2)
    assert found["tag"]["exact"]["item macro-F1"] == 1.0
    assert found["kind"]["list"]["answers"] == 3


def test_measures_follow_what_people_gave() -> None:
    marks = [Mark(1.0, (1.0,)), Mark(0.0, (0.0,), contradictory=True)]
    found = measures(UQ, [labelled(1), labelled(2)], marks)
    assert set(found) == {"macro-F1, 2-way", "macro-F1, 3-way"}
    assert all(statistic(np.arange(2)) == 1.0 for statistic, _ in found.values())
    assert "item macro-F1" in measures(CASES, [row((1.0, 0.0))], [Mark(0.5, (1.0, 0.0))])


class Fixed:
    """Says the same of every pair."""

    name = "fixed"

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        return [Judgement(0.02, 0.7, 0.0, Reason.NEGATED) for _ in pairs]


SPAN = Span(0, 7, "not red")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(ItemGrade("Red", 1.0, Reason.EXACT, 0.98), 0.98, id="earned"),
        pytest.param(ItemGrade("Red", 0.5, Reason.PARTLY, 0.5), 0.5, id="half earned"),
        pytest.param(ItemGrade("Red", 0.0, Reason.OUT_OF_ORDER, 0.9), 0.9, id="said at the wrong place"),
        pytest.param(ItemGrade("Red", 0.0, Reason.MISSING, 0.9), 0.1, id="missing"),
        pytest.param(ItemGrade("Red", 0.0, Reason.NEGATED, 0.7, (SPAN,)), 0.02, id="contradicted: what was judged"),
        pytest.param(ItemGrade("Red", 0.0, Reason.SWAPPED, 0.8, (SPAN,)), 0.2, id="contradicted: what is left"),
    ],
)
def test_probability_behind_an_item(item: ItemGrade, expected: float) -> None:
    heard = Heard(Fixed())
    heard.judge([Pair("Name 2 colours", "Red", "not red")])
    assert heard.expressed(TWO, 0, item) == pytest.approx(expected)
