from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import Card, Grader, Judgement, Pair, Reason, UsageError, Verdict, load_deck
from grader.encode import CharNgramEncoder
from grader.judge import light_judge

DANGERS = Card.from_items(
    "3 dangers of alliances",
    [
        "Chain-ganging: states get dragged into war to save reckless allies (e.g. WW1)",
        "Buck-passing: states let others bear the burden | free riding",
        "Autonomy-security trade-off",
    ],
)
CAPITAL = Card.from_items("What is the capital of Australia?", ["Canberra"])
STAGES = Card.from_items("3 stages, in order", ["Denial", "Anger", "Bargaining"], ordered=True)


@pytest.fixture(scope="module")
def light() -> Grader:
    """The path of a grade without a model: evidence and guards on character n-grams."""
    return Grader(encoder=CharNgramEncoder(), judge=light_judge())


@pytest.fixture(scope="module")
def shipped() -> Grader:
    return Grader()


@pytest.mark.parametrize(
    ("card", "answer", "score", "verdict"),
    [
        pytest.param(DANGERS, "chain ganging, buck passing, autonomy-security tradeoff", 1.0, "correct", id="terms"),
        pytest.param(
            DANGERS, "autonomy security trade off; buck-passing\nChain-Ganging", 1.0, "correct", id="any order"
        ),
        pytest.param(DANGERS, "chian-ganging and buck pasing", 0.6667, "partial", id="typos"),
        pytest.param(DANGERS, "free riding", 0.3333, "partial", id="alias"),
        pytest.param(DANGERS, "buck passing, free riding, buck-passing", 0.3333, "partial", id="repeats earn once"),
        pytest.param(DANGERS, "", 0.0, "blank", id="blank"),
        pytest.param(DANGERS, "idk", 0.0, "blank", id="idk"),
        pytest.param(DANGERS, "3 dangers of alliances", 0.0, "incorrect", id="the prompt said back"),
        pytest.param(CAPITAL, "Canberra", 1.0, "correct", id="fact"),
        pytest.param(CAPITAL, "Sydney, Canberra", 0.5, "partial", id="a hedge costs half"),
        pytest.param(STAGES, "denial, anger, bargaining", 1.0, "correct", id="in order"),
        pytest.param(STAGES, "anger, bargaining, denial", 0.6667, "partial", id="one out of order"),
    ],
)
def test_grades(light: Grader, card: Card, answer: str, score: float, verdict: str) -> None:
    grade = light.grade(card, answer)
    assert (grade.score, grade.verdict) == (score, verdict)


def test_a_hedge_is_sent_to_review(light: Grader) -> None:
    assert light.grade(CAPITAL, "Sydney, Canberra").needs_review


def test_saying_nothing_can_be_the_answer(light: Grader) -> None:
    card = Card.from_items("What can you say of it?", ["I don't know"])
    assert light.grade(card, "i don’t know").score == 1.0


def test_spans_are_the_learners_own_words(light: Grader) -> None:
    answer = "  • “Chian-ganging”, then\nbuck pasing!"
    grade = light.grade(DANGERS, answer)
    for item in grade.items:
        for span in item.spans:
            assert answer[span.start : span.end] == span.text
    assert [span.text for span in grade.items[1].spans] == ["buck pasing"]


def test_a_foreign_deck_is_graded_with_a_warning(light: Grader) -> None:
    card = Card.from_items("Hauptstadt von Australien", ["Canberra"], language="de")
    grade = light.grade(card, "Canberra")
    assert grade.score == 1.0
    assert grade.needs_review
    assert "'de'" in grade.notes[0]


def test_points_are_the_cards(light: Grader) -> None:
    card = Card.from_items("2 colours", ["red", "blue"], points=6)
    grade = light.grade(card, "red")
    assert (grade.points, grade.max_points) == (3.0, 6.0)


def test_a_stricter_profile_never_gives_more(light: Grader) -> None:
    strict = Grader(encoder=light.encoder, judge=light.judge, profile="strict")
    lenient = Grader(encoder=light.encoder, judge=light.judge, profile="lenient")
    for answer in ("states are dragged to war", "others carry the burden", "chains, bucks", "war and autonomy"):
        scores = [one.grade(DANGERS, answer).score for one in (lenient, light, strict)]
        assert scores == sorted(scores, reverse=True)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError, match="'harsh'; use one of lenient, standard, strict"):
        Grader(encoder=CharNgramEncoder(), profile="harsh")


def test_another_judge_is_named_in_the_signature() -> None:
    class Strict:
        name = "strict-1"

        def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
            return [
                Judgement(float(pair.text == pair.reference), 0.0, float(pair.text == pair.reference), Reason.EXACT)
                for pair in pairs
            ]

    grader = Grader(encoder=CharNgramEncoder(), judge=Strict())
    assert "|judge:strict-1|" in grader.signature
    assert grader.grade(CAPITAL, "Canberra").score == 1.0
    assert grader.grade(CAPITAL, "canberra!").score == 0.0


WORDS = [
    "chain",
    "ganging",
    "buck",
    "passing",
    "states",
    "war",
    "others",
    "burden",
    "not",
    "free",
    "autonomy",
    "security",
    "the,",
    "and;",
    "\n",
    "1914",
    "idk",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=1, max_size=12), st.randoms())
def test_a_grade_does_not_depend_on_its_batch(light: Grader, answers: list[str], shuffled: random.Random) -> None:
    alone = [light.grade(DANGERS, answer) for answer in answers]
    order = list(range(len(answers)))
    shuffled.shuffle(order)
    mixed = dict(zip(order, light.grade_many((DANGERS, answers[k]) for k in order), strict=True))
    assert [mixed[k] for k in range(len(answers))] == alone


@settings(max_examples=60, deadline=None)
@given(answer=st.text(alphabet=st.characters(exclude_categories=[]), max_size=80))
def test_any_text_is_graded(light: Grader, answer: str) -> None:
    grade = light.grade(DANGERS, answer)
    assert 0.0 <= grade.score <= 1.0
    assert 0.0 <= grade.confidence <= 1.0


def test_a_megabyte_is_graded(light: Grader) -> None:
    assert light.grade(DANGERS, "buck passing. " + "noise " * 170_000).items[1].credit == 1.0


@pytest.mark.model
def test_the_shipped_models_grade_alone_as_in_any_batch(shipped: Grader) -> None:
    deck = load_deck("content/alliances.md")
    pairs = [
        (card, answer)
        for card in deck.cards
        for answer in (card.items[0].text, "states get security at the cost of autonomy, and they balance", "threats")
    ]
    alone = [shipped.grade(card, answer) for card, answer in pairs]
    other = list(reversed(list(shipped.grade_many(reversed(pairs)))))
    with ThreadPoolExecutor(4) as threads:
        threaded = list(threads.map(lambda pair: shipped.grade(*pair), pairs))
    assert alone == other == threaded


@pytest.mark.model
@pytest.mark.parametrize("card_id", [card.id for card in load_deck("content/alliances.md").cards])
def test_every_reference_earns_full_marks(shipped: Grader, card_id: str) -> None:
    card = load_deck("content/alliances.md")[card_id]
    grade = shipped.grade(card, "\n".join(wording.text for item in card.items for wording in item.wordings[:1]))
    assert (grade.score, grade.verdict) == (1.0, Verdict.CORRECT)


@pytest.mark.model
@pytest.mark.parametrize("answer", ["Sydney, Canberra", "Canberra or Sydney", "Canberra; Melbourne"])
def test_a_sibling_beside_the_fact_is_a_hedge(shipped: Grader, answer: str) -> None:
    grade = shipped.grade(CAPITAL, answer)
    assert (grade.score, grade.needs_review) == (0.5, True)


@pytest.mark.model
@pytest.mark.parametrize(
    ("prompt", "reference", "answer", "score"),
    [
        pytest.param("When did it start?", "1914", "1914, no, 1915", 0.0, id="the correction counts"),
        pytest.param("When did it start?", "1915", "1914, no, 1915", 1.0, id="to a right one as well"),
        pytest.param("Speed of light?", "300,000 km/s", "3x10^8 m/s", 1.0, id="another unit"),
        pytest.param("Speed of light?", "300,000 km/s", "3x10^8 km/s", 0.0, id="the wrong unit"),
        pytest.param("Which division makes gametes?", "meiosis", "mitosis", 0.0, id="another word alike"),
        pytest.param("Who invaded whom?", "Germany invaded Poland", "Poland was invaded by Germany", 1.0, id="passive"),
    ],
)
def test_facts(shipped: Grader, prompt: str, reference: str, answer: str, score: float) -> None:
    assert shipped.grade(Card.from_items(prompt, [reference]), answer).score == score


@pytest.mark.model
def test_exchanged_roles_earn_nothing(shipped: Grader) -> None:
    card = Card.from_items("Who invaded whom in 1939?", ["Germany invaded Poland"])
    assert shipped.grade(card, "Poland invaded Germany").score == 0.0


def test_grades_and_cards_pickle() -> None:
    grade = Grader(encoder=CharNgramEncoder(), judge=light_judge()).grade(DANGERS, "free riding")
    assert pickle.loads(pickle.dumps(grade)) == grade


@pytest.mark.parametrize(
    ("answer", "notes"),
    [
        pytest.param("Sydney", (), id="nothing was earned that guesses could cost"),
        pytest.param("Sydney, Canberra", ("1 surplus guess: the score is multiplied by 0.50.",), id="one guess"),
        pytest.param("Sydney, Perth, Canberra", ("2 surplus guesses: the score is multiplied by 0.33.",), id="two"),
    ],
)
def test_what_guesses_cost_is_noted(light: Grader, answer: str, notes: tuple[str, ...]) -> None:
    assert light.grade(CAPITAL, answer).notes == notes
