"""The figures of one contestant on one set: agreement, the same by group, and what its probabilities are worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from contestants import HALF, Mark
from metrics import interval, macro_f1, mean, pearson, quadratic_kappa, rmse
from numpy.typing import NDArray
from sets import Row, Set
from trust import area_under_risk, calibration_error, coverage_curve, reliability

Measure = tuple[Callable[[NDArray[np.intp]], float], list[str]]  # of row indices; and the question of each row
Figures = dict[str, float]

EXACTLY = 1e-9  # above what adding up shares can differ by
GROUPS = ("tag", "area", "kind")  # fields of a row that answers are grouped by


def measured(measure: Measure) -> Figures:
    """The value of a measure with its interval."""
    statistic, questions = measure
    low, high = interval(statistic, questions)
    return {"value": statistic(np.arange(len(questions))), "low": low, "high": high}


def measures(one: Set, rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Measure]:
    """The figures that the set's human marks allow."""
    if one.rule is not None:
        return _by_points(one.rule, rows, marks)
    if rows and rows[0].credits is not None:
        return _by_credits(rows, marks)
    return _by_label(rows, marks)


def _by_points(rule: Callable[[int], int], rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Measure]:
    points = np.asarray([row.points for row in rows], dtype=np.intp)
    said = np.asarray([rule(sum(credit >= HALF for credit in mark.credits)) for mark in marks], dtype=np.intp)
    return {"QWK": (lambda at: quadratic_kappa(points[at], said[at], 4), [row.question for row in rows])}


def _by_label(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Measure]:
    questions = [row.question for row in rows]
    label = np.asarray([row.label for row in rows], dtype=np.intp)
    given = np.asarray([mark.score for mark in marks], dtype=np.float64)
    said = (given >= HALF).astype(np.intp)
    opposed = np.asarray([mark.contradictory for mark in marks], dtype=bool)
    found: dict[str, Measure] = {
        "macro-F1, 2-way": (lambda at: macro_f1(label[at] == 1, said[at], 2), questions),
    }
    if (label == 2).any():
        three = np.where(said == 1, 1, np.where(opposed, 2, 0))
        found["macro-F1, 3-way"] = (lambda at: macro_f1(label[at], three[at], 3), questions)
    score = np.asarray([math.nan if row.score is None else row.score for row in rows], dtype=np.float64)
    if np.unique(score[~np.isnan(score)]).size > 2:
        found["Pearson"] = (lambda at: pearson(score[at], given[at]), questions)
        found["RMSE"] = (lambda at: rmse(score[at], given[at]), questions)
    return found


def _by_credits(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Measure]:
    questions = [row.question for row in rows]
    error = np.asarray([abs(mark.score - (row.score or 0.0)) for row, mark in zip(rows, marks, strict=True)])
    items = _items(rows, marks)
    human = np.asarray([label for _, label, _ in items])
    credit = np.asarray([given for _, _, given in items])
    wrong = [(row.question, mark.score) for row, mark in zip(rows, marks, strict=True) if row.worthless]
    against = [(question, given) for question, label, given in items if label < 0]
    return {
        "score error": (lambda at: mean(error[at]), questions),
        "credit to worthless answers": _mean_of(wrong),
        "item macro-F1": (lambda at: macro_f1(human[at] >= HALF, credit[at] >= HALF, 2), [item[0] for item in items]),
        "credit to contradicted items": _mean_of(against),
    }


def _items(rows: Sequence[Row], marks: Sequence[Mark]) -> list[tuple[str, float, float]]:
    """For each item of each row its question, what people credit and what is credited."""
    return [
        (row.question, human, credit)
        for row, mark in zip(rows, marks, strict=True)
        for human, credit in zip(row.credits or (), mark.credits, strict=True)
    ]


def _mean_of(pairs: Sequence[tuple[str, float]]) -> Measure:
    values = np.asarray([value for _, value in pairs], dtype=np.float64)
    return lambda at: mean(values[at]), [question for question, _ in pairs]


def breakdown(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, dict[str, Figures]]:
    """The figures on cards by tag, by area and by kind of card, where the rows have them."""
    found: dict[str, dict[str, Figures]] = {}
    for name in GROUPS:
        groups: dict[str, list[tuple[Row, Mark]]] = defaultdict(list)
        for row, mark in zip(rows, marks, strict=True):
            if key := getattr(row, name):
                groups[key].append((row, mark))
        if groups:
            found[name] = {key: _grouped(groups[key]) for key in sorted(groups)}
    return found


def _grouped(pairs: Sequence[tuple[Row, Mark]]) -> Figures:
    differences = [mark.score - (row.score or 0.0) for row, mark in pairs]
    items = _items([row for row, _ in pairs], [mark for _, mark in pairs])
    expressed = [human >= HALF for _, human, _ in items]
    return {
        "answers": len(pairs),
        "score error": mean([abs(difference) for difference in differences]),
        "bias": mean(differences),
        "credit to worthless answers": mean([mark.score for row, mark in pairs if row.worthless]),
        "item macro-F1": macro_f1(expressed, [credit >= HALF for _, _, credit in items], 2),
        "credit to contradicted items": mean([credit for _, human, credit in items if human < 0]),
    }


def agrees(row: Row, mark: Mark) -> bool:
    """Whether the score is within half an item of the human one."""
    return abs(mark.score - (row.human or 0.0)) <= 0.5 / row.card.need + EXACTLY


def calibration(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Any]:
    """Reliability diagram and expected calibration error of P(expresses) and of confidence, where both sides have them.

    What is half expressed counts as a half. Confidence is the stated probability that `agrees` holds.
    """
    found: dict[str, Any] = {}
    items = [
        (row.question, stated, true)
        for row, mark in zip(rows, marks, strict=True)
        if mark.expressed is not None and (human := _expressed(row)) is not None
        for stated, true in zip(mark.expressed, human, strict=True)
    ]
    grades = [
        (row.question, mark.confidence, float(agrees(row, mark)))
        for row, mark in zip(rows, marks, strict=True)
        if mark.needs_review is not None and mark.confidence is not None and row.human is not None
    ]
    for name, points in (("P(expresses)", items), ("confidence", grades)):
        if points:
            found[name] = _calibrated(points)
    return found


def _expressed(row: Row) -> tuple[float, ...] | None:
    """Which share of each item people find expressed, where they say so of each."""
    if row.credits is not None:
        return tuple(max(credit, 0.0) for credit in row.credits)
    return (row.human,) if row.human is not None and len(row.card.items) == 1 else None


def _calibrated(points: Sequence[tuple[str, float, float]]) -> dict[str, Any]:
    stated = np.asarray([point[1] for point in points])
    true = np.asarray([point[2] for point in points])

    def error(at: NDArray[np.intp]) -> float:
        return calibration_error(reliability(stated[at], true[at]))

    return {"error": measured((error, [point[0] for point in points])), "bins": reliability(stated, true)}


def review(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, Any]:
    """Agreement, with and without the answers that go to review, and risk by coverage; empty without human scores."""
    if not rows or any(row.human is None for row in rows) or any(mark.confidence is None for mark in marks):
        return {}
    questions = [row.question for row in rows]
    right = np.asarray([agrees(row, mark) for row, mark in zip(rows, marks, strict=True)], dtype=np.float64)
    sure = np.asarray([mark.confidence for mark in marks], dtype=np.float64)
    found: dict[str, Any] = {"agreement": measured((lambda at: mean(right[at]), questions))}
    if all(mark.needs_review is not None for mark in marks):
        kept = np.asarray([not mark.needs_review for mark in marks], dtype=bool)
        found["agreement without review"] = measured((lambda at: mean(right[at][kept[at]]), questions))
        found["coverage"] = measured((lambda at: mean(kept[at]), questions))
    found["AURC"] = measured((lambda at: area_under_risk(sure[at], right[at]), questions))
    found["curve"] = coverage_curve(sure, right)
    return found
