"""Scoring: a pure function from the ledger of claims to the score, proved on the ledger alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.records import Card, Claim, Disposition, Extras, Reason, Verdict

DIGITS = 4  # of a score
EXACT_DIGITS = 12  # of a share before it is rounded for people: what sums of floats are good for


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What an item earns by the ledger, and by which claim."""

    credit: float  # 0..1; -1..0 for a misconception
    claim: Claim | None  # the claim that decided; None: nothing was said about the item
    reason: Reason
    counted: bool = False  # earns and is among the best `need`, or costs
    conflict: int | None = None  # where it is out of order: the nearest item that it stands on the wrong side of


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of a ledger."""

    score: float  # 0..1, `DIGITS` digits
    points: float  # the share before it was rounded, times the card's `max_points`; `DIGITS` digits
    items: tuple[ItemScore, ...]
    surplus: int  # distinct wrong claims offered as answers
    factor: float  # what the surplus left of the score, 0..1
    cost: float = 0.0  # what misconceptions took from the share after that, 0 upwards


def score_ledger(claims: Sequence[Claim], card: Card) -> Score:
    """What the best `need` items earn of what they could be worth, less what guesses and misconceptions cost.

    An item earns the best credit of its matched claims, times its points, or nothing if any claim contradicts it. The
    items that count are the required ones, earned or not, and of the others those that earn most, `need` in all; full
    marks are the most that so many can be worth (`Card.full_worth`). On an ordered card only a run of first mentions in
    the order of the card earns: the one that earns most. Neighbours of one group have one place in that order.

    With u distinct surplus or contradicted claims the share is multiplied by need / (need + max(0, u - free)). Then
    each misconception that was expressed takes its credit times its points off, as a share of full marks; to deny one
    costs nothing, nor does it earn.
    """
    items = [_item_score(claims, index, negative=item.negative) for index, item in enumerate(card.items)]
    if card.ordered:
        items = _in_order(items, claims, card)
    chosen = _chosen(items, card)
    items = [
        replace(item, counted=item.credit < 0 or (item.credit > 0 and index in chosen))
        for index, item in enumerate(items)
    ]
    surplus = count_surplus(claims, card)
    factor = 1.0
    if card.extras is Extras.COUNT:
        factor = card.need / (card.need + max(0, surplus - free_guesses(card)))
    worth = [item.credit * asked.points for item, asked in zip(items, card.items, strict=True)]
    earned = math.fsum(worth[index] for index in chosen) / card.full_worth
    cost = math.fsum(-value for value in worth if value < 0) / card.full_worth
    share = max(0.0, earned * factor - cost)
    score = round(round(share, EXACT_DIGITS), DIGITS)
    return Score(score, round(share * card.max_points, DIGITS), tuple(items), surplus, factor, cost)


def free_guesses(card: Card) -> int:
    """How many wrong claims cost nothing: `need` on lists and explanations, none where the answer is a single fact."""
    return 0 if card.asks_one_fact else card.need


def count_surplus(claims: Sequence[Claim], card: Card) -> int:
    """Distinct claims offered as answers that are surplus or contradicted; to deny a misconception is neither."""
    wrong = (Disposition.SURPLUS, Disposition.CONTRADICTED)
    said = {
        ("item", str(claim.item)) if claim.item is not None else ("text", " ".join(claim.spans[0].text.lower().split()))
        for claim in claims
        if claim.disposition in wrong and claim.spans and (claim.item is None or not card.items[claim.item].negative)
    }
    return len(said)


def verdict_for(score: float, *, contradicted: bool, answered: bool) -> Verdict:
    """What to call this score; a blank is not a wrong answer."""
    if not answered:
        return Verdict.BLANK
    if score == 0:
        return Verdict.CONTRADICTORY if contradicted else Verdict.INCORRECT
    return Verdict.CORRECT if score == 1 else Verdict.PARTIAL


def _item_score(claims: Sequence[Claim], index: int, *, negative: bool) -> ItemScore:
    about = [claim for claim in claims if claim.item == index]
    against = [claim for claim in about if claim.disposition is Disposition.CONTRADICTED]
    matched = [claim for claim in about if claim.disposition is Disposition.MATCHED]
    best = max(matched, key=lambda claim: (claim.credit, claim.confidence), default=None)
    if best is not None and negative:  # whatever else is said of it: a denial takes back nothing
        return ItemScore(-best.credit, best, Reason.BOTH_SIDES if against else Reason.MISCONCEPTION)
    if against:
        return ItemScore(0.0, against[0], against[0].reason if best is None else Reason.BOTH_SIDES)
    if best is not None:
        return ItemScore(best.credit, best, best.reason)
    return ItemScore(0.0, None, Reason.MISSING)


def _chosen(items: Sequence[ItemScore], card: Card) -> list[int]:
    """The indices of the items that count: all required ones, then those that earn most."""
    earning = [index for index, item in enumerate(card.items) if not item.negative]
    by_worth = sorted(
        earning, key=lambda index: (not card.items[index].required, -items[index].credit * card.items[index].points)
    )
    return by_worth[: card.need]


# --- order ----------------------------------------------------------------------------------------------------------


def _in_order(items: Sequence[ItemScore], claims: Sequence[Claim], card: Card) -> list[ItemScore]:
    """The items, of which those outside the run of first mentions that earns most earn nothing."""
    first: dict[int, int] = {}
    for claim in claims:
        if claim.item is not None and claim.disposition is Disposition.MATCHED and claim.spans:
            first[claim.item] = min(first.get(claim.item, claim.spans[0].start), claim.spans[0].start)
    ranks = _ranks(card)
    places = {index: (ranks[index], first[index]) for index in sorted(first) if items[index].credit > 0}
    kept = _best_run(places, items, card)
    return [
        replace(item, credit=0.0, reason=Reason.OUT_OF_ORDER, conflict=_conflict(index, places, kept))
        if index in places and index not in kept
        else item
        for index, item in enumerate(items)
    ]


def _ranks(card: Card) -> list[int]:
    """The place of each item in the order of the card: neighbours of one group share theirs."""
    ranks: list[int] = []
    rank, last = 0, None
    for item in card.items:
        if not item.negative:
            rank += item.group is None or item.group != last
            last = item.group
        ranks.append(rank)
    return ranks


Place = tuple[int, int]  # rank in the card's order, first mention in the answer


def _follows(place: Place, other: Place) -> bool:
    """Whether two mentions stand in the card's order, the other one first."""
    return other[0] == place[0] or (other[0] < place[0] and other[1] < place[1])


def _best_run(places: Mapping[int, Place], items: Sequence[ItemScore], card: Card) -> frozenset[int]:
    """The items of the increasing run that earns most: required ones and the best others, up to `need`.

    Heaviest increasing subsequence by dynamic programming, with the number of places that are left as a second
    coordinate. Items beyond those that count are kept where they stand in order too, and decide between equal runs.
    """
    # Within a group the order of the answer is taken, which makes any choice from it an increasing one.
    order = sorted(places, key=lambda index: (*places[index], index))
    free = card.need - sum(item.required for item in card.items)
    limited = sum(not card.items[index].required for index in order) > free
    best: dict[tuple[int, int], tuple[float, float]] = {}  # by last item and places used: what counts, and all of it
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for index in order:
        worth = items[index].credit * card.items[index].points
        always = not limited or card.items[index].required
        parents = [None, *(state for state in best if _follows(places[index], places[state[0]]))]
        for parent in parents:
            counted, whole = best[parent] if parent else (0.0, 0.0)
            used = parent[1] if parent else 0
            ways = [(used, counted + worth)] if always else [(used, counted)]
            if not always and used < free:
                ways.append((used + 1, counted + worth))
            for places_used, value in ways:
                state = (index, places_used)
                if (value, whole + worth) > best.get(state, (-1.0, 0.0)):
                    best[state] = (value, whole + worth)
                    before[state] = parent
    end = max(best, key=lambda state: best[state], default=None)
    kept: set[int] = set()
    while end is not None:
        kept.add(end[0])
        end = before[end]
    return frozenset(kept)


def _conflict(index: int, places: Mapping[int, Place], kept: Collection[int]) -> int | None:
    """The nearest kept item, in the order of the card, before or after which this one should have stood."""
    wrong = [
        other
        for other in kept
        if not _follows(places[index], places[other]) and not _follows(places[other], places[index])
    ]
    return min(wrong, key=lambda other: (abs(other - index), other), default=None)
