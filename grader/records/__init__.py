"""The records that stages hand each other: frozen, comparable, without behaviour beyond reading themselves."""

from grader.records.cards import Card, Deck, Extras, Facet, Item, Key, ReferenceItem, Wording
from grader.records.facets import facet_card
from grader.records.grades import (
    CONTRADICTIONS,
    Claim,
    Disposition,
    Grade,
    ItemGrade,
    Judgement,
    Pair,
    PartGrade,
    Reason,
    Span,
    Verdict,
)

__all__ = [
    "CONTRADICTIONS",
    "Card",
    "Claim",
    "Deck",
    "Disposition",
    "Extras",
    "Facet",
    "Grade",
    "Item",
    "ItemGrade",
    "Judgement",
    "Key",
    "Pair",
    "PartGrade",
    "Reason",
    "ReferenceItem",
    "Span",
    "Verdict",
    "Wording",
    "facet_card",
]
