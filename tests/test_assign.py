from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assign import Lines, Range, Reading, build_ledger
from grader.records import Card, Claim, Disposition, Judgement, Reason, ReferenceItem, Wording
from grader.split import split

LINES = Lines(half=0.4, full=0.6, whole=0.8)


def card(items: int, prompt: str = "name them") -> Card:
    made = tuple(ReferenceItem(f"i{n}", f"item {n}", (Wording(f"item {n}"),)) for n in range(items))
    return Card("c", prompt, made, items, items > 1)


def yes(probability: float) -> Judgement:
    return Judgement(probability, 0.0, probability, Reason.PARAPHRASE, nearness=probability)


def no(contradicts: float) -> Judgement:
    return Judgement(0.02, contradicts, 0.0, Reason.NEGATED)


def ledger(
    answer: str, asked: Card, judgements: Mapping[tuple[int, Range], Judgement]
) -> dict[Disposition, list[tuple[int | None, str]]]:
    parts = split(answer)
    claims = build_ledger(answer, asked, Reading(parts.atoms, parts.elaborates, judgements, parts.is_listing), LINES)
    found: dict[Disposition, list[tuple[int | None, str]]] = {}
    for claim in claims:
        found.setdefault(claim.disposition, []).append((claim.item, claim.spans[0].text))
    return found


def test_the_total_is_highest_not_the_first_pick() -> None:
    # Item 0 could take either atom; only if it leaves "red" to item 1 do both earn.
    found = ledger(
        "red, blue",
        card(2),
        {(0, (0, 1)): yes(0.7), (0, (1, 2)): yes(0.6), (1, (0, 1)): yes(0.65), (1, (1, 2)): yes(0.1)},
    )
    assert found == {Disposition.MATCHED: [(1, "red"), (0, "blue")]}


def test_a_span_earns_one_item() -> None:
    found = ledger("red", card(2), {(0, (0, 1)): yes(0.9), (1, (0, 1)): yes(0.7)})
    assert found == {Disposition.MATCHED: [(0, "red")]}


def test_words_that_surely_say_two_items_earn_both() -> None:
    found = ledger("crimson ink", card(2), {(0, (0, 1)): yes(0.9), (1, (0, 1)): yes(0.8)})
    assert found == {Disposition.MATCHED: [(0, "crimson ink"), (1, "crimson ink")]}


def test_a_wide_range_gives_way_where_its_parts_earn_more() -> None:
    judged = {(0, (0, 2)): yes(0.7), (0, (0, 1)): yes(0.6), (1, (1, 2)): yes(0.7)}
    assert ledger("red, blue", card(2), judged) == {Disposition.MATCHED: [(0, "red"), (1, "blue")]}


def test_an_item_over_two_clauses_is_found() -> None:
    judged = {(0, (0, 1)): yes(0.3), (0, (1, 2)): yes(0.3), (0, (0, 2)): yes(0.9), (1, (0, 1)): yes(0.1)}
    assert ledger("they are dragged, into war", card(2), judged) == {
        Disposition.MATCHED: [(0, "they are dragged, into war")]
    }


def test_a_wider_range_that_says_no_more_is_not_preferred() -> None:
    judged = {(0, (0, 1)): yes(0.9), (0, (0, 2)): yes(0.92), (1, (1, 2)): yes(0.8)}
    assert ledger("red, blue", card(2), judged) == {Disposition.MATCHED: [(0, "red"), (1, "blue")]}


def test_a_repeat_earns_nothing_and_is_no_surplus() -> None:
    judged = {(0, (0, 1)): yes(0.9), (0, (1, 2)): yes(0.8)}
    assert ledger("red, scarlet", card(2), judged) == {
        Disposition.MATCHED: [(0, "red")],
        Disposition.REPEATED: [(0, "scarlet")],
    }


def test_a_contradiction_names_its_item() -> None:
    judged = {(0, (0, 1)): no(0.9), (1, (1, 2)): yes(0.9)}
    assert ledger("not red, blue", card(2), judged) == {
        Disposition.CONTRADICTED: [(0, "not red")],
        Disposition.MATCHED: [(1, "blue")],
    }


def test_an_item_and_its_opposite_are_both_in_the_ledger() -> None:
    judged = {(0, (0, 1)): yes(0.9), (0, (1, 2)): no(0.9)}
    assert set(ledger("it rises, it falls", card(1), judged)) == {Disposition.MATCHED, Disposition.CONTRADICTED}


def test_what_is_left_is_surplus_unless_it_explains_or_parrots() -> None:
    found = ledger("red, because of rust, the colours, tin", card(2, "name the colours"), {(0, (0, 1)): yes(0.9)})
    assert found == {
        Disposition.MATCHED: [(0, "red")],
        Disposition.ELABORATION: [(None, "because of rust"), (None, "the colours")],
        Disposition.SURPLUS: [(None, "tin")],
    }


@pytest.mark.parametrize(
    ("probability", "credit", "reason"),
    [
        pytest.param(0.6, 1.0, Reason.PARAPHRASE, id="at the full line"),
        pytest.param(0.59, 0.5, Reason.PARTLY, id="between the lines"),
        pytest.param(0.4, 0.5, Reason.PARTLY, id="at the half line"),
    ],
)
def test_list_items_earn_in_halves(probability: float, credit: float, reason: Reason) -> None:
    parts = split("red, tin")
    claims = build_ledger(
        "red, tin", card(2), Reading(parts.atoms, parts.elaborates, {(0, (0, 1)): yes(probability)}), LINES
    )
    matched = [claim for claim in claims if claim.disposition is Disposition.MATCHED]
    assert [(claim.credit, claim.reason) for claim in matched] == [(credit, reason)]


def test_nothing_said_nothing_claimed() -> None:
    assert build_ledger("", card(2), Reading((), (), {}), LINES) == ()


@given(st.data())
def test_every_atom_is_accounted_for_and_no_item_earned_twice(data: st.DataObject) -> None:
    answer = ", ".join(f"w{n}" for n in range(data.draw(st.integers(1, 5))))
    asked = card(data.draw(st.integers(1, 4)))
    parts = split(answer)
    chance = st.sampled_from([yes(0.1), yes(0.45), yes(0.7), yes(0.95), no(0.6), no(0.95)])
    judged = {(item, atoms): data.draw(chance) for item in range(len(asked.items)) for atoms in parts.ranges}
    claims = build_ledger(answer, asked, Reading(parts.atoms, parts.elaborates, judged), LINES)
    matched = [claim.item for claim in claims if claim.disposition is Disposition.MATCHED]
    assert len(matched) == len(set(matched))
    assert all(any(_covers(claim, atom.start, atom.end) for claim in claims) for atom in parts.atoms)


def _covers(claim: Claim, start: int, end: int) -> bool:
    return any(span.start <= start and end <= span.end for span in claim.spans)


def test_a_term_given_the_explanation_of_another_item_is_swapped() -> None:
    term = Judgement(0.98, 0.0, 1.0, Reason.TERM, nearness=0.98)
    judged = {(0, (0, 1)): term, (1, (1, 2)): yes(0.9), (0, (1, 2)): yes(0.1)}
    parts = split("denial: impose costs")
    claims = build_ledger("denial: impose costs", card(2), Reading(parts.atoms, parts.elaborates, judged), LINES)
    against = [claim for claim in claims if claim.disposition is Disposition.CONTRADICTED]
    assert [(claim.item, claim.reason, claim.spans[0].text) for claim in against] == [
        (0, Reason.SWAPPED, "denial: impose costs")
    ]


def test_a_term_beside_another_item_in_a_list_is_not_swapped() -> None:
    term = Judgement(0.98, 0.0, 1.0, Reason.TERM, nearness=0.98)
    found = ledger("denial, impose costs", card(2), {(0, (0, 1)): term, (1, (1, 2)): yes(0.9)})
    assert found == {Disposition.MATCHED: [(0, "denial"), (1, "impose costs")]}


@pytest.mark.parametrize(
    ("answer", "disposition"),
    [
        pytest.param("right, it falls and this goes on for ever and a day", Disposition.ELABORATION, id="prose"),
        pytest.param(
            "right, tin, iron, zinc, lead, gold, silver, copper, nickel",
            Disposition.SURPLUS,
            id="a list in place of an explanation",
        ),
    ],
)
def test_beside_an_explanation_only_a_list_is_guesses(answer: str, disposition: Disposition) -> None:
    words = "the explanation that is asked for here has more words than a fact"
    one = Card("c", "why", (ReferenceItem("i", words, (Wording(words),)),), 1, False)
    found = ledger(answer, one, {(0, (0, 1)): yes(0.9)})
    assert disposition in found
    assert len(found) == 2


@pytest.mark.parametrize(
    ("answer", "evidence"),
    [
        pytest.param("allies drag it", "unwanted, war", id="inflected words are said"),
        pytest.param("allise drag it into unwantd fights", "war", id="misspelt words are said"),
        pytest.param("a state is pulled in", "ally, drags, unwanted, war", id="words of the prompt are never missing"),
    ],
)
def test_what_is_only_partly_said_names_what_is_not(answer: str, evidence: str) -> None:
    wording = "An ally drags the state into an unwanted war"
    asked = Card("c", "dangers for a state", (ReferenceItem("i", wording, (Wording(wording),)),), 1, True)
    parts = split(answer)
    judged = {(0, atoms): yes(0.5) for atoms in parts.ranges}
    claims = build_ledger(answer, asked, Reading(parts.atoms, parts.elaborates, judged), LINES)
    assert [(claim.reason, claim.evidence) for claim in claims] == [(Reason.PARTLY, evidence)]


def test_what_is_ruled_out_is_no_guess() -> None:
    fact = Card("c", "Who did it?", (ReferenceItem("i", "Bandura", (Wording("Bandura"),)),), 1, False)
    judged = {(0, (0, 1)): yes(0.1), (0, (1, 2)): yes(0.98), (0, (0, 2)): yes(0.9)}
    assert ledger("not Skinner but Bandura", fact, judged) == {
        Disposition.ELABORATION: [(None, "not Skinner")],
        Disposition.MATCHED: [(0, "Bandura")],
    }
