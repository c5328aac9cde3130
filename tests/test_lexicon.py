from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ModelError
from grader.judge.lexicon import Spelling, align_words, is_initialism, is_word, rank, spelling
from grader.judge.word_lists import word_levels, word_lines
from grader.models import ENVIRONMENT_VARIABLE, models_path

SAME, INFLECTED, TYPO, NEAR, DIFFERENT = (
    Spelling.SAME,
    Spelling.INFLECTED,
    Spelling.TYPO,
    Spelling.NEAR_MISS,
    Spelling.DIFFERENT,
)


@pytest.mark.parametrize(
    ("reference", "answer", "expected"),
    [
        ("alliance", "alliance", SAME),
        ("chain-ganging", "chainganging", SAME),
        ("alliance", "alliances", INFLECTED),
        ("invade", "invaded", INFLECTED),
        ("invade", "invasion", INFLECTED),
        ("absorb", "absorption", INFLECTED),
        ("decide", "decision", INFLECTED),
        ("expand", "expansion", INFLECTED),
        ("evaporate", "evaporation", INFLECTED),
        ("clarify", "clarity", INFLECTED),
        ("stop", "stopped", INFLECTED),
        ("heavy", "heavier", INFLECTED),
        ("rise", "rose", INFLECTED),
        ("strong", "strength", INFLECTED),
        ("bacteria", "bacterium", INFLECTED),
        ("autonomy", "autonomous", INFLECTED),
        ("colour", "color", INFLECTED),
        ("organisation", "organization", INFLECTED),
        ("haemoglobin", "hemoglobin", INFLECTED),
        ("centre", "center", INFLECTED),
        ("defence", "defense", INFLECTED),
        ("diarrhoea", "diarrhea", INFLECTED),
        ("separate", "seperate", TYPO),
        ("definitely", "definately", TYPO),
        ("photosynthesis", "fotosynthesis", TYPO),
        ("receive", "recieve", TYPO),
        ("friction", "frikshun", TYPO),
        ("moisture", "mositure", TYPO),
        ("government", "goverment", TYPO),
        ("necessary", "neccesary", TYPO),
        ("beginning", "begining", TYPO),
        ("deterrence", "deterrance", TYPO),
        ("reconstituted", "recostituted", TYPO),
        ("haemoglobin", "heamoglobin", TYPO),
        ("hypertension", "hypertention", TYPO),
        ("reckless", "wreckless", TYPO),
        ("mitosis", "mitosys", TYPO),
        ("whether", "wether", TYPO),
        ("weak", "week", TYPO),
        ("pasing", "passing", TYPO),
        ("mitosis", "meiosis", NEAR),
        ("mitosis", "meosis", NEAR),
        ("hypertension", "hypotension", NEAR),
        ("hypertension", "hypotention", NEAR),
        ("affect", "effect", NEAR),
        ("compliance", "complaints", NEAR),
        ("prokaryote", "eukaryote", NEAR),
        ("adsorption", "absorption", NEAR),
        ("endothermic", "exothermic", NEAR),
        ("interstate", "intrastate", NEAR),
        ("antenatal", "antinatal", NEAR),
        ("import", "export", NEAR),
        ("immigration", "emigration", NEAR),
        ("inhale", "exhale", NEAR),
        ("increase", "decrease", NEAR),
        ("stable", "unstable", NEAR),
        ("linear", "nonlinear", NEAR),
        ("methane", "ethane", NEAR),
        ("alkane", "alkene", NEAR),
        ("prophase", "anaphase", NEAR),
        ("sodium", "potassium", DIFFERENT),
        ("organ", "organisation", DIFFERENT),
        ("oxidation", "reduction", DIFFERENT),
        ("four", "for", DIFFERENT),
        ("dog", "god", DIFFERENT),
        ("free", "three", DIFFERENT),
        ("1914", "1915", DIFFERENT),
    ],
)
def test_spelling(reference: str, answer: str, expected: Spelling) -> None:
    assert spelling(reference, answer) is expected


def test_a_word_of_the_card_is_no_misspelling() -> None:
    assert spelling("maslov", "maslow") is TYPO
    assert spelling("maslov", "maslow", frozenset({"maslow", "maslov"})) is NEAR


def test_a_misspelling_belongs_to_the_nearest_word_of_the_card() -> None:
    known = frozenset({"lysosome", "ribosome"})
    assert spelling("ribosome", "ribosone", known) is TYPO
    assert spelling("ribosome", "lysosone", known) is not TYPO


@pytest.mark.parametrize(
    ("short", "words", "expected"),
    [
        ("ATP", "adenosine triphosphate", True),
        ("DNA", "deoxyribonucleic acid", True),
        ("BoP", "balance of power", True),
        ("GDP", "gross domestic product", True),
        ("NGOs", "non-governmental organisations", True),
        ("NGOs", "non governmental organisations", True),
        ("U.S.", "United States", True),
        ("UK", "United Kingdom", True),
        ("EU", "European Union", True),
        ("UN", "United Nations", True),
        ("WHO", "World Health Organisation", True),
        ("WW1", "World War 1", True),
        ("WWI", "First World War", True),
        ("ww2", "Second World War", True),
        ("ww2", "World War 1", False),
        ("it", "information technology", False),
        ("is", "international system", False),
        ("BP", "blood pressure", True),
        ("a", "autonomy", False),
        ("", "balance of power", False),
        ("xyz", "balance of power", False),
    ],
)
def test_initialisms(short: str, words: str, expected: bool) -> None:
    assert is_initialism(short, words.split()) is expected


@pytest.mark.parametrize(
    ("reference", "answer", "expected"),
    [
        pytest.param("buck passing", "buck pasing", [SAME, TYPO], id="typo"),
        pytest.param("chain ganging", "chainganging", [SAME, SAME], id="joined"),
        pytest.param("chainganging", "chain ganging", [SAME], id="split"),
        pytest.param("autonomy security", "security autonomy", [SAME, SAME], id="order is free"),
        pytest.param("soft power", "power", [DIFFERENT, SAME], id="one missing"),
        pytest.param("soft power", "", [DIFFERENT, DIFFERENT], id="nothing said"),
        pytest.param("", "soft power", [], id="nothing wanted"),
        pytest.param("power power", "power", [SAME, DIFFERENT], id="a word is used once"),
    ],
)
def test_alignment(reference: str, answer: str, expected: list[Spelling]) -> None:
    assert [match.spelling for match in align_words(reference.split(), answer.split())] == expected


def test_alignment_says_where() -> None:
    first, second = align_words(("buck", "passing"), ("the", "buck", "pasing"))
    assert (first.start, first.end, second.start, second.end) == (1, 2, 2, 3)


def test_common_words_rank_before_rare_ones() -> None:
    the, mitosis = rank("the"), rank("mitosis")
    assert the is not None
    assert mitosis is not None
    assert the < mitosis
    assert rank("qzxv") is None


@pytest.mark.parametrize("word", ["mitosis", "meiosis", "colour", "color", "eukaryotes"])
def test_words_are_known(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize("word", ["seperate", "definately", "teh", "", "123"])
def test_strings_that_are_no_words(word: str) -> None:
    assert not is_word(word)


def test_the_list_is_small_and_has_no_clock_in_it() -> None:
    data = (models_path() / "words" / "english.txt.gz").read_bytes()
    assert len(data) < 700_000
    assert data[4:8] == bytes(4)  # the time stamp of a gzip member (RFC 1952)
    assert gzip.decompress(data).decode("utf-8").startswith("0 the\n")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    (tmp_path / "words").mkdir()
    return tmp_path / "words"


def test_a_missing_list_says_where_and_what_to_do(elsewhere: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.txt.*missing; reinstall"):
        word_lines("none.txt")


def test_a_damaged_list_says_so(elsewhere: Path) -> None:
    (elsewhere / "broken.txt.gz").write_bytes(b"no gzip at all")
    with pytest.raises(ModelError, match=r"broken\.txt\.gz.*cannot be read"):
        word_lines("broken.txt.gz")


words = st.sampled_from(sorted(word_levels())[::97])


@settings(deadline=None)
@given(words, words)
def test_same_and_inflected_are_symmetric(one: str, other: str) -> None:
    exact = {SAME, INFLECTED}
    assert (spelling(one, other) in exact) == (spelling(other, one) in exact)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_strings_can_be_compared(one: str, other: str) -> None:
    assert spelling(one, other) in Spelling
    assert spelling(one, one) is SAME
