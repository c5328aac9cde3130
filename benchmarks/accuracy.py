"""Agreement with people on every set at hand, for the grader beside four rivals in the same run.

    python benchmarks/accuracy.py                          everything; writes benchmarks/results/accuracy.json
    python benchmarks/accuracy.py --sets cases cards       sets whose names begin so; only prints
    python benchmarks/accuracy.py --limit 100              at most so many answers of each set; only prints

The data sets are read from GRADER_DATA, or from shared/data beside the checkout; without them the deck cases alone are
measured, and the rivals keep the thresholds of the committed results.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from metrics import interval, macro_f1, mean, pearson, quadratic_kappa, rmse
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rivals import HALF, Contestant, Mark, Ours, Rival, rivals
from sets import ROOT, SETS, Row, Set, answers_to_questions, cards, data_folder, thin

from grader.grader import Grader

RESULTS = ROOT / "benchmarks" / "results" / "accuracy.json"
WIDTH = 140  # columns that the widest table takes
FIT = 1500  # training answers of each sort that the rivals' thresholds are fitted on

Measure = tuple[Callable[[NDArray[np.intp]], float], list[str]]  # of row indices; and the question of each row


def main() -> int:
    options = _options()
    console = Console(stderr=True)
    chosen = [one for one in SETS if not options.sets or any(one.name.startswith(name) for name in options.sets)]
    if not chosen:
        console.print(f"no set is called {' or '.join(options.sets)}; there are {', '.join(one.name for one in SETS)}")
        return 2
    here = (data_folder() / "dev" / "asag.jsonl.gz").exists()
    if not here:
        console.print(
            f"There are no data sets in {data_folder()}; set GRADER_DATA to the folder that holds dev/ and train/. "
            "Only the deck cases are measured."
        )
        chosen = [one for one in chosen if one.name == "cases"]
    ours = Ours(Grader(profile=options.profile))
    others = rivals(ours.grader.encoder)
    with _progress(console) as progress:
        compared = fitted(others, progress, data=here, limit=options.limit)
        contestants: list[Contestant] = [ours, *compared]
        sets = {one.name: measure(one, contestants, progress, options.limit) for one in chosen}
    results = {
        "signature": ours.grader.signature,
        "limit": options.limit,
        "thresholds": {rival.name: {"answers": rival.lines[0], "items": rival.lines[1]} for rival in compared},
        "sets": sets,
    }
    show(results)
    whole = not options.sets and options.limit is None and here and options.profile == "standard"
    path = options.output or (RESULTS if whole else None)
    if path is None:
        console.print("Not written: a part of the sets, of the answers or of the data. Name a file with -o to keep it.")
    else:
        path.write_text(json.dumps(rounded(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        console.print(f"Written to {path}.")
    return 0


def fitted(others: list[Rival], progress: Progress, *, data: bool, limit: int | None) -> list[Rival]:
    """The rivals with their thresholds; without data those of the committed results, and none if there are none."""
    if data:
        count = FIT if limit is None else min(FIT, 10 * limit)
        answers = thin(list(answers_to_questions("train/asag.jsonl.gz")), count)
        items = thin(list(cards("train/cards.jsonl.gz", "natural")), count)  # what a class answers, without traps
        for rival in progress.track(others, description="fitting thresholds"):
            rival.fit(answers, items)
        return others
    if not RESULTS.exists():
        return []
    lines = json.loads(RESULTS.read_text(encoding="utf-8"))["thresholds"]
    for rival in others:
        rival.lines = (lines[rival.name]["answers"], lines[rival.name]["items"])
    return others


def measure(one: Set, contestants: Sequence[Contestant], progress: Progress, limit: int | None) -> dict[str, Any]:
    """Every figure of one set, for every contestant."""
    rows = thin(list(one.load()), limit)
    task = progress.add_task(one.name, total=len(rows) * len(contestants))
    found: dict[str, Any] = {"title": one.title, "answers": len(rows), "metrics": {}, "by": {}}
    for contestant in contestants:
        marks = []
        for mark in contestant.mark(rows):
            marks.append(mark)
            progress.advance(task)
        for name, (statistic, questions) in measures(one, rows, marks).items():
            low, high = interval(statistic, questions)
            value = statistic(np.arange(len(questions)))
            found["metrics"].setdefault(name, {})[contestant.name] = {"value": value, "low": low, "high": high}
        for name, figures in breakdown(rows, marks).items():
            found["by"].setdefault(name, {})[contestant.name] = figures
    return found


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
    items = [
        (row.question, human, credit)
        for row, mark in zip(rows, marks, strict=True)
        for human, credit in zip(row.credits or (), mark.credits, strict=True)
    ]
    human = np.asarray([item[1] for item in items])
    credit = np.asarray([item[2] for item in items])
    wrong = [(row.question, mark.score) for row, mark in zip(rows, marks, strict=True) if row.worthless]
    against = [(question, given) for question, label, given in items if label < 0]
    return {
        "score error": (lambda at: mean(error[at]), questions),
        "credit to worthless answers": _mean_of(wrong),
        "item macro-F1": (lambda at: macro_f1(human[at] >= HALF, credit[at] >= HALF, 2), [item[0] for item in items]),
        "credit to contradicted items": _mean_of(against),
    }


def _mean_of(pairs: Sequence[tuple[str, float]]) -> Measure:
    values = np.asarray([value for _, value in pairs], dtype=np.float64)
    return lambda at: mean(values[at]), [question for question, _ in pairs]


def breakdown(rows: Sequence[Row], marks: Sequence[Mark]) -> dict[str, dict[str, dict[str, float]]]:
    """Score error, bias and credit to worthless answers by tag and by area, where the rows have them."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name in ("tag", "area"):
        groups: dict[str, list[tuple[Row, Mark]]] = defaultdict(list)
        for row, mark in zip(rows, marks, strict=True):
            if key := getattr(row, name):
                groups[key].append((row, mark))
        if groups:
            found[name] = {key: _figures(groups[key]) for key in sorted(groups)}
    return found


def _figures(pairs: Sequence[tuple[Row, Mark]]) -> dict[str, float]:
    differences = [mark.score - (row.score or 0.0) for row, mark in pairs]
    return {
        "answers": len(pairs),
        "score error": mean([abs(difference) for difference in differences]),
        "bias": mean(differences),
        "credit to worthless answers": mean([mark.score for row, mark in pairs if row.worthless]),
    }


def rounded(value: Any) -> Any:  # noqa: ANN401
    """The same tree with numbers of four digits, and null for what could not be measured."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def show(results: dict[str, Any]) -> None:
    """Prints the figures as tables."""
    console = Console(width=max(Console().width, WIDTH))  # a table that wraps cannot be read
    console.print(results["signature"], highlight=False, soft_wrap=True)
    for one in results["sets"].values():
        names = list(next(iter(one["metrics"].values())))
        table = Table(title=f"{one['title']} ({one['answers']} answers)", title_justify="left")
        table.add_column("")
        for name in names:
            table.add_column(name, justify="right")
        for metric, by in one["metrics"].items():
            table.add_row(metric, *(f"{by[n]['value']:.3f} ({by[n]['low']:.2f}-{by[n]['high']:.2f})" for n in names))
        for tag, figures in one["by"].get("tag", {}).get("grader", {}).items():
            cells = [one["by"]["tag"][name][tag] for name in names]
            table.add_row(
                f"  {tag} ({figures['answers']})", *(f"{c['score error']:.2f} {c['bias']:+.2f}" for c in cells)
            )
        console.print(table)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=[], metavar="NAME", help="only sets whose names begin so")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many answers of each set")
    parser.add_argument("--profile", default="standard", help="lenient, standard or strict")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where the results go, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
