"""A grade as plain lines: ASCII signs, words beside them, no colour, no box."""

from __future__ import annotations

from grader.records import Grade
from grader.report.layout import lay_out
from grader.report.lines import to_lines
from grader.report.wording import PLAIN_SIGNS


def grade_to_text(grade: Grade, answer: str = "") -> str:
    """The grade in lines that read well aloud; ends without a line break.

    Args:
        grade: what to show.
        answer: the learner's raw answer, shown with the words that earned something marked; none: left out.
    """
    return "\n".join(line.text for line in to_lines(lay_out(grade, answer), PLAIN_SIGNS))
