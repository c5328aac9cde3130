from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Grade, ItemGrade, Reason, Span, Verdict
from grader.report import grade_to_dict, grade_to_rich, grade_to_text, to_json, visible
from grader.report.layout import MAX_SHOWN, mark_answer
from grader.report.wording import PLAIN_SIGNS, REASON_NOTES, SCREEN_SIGNS, VERDICT_NAMES, Mark, mark_of, note_of

ANSWER = "chian-ganging, free riding maybe, high taxes"


def span(text: str, answer: str = ANSWER) -> Span:
    start = answer.index(text)
    return Span(start, start + len(text), text)


def grade_of(*items: ItemGrade, extras: tuple[Span, ...] = (), **changes: Any) -> Grade:  # noqa: ANN401
    grade = Grade("dangers", 0.5, 1.5, 3.0, Verdict.PARTIAL, 0.94, False, items, extras, "grader:1|profile:standard")
    return replace(grade, **changes)


CHAIN = ItemGrade("Chain-ganging: dragged into war", 1.0, Reason.TYPO, 0.98, (span("chian-ganging"),))
BUCK = ItemGrade("Buck-passing", 0.5, Reason.PARTLY, 0.7, (span("free riding"),), "burden")
AUTONOMY = ItemGrade("Autonomy-security trade-off", 0.0, Reason.MISSING, 0.99, counted=False)
GRADE = grade_of(CHAIN, BUCK, AUTONOMY, extras=(span("high taxes"),))

TEXT = """\
Your answer: [+1 chian-ganging], [~2 free riding] maybe, [? high taxes]
Score 0.50 (1.5 of 3 points), partly correct, 94% sure
+ 1. Chain-ganging: dragged into war
     earned: right, though misspelt: "chian-ganging"
~ 2. Buck-passing
     partly: only part of it is there (no word for: burden): "free riding"
- 3. Autonomy-security trade-off
     missing: not in your answer
? not asked for: "high taxes\""""


def test_plain_text() -> None:
    assert grade_to_text(GRADE, ANSWER) == TEXT


def test_without_the_answer_its_line_is_left_out() -> None:
    assert grade_to_text(GRADE) == TEXT.partition("\n")[2]


def test_notes_and_review_are_said() -> None:
    text = grade_to_text(grade_of(AUTONOMY, notes=("The deck is in 'fr'.",), needs_review=True))
    assert text.splitlines()[-2:] == ["The deck is in 'fr'.", "A person should look at this grade."]


def test_further_lines_of_an_answer_stand_under_the_first() -> None:
    answer = "red\r\nblue\n"
    item = ItemGrade("blue", 1.0, Reason.EXACT, 1.0, (span("blue", answer),))
    assert grade_to_text(grade_of(item), answer).splitlines()[:2] == ["Your answer: red", "             [+1 blue]"]


def screen(grade: Grade, answer: str, *, width: int = 80, colour: bool, ascii_only: bool = False) -> str:
    import io

    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, force_terminal=colour, width=width, color_system="standard" if colour else None)
    console.print(grade_to_rich(grade, answer, ascii_only=ascii_only))
    return stream.getvalue()


def test_the_screen_says_what_the_plain_text_says() -> None:
    shown = screen(GRADE, ANSWER, colour=False)
    for mark in Mark:
        shown = shown.replace(SCREEN_SIGNS.of[mark] + " ", PLAIN_SIGNS.of[mark] + " ")
    shown = shown.replace("[✓1", "[+1").replace("[◐2", "[~2")
    assert [line.rstrip() for line in shown.splitlines()] == TEXT.splitlines()


def test_the_screen_has_colour_and_the_narrow_one_all_the_words() -> None:
    assert "\x1b[32m" in screen(GRADE, ANSWER, colour=True)
    narrow = screen(GRADE, ANSWER, width=40, colour=False)
    assert max(map(len, narrow.splitlines())) <= 40
    assert "".join(narrow.split()) == "".join(screen(GRADE, ANSWER, colour=False).split())


def test_a_console_without_the_signs_gets_ascii() -> None:
    assert screen(GRADE, ANSWER, colour=False, ascii_only=True).isascii()


def test_brackets_in_text_are_no_markup() -> None:
    assert "[red]" in screen(grade_of(ItemGrade("[red]", 0.0, Reason.MISSING, 1.0)), "", colour=False)


@pytest.mark.parametrize("reason", Reason, ids=str)
def test_every_reason_has_its_own_note(reason: Reason) -> None:
    assert REASON_NOTES[reason]
    assert [other for other in Reason if REASON_NOTES[other] == REASON_NOTES[reason]] == [reason]


def test_every_verdict_has_a_name_and_every_mark_a_sign() -> None:
    assert set(VERDICT_NAMES) == set(Verdict)
    for signs in (PLAIN_SIGNS, SCREEN_SIGNS):
        assert set(signs.of) == set(Mark)
        assert len(set(signs.of.values())) == len(Mark)  # never by colour alone


@pytest.mark.parametrize(
    ("credit", "reason", "mark"),
    [
        pytest.param(1.0, Reason.EXACT, Mark.EARNED, id="earned"),
        pytest.param(0.05, Reason.PARTLY, Mark.PARTLY, id="partly"),
        pytest.param(0.0, Reason.MISSING, Mark.MISSING, id="missing"),
        pytest.param(0.0, Reason.UNRELATED, Mark.MISSING, id="unrelated"),
        pytest.param(0.0, Reason.NEGATED, Mark.WRONG, id="negated"),
        pytest.param(0.0, Reason.NEAR_MISS, Mark.WRONG, id="near miss"),
        pytest.param(0.0, Reason.OUT_OF_ORDER, Mark.WRONG, id="out of order"),
    ],
)
def test_marks(credit: float, reason: Reason, mark: Mark) -> None:
    assert mark_of(ItemGrade("x", credit, reason, 1.0)) is mark


def test_an_item_beyond_need_is_said_to_be_so() -> None:
    assert note_of(ItemGrade("x", 1.0, Reason.EXACT, 1.0, counted=False)).endswith("beyond what full marks need")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\tb\nc", "a\tb\nc", id="tab and line break stay"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="one kind of line break"),
        pytest.param("\x1b[2J\x07", "\\x1b[2J\\x07", id="escape sequence and bell"),
        pytest.param("\x9b31m", "\\x9b31m", id="C1 control"),
        pytest.param("\u202egnp.exe", "\\u202egnp.exe", id="bidirectional override"),
        pytest.param("\ud800", "\\ud800", id="lone surrogate"),
        pytest.param("שלום 👍🏽 e\u0301", "שלום 👍🏽 e\u0301", id="real text stays"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_overlapping_spans_keep_the_answer_whole() -> None:
    answer = "abcdef"
    items = (
        ItemGrade("one", 1.0, Reason.EXACT, 1.0, (Span(0, 4, "abcd"),)),
        ItemGrade("two", 0.5, Reason.PARTLY, 1.0, (Span(2, 6, "cdef"),)),
    )
    assert "".join(part.text for part in mark_answer(grade_of(*items), answer, PLAIN_SIGNS)) == "[+1 abcd]ef"


def test_a_huge_answer_is_shown_in_part() -> None:
    text = grade_to_text(grade_of(AUTONOMY), "x" * 1_000_000)
    assert len(text) < MAX_SHOWN + 1_000
    assert "(996,000 more characters)" in text


def test_of_many_extras_some_are_named_and_all_are_counted() -> None:
    guesses = tuple(Span(number, number + 1, f"g{number}") for number in range(100))
    assert grade_to_text(grade_of(AUTONOMY, extras=guesses)).endswith('"g11" and 88 more')


@st.composite
def grades(draw: st.DrawFn) -> tuple[Grade, str]:
    answer = draw(st.text(max_size=60))
    places = st.tuples(st.integers(0, len(answer)), st.integers(0, len(answer))).map(sorted)
    spans = places.map(lambda place: Span(place[0], place[1], answer[place[0] : place[1]]))
    unit = st.floats(0, 1)
    items = st.builds(
        ItemGrade,
        st.text(min_size=1),
        unit,
        st.sampled_from(Reason),
        unit,
        st.lists(spans, max_size=2).map(tuple),
        st.text(),
    )
    grade = grade_of(
        *draw(st.lists(items, min_size=1, max_size=4)),
        extras=tuple(draw(st.lists(spans, max_size=2))),
        score=draw(unit),
        confidence=draw(unit),
        verdict=draw(st.sampled_from(Verdict)),
    )
    return grade, answer


@given(grades())
def test_any_grade_is_shown_safely_in_words_that_a_file_can_hold(case: tuple[Grade, str]) -> None:
    grade, answer = case
    text = grade_to_text(grade, answer)
    text.encode("utf-8")
    assert not any(ord(char) < 32 for char in text.replace("\n", "").replace("\t", ""))
    for number in range(1, len(grade.items) + 1):
        assert f" {number}. " in text


@given(grades())
def test_json_reads_back_to_the_last_digit(case: tuple[Grade, str]) -> None:
    record = grade_to_dict(case[0])
    assert json.loads(to_json(record)) == record


def test_the_json_record() -> None:
    record = grade_to_dict(GRADE)
    assert record["items"][0] == {
        "reference": "Chain-ganging: dragged into war",
        "credit": 1.0,
        "reason": "typo",
        "confidence": 0.98,
        "spans": [{"start": 0, "end": 13, "text": "chian-ganging"}],
    }
    assert record["extras"] == [{"start": 34, "end": 44, "text": "high taxes"}]
    assert (record["verdict"], record["score"], record["needs_review"]) == ("partial", 0.5, False)
    assert "notes" not in record
    assert grade_to_dict(grade_of(CHAIN, notes=("n",)))["notes"] == ["n"]


def test_a_lone_surrogate_becomes_an_escape_that_reads_back() -> None:
    assert to_json({"a": "\ud800é"}) == '{"a": "\\ud800é"}'.encode()


def test_json_has_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"a": float("nan")})
