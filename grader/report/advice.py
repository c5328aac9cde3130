"""What would have made full marks, in one line."""

from __future__ import annotations

from grader.records import CONTRADICTIONS, Grade, ItemGrade, Reason
from grader.report.wording import FULL_MARKS, IN_PLACE, MORE, NO_GUESSES, WITHOUT, brief

MAX_NAMED = 12  # things that are named
ROUNDING = 0.0002  # of a score, which has four digits, and of what is reckoned from it


def full_marks_line(grade: Grade) -> str:
    """The missing and the part-said, no more of them than full marks need; empty where the score is 1.

    Items that are partly there come first, since they are nearest. Then what costs: misconceptions, and guesses where
    nothing else stands between the answer and full marks.
    """
    if grade.score >= 1:
        return ""
    asked = [item for item in grade.items if not item.negative]
    whole = sum(item.counted and item.credit >= 1 for item in asked)
    open_items = [index for index, item in enumerate(asked) if item.credit < 1]
    nearest = sorted(open_items, key=lambda index: -asked[index].credit)[: max(0, needed(grade) - whole)]
    wanted = [text for index in sorted(nearest) for text in _lacking(asked[index])]
    wanted += [WITHOUT.format(f'"{brief(item.reference)}"') for item in grade.items if item.credit < 0]
    if not wanted and grade.extras:
        wanted = [NO_GUESSES]
    if len(wanted) > MAX_NAMED:
        wanted = [*wanted[:MAX_NAMED], MORE.format(len(wanted) - MAX_NAMED)]
    return FULL_MARKS.format("; ".join(wanted)) if wanted else ""


def needed(grade: Grade) -> int:
    """How many items full marks need, as far as the grade tells.

    Where a right item was left uncounted, as many as were counted; else the points that full marks are worth, which
    are one an item unless the card states others. All items where the score does not agree with that.
    """
    asked = [item for item in grade.items if not item.negative]
    counted = [item for item in asked if item.counted and item.credit > 0]
    earned = sum(item.credit for item in counted)
    costs = bool(grade.extras) or any(item.credit < 0 or item.reason in CONTRADICTIONS for item in grade.items)

    def agrees(number: float) -> bool:
        above = grade.score - earned / number
        return above <= ROUNDING and (costs or -above <= ROUNDING)

    left_out = any(item.credit > 0 and not item.counted for item in asked)
    for number in (len(counted) if left_out else 0, grade.max_points):
        if number == int(number) and max(1, len(counted)) <= number <= len(asked) and agrees(number):
            return int(number)
    return len(asked)


def _lacking(item: ItemGrade) -> list[str]:
    """What of an item full marks would have needed."""
    if any(part.credit > 0 for part in item.parts):
        facets = [brief(part.text) for part in item.parts if part.credit < 1]
        if facets:
            return facets
    if item.reason is Reason.PARTLY and item.evidence and not item.parts:
        return [f"{brief(item.reference)} ({item.evidence})"]
    if item.reason is Reason.OUT_OF_ORDER:
        return [IN_PLACE.format(brief(item.reference))]
    return [brief(item.reference)]


__all__ = ["full_marks_line", "needed"]
