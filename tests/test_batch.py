from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import AnswersError, Card, Deck, Grade, Grader, ItemGrade, ModelError, Reason, UsageError, Verdict
from grader.batch import Format, Row, format_of, grade_rows, read_rows, run_batch, whole_or_nothing
from grader.batch.ids import MERGE_AT, SeenIds
from grader.encode import CharNgramEncoder
from grader.records import Item
from grader.report import grade_to_dict

GOOD = Path(__file__).parent / "data" / "good" / "answers"
BAD = Path(__file__).parent / "data" / "bad" / "answers"

COLOURS = Card.from_items("3 primary colours", ["red", "yellow", "blue"])
CAPITAL = Card.from_items("What is the capital of Australia?", ["Canberra"])
DECK = Deck("Mixed", (COLOURS, CAPITAL))
FIELDS = ["id", "card", "score", "points", "max_points", "verdict", "confidence", "needs_review", "items", "extras"]
FIELDS += ["signature"]
INLINE: dict[str, Any] = {"prompt": "3 primary colours", "reference": ["red", "yellow", "blue"]}


class Literal:
    """Grades by the words that stand between commas; stumbles over answers that ask it to."""

    def grade(self, card: Card, answer: str) -> Grade:
        if "stumble" in answer:
            raise ZeroDivisionError("one by nought")
        if "object" in answer:
            raise UsageError("this answer is objectionable")
        if "no model" in answer:
            raise ModelError("there is no model")
        said = {part.strip() for part in answer.split(",")}
        items = tuple(
            ItemGrade(item.text, float(item.text in said), Reason.EXACT if item.text in said else Reason.MISSING, 1.0)
            for item in card.items
        )
        score = round(sum(item.credit for item in items) / card.need, 4)
        return Grade(
            card.id,
            score,
            score * card.max_points,
            card.max_points,
            Verdict.PARTIAL,
            1.0,
            not said & {"red"},
            items,
            (),
            "s",
        )

    def grade_many(self, pairs: Iterable[tuple[Card, str]]) -> Iterator[Grade]:
        return iter([self.grade(card, answer) for card, answer in pairs])


@pytest.fixture(scope="module")
def light() -> Grader:
    return Grader(encoder=CharNgramEncoder())


def rows_of(*records: object) -> list[Row]:
    return list(read_rows(io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in records)), Format.JSONL, "x"))


def graded(*records: object, deck: Deck | None = None) -> list[dict[str, Any]]:
    return list(grade_rows(rows_of(*records), Literal(), deck))


# -- the record -----------------------------------------------------------------------------------------------------


def test_the_record_has_the_fields_of_the_contract_in_their_order() -> None:
    (record,) = graded({"id": "7", **INLINE, "answer": "red, blue"})
    assert list(record) == FIELDS
    assert (record["id"], record["card"], record["score"], record["max_points"]) == (
        "7",
        "3-primary-colours",
        0.6667,
        3.0,
    )
    assert list(record["items"][0]) == ["reference", "credit", "reason", "confidence", "spans"]


def test_the_record_is_the_grade(light: Grader) -> None:
    answers = ["red, blue", "", "yelow and reds", "Canberra", "blue"]
    records = list(grade_rows(rows_of(*({**INLINE, "answer": answer} for answer in answers)), light))
    for number, (answer, record) in enumerate(zip(answers, records, strict=True), start=1):
        assert record == {"id": str(number), **grade_to_dict(light.grade(COLOURS, answer))}


@given(st.permutations(["red", "blue, yellow", "", "a rde one", "Sydney, Canberra", "x" * 600, "not red", "12 km"]))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_and_company_do_not_change_a_grade(light: Grader, answers: list[str]) -> None:
    records = list(grade_rows(rows_of(*({**INLINE, "answer": answer} for answer in answers)), light))
    alone = [grade_to_dict(light.grade(COLOURS, answer)) for answer in answers]
    assert [{name: value for name, value in record.items() if name != "id"} for record in records] == alone


@pytest.mark.parametrize(
    ("given_ids", "ids"),
    [
        pytest.param([None, None], ["1", "2"], id="row numbers"),
        pytest.param(["b", "a"], ["b", "a"], id="texts"),
        pytest.param([7, 7.5], [7, 7.5], id="numbers stay numbers"),
        pytest.param(["", None], ["1", "2"], id="an empty id is none"),
    ],
)
def test_ids(given_ids: list[object], ids: list[object]) -> None:
    assert [one["id"] for one in graded(*({"id": id, **INLINE, "answer": "red"} for id in given_ids))] == ids


@pytest.mark.parametrize(
    ("given_ids", "failing"),
    [
        pytest.param(["a", "b", "a"], [False, False, True], id="texts"),
        pytest.param([1, "1"], [False, True], id="a number and its text"),
        pytest.param(["2", None], [False, True], id="a row number that was taken"),
        pytest.param(["a", "A", "a "], [False, False, False], id="case and space tell apart"),
        pytest.param(["\ud800", "\ud800"], [False, True], id="lone surrogates"),
    ],
)
def test_repeated_ids_fail_in_their_row(given_ids: list[object], failing: list[bool]) -> None:
    assert ["error" in one for one in graded(*({"id": id, **INLINE, "answer": "red"} for id in given_ids))] == failing


def test_a_repeated_id_is_reported_under_that_id() -> None:
    assert graded({"id": "a", **INLINE, "answer": "red"}, {"id": "a", **INLINE, "answer": "blue"})[1] == {
        "id": "a",
        "error": "line 2: the id 'a' stands in an earlier row too; give each row its own",
    }


def test_many_ids_are_remembered() -> None:
    seen = SeenIds()
    count = MERGE_AT + 10
    assert all(seen.add(f"row {number}") for number in range(count))
    assert not any(seen.add(f"row {number}") for number in (0, 1, MERGE_AT - 1, MERGE_AT, count - 1))
    assert seen.add("another")


# -- cards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        pytest.param({"reference": "red"}, 1.0, id="one text"),
        pytest.param({"reference": ["red", "blue"]}, 0.5, id="a list"),
        pytest.param({"reference": ["red", "blue"], "need": 1}, 1.0, id="need"),
        pytest.param({"reference": ["red", "blue"], "need": "1"}, 1.0, id="need as a text"),
        pytest.param({"reference": ["red", "blue"], "need": None}, 0.5, id="null is absent"),
    ],
)
def test_inline_cards(fields: dict[str, Any], score: float) -> None:
    (record,) = graded({"prompt": "A colour of the flag", **fields, "answer": "red"})
    assert record["score"] == score


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        pytest.param("ordered", "yes", {"ordered": True}, id="ordered"),
        pytest.param("points", "4", {"max_points": 4.0}, id="points"),
        pytest.param("key", "term", {"key": "term"}, id="key"),
        pytest.param("extras", "ignore", {"extras": "ignore"}, id="extras"),
        pytest.param("alternatives", True, {"need": 1}, id="alternatives"),
        pytest.param("card", "q1 of 9", {"id": "q1 of 9"}, id="card names an inline card"),
    ],
)
def test_fields_reach_the_card(name: str, value: object, wanted: dict[str, object]) -> None:
    from grader.batch.requests import Request, RequestReader

    (row,) = rows_of({**INLINE, name: value, "answer": "red"})
    request = RequestReader().read(row)
    assert isinstance(request, Request)
    assert {name: getattr(request.card, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("one", "item"),
    [
        pytest.param({"text": "red"}, Item("red"), id="text alone"),
        pytest.param({"text": "red", "points": "2", "id": "r"}, Item("red", points=2.0, id="r"), id="points and id"),
        pytest.param({"text": "red", "required": "yes", "group": None}, Item("red", required=True), id="required"),
        pytest.param({"text": "red", "negative": True}, Item("red", negative=True), id="negative"),
        pytest.param({"text": "red", "group": "g"}, Item("red", group="g"), id="group"),
        pytest.param(
            {"text": "red", "facets": ["warm", {"text": "bright", "points": 3}]},
            Item("red", facets=("warm", Item("bright", points=3.0))),
            id="facets",
        ),
    ],
)
def test_references_may_state_more_than_a_text(one: dict[str, Any], item: Item) -> None:
    from grader.batch.requests import Request, RequestReader

    (row,) = rows_of({"prompt": "Colours?", "reference": ["blue", one], "ordered": True, "answer": "red"})
    request = RequestReader().read(row)
    assert isinstance(request, Request)
    assert request.card == Card.from_items("Colours?", ["blue", item], ordered=True)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        pytest.param(3, "reference 2 is a number; give a text, or an object with text, id", id="a number"),
        pytest.param({"text": "red", "weight": 2}, "reference 2 has the field 'weight'; known are text", id="unknown"),
        pytest.param({"text": 3}, "reference 2: text is a number; give a text", id="text that is a number"),
        pytest.param({"points": 3}, "the item is empty", id="no text"),
        pytest.param({"text": "red", "points": "many"}, "reference 2: points is 'many'; write a number", id="points"),
        pytest.param({"text": "red", "points": -1}, "points is -1; write a number above 0", id="negative points"),
        pytest.param({"text": "red", "required": 3}, "reference 2: required is 3; write true or false", id="truth"),
        pytest.param({"text": "red", "facets": "warm"}, "facets of reference 2 is", id="facets in one text"),
        pytest.param({"text": "red", "facets": ["warm"]}, "two or more, or none", id="one facet"),
        pytest.param(
            {"text": "red", "facets": ["warm", {"text": "x", "id": "x"}]},
            "facet 2 of reference 2 has the field 'id'; known are text, points",
            id="facet with an id",
        ),
        pytest.param({"text": "red", "group": "g"}, "group 'g' says nothing", id="group without an order"),
    ],
)
def test_references_that_state_what_cannot_be(one: object, says: str) -> None:
    (record,) = graded({"prompt": "Colours?", "reference": ["blue", one], "answer": "red"})
    assert says in record["error"]


def test_plain_syntax_takes_signs_as_they_are() -> None:
    plain, items = graded(
        {"prompt": "Or?", "reference": "a | b", "syntax": "plain", "answer": "a | b"},
        {"prompt": "Or?", "reference": "a | b", "answer": "a | b"},
    )
    assert plain["items"][0]["reference"] == "a | b"
    assert items["items"][0]["reference"] == "a | b"


@pytest.mark.parametrize(
    ("fields", "card"),
    [
        pytest.param({"card": "3-primary-colours"}, "3-primary-colours", id="by id"),
        pytest.param({"card": "3 primary colours"}, "3-primary-colours", id="by prompt"),
        pytest.param({"card": " What is the  CAPITAL of Australia? "}, CAPITAL.id, id="case and space aside"),
        pytest.param({"prompt": "3 primary colours"}, "3-primary-colours", id="the prompt in its own field"),
        pytest.param({"prompt": "Sky?", "reference": "blue"}, "sky", id="an inline card beside a deck"),
    ],
)
def test_cards_of_a_deck(fields: dict[str, Any], card: str) -> None:
    (record,) = graded({**fields, "answer": "blue"}, deck=DECK)
    assert record["card"] == card


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"card": "4 colours"}, "the deck has no card '4 colours'", id="unknown"),
        pytest.param({}, "names no card", id="none"),
        pytest.param({"card": 3}, "card is a number", id="a number"),
        pytest.param({"card": "3-primary-colours", "need": 2}, "gives need beside a card of the deck", id="both"),
    ],
)
def test_cards_that_a_deck_lacks(fields: dict[str, Any], says: str) -> None:
    (record,) = graded({**fields, "answer": "blue"}, deck=DECK)
    assert says in record["error"]


def test_a_prompt_that_two_cards_share_names_neither() -> None:
    twins = Deck("Twins", (COLOURS, Card.from_items("3 primary colours", ["cyan"], id="other")))
    by_prompt, by_id = graded(
        {"card": "3 primary colours", "answer": "red"}, {"card": "other", "answer": "cyan"}, deck=twins
    )
    assert "several cards" in by_prompt["error"]
    assert by_id["score"] == 1.0


# -- what is carried through ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "carried"),
    [
        pytest.param(
            {"student": "Ada", "n": [1, {"a": None}]}, {"student": "Ada", "n": [1, {"a": None}]}, id="untouched"
        ),
        pytest.param({"human_score": "no number"}, {"human_score": "no number"}, id="human_score is not read"),
        pytest.param({"score": 3}, {"input_score": 3}, id="a name of the output"),
        pytest.param({"input_score": 1, "score": 3}, {"input_score": 1, "input_input_score": 3}, id="twice"),
        pytest.param({"lone": "\udc00"}, {"lone": "\udc00"}, id="a lone surrogate"),
        pytest.param({"big": 10**40, "small": 0.1}, {"big": 10**40, "small": 0.1}, id="numbers"),
    ],
)
def test_other_fields_go_through(extra: dict[str, Any], carried: dict[str, Any]) -> None:
    written = io.BytesIO()
    run_batch(rows_of({**INLINE, "answer": "red", **extra}), Literal(), written.write)
    record = json.loads(written.getvalue())
    bare = graded({**INLINE, "answer": "red"})[0]
    assert {name: value for name, value in record.items() if name not in bare} == carried
    assert {name: value for name, value in record.items() if name in bare} == bare


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(min_size=1).map("x".__add__), json_values, max_size=4))
@settings(deadline=None)
def test_whatever_json_can_say_is_carried(extra: dict[str, Any]) -> None:
    written = io.BytesIO()
    run_batch(rows_of({**INLINE, "answer": "red", **extra}), Literal(), written.write)
    record = json.loads(written.getvalue())
    assert {name: record.get(name) for name in extra} == extra


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(GOOD.iterdir()), ids=lambda path: path.name)
def test_good_files(path: Path, light: Grader) -> None:
    with path.open("rb") as stream:
        records = list(grade_rows(read_rows(stream, format_of(path.name), path.name), light))
    assert [record["error"] for record in records if "error" in record] == []
    assert bool(records) == (path.name != "empty.jsonl")


def test_a_cell_holds_one_item_a_line_and_an_answer_keeps_its_lines() -> None:
    path = GOOD / "quoted-newlines.csv"
    with path.open("rb") as stream:
        first, second = read_rows(stream, Format.CSV, path.name)
    assert first.fields == {
        "id": "1",
        "prompt": "3 primary colours",
        "reference": ["red", "yellow", "blue"],
        "answer": "red,\nblue",
    }
    assert (second.number, second.line, second.fields and second.fields["reference"]) == (2, 6, "Paris")


@pytest.mark.parametrize("path", sorted(p for p in BAD.iterdir() if p.suffix != ".says"), ids=lambda path: path.name)
def test_files_that_cannot_be_used(path: Path) -> None:
    says = path.with_name(path.name + ".says").read_text(encoding="utf-8").strip()
    with path.open("rb") as stream, pytest.raises(AnswersError) as caught:
        list(read_rows(stream, format_of(path.name), path.name))
    assert str(caught.value).startswith(says)


def test_order_is_kept_and_errors_stand_in_their_place() -> None:
    lines = [{**INLINE, "answer": "red"} if number % 3 else "no object" for number in range(1, 200)]
    records = graded(*lines)
    assert [record["id"] for record in records] == [str(number) for number in range(1, 200)]
    assert ["error" in record for record in records] == [number % 3 == 0 for number in range(1, 200)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param("object", "this answer is objectionable", id="an error of the library"),
        pytest.param("stumble", "the grader failed on this answer (ZeroDivisionError: one by nought)", id="a fault"),
    ],
)
def test_one_answer_that_breaks_the_grader_costs_its_row_alone(answer: str, error: str) -> None:
    records = graded(*({**INLINE, "answer": one} for one in ["red", answer, "blue"]))
    assert [record.get("score") for record in records] == [0.3333, None, 0.3333]
    assert records[1]["error"].startswith(error)


def test_a_missing_model_ends_the_run() -> None:
    with pytest.raises(ModelError, match="there is no model"):
        graded({**INLINE, "answer": "red"}, {**INLINE, "answer": "no model"})


def test_the_tally_counts() -> None:
    tally = run_batch(
        rows_of({**INLINE, "answer": "red"}, {**INLINE, "answer": "blue"}, {"answer": "red"}), Literal(), lambda _: None
    )
    assert (tally.rows, tally.failed, tally.to_review) == (3, 1, 1)


def test_rows_are_not_read_far_ahead() -> None:
    read = 0

    def endless() -> Iterator[Row]:
        nonlocal read
        while True:
            read += 1
            yield Row(read, read, {**INLINE, "answer": "red"})

    records = grade_rows(endless(), Literal())
    assert [next(records)["id"] for _ in range(3)] == ["1", "2", "3"]
    assert read < 1000


# -- the output file ------------------------------------------------------------------------------------------------


def test_the_output_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with whole_or_nothing(target) as stream:
        stream.write(b"one\n")
        assert not target.exists()
    assert target.read_bytes() == b"one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def write_and_fail(target: Path, error: BaseException) -> None:
    with whole_or_nothing(target) as stream:
        stream.write(b"one\n")
        raise error


@pytest.mark.parametrize("error", [ValueError("x"), ModelError("x"), OSError(28, "No space left on device")], ids=repr)
def test_an_error_leaves_what_was_there(tmp_path: Path, error: Exception) -> None:
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"before")
    with pytest.raises((type(error), AnswersError)):
        write_and_fail(target, error)
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_ctrl_c_keeps_the_partial_file_and_says_so(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt) as caught:
        write_and_fail(target, KeyboardInterrupt())
    assert (tmp_path / "out.jsonl.partial").read_bytes() == b"one\n"
    assert "out.jsonl.partial" in caught.value.__notes__[0]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_bytes(b"before")
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("this system makes no links")
    with whole_or_nothing(link) as stream:
        stream.write(b"after")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"


@pytest.mark.parametrize("name", ["", "missing/out.jsonl"], ids=["a folder", "in no folder"])
def test_places_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(AnswersError), whole_or_nothing(tmp_path / name):
        pass
