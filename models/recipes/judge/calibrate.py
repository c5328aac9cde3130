"""Fits the calibration: what a grade's confidence is worth, and the line under which a person should look.

    python models/recipes/judge/calibrate.py --out models/judge/calibration.json

Grades answers that the judge has never seen (held-out questions and cards, traps left out) with the
models as they ship, and compares with the human scores. The review line is the lowest confidence from which at least
`AGREEMENT` of the grades agree (score within half an item).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fuse import SEED, answers, fit, report

from grader.confidence import NONE, SIGNALS, Calibration
from grader.encode import default_encoder
from grader.grader import Grader
from grader.judge import default_judge
from grader.records import Reason, Verdict

AGREEMENT = 0.95  # of the grades that are not sent to a person
LEAST = 50  # grades that a line has to rest on


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=Path("models/judge/calibration.json"))
    parser.add_argument("--limit", type=int, default=10**9, help="answers at most")
    parser.add_argument("--keep", type=Path, help="keep the signals and agreements here (.npz)")
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    rows = [row for row in answers(options.data, random.Random(SEED + 1)) if row.lot != "adversarial"][: options.limit]
    seen = Seen()
    grader = Grader(encoder=default_encoder(), judge=default_judge(), calibration=seen)
    agree, usable = [], []
    for count, (row, grade) in enumerate(
        zip(rows, grader.grade_many((row.card, row.text) for row in rows), strict=True)
    ):
        if count % 100 == 0:
            print(f"{count} answers", file=sys.stderr, flush=True)
        if grade.verdict is Verdict.BLANK:
            continue
        need = row.card.need
        best = sorted((max(0.0, credit) for credit in row.credits), reverse=True)[:need]
        agree.append(abs(grade.score - sum(best) / need) <= 0.5 / need + 1e-9)
        usable.append(all(item.reason is not Reason.BOTH_SIDES for item in grade.items))
    x, y, kept = np.array(seen.signals), np.array(agree, dtype=float), np.array(usable)
    if options.keep:
        np.savez(options.keep, x=x, agree=y, usable=kept)
    bias, weights = fit(x, y, np.ones(len(y)), [int(name in ("sure", "least_sure")) for name in SIGNALS])
    confidence = 1 / (1 + np.exp(-(bias + x @ weights)))
    line = review_line(confidence, y, kept)
    kept &= confidence >= line
    made = {
        "name": "calibration-3",
        "fitted on": f"{len(y)} answers to questions that the judge has not seen, no traps, seed {SEED + 1}",
        "bias": round(bias, 4),
        "weights": {name: round(float(value), 4) for name, value in zip(SIGNALS, weights, strict=True)},
        "review_line": round(float(line), 4),
        "agreement on them": round(float(y.mean()), 4),
        "agreement without review": round(float(y[kept].mean()), 4),
        "coverage": round(float(kept.mean()), 4),
        "confidence on them": report(confidence, y),
    }
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))


class Seen(Calibration):
    """Keeps the signals of the grades that ask for their confidence."""

    def __init__(self) -> None:
        super().__init__("seen", 0.0, NONE.weights, 0.0)
        object.__setattr__(self, "signals", [])

    def confidence(self, signals: Sequence[float]) -> float:
        self.signals.append(tuple(signals))
        return super().confidence(signals)


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
