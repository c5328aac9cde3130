"""Fits the calibration: what a grade's confidence is worth, and the line under which a person should look.

    python models/recipes/judge/calibrate.py --out models/judge/calibration.json

Grades answers that the judge has never seen (held-out questions and the second lot of cards, natural lot only) with the
models as they ship, and compares with the human scores. The review line is the lowest confidence from which at least
`AGREEMENT` of the grades agree (score within half an item).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fuse import SEED, answers

from grader.confidence import NONE, raw_confidence
from grader.encode import default_encoder
from grader.grader import Grader
from grader.judge import default_judge

AGREEMENT = 0.90  # at 0.95 this judge would send nearly nine answers of ten to review
LEAST = 50  # grades that a line has to rest on


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=Path("models/judge/calibration.json"))
    parser.add_argument("--limit", type=int, default=1500, help="answers at most")
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    rows = [row for row in answers(options.data, random.Random(SEED + 1)) if row.lot != "adversarial"][: options.limit]
    grader = Grader(encoder=default_encoder(), judge=default_judge(), calibration=NONE)
    raw, agree, review = [], [], []
    for count, (row, grade) in enumerate(
        zip(rows, grader.grade_many((row.card, row.text) for row in rows), strict=True)
    ):
        if count % 100 == 0:
            print(f"{count} answers", file=sys.stderr, flush=True)
        need = row.card.need
        best = sorted((max(0.0, credit) for credit in row.credits), reverse=True)[:need]
        human = sum(best) / need
        raw.append(raw_confidence(grade.items))
        agree.append(abs(grade.score - human) <= 0.5 / need + 1e-9)
        review.append(any(item.reason == "both_sides" for item in grade.items))
    p, y = np.array(raw), np.array(agree, dtype=float)
    x = np.log(p / (1 - p))
    slope, intercept = 1.0, 0.0
    for _ in range(20000):
        error = 1 / (1 + np.exp(-(intercept + slope * x))) - y
        intercept -= 0.1 * error.mean()
        slope -= 0.02 * (error * x).mean()
    confidence = 1 / (1 + np.exp(-(intercept + slope * x)))
    line = review_line(confidence, y, ~np.array(review))
    kept = (confidence >= line) & ~np.array(review)
    made = {
        "name": "calibration-1",
        "fitted on": f"{len(y)} natural answers unseen by the judge, seed {SEED + 1}",
        "intercept": round(float(intercept), 4),
        "slope": round(float(slope), 4),
        "review_line": round(float(line), 4),
        "agreement on them": round(float(y.mean()), 4),
        "agreement without review": round(float(y[kept].mean()), 4),
        "coverage": round(float(kept.mean()), 4),
    }
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))


def review_line(confidence: np.ndarray, agree: np.ndarray, usable: np.ndarray) -> float:
    """The lowest confidence from which agreement is at least `AGREEMENT`."""
    order = np.argsort(-confidence)
    order = order[usable[order]]
    best = 1.0
    for count in range(LEAST, len(order) + 1):
        if agree[order[:count]].mean() >= AGREEMENT:
            best = float(confidence[order[count - 1]])
    return best


if __name__ == "__main__":
    main()
