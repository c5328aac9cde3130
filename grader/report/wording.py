"""The words and signs in which grades are explained: every one of them stands here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from grader.records import CONTRADICTIONS, Grade, ItemGrade, Reason, Verdict

REASON_NOTES: dict[Reason, str] = {
    Reason.EXACT: "in the reference's own words",
    Reason.ALIAS: "in another wording that the card accepts",
    Reason.TERM: "named by its term",
    Reason.TYPO: "right, though misspelt",
    Reason.PARAPHRASE: "right, in your own words",
    Reason.ENTAILED: "it follows from what you say",
    Reason.PARTLY: "only part of it is there",
    Reason.MISSING: "not in your answer",
    Reason.UNRELATED: "close to it, but not this",
    Reason.NUMBER_MISMATCH: "a number, unit or date is wrong",
    Reason.NEGATED: "you say that it is not so",
    Reason.ANTONYM: "you say the opposite",
    Reason.SWAPPED: "the right words with their roles exchanged",
    Reason.NEAR_MISS: "another word that only looks alike",
    Reason.CONTRADICTED: "you say otherwise",
    Reason.BOTH_SIDES: "you say it and its opposite",
    Reason.OUT_OF_ORDER: "right, but not in this place",
    Reason.PARROTED: "this only repeats the question",
}

VERDICT_NAMES: dict[Verdict, str] = {
    Verdict.CORRECT: "correct",
    Verdict.PARTIAL: "partly correct",
    Verdict.CONTRADICTORY: "contradicts the reference",
    Verdict.INCORRECT: "incorrect",
    Verdict.BLANK: "no answer",
}

NOT_SAID = "no word for:"
REVIEW_NOTE = "A person should look at this grade."
UNCOUNTED_NOTE = "beyond what full marks need"


class Mark(StrEnum):
    """What became of an item, or of a stretch of the answer."""

    EARNED = "earned"
    PARTLY = "partly"
    WRONG = "wrong"
    MISSING = "missing"
    SURPLUS = "not asked for"


@dataclass(frozen=True, slots=True)
class Signs:
    """How marks are drawn; the word of the mark always stands beside them or in the key."""

    of: dict[Mark, str]
    open: str  # before a marked stretch of the answer
    close: str


PLAIN_SIGNS = Signs(
    {Mark.EARNED: "+", Mark.PARTLY: "~", Mark.WRONG: "x", Mark.MISSING: "-", Mark.SURPLUS: "?"}, "[", "]"
)
SCREEN_SIGNS = Signs(
    {Mark.EARNED: "✓", Mark.PARTLY: "◐", Mark.WRONG: "✗", Mark.MISSING: "·", Mark.SURPLUS: "?"}, "[", "]"
)

_SAID_AMISS = CONTRADICTIONS | {Reason.NEAR_MISS, Reason.OUT_OF_ORDER, Reason.PARROTED}

# What would move the cursor, ring, recolour or reorder a terminal: C0 and C1 controls, bidirectional overrides and
# isolates, and lone surrogates, which no terminal encoding has.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with line breaks made one kind and what could steer a terminal written as escapes."""
    one_kind = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], one_kind)


def mark_of(item: ItemGrade) -> Mark:
    """The mark an item gets by its credit, and by its reason where it earned none."""
    if item.credit >= 1:
        return Mark.EARNED
    if item.credit > 0:
        return Mark.PARTLY
    return Mark.WRONG if item.reason in _SAID_AMISS else Mark.MISSING


def note_of(item: ItemGrade) -> str:
    """A teacher's short note on an item."""
    note = REASON_NOTES[item.reason]
    if item.evidence:
        note += f" ({NOT_SAID} {item.evidence})" if item.reason is Reason.PARTLY else f" ({item.evidence})"
    if item.credit > 0 and not item.counted:
        note += f"; {UNCOUNTED_NOTE}"
    return note


def headline(grade: Grade) -> str:
    """Score, points, verdict and confidence in one line."""
    points = f"{round(grade.points, 2):g} of {grade.max_points:g} {'point' if grade.max_points == 1 else 'points'}"
    return f"Score {grade.score:.2f} ({points}), {VERDICT_NAMES[grade.verdict]}, {grade.confidence:.0%} sure"
