"""How often a harmless edit of an answer changes its grade: a right answer should not lose, a wrong one not gain.

    python benchmarks/robustness.py [--limit 400]      writes benchmarks/results/robustness.json (without --limit)

Answers come from dev/cards of the local data sets: the right ones earn full marks by people, the wrong ones nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from metrics import interval, mean
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sets import ROOT, Row, cards, data_folder, thin

from grader.grader import Grader
from grader.records import Grade

RESULTS = ROOT / "benchmarks" / "results" / "robustness.json"
ANSWERS = 1200  # of each kind, right and wrong, at most
TYPO_LETTERS = 7  # only words at least so long are misspelt: in them a slip is still readable
CHANGED = 1e-9  # a score that differs by more has changed


def lower(row: Row, _: random.Random) -> str:
    """Small letters only."""
    return row.answer.lower()


def upper(row: Row, _: random.Random) -> str:
    """Capitals only, unless that could change a unit or a formula."""
    return row.answer if re.search(r"\d|[A-Z]{2}|\b[A-Za-z]\b", row.answer) else row.answer.upper()


def spaces(row: Row, _: random.Random) -> str:
    """Doubled spaces, and some at both ends."""
    return f"  {row.answer.replace(' ', '  ')} "


def full_stop(row: Row, _: random.Random) -> str:
    """A full stop at the end, or none where there was one."""
    return row.answer[:-1] if row.answer.endswith(".") else f"{row.answer}."


def exclamation(row: Row, _: random.Random) -> str:
    """An eager end."""
    return f"{row.answer.rstrip('.!')}!!"


def bullets(row: Row, _: random.Random) -> str:
    """A comma list as bullets."""
    parts = _listed(row)
    return "\n".join(f"- {part}" for part in parts) if parts else row.answer


def numbered(row: Row, _: random.Random) -> str:
    """A comma list as a numbered one."""
    parts = _listed(row)
    return "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1)) if parts else row.answer


def semicolons(row: Row, _: random.Random) -> str:
    """A comma list with semicolons."""
    return "; ".join(_listed(row)) or row.answer


def reordered(row: Row, _: random.Random) -> str:
    """A comma list from its end, unless the card asks for steps."""
    parts = [] if row.card.ordered or "order" in row.card.prompt.lower() else _listed(row)
    return ", ".join(reversed(parts)) or row.answer


def typo(row: Row, dice: random.Random) -> str:
    """Two neighbouring letters inside one long word exchanged."""
    places = [found.span() for found in re.finditer(rf"[a-z]{{{TYPO_LETTERS},}}", row.answer)]
    if not places:
        return row.answer
    start, end = dice.choice(places)
    at = dice.randrange(start + 1, end - 2)
    return row.answer[:at] + row.answer[at + 1] + row.answer[at] + row.answer[at + 2 :]


def doubled(row: Row, _: random.Random) -> str:
    """Said twice."""
    return f"{row.answer.rstrip('.')}. {row.answer}"


def prompted(row: Row, _: random.Random) -> str:
    """The prompt before it."""
    return f"{row.card.prompt}\n{row.answer}"


def polite(row: Row, _: random.Random) -> str:
    """An opening that says nothing."""
    return f"I think the answer is: {row.answer}"


EDITS: tuple[Callable[[Row, random.Random], str], ...] = (
    lower,
    upper,
    spaces,
    full_stop,
    exclamation,
    bullets,
    numbered,
    semicolons,
    reordered,
    typo,
    doubled,
    prompted,
    polite,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="at most so many right and wrong answers")
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help="where the results go, as JSON")
    options = parser.parse_args()
    console = Console(stderr=True)
    if not (data_folder() / "dev" / "cards.jsonl.gz").exists():
        console.print(f"There are no data sets in {data_folder()}; set GRADER_DATA to the folder that holds dev/.")
        return 2
    rows = [row for row in cards("dev/cards.jsonl.gz") if row.answer.strip()]
    right = thin([row for row in rows if row.score == 1], options.limit or ANSWERS)
    wrong = thin([row for row in rows if row.worthless], options.limit or ANSWERS)
    grader = Grader()
    before = (_grades(grader, right), _grades(grader, wrong))
    edits: dict[str, Any] = {}
    for edit in track(EDITS, description="editing", console=console):
        edits[edit.__name__] = {
            "what": edit.__doc__,
            "right answers that lose": _changes(grader, edit, right, before[0], sign=-1),
            "wrong answers that gain": _changes(grader, edit, wrong, before[1], sign=1),
        }
    _show(edits)
    path = options.output or (RESULTS if options.limit is None else None)
    if path is not None:
        results = {"signature": grader.signature, "edits": edits}
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        console.print(f"Written to {path}.")
    return 0


def _listed(row: Row) -> list[str]:
    """The parts of an answer that is a plain comma list to a list card; none where it is not."""
    text = row.answer.strip().rstrip(".")
    if len(row.card.items) < 2 or re.search(r"[.;:\n()]|\d,\d", text):
        return []
    parts = [part.strip() for part in text.split(",")]
    short = all(part and len(part.split()) <= 4 and not part.lower().startswith(("and ", "or ")) for part in parts)
    return parts if len(parts) > 1 and short else []


def _grades(grader: Grader, rows: Sequence[Row]) -> list[Grade]:
    return list(grader.grade_many((row.card, row.answer) for row in rows))


def _edited(edit: Callable[[Row, random.Random], str], rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    for index, row in enumerate(rows):
        text = edit(row, random.Random(f"{row.question}|{row.answer}"))
        if text != row.answer:
            yield index, replace(row, answer=text)


def _changes(
    grader: Grader,
    edit: Callable[[Row, random.Random], str],
    rows: Sequence[Row],
    before: Sequence[Grade],
    *,
    sign: int,
) -> dict[str, float | int | None]:
    """The share of edited answers whose score moved that way, its interval by question, and the mean move of all."""
    edited = list(_edited(edit, rows))
    after = _grades(grader, [row for _, row in edited])
    moves = [grade.score - before[index].score for (index, _), grade in zip(edited, after, strict=True)]
    moved = [float(sign * move > CHANGED) for move in moves]
    low, high = interval(lambda at: mean([moved[one] for one in at]), [row.question for _, row in edited], rounds=300)
    figures = {"rate": mean(moved), "low": low, "high": high, "mean change": mean(moves)}
    return {"answers": len(moves)} | {
        name: None if value != value else round(value, 4) for name, value in figures.items()
    }


def _show(edits: dict[str, Any]) -> None:
    table = Table(title="Harmless edits", title_justify="left")
    for name in ("edit", "right", "lose", "mean change", "wrong", "gain", "mean change"):
        table.add_column(name, justify="left" if name == "edit" else "right")
    for name, both in edits.items():
        cells = []
        for figures in (both["right answers that lose"], both["wrong answers that gain"]):
            shown = ["-" if figures[key] is None else f"{figures[key]:.3f}" for key in ("rate", "mean change")]
            cells += [str(figures["answers"]), *shown]
        table.add_row(name, *cells)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
