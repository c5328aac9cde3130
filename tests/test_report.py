from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.records import Grade, ItemGrade, PartGrade, Reason, Span, Verdict
from grader.report import grade_to_dict, grade_to_html, grade_to_rich, grade_to_text, to_json, visible
from grader.report.advice import full_marks_line, needed
from grader.report.layout import MAX_SHOWN, Stretch, lay_out, mark_answer
from grader.report.wording import (
    BRIEF,
    COLUMNS,
    PLAIN_SIGNS,
    REASON_NOTES,
    SCREEN_SIGNS,
    VERDICT_NAMES,
    Mark,
    aside_of,
    brief,
    mark_of,
    note_of,
)

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
     partly: only part of it is there: "free riding"; no word for: burden
- 3. Autonomy-security trade-off
     missing: not in your answer
? not asked for: "high taxes": no item asks for this, so it earns nothing and costs nothing
For full marks: Buck-passing (burden); Autonomy-security trade-off"""


def test_plain_text() -> None:
    assert grade_to_text(GRADE, ANSWER) == TEXT


def test_without_the_answer_its_line_is_left_out() -> None:
    assert grade_to_text(GRADE) == TEXT.partition("\n")[2]


def test_notes_and_review_are_said() -> None:
    text = grade_to_text(grade_of(CHAIN, notes=("The deck is in 'fr'.",), needs_review=True, score=1.0))
    assert text.splitlines()[-2:] == ["The deck is in 'fr'.", "A person should look at this grade."]


def test_the_methods_of_a_grade_are_the_functions() -> None:
    assert (GRADE.to_text(), GRADE.to_text(ANSWER)) == (grade_to_text(GRADE), TEXT)
    assert GRADE.to_html(ANSWER) == grade_to_html(GRADE, ANSWER)
    assert GRADE._repr_html_() == grade_to_html(GRADE)


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


NARROW = 69  # columns: the widest screen without a table


def test_the_narrow_screen_says_what_the_plain_text_says() -> None:
    shown = screen(GRADE, ANSWER, width=NARROW, colour=False)
    for mark in Mark:
        shown = shown.replace(SCREEN_SIGNS.of[mark] + " ", PLAIN_SIGNS.of[mark] + " ")
    shown = shown.replace("[✓1", "[+1").replace("[◐2", "[~2")
    assert shown.split() == TEXT.split()


@pytest.mark.parametrize("width", [40, 120], ids=["lines", "table"])
def test_the_screen_has_colour(width: int) -> None:
    assert "\x1b[32m" in screen(GRADE, ANSWER, width=width, colour=True)


@pytest.mark.parametrize(
    ("width", "has_table"),
    [
        pytest.param(40, False, id="narrow"),
        pytest.param(69, False, id="just too narrow"),
        pytest.param(70, True, id="just wide enough"),
        pytest.param(200, True, id="wide"),
    ],
)
def test_a_wide_screen_has_a_table(width: int, has_table: bool) -> None:
    lines = screen(GRADE, ANSWER, width=width, colour=False).splitlines()
    assert max(map(len, lines)) <= width
    assert any(line.split() == " ".join(COLUMNS).split() for line in lines) is has_table


@pytest.mark.parametrize("width", [1, 40, 70, 200])
def test_no_word_is_lost_on_a_screen_of_any_width(width: int) -> None:
    shown = "".join(screen(MARKET, PRICES, width=width, colour=False).split())
    assert width == 1 or all(
        word in "".join(shown.split("│")) for word in ("buyers", "supply", "misconception", "they")
    )


def test_the_rows_of_a_table() -> None:
    shown = screen(MARKET, PRICES, width=160, colour=False)
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert rows[rows.index("No. Item You said Credit") + 2 :] == [
        "◐ 1. Why the price rises partly, 0.5",
        "only part of it is there",
        "· supply shrinks missing, 0 of 0.3",
        "not in your answer",
        '✓ buyers bid up the price "they pay more" earned, 0.5 of 0.5',
        "right, in your own words",
        '✗ fewer want the good "more want it" wrong, 0 of 0.2',
        "you say the opposite; decided by: more, not fewer",
        '! 2. Shops set prices as they like "shops choose" misconception, -0.5',
        "you say this, and it costs marks",
        'For full marks: supply shrinks; fewer want the good; without "Shops set prices as they like"',
    ]


def test_a_console_without_the_signs_gets_ascii() -> None:
    for width in (40, 120):
        assert screen(MARKET, PRICES, width=width, colour=False, ascii_only=True).isascii()


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
        pytest.param(0.0, Reason.OUT_OF_ORDER, Mark.MISPLACED, id="out of order"),
        pytest.param(-0.5, Reason.MISCONCEPTION, Mark.MISCONCEPTION, id="misconception"),
    ],
)
def test_marks(credit: float, reason: Reason, mark: Mark) -> None:
    assert mark_of(ItemGrade("x", credit, reason, 1.0)) is mark
    assert mark_of(PartGrade("x", 1.0, credit, reason)) is mark


@pytest.mark.parametrize(
    ("item", "note", "aside"),
    [
        pytest.param(ItemGrade("x", 1.0, Reason.EXACT, 1.0), "in the reference's own words", "", id="nothing to add"),
        pytest.param(
            ItemGrade("x", 1.0, Reason.EXACT, 1.0, counted=False),
            "in the reference's own words",
            "beyond what full marks need",
            id="beyond need",
        ),
        pytest.param(
            ItemGrade("x", 1.0, Reason.TYPO, 1.0, (), "chian"), "right, though misspelt (chian)", "", id="typo"
        ),
        pytest.param(
            ItemGrade("x", 1.0, Reason.PARAPHRASE, 1.0, (), "chian"),
            "right, in your own words (misspelt: chian)",
            "",
            id="misspelt paraphrase",
        ),
        pytest.param(
            ItemGrade("x", 0.5, Reason.PARTLY, 1.0, (), "burden, halting"),
            "only part of it is there",
            "no word for: burden, halting",
            id="what is missing",
        ),
        pytest.param(
            ItemGrade("x", 0.5, Reason.PARTLY, 1.0, (), "burden", parts=(PartGrade("y", 1.0, 0.5, Reason.PARTLY),)),
            "only part of it is there",
            "",
            id="parts say what is missing",
        ),
        pytest.param(
            ItemGrade("x", 0.0, Reason.NUMBER_MISMATCH, 1.0, (Span(0, 7, "in 1915"),), "1915, not 1914"),
            "a number, unit or date is wrong",
            "decided by: 1915, not 1914",
            id="the figure that decided",
        ),
        pytest.param(
            ItemGrade("x", 0.0, Reason.SWAPPED, 1.0, (Span(0, 3, "a b"),), "a b"),
            "the right words with their roles exchanged",
            "",
            id="the words quoted decided",
        ),
        pytest.param(
            ItemGrade("x", -0.5, Reason.MISCONCEPTION, 1.0), "you say this, and it costs marks", "", id="costs"
        ),
        pytest.param(
            ItemGrade("x", -1.0, Reason.BOTH_SIDES, 1.0),
            "you say it and its opposite, and it costs marks",
            "",
            id="a denial takes back nothing",
        ),
        pytest.param(
            ItemGrade("x", 0.0, Reason.OUT_OF_ORDER, 1.0, (), "after Denial"),
            'right, but it belongs after "Denial"',
            "",
            id="after",
        ),
        pytest.param(
            ItemGrade("x", 0.0, Reason.OUT_OF_ORDER, 1.0, (), "before Anger: a feeling"),
            'right, but it belongs before "Anger"',
            "",
            id="before",
        ),
        pytest.param(
            ItemGrade("x", 0.0, Reason.OUT_OF_ORDER, 1.0, (), "chian"),
            "right, but not in this place",
            "",
            id="out of order, misspelt",
        ),
    ],
)
def test_notes_on_an_item(item: ItemGrade, note: str, aside: str) -> None:
    assert (note_of(item), aside_of(item)) == (note, aside)


PRICES = "they pay more, more want it, shops choose"
MARKET = grade_of(
    ItemGrade(
        "Why the price rises",
        0.5,
        Reason.PARTLY,
        0.9,
        (Span(0, 27, "they pay more, more want it"),),
        "supply",
        parts=(
            PartGrade("supply shrinks", 0.3, 0.0, Reason.MISSING),
            PartGrade("buyers bid up the price", 0.5, 1.0, Reason.PARAPHRASE, (span("they pay more", PRICES),)),
            PartGrade(
                "fewer want the good", 0.2, 0.0, Reason.ANTONYM, (span("more want it", PRICES),), "more, not fewer"
            ),
        ),
    ),
    ItemGrade("Prices never change", 0.0, Reason.MISSING, 0.9, negative=True),
    ItemGrade(
        "Shops set prices as they like",
        -0.5,
        Reason.MISCONCEPTION,
        0.9,
        (span("shops choose", PRICES),),
        negative=True,
    ),
    score=0.0,
    points=0.0,
    max_points=1.0,
)


def test_parts_and_misconceptions_in_plain_text() -> None:
    assert (
        grade_to_text(MARKET, PRICES)
        == """\
Your answer: [+1 they pay more], [x1 more want it], [!2 shops choose]
Score 0.00 (0 of 1 point), partly correct, 94% sure
~ 1. Why the price rises
     partly: only part of it is there
     - supply shrinks: not in your answer
     + buyers bid up the price: right, in your own words: "they pay more"
     x fewer want the good: you say the opposite: "more want it"; decided by: more, not fewer
! 2. Shops set prices as they like
     misconception: you say this, and it costs marks: "shops choose"
For full marks: supply shrinks; fewer want the good; without "Shops set prices as they like\""""
    )


def test_what_extras_cost_is_left_to_the_note_that_says_it() -> None:
    note = "1 surplus guess: the score is multiplied by 0.75."
    lines = grade_to_text(grade_of(AUTONOMY, extras=(span("high taxes"),), notes=(note,))).splitlines()
    at = lines.index(note)
    assert lines[at - 1] == '? not asked for: "high taxes": no item asks for this, so it earns nothing'


# -- what would have made full marks --------------------------------------------------------------------------------


def item(credit: float, reason: Reason = Reason.PARAPHRASE, text: str = "x", **changes: Any) -> ItemGrade:  # noqa: ANN401
    return replace(ItemGrade(text, credit, reason, 1.0, counted=credit > 0), **changes)


MISS, HIT = item(0.0, Reason.MISSING), item(1.0)


@pytest.mark.parametrize(
    ("items", "score", "points", "number"),
    [
        pytest.param((HIT, MISS, MISS), 0.3333, 3.0, 3, id="a point each"),
        pytest.param((HIT, MISS, MISS, MISS), 0.5, 2.0, 2, id="any two of four"),
        pytest.param((HIT, MISS, MISS), 0.3333, 1.0, 3, id="the card states its points"),
        pytest.param((HIT, MISS, MISS), 0.3333, 6.0, 3, id="more points than items"),
        pytest.param((HIT, HIT, item(1.0, counted=False)), 1.0, 7.0, 2, id="one right answer too many"),
        pytest.param((MISS, MISS), 0.0, 2.0, 2, id="nothing said"),
        pytest.param((HIT, HIT, item(1.0, counted=False), MISS), 0.6667, 3.0, 3, id="a required one is missing"),
        pytest.param((HIT, MISS, MISS, replace(MISS, negative=True)), 0.3333, 3.0, 3, id="misconceptions do not count"),
        pytest.param((HIT, item(0.0, Reason.NEGATED), MISS, MISS), 0.4, 2.0, 2, id="a wrong one cost something"),
    ],
)
def test_how_many_items_full_marks_need(items: tuple[ItemGrade, ...], score: float, points: float, number: int) -> None:
    assert needed(grade_of(*items, score=score, max_points=points)) == number


PARTS = (
    PartGrade("supply shrinks", 0.5, 0.0, Reason.MISSING),
    PartGrade("buyers bid the price up", 0.5, 1.0, Reason.PARAPHRASE),
)


@pytest.mark.parametrize(
    ("items", "score", "line"),
    [
        pytest.param((HIT, HIT), 1.0, "", id="nothing at full marks"),
        pytest.param((HIT, item(0.0, Reason.MISSING, "red")), 0.5, "red", id="missing"),
        pytest.param(
            (item(0.5, Reason.PARTLY, "Buck-passing: free riding", evidence="burden"), HIT),
            0.75,
            "Buck-passing (burden)",
            id="part-said",
        ),
        pytest.param((item(0.5, Reason.PARTLY, parts=PARTS), HIT), 0.75, "supply shrinks", id="a missing facet"),
        pytest.param(
            (item(0.0, Reason.MISSING, "price", parts=tuple(replace(part, credit=0.0) for part in PARTS)), HIT),
            0.5,
            "price",
            id="all facets missing",
        ),
        pytest.param(
            (HIT, item(0.0, Reason.OUT_OF_ORDER, "Anger", evidence="after Denial")),
            0.5,
            "Anger in its place",
            id="out of order",
        ),
        pytest.param(
            (HIT, item(0.0, Reason.MISSING, "red"), item(0.5, Reason.PARTLY, "blue"), item(0.0, Reason.MISSING)),
            0.75,
            "blue",
            id="no more than are needed, the nearest first",
        ),
        pytest.param(
            (HIT, HIT, item(-0.5, Reason.MISCONCEPTION, "Shops decide", negative=True)),
            0.75,
            'without "Shops decide"',
            id="misconception",
        ),
        pytest.param(
            (HIT, item(0.0, Reason.MISSING, "Shops decide", negative=True), item(0.0, Reason.MISSING, "red")),
            0.5,
            "red",
            id="not a misconception",
        ),
    ],
)
def test_what_full_marks_would_have_taken(items: tuple[ItemGrade, ...], score: float, line: str) -> None:
    grade = grade_of(*items, score=score, max_points=2.0)
    assert full_marks_line(grade) == (f"For full marks: {line}" if line else "")


def test_where_only_guesses_cost_they_are_named() -> None:
    grade = grade_of(HIT, extras=(span("high taxes"),), score=0.5, max_points=1.0)
    assert full_marks_line(grade) == "For full marks: no guesses beside what is asked for"


def test_of_many_missing_items_some_are_named_and_all_are_counted() -> None:
    items = [item(0.0, Reason.MISSING, f"i{number}") for number in range(100)]
    assert full_marks_line(grade_of(*items, score=0.0, max_points=100.0)).endswith("; i10; i11; and 88 more")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Buck-passing: states let others bear it", "Buck-passing", id="term"),
        pytest.param("Not a term of four words: it has six", "Not a term of four words: it has six", id="no term"),
        pytest.param("One line.\nAnother.", "One line. Another", id="one line"),
        pytest.param("word " * 30, "word " * 11 + "word …", id="long"),
        pytest.param("x" * 200, "x" * BRIEF + " …", id="one long word"),
        pytest.param("", "", id="empty"),
    ],
)
def test_an_item_in_brief(text: str, name: str) -> None:
    assert brief(text) == name


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
    assert [(part.text, part.mark) for part in mark_answer(grade_of(*items), answer)] == [
        ("abcd", Mark.EARNED),
        ("ef", None),
    ]


def test_parts_mark_their_own_words() -> None:
    assert mark_answer(MARKET, PRICES) == [
        Stretch("they pay more", Mark.EARNED, "1", "1. earned: right, in your own words"),
        Stretch(", "),
        Stretch("more want it", Mark.WRONG, "1", "1. wrong: you say the opposite"),
        Stretch(", "),
        Stretch("shops choose", Mark.MISCONCEPTION, "2", "2. misconception: you say this, and it costs marks"),
    ]


def test_a_huge_answer_is_shown_in_part() -> None:
    text = grade_to_text(grade_of(AUTONOMY), "x" * 1_000_000)
    assert len(text) < MAX_SHOWN + 1_000
    assert "(996,000 more characters)" in text


def test_of_many_extras_some_are_named_and_all_are_counted() -> None:
    guesses = tuple(Span(number, number + 1, f"g{number}") for number in range(100))
    assert '"g11" and 88 more: no item' in grade_to_text(grade_of(AUTONOMY, extras=guesses))


@st.composite
def grades(draw: st.DrawFn) -> tuple[Grade, str]:
    words = st.text(max_size=12)
    answer = draw(st.text(max_size=40))
    places = st.tuples(st.integers(0, len(answer)), st.integers(0, len(answer))).map(sorted)
    spans = places.map(lambda place: Span(place[0], place[1], answer[place[0] : place[1]]))
    some_spans = st.lists(spans, max_size=2).map(tuple)
    unit = st.floats(0, 1)
    reasons = st.sampled_from(Reason)
    parts = st.builds(PartGrade, words, unit, unit, reasons, some_spans, words)
    items = st.builds(
        ItemGrade,
        words,
        st.floats(-1, 1),
        reasons,
        unit,
        some_spans,
        words,
        st.booleans(),
        st.lists(parts, max_size=2).map(tuple),
    )
    grade = grade_of(
        *draw(st.lists(items, min_size=1, max_size=3)),
        extras=tuple(draw(st.lists(spans, max_size=2))),
        score=draw(unit),
        confidence=draw(unit),
        verdict=draw(st.sampled_from(Verdict)),
    )
    return grade, answer


# Timings say nothing on a busy machine; each of these takes a millisecond or two.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(grades())
@UNTIMED
def test_any_grade_is_shown_safely_in_words_that_a_file_can_hold(case: tuple[Grade, str]) -> None:
    grade, answer = case
    text = grade_to_text(grade, answer)
    text.encode("utf-8")
    assert not any(ord(char) < 32 for char in text.replace("\n", "").replace("\t", ""))
    for number in range(1, len(grade.items) + 1):
        assert f" {number}. " in text


@given(grades())
@UNTIMED
def test_a_layout_keeps_every_word_of_the_answer(case: tuple[Grade, str]) -> None:
    grade, answer = case
    shown = lay_out(grade, answer).answer
    assert "".join(stretch.text for stretch in shown) == (visible(answer) if answer.strip() else "")


@given(grades())
@UNTIMED
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
    assert record["items"][1]["evidence"] == "burden"
    assert record["extras"] == [{"start": 34, "end": 44, "text": "high taxes"}]
    assert (record["verdict"], record["score"], record["needs_review"]) == ("partial", 0.5, False)
    assert "notes" not in record
    assert grade_to_dict(grade_of(CHAIN, notes=("n",)))["notes"] == ["n"]


def test_parts_and_misconceptions_in_the_record() -> None:
    first, unsaid, said = grade_to_dict(MARKET)["items"]
    assert list(first) == ["reference", "credit", "reason", "confidence", "spans", "evidence", "parts"]
    assert first["parts"][0] == {
        "reference": "supply shrinks",
        "weight": 0.3,
        "credit": 0.0,
        "reason": "missing",
        "spans": [],
    }
    assert first["parts"][2]["spans"] == [{"start": 15, "end": 27, "text": "more want it"}]
    assert [part.get("evidence") for part in first["parts"]] == [None, None, "more, not fewer"]
    assert (unsaid["credit"], unsaid["negative"]) == (0.0, True)
    assert (said["credit"], said["reason"], said["negative"]) == (-0.5, "misconception", True)
    assert "negative" not in first


def test_a_lone_surrogate_becomes_an_escape_that_reads_back() -> None:
    assert to_json({"a": "\ud800é"}) == '{"a": "\\ud800é"}'.encode()


def test_json_has_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"a": float("nan")})
