"""Scoring: a pure function from the ledger of claims to the score, proved on the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.records import Card, Claim, Disposition, Extras, Reason, Verdict

DIGITS = 4  # of a score


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What an item earns by the ledger, and by which claim."""

    credit: float  # 0..1
    claim: Claim | None  # the claim that decided; None: nothing was said about the item
    reason: Reason
    counted: bool = False  # among the best `need`


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of a ledger."""

    score: float  # 0..1, `DIGITS` digits
    points: float  # the share before it was rounded, times the card's `max_points`; `DIGITS` digits
    items: tuple[ItemScore, ...]
    surplus: int  # distinct wrong claims offered as answers
    factor: float  # what the surplus left of the score, 0..1


def score_ledger(claims: Sequence[Claim], card: Card) -> Score:
    """Credit of the best `need` items over `need`, less what guessing costs.

    An item earns the best credit of its matched claims, or nothing if any claim contradicts it. On an ordered card
    only the heaviest increasing run of first mentions earns. With u distinct surplus or contradicted claims the score
    is multiplied by need / (need + max(0, u - free)).
    """
    items = [_item_score(claims, index) for index in range(len(card.items))]
    if card.ordered:
        items = _in_order(items, claims)
    best = sorted(range(len(items)), key=lambda index: -items[index].credit)[: card.need]
    items = [
        ItemScore(item.credit, item.claim, item.reason, counted=index in best and item.credit > 0)
        for index, item in enumerate(items)
    ]
    surplus = count_surplus(claims)
    factor = 1.0
    if card.extras is Extras.COUNT:
        factor = card.need / (card.need + max(0, surplus - free_guesses(card)))
    earned = sum(items[index].credit for index in best) / card.need
    share = earned * factor
    return Score(round(share, DIGITS), round(share * card.max_points, DIGITS), tuple(items), surplus, factor)


def free_guesses(card: Card) -> int:
    """How many wrong claims cost nothing: `need` on lists and explanations, none where the answer is a single fact."""
    return 0 if card.asks_one_fact else card.need


def count_surplus(claims: Sequence[Claim]) -> int:
    """Distinct claims offered as answers that are surplus or contradicted."""
    wrong = (Disposition.SURPLUS, Disposition.CONTRADICTED)
    said = {
        ("item", str(claim.item)) if claim.item is not None else ("text", " ".join(claim.spans[0].text.lower().split()))
        for claim in claims
        if claim.disposition in wrong and claim.spans
    }
    return len(said)


def verdict_for(score: float, *, contradicted: bool, answered: bool) -> Verdict:
    """What to call this score; a blank is not a wrong answer."""
    if not answered:
        return Verdict.BLANK
    if score == 0:
        return Verdict.CONTRADICTORY if contradicted else Verdict.INCORRECT
    return Verdict.CORRECT if score == 1 else Verdict.PARTIAL


def _item_score(claims: Sequence[Claim], index: int) -> ItemScore:
    about = [claim for claim in claims if claim.item == index]
    against = [claim for claim in about if claim.disposition is Disposition.CONTRADICTED]
    matched = [claim for claim in about if claim.disposition is Disposition.MATCHED]
    if against:
        reason = Reason.BOTH_SIDES if matched else against[0].reason
        return ItemScore(0.0, against[0], reason)
    if matched:
        best = max(matched, key=lambda claim: (claim.credit, claim.confidence))
        return ItemScore(best.credit, best, best.reason)
    return ItemScore(0.0, None, Reason.MISSING)


def _in_order(items: list[ItemScore], claims: Sequence[Claim]) -> list[ItemScore]:
    """The items with those that stand outside the heaviest increasing run of first mentions earning nothing."""
    first: dict[int, int] = {}
    for claim in claims:
        if claim.item is not None and claim.disposition is Disposition.MATCHED and claim.spans:
            first[claim.item] = min(first.get(claim.item, claim.spans[0].start), claim.spans[0].start)
    mentioned = [index for index in range(len(items)) if items[index].credit > 0 and index in first]
    # Heaviest increasing subsequence: `mentioned` is in the order of the card, places have to rise.
    weight: dict[int, float] = {}
    before: dict[int, int | None] = {}
    for index in mentioned:
        earlier = [other for other in weight if first[other] < first[index]]
        parent = max(earlier, key=lambda other: weight[other], default=None)
        weight[index] = items[index].credit + (weight[parent] if parent is not None else 0.0)
        before[index] = parent
    kept: set[int] = set()
    end = max(weight, key=lambda index: weight[index], default=None)
    while end is not None:
        kept.add(end)
        end = before[end]
    return [
        item if index in kept or item.credit == 0 else ItemScore(0.0, item.claim, Reason.OUT_OF_ORDER)
        for index, item in enumerate(items)
    ]
