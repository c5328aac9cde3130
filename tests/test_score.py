from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Card, Claim, Disposition, Extras, Reason, ReferenceItem, Span, Verdict, Wording
from grader.score import score_ledger, verdict_for

MATCHED, CONTRADICTED, SURPLUS = Disposition.MATCHED, Disposition.CONTRADICTED, Disposition.SURPLUS


def card(items: int = 3, need: int | None = None, *, ordered: bool = False, extras: Extras = Extras.COUNT) -> Card:
    made = tuple(ReferenceItem(f"i{n}", f"item {n}", (Wording(f"item {n}"),)) for n in range(items))
    return Card("c", "prompt", made, need or items, items > 1, ordered=ordered, extras=extras)


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
    assert not replace(one, items=(long,)).asks_one_fact
    assert not card(2).asks_one_fact


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[Card, list[Claim]]:
    items = draw(st.integers(1, 6))
    asked = card(items, draw(st.integers(1, items)), ordered=draw(st.booleans()), extras=draw(st.sampled_from(Extras)))
    kinds = st.sampled_from([MATCHED, CONTRADICTED, Disposition.REPEATED, SURPLUS, Disposition.ELABORATION])
    claims = []
    for place in range(draw(st.integers(0, 10))):
        kind = draw(kinds)
        about = kind in (MATCHED, CONTRADICTED, Disposition.REPEATED)
        claims.append(
            claim(
                kind,
                draw(st.integers(0, items - 1)) if about else None,
                draw(st.sampled_from([0.5, 1.0])) if kind is MATCHED else 0.0,
                at=place * 10,
                text=draw(st.sampled_from(["a", "b", "c", "d", "e"])),
            )
        )
    return asked, claims


@given(ledgers(), st.integers(0, 5), st.sampled_from([0.5, 1.0]))
def test_a_right_claim_never_lowers(ledger: tuple[Card, list[Claim]], item: int, credit: float) -> None:
    asked, claims = ledger
    more = claim(MATCHED, item % len(asked.items), credit, at=1000)
    assert score_ledger([*claims, more], asked).score >= score_ledger(claims, asked).score


@given(ledgers(), st.integers(0, 5), st.sampled_from([SURPLUS, CONTRADICTED]))
def test_a_wrong_claim_never_raises(ledger: tuple[Card, list[Claim]], item: int, kind: Disposition) -> None:
    asked, claims = ledger
    wrong = claim(kind, item % len(asked.items) if kind is CONTRADICTED else None, at=1000, text="wrong")
    assert score_ledger([*claims, wrong], asked).score <= score_ledger(claims, asked).score


@given(ledgers())
def test_doubling_changes_nothing(ledger: tuple[Card, list[Claim]]) -> None:
    asked, claims = ledger
    again = [replace(one, spans=tuple(Span(s.start + 2000, s.end + 2000, s.text) for s in one.spans)) for one in claims]
    assert score_ledger([*claims, *again], asked).score == score_ledger(claims, asked).score


@given(ledgers(), st.randoms())
def test_the_order_of_the_ledger_does_not_matter(ledger: tuple[Card, list[Claim]], shuffled: object) -> None:
    asked, claims = ledger
    other = list(claims)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert score_ledger(other, asked).score == score_ledger(claims, asked).score


@given(ledgers())
def test_a_score_is_a_share(ledger: tuple[Card, list[Claim]]) -> None:
    asked, claims = ledger
    assert 0.0 <= score_ledger(claims, asked).score <= 1.0
