from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import clean, content_words, fold, says_nothing, stem, tokenise


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Buck-Passing", "buck‑passing", id="non-breaking hyphen"),
        pytest.param("don’t", "don't", id="typographic apostrophe"),
        pytest.param("“free riding”", '"free riding"', id="typographic quotes"),
        pytest.param("ﬁnal", "final", id="ligature"),
        pytest.param("so\u00adft po\u200bwer", "soft power", id="soft hyphen and zero-width space"),
        pytest.param("\ufeffsoft power", "soft power", id="byte order mark"),
        pytest.param("soft\u00a0\tpower ", "soft power", id="blanks"),
        pytest.param("dеtеrrеncе", "deterrence", id="Cyrillic e in a Latin word"),
        pytest.param("сарасе", "capace", id="a word wholly in look-alikes"),
        pytest.param("café", "cafe", id="accent left out"),
        pytest.param("cafe\u0301", "café", id="combining accent"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("a → b", "a > b", id="arrow"),
        pytest.param("ＳＷＩＦＴ", "swift", id="full width"),
    ],
)
def test_folds_to_the_same(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("10⁶", "106", id="raised figure"),
        pytest.param("α", "a", id="a Greek symbol is not a letter"),
        pytest.param("mitosis", "meiosis", id="other word"),
        pytest.param("-5", "5", id="sign"),
    ],
)
def test_keeps_apart(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text())
def test_tokens_point_into_the_raw_text_in_order(text: str) -> None:
    last = 0
    for token in tokenise(text):
        assert last <= token.start < token.end <= len(text)
        last = token.start
        assert fold(text[token.start : token.end]).replace(" ", "").find(token.text[:1]) >= 0


def test_a_token_covers_its_raw_word() -> None:
    raw = "The so\u00adft ﬁnal, 3.14!"
    assert [raw[token.start : token.end] for token in tokenise(raw)] == ["The", "so\u00adft", "ﬁnal", ",", "3.14", "!"]


@pytest.mark.parametrize(
    ("answer", "blank"),
    [
        pytest.param("", True, id="empty"),
        pytest.param(" \n\t", True, id="blanks"),
        pytest.param("?!...", True, id="marks"),
        pytest.param("🙂🙂", True, id="emoji"),
        pytest.param("\u200b\u00ad", True, id="invisible"),
        pytest.param("I don't know", True, id="don't know"),
        pytest.param("i dont know", True, id="without apostrophe"),
        pytest.param("IDK", True, id="idk"),
        pytest.param("idk sorry", True, id="idk sorry"),
        pytest.param("no idea", True, id="no idea"),
        pytest.param("n/a", True, id="n/a"),
        pytest.param("no", False, id="no is an answer"),
        pytest.param("No, because of selection bias", False, id="no, because"),
        pytest.param("idk but maybe total war", False, id="idk with a guess"),
        pytest.param("they don't know who will attack", False, id="not knowing as content"),
        pytest.param("42", False, id="a number"),
    ],
)
def test_says_nothing(answer: str, blank: bool) -> None:
    assert says_nothing(answer) is blank


def test_content_words_keep_negation_and_order() -> None:
    assert content_words("The states do not attack the ally") == ("states", "not", "attack", "ally")


def test_stems_join_inflections() -> None:
    assert {stem("alliances"), stem("alliance")} == {stem("alliance")}


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_clean_text_can_be_encoded(text: str) -> None:
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)
