"""A grade for a terminal: a table where it is wide enough, else lines; colour never carries meaning alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.records import Grade
from grader.report.layout import Layout, Row, lay_out
from grader.report.lines import Line, Segment, closing_lines, opening_lines, row_lines
from grader.report.wording import COLUMNS, PLAIN_SIGNS, SCREEN_SIGNS, Mark, Signs

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table
    from rich.text import Text

TABLE_WIDTH = 70  # columns of a terminal from which a table reads better than lines
CELL_WIDTH = 16  # columns that each of its cells keeps, so that its words stay whole

STYLES: dict[Mark, str] = {
    Mark.EARNED: "green",
    Mark.PARTLY: "yellow",
    Mark.WRONG: "red",
    Mark.MISPLACED: "yellow",
    Mark.MISSING: "cyan",
    Mark.MISCONCEPTION: "red",
    Mark.SURPLUS: "magenta",
}


def grade_to_rich(grade: Grade, answer: str = "", *, ascii_only: bool = False) -> RenderableType:
    """The grade as something that a rich console prints: with a table from `TABLE_WIDTH` columns on.

    Args:
        grade: what to show.
        answer: the learner's raw answer, shown with the words that earned something marked; none: left out.
        ascii_only: for consoles whose encoding lacks the signs.
    """
    return _Screen(lay_out(grade, answer), ascii_only)


class _Screen:
    """A layout that learns how wide the console is when it is printed."""

    def __init__(self, layout: Layout, ascii_only: bool) -> None:
        self._layout = layout
        self._ascii_only = ascii_only

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> list[RenderableType]:
        signs = PLAIN_SIGNS if self._ascii_only else SCREEN_SIGNS
        layout = self._layout
        if options.max_width >= TABLE_WIDTH and layout.rows:
            rows: list[RenderableType] = [_table(layout.rows, signs, self._ascii_only)]
        else:
            rows = [_line(line) for row in layout.rows for line in row_lines(row, signs)]
        before, after = opening_lines(layout, signs), closing_lines(layout, signs)
        return [*map(_line, before), *rows, *map(_line, after)]


def _table(rows: tuple[Row, ...], signs: Signs, ascii_only: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.ASCII if ascii_only else box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    number, item, said, credit = COLUMNS
    table.add_column(number, no_wrap=True)
    for name in (item, said, credit):  # the widest gives way first
        table.add_column(name, min_width=CELL_WIDTH, overflow="fold")
    for row in rows:
        label = Segment(f"{signs.of[row.mark]} {row.number}. ", row.mark, strong=True)
        table.add_row(_text(label), _text(Segment(row.text)), _text(Segment(row.said)), _result(row))
        for part in row.parts:
            sign = Segment(f"{signs.of[part.mark]} ", part.mark, strong=True)
            text = _line(Line((Segment(part.text),), sign))
            table.add_row("", text, _text(Segment(part.said)), _result(part))
    return table


def _result(row: Row) -> Text:
    """The mark in words, the credit and why."""
    segments = [Segment(f"{row.mark.value}, {row.credit}", row.mark, strong=True), Segment(f"\n{row.why}", row.mark)]
    if row.aside:
        segments.append(Segment(f"; {row.aside}", row.mark))
    return _text(*segments)


def _line(line: Line) -> RenderableType:
    from rich.table import Table

    text = _text(*line.segments)
    if not line.label.text:
        return text
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(_text(line.label), text)
    return grid


def _text(*segments: Segment) -> Text:
    from rich.text import Text

    return Text.assemble(*((segment.text, _style(segment)) for segment in segments))


def _style(segment: Segment) -> str:
    style = STYLES[segment.mark] if segment.mark else ""
    return f"bold {style}".strip() if segment.strong else style
