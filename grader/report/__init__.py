"""Reporting: a grade as JSON, as plain lines, for a terminal, and as HTML."""

from grader.report.html import grade_to_html, grade_to_page
from grader.report.record import grade_to_dict, to_json
from grader.report.screen import grade_to_rich
from grader.report.text import grade_to_text
from grader.report.wording import visible

__all__ = [
    "grade_to_dict",
    "grade_to_html",
    "grade_to_page",
    "grade_to_rich",
    "grade_to_text",
    "to_json",
    "visible",
]
