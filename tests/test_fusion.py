from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.judge.cross_encoder import END, LONGEST, START, Text, join
from grader.judge.evidence import FEATURES, SETTLED, EvidenceJudge, Weights, gather
from grader.judge.fusion import READ_FEATURES, FusedJudge, Fusion, load_fusion, read_features, reading_of
from grader.records import Pair, Reason


def weights(**named: float) -> tuple[float, ...]:
    return tuple(named.get(name, 0.0) for name in (*FEATURES, *READ_FEATURES))


FUSION = Fusion(
    expresses=(0.0, weights(expresses=0.5, contradicts=-0.1, polarity=-4.0)),
    contradicts=(-1.0, weights(contradicts=1.0, figures=2.0, polarity=12.0)),
    name="test-fusion",
)
EVIDENCE = Weights(0.0, (0.0,) * len(FEATURES), "test-evidence")


class Telling:
    """A reader that knows a few texts and remembers what it was shown."""

    name = "telling-1"

    def __init__(self) -> None:
        self.shown: list[Text] = []

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        self.shown += texts
        return [(4.0, 0.0, -4.0) if self.likes(text) else (-4.0, 0.0, 4.0) for text in texts]

    def likes(self, text: Text) -> bool:
        return bool({"right", "bear"} & set(text.answer.split()))


@pytest.fixture
def reader() -> Telling:
    return Telling()


@pytest.fixture
def judge(reader: Telling) -> FusedJudge:
    return FusedJudge(reader, FUSION, EVIDENCE)


def pair(text: str, reference: str = "states let others bear the burden", **more: str) -> Pair:
    return Pair("2 dangers of alliances", reference, text, **more)


def test_the_references_own_words_are_not_read(judge: FusedJudge, reader: Telling) -> None:
    [judgement] = judge.judge([pair("States let others bear the burden.")])
    assert (judgement.expresses, judgement.reason) == (SETTLED, Reason.EXACT)
    assert reader.shown == []


def test_the_reading_decides(judge: FusedJudge) -> None:
    right, wrong = judge.judge([pair("the right thing to say"), pair("something else altogether")])
    assert right.expresses > 0.9 > 0.1 > wrong.expresses
    assert wrong.contradicts > 0.9
    assert wrong.reason is Reason.CONTRADICTED


def test_a_guard_weighs_in_and_names_the_reason(judge: FusedJudge) -> None:
    [judgement] = judge.judge([pair("states do not let others bear the burden")])
    assert judgement.reason is Reason.NEGATED
    assert judgement.expresses < 0.5 < judgement.contradicts


def test_ranges_of_one_answer_are_read_once(judge: FusedJudge, reader: Telling) -> None:
    judge.judge(
        [pair("this half", answer="this half and that half"), pair("that half", answer="this half and that half")]
    )
    assert [text.answer for text in reader.shown] == ["this half and that half"]


@pytest.mark.parametrize(
    ("reference", "prompt"),
    [
        pytest.param("Containment", "2 dangers of alliances", id="a short reference needs its prompt"),
        pytest.param("states let others bear the burden of halting a rise", "", id="a long one does not"),
    ],
)
def test_the_prompt_goes_with_short_references(reference: str, prompt: str) -> None:
    assert reading_of(pair("x", reference)).prompt == prompt


def test_a_part_is_read_as_its_whole_wording() -> None:
    assert reading_of(pair("x", "Buck-passing", wording="Buck-passing: others bear it")).reference == (
        "Buck-passing: others bear it"
    )


def test_the_name_says_both_parts(judge: FusedJudge) -> None:
    assert judge.name == "test-fusion+telling-1"


def test_a_judgement_does_not_depend_on_its_batch(judge: FusedJudge) -> None:
    pairs = [pair("right one"), pair("other"), pair("states let others bear the burden"), pair("not right")]
    assert judge.judge(pairs) == [judge.judge([one])[0] for one in pairs]


def test_fusion_is_read_from_json(tmp_path: Path) -> None:
    names = (*FEATURES, *READ_FEATURES)
    line = {"bias": -1.5, "weights": {name: place / 10 for place, name in enumerate(names)}}
    path = tmp_path / "fusion.json"
    path.write_text(json.dumps({"name": "f", "expresses": line, "contradicts": line}), encoding="utf-8")
    assert load_fusion(path).expresses == (-1.5, tuple(place / 10 for place in range(len(names))))


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(3, 4, (3, 4), id="all fits"),
        pytest.param(400, 10, (LONGEST - 14, 10), id="a long answer is cut"),
        pytest.param(10, 400, (10, LONGEST - 14), id="a long reference is cut"),
        pytest.param(400, 400, (78, 78), id="both are cut alike"),
        pytest.param(0, 4, (0, 4), id="an empty answer"),
    ],
)
def test_join(first: int, second: int, kept: tuple[int, int]) -> None:
    ids = join([7] * first, [8] * second)
    assert ids == [START, *[7] * kept[0], END, END, *[8] * kept[1], END]
    assert len(ids) <= LONGEST


def test_the_evidence_judge_vetoes() -> None:
    sure = Weights(3.0, (0.0,) * len(FEATURES), "sure")
    [judgement] = EvidenceJudge(sure).judge([pair("states do not let others bear the burden")])
    assert judgement.reason is Reason.NEGATED
    assert judgement.contradicts > 0.5 > judgement.expresses


def test_a_reader_is_not_sent_to_other_processes() -> None:
    import pickle

    from grader.judge.cross_encoder import OnnxReader

    with pytest.raises(UsageError, match="build it anew"):
        pickle.dumps(OnnxReader.__new__(OnnxReader))


def test_features_of_a_reading_in_their_order() -> None:
    one = replace(pair("right", " ".join(["word"] * 15)), wordings=4)
    found = dict(zip(READ_FEATURES, read_features(one, gather(one), (3.0, 1.0, -2.0)), strict=True))
    # Said by 2 over the next likeliest, opposed by -5; 15 of 30 words are half of a long reference; log2 of 4 is 2.
    assert found == {
        "expresses": 2.0,
        "contradicts": -5.0,
        "expresses_long": 1.0,
        "contradicts_long": -2.5,
        "figures": 0.0,
        "polarity": 0.0,
        "near_miss": 0.0,
        "long": 0.5,
        "wordings": 2.0,
    }
