"""A card as its author should see it: what was read, what is optional, what earns the marks."""

from __future__ import annotations

from collections.abc import Iterator

from grader.records import Card, Extras, Facet, Key, ReferenceItem, Wording
from grader.records.worth import ratio


def describe_card(card: Card) -> str:
    """The card in a few lines: prompt, how it is graded, and each item with its wordings."""
    return "\n".join((card.prompt, f"  id: {card.id}", f"  {_grading(card)}", *_items(card)))


def _grading(card: Card) -> str:
    number = len(card.earning)
    if card.need < number:
        parts = [f"any {card.need} of {number} items earn full marks"]
    elif card.is_list:
        parts = ["the one item earns full marks" if number == 1 else f"all {number} items earn full marks"]
    else:
        parts = ["one item, graded by its parts"]
    costing = len(card.items) - number
    if costing:
        parts.append("1 misconception costs" if costing == 1 else f"{costing} misconceptions cost")
    if card.ordered:
        parts.append("in this order")
    if card.points is not None:
        parts.append(f"{card.points:g} points")
    if card.key is not Key.EITHER:
        earns = {
            Key.TERM: "the term earns it",
            Key.EXPLANATION: "the explanation earns it",
            Key.BOTH: "both are needed",
        }
        parts.append(f"of 'Term: explanation' {earns[card.key]}{_key_weights(card)}")
    if card.extras is Extras.IGNORE:
        parts.append("surplus guesses cost nothing")
    return "; ".join(parts)


def _key_weights(card: Card) -> str:
    term, explanation = ratio(card.key_weights)
    return "" if term == explanation else f", weighed {term:g} to {explanation:g}"


def _items(card: Card) -> Iterator[str]:
    for place, item in enumerate(card.items, start=1):
        yield f"  {place}. {item.text}"
        yield f"     id: {item.id}"
        yield from (f"     {line}" for line in (*_attributes(item), *_wordings(item)))
        for facet in item.facets:
            yield f"     facet, {facet.weight:.0%}: {facet.text}"
            yield from (f"       {line}" for line in _wordings(facet))


def _attributes(item: ReferenceItem) -> Iterator[str]:
    points = "1 point" if item.points == 1 else f"{item.points:g} points"
    if item.negative:
        yield f"misconception: costs {points}"
    elif item.points != 1:
        yield f"worth: {points}"
    if item.required:
        yield "required"
    if item.group is not None:
        yield f"group: {item.group}"


def _wordings(item: ReferenceItem | Facet) -> Iterator[str]:
    several = len(item.wordings) > 1
    for place, wording in enumerate(item.wordings):
        if several or wording.text != item.text:
            yield f"{'or' if place else 'say'}: {wording.text}"
        yield from _parts(wording)


def _parts(wording: Wording) -> Iterator[str]:
    if wording.term is not None:
        yield f"term: {wording.term}"
        yield f"explanation: {wording.explanation}"
    if wording.optional:
        yield f"optional: {'; '.join(wording.optional)}"
