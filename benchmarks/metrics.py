"""Agreement with people: macro-F1, quadratic weighted kappa, correlation, thresholds, and bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDS = 1000  # bootstrap samples of an interval
LEVEL = 0.95  # of an interval
FEW_GROUPS = 5  # with fewer questions than this, answers are drawn instead of questions


def macro_f1(truth: ArrayLike, guess: ArrayLike, classes: int) -> float:
    """Mean F1 over the classes 0..classes-1 that occur in either; 0..1, nan for no answers."""
    true, said = np.asarray(truth, dtype=np.intp), np.asarray(guess, dtype=np.intp)
    if true.size == 0:
        return float("nan")
    table = np.bincount(true * classes + said, minlength=classes * classes).reshape(classes, classes)
    hits, total = np.diag(table), table.sum(axis=0) + table.sum(axis=1)
    occurs = total > 0
    return float((2 * hits[occurs] / total[occurs]).mean())


def quadratic_kappa(truth: ArrayLike, guess: ArrayLike, grades: int) -> float:
    """Cohen's kappa with quadratic weights over the grades 0..grades-1 (Cohen 1968); nan where chance is certain."""
    true, said = np.asarray(truth, dtype=np.intp), np.asarray(guess, dtype=np.intp)
    if true.size == 0:
        return float("nan")
    table = np.bincount(true * grades + said, minlength=grades * grades).reshape(grades, grades) / true.size
    step = np.arange(grades)
    weights = (step[:, None] - step[None, :]) ** 2
    chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    expected = float((weights * chance).sum())
    return 1.0 - float((weights * table).sum()) / expected if expected > 0 else float("nan")


def pearson(truth: ArrayLike, guess: ArrayLike) -> float:
    """Linear correlation, -1..1; nan where either side is constant."""
    true, said = np.asarray(truth, dtype=np.float64), np.asarray(guess, dtype=np.float64)
    if true.size < 2:
        return float("nan")
    left, right = true - true.mean(), said - said.mean()
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / scale if scale > 0 else float("nan")


def rmse(truth: ArrayLike, guess: ArrayLike) -> float:
    """Root mean squared difference; nan for no answers."""
    difference = np.asarray(truth, dtype=np.float64) - np.asarray(guess, dtype=np.float64)
    return float(np.sqrt((difference**2).mean())) if difference.size else float("nan")


def mean(values: ArrayLike) -> float:
    """Arithmetic mean; nan for none."""
    array = np.asarray(values, dtype=np.float64)
    return float(array.mean()) if array.size else float("nan")


def best_threshold(similarities: ArrayLike, right: ArrayLike) -> float:
    """The hundredth t in 0.01..0.99 for which `similarity >= t` has the best macro-F1; the lowest of equals."""
    values, true = np.asarray(similarities, dtype=np.float64), np.asarray(right, dtype=np.intp)
    lines = [step / 100 for step in range(1, 100)]
    return max(lines, key=lambda line: macro_f1(true, values >= line, 2))


def interval(
    statistic: Callable[[NDArray[np.intp]], float], groups: Sequence[str], *, rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float]:
    """The percentile bootstrap interval (Efron 1979) of a statistic of row indices, drawing whole groups.

    Answers to one question are alike, so questions are drawn; where there are fewer than five, rows are.
    """
    if not groups:
        return float("nan"), float("nan")
    keys = {key: number for number, key in enumerate(dict.fromkeys(groups))}
    members: list[list[int]] = [[] for _ in keys]
    for row, key in enumerate(groups):
        members[keys[key]].append(row)
    if len(members) < FEW_GROUPS:
        members = [[row] for row in range(len(groups))]
    blocks = [np.asarray(rows, dtype=np.intp) for rows in members]
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(rounds):
        chosen = random.integers(0, len(blocks), len(blocks))
        drawn.append(statistic(np.concatenate([blocks[block] for block in chosen])))
    tail = 100 * (1 - LEVEL) / 2
    values = np.asarray(drawn)
    values = values[~np.isnan(values)]
    if not values.size:
        return float("nan"), float("nan")
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)
