"""The README's benchmark tables come from the committed results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from readme import accuracy, filled, speed

ROOT = Path(__file__).parents[1]


def figures(value: float | None, low: float | None = None, high: float | None = None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


ACCURACY: dict[str, Any] = {
    "signature": "grader:1",
    "thresholds": {"cosine": {}},
    "sets": {
        "a": {
            "title": "Set A",
            "answers": 1200,
            "metrics": {
                "QWK": {"grader": figures(0.812, 0.79, 0.83), "cosine": figures(0.5, 0.4, 0.6)},
                "score error": {"grader": figures(0.2, 0.1, 0.3), "cosine": figures(0.104, 0.1, 0.2)},
                "RMSE": {"grader": figures(None), "cosine": figures(None)},
            },
        }
    },
}


def test_accuracy_marks_the_best_of_each_row() -> None:
    assert accuracy(ACCURACY).splitlines() == [
        "| set | figure | grader | cosine |",
        "|---|---|---|---|",
        "| Set A | QWK ↑ | **0.81** (0.79–0.83) | 0.50 |",
        "| Set A | mean score error ↓ | 0.20 (0.10–0.30) | **0.10** |",
        "",
        "1,200 answers; 95% bootstrap intervals, by question. Signature: `grader:1`.",
    ]


def test_published_figures_stand_beside_ours_where_the_set_was_measured() -> None:
    published = [
        {"set": "a", "figure": "QWK", "value": 0.943, "what": "two raters", "source": "a paper"},
        {"set": "b", "figure": "QWK", "value": 0.5, "what": "a set that was not measured", "source": "a paper"},
        {"set": "a", "figure": "F1", "value": 0.5, "what": "a figure that was not measured", "source": "a paper"},
    ]
    assert accuracy(ACCURACY, published).splitlines()[-3:] == [
        "| set | figure | grader | published | by |",
        "|---|---|---|---|---|",
        "| Set A | QWK | 0.81 (0.79–0.83) | 0.94 | two raters (a paper) |",
    ]


def test_probabilities_and_ablation_have_tables_of_their_own() -> None:
    def trusted(error: float, count: int, agreement: float, coverage: float) -> dict[str, Any]:
        bins = [{"from": 0.5, "count": count, "stated": 0.5, "found": 0.5 + error}]
        return {
            "calibration": {"grader": {"P(expresses)": {"error": figures(error, 0.0, 0.5), "bins": bins}}},
            "review": {
                "grader": {
                    "agreement": figures(0.8, 0.7, 0.9),
                    "agreement without review": figures(agreement, 0.9, 1.0),
                    "coverage": figures(coverage, 0.6, 0.7),
                    "AURC": figures(0.051, 0.0, 0.1),
                }
            },
        }

    one = ACCURACY["sets"]["a"]
    quality = {"QWK": {**one["metrics"]["QWK"], "no judge": figures(0.7, 0.6, 0.8)}}
    sets = {
        "cards_natural": one | {"title": "N", "metrics": quality} | trusted(0.1, 3, 0.95, 0.65),
        "cards_adversarial": one | {"title": "A", "answers": 400, "metrics": {}} | trusted(-0.1, 1, 0.8, 0.35),
    }
    lines = accuracy(ACCURACY | {"sets": sets, "ablation": ["no judge"]}).splitlines()
    trust = lines.index("| N | 0.80 | 0.95 (0.90–1.00) | 0.65 (0.60–0.70) | 0.05 | 0.10 | – |")
    # Of both lots: three items at +0.1 and one at -0.1 make +0.05 in their one bin.
    # Of 1,200 and 400 answers 780 and 140 are kept: 920 of 1,600; 741 and 112 of them agree: 853 of 920.
    assert lines[trust + 3].endswith(
        "Both lots of cards together: 0.93 agreement without review, coverage 0.57, "
        "calibration error of P(expresses) 0.050."
    )
    assert lines[-3:] == [
        "| set | figure | grader | no judge |",
        "|---|---|---|---|",
        "| N | QWK ↑ | **0.81** (0.79–0.83) | 0.70 |",
    ]


def test_speed_shows_both_sides() -> None:
    results = {
        "answers a second": {
            "one by one": {"grader": 120.4, "naive": 40.2},
            "batched": {"grader": 300.0, "naive": 210.0},
        },
        "cold start": {
            "grader": {"seconds": 0.5, "peak MiB": 150.0},
            "naive": {"seconds": 9.123, "peak MiB": 800.0},
        },
        "batch": {"10000": {"peak MiB": 200.4}, "growth": 1.0},
    }
    assert speed(results).splitlines() == [
        "| | grader | naive script |",
        "|---|---|---|",
        "| answers a second, one by one | 120 | 40 |",
        "| answers a second, batched | 300 | 210 |",
        "| one answer in a fresh process | 0.5 s | 9.12 s |",
        "| its peak memory | 150 MiB | 800 MiB |",
        "| peak memory of a batch of 10,000 | 200 MiB | |",
    ]


def test_text_without_markers_stays() -> None:
    assert filled("# Nothing here\n") == "# Nothing here\n"


def test_readme_is_up_to_date() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert filled(text) == text, "run python benchmarks/readme.py"
