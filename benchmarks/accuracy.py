"""Agreement with people on every set at hand, for the grader beside its rivals in the same run.

    python benchmarks/accuracy.py                          everything; writes benchmarks/results/accuracy.json
    python benchmarks/accuracy.py --sample                 the same with fewer answers: --limit 150 cards=443 cases=443
    python benchmarks/accuracy.py --sets cases cards       sets whose names begin so; only prints
    python benchmarks/accuracy.py --limit 100 cards=300    at most so many answers of each set; only prints

    --ablation                beside the grader also the grader without judge, guards or fusion, and its judge alone
    --cross-encoder FOLDER    beside the rivals also this model as it is
    --merge -o FILE           adds the sets to those that FILE holds, each as soon as it is measured
    --marks FILE              keeps every answer with its mark, to be read and never committed; adds to it with --merge

The data sets are read from GRADER_DATA, or from shared/data beside the checkout; without them the deck cases alone are
measured, and the rivals keep the thresholds of the committed results.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from ablation import ablations
from contestants import Contestant, Mark, Ours
from figures import breakdown, calibration, measured, measures, review
from plain_reader import plain_cross_encoder
from plots import draw
from record import NotMergeable, may_hold_marks, merged, read_results, write_marks, write_results
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rivals import Rival, rivals
from sets import ROOT, SAMPLE, SETS, Row, Set, answers_to_questions, cards, data_folder, limit_for, read_limits, thin
from show import show

from grader.encode import default_encoder
from grader.errors import GraderError
from grader.grader import Profile
from grader.judge import default_judge

RESULTS = ROOT / "benchmarks" / "results" / "accuracy.json"
FIT = 1500  # training answers of each sort that the rivals' thresholds are fitted on
FIT_PER_ANSWER = 10  # the same for each answer of a set, where only few are measured


def main() -> int:
    options = _options()
    console = Console(stderr=True)
    try:
        return run(options, console)
    except (GraderError, NotMergeable, OSError, ValueError) as error:
        console.print(str(error), highlight=False, markup=False)
        return 2


def run(options: argparse.Namespace, console: Console) -> int:
    """Measures what the options ask for.

    Raises:
        ValueError: an option makes no sense.
        NotMergeable: the file to be added to was measured with another grader.
        GraderError: a model cannot be used.
        OSError: a file cannot be read or written.
    """
    chosen = [one for one in SETS if not options.sets or any(one.name.startswith(name) for name in options.sets)]
    if not chosen:
        raise ValueError(f"no set is called {' or '.join(options.sets)}; there are {', '.join(s.name for s in SETS)}")
    limits = read_limits(SAMPLE if options.sample else options.limit)
    if options.marks and not may_hold_marks(options.marks):
        raise ValueError("--marks: the file will hold answers of the local data sets; name one outside the checkout")
    here = (data_folder() / "dev" / "asag.jsonl.gz").exists()
    if not here:
        console.print(
            f"There are no data sets in {data_folder()}; set GRADER_DATA to the folder that holds dev/ and train/. "
            "Only the deck cases are measured."
        )
        chosen = [one for one in chosen if one.name == "cases"]
    documented = options.profile == Profile.STANDARD and here and limits in ({}, read_limits(SAMPLE))
    whole = documented and (options.merge or not options.sets)
    path: Path | None = options.output or (RESULTS if whole else None)
    if options.merge and path is None:
        raise ValueError(
            "--merge: name the file with -o; the committed results are of the data sets and of --sample or all"
        )
    encoder = default_encoder()
    ours = Ours(default_judge(), encoder=encoder, profile=options.profile)
    results: dict[str, Any] = read_results(path, ours.grader.signature) if options.merge and path else {}
    others, model = rivals(encoder), results.get("cross-encoder", "")
    if options.cross_encoder:
        rival, model = plain_cross_encoder(options.cross_encoder)
        others.append(rival)
    with _progress(console) as progress, _opened(options.marks, add=options.merge) as marks:
        compared = fitted(others, known_lines(results, model, data=here), progress, data=here, limits=limits)
        contestants: list[Contestant] = [ours, *compared]
        without = ablations(encoder, options.profile) if options.ablation else []
        for one in chosen:
            found = measure(one, [*contestants, *without], progress, limit_for(one.name, limits), marks)
            new = {
                "signature": ours.grader.signature,
                "limit": {one.name: found["answers"]} if found["answers"] < found["of"] else {},
                "thresholds": {rival.name: {"answers": rival.lines[0], "items": rival.lines[1]} for rival in compared},
                "cross-encoder": model,
                "ablation": [one.name for one in without],
                "sets": {one.name: found},
            }
            results = merged(results, new)
            if options.merge and path:
                write_results(path, results)
    show({**results, "sets": {one.name: results["sets"][one.name] for one in chosen}})
    if path is None:
        console.print("Not written: a part of the sets, of the answers or of the data. Name a file with -o to keep it.")
        return 0
    write_results(path, results)
    console.print(f"Written to {path}.")
    if path == RESULTS:
        draw(results, RESULTS.parent)
    return 0


def known_lines(results: Mapping[str, Any], model: str, *, data: bool) -> dict[str, tuple[float, float]]:
    """The thresholds that need no fitting: of the results that are added to, or of the committed ones without data."""
    if not results and not data and RESULTS.exists():
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
    held = results.get("cross-encoder")
    if held and model and held != model:
        raise ValueError(f"the cross-encoder measured there is {held}, and not {model}; name another file with -o")
    lines = results.get("thresholds", {})
    return {name: (found["answers"], found["items"]) for name, found in lines.items()}


def fitted(
    others: list[Rival],
    known: Mapping[str, tuple[float, float]],
    progress: Progress,
    *,
    data: bool,
    limits: Mapping[str, int],
) -> list[Rival]:
    """The rivals with their thresholds, known or fitted; without data those with known ones alone."""
    for rival in others:
        rival.lines = known.get(rival.name, rival.lines)
    left = [rival for rival in others if rival.name not in known]
    if not data:
        return [rival for rival in others if rival.name in known]
    if left:
        count = min(FIT, FIT_PER_ANSWER * max(limits.values(), default=FIT))
        answers = thin(list(answers_to_questions("train/asag.jsonl.gz")), count)
        items = thin(list(cards("train/cards.jsonl.gz", "natural")), count)  # what a class answers, without traps
        for rival in progress.track(left, description="fitting thresholds"):
            rival.fit(answers, items)
    return others


def measure(
    one: Set, contestants: Sequence[Contestant], progress: Progress, limit: int | None, file: TextIO | None = None
) -> dict[str, Any]:
    """Every figure of one set, for every contestant; the marks of the first go to the file."""
    every = list(one.load())
    rows = thin(every, limit)
    task = progress.add_task(one.name, total=len(rows) * len(contestants))
    found: dict[str, Any] = {
        "title": one.title,
        "answers": len(rows),
        "of": len(every),
        "metrics": {},
        "calibration": {},
        "review": {},
        "by": {},
    }
    for contestant in contestants:
        started = time.monotonic()
        marks: list[Mark] = []
        for mark in contestant.mark(rows):
            marks.append(mark)
            progress.advance(task)
        if file and contestant is contestants[0]:
            write_marks(file, one.name, rows, marks)
        add_figures(found, contestant.name, one, rows, marks)
        seconds = time.monotonic() - started
        progress.console.print(f"{one.name}: {contestant.name}, {len(rows)} answers in {seconds:.0f} s")
    return found


def add_figures(found: dict[str, Any], name: str, one: Set, rows: Sequence[Row], marks: Sequence[Mark]) -> None:
    """Puts the figures of a contestant beside those of the others."""
    for metric, figure in measures(one, rows, marks).items():
        found["metrics"].setdefault(metric, {})[name] = measured(figure)
    for part, figures in (("calibration", calibration(rows, marks)), ("review", review(rows, marks))):
        if figures:
            found[part][name] = figures
    for group, figures in breakdown(rows, marks).items():
        found["by"].setdefault(group, {})[name] = figures


@contextmanager
def _opened(path: Path | None, *, add: bool) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if add else "w", encoding="utf-8", newline="\n") as file:
        yield file


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=[], metavar="NAME", help="only sets whose names begin so")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--limit", nargs="+", default=[], metavar="N", help="at most so many answers: 150 cards=443")
    size.add_argument("--sample", action="store_true", help=f"the documented sample: --limit {' '.join(SAMPLE)}")
    parser.add_argument("--profile", default="standard", help="lenient, standard or strict")
    parser.add_argument("--ablation", action="store_true", help="also the grader without parts of its judge")
    parser.add_argument("--cross-encoder", type=Path, metavar="FOLDER", help="also this cross-encoder as it is")
    parser.add_argument("--merge", action="store_true", help="keep the other sets of the results file")
    parser.add_argument("--marks", type=Path, metavar="FILE", help="where every mark of the grader goes, as JSONL")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where the results go, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
