"""The grader without parts of its judge: what is taken away is away, and what is left is as it ships."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from ablation import NAMES, Unguarded, ablations
from plain_reader import by_items
from rivals import Rival
from sets import Row

from grader.encode import CharNgramEncoder
from grader.judge import FusedJudge, Weights, load_fusion
from grader.judge.cross_encoder import Text
from grader.judge.evidence import FEATURES, SETTLED, VETOED
from grader.judge.weighing import AsRead
from grader.models import verified
from grader.records import Card, Pair, Reason

EVIDENCE = Weights(0.0, (0.0,) * len(FEATURES), "even")
YES, NO, AGAINST = (4.0, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, 4.0)
P = 0.9647  # e^4 / (e^4 + 2)

RIGHT = Pair("When?", "1914", "1914")
WRONG_YEAR = Pair("When did the war begin?", "The war began in 1914", "The war began in 1915")


class Reader:
    """Gives the same logits for every text, and remembers which it was shown."""

    name = "fixed"

    def __init__(self, logits: tuple[float, float, float]) -> None:
        self.logits = logits
        self.seen: list[Text] = []

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        self.seen.extend(texts)
        return [self.logits for _ in texts]


def unguarded(reader: Reader, *, settles: bool = False) -> Unguarded:
    return Unguarded("test", reader, AsRead(), EVIDENCE, settles)


def test_alone_it_reads_everything_and_believes_it() -> None:
    reader = Reader(NO)
    (found,) = unguarded(reader).judge([RIGHT])
    assert found.expresses == pytest.approx((1 - P) / 2, abs=1e-4)
    assert len(reader.seen) == 1


def test_what_settles_is_not_read() -> None:
    reader = Reader(NO)
    (found,) = unguarded(reader, settles=True).judge([RIGHT])
    assert (found.expresses, found.reason, reader.seen) == (SETTLED, Reason.EXACT, [])


def test_no_guard_speaks() -> None:
    (found,) = unguarded(Reader(YES)).judge([WRONG_YEAR])
    assert found.expresses == pytest.approx(P)
    guarded = FusedJudge(Reader(AGAINST), AsRead(), EVIDENCE).judge([WRONG_YEAR])[0]
    assert guarded.reason is Reason.NUMBER_MISMATCH


def test_a_contradiction_that_is_read_stays_one() -> None:
    (found,) = unguarded(Reader(AGAINST)).judge([WRONG_YEAR])
    assert found.contradicts == pytest.approx(P)
    assert found.expresses <= VETOED
    assert found.reason is Reason.CONTRADICTED  # and no guard's name for it


@pytest.mark.parametrize("logits", [YES, NO, AGAINST])
def test_where_no_guard_speaks_nothing_is_taken_away(logits: tuple[float, float, float]) -> None:
    fusion = load_fusion(verified("judge/fusion.json"))
    same_year = Pair("When did the war begin?", "The war began in 1914", "It was in 1914 that it broke out")
    shipped = FusedJudge(Reader(logits), fusion, EVIDENCE)
    assert Unguarded("test", Reader(logits), fusion, EVIDENCE, settles=True).judge([RIGHT, same_year]) == shipped.judge(
        [RIGHT, same_year]
    )


@pytest.mark.model
def test_every_ablation_grades() -> None:
    card = Card.from_items("When did the war begin?", ["1914"])
    rows = [Row(card, "1914", "q", score=1.0)]
    found = {one.name: next(one.mark(rows)) for one in ablations(CharNgramEncoder(), "standard")}
    assert tuple(found) == NAMES
    assert all(mark.expressed is not None and mark.needs_review is not None for mark in found.values())
    assert found["no judge"].score == found["no guards"].score == found["no fusion"].score == 1.0  # settled unread


class Knows:
    """Says yes where the answer holds the reference."""

    name = "knows"

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        return [YES if text.reference in text.answer else NO for text in texts]


def test_a_plain_cross_encoder_reads_each_item_beside_the_whole_answer() -> None:
    card = Card.from_items("Name 2 colours", ["red | scarlet", "blue"])
    rows = [Row(card, "scarlet, and no other", "q", credits=(1.0, 0.0)), Row(card, " ", "q", credits=(0.0, 0.0))]
    first, blank = by_items(Knows())(rows)
    assert first == pytest.approx([P, (1 - P) / 2], abs=1e-4)
    assert blank == [0.0, 0.0]
    marks = list(Rival("plain", by_items(Knows())).mark(rows))
    assert [mark.credits for mark in marks] == [(1.0, 0.0), (0.0, 0.0)]
    assert [mark.score for mark in marks] == [0.5, 0.0]
