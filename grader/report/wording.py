"""The words and signs in which grades are explained: every one of them stands here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from grader.records import CONTRADICTIONS, Grade, ItemGrade, PartGrade, Reason, Span, Verdict

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
    Reason.MISCONCEPTION: "you say this",
}

VERDICT_NAMES: dict[Verdict, str] = {
    Verdict.CORRECT: "correct",
    Verdict.PARTIAL: "partly correct",
    Verdict.CONTRADICTORY: "contradicts the reference",
    Verdict.INCORRECT: "incorrect",
    Verdict.BLANK: "no answer",
}

AND_COSTS = "{}, and it costs marks"
NOT_SAID = "no word for: {}"
DECIDED = "decided by: {}"
MISSPELT = "misspelt: {}"
BELONGS = "right, but it belongs {} {}"  # where: after or before; and which item
UNCOUNTED = "beyond what full marks need"
NO_ITEM = "no item asks for this, so it earns nothing"
NO_COST = "and costs nothing"
MORE = "and {:,} more"
CUT = " … ({:,} more characters)"

ANSWER_LABEL = "Your answer: "
GRADE_LABEL = "Grade"
ITEMS_LABEL = "Items"
COLUMNS = ("No.", "Item", "You said", "Credit")
FULL_MARKS = "For full marks: {}"
IN_PLACE = "{} in its place"
WITHOUT = "without {}"
NO_GUESSES = "no guesses beside what is asked for"
REVIEW_NOTE = "A person should look at this grade."

TERM_WORDS = 4  # a term has at most so many; it stands for its item where that is only named
BRIEF = 60  # characters by which an item is named
QUOTED = 120  # characters that are quoted of a stretch of the answer


class Mark(StrEnum):
    """What became of an item, or of a stretch of the answer."""

    EARNED = "earned"
    PARTLY = "partly"
    WRONG = "wrong"
    MISPLACED = "out of order"
    MISSING = "missing"
    MISCONCEPTION = "misconception"
    SURPLUS = "not asked for"


@dataclass(frozen=True, slots=True)
class Signs:
    """How marks are drawn; the word of the mark always stands beside them or in the key."""

    of: dict[Mark, str]
    open: str  # before a marked stretch of the answer
    close: str


PLAIN_SIGNS = Signs(
    {
        Mark.EARNED: "+",
        Mark.PARTLY: "~",
        Mark.WRONG: "x",
        Mark.MISPLACED: "^",
        Mark.MISSING: "-",
        Mark.MISCONCEPTION: "!",
        Mark.SURPLUS: "?",
    },
    "[",
    "]",
)
SCREEN_SIGNS = Signs(
    {
        Mark.EARNED: "✓",
        Mark.PARTLY: "◐",
        Mark.WRONG: "✗",
        Mark.MISPLACED: "↕",
        Mark.MISSING: "·",
        Mark.MISCONCEPTION: "!",
        Mark.SURPLUS: "?",
    },
    "[",
    "]",
)

_SAID_AMISS = CONTRADICTIONS | {Reason.NEAR_MISS, Reason.PARROTED}
_OWN_WORDS = frozenset({Reason.EXACT, Reason.ALIAS, Reason.TERM, Reason.PARAPHRASE, Reason.ENTAILED})

# What would move the cursor, ring, recolour or reorder a terminal: C0 and C1 controls, bidirectional overrides and
# isolates, and lone surrogates, which no terminal encoding has.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with line breaks made one kind and what could steer a terminal written as escapes."""
    one_kind = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], one_kind)


def mark_of(graded: ItemGrade | PartGrade) -> Mark:
    """The mark an item or a part gets by its credit, and by its reason where it earned none."""
    if graded.credit < 0:
        return Mark.MISCONCEPTION
    if graded.credit >= 1:
        return Mark.EARNED
    if graded.credit > 0:
        return Mark.PARTLY
    if graded.reason is Reason.OUT_OF_ORDER:
        return Mark.MISPLACED
    return Mark.WRONG if graded.reason in _SAID_AMISS else Mark.MISSING


def note_of(graded: ItemGrade | PartGrade) -> str:
    """A teacher's short note: why the item or the part earned what it earned."""
    note = REASON_NOTES[graded.reason]
    if graded.credit < 0:
        return AND_COSTS.format(note)
    where, _, other = graded.evidence.partition(" ")
    if graded.reason is Reason.OUT_OF_ORDER and where in ("after", "before") and other:
        return BELONGS.format(where, f'"{brief(other)}"')
    if graded.evidence and graded.reason is Reason.TYPO:
        return f"{note} ({graded.evidence})"
    if graded.evidence and graded.reason in _OWN_WORDS:
        return f"{note} ({MISSPELT.format(graded.evidence)})"
    return note


def aside_of(graded: ItemGrade | PartGrade) -> str:
    """What the note leaves open: the words that are missing, the word or figure that decided, what did not count."""
    told_by_parts = isinstance(graded, ItemGrade) and bool(graded.parts)
    told_by_words = [graded.evidence] == [span.text for span in graded.spans]
    asides = []
    if graded.evidence and graded.reason is Reason.PARTLY and not told_by_parts:
        asides.append(NOT_SAID.format(graded.evidence))
    if graded.evidence and mark_of(graded) is Mark.WRONG and not told_by_words:
        asides.append(DECIDED.format(graded.evidence))
    if isinstance(graded, ItemGrade) and graded.credit > 0 and not graded.counted:
        asides.append(UNCOUNTED)
    return "; ".join(asides)


def quote(spans: tuple[Span, ...], between: str = " … ") -> str:
    """The learner's words, each stretch in quotation marks."""
    return between.join(f'"{shorten(visible(span.text), QUOTED)}"' for span in spans)


def surplus_note(grade: Grade, at_most: int) -> str:
    """The words that were not asked for, why they did not count, and that they cost nothing where they do not.

    What they cost is a note of the grade; so where it has notes, they follow and nothing is said of it here.
    """
    words = quote(grade.extras[:at_most], ", ")
    if len(grade.extras) > at_most:
        words += " " + MORE.format(len(grade.extras) - at_most)
    return f"{words}: {NO_ITEM}" + ("" if grade.notes else f" {NO_COST}")


def headline(grade: Grade) -> str:
    """Score, points, verdict and confidence in one line."""
    points = f"{round(grade.points, 2):g} of {grade.max_points:g} {'point' if grade.max_points == 1 else 'points'}"
    return f"Score {grade.score:.2f} ({points}), {VERDICT_NAMES[grade.verdict]}, {grade.confidence:.0%} sure"


def brief(text: str) -> str:
    """An item by its term, or by its first words."""
    text = " ".join(text.split())
    term, colon, _ = text.partition(": ")
    if colon and 0 < len(term.split()) <= TERM_WORDS:
        return term
    text = text.rstrip(" .;")
    if len(text) <= BRIEF:
        return text
    return text[:BRIEF].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def shorten(text: str, limit: int) -> str:
    """The text with its middle left out where it is longer than a note should be."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"
