"""What a reader of a grade sees, line by line, before it is plain text or coloured."""

from __future__ import annotations

from dataclasses import dataclass

from grader.records import Grade, Span
from grader.report.wording import REVIEW_NOTE, Mark, Signs, headline, mark_of, note_of, visible

MAX_SHOWN = 4_000  # characters of an answer on a screen; the JSON record has all of it
MAX_EXTRAS = 12  # of them named


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


def lay_out(grade: Grade, answer: str, signs: Signs) -> list[Line]:
    """The marked answer, the score, the items with their notes, then what else a reader should know."""
    lines = []
    if answer.strip():
        lines += _hang("Your answer: ", mark_answer(grade, answer, signs))
    lines.append(Line((Segment(visible(headline(grade)), strong=True),)))
    for number, item in enumerate(grade.items, start=1):
        mark = mark_of(item)
        reference = visible(item.reference).replace("\n", " ")
        label = Segment(f"{signs.of[mark]} {number}. ", mark, strong=True)
        lines.append(Line((Segment(reference),), label))
        words = " … ".join(f'"{_shorten(visible(span.text))}"' for span in item.spans)
        note = f"{mark.value}: {visible(note_of(item))}" + (f": {words}" if words else "")
        lines.append(Line((Segment(note.replace("\n", " "), mark),), Segment(" " * len(label.text))))
    if grade.extras:
        words = ", ".join(f'"{_shorten(visible(span.text))}"' for span in grade.extras[:MAX_EXTRAS])
        if len(grade.extras) > MAX_EXTRAS:
            words += f" and {len(grade.extras) - MAX_EXTRAS:,} more"
        label = Segment(f"{signs.of[Mark.SURPLUS]} ", Mark.SURPLUS, strong=True)
        text = f"{Mark.SURPLUS.value}: {words}"
        lines.append(Line((Segment(text.replace("\n", " "), Mark.SURPLUS),), label))
    lines += [Line((Segment(visible(note)),)) for note in grade.notes]
    if grade.needs_review:
        lines.append(Line((Segment(REVIEW_NOTE, Mark.PARTLY),)))
    return lines


def mark_answer(grade: Grade, answer: str, signs: Signs) -> list[Segment]:
    """The answer with the words that items rest on between brackets, each with its sign and the item's number.

    Where two stretches overlap, the one that starts first keeps its brackets; the notes of the items quote both.
    """
    marked: list[tuple[Span, Mark, str]] = [
        (span, mark_of(item), str(number)) for number, item in enumerate(grade.items, start=1) for span in item.spans
    ]
    marked += [(span, Mark.SURPLUS, "") for span in grade.extras]
    marked.sort(key=lambda one: (one[0].start, -one[0].end))
    segments: list[Segment] = []
    at = 0
    shown = answer if len(answer) <= MAX_SHOWN else answer[:MAX_SHOWN]
    for span, mark, number in marked:
        if span.start < at or span.end > len(shown) or span.end <= span.start:
            continue
        segments.append(Segment(visible(shown[at : span.start])))
        words = visible(shown[span.start : span.end])
        segments.append(Segment(f"{signs.open}{signs.of[mark]}{number} {words}{signs.close}", mark))
        at = span.end
    segments.append(Segment(visible(shown[at:])))
    if len(shown) < len(answer):
        segments.append(Segment(f" … ({len(answer) - len(shown):,} more characters)"))
    return [segment for segment in segments if segment.text]


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


def _shorten(text: str, limit: int = 120) -> str:
    """The text with its middle left out where it is longer than a note should be."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


__all__ = ["MAX_SHOWN", "Line", "Segment", "lay_out", "mark_answer"]
