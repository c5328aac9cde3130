"""The graded answers that benchmarks measure on: the local data sets, and the project's own cases."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.decks import load_deck
from grader.records import Card

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "benchmarks" / "cases"
DECK = ROOT / "content" / "alliances.md"

LABELS = ("incorrect", "correct", "contradictory")  # as numbers: 0, 1, 2


@dataclass(frozen=True, slots=True)
class Row:
    """One answer with what people say of it."""

    card: Card
    answer: str
    question: str  # answers to one question belong together
    label: int | None = None  # index into LABELS
    score: float | None = None  # 0..1
    credits: tuple[float, ...] | None = None  # one for each item: 1, 0.5, 0, or -1 where contradicted
    points: int | None = None  # by the set's own rule
    tag: str = ""
    area: str = ""
    kind: str = ""  # of card: list, definition, explain, fact, compare or steps

    @property
    def human(self) -> float | None:
        """The score that people give, 0..1; a label counts as 1 for correct and 0 otherwise. None: only points."""
        if self.score is None and self.label is not None:
            return float(self.label == LABELS.index("correct"))
        return self.score

    @property
    def worthless(self) -> bool:
        """Whether people credit nothing in it."""
        return self.credits is not None and max(self.credits) <= 0


@dataclass(frozen=True, slots=True)
class Set:
    """A set of graded answers, under the name that `--sets` and the results use."""

    name: str
    title: str
    load: Callable[[], Iterator[Row]]
    rule: Callable[[int], int] | None = None  # from items expressed to points


def data_folder() -> Path:
    """Where the local data sets lie: GRADER_DATA, or shared/data beside the checkout."""
    return Path(os.environ.get("GRADER_DATA") or ROOT.parent / "shared" / "data")


def _lines(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data_folder() / path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def answers_to_questions(path: str, source: str | None = None, split: str | None = None) -> Iterator[Row]:
    """School answers with a label: SciEntsBank, Beetle, and SAF (where a score of half counts as correct)."""
    cards: dict[tuple[str, str], Card] = {}
    for line in _lines(path):
        if source not in (None, line["source"]) or split not in (None, line["split"]):
            continue
        key = (line["source"], line["question_id"])
        if key not in cards:
            cards[key] = Card.from_items(line["question"], line["references"], alternatives=True, syntax="plain")
        score = float(line["score"])
        label = line.get("label") or ("correct" if score >= 0.5 else "incorrect")
        yield Row(cards[key], line["answer"], ":".join(key), label=LABELS.index(label), score=score)


def definitions() -> Iterator[Row]:
    """PARADE: whether two definitions are of the same term."""
    for line in _lines("dev/definitions_parade.jsonl.gz"):
        card = Card.from_items("Define the term", [line["a"]], alternatives=True, syntax="plain")
        yield Row(card, line["b"], line["a"], label=int(line["same"]))


def essays(source: str) -> Iterator[Row]:
    """ASAP-SAS sets whose rubric is a list of key elements."""
    card: Card | None = None
    for line in _lines("dev/lists_asap.jsonl.gz"):
        if line["source"] == source:
            card = card or Card.from_items(line["question"], line["items"], syntax="plain")
            yield Row(card, line["answer"], source, points=int(line["points"]))


def cards(path: str, lot: str | None = None) -> Iterator[Row]:
    """The project's graded cards."""
    for line in _lines(path):
        if lot not in (None, line["lot"]):
            continue
        card = Card.from_items(line["prompt"], line["items"])
        for answer, given, tag in line["answers"]:
            marks = tuple(float(one) for one in given)
            if len(marks) == 1:  # a reference that lists several things has been split: its mark is that of each part
                marks *= len(card.items)
            yield Row(
                card,
                answer,
                line["prompt"],
                score=share(marks, card),
                credits=marks,
                tag=tag,
                area=line["area"],
                kind=line["kind"],
            )


def share(marks: Sequence[float], card: Card) -> float:
    """The score that credits add up to: the best `need` of them over `need`."""
    return sum(sorted((max(mark, 0.0) for mark in marks), reverse=True)[: card.need]) / card.need


def cases() -> Iterator[Row]:
    """The regression cases on the alliances deck; `tag` is their kind."""
    deck = load_deck(DECK)
    for path in sorted(CASES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                card = deck[line["card"]]
                yield Row(
                    card,
                    line["answer"],
                    card.id,
                    score=float(line["human_score"]),
                    credits=tuple(float(one) for one in line["credits"].split()),
                    tag=path.stem,
                )


def facet_cases() -> Iterator[Row]:
    """Answers to references that consist of parts; `tag` is their kind."""
    with (CASES / "facets.jsonl").open(encoding="utf-8") as file:
        for line in map(json.loads, file):
            card = Card.from_items(line["prompt"], [line["reference"]], alternatives=True, syntax="plain")
            score = float(line["human_score"])
            yield Row(card, line["answer"], line["prompt"], score=score, credits=(score,), tag=line["tag"])


SETS = (
    Set(
        "scientsbank_ua",
        "SciEntsBank, unseen answers",
        lambda: answers_to_questions("dev/asag.jsonl.gz", "scientsbank", "test-unseen-answers"),
    ),
    Set(
        "scientsbank_uq",
        "SciEntsBank, unseen questions",
        lambda: answers_to_questions("dev/asag.jsonl.gz", "scientsbank", "test-unseen-questions"),
    ),
    Set(
        "beetle_ua",
        "Beetle, unseen answers",
        lambda: answers_to_questions("dev/asag.jsonl.gz", "beetle", "test-unseen-answers"),
    ),
    Set(
        "saf_ua",
        "SAF, unseen answers",
        lambda: answers_to_questions("dev/asag.jsonl.gz", "saf_v2_en", "unseen_answers"),
    ),
    Set("parade", "PARADE, definitions", definitions),
    Set("asap_1", "ASAP-SAS 1, lists", lambda: essays("asap_sas_1"), rule=lambda items: min(3, items)),
    Set("asap_5", "ASAP-SAS 5, lists", lambda: essays("asap_sas_5"), rule=lambda items: (0, 1, 1, 2, 3)[min(4, items)]),
    Set("cards_natural", "Cards, natural lot", lambda: cards("dev/cards.jsonl.gz", "natural")),
    Set("cards_adversarial", "Cards, adversarial lot", lambda: cards("dev/cards.jsonl.gz", "adversarial")),
    Set("cases", "Cases on the alliances deck", cases),
    Set("facets", "Facet cases", facet_cases),
)


SAMPLE = ("150", "cards=443", "cases=443")  # answers of each set in a measurement that takes minutes, not hours


def read_limits(words: Sequence[str]) -> dict[str, int]:
    """Limits by the beginning of a set's name, from words like `150` (every other set) and `cards=443`.

    Raises:
        ValueError: a word is no such limit, or names no set.
    """
    found: dict[str, int] = {}
    for word in words:
        name, _, count = word.rpartition("=")
        if not count.isdecimal() or int(count) == 0:
            raise ValueError(f"{word!r} is no limit; write a number of answers, or a set and a number: cards=443")
        if not any(one.name.startswith(name) for one in SETS):
            raise ValueError(f"no set is called {name}; there are {', '.join(one.name for one in SETS)}")
        found[name] = int(count)
    return found


def limit_for(name: str, limits: Mapping[str, int]) -> int | None:
    """How many answers of a set are measured at most, by the longest beginning of its name; None: all."""
    fitting = [start for start in limits if name.startswith(start)]
    return limits[max(fitting, key=len)] if fitting else None


def thin(rows: Sequence[Row], limit: int | None) -> list[Row]:
    """At most `limit` of the rows, evenly spread, in order."""
    if limit is None or len(rows) <= limit:
        return list(rows)
    return [rows[index * len(rows) // limit] for index in range(limit)]
