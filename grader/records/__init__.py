"""The records that stages hand each other: frozen, comparable, without behaviour beyond reading themselves."""

from grader.records.cards import Card, Deck, Extras, Key, ReferenceItem, Wording
from grader.records.grades import (
    CONTRADICTIONS,
    Claim,
    Disposition,
    Grade,
    ItemGrade,
    Judgement,
    Pair,
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
    "Grade",
    "ItemGrade",
    "Judgement",
    "Key",
    "Pair",
    "Reason",
    "ReferenceItem",
    "Span",
    "Verdict",
    "Wording",
]
