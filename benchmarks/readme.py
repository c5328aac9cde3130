"""Writes the accuracy and speed tables of README.md from benchmarks/results.

    python benchmarks/readme.py            rewrites what stands between the markers
    python benchmarks/readme.py --check    only says whether they are up to date (exit 1 where not)

The markers are `<!-- accuracy -->` ... `<!-- /accuracy -->`, and the same with `speed`; a pair that README.md lacks is
left out. Published figures come from benchmarks/published.json.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trust import calibration_error, pooled

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RESULTS = ROOT / "benchmarks" / "results"
PUBLISHED = ROOT / "benchmarks" / "published.json"
LESS_IS_BETTER = {"score error", "credit to worthless answers", "credit to contradicted items", "RMSE"}
NAMES = {"score error": "mean score error"}
NOTHING = "–"
OURS = "grader"
CARDS = ("cards_natural", "cards_adversarial")  # the two lots of one set
SHARES = ("agreement", "agreement without review", "coverage")

Figures = Mapping[str, float | None]


def accuracy(results: dict[str, Any], published: Sequence[Mapping[str, Any]] = ()) -> str:
    """One row a set and figure, one column a contestant; then published figures, probabilities and ablation."""
    contestants = [OURS, *results["thresholds"]]
    count = sum(one["answers"] for one in results["sets"].values())
    lines = [
        *figures_table(results["sets"], contestants, NAMES),
        "",
        f"{count:,} answers; 95% bootstrap intervals, by question. Signature: `{results['signature']}`.",
        *published_table(results["sets"], published),
        *trust_table(results["sets"]),
    ]
    if results.get("ablation"):
        lines += [
            "",
            "What each part of the judge is worth: the grader without it (the same answers).",
            "",
            *figures_table(results["sets"], [OURS, *results["ablation"]], NAMES),
        ]
    return "\n".join(lines)


def figures_table(sets: Mapping[str, Any], contestants: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """One row a set and figure, one column a contestant; the best of each row is bold."""
    lines = [_row(["set", "figure", *contestants]), f"|---|---|{'---|' * len(contestants)}"]
    for one in sets.values():
        for metric, by in one["metrics"].items():
            values = [by[name]["value"] for name in contestants if name in by and by[name]["value"] is not None]
            if not values:
                continue
            best = (min if metric in LESS_IS_BETTER else max)(values)
            cells = [_cell(by.get(name), best, interval=name == OURS) for name in contestants]
            arrow = "↓" if metric in LESS_IS_BETTER else "↑"
            lines.append(_row([one["title"], f"{names.get(metric, metric)} {arrow}", *cells]))
    return lines


def published_table(sets: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> list[str]:
    """What others report, beside what the grader reaches on the answers measured here."""
    rows = [
        _row(
            [
                sets[one["set"]]["title"],
                one["figure"],
                _cell(sets[one["set"]]["metrics"][one["figure"]].get(OURS), None, interval=True),
                f"{one['value']:.2f}",
                f"{one['what']} ({one['source']})",
            ]
        )
        for one in published
        if one["figure"] in sets.get(one["set"], {}).get("metrics", {})
    ]
    if not rows:
        return []
    return [
        "",
        "Beside published figures (theirs are of whole test sets):",
        "",
        _row(["set", "figure", OURS, "published", "by"]),
        "|---|---|---|---|---|",
        *rows,
    ]


def trust_table(sets: Mapping[str, Any]) -> list[str]:
    """Calibration, and agreement with and without the answers that go to review, of the grader; then both lots."""
    rows = []
    for one in sets.values():
        reviewed, calibrated = one.get("review", {}).get(OURS), one.get("calibration", {}).get(OURS, {})
        if not reviewed:
            continue
        shares = [_cell(reviewed.get(name), None, interval=name != "agreement") for name in SHARES]
        errors = [_cell(calibrated.get(name, {}).get("error"), None) for name in ("P(expresses)", "confidence")]
        rows.append(_row([one["title"], *shares, _cell(reviewed["AURC"], None), *errors]))
    if not rows:
        return []
    return [
        "",
        "What its probabilities are worth: agreement is a score within half an item of the human one, coverage the "
        "share of answers not sent to review, AURC the area under the risk-coverage curve (less is better).",
        "",
        _row(["set", *SHARES, "AURC", "calibration error of P(expresses)", "of confidence"]),
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        "Calibration errors are expected ones over 10 bins of equal width." + _both_lots(sets),
    ]


def _both_lots(sets: Mapping[str, Any]) -> str:
    """The same of dev/cards as a whole, in a sentence; empty where a lot is missing."""
    lots = [sets[name] for name in CARDS if name in sets]
    if len(lots) < len(CARDS):
        return ""
    reviews = [one["review"][OURS] for one in lots]
    kept = [one["answers"] * review["coverage"]["value"] for one, review in zip(lots, reviews, strict=True)]
    agreed = sum(
        count * (review["agreement without review"]["value"] or 0.0)
        for count, review in zip(kept, reviews, strict=True)
    )
    error = calibration_error(pooled(one["calibration"][OURS]["P(expresses)"]["bins"] for one in lots))
    return (
        f" Both lots of cards together: {agreed / max(sum(kept), 1):.2f} agreement without review, coverage "
        f"{sum(kept) / sum(one['answers'] for one in lots):.2f}, calibration error of P(expresses) {error:.3f}."
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(figures: Figures | None, best: float | None, *, interval: bool = False) -> str:
    if figures is None or figures["value"] is None:
        return NOTHING
    value, low, high = figures["value"], figures["low"], figures["high"]
    text = f"**{value:.2f}**" if best is not None and round(value, 2) == round(best, 2) else f"{value:.2f}"
    return f"{text} ({low:.2f}–{high:.2f})" if interval and low is not None and high is not None else text


def speed(results: dict[str, Any]) -> str:
    """The grader beside the naive script."""
    lines = ["| | grader | naive script |", "|---|---|---|"]
    rates = results["answers a second"]
    for name in ("one by one", "batched"):
        lines.append(f"| answers a second, {name} | {rates[name]['grader']:.0f} | {rates[name]['naive']:.0f} |")
    start = results["cold start"]
    for name, unit in (("seconds", "s"), ("peak MiB", "MiB")):
        title = "one answer in a fresh process" if name == "seconds" else "its peak memory"
        lines.append(f"| {title} | {start['grader'][name]:.3g} {unit} | {start['naive'][name]:.3g} {unit} |")
    for count, figures in results["batch"].items():
        if isinstance(figures, dict):
            lines.append(f"| peak memory of a batch of {int(count):,} | {figures['peak MiB']:.0f} MiB | |")
    return "\n".join(lines)


def filled(text: str) -> str:
    """The README with each table between its markers."""
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    for name, table in (("accuracy", lambda read: accuracy(read, published)), ("speed", speed)):
        path = RESULTS / f"{name}.json"
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if path.exists() and marks.search(text):
            made = table(json.loads(path.read_text(encoding="utf-8")))
            text = marks.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)  # type: ignore[misc]
    return text


def main(arguments: list[str]) -> int:
    text = README.read_text(encoding="utf-8")
    made = filled(text)
    if "--check" in arguments:
        if made != text:
            print("README.md: the tables differ from benchmarks/results; run python benchmarks/readme.py")
        return int(made != text)
    README.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
