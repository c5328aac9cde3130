"""What a deck check finds: all of it, at its line, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.decks import Severity, check_deck, check_text

DATA = Path(__file__).parent / "data"
HEAD = "---\ntitle: t\nlanguage: en\n---\n"
START = HEAD.count("\n")


@pytest.mark.parametrize(
    ("card", "severity", "line", "words"),
    [
        pytest.param("## 3 causes\n- x\n- y\n", "warning", 1, "asks for 3, the card has 2 items", id="too few items"),
        pytest.param("## Name two\n- x\n- y\n- z\n", "note", 1, "has 3 items and needs 2", id="more items than asked"),
        pytest.param("## 2 causes\n{need: 3}\n- x\n- y\n- z\n", "warning", 1, "need is 3", id="need above the number"),
        pytest.param(
            "## a\n- The war\n- the  WAR\n", "warning", 3, "stands already in the item on line", id="item twice"
        ),
        pytest.param("## a\n- x\n- y | X\n", "warning", 3, "'x' stands already", id="wording of another item"),
        pytest.param("## a\n- x | X\n", "note", 2, "lists a wording twice", id="wording twice"),
        pytest.param("## Soft power\n- soft power\n", "warning", 2, "says what the prompt says", id="prompt as item"),
        pytest.param(
            "## Costs of denial\n- Denial: it is hard\n",
            "note",
            2,
            "the term 'Denial' stands in the prompt",
            id="term given",
        ),
        pytest.param("## a\n- (only this)\n", "warning", 2, "whole item stands in parentheses", id="only optional"),
        pytest.param("## a\n- this (and that\n", "warning", 2, "not closed", id="open parenthesis"),
        pytest.param("## a\n- →\n", "note", 2, "no letter or digit", id="only signs"),
        pytest.param("## a\n{key: term}\n- x\n", "warning", 3, "no 'Term: explanation'", id="key without a term"),
        pytest.param("## a\n{ordered: true}\n- x\n", "warning", 1, "single item cannot be in order", id="order of one"),
        pytest.param("## a\n1. x\n2. y\n", "note", 2, "order does not count", id="numbered, not ordered"),
        pytest.param("## a {need: 2}\n- x\n- y\n", "warning", 1, "ends in braces", id="attributes in the heading"),
        pytest.param("## a\n- x {weight: 3}\n", "error", 2, "'weight'", id="what the reader refuses"),
        pytest.param(
            "## 2 causes\n- x\n- y {negative: true}\n", "warning", 1, "has 1 item", id="a misconception is no cause"
        ),
        pytest.param("## a\n- x {required: true}\n- y\n", "note", 1, "every item is needed", id="required anyway"),
        pytest.param(
            "## a\n{points: 6}\n- x {points: 3}\n- y {points: 2}\n",
            "note",
            1,
            "6 points, its items are worth 5",
            id="sum",
        ),
        pytest.param(
            "## a\n{ordered: true}\n- x {group: g}\n- y\n", "warning", 3, "'g' holds one item", id="group of one"
        ),
        pytest.param(
            "## a\n{ordered: true}\n- x {group: g}\n- y\n- z {group: g}\n", "warning", 5, "two groups", id="group apart"
        ),
        pytest.param("## a\n- x\n  - f\n  - g (h\n", "warning", 2, "not closed", id="open parenthesis of a facet"),
        pytest.param("## a\n- x\n  - f\n  - F\n", "warning", 2, "a facet twice", id="facet twice"),
    ],
)
def test_findings(card: str, severity: str, line: int, words: str) -> None:
    (finding,) = check_text(HEAD + card, "deck.md")
    assert (finding.severity, finding.line) == (Severity(severity), START + line)
    assert words in finding.what
    assert finding.remedy
    assert str(finding) == f"deck.md:{START + line}: {severity}: {finding.what}; {finding.remedy}"


def test_a_good_card_has_no_findings() -> None:
    text = (
        "## 2 dangers of alliances\n- Chain-ganging: dragged into war (e.g. WW1)\n- Buck-passing | free riding\n\n"
        "## Any 2 of 3 causes\n{need: 2}\n- x {required: true}\n- y\n- z {points: 2}\n- n {negative: true}\n\n"
        "## Terms\n{ordered: true, points: 6, key: both}\n- A: a {group: g}\n- B: b {group: g, points: 3}\n"
        "- n {negative: true}\n"
    )
    assert [str(one) for one in check_text(HEAD + text) if one.severity is not Severity.NOTE] == []


def test_everything_is_reported_at_once_in_the_order_of_lines() -> None:
    text = HEAD + "## 3 as\n- x\n- y\n\n## b\n- {weight: 1}\n\n## c\n\n## d\n- x\n- x\n\n## b\n- z {group: 2}\n"
    found = check_text(text)
    assert [finding.line for finding in found] == sorted(finding.line or 0 for finding in found)
    assert [finding.severity for finding in found].count(Severity.ERROR) == 4


def test_each_line_of_a_card_is_reported() -> None:
    text = (
        "## a\n- x {points: 0}\n- y {required: true, negative: true}\n- z {weight: 1}\n  - only\n- v\n  - f\n"
        "    - g\n  - h {id: h}\n- w | \n- u {group: g}\n- t {required: maybe}\n"
        "- s\n  - f |\n  - g {points: 0}\n"
    )
    assert [(one.severity, (one.line or 0) - START) for one in check_text(HEAD + text)] == [
        (Severity.ERROR, line) for line in (2, 3, 4, 5, 8, 9, 10, 11, 12, 14, 15)
    ]


def test_notes_on_the_whole_deck() -> None:
    found = check_text("---\nlanguage: de\n---\n## a\n- x\n")
    assert {finding.what for finding in found if finding.line is None} == {
        "the deck has no title",
        "the language is 'de', the models are English",
    }


@pytest.mark.parametrize("path", sorted((DATA / "bad" / "decks").glob("*.md")), ids=lambda path: path.stem)
def test_bad_decks_have_an_error(path: Path) -> None:
    assert any(finding.severity is Severity.ERROR for finding in check_deck(path))


@pytest.mark.parametrize("path", sorted((DATA / "good" / "decks").glob("*.md")), ids=lambda path: path.stem)
def test_good_decks_have_none(path: Path) -> None:
    assert check_deck(path) == ()


def test_the_alliances_deck_has_no_findings() -> None:
    assert check_deck(Path(__file__).parent.parent / "content" / "alliances.md") == ()


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    (finding,) = check_deck(tmp_path / "none.md")
    assert (finding.severity, finding.line) == (Severity.ERROR, None)
    assert "no such file" in finding.what
