"""Decks read from Markdown, written to it, and looked up."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.decks import deck_path, describe_card, find_card, load_deck, read_deck, write_deck
from grader.errors import DeckError
from grader.records import Card, Deck, Extras, Item, Key, ReferenceItem, Wording

DATA = Path(__file__).parent / "data"
GOOD = sorted((DATA / "good" / "decks").glob("*.md"))
BAD = sorted((DATA / "bad" / "decks").glob("*.md"))

CONTRACT = """\
---
title: Alliances, Coercion and Diplomacy
language: en
---

## 3 dangers of alliances
- Chain-ganging: states get dragged into war to save reckless allies (e.g. WW1)
- Buck-passing: states let others bear the burden | free riding
- Autonomy-security trade-off

## Definition: soft power
When one country gets other countries to want what it wants, instead of ordering them to do it

## Three stages of grief, in order
{ordered: true, points: 6}
1. Denial
2. Anger {id: anger, points: 3}
3. Bargaining
"""


def test_the_format_of_the_contract() -> None:
    deck = read_deck(CONTRACT)
    assert (deck.title, deck.language, len(deck)) == ("Alliances, Coercion and Diplomacy", "en", 3)
    dangers, soft_power, grief = deck.cards
    assert (dangers.id, dangers.need, dangers.is_list, dangers.line) == ("3-dangers-of-alliances", 3, True, 6)
    assert [item.id for item in dangers.items] == ["chain-ganging", "buck-passing", "autonomy-security-trade-off"]
    assert [item.line for item in dangers.items] == [7, 8, 9]
    assert dangers.items[0].wordings == (
        Wording(
            "Chain-ganging: states get dragged into war to save reckless allies",
            term="Chain-ganging",
            explanation="states get dragged into war to save reckless allies",
            optional=("e.g. WW1",),
        ),
    )
    assert [wording.text for wording in dangers.items[1].wordings] == [
        "Buck-passing: states let others bear the burden",
        "free riding",
    ]
    assert (soft_power.need, soft_power.is_list, len(soft_power.items)) == (1, False, 1)
    assert (grief.ordered, grief.points, grief.max_points, grief.need) == (True, 6.0, 6.0, 3)
    assert [(item.id, item.points) for item in grief.items] == [("denial", 1.5), ("anger", 3.0), ("bargaining", 1.5)]


def card(text: str) -> Card:
    return read_deck(text).cards[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("## a\n- x\n", ["x"], id="dash"),
        pytest.param("## a\n* x\n+ y\n", ["x", "y"], id="other bullets"),
        pytest.param("## a\n1. x\n2) y\n", ["x", "y"], id="numbers"),
        pytest.param("## a\n- x\n  goes on\n- y", ["x goes on", "y"], id="an indented line goes on"),
        pytest.param("## a\none\ntwo\n", ["one two"], id="a paragraph over two lines"),
        pytest.param("## a\n\n\n- x\n\n- y\n", ["x", "y"], id="blank lines"),
        pytest.param("## a\r\n- x\r\n- y\r\n", ["x", "y"], id="CRLF"),
        pytest.param("\ufeff## a\n- x\n", ["x"], id="byte order mark"),
        pytest.param("## a\n-5 degrees\n", ["-5 degrees"], id="a minus is no bullet"),
        pytest.param("## a\n\\- x\n", ["- x"], id="an escaped bullet"),
        pytest.param("## a\n\\# x\n", ["# x"], id="an escaped heading"),
        pytest.param("## a\n- {1, 2} {id: set}\n", ["{1, 2}"], id="braces of the text"),
        pytest.param("## a\n- x \\{id: y}\n", ["x {id: y}"], id="escaped braces"),
        pytest.param("## 3 letters\nx, y and z\n", ["x", "y", "z"], id="a line of items"),
        pytest.param("## 3 letters\n{need: 1}\nx, y and z\n", ["x, y and z"], id="a line that is one item"),
        pytest.param("## 3 letters\n- x, y and z {points: 2}\n", ["x, y and z"], id="an item that states its points"),
        pytest.param("## a\n  - x\n  - y\n", ["x", "y"], id="all of them indented"),
        pytest.param("## a\n    - x\n- y\n", ["x", "y"], id="the first one indented"),
        pytest.param("## a\n1. x\n   - f\n   - g\n2. y\n", ["x", "y"], id="facets are no items"),
    ],
)
def test_items(text: str, expected: list[str]) -> None:
    assert [item.text for item in card(text).items] == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("{id: mine}", {"id": "mine"}),
        ('{id: "my card, the first"}', {"id": "my card, the first"}),
        ("{need: 1}", {"need": 1}),
        ("{ordered: true, points: 2.5}", {"ordered": True, "points": 2.5}),
        ("{key: both, extras: ignore}", {"key": Key.BOTH, "extras": Extras.IGNORE}),
    ],
)
def test_card_attributes(attributes: str, expected: dict[str, object]) -> None:
    read = card(f"## a\n{attributes}\n- x\n- y\n")
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- y {points: 2.5}", {"points": 2.5, "id": "y"}),
        ("- y {required: true, negative: false}", {"required": True, "negative": False, "points": 1.0}),
        ("- y {negative: true}", {"negative": True, "required": False}),
        ("- y {group: the first}", {"group": "the first"}),
        ("- y", {"group": None, "facets": (), "required": False, "negative": False, "points": 1.0}),
    ],
)
def test_item_attributes(line: str, expected: dict[str, object]) -> None:
    read = card(f"## a\n{{ordered: true}}\n- x\n{line}\n").items[1]
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("lines", "facets"),
    [
        pytest.param("  - f\n  - g", [("f", 0.5), ("g", 0.5)], id="alike"),
        pytest.param("  - f {points: 3}\n  - g", [("f", 0.75), ("g", 0.25)], id="weighed"),
        pytest.param("\t* f\n\t* g", [("f", 0.5), ("g", 0.5)], id="tabs and stars"),
        pytest.param("  - f\n    goes on\n\n  - g", [("f goes on", 0.5), ("g", 0.5)], id="over two lines"),
        pytest.param("    - f\n  - g", [("f", 0.5), ("g", 0.5)], id="less indented, still a facet"),
        pytest.param("  - f {1, 2} {points: 1}\n  - g", [("f {1, 2}", 0.5), ("g", 0.5)], id="braces of the text"),
    ],
)
def test_facets(lines: str, facets: list[tuple[str, float]]) -> None:
    item, other = card(f"## a\n- x {{points: 2}}\n{lines}\n- y\n").items
    assert [(facet.text, facet.weight) for facet in item.facets] == facets
    assert (item.text, item.points, other.text, other.facets) == ("x", 2.0, "y", ())


def test_facets_have_the_item_syntax() -> None:
    (item,) = card("## a\n- x\n  - refuse (at first) | will not\n  - see: with eyes\n").items
    assert [facet.wordings for facet in item.facets] == [
        (Wording("refuse", optional=("at first",)), Wording("will not")),
        (Wording("see: with eyes", "see", "with eyes"),),
    ]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        pytest.param("{points: 6}\n- x {points: 3}\n- y\n- z\n", [3.0, 1.5, 1.5], id="the rest is shared"),
        pytest.param("- x {points: 3}\n- y\n- z\n", [3.0, 1.0, 1.0], id="one each without the card's points"),
        pytest.param("{points: 6}\n- x\n- y\n- z\n", [1.0, 1.0, 1.0], id="nothing stated"),
        pytest.param("{points: 6, need: 2}\n- x {points: 3}\n- y\n- z\n", [3.0, 1.0, 1.0], id="not all are needed"),
        pytest.param("{points: 6}\n- x {points: 3}\n- y {points: 1}\n", [3.0, 1.0], id="all stated"),
        pytest.param("{points: 6}\n- x {points: 4}\n- y\n- z {negative: true}\n", [4.0, 2.0, 1.0], id="misconception"),
    ],
)
def test_points_of_items(text: str, points: list[float]) -> None:
    assert [item.points for item in card(f"## a\n{text}").items] == points


def test_misconceptions_are_not_needed() -> None:
    read = card("## Name two causes\n- x\n- y\n- z {negative: true}\n")
    assert (read.need, read.is_list, read.max_points, [item.text for item in read.earning]) == (
        2,
        True,
        2.0,
        ["x", "y"],
    )
    one = card("## Capital of Australia\n- Canberra\n- Sydney {negative: true}\n")
    assert (one.need, one.is_list, one.asks_one_fact) == (1, False, True)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("both", (Key.BOTH, (0.5, 0.5))),
        ("both 1:3", (Key.BOTH, (0.25, 0.75))),
        ("both 0.3 : 0.7", (Key.BOTH, (0.3, 0.7))),
        ("term", (Key.TERM, (0.5, 0.5))),
    ],
)
def test_weights_of_the_key(key: str, expected: tuple[Key, tuple[float, float]]) -> None:
    read = card(f"## a\n{{key: {key}}}\n- X: y\n")
    assert (read.key, read.key_weights) == expected


def test_a_single_bullet_is_a_list_and_a_paragraph_is_none() -> None:
    assert card("## a\n- x\n").is_list
    assert not card("## a\nx\n").is_list
    assert not card("## a\n- x\n  - f\n  - g\n").is_list  # facets are parts, and earn their share


def test_ids_that_are_not_stated_give_way_to_those_that_are() -> None:
    deck = read_deck("## one two\n- x\n\n## One, two!\n- y\n\n## three\n{id: one-two}\n- z\n")
    assert [one.id for one in deck] == ["one-two-2", "one-two-3", "one-two"]


def test_the_title_falls_back_on_a_heading_and_on_the_file() -> None:
    assert read_deck("# My deck\n\n## a\n- x\n").title == "My deck"
    assert read_deck("## a\n- x\n", "some/cells.md").title == "cells"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_decks_load_and_come_back(path: Path) -> None:
    deck = load_deck(path)
    assert read_deck(write_deck(deck)) == deck


def test_the_kinds_of_items_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```md\n(.*?)```", readme, re.DOTALL)
    grief, osmosis = read_deck(text).cards
    assert [item.points for item in grief.items] == [1.5, 3.0, 1.5]
    assert [(item.negative, len(item.facets)) for item in osmosis.items] == [(False, 2), (True, 0)]
    assert osmosis.key_weights == (1 / 3, 2 / 3)


# What each file in data/bad/decks is refused for: line, and words of the message.
REFUSED = {
    "deep_heading": (1, "a card begins with '## prompt'"),
    "duplicate_card_id": (5, "card id 'one' stands already on line 1"),
    "duplicate_item_id": (3, "item id 'one' stands twice"),
    "duplicate_prompt": (4, "the prompt stands already on line 1"),
    "empty": (None, "holds no cards"),
    "empty_item": (3, "the item is empty"),
    "empty_prompt": (1, "the prompt is empty"),
    "empty_wording": (2, "a wording beside '|' is empty"),
    "facet_of_facet": (4, "a facet of a facet"),
    "facet_of_no_weight": (2, "a weight of 0.1 beside 1e+06"),
    "facet_with_id": (3, "unknown facet attribute 'id'; known are points"),
    "facet_without_text": (4, "the facet is empty"),
    "facets_of_paragraph": (3, "sub-bullets under a paragraph"),
    "group_of_misconception": (4, "a misconception has no place in the order"),
    "item_group": (2, "group '1' says nothing"),
    "item_negative": (1, "every item is a misconception"),
    "item_points": (2, "points is 0;"),
    "item_required": (3, "both required and negative"),
    "key_ratio": (1, "a part of key 'both 1:0' is 0"),
    "latin1": (1, "byte 0xe9 is not UTF-8"),
    "misconception_points": (3, "what the misconception costs is -1;"),
    "mixed": (2, "text that is not behind a bullet"),
    "need_above_earning": (1, "need is 2, but the card has 1 item that can earn"),
    "need_above_items": (1, "need is 3, but the card has 2 items"),
    "need_no_number": (1, "need is 'many'"),
    "negative_points": (1, "points is -1.0"),
    "no_items": (1, "no reference items"),
    "nul": (2, "a NUL character"),
    "open_front_matter": (1, "front matter is not closed"),
    "open_quote": (2, "cannot read the attributes"),
    "ordered_no_truth": (1, "write true or false"),
    "points_used_up": (1, "nothing of the card's 3 points is left"),
    "raw_export": (1, "text before the first card"),
    "required_above_need": (1, "2 items are required, but need is 1"),
    "sub_bullets": (3, "a single facet"),
    "two_paragraphs": (2, "text that is not behind a bullet"),
    "unknown_attribute": (2, "unknown item attribute 'weight'; known are id, points, required, negative, group"),
    "unknown_front_matter": (2, "known are 'title: …' and 'language: …'"),
    "utf16": (1, "save it as UTF-8"),
}


def test_every_bad_deck_is_listed() -> None:
    assert {path.stem for path in BAD} == set(REFUSED)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_decks_are_refused(path: Path) -> None:
    line, words = REFUSED[path.stem]
    with pytest.raises(DeckError) as caught:
        load_deck(path)
    assert words in caught.value.message
    assert "; " in caught.value.message  # and what to do
    where = f"{path}:" if line is None else f"{path}:{line}:"
    assert str(caught.value).startswith(where)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match="no such file"):
        load_deck(tmp_path / "none.md")
    with pytest.raises(DeckError, match="this is a folder"):
        load_deck(tmp_path)
    with pytest.raises(DeckError):
        load_deck("a\0b.md")


@pytest.mark.parametrize("text", ["## a\n- \ud800\n", "## \udfff\n- x\n"])
def test_lone_surrogates_are_refused(text: str) -> None:
    with pytest.raises(DeckError, match="half a character"):
        read_deck(text)


def read_or_refuse(text: str) -> str:
    """What became of the text: a deck of one card, or a message of readable length."""
    try:
        return f"{len(read_deck(text))} card"
    except DeckError as error:
        return "refused" if len(str(error)) < 500 else str(error)


@pytest.mark.parametrize(
    "unit",
    [
        "x ",
        "(",
        " (",
        "(a) ",
        "a (b) ",
        "- ",
        "{a: ",
        '{a: "b" ',
        "a | ",
        "\\",
        ": ",
        "a, ",
        "1) ",
        "X. ",
        "and ",
        "3 ",
    ],
)
def test_long_lines_are_read_or_refused(unit: str) -> None:
    long = unit * (100_000 // len(unit))
    texts = (f"## 3 things\n{long}\n", f"## 3 things\n- {long}\n", f"## {long}\n- x\n", f"## a\n- x {{id: {long}}}\n")
    assert {read_or_refuse(text) for text in texts} <= {"1 card", "refused"}


def test_a_line_of_a_megabyte() -> None:
    assert card(f"## a\n- {'word ' * 200_000}\n").items[0].text.count("word") == 200_000


def test_a_deck_of_100_000_cards() -> None:
    deck = read_deck("".join(f"## Prompt {number}\n- item {number}\n" for number in range(100_000)))
    assert len(deck) == 100_000
    assert deck["prompt-99999"].items[0].text == "item 99999"


# --- writing --------------------------------------------------------------------------------------------------------

signs = st.sampled_from([*"ab1AW  ::|()\\-–#*+{}.,;/•\"'", "and ", "Name two ", "Step 3: ", " - Waltz", "{id: x}", "é"])
texts = st.lists(signs, min_size=1, max_size=14).map("".join).filter(str.strip)
any_texts = st.one_of(texts, st.text(min_size=1, max_size=20))


numbers = st.sampled_from([0.1, 1.0, 1.5, 2.0, 3.0, 1 / 3]) | st.floats(0.001, 1000)
some_points = st.none() | numbers


@st.composite
def stated_items(draw: st.DrawFn, *, ordered: bool) -> Item:
    facets = draw(st.lists(st.builds(Item, any_texts, points=some_points) | any_texts, max_size=3))
    negative = draw(st.integers(0, 5)) == 0
    return Item(
        draw(any_texts),
        points=draw(some_points),
        required=not negative and draw(st.booleans()),
        negative=negative,
        group=draw(st.none() | st.sampled_from(["g", "a b", "1", '"'])) if ordered and not negative else None,
        facets=tuple(facets) if len(facets) > 1 else (),
    )


@st.composite
def cards(draw: st.DrawFn) -> Card:
    ordered = draw(st.booleans())
    items = draw(st.lists(any_texts | stated_items(ordered=ordered), min_size=1, max_size=4))
    key = draw(st.sampled_from(Key) | st.builds("both {}:{}".format, numbers, numbers))
    try:
        return Card.from_items(
            draw(any_texts),
            items,
            need=draw(st.none() | st.integers(1, 4)),
            ordered=ordered,
            points=draw(st.none() | st.floats(0.001, 1e6)),
            key=key,
            extras=draw(st.sampled_from(Extras)),
            alternatives=draw(st.booleans()),
            syntax=draw(st.sampled_from(["items", "plain"])),
            id=draw(st.none() | texts.map(lambda text: " ".join(text.split()))),
        )
    except DeckError:
        assume(False)
        raise


@settings(deadline=None)
@given(cards=st.lists(cards(), min_size=1, max_size=3), title=any_texts.map(lambda text: " ".join(text.split())))
def test_what_is_written_is_read_back(cards: list[Card], title: str) -> None:
    assume(not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in title))
    for one, other in itertools.combinations(cards, 2):
        assume(one.id != other.id and one.prompt.casefold() != other.prompt.casefold())
    deck = Deck(title, tuple(cards))
    text = write_deck(deck)
    assert read_deck(text) == deck
    assert write_deck(read_deck(text)) == text


@settings(deadline=None)
@given(
    st.text(st.sampled_from("#- \n{}:ab|1.\t"), max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *(
                    "## a\n",
                    "{ordered: true}\n",
                    "{points: 6}\n",
                    "{need: 1}\n",
                    "{key: both 1:2}\n",
                    "- x",
                    "\n",
                    "- y\n",
                ),
                *("1. z ", "  - f\n", "  - g ", "    - h\n", "para\n", "{points: 2}\n", "{required: true}\n"),
                *("{negative: true}\n", "{group: g}\n", " {id: i}\n"),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        deck = read_deck(text)
    except DeckError:
        return
    assert read_deck(write_deck(deck)) == deck


def test_ids_are_written_into_the_file() -> None:
    text = write_deck(Deck("Grief", (Card.from_items("Name two stages", ["Denial", "Anger"]),)))
    assert text == (
        "---\ntitle: Grief\nlanguage: en\n---\n\n## Name two stages\n{id: name-two-stages}\n- Denial {id: denial}\n"
        "- Anger {id: anger}\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{id: a, points: 6}\n- X {id: x, points: 3}\n- Y {id: y}\n- Z {id: z}\n", id="shared points"),
        pytest.param("{id: a}\n- X {id: x, points: 0.5}\n- Y {id: y}\n", id="points"),
        pytest.param("{id: a, points: 4}\n- X {id: x, points: 3}\n- Y {id: y, points: 3}\n", id="all points stated"),
        pytest.param("{id: a, need: 1}\n- X {id: x, required: true}\n- Y {id: y}\n", id="required"),
        pytest.param("{id: a}\n- X {id: x}\n- Y {id: y, points: 2, negative: true}\n", id="negative"),
        pytest.param("{id: a, ordered: true}\n1. X {id: x, group: g}\n2. Y {id: y, group: g}\n", id="group"),
        pytest.param("{id: a, key: both 1:2}\nX: y {id: x}\n", id="weights of the key"),
        pytest.param("{id: a}\n- X {id: x}\n  - f | g (h)\n  - i {points: 2}\n  - j\n", id="facets"),
        pytest.param("{id: a, ordered: true}\n1. X {id: x}\n   - f\n   - g\n2. Y {id: y}\n", id="facets of numbers"),
    ],
)
def test_what_an_author_states_is_written_as_it_was(body: str) -> None:
    text = f"---\ntitle: t\nlanguage: en\n---\n\n## a\n{body}"
    assert write_deck(read_deck(text)) == text


def test_mending_a_spelling_keeps_the_ids() -> None:
    text = write_deck(read_deck("## Dangers\n- Clarify of communication\n- Credibility\n"))
    mended = read_deck(text.replace("Clarify of", "Clarity of").replace("## Dangers", "## The dangers"))
    assert (mended.cards[0].id, mended.cards[0].items[0].id) == ("dangers", "clarify-of-communication")


@pytest.mark.parametrize(
    ("deck", "message"),
    [
        pytest.param(Deck("t", ()), "no cards", id="no cards"),
        pytest.param(
            Deck("t", (Card.from_items("a", ["x"], id="i"), Card.from_items("b", ["x"], id="i"))),
            "card id 'i'",
            id="one id twice",
        ),
        pytest.param(
            Deck("t", (Card.from_items("a", ["x"], id="i"), Card.from_items("A", ["x"], id="j"))),
            "the prompt stands already",
            id="one prompt twice",
        ),
        pytest.param(Deck("t", (Card.from_items("a", ["x"], language="de"),)), "one language", id="another language"),
        pytest.param(
            Deck("t", (Card("a", "a", (ReferenceItem("x", "x", (Wording("something else"),)),), 1, True),)),
            "do not follow from its text",
            id="wordings of another text",
        ),
        pytest.param(Deck("a\nb", (Card.from_items("a", ["x"]),)), "title", id="line break in the title"),
    ],
)
def test_decks_that_cannot_be_read_back_are_not_written(deck: Deck, message: str) -> None:
    with pytest.raises(DeckError, match=message):
        write_deck(deck)


# --- looking up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("definition-soft-power", "definition-soft-power", id="id"),
        pytest.param("2", "definition-soft-power", id="number"),
        pytest.param("definition: SOFT", "definition-soft-power", id="start of the prompt"),
        pytest.param("3 dang", "3-dangers-of-alliances", id="start that begins with a number"),
        pytest.param("Three stages of grief, in order", "three-stages-of-grief-in-order", id="whole prompt"),
    ],
)
def test_find_card(name: str, expected: str) -> None:
    assert find_card(read_deck(CONTRACT), name).id == expected


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("soft power", "no card 'soft power'", id="not the start"),
        pytest.param("Definition: soft powder", "near it: definition-soft-power", id="near"),
        pytest.param("9", "no card '9'", id="number past the end"),
        pytest.param("", "no card ''", id="nothing"),
        pytest.param("pre", "begins 2 prompts", id="two fit"),
    ],
)
def test_cards_that_are_not_found(name: str, message: str) -> None:
    deck = read_deck(f"{CONTRACT}\n## Prefix one\n- x\n\n## Prefix two\n- x\n")
    with pytest.raises(DeckError, match=message):
        find_card(deck, name)


def test_an_unknown_card_id_is_a_key_error() -> None:
    deck = read_deck(CONTRACT)
    assert "nothing" not in deck
    with pytest.raises(KeyError):
        deck["nothing"]


def test_deck_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(CONTRACT, encoding="utf-8")
    assert deck_path(str(file)) == file
    assert deck_path("alliances") == deck_path("alliances.md")
    assert load_deck(deck_path("alliances")).cards
    for name in ("nothing", "../alliances", "", "a\0b"):
        with pytest.raises(DeckError, match="alliances"):
            deck_path(name)


def test_describe_card() -> None:
    text = (
        "## Name two dangers\n{ordered: true, points: 4, key: both, extras: ignore}\n"
        "- Chain-ganging: states get dragged into war (e.g. WW1)\n- Buck-passing | free riding\n- Trade-off\n"
    )
    assert describe_card(card(text)).splitlines() == [
        "Name two dangers",
        "  id: name-two-dangers",
        "  any 2 of 3 items earn full marks; in this order; 4 points; of 'Term: explanation' both are needed; "
        "surplus guesses cost nothing",
        "  1. Chain-ganging: states get dragged into war (e.g. WW1)",
        "     id: chain-ganging",
        "     say: Chain-ganging: states get dragged into war",
        "     term: Chain-ganging",
        "     explanation: states get dragged into war",
        "     optional: e.g. WW1",
        "  2. Buck-passing | free riding",
        "     id: buck-passing",
        "     say: Buck-passing",
        "     or: free riding",
        "  3. Trade-off",
        "     id: trade-off",
    ]


def test_describe_what_items_are_worth() -> None:
    text = (
        "## Osmosis, in order\n{ordered: true, need: 2, key: both 1:2}\n- Diffusion: of water {required: true}\n"
        "  - diffuses | moves\n  - water {points: 3}\n- Membrane {points: 2, group: g}\n- Sides {group: g}\n"
        "- Takes energy {negative: true}\n"
    )
    assert describe_card(card(text)).splitlines() == [
        "Osmosis, in order",
        "  id: osmosis-in-order",
        "  any 2 of 3 items earn full marks; 1 misconception costs; in this order; of 'Term: explanation' both are "
        "needed, weighed 1 to 2",
        "  1. Diffusion: of water",
        "     id: diffusion",
        "     required",
        "     term: Diffusion",
        "     explanation: of water",
        "     facet, 25%: diffuses | moves",
        "       say: diffuses",
        "       or: moves",
        "     facet, 75%: water",
        "  2. Membrane",
        "     id: membrane",
        "     worth: 2 points",
        "     group: g",
        "  3. Sides",
        "     id: sides",
        "     group: g",
        "  4. Takes energy",
        "     id: takes-energy",
        "     misconception: costs 1 point",
    ]
