"""What a stated probability is worth: reliability diagrams, expected calibration error, risk and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10  # of equal width, so that the diagrams of several sets can be added up
STEPS = 10  # points of a risk-coverage curve

Bin = dict[str, float]  # from: lower edge; count; stated: mean probability; found: share that came true


def reliability(stated: ArrayLike, found: ArrayLike) -> list[Bin]:
    """The reliability diagram: what was said and what came true, in `BINS` bins of equal width; empty ones left out.

    `found` is 0..1: something half true counts as a half. A probability on an edge falls into the bin above it.
    """
    said, true = np.asarray(stated, dtype=np.float64), np.asarray(found, dtype=np.float64)
    # Rounded: 0.3 * 10 must not fall short of 3.
    place = np.clip(np.floor(np.round(said * BINS, 9)).astype(np.intp), 0, BINS - 1)
    count = np.bincount(place, minlength=BINS)
    sums = [np.bincount(place, weights=values, minlength=BINS) for values in (said, true)]
    return [
        {
            "from": number / BINS,
            "count": int(count[number]),
            "stated": float(sums[0][number] / count[number]),
            "found": float(sums[1][number] / count[number]),
        }
        for number in range(BINS)
        if count[number]
    ]


def calibration_error(bins: Sequence[Mapping[str, float]]) -> float:
    """Expected calibration error of a diagram (Naeini et al. 2015): the mean gap of its bins by count; nan for none."""
    total = sum(one["count"] for one in bins)
    return sum(one["count"] * abs(one["stated"] - one["found"]) for one in bins) / total if total else float("nan")


def pooled(diagrams: Iterable[Sequence[Mapping[str, float]]]) -> list[Bin]:
    """The diagram of several sets together."""
    found: dict[float, Bin] = {}
    for one in (one for diagram in diagrams for one in diagram):
        held = found.setdefault(one["from"], {"from": one["from"], "count": 0, "stated": 0.0, "found": 0.0})
        total = held["count"] + one["count"]
        for name in ("stated", "found"):
            held[name] = (held[name] * held["count"] + one[name] * one["count"]) / total
        held["count"] = total
    return [found[start] for start in sorted(found)]


def risks(confidence: ArrayLike, right: ArrayLike) -> NDArray[np.float64]:
    """The share that is wrong among the surest 1, 2, ... n; shape (n,), 0..1.

    Of equally sure ones any may come first: each counts as their mean.
    """
    sure, true = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if sure.size == 0:
        return np.zeros(0)
    order = np.argsort(-sure, kind="stable")
    _, start, count = np.unique(-sure[order], return_index=True, return_counts=True)
    expected = np.repeat(np.add.reduceat(1 - true[order], start) / count, count)
    return np.asarray(np.cumsum(expected) / np.arange(1, sure.size + 1), dtype=np.float64)


def area_under_risk(confidence: ArrayLike, right: ArrayLike) -> float:
    """Area under the risk-coverage curve (Geifman and El-Yaniv 2017): the mean of `risks`; nan for none."""
    found = risks(confidence, right)
    return float(found.mean()) if found.size else float("nan")


def coverage_curve(confidence: ArrayLike, right: ArrayLike) -> list[dict[str, float]]:
    """The share that is right among the surest tenth, two tenths, ... all; empty for none."""
    found = risks(confidence, right)
    return [
        {"coverage": step / STEPS, "agreement": 1 - float(found[-(-step * found.size // STEPS) - 1])}
        for step in range(1, STEPS + 1)
        if found.size
    ]
