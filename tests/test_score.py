from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Card, Claim, Disposition, Extras, Facet, Reason, ReferenceItem, Span, Verdict, Wording
from grader.score import score_ledger, verdict_for

MATCHED, CONTRADICTED, SURPLUS = Disposition.MATCHED, Disposition.CONTRADICTED, Disposition.SURPLUS


def item(name: str, points: float = 1.0, **attributes: Any) -> ReferenceItem:  # noqa: ANN401 (a test's shorthand)
    return ReferenceItem(name, name, (Wording(name),), points=points, **attributes)


def card(items: int = 3, need: int | None = None, *, ordered: bool = False, extras: Extras = Extras.COUNT) -> Card:
    return made_of([item(f"item {n}") for n in range(items)], need, ordered=ordered, extras=extras)


def made_of(items: Sequence[ReferenceItem], need: int | None = None, **attributes: Any) -> Card:  # noqa: ANN401
    earning = sum(not one.negative for one in items)
    return Card("c", "prompt", tuple(items), need or earning, earning > 1, **attributes)


def claim(kind: Disposition, item: int | None = None, credit: float = 0.0, at: int = 0, text: str = "x") -> Claim:
    return Claim((Span(at, at + len(text), text),), kind, item, credit, Reason.PARAPHRASE)


def matched(*items: int) -> list[Claim]:
    return [claim(MATCHED, item, 1.0, at=place * 10) for place, item in enumerate(items)]


def surplus(count: int) -> list[Claim]:
    return [claim(SURPLUS, at=500 + n, text=f"guess {n}") for n in range(count)]


@pytest.mark.parametrize(
    ("claims", "asked", "score"),
    [
        pytest.param([], card(), 0.0, id="nothing said"),
        pytest.param(matched(0, 1, 2), card(), 1.0, id="all items"),
        pytest.param(matched(0, 2), card(), 0.6667, id="two of three, four digits"),
        pytest.param([*matched(0), claim(MATCHED, 0, 1.0, 90)], card(), 0.3333, id="an item is earned once"),
        pytest.param([claim(MATCHED, 0, 0.5)], card(2), 0.25, id="half an item"),
        pytest.param(matched(0, 3), card(5, 2), 1.0, id="any two of five"),
        pytest.param(matched(0, 1, 2), card(5, 2), 1.0, id="more than needed is not more than full"),
        pytest.param([*matched(0, 1), claim(CONTRADICTED, 1, at=50)], card(2), 0.5, id="both sides earn nothing"),
        pytest.param([*matched(0, 1, 2), *surplus(3)], card(), 1.0, id="as many guesses as needed are free"),
        pytest.param([*matched(0, 1, 2), *surplus(6)], card(), 0.5, id="six surplus on three: 3 / (3 + 3)"),
        pytest.param([*matched(0, 1, 2), *surplus(6)], card(extras=Extras.IGNORE), 1.0, id="extras ignored"),
        pytest.param([*matched(0), *surplus(1)], card(1), 0.5, id="Sydney, Canberra"),
        pytest.param([*matched(0), *surplus(1), *surplus(1)], card(1), 0.5, id="the same guess twice is one"),
        pytest.param(matched(0, 1, 2), card(ordered=True), 1.0, id="in order"),
        pytest.param(matched(2, 0, 1), card(ordered=True), 0.6667, id="one out of order"),
        pytest.param(matched(2, 1, 0), card(ordered=True), 0.3333, id="reversed"),
    ],
)
def test_score(claims: list[Claim], asked: Card, score: float) -> None:
    assert score_ledger(claims, asked).score == score


A, B, C = "a", "b", "c"


@pytest.mark.parametrize(
    ("asked", "claims", "score"),
    [
        pytest.param(made_of([item(A, 3), item(B, 1.5), item(C, 1.5)]), matched(0), 0.5, id="three of six points"),
        pytest.param(
            made_of([item(A, 3), item(B), item(C)], 2), matched(1, 2), 0.5, id="two of the four that two earn"
        ),
        pytest.param(made_of([item(A, 3), item(B), item(C)], 2), matched(0, 1, 2), 1.0, id="the worthiest count"),
        pytest.param(
            made_of([item(A, 2), item(B)], 1),
            [claim(MATCHED, 0, 0.5), *matched(1)],
            0.5,
            id="half of two is one of one",
        ),
        pytest.param(
            made_of([item(A, required=True), item(B), item(C)], 2), matched(1, 2), 0.5, id="the required one is missing"
        ),
        pytest.param(
            made_of([item(A, required=True), item(B), item(C)], 2), matched(0, 2), 1.0, id="the required one is there"
        ),
        pytest.param(
            made_of([item(A, required=True), item(B, 3)], 1),
            matched(0),
            1.0,
            id="full marks are what the required earn",
        ),
        pytest.param(
            made_of([item(A), item(B), item(C, negative=True)]), matched(0, 1), 1.0, id="misconception unsaid"
        ),
        pytest.param(made_of([item(A), item(B), item(C, negative=True)]), matched(0, 1, 2), 0.5, id="misconception"),
        pytest.param(
            made_of([item(A), item(B), item(C, 0.5, negative=True)]), matched(0, 1, 2), 0.75, id="half a point's worth"
        ),
        pytest.param(made_of([item(A), item(C, 5, negative=True)]), matched(0, 1), 0.0, id="never below nothing"),
        pytest.param(
            made_of([item(A), item(B), item(C, negative=True)]),
            [*matched(0, 1), claim(CONTRADICTED, 2, at=50)],
            1.0,
            id="denying a misconception is right",
        ),
        pytest.param(
            made_of([item(A), item(C, negative=True)]),
            [*matched(0), claim(CONTRADICTED, 1, at=50)],
            1.0,
            id="and no second guess at one fact",
        ),
        pytest.param(
            made_of([item(A), item(B), item(C, negative=True)]),
            [*matched(0, 1, 2), claim(CONTRADICTED, 2, at=50)],
            0.5,
            id="saying it and denying it is saying it",
        ),
        pytest.param(
            made_of([item(A), item(C, 0.2, negative=True)]),
            [*matched(0, 1), *surplus(1)],
            0.3,
            id="guesses, then costs",
        ),
        pytest.param(
            made_of([item(A), item(B, group="g"), item(C, group="g")], ordered=True),
            matched(0, 2, 1),
            1.0,
            id="a group",
        ),
        pytest.param(
            made_of([item(A), item(B, group="g"), item(C, group="g")], ordered=True),
            matched(2, 1, 0),
            0.6667,
            id="what comes before a group",
        ),
        pytest.param(
            made_of([item(A, group="g"), item(B), item(C, group="g")], ordered=True),
            matched(2, 1, 0),
            0.3333,
            id="a group apart is two",
        ),
        pytest.param(
            made_of([item(A, group="g"), item("x", negative=True), item(B, group="g")], ordered=True),
            matched(2, 0),
            1.0,
            id="a misconception does not part a group",
        ),
        pytest.param(
            made_of([item(A), item(B), item(C, 3)], ordered=True), matched(2, 0, 1), 0.6, id="the heavier run is kept"
        ),
        pytest.param(
            made_of([item(A), item(B, 3)], ordered=True), matched(1, 0), 0.75, id="the lighter one is out of order"
        ),
        pytest.param(
            card(3, 1, ordered=True),
            [claim(MATCHED, 2, 1.0, 0), claim(MATCHED, 0, 0.5, 10), claim(MATCHED, 1, 0.5, 20)],
            1.0,
            id="a run of which one counts",
        ),
    ],
)
def test_items_of_different_kinds(asked: Card, claims: list[Claim], score: float) -> None:
    assert score_ledger(claims, asked).score == score


@pytest.mark.parametrize(
    ("asked", "full"),
    [
        pytest.param(card(5, 2), 2.0, id="as many as needed"),
        pytest.param(made_of([item(A), item(B, 3), item(C, 2)], 2), 5.0, id="the worthiest"),
        pytest.param(made_of([item(A, required=True), item(B, 3), item(C, 2)], 2), 4.0, id="with the required"),
        pytest.param(made_of([item(A), item(B, 3, negative=True)]), 1.0, id="without misconceptions"),
        pytest.param(replace(card(), points=7.0), 7.0, id="stated"),
    ],
)
def test_max_points(asked: Card, full: float) -> None:
    assert asked.max_points == full


def test_a_misconception_is_told() -> None:
    asked = made_of([item(A), item(B, 0.5, negative=True), item(C, negative=True)])
    result = score_ledger([*matched(0), claim(MATCHED, 1, 0.5, 20), claim(CONTRADICTED, 2, at=40)], asked)
    right, expressed, denied = result.items
    assert (expressed.credit, expressed.reason, expressed.counted) == (-0.5, Reason.MISCONCEPTION, True)
    assert (denied.credit, denied.counted) == (0.0, False)
    assert (right.counted, result.cost, result.surplus, result.score) == (True, 0.25, 0, 0.75)


def test_a_misconception_said_and_denied_says_so() -> None:
    asked = made_of([item(A), item(B, negative=True)])
    (_, both) = score_ledger([claim(MATCHED, 1, 1.0), claim(CONTRADICTED, 1, at=40)], asked).items
    assert (both.credit, both.reason) == (-1.0, Reason.BOTH_SIDES)


@pytest.mark.parametrize(
    ("asked", "order", "conflicts"),
    [
        pytest.param(card(ordered=True), (2, 0, 1), [None, None, 1], id="too early"),
        pytest.param(card(ordered=True), (1, 2, 0), [1, None, None], id="too late"),
        pytest.param(card(4, ordered=True), (0, 2, 3, 1), [None, 2, None, None], id="the nearest"),
        pytest.param(
            made_of([item(A), item(B, group="g"), item(C, group="g")], ordered=True),
            (2, 1, 0),
            [1, None, None],
            id="beside a group",
        ),
    ],
)
def test_the_pair_out_of_order_is_named(asked: Card, order: tuple[int, ...], conflicts: list[int | None]) -> None:
    assert [item.conflict for item in score_ledger(matched(*order), asked).items] == conflicts


def test_points_come_from_the_share_before_rounding() -> None:
    assert score_ledger(matched(0, 2), card()).points == 2.0
    assert score_ledger(matched(0, 2), replace(card(), points=6.0)).points == 4.0


def test_the_item_out_of_order_says_so() -> None:
    result = score_ledger(matched(1, 2, 0), card(ordered=True))
    assert [item.reason for item in result.items] == [Reason.OUT_OF_ORDER, Reason.PARAPHRASE, Reason.PARAPHRASE]


def test_both_sides_is_named() -> None:
    result = score_ledger([*matched(0), claim(CONTRADICTED, 0, at=40)], card())
    assert result.items[0].reason is Reason.BOTH_SIDES


@pytest.mark.parametrize(
    ("score", "contradicted", "answered", "verdict"),
    [
        pytest.param(0.0, False, False, Verdict.BLANK, id="blank"),
        pytest.param(0.0, True, True, Verdict.CONTRADICTORY, id="contradictory"),
        pytest.param(0.0, False, True, Verdict.INCORRECT, id="incorrect"),
        pytest.param(0.5, True, True, Verdict.PARTIAL, id="partial"),
        pytest.param(1.0, False, True, Verdict.CORRECT, id="correct"),
    ],
)
def test_verdict(score: float, contradicted: bool, answered: bool, verdict: Verdict) -> None:
    assert verdict_for(score, contradicted=contradicted, answered=answered) is verdict


def test_a_definition_is_no_single_fact() -> None:
    one = card(1)
    long = ReferenceItem("d", "d", (Wording("a formal relationship of security cooperation between states"),))
    assert one.asks_one_fact
    assert replace(one, items=(item("wrong", negative=True), *one.items)).asks_one_fact
    halves = (Facet("a", (Wording("a"),), 0.5), Facet("b", (Wording("b"),), 0.5))
    assert not replace(one, items=(item(A, facets=halves),)).asks_one_fact
    assert not replace(one, items=(long,)).asks_one_fact
    assert not card(2).asks_one_fact


POINTS = st.sampled_from([0.1, 0.5, 1.0, 1.0, 2.0, 3.0])
CREDITS = st.sampled_from([0.35, 0.5, 1.0])


@st.composite
def any_cards(draw: st.DrawFn, misconceptions: int = 0) -> Card:
    """Plain cards, and cards of items of all kinds with at least so many misconceptions."""
    ordered, extras = draw(st.booleans()), draw(st.sampled_from(Extras))
    earning = [
        item(f"item {n}", draw(POINTS), group=draw(st.sampled_from([None, "g", "h"])) if ordered else None)
        for n in range(draw(st.integers(1, 6)))
    ]
    if not misconceptions and draw(st.booleans()):
        return card(len(earning), draw(st.integers(1, len(earning))), ordered=ordered, extras=extras)
    need = draw(st.integers(1, len(earning)))
    required = draw(st.sets(st.integers(0, len(earning) - 1), max_size=need))
    items = [replace(one, required=place in required) for place, one in enumerate(earning)]
    for n in range(draw(st.integers(misconceptions, 2))):
        items.insert(draw(st.integers(0, len(items))), item(f"wrong {n}", draw(POINTS), negative=True))
    return made_of(items, need, ordered=ordered, extras=extras)


@st.composite
def ledgers(draw: st.DrawFn, misconceptions: int = 0) -> tuple[Card, list[Claim]]:
    asked = draw(any_cards(misconceptions))
    kinds = st.sampled_from([MATCHED, MATCHED, CONTRADICTED, Disposition.REPEATED, SURPLUS, Disposition.ELABORATION])
    claims = []
    for place in range(draw(st.integers(0, 10))):
        kind = draw(kinds)
        about = kind in (MATCHED, CONTRADICTED, Disposition.REPEATED)
        claims.append(
            claim(
                kind,
                draw(st.integers(0, len(asked.items) - 1)) if about else None,
                draw(CREDITS) if kind is MATCHED else 0.0,
                at=place * 10,
                text=draw(st.sampled_from(["a", "b", "c", "d", "e"])),
            )
        )
    return asked, claims


def indices(asked: Card, *, negative: bool) -> list[int]:
    return [index for index, one in enumerate(asked.items) if one.negative is negative]


@settings(deadline=None)
@given(ledgers(), st.integers(0, 5), CREDITS)
def test_a_right_claim_never_lowers(ledger: tuple[Card, list[Claim]], which: int, credit: float) -> None:
    asked, claims = ledger
    earning = indices(asked, negative=False)
    more = claim(MATCHED, earning[which % len(earning)], credit, at=1000)
    assert score_ledger([*claims, more], asked).score >= score_ledger(claims, asked).score


@settings(deadline=None)
@given(ledgers(), st.integers(0, 5), st.sampled_from([SURPLUS, CONTRADICTED]))
def test_a_wrong_claim_never_raises(ledger: tuple[Card, list[Claim]], which: int, kind: Disposition) -> None:
    asked, claims = ledger
    earning = indices(asked, negative=False)
    about = earning[which % len(earning)] if kind is CONTRADICTED else None
    wrong = claim(kind, about, at=1000, text="wrong")
    assert score_ledger([*claims, wrong], asked).score <= score_ledger(claims, asked).score


@settings(deadline=None)
@given(ledgers(misconceptions=1), st.integers(0, 1), CREDITS)
def test_a_misconception_never_raises_and_denying_it_changes_nothing(
    ledger: tuple[Card, list[Claim]], which: int, credit: float
) -> None:
    asked, claims = ledger
    negative = indices(asked, negative=True)
    about = negative[which % len(negative)]
    score = score_ledger(claims, asked).score
    assert score_ledger([*claims, claim(MATCHED, about, credit, at=1000)], asked).score <= score
    assert score_ledger([*claims, claim(CONTRADICTED, about, at=1000)], asked).score == score


@settings(deadline=None)
@given(ledgers())
def test_doubling_changes_nothing(ledger: tuple[Card, list[Claim]]) -> None:
    asked, claims = ledger
    again = [replace(one, spans=tuple(Span(s.start + 2000, s.end + 2000, s.text) for s in one.spans)) for one in claims]
    assert score_ledger([*claims, *again], asked).score == score_ledger(claims, asked).score


@settings(deadline=None)
@given(ledgers(), st.randoms())
def test_the_order_of_the_ledger_does_not_matter(ledger: tuple[Card, list[Claim]], shuffled: object) -> None:
    asked, claims = ledger
    other = list(claims)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert score_ledger(other, asked).score == score_ledger(claims, asked).score


@settings(deadline=None)
@given(ledgers())
def test_a_score_is_a_share(ledger: tuple[Card, list[Claim]]) -> None:
    asked, claims = ledger
    assert 0.0 <= score_ledger(claims, asked).score <= 1.0


@settings(deadline=None)
@given(ledgers())
def test_all_earning_items_in_order_and_nothing_else_are_full_marks(ledger: tuple[Card, list[Claim]]) -> None:
    asked, _ = ledger
    assert score_ledger(matched(*indices(asked, negative=False)), asked).score == 1.0


def in_order(asked: Card, first: dict[int, int], one: int, other: int) -> bool:
    """Whether two items, the first of them earlier on the card, were mentioned as the card has them."""
    earning = indices(asked, negative=False)
    between = [asked.items[index].group for index in earning if one <= index <= other]
    return first[one] < first[other] or (between[0] is not None and len(set(between)) == 1)


@settings(deadline=None)
@given(any_cards(), st.permutations(range(8)), st.lists(CREDITS, min_size=8, max_size=8), st.integers(1, 8))
def test_the_run_that_is_kept_earns_most(asked: Card, order: list[int], credits: list[float], said: int) -> None:
    """Against a search through all sets of mentioned items that stand in order, pair by pair."""
    asked = replace(asked, ordered=True)
    mentioned = [index for index in order[:said] if index in indices(asked, negative=False)]
    first = {index: place * 10 for place, index in enumerate(mentioned)}
    claims = [claim(MATCHED, index, credits[index], at=at) for index, at in first.items()]
    result = score_ledger(claims, asked)
    free = asked.need - sum(one.required for one in asked.items)
    worths = [0.0]
    for size in range(1, len(first) + 1):
        for run in combinations(sorted(first), size):
            optional = sum(not asked.items[index].required for index in run)
            if optional <= free and all(in_order(asked, first, *pair) for pair in combinations(run, 2)):
                worths.append(sum(credits[index] * asked.items[index].points for index in run))
    assert result.score == pytest.approx(max(worths) / asked.full_worth, abs=1e-4)
    for index, one in enumerate(result.items):
        if one.reason is Reason.OUT_OF_ORDER:
            assert one.conflict is not None
            assert not in_order(asked, first, *sorted((index, one.conflict)))
            assert result.items[one.conflict].credit > 0
