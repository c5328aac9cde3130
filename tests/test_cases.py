"""The regression cases are well formed, name real cards, and expect what the rules of scoring give."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from grader import Deck, load_deck
from grader.records import Card

ROOT = Path(__file__).parents[1]
TABLES = sorted((ROOT / "benchmarks" / "cases").glob("*.csv"))
KINDS = {
    "dump", "empty", "injection", "label_only", "negation", "number", "paraphrase", "parrot", "partial", "sibling",
    "stuffing", "surplus", "swap", "typo", "verbose",
}  # fmt: skip
LEAST = 10  # cases of a kind
SINGLE_FACT = "what-was-influential-in-signing-the-iran-nuclear-deal"


@cache
def deck() -> Deck:
    return load_deck(ROOT / "content" / "alliances.md")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def every_row() -> list[dict[str, str]]:
    return [row for path in TABLES for row in rows(path)]


def marks(row: dict[str, str]) -> list[float]:
    return [float(mark) for mark in row["credits"].split()]


def expected(card: Card, credits: list[float], surplus: int) -> float:
    best = sorted((max(mark, 0.0) for mark in credits), reverse=True)[: card.need]
    wrong = surplus + sum(mark < 0 for mark in credits)
    free = 0 if card.id == SINGLE_FACT else card.need
    return sum(best) / card.need * card.need / (card.need + max(0, wrong - free))


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]{4,}", text.lower()))


def shared(card: Card, answer: str) -> float:
    """The share of the answer's longer words that stand in the card's references."""
    said = words(answer)
    return len(said & words(" ".join(item.text for item in card.items))) / len(said) if said else 0.0


def test_every_kind_has_a_table() -> None:
    assert {path.stem for path in TABLES} == KINDS


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table(path: Path) -> None:
    table = rows(path)
    assert len(table) >= LEAST
    for number, row in enumerate(table, 1):
        where = f"{path.name}, case {number}: {row['answer']!r}"
        assert set(row) == {"card", "answer", "credits", "surplus", "human_score"}, where
        assert row["card"] in deck(), where
        card, credits = deck()[row["card"]], marks(row)
        assert len(credits) == len(card.items), where
        steps = 2 if card.is_list else 20
        assert all(mark == -1 or (0 <= mark <= 1 and round(mark * steps, 6).is_integer()) for mark in credits), where
        assert float(row["human_score"]) == pytest.approx(expected(card, credits, int(row["surplus"])), abs=1e-4), where


def test_no_case_stands_twice() -> None:
    seen = Counter((row["card"], row["answer"]) for row in every_row())
    assert [case for case, count in seen.items() if count > 1] == []


def test_every_card_has_cases_with_and_without_credit() -> None:
    scores: dict[str, list[float]] = {}
    for row in every_row():
        scores.setdefault(row["card"], []).append(float(row["human_score"]))
    assert set(scores) == {card.id for card in deck()}
    for card, given in scores.items():
        assert len(given) >= LEAST, card
        assert min(given) == 0, card
        assert max(given) == 1, card


def test_words_do_not_give_the_score_away() -> None:
    """A third of the right answers share few words with the reference, a third of the wrong ones nearly all."""
    answered = [row for row in every_row() if words(row["answer"])]
    right = [row for row in answered if float(row["human_score"]) == 1]
    wrong = [row for row in answered if float(row["human_score"]) == 0]
    few = [row for row in right if shared(deck()[row["card"]], row["answer"]) <= 0.4]
    nearly_all = [row for row in wrong if shared(deck()[row["card"]], row["answer"]) >= 0.7]
    assert len(few) >= len(right) / 3
    assert len(nearly_all) >= len(wrong) / 3
