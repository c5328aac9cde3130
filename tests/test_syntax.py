"""The item syntax, the number a prompt asks for, and the ids made of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import DeckError
from grader.records import Card, Facet, Item, Key, ReferenceItem, Wording
from grader.records.listing import split_line
from grader.records.prompts import MAX_SLUG, Slugs, asked_count, slug
from grader.records.syntax import escape, is_figure, is_term, read_item
from grader.records.worth import LEAST, ratio, shared_points, stated_points, weights


@pytest.mark.parametrize(
    ("markup", "wordings"),
    [
        pytest.param("Total war", [Wording("Total war")], id="plain"),
        pytest.param("car | automobile", [Wording("car"), Wording("automobile")], id="two wordings"),
        pytest.param("P(A|B)", [Wording("P(A|B)")], id="bar without spaces"),
        pytest.param("P (A | B)", [Wording("P", optional=("A | B",))], id="bar inside parentheses"),
        pytest.param(r"a \| b", [Wording("a | b")], id="escaped bar"),
        pytest.param("|", [Wording("|")], id="a bar alone"),
        pytest.param(
            "the threat (of force)", [Wording("the threat", optional=("of force",))], id="optional at the end"
        ),
        pytest.param("the (old) threat", [Wording("the threat", optional=("old",))], id="optional inside"),
        pytest.param(
            "force (latent), overt", [Wording("force, overt", optional=("latent",))], id="comma after optional"
        ),
        pytest.param("a (b (c) d) e", [Wording("a e", optional=("b (c) d",))], id="nested"),
        pytest.param("colour(s)", [Wording("colour(s)")], id="no space before"),
        pytest.param("(all of it)", [Wording("(all of it)")], id="nothing but parentheses"),
        pytest.param("war ended (1945)", [Wording("war ended (1945)")], id="a year stays"),
        pytest.param("force F (F = ma)", [Wording("force F (F = ma)")], id="a formula stays"),
        pytest.param("water (H2O)", [Wording("water (H2O)")], id="a compound stays"),
        pytest.param("first (WW1) war", [Wording("first war", optional=("WW1",))], id="an abbreviation is optional"),
        pytest.param(r"a \(b)", [Wording("a (b)")], id="escaped parenthesis"),
        pytest.param("a (b", [Wording("a (b")], id="open parenthesis"),
        pytest.param(
            "Denial: refuse to see it", [Wording("Denial: refuse to see it", "Denial", "refuse to see it")], id="term"
        ),
        pytest.param(
            "Buck-passing (BP): let others pay | free riding",
            [
                Wording("Buck-passing: let others pay", "Buck-passing", "let others pay", ("BP",)),
                Wording("free riding"),
            ],
            id="term with an option and another wording",
        ),
        pytest.param(r"Denial\: refuse", [Wording("Denial: refuse")], id="escaped colon"),
        pytest.param(
            "No, because of bias: it deters", [Wording("No, because of bias: it deters")], id="no noun phrase"
        ),
        pytest.param(
            "the five little words here: x", [Wording("the five little words here: x")], id="five words are no term"
        ),
        pytest.param("opens at 12:30 sharp", [Wording("opens at 12:30 sharp")], id="clock time"),
        pytest.param("see https://example.org", [Wording("see https://example.org")], id="address"),
        pytest.param("Step 3: mix", [Wording("mix", optional=("Step 3",))], id="a numbered step is no term"),
        pytest.param("ratio 3: 1", [Wording("ratio 3: 1")], id="ratio"),
        pytest.param(
            "security cooperation between two or more states - Waltz",
            [Wording("security cooperation between two or more states", optional=("Waltz",))],
            id="attribution",
        ),
        pytest.param(
            "the ability to get what one wants – Joseph S. Nye (2004)",
            [Wording("the ability to get what one wants", optional=("Joseph S. Nye (2004)",))],
            id="attribution with initials and year",
        ),
        pytest.param("London - Paris", [Wording("London - Paris")], id="a pair is no attribution"),
        pytest.param(
            "it goes from here to there - slowly", [Wording("it goes from here to there - slowly")], id="no name"
        ),
        pytest.param(
            r"it goes from here to there \- Waltz", [Wording("it goes from here to there - Waltz")], id="escaped dash"
        ),
        pytest.param(r"C:\temp \\ x", [Wording("C:\\temp \\ x")], id="backslashes"),
    ],
)
def test_read_item(markup: str, wordings: list[Wording]) -> None:
    assert read_item(markup)[1] == tuple(wordings)


@pytest.mark.parametrize("markup", ["", "  ", "a | ", "| a", "a | | b", "a\0b", "a\ud800"])
def test_unusable_items_are_refused(markup: str) -> None:
    with pytest.raises(DeckError):
        read_item(markup)


texts = st.text(st.sampled_from("ab  :|()\\-–#{}*.,;/1AW"), min_size=1).map(lambda text: " ".join(text.split()))


@given(texts.filter(bool))
def test_escaped_text_means_itself(text: str) -> None:
    assert read_item(escape(text)) == (text, (Wording(text),))


@given(texts.filter(bool))
def test_plain_syntax_takes_items_as_they_are(text: str) -> None:
    card = Card.from_items("prompt", [text], syntax="plain")
    assert [wording.text for item in card.items for wording in item.wordings] == [text]


@pytest.mark.parametrize("inside", ["3", "1914-1918", "25%", "10 kg", "F = ma", "x + 1", "CO2", "NaCl", "x", "c. 1450"])
def test_figures(inside: str) -> None:
    assert is_figure(inside)


@pytest.mark.parametrize(
    "inside", ["e.g. WW1", "UK", "the threat", "and/or", "G20", "2 marks of it", "WW1", "so -> more"]
)
def test_remarks_are_no_figures(inside: str) -> None:
    assert not is_figure(inside)


@pytest.mark.parametrize(
    "text", ["Chain-ganging", "Regime type", "NO", "Type 1", "Gibbs free energy", "St. Petersburg"]
)
def test_terms(text: str) -> None:
    assert is_term(text)


@pytest.mark.parametrize(
    "text", ["No", "It", "If so", "there are two", "1914", "he said", "one two three four five", "a, b"]
)
def test_no_terms(text: str) -> None:
    assert not is_term(text)


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("3 dangers of alliances", 3),
        ("Three stages of grief, in order", 3),
        ("Name two causes of the war", 2),
        ("Give one danger of alliances", 1),
        ("any 3 of 5 causes", 3),
        ("Name any 3 of the 5 causes", 3),
        ("3 Definitions: Coercion", 3),
        ("2 Coercion costs faced by the target state", 2),
        ("World War I: 3 causes", 3),
        ("Copenhagen criteria for joining the EU (3)", 3),
        ("Functions of the liver (name 3)", 3),
        ("The 4 strategies in Ansoff's matrix", 4),
        ("Which 3 conditions do seeds need?", 3),
        ("What are Newton's three laws of motion?", 3),
        ("Give 3-5 reasons for it", 3),
        ("The 4 P's of marketing", 4),
        ("Name two contact forces and two non-contact forces", 4),
        ("Advantages (2) and disadvantages (2) of multinationals", 4),
        ("What is buoyancy?", None),
        ("30 Years' War", None),
        ("Thirty Years War: causes", None),
        ("Six Day War: outcome", None),
        ("Causes of World War 2", None),
        ("Explain Type 2 diabetes", None),
        ("Article 5 of the treaty", None),
        ("1945: what ended?", None),
        ("Why did the offensive (1968) fail?", None),
        ("3rd law of motion", None),
        ("Explain osmosis (5 marks)", None),
        ("Explain osmosis in 2 sentences", None),
        ("360-degree feedback", None),
        ("Two-second rule", None),
        ("Three Mile Island accident", None),
        ("12 July 1690: what happened?", None),
        ("2 + 2", None),
        ("Justice: two principles (3 parts)", 3),
        ("Franchising: 3 benefits, 2 drawbacks", 5),
        ("Benefits (3) and one drawback of remote work", 4),
        ("Name two types and give one example of each", 2),
        ("Two groups did it (A and B). Give three reasons for the difference.", 3),
        ("Two cups of tea are equally hot. Rob covers one. Why does it stay hot?", None),
        ("Two capacitors in series: what is their capacitance?", None),
        ("Push and pull factors: two of each", None),
        ("Rights of the accused (one example each)", None),
        ("Effects on (1) Europe (2) Africa (3) Asia", None),
        ("What happens in each stage (1-5)?", None),
        ("Section s.9(1) of the act", None),
        ("Article: The seven sins of memory", None),
    ],
)
def test_asked_count(prompt: str, count: int | None) -> None:
    assert asked_count(prompt) == count


@pytest.mark.parametrize(
    ("prompt", "items", "need", "expected"),
    [
        pytest.param("3 dangers", ["a", "b", "c"], None, 3, id="as many as there are"),
        pytest.param("Name two dangers", ["a", "b", "c"], None, 2, id="fewer than there are"),
        pytest.param("5 dangers", ["a", "b"], None, 2, id="more than there are"),
        pytest.param("Dangers", ["a", "b", "c"], None, 3, id="no number: all"),
        pytest.param("3 dangers", ["a", "b", "c"], 1, 1, id="stated"),
        pytest.param("Name two for and two against", ["a", "b", "c", "d"], None, 4, id="two numbers add up"),
    ],
)
def test_need(prompt: str, items: list[str], need: int | None, expected: int) -> None:
    assert Card.from_items(prompt, items, need=need).need == expected


@pytest.mark.parametrize(
    ("line", "count", "parts"),
    [
        pytest.param(
            "Defensive, offensive, neutral pacts", 3, ("Defensive", "offensive", "neutral pacts"), id="commas"
        ),
        pytest.param("Red, yellow and blue.", 3, ("Red", "yellow", "blue"), id="and before the last"),
        pytest.param("red, yellow, and blue", 3, ("red", "yellow", "blue"), id="comma and and"),
        pytest.param("a, b; c, d", 2, ("a, b", "c, d"), id="semicolons before commas"),
        pytest.param("salt and pepper", 2, ("salt", "pepper"), id="two"),
        pytest.param("1) melt 2) freeze 3) boil", 3, ("melt", "freeze", "boil"), id="numbers"),
        pytest.param("egg → larva → pupa", 3, ("egg", "larva", "pupa"), id="arrows"),
        pytest.param("red (like wine, or blood), blue", 2, ("red (like wine, or blood)", "blue"), id="parentheses"),
        pytest.param("10,000 men, 200 ships", 2, ("10,000 men", "200 ships"), id="thousands"),
        pytest.param(r"Yes\, really, no", 2, (r"Yes\, really", "no"), id="escaped comma"),
        pytest.param("Colours: red, blue", 2, ("red", "blue"), id="announced"),
        pytest.param("a, b, c", 2, None, id="more than asked"),
        pytest.param("a, b", 3, None, id="fewer than asked"),
        pytest.param("a, b", None, None, id="nothing asked"),
        pytest.param("a, b", 1, None, id="one asked"),
        pytest.param(
            "The sheet is larger, so the air holds it up and slows its fall to the ground", 2, None, id="clauses"
        ),
        pytest.param("a, b | both", 2, None, id="wordings of the whole"),
    ],
)
def test_split_line(line: str, count: int | None, parts: tuple[str, ...] | None) -> None:
    assert split_line(line, count) == parts


def test_a_line_of_items_becomes_a_list() -> None:
    card = Card.from_items("3 primary colours", ["Red, yellow and blue"])
    assert ([item.text for item in card.items], card.need, card.is_list) == (["Red", "yellow", "blue"], 3, True)


def test_stated_need_lets_a_line_list_more() -> None:
    card = Card.from_items("Primary colours", ["Red, yellow, blue"], need=2)
    assert (len(card.items), card.need) == (3, 2)


@pytest.mark.parametrize("keywords", [{"syntax": "plain"}, {"need": 1}, {"alternatives": True}])
def test_a_line_can_be_kept_whole(keywords: dict[str, object]) -> None:
    card = Card.from_items("3 primary colours", ["Red, yellow, blue"], **keywords)  # type: ignore[arg-type]
    assert (len(card.items), card.need, card.is_list) == (1, 1, False)


def test_alternatives_are_wordings_of_one_item() -> None:
    card = Card.from_items("Capital of France", ["Paris", "City of Light (informal) | Lutetia"], alternatives=True)
    (item,) = card.items
    assert [wording.text for wording in item.wordings] == ["Paris", "City of Light", "Lutetia"]
    assert (card.need, card.is_list) == (1, False)


def test_items_that_state_more_than_their_text() -> None:
    items = [
        "red",
        Item("blue | azure", id="b", points=2, required=True, facets=("a sky (bright)", Item("a sea", points=3))),
        Item("pink", negative=True),
    ]
    card = Card.from_items("Colours of the flag", items, need=1, key="both 1:4")
    azure = (Wording("blue"), Wording("azure"))
    facets = (
        Facet("a sky (bright)", (Wording("a sky", optional=("bright",)),), 0.25),
        Facet("a sea", (Wording("a sea"),), 0.75),
    )
    assert card.items == (
        ReferenceItem("red", "red", (Wording("red"),)),
        ReferenceItem("b", "blue | azure", azure, points=2.0, required=True, facets=facets),
        ReferenceItem("pink", "pink", (Wording("pink"),), negative=True),
    )
    assert (card.need, card.full_worth, card.key, card.key_weights) == (1, 2.0, Key.BOTH, (0.2, 0.8))


def test_plain_syntax_reaches_facets() -> None:
    (item,) = Card.from_items("p", [Item("a", facets=("b | c", "d: e"))], syntax="plain").items
    assert [facet.wordings for facet in item.facets] == [(Wording("b | c"),), (Wording("d: e"),)]


numbers = st.floats(0.01, 100) | st.sampled_from([0.1, 0.5, 1.0, 1.0, 2.0, 3.0])


@given(st.lists(numbers, min_size=2, max_size=6))
def test_weights_are_shares_that_can_be_stated_again(parts: list[float]) -> None:
    shares = weights(parts)
    assert sum(shares) == pytest.approx(1)
    assert [share * parts[0] for share in shares] == pytest.approx([part * shares[0] for part in parts])
    assert weights(ratio(shares)) == shares


@pytest.mark.parametrize(
    ("parts", "expected"), [((2, 4), (1, 2)), ((0.5, 0.5), (1, 1)), ((1, 2.5), (2, 5)), ((0.1, 0.2, 0.7), (1, 2, 7))]
)
def test_ratio(parts: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert ratio(weights(parts)) == expected


@given(st.lists(st.none() | numbers, min_size=1, max_size=6), st.floats(0.1, 500))
def test_points_that_are_shared_out_can_be_stated_again(stated: list[float | None], total: float) -> None:
    known = sum(one for one in stated if one is not None)
    if None in stated and total - known < LEAST * len(stated):
        if total - known < 0:
            with pytest.raises(DeckError, match="is left"):
                shared_points(stated, total)
        return
    points = shared_points(stated, total)
    assert all(one is None or one == point for one, point in zip(stated, points, strict=True))
    if None in stated:
        assert sum(points) == pytest.approx(total)
    assert shared_points(stated_points(points, total), total) == points


@given(st.lists(texts.filter(bool), min_size=1, max_size=4))
def test_plain_alternatives_are_kept_apart(wordings: list[str]) -> None:
    card = Card.from_items("prompt", wordings, alternatives=True, syntax="plain")
    assert [wording.text for wording in card.items[0].wordings] == wordings


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        pytest.param(("", ["a"]), {}, "prompt is empty", id="empty prompt"),
        pytest.param(("p", []), {}, "no reference items", id="no items"),
        pytest.param(("p", ["a", " "]), {}, "item is empty", id="empty item"),
        pytest.param(("p", "text"), {}, "list of texts", id="one text"),
        pytest.param(("p", ["a"]), {"need": 2}, "need is 2, but the card has 1 item", id="need above items"),
        pytest.param(("p", ["a"]), {"need": 0}, "need is 0", id="need of nothing"),
        pytest.param(("p", ["a"]), {"need": True}, "need is True", id="need that is no number"),
        pytest.param(("p", ["a"]), {"points": -1}, "points is -1", id="negative points"),
        pytest.param(("p", ["a"]), {"points": float("nan")}, "points is nan", id="points that are no number"),
        pytest.param(("p", ["a"]), {"key": "words"}, "either, term, explanation, both", id="unknown key"),
        pytest.param(("p", ["a"]), {"extras": "words"}, "count, ignore", id="unknown extras"),
        pytest.param(("p", ["a"]), {"syntax": "words"}, "'items' or 'plain'", id="unknown syntax"),
        pytest.param(("p", ["a"]), {"key": "both 1"}, "either, term, explanation, both", id="half a ratio"),
        pytest.param(("p", ["a"]), {"key": "both a:b"}, "both 1:2", id="a ratio of words"),
        pytest.param(("p", ["a"]), {"key": "both 1:nan"}, "a part of key", id="a ratio of no numbers"),
        pytest.param(("p", ["a", 3]), {}, "an item is 3; give a text", id="an item that is a number"),
        pytest.param(("p", [Item("a", points=0)]), {}, "points is 0", id="an item of no points"),
        pytest.param(("p", [Item("a", points=1e9)]), {}, "up to a million", id="an item of a billion points"),
        pytest.param(("p", [Item("a", points=True)]), {}, "points is True", id="points that are a truth value"),
        pytest.param(("p", [Item("a", group="")]), {"ordered": True}, "the group '' is empty", id="empty group"),
        pytest.param(("p", [Item("a", group="g")]), {}, "group 'g' says nothing", id="group without an order"),
        pytest.param(("p", [Item("a", facets="bc")]), {}, "facets is one text", id="facets in one text"),  # type: ignore[arg-type]
        pytest.param(("p", [Item("a", facets=("b",))]), {}, "two or more, or none", id="one facet"),
        pytest.param(("p", [Item("a", facets=("b", " "))]), {}, "facet is empty", id="empty facet"),
        pytest.param(
            ("p", [Item("a", facets=("b", Item("c", facets=("d", "e"))))]),
            {},
            "a facet of a facet",
            id="facet of a facet",
        ),
        pytest.param(
            ("p", [Item("a", facets=("b", Item("c", negative=True)))]), {}, "more than points", id="facet that costs"
        ),
        pytest.param(
            ("p", ["a", Item("b", points=2)]),
            {"alternatives": True},
            "alternatives states points",
            id="worth of a wording",
        ),
        pytest.param(("p\0", ["a"]), {}, "NUL", id="NUL in the prompt"),
        pytest.param(("p", ["a\udc80"]), {}, "U\\+DC80", id="lone surrogate"),
    ],
)
def test_unusable_cards_are_refused(
    arguments: tuple[str, list[str]], keywords: dict[str, object], message: str
) -> None:
    with pytest.raises(DeckError, match=message):
        Card.from_items(*arguments, **keywords)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 dangers of alliances", "3-dangers-of-alliances"),
        ("What's  new?", "whats-new"),
        ("Éclair & CO₂", "éclair-co2"),
        ("हिन्दी", "हिन्दी"),
        ("???", ""),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_slugs_are_short_and_stable(text: str) -> None:
    made = slug(text)
    assert len(made) <= MAX_SLUG
    assert not any(sign.isspace() for sign in made)


@given(st.lists(st.sampled_from(["a", "a-2", "b", ""])))
def test_slugs_are_given_once(wanted: list[str]) -> None:
    ids = Slugs(["a-3"])
    given_out = [ids.unique(one) for one in wanted]
    assert len({*given_out, "a-3"}) == len(wanted) + 1


def test_item_ids_come_from_the_term_or_the_first_words() -> None:
    items = ["Buck-passing: let others pay", "states get dragged into the war of another", "Buck-passing", "→"]
    card = Card.from_items("dangers", items)
    assert [item.id for item in card.items] == [
        "buck-passing",
        "states-get-dragged-into-the",
        "buck-passing-2",
        "item",
    ]
