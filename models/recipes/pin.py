"""Writes tests/pinned_grades.jsonl: what the shipped models say of 300 answers, for a test to compare with.

    python models/recipes/pin.py

The answers are the deck cases and the project's own dev cards, evenly spread. Run it after a change that is meant to
move scores, and say so in the CHANGELOG; a grade that moves without one is a mistake, or another processor's rounding.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from grader.decks import load_deck
from grader.grader import Grader
from grader.records import Card

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "tests/pinned_grades.jsonl"
EACH = 150  # answers of either source


def deck_cases() -> Iterator[tuple[str, list[str], Card, str]]:
    """Prompt and items as a test can make a card of them, the card, and the answer."""
    deck = load_deck(ROOT / "content/alliances.md")
    for path in sorted((ROOT / "benchmarks/cases").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row["card"], [], deck[row["card"]], row["answer"]


def dev_cards() -> Iterator[tuple[str, list[str], Card, str]]:
    with gzip.open(ROOT / "models/recipes/data/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            card = Card.from_items(row["prompt"], row["items"])
            for answer, _, _ in row["answers"]:
                yield row["prompt"], row["items"], card, answer


def main() -> None:
    chosen = []
    for source in (list(deck_cases()), list(dev_cards())):
        chosen += [source[place * len(source) // EACH] for place in range(EACH)]
    grader = Grader()
    with PINNED.open("w", encoding="utf-8") as out:
        for (name, items, _, answer), grade in zip(
            chosen, grader.grade_many((card, answer) for _, _, card, answer in chosen), strict=True
        ):
            row = {
                "card": name,
                "items": items,
                "answer": answer,
                "score": grade.score,
                "verdict": grade.verdict.value,
                "credits": [item.credit for item in grade.items],
                "reasons": [item.reason.value for item in grade.items],
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{PINNED.relative_to(ROOT)}: {len(chosen)} grades by {grader.signature}")


if __name__ == "__main__":
    main()
