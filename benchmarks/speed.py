"""Speed and memory, side by side with the naive sentence-transformers script on the same machine.

    python benchmarks/speed.py --rival-python PYTHON --rival-model FOLDER

PYTHON has sentence-transformers and rapidfuzz (default: this interpreter), FOLDER holds all-MiniLM-L6-v2. Where either
is missing the grader is measured alone, and the results say so. Writes benchmarks/results/speed.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from sets import DECK, ROOT, Row, cases, thin

from grader.grader import Grader
from grader.judge import FusedJudge, Judge, Reader, default_reader, load_fusion, load_weights
from grader.judge.cross_encoder import Text
from grader.models import verified
from grader.records import Judgement, Pair
from grader.split import split

RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
NAIVE = ROOT / "benchmarks" / "naive.py"
GRADER = [sys.executable, "-m", "grader"]
RUNS = 5  # of a cold start; the median counts
BATCH = 64  # answers the naive script grades together in its batched run
MEBI = 2**20

# Runs a command and prints the peak memory of that child in bytes. A process of its own, for it to be small: on Linux a
# child is charged with what its parent held when it was started.
PEAK = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
print(json.dumps({"peak": peak, "code": done.returncode, "stderr": done.stderr[-2000:]}))
"""

Note = Callable[[str], None]


def main() -> int:
    options = _options()
    console = Console(stderr=True)
    rival = _rival(options, console.print)
    rows = [row for row in cases() if row.answer.strip()]
    results: dict[str, Any] = {"signature": Grader().signature, "rival": rival is not None}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "answers a second": lambda: throughput(thin(rows, options.answers), rival, work, console.print),
            "reading": lambda: reading(thin(rows, options.answers), console.print),
            "cold start": lambda: cold_start(rows, rival, work, console.print),
            "batch": lambda: batch_memory(rows, options.rows, work, console.print),
        }
        for name, part in parts.items():
            if name not in options.skip:
                results[name] = part()
                console.print(f"{name}: {json.dumps(results[name])}", highlight=False)
    path = options.output or (RESULTS if rival and not options.skip else None)
    text = json.dumps(results, indent=1) + "\n"
    sys.stdout.write(text)
    if path is None:
        console.print("Not written: a part of the benchmark was left out. Name a file with -o to keep it.")
    else:
        path.write_text(text, encoding="utf-8")
        console.print(f"Written to {path}.")
    return 0


def throughput(rows: Sequence[Row], rival: list[str] | None, work: Path, note: Note) -> dict[str, Any]:
    """Answers a second once loaded, every answer new, one by one and together."""
    note(f"grading {len(rows)} answers of the deck cases, one by one and together")
    found: dict[str, Any] = {"answers": len(rows)}
    for name in ("one by one", "batched"):
        grader = Grader()  # a fresh one each time: no vector is remembered from the run before
        grader.grade(rows[0].card, "a first answer, so that the models are loaded")
        started = time.perf_counter()
        if name == "one by one":
            for row in rows:
                grader.grade(row.card, row.answer)
        else:
            list(grader.grade_many((row.card, row.answer) for row in rows))
        found[name] = {"grader": round(len(rows) / (time.perf_counter() - started), 1)}
    if rival:
        answers = _naive_answers(rows, work)
        for name, size in (("one by one", 1), ("batched", BATCH)):
            done = subprocess.run(
                [*rival, str(answers), "--batch", str(size)], capture_output=True, text=True, check=True
            )
            report = json.loads(done.stderr.strip().splitlines()[-1])
            found[name]["naive"] = round(report["answers"] / report["seconds"], 1)
            found[name]["ratio"] = round(found[name]["grader"] / found[name]["naive"], 2)
    return found


class Counted:
    """A reader that counts what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.name = reader.name
        self.texts = 0

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        """What the reader says."""
        self.texts += len(texts)
        return self._reader.read(texts)


class Asking:
    """A judge that counts the pairs of item and span that it is asked about."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.name = judge.name
        self.pairs = 0

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """What the judge says."""
        self.pairs += len(pairs)
        return self._judge.judge(pairs)


def reading(rows: Sequence[Row], note: Note) -> dict[str, Any]:
    """Beside a cross-encoder of the same weights that reads every item beside every span; and what is never read."""
    note(f"reading {len(rows)} answers of the deck cases, every pair and as the grader does")

    counted = Counted(default_reader())
    weighing, weights = load_fusion(verified("judge/fusion.json")), load_weights(verified("judge/evidence.json"))
    asking = Asking(FusedJudge(counted, weighing, weights))
    grader = Grader(judge=asking)
    started = time.perf_counter()
    for row in rows:
        grader.grade(row.card, row.answer)
    ours = time.perf_counter() - started
    plain, every = default_reader(), 0
    started = time.perf_counter()
    for row in rows:
        parts = split(row.answer)
        spans = [parts.span(atoms).text for atoms in parts.ranges]
        texts = [Text(span, wording.text) for item in row.card.items for wording in item.wordings for span in spans]
        every += len(texts)
        plain.read(texts)
    theirs = time.perf_counter() - started
    return {
        "answers": len(rows),
        "grader": round(len(rows) / ours, 1),
        "plain cross-encoder": round(len(rows) / theirs, 1),
        "ratio": round(theirs / ours, 2),
        "pairs of item and span": every,
        "pairs proposed to the judge": asking.pairs,
        "texts read": counted.texts,
        "share of pairs never read": round(1 - counted.texts / every, 4),
    }


def cold_start(rows: Sequence[Row], rival: list[str] | None, work: Path, note: Note) -> dict[str, Any]:
    """Wall time and peak memory of one answer in a fresh process, turn and turn about."""
    row = next(row for row in rows if row.tag == "paraphrase" and len(row.card.items) > 1)
    commands = {"grader": [*GRADER, "grade", str(DECK), row.card.id, row.answer, "--json"]}
    if rival:
        commands["naive"] = [*rival, str(_naive_answers([row], work))]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):  # the first warms the disk's cache and does not count
        note(f"cold start, {turn} of {RUNS}")
        for name, command in commands.items():
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
            if turn:
                times[name].append(time.perf_counter() - started)
    found: dict[str, Any] = {
        name: {"seconds": round(statistics.median(taken), 3), "peak MiB": _peak(commands[name])}
        for name, taken in times.items()
    }
    if rival:
        found["ratio"] = round(found["grader"]["seconds"] / found["naive"]["seconds"], 3)
    return found


def batch_memory(rows: Sequence[Row], counts: Sequence[int], work: Path, note: Note) -> dict[str, Any]:
    """Peak memory of `grader batch` by the number of answers: it streams, so it should hardly grow."""
    short = [row for row in rows if len(row.answer) < 60]  # to keep the run short; memory does not depend on it
    found: dict[str, Any] = {}
    for count in counts:
        note(f"grader batch, {count} answers")
        source = work / f"{count}.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number in range(count):
                row = short[number % len(short)]
                answer = f"{row.answer} {_letters(number // len(short))}".rstrip()  # all different, as from a class
                file.write(json.dumps({"card": row.card.id, "answer": answer}) + "\n")
        started = time.perf_counter()
        target = work / f"{count}.out.jsonl"
        peak = _peak([*GRADER, "batch", str(source), "--deck", str(DECK), "-o", str(target)])
        seconds = time.perf_counter() - started
        found[str(count)] = {"peak MiB": peak, "answers a second": round(count / seconds, 1)}
    peaks = [figures["peak MiB"] for figures in found.values()]
    if len(peaks) > 1 and None not in peaks:
        found["growth"] = round(peaks[-1] / peaks[0], 3)
    return found


def _peak(command: Sequence[str]) -> float | None:
    """Peak memory of the command in MiB; None where the platform does not tell."""
    if sys.platform == "win32":
        return None
    done = subprocess.run([sys.executable, "-c", PEAK, *command], capture_output=True, text=True, check=True, cwd=ROOT)
    report = json.loads(done.stdout)
    if report["code"]:
        raise SystemExit(f"{' '.join(command)} ended with {report['code']}:\n{report['stderr']}")
    return round(float(report["peak"]) / MEBI, 1)


def _letters(number: int) -> str:
    """A number as letters, so that it is no quantity: "", a, b, ..., z, ba, ..."""
    name = ""
    while number:
        number, last = divmod(number, 26)
        name = chr(ord("a") + last) + name
    return name


def _naive_answers(rows: Sequence[Row], work: Path) -> Path:
    path = work / f"naive-{len(rows)}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({"answer": row.answer, "reference": [item.text for item in row.card.items]}) + "\n")
    return path


def _rival(options: argparse.Namespace, note: Note) -> list[str] | None:
    """The command of the naive script, as far as the model folder; None, and why, where it cannot run."""
    if options.rival_model is None:
        note("The grader alone: give --rival-model, a folder with all-MiniLM-L6-v2, to measure the naive script too.")
        return None
    test = subprocess.run(
        [options.rival_python, "-c", "import sentence_transformers, rapidfuzz"], capture_output=True, text=True
    )
    if test.returncode:
        note(f"The grader alone: {options.rival_python} has no sentence-transformers or no rapidfuzz.")
        return None
    return [options.rival_python, str(NAIVE), str(options.rival_model.resolve())]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rival-python", default=sys.executable, metavar="PYTHON", help="runs the naive script")
    parser.add_argument("--rival-model", type=Path, metavar="FOLDER", help="all-MiniLM-L6-v2 for the naive script")
    parser.add_argument("--answers", type=int, default=150, metavar="N", help="for the answers a second")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000], help="of the batch memory runs")
    parser.add_argument(
        "--skip",
        nargs="+",
        default=[],
        choices=["answers a second", "reading", "cold start", "batch"],
        help="parts to leave out",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where the results go, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
