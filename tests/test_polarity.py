from __future__ import annotations

import pytest
from hypothesis import given, settings
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
        ("it prevents rust", []),
        ("it does not prevent rust", ["prevent"]),
        ("never without oxygen", []),
        ("not only oxygen", []),
        ("not by orders but by attraction", ["orders"]),
        ("it melts, not freezes", ["freezes"]),
        ("it does not melt. it boils", ["melt"]),
        ("no doubt it melts", []),
        ("no, it melts", []),
        ("it isn't oxygen, it's nitrogen", ["oxygen"]),
        ("diamond does not", ["diamond"]),
        ("oxygen is absent", ["oxygen"]),
        ("it is paid, not when it is earned", ["earned"]),
        ("no more salt dissolves", ["more", "salt", "dissolves"]),
        ("no more than two melt", []),
        ("without oxygen cells cannot respire", ["oxygen", "cells", "respire"]),
        ("all metals except mercury are solid", ["mercury"]),
        ("he may say no with his veto", []),
        ("you don't know the price", []),
        ("less soil is washed away", []),
        ("it keeps the oil from spreading", []),
        ("the flow is stopped", []),
        ("non-renewable energy", []),
        ("an intransitive verb takes no object", ["object"]),
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
    ("The US does not enter the war", "the US enters the war", Reason.NEGATED),
    ("Without oxygen, cells cannot respire", "cells can respire without oxygen", Reason.NEGATED),
    ("Its energy is not lost but changed into heat", "its energy is lost and not changed into heat", Reason.NEGATED),
    ("0.1 has no exact form, so errors appear", "0.1 has an exact form so no errors appear", Reason.NEGATED),
    ("Attraction, not orders", "orders, not attraction", Reason.NEGATED),
    ("Paid when it is earned, not when it is received", "paid when received, not when it is earned", Reason.NEGATED),
    ("It kills all microbes including spores", "it kills all microbes except spores", Reason.NEGATED),
    ("No key depends on it", "every key depends on it", Reason.NEGATED),
    ("Esteem", "esteem isn't in it", Reason.NEGATED),
    ("Graphite conducts, diamond does not", "diamond conducts, graphite does not", Reason.NEGATED),
    ("Increase supply, decrease demand", "do not increase supply, decrease demand", Reason.NEGATED),
    ("Increase supply, decrease demand", "decrease supply, decrease demand", Reason.ANTONYM),
    ("Increase supply, decrease demand", "decrease supply, increase demand", Reason.ANTONYM),
    ("Information that supports the belief", "information that contradicts the belief", Reason.ANTONYM),
    ("The air column is shortest", "the air column is longest", Reason.ANTONYM),
    ("A time with less rain than normal", "a time with more rain than normal", Reason.ANTONYM),
    ("Higher hopes lead to better results", "higher hopes lead to worse results", Reason.ANTONYM),
    ("Denial comes before anger", "denial comes after anger", Reason.ANTONYM),
    ("The mean is greater than the median", "mean smaller than median", Reason.ANTONYM),
    ("Both alleles of the gene the same", "two different alleles", Reason.ANTONYM),
    ("It takes a longer way to stop as it has more mass", "it takes a shorter way as it has more mass", Reason.ANTONYM),
    (
        "A stable internal state despite changes outside",
        "a stable external state despite changes inside",
        Reason.ANTONYM,
    ),
    ("Air pushes up on it from below", "air pushes down on it from above", Reason.ANTONYM),
    ("Iron is heavier than wood", "iron is lighter than wood", Reason.ANTONYM),
    ("No, because the sample is biased", "yes because the sample is biased", Reason.NEGATED),
    ("No, because the sample is biased", "Yes.", Reason.NEGATED),
    ("Yes: it dissolves", "it does not", Reason.NEGATED),
    ("Yes, it floats", "no it sinks", Reason.NEGATED),
    ("True", "False", Reason.NEGATED),
    ("A is larger than B", "B is larger than A", Reason.SWAPPED),
    ("Iron > copper", "copper > iron", Reason.SWAPPED),
    ("Short-term rates are higher than long-term rates", "long-term rates are higher than short-term", Reason.SWAPPED),
    ("A was invaded by B", "A invaded B", Reason.SWAPPED),
    ("Smoking causes cancer", "cancer causes smoking", Reason.SWAPPED),
    ("Smoking causes cancer", "smoking is caused by cancer", Reason.SWAPPED),
    ("Suffering is caused by craving", "suffering leads to craving", Reason.SWAPPED),
    ("Denial comes before anger", "anger comes before denial", Reason.SWAPPED),
    ("Signals go from the brain to the muscles", "signals go from the muscles to the brain", Reason.SWAPPED),
    ("Velocity is speed in a direction", "speed is velocity in a direction", Reason.SWAPPED),
    ("Speed = distance / time", "speed = time / distance", Reason.SWAPPED),
    (
        "Evaporation happens at any heat, boiling at its point",
        "boiling happens at any heat, evaporation at its point",
        Reason.SWAPPED,
    ),
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
        pytest.param("weak", "not strong", id="not strong"),
        pytest.param("fewer workers", "not many workers", id="not many"),
        pytest.param("less friction", "smaller friction", id="less and smaller"),
        pytest.param("unable to vote", "cannot vote", id="unable and cannot"),
        pytest.param("lacks oxygen", "has no oxygen", id="lacks and has no"),
        pytest.param("It fails to melt", "it does not melt", id="fails and does not"),
        pytest.param("Impossible to measure", "cannot be measured", id="impossible and cannot"),
        pytest.param("Abolished slavery", "no slavery", id="abolished and no"),
        pytest.param("Blocks fish migration", "fish cannot migrate", id="blocks and cannot"),
        pytest.param("Less soil is washed away", "the soil is not washed away", id="less and not"),
        pytest.param("attracted less strongly", "the attraction is weaker", id="less strongly and weaker"),
        pytest.param("Without light no chlorophyll forms", "chlorophyll forms only with light", id="only with"),
        pytest.param("Light is needed to form starch", "no light so it did not form starch", id="needed for"),
        pytest.param("No taxes without consent", "they must consent to taxes", id="must for no without"),
        pytest.param("Without oxygen, cells cannot respire", "cells cannot respire without oxygen", id="turned round"),
        pytest.param("Increase supply, decrease demand", "decrease demand, increase supply", id="both opposites"),
        pytest.param("Increase supply, decrease demand", "increase supply and decrease demand", id="both again"),
        pytest.param("Graphite conducts, diamond does not", "diamond is an insulator", id="a verb left out"),
        pytest.param(
            "Rough ones have more friction than smooth", "smooth so there is less", id="of the other compared"
        ),
        pytest.param("The end is below the dot", "dot above the end", id="above and below turned round"),
        pytest.param("In hot water it melts faster than in cold", "in cold water it is slow", id="the slower one"),
        pytest.param("A glass is full of air", "an empty glass isn't empty, it holds air", id="an opposite taken back"),
        pytest.param("Evaporation at any heat, boiling at one", "that's evaporation, not boiling", id="a contrast"),
        pytest.param("No immigration", "no migration", id="a prefix that denies nothing"),
        pytest.param("Because it is biased", "no, because it is biased", id="an opening that answers nothing"),
        pytest.param("No, because it is biased", "no it is biased", id="both say no"),
        pytest.param("No, the air pushes it", "it is because the air pushes it", id="it is because"),
        pytest.param("Yes, it floats", "it does, because it floats", id="it does"),
        pytest.param("No taxes", "true freedom", id="no and true as words"),
        pytest.param("A > B", "B < A", id="signs turned round"),
        pytest.param("The nearer the lamp, the more bubbles", "far away there are less bubbles", id="the other end"),
        pytest.param("Greater than the critical angle", "not less than the critical angle", id="not less than"),
        pytest.param("It stays the same size", "it doesn't change size", id="stays and does not change"),
        pytest.param("Refusing to accept it", "not accepting it", id="refusing and not"),
        pytest.param("Folate deficiency", "lack of folate", id="deficiency and lack"),
        pytest.param("Move the puppet closer to the torch", "move the torch closer to the puppet", id="closer to"),
        pytest.param("The signal is passed on, by ions", "the signal gets passed by ions", id="both passive"),
        pytest.param("A is larger than B", "B is smaller than A", id="smaller turned round"),
        pytest.param("A was invaded by B", "B invaded A", id="passive with letters"),
        pytest.param("Denial comes before anger", "anger comes after denial", id="after turned round"),
        pytest.param("Smoking causes cancer", "cancer is caused by smoking", id="caused by turned round"),
        pytest.param(
            "Rough surfaces have friction", "friction is high when a surface is rough", id="a condition first"
        ),
        pytest.param("Paris is the capital", "the capital is Paris", id="is turned round"),
        pytest.param("Treated bed nets", "nets over beds that are treated", id="a compound taken apart"),
        pytest.param(
            "Open markets, low taxes, free trade", "free trade, low taxes, open markets", id="a list of pairs"
        ),
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


@settings(deadline=None)
@given(st.lists(st.sampled_from(SALAD), max_size=12))
def test_word_salads_never_conflict_with_themselves(words: list[str]) -> None:
    text = " ".join(words)
    assert polarity_conflict(text, text) is None


@settings(deadline=None)
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
