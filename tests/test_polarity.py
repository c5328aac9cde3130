from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.polarity import negated_words, polarity_conflict
from grader.judge.word_lists import word_lines
from grader.records import Reason


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("it does not absorb light", ["absorb", "light"]),
        ("it doesnt absorb light", ["absorb", "light"]),
        ("it doesn't absorb light", ["absorb", "light"]),
        ("it doesn’t absorb light", ["absorb", "light"]),
        ("no light is absorbed", ["light", "absorbed"]),
        ("it never melts", ["melts"]),
        ("without oxygen", ["oxygen"]),
        ("it fails to melt", ["melt"]),
        ("it rarely melts", ["melts"]),
        ("hardly any oxygen", ["oxygen"]),
        ("oxygen no longer enters", ["enters"]),
        ("oxygen instead of nitrogen", ["nitrogen"]),
        ("oxygen rather than nitrogen", ["nitrogen"]),
        ("neither oxygen nor nitrogen", ["oxygen"]),
        ("it prevents rust", ["rust"]),
        ("it does not prevent rust", ["prevent"]),
        ("never without oxygen", []),
        ("not only oxygen", []),
        ("not by orders but by attraction", ["orders"]),
        ("it melts, not freezes", ["freezes"]),
        ("it does not melt. it boils", ["melt"]),
        ("no doubt it melts", []),
        ("no, it melts", []),
        ("it isn't oxygen, it's nitrogen", ["oxygen"]),
        ("oxygen and nitrogen", []),
        ("", []),
    ],
)
def test_scope(text: str, denied: list[str]) -> None:
    assert list(negated_words(text)) == denied


CONFLICTS = [
    ("inflation rises", "inflation falls", Reason.ANTONYM),
    ("The demand for bread increases", "the demand for bread decreases", Reason.ANTONYM),
    ("Water expands when it freezes", "water contracts when it freezes", Reason.ANTONYM),
    ("Plants absorb carbon dioxide", "plants release carbon dioxide", Reason.ANTONYM),
    ("Opposite charges attract", "opposite charges repel", Reason.ANTONYM),
    ("Acids turn litmus red below pH 7", "acids turn litmus red above pH 7", Reason.ANTONYM),
    ("The reaction is exothermic", "the reaction is endothermic", Reason.ANTONYM),
    ("Warm air rises above cold air", "warm air sinks below cold air", Reason.ANTONYM),
    ("Strong states gain territory", "strong states lose territory", Reason.ANTONYM),
    ("The weather became unstable", "the weather became stable", Reason.ANTONYM),
    ("Enzymes speed up reactions", "enzymes do not speed up reactions", Reason.NEGATED),
    ("Enzymes speed up reactions", "enzymes dont speed up reactions", Reason.NEGATED),
    ("Metals conduct electricity", "metals never conduct electricity", Reason.NEGATED),
    ("The treaty was ratified by the senate", "the treaty was not ratified by the senate", Reason.NEGATED),
    ("Noble gases do not react", "noble gases react", Reason.NEGATED),
    ("Light travels without a medium", "light travels through a medium", Reason.NEGATED),
    ("Germany invaded Poland", "Poland invaded Germany", Reason.SWAPPED),
    ("Germany invaded Poland", "Germany was invaded by Poland", Reason.SWAPPED),
    ("Poland was invaded by Germany", "Germany was invaded by Poland", Reason.SWAPPED),
    ("The moon orbits the earth", "the earth orbits the moon", Reason.SWAPPED),
    ("Energy flows from plants to animals", "energy flows from animals to plants", Reason.SWAPPED),
    ("Sunlight warms the ground", "the ground warms the sunlight", Reason.SWAPPED),
    ("strong gain autonomy, weak gain security", "strong gain security, weak gain autonomy", Reason.SWAPPED),
]


@pytest.mark.parametrize(("reference", "answer", "reason"), CONFLICTS)
def test_conflicts(reference: str, answer: str, reason: Reason) -> None:
    found = polarity_conflict(reference, answer)
    assert found is not None
    assert found[0] is reason


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        pytest.param("inflation rises", "prices rise", id="paraphrase"),
        pytest.param("inflation rises", "inflation does not fall", id="negated opposite"),
        pytest.param("strong", "not weak", id="not weak"),
        pytest.param("Poland was invaded by Germany", "Germany invaded Poland", id="passive turned"),
        pytest.param("Germany invaded Poland", "Poland was invaded by Germany", id="active turned"),
        pytest.param("Germany invaded Poland", "Germany attacked Poland", id="same order"),
        pytest.param("One side preserves the status quo", "it preserves, whereas the other changes", id="contrast"),
        pytest.param("Getting what you want by attraction", "not by orders but by attraction", id="not X but Y"),
        pytest.param("red, yellow, blue", "blue, yellow, red", id="a list in another order"),
        pytest.param("peace and security", "security and peace", id="joined by and"),
        pytest.param("A is greater than B in mass", "B is less than A in mass", id="compared the other way"),
        pytest.param("Noble gases do not react", "noble gases are not reactive", id="both deny"),
        pytest.param("Noble gases do not react", "noble gases fail to react", id="denied in other words"),
        pytest.param("Enzymes speed up reactions", "enzymes speed up reactions, not only in cells", id="not only"),
        pytest.param("Enzymes speed up reactions", "without enzymes life stops", id="the counterfactual"),
        pytest.param("As price falls, demand rises", "as price rises, demand falls", id="both turned about"),
        pytest.param("the demand rises", "it goes up", id="no shared words"),
        pytest.param("", "", id="empty"),
        pytest.param("rises", "", id="empty answer"),
        pytest.param("", "falls", id="empty reference"),
        pytest.param("Two magnets attract each other", "each other is attracted by two magnets", id="pronouns"),
        pytest.param("France and Britain signed a treaty", "Britain and France signed a treaty", id="two subjects"),
        pytest.param("Water freezes at zero degrees", "at zero degrees water freezes", id="clause moved"),
    ],
)
def test_no_conflict(reference: str, answer: str) -> None:
    assert polarity_conflict(reference, answer) is None


def test_evidence_is_in_the_learners_words() -> None:
    found = polarity_conflict("inflation rises", "Inflation FALLS")
    assert found == (Reason.ANTONYM, "FALLS, not rises")


@pytest.mark.parametrize(("reference", "answer", "reason"), CONFLICTS)
def test_a_text_never_conflicts_with_itself(reference: str, answer: str, reason: Reason) -> None:
    assert polarity_conflict(reference, reference) is None
    assert polarity_conflict(answer, answer) is None


SALAD = ("strong", "weak", "rises", "falls", "not", "never", "without", "gain", "lose", "than", "by", "and", ",", ".")


@given(st.lists(st.sampled_from(SALAD), max_size=12))
def test_word_salads_never_conflict_with_themselves(words: list[str]) -> None:
    text = " ".join(words)
    assert polarity_conflict(text, text) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_can_be_compared(reference: str, answer: str) -> None:
    found = polarity_conflict(reference, answer)
    assert found is None or found[1]


def test_the_list_of_opposites_is_well_formed() -> None:
    lines = word_lines("antonyms.txt")
    pairs = 0
    for line in lines:
        one, other = line.removeprefix("~").split(" / ")
        assert not set(one.split()) & set(other.split()), line
        pairs += len(one.split()) * len(other.split())
    assert len(lines) == len(set(lines))
    assert pairs >= 350
