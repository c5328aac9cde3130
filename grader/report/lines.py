"""A layout as lines: what plain text prints, and a terminal too narrow for a table with colour added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.report.layout import Layout, Row, Stretch
from grader.report.wording import ANSWER_LABEL, Mark, Signs


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one look."""

    text: str
    mark: Mark | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Segments beside each other behind a label; where they are wrapped, they stay clear of its column."""

    segments: tuple[Segment, ...]
    label: Segment = Segment("")

    @property
    def text(self) -> str:
        """The line without its looks."""
        return "".join(segment.text for segment in (self.label, *self.segments))


def to_lines(layout: Layout, signs: Signs) -> list[Line]:
    """The whole layout."""
    rows = [line for row in layout.rows for line in row_lines(row, signs)]
    return [*opening_lines(layout, signs), *rows, *closing_lines(layout, signs)]


def opening_lines(layout: Layout, signs: Signs) -> list[Line]:
    """The marked answer and the score."""
    lines = _hang(ANSWER_LABEL, [_bracket(stretch, signs) for stretch in layout.answer]) if layout.answer else []
    return [*lines, Line((Segment(layout.headline, strong=True),))]


def row_lines(row: Row, signs: Signs) -> Iterable[Line]:
    """An item, its note below it, and a line for each of its parts."""
    label = Segment(f"{signs.of[row.mark]} {row.number}. ", row.mark, strong=True)
    indent = " " * len(label.text)
    yield Line((Segment(row.text),), label)
    yield Line((Segment(f"{row.mark.value}: {row.note}", row.mark),), Segment(indent))
    for part in row.parts:
        sign = Segment(f"{indent}{signs.of[part.mark]} ", part.mark, strong=True)
        yield Line((Segment(f"{part.text}: "), Segment(part.note, part.mark)), sign)


def closing_lines(layout: Layout, signs: Signs) -> Iterable[Line]:
    """What was not asked for, the notes, whether a person should look, and what full marks would have taken."""
    if layout.surplus:
        label = Segment(f"{signs.of[Mark.SURPLUS]} ", Mark.SURPLUS, strong=True)
        yield Line((Segment(f"{Mark.SURPLUS.value}: {layout.surplus}", Mark.SURPLUS),), label)
    for note in layout.notes:
        yield Line((Segment(note),))
    if layout.review:
        yield Line((Segment(layout.review, Mark.PARTLY),))
    if layout.full_marks:
        yield Line((Segment(layout.full_marks),))


def _bracket(stretch: Stretch, signs: Signs) -> Segment:
    if stretch.mark is None:
        return Segment(stretch.text)
    sign = f"{signs.of[stretch.mark]}{stretch.number}"
    return Segment(f"{signs.open}{sign} {stretch.text}{signs.close}", stretch.mark)


def _hang(label: str, segments: list[Segment]) -> list[Line]:
    """The segments behind a label, cut at their line breaks; further lines stand under the first."""
    rows: list[list[Segment]] = [[]]
    for segment in segments:
        for index, piece in enumerate(segment.text.split("\n")):
            if index:
                rows.append([])
            if piece:
                rows[-1].append(Segment(piece, segment.mark, segment.strong))
    while len(rows) > 1 and not rows[-1]:
        rows.pop()
    first, *rest = rows
    lines = [Line(tuple(first), Segment(label))]
    lines += [Line(tuple(row), Segment(" " * len(label))) for row in rest]
    return lines


__all__ = ["Line", "Segment", "closing_lines", "opening_lines", "row_lines", "to_lines"]
