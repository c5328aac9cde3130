"""A grade for a terminal: the plain lines with colour added, which never carries meaning alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.records import Grade
from grader.report.layout import Line, Segment, lay_out
from grader.report.wording import PLAIN_SIGNS, SCREEN_SIGNS, Mark

if TYPE_CHECKING:
    from rich.console import RenderableType

STYLES: dict[Mark, str] = {
    Mark.EARNED: "green",
    Mark.PARTLY: "yellow",
    Mark.WRONG: "red",
    Mark.MISSING: "cyan",
    Mark.SURPLUS: "magenta",
}


def grade_to_rich(grade: Grade, answer: str = "", *, ascii_only: bool = False) -> RenderableType:
    """The grade as something that a rich console prints.

    Args:
        grade: what to show.
        answer: the learner's raw answer, shown with the words that earned something marked; none: left out.
        ascii_only: for consoles whose encoding lacks the signs.
    """
    from rich.console import Group

    signs = PLAIN_SIGNS if ascii_only else SCREEN_SIGNS
    return Group(*(_line(line) for line in lay_out(grade, answer, signs)))


def _line(line: Line) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    text = Text()
    for segment in line.segments:
        text.append(segment.text, style=_style(segment))
    if not line.label.text:
        return text
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(Text(line.label.text, style=_style(line.label)), text)
    return grid


def _style(segment: Segment) -> str:
    style = STYLES[segment.mark] if segment.mark else ""
    return f"bold {style}".strip() if segment.strong else style
