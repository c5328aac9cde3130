"""Results are added to by set, never mixed with another grader's, and marks stay out of the checkout."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from contestants import Mark
from record import NotMergeable, may_hold_marks, merged, read_results, rounded, write_marks, write_results
from sets import ROOT, SAMPLE, SETS, Row, limit_for, read_limits

from grader.records import Card


def results(*sets: str, signature: str = "grader:1", limit: int | None = None) -> dict[str, Any]:
    return {
        "signature": signature,
        "limit": {} if limit is None else dict.fromkeys(sets, limit),
        "thresholds": {"cosine": {"answers": 0.5, "items": 0.4}},
        "ablation": [],
        "sets": {name: {"answers": limit} for name in sets},
    }


def test_merged_replaces_its_sets_and_keeps_the_others() -> None:
    old = results("cases", "parade", limit=10)
    found = merged(old, results("parade", "saf_ua", limit=20))
    assert list(found["sets"]) == ["saf_ua", "parade", "cases"]  # as the sets are listed
    assert found["limit"] == {"saf_ua": 20, "parade": 20, "cases": 10}
    assert old == results("cases", "parade", limit=10)


def test_merged_forgets_the_limit_of_a_set_that_is_now_whole() -> None:
    assert merged(results("cases", limit=10), results("cases"))["limit"] == {}


def test_merged_keeps_thresholds_and_ablation_that_were_not_measured_again() -> None:
    old = results("cases") | {"thresholds": {"plain cross-encoder": {}}, "ablation": ["no judge"]}
    found = merged(old, results("parade"))
    assert set(found["thresholds"]) == {"plain cross-encoder", "cosine"}
    assert found["ablation"] == ["no judge"]


def test_nothing_is_merged_into_nothing(tmp_path: Path) -> None:
    assert read_results(tmp_path / "none.json", "grader:1") == {}
    assert merged({}, results("cases")) == results("cases")


def test_results_come_back(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "accuracy.json"
    write_results(path, results("cases"))
    assert read_results(path, "grader:1") == results("cases")
    assert [one.name for one in path.parent.iterdir()] == ["accuracy.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "no JSON"])
def test_what_holds_no_results_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotMergeable, match="no results"):
        read_results(path, "grader:1")


def test_results_of_another_grader_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    write_results(path, results("cases", signature="grader:0"))
    with pytest.raises(NotMergeable, match=r"another grader.*\n.*grader:0\n.*grader:1"):
        read_results(path, "grader:1")


def test_rounded() -> None:
    assert rounded({"a": [0.12345, float("nan")], "b": (1, "x", None)}) == {"a": [0.1235, None], "b": [1, "x", None]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(ROOT / "marks.jsonl", False, id="in the checkout"),
        pytest.param(ROOT / "benchmarks" / "results" / "marks.jsonl", False, id="beside the results"),
        pytest.param(ROOT / "build" / "marks.jsonl", True, id="in the folder that git leaves out"),
        pytest.param(ROOT.parent / "marks.jsonl", True, id="outside"),
        pytest.param(ROOT / ".." / ROOT.name / "marks.jsonl", False, id="in the checkout, by a detour"),
    ],
)
def test_marks_stay_where_nobody_commits_them(path: Path, expected: bool) -> None:
    assert may_hold_marks(path) is expected


def test_marks_are_lines() -> None:
    card = Card.from_items("Name 2 colours", ["Red", "Blue"])
    row = Row(card, "réd", "colours", score=0.5, credits=(1.0, 0.0), tag="typo")
    file = io.StringIO()
    write_marks(file, "cases", [row, row], [Mark(0.5, (1.0, 0.0), confidence=0.75, needs_review=False)] * 2)
    first, second = file.getvalue().splitlines()
    assert first == second
    read = json.loads(first)
    assert (read["set"], read["question"], read["answer"]) == ("cases", "Name 2 colours", "réd")
    assert (read["human"], read["human credits"], read["score"], read["credits"]) == (0.5, [1, 0], 0.5, [1, 0])
    assert (read["confidence"], read["review"], read["tag"], "area" in read) == (0.75, False, "typo", False)


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        pytest.param((), "cases", None, id="no limit"),
        pytest.param(("150",), "cases", 150, id="every set"),
        pytest.param(("150", "cards=443"), "cards_natural", 443, id="by the beginning of a name"),
        pytest.param(("cards=443",), "cases", None, id="another set"),
        pytest.param(("cards=1", "cards_natural=2"), "cards_natural", 2, id="the longer name counts"),
        pytest.param(SAMPLE, "cases", 443, id="the documented sample"),
    ],
)
def test_limits(words: tuple[str, ...], name: str, expected: int | None) -> None:
    assert limit_for(name, read_limits(words)) == expected


@pytest.mark.parametrize("word", ["many", "cards=", "cards=-1", "0", "nothing=5", "="])
def test_a_limit_that_makes_no_sense_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"no limit|no set"):
        read_limits([word])


def test_the_sample_names_sets() -> None:
    assert all(limit_for(one.name, read_limits(SAMPLE)) for one in SETS)
