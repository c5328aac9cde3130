"""Writes the accuracy and speed tables of README.md from benchmarks/results.

    python benchmarks/readme.py            rewrites what stands between the markers
    python benchmarks/readme.py --check    only says whether they are up to date (exit 1 where not)

The markers are `<!-- accuracy -->` ... `<!-- /accuracy -->`, and the same with `speed`; a pair that README.md lacks is
left out.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RESULTS = ROOT / "benchmarks" / "results"
LESS_IS_BETTER = {"score error", "credit to worthless answers", "credit to contradicted items", "RMSE"}
NAMES = {"score error": "mean score error"}


def accuracy(results: dict[str, Any]) -> str:
    """One row a set and figure, one column a contestant; the best of each row is bold."""
    contestants = ["grader", *results["thresholds"]]
    lines = [
        f"| set | figure | {' | '.join(contestants)} |",
        f"|---|---|{'---|' * len(contestants)}",
    ]
    for one in results["sets"].values():
        for metric, by in one["metrics"].items():
            values = {name: by[name]["value"] for name in contestants if by[name]["value"] is not None}
            if not values:
                continue
            best = (min if metric in LESS_IS_BETTER else max)(values.values())
            cells = [_cell(by[name], best, interval=name == "grader") for name in contestants]
            arrow = "↓" if metric in LESS_IS_BETTER else "↑"
            lines.append(f"| {one['title']} | {NAMES.get(metric, metric)} {arrow} | {' | '.join(cells)} |")
    count = sum(one["answers"] for one in results["sets"].values())
    lines += ["", f"{count:,} answers; 95% bootstrap intervals, by question. Signature: `{results['signature']}`."]
    return "\n".join(lines)


def _cell(figures: dict[str, float | None], best: float, *, interval: bool) -> str:
    value, low, high = figures["value"], figures["low"], figures["high"]
    if value is None:
        return "–"
    text = f"**{value:.2f}**" if round(value, 2) == round(best, 2) else f"{value:.2f}"
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
    for name, table in (("accuracy", accuracy), ("speed", speed)):
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
