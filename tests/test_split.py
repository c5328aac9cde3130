from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.split import split


@pytest.mark.parametrize(
    ("answer", "atoms"),
    [
        pytest.param("red, yellow, blue", ["red", "yellow", "blue"], id="commas"),
        pytest.param("red and blue", ["red", "blue"], id="and"),
        pytest.param("red; blue", ["red", "blue"], id="semicolons"),
        pytest.param("red/blue", ["red", "blue"], id="slash"),
        pytest.param("red\nblue\r\ngreen", ["red", "blue", "green"], id="lines"),
        pytest.param("- red\n* blue\n• green", ["red", "blue", "green"], id="bullets"),
        pytest.param("1. red\n2) blue\n(3) green", ["red", "blue", "green"], id="numbered lines"),
        pytest.param("1. red 2. blue 3. green", ["red", "blue", "green"], id="numbered in one line"),
        pytest.param("a) red\nb) blue", ["red", "blue"], id="lettered lines"),
        pytest.param("(a) red (b) blue", ["red", "blue"], id="lettered in one line"),
        pytest.param("Firstly, red. Secondly, blue", ["red", "blue"], id="ordinal words"),
        pytest.param("the first world war", ["the first world war"], id="an ordinal in a name"),
        pytest.param("It cost 1,000 dollars", ["It cost 1,000 dollars"], id="thousands separator"),
        pytest.param("It is 3.14", ["It is 3.14"], id="decimal point"),
        pytest.param("300,000 km/s", ["300,000 km/s"], id="a unit is not a list"),
        pytest.param("It falls. Then it rises.", ["It falls", "it rises"], id="sentences"),
        pytest.param("buck-passing", ["buck-passing"], id="hyphen"),
        pytest.param("deterrance n compelence", ["deterrance", "compelence"], id="n for and"),
        pytest.param("salt 'n' pepper", ["salt", "pepper"], id="n in quotes"),
        pytest.param("salt n' pepper", ["salt", "pepper"], id="n with one quote"),
        pytest.param("salt nd pepper", ["salt", "pepper"], id="nd for and"),
        pytest.param("hot n cold, wet n dry", ["hot", "cold", "wet", "dry"], id="n twice"),
        pytest.param("deterrence&compellence", ["deterrence", "compellence"], id="ampersand without blanks"),
        pytest.param("deterrence & compellence + force", ["deterrence", "compellence", "force"], id="ampersand, plus"),
        pytest.param("R&D", ["R&D"], id="an ampersand in a short name"),
        pytest.param("let n = 5", ["let n = 5"], id="n is a number"),
        pytest.param("the first n terms", ["the first n terms"], id="n counts"),
        pytest.param("prove it for n then n+1", ["prove it for n", "n+1"], id="n in a formula"),
        pytest.param("silicon N doped", ["silicon N doped"], id="capital N"),
        pytest.param("an n-type layer", ["an n-type layer"], id="n with a hyphen"),
        pytest.param("rock n roll, jazz", ["rock n roll", "jazz"], id="n in a name"),
        pytest.param("the 2 nd law", ["the 2 nd law"], id="nd of an ordinal"),
        pytest.param("1914, no, 1915", ["1915"], id="a correction"),
        pytest.param("red, blue - sorry, I mean - green", ["red", "green"], id="a longer correction"),
        pytest.param("No, because of bias", ["No", "because of bias"], id="no as an answer"),
        pytest.param("", [], id="empty"),
        pytest.param("...", [], id="marks"),
        pytest.param("-5 °C", ["-5 °C"], id="a sign belongs to its number"),
    ],
)
def test_atoms(answer: str, atoms: list[str]) -> None:
    assert [atom.text for atom in split(answer).atoms] == atoms


def test_an_explanation_is_known_as_one() -> None:
    assert split("total war, because it is big").elaborates == (False, True)


def test_ranges_join_neighbours_and_end_with_the_whole() -> None:
    parts = split("a1, b2, c3")
    assert {(0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3)} == set(parts.ranges)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_spans_are_the_raw_text_and_do_not_overlap(answer: str) -> None:
    parts = split(answer)
    last = 0
    for atom in parts.atoms:
        assert answer[atom.start : atom.end] == atom.text
        assert last <= atom.start < atom.end
        last = atom.end
    for start, end in parts.ranges:
        assert 0 <= start < end <= len(parts.atoms)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["total war", "containment", "deterrence", "free riding"]), min_size=1, max_size=6))
def test_separators_do_not_matter(items: list[str]) -> None:
    ways = [", ".join(items), "; ".join(items), "\n".join(f"- {item}" for item in items), " and ".join(items)]
    ways += [" n ".join(items), " & ".join(items), " + ".join(items)]
    assert all([atom.text for atom in split(way).atoms] == items for way in ways)


def test_a_long_answer_is_read_in_bounded_pieces() -> None:
    parts = split("word, " * 200_000)
    assert len(parts.atoms) == 1000
    assert len(parts.ranges) == 1000
    assert parts.atoms[-1].end == len("word, " * 200_000) - 2


def test_the_context_of_a_short_answer_is_all_of_it() -> None:
    assert set(split("one, two; three").contexts(90)) == {"one, two; three"}


def test_the_context_in_a_long_answer_is_a_window_around_the_range() -> None:
    parts = split(", ".join(f"a{n} b" for n in range(200)))
    found = dict(zip(parts.ranges, parts.contexts(40), strict=True))
    for (start, end), context in found.items():
        assert parts.span((start, end)).text in context
        if end - start == 1:
            assert context.count(" b") <= 21
    single = [context for (start, end), context in found.items() if end - start == 1]
    assert len(set(single)) <= 20, "windows are shared"
    assert "a98 b" in found[100, 101]
    assert "a102 b" in found[100, 101]


@pytest.mark.parametrize(
    ("answer", "atoms"),
    [
        pytest.param("<ul><li>red wine</li><li>bread</li></ul>", ["red wine", "bread"], id="a pasted list"),
        pytest.param("red wine<br/>bread", ["red wine", "bread"], id="a line break"),
        pytest.param("x < y > z", ["x < y > z"], id="signs of order are no markup"),
    ],
)
def test_page_markup_parts_lines(answer: str, atoms: list[str]) -> None:
    assert [atom.text for atom in split(answer).atoms] == atoms


@pytest.mark.parametrize(
    ("answer", "listing"),
    [
        pytest.param("red, blue, green, pink, black, white, grey, brown", True, id="eight names"),
        pytest.param("red, blue, green, pink", False, id="a short list"),
        pytest.param("the allies drag it in, " * 8, False, id="clauses"),
    ],
)
def test_a_long_list_of_names_is_a_listing(answer: str, listing: bool) -> None:
    assert split(answer).is_listing is listing
