"""What a reader of a grade sees, before it is plain lines, a screen or HTML: one layout, three renderings."""

from __future__ import annotations

from dataclasses import dataclass

from grader.records import Grade, ItemGrade, PartGrade, Span
from grader.report.advice import full_marks_line
from grader.report.wording import (
    CUT,
    REVIEW_NOTE,
    Mark,
    aside_of,
    headline,
    mark_of,
    note_of,
    quote,
    surplus_note,
    visible,
)

MAX_SHOWN = 4_000  # characters of an answer that are shown; the JSON record has all of it
MAX_EXTRAS = 12  # of them named


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the answer, and what became of them."""

    text: str
    mark: Mark | None = None
    number: str = ""  # of the row that they earned or cost something in
    note: str = ""  # that row in short


@dataclass(frozen=True, slots=True)
class Row:
    """An item or one of its parts: every text in one line, and safe to show."""

    mark: Mark
    number: str  # from 1; empty for a part
    text: str  # of the reference
    why: str
    said: str  # the learner's words, quoted; empty where there are none
    aside: str  # what is missing or decided; may be empty
    credit: str  # of a part, its share of the item
    parts: tuple[Row, ...] = ()

    @property
    def note(self) -> str:
        """Why, then the learner's words, then what is left to say."""
        note = f"{self.why}: {self.said}" if self.said else self.why
        return f"{note}; {self.aside}" if self.aside else note


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is shown of a grade, in its order."""

    answer: tuple[Stretch, ...]  # empty where there is none to show
    headline: str
    rows: tuple[Row, ...]
    surplus: str  # empty where nothing was said that was not asked for
    notes: tuple[str, ...]
    review: str  # empty where nobody has to look
    full_marks: str  # what would have made them; empty where nothing can be named


def lay_out(grade: Grade, answer: str) -> Layout:
    """The marked answer, the score, the items with their notes, then what else a reader should know.

    Misconceptions that the answer does not express are left out.
    """
    return Layout(
        answer=tuple(mark_answer(grade, answer)) if answer.strip() else (),
        headline=visible(headline(grade)),
        rows=tuple(_row(item, str(number)) for number, item in _shown(grade)),
        surplus=_one_line(surplus_note(grade, MAX_EXTRAS)) if grade.extras else "",
        notes=tuple(visible(note) for note in grade.notes),
        review=REVIEW_NOTE if grade.needs_review else "",
        full_marks=_one_line(full_marks_line(grade)),
    )


def mark_answer(grade: Grade, answer: str) -> list[Stretch]:
    """The answer in stretches, those that items rest on with their mark and the item's number.

    Where two of them overlap, the one that starts first is marked; the notes of the items quote both.
    """
    marked: list[tuple[Span, Mark, str, str]] = []
    for number, item in _shown(grade):
        graded: list[ItemGrade] | list[PartGrade] = [part for part in item.parts if part.spans] or [item]
        marked += [(span, mark_of(one), str(number), _title(number, one)) for one in graded for span in one.spans]
    marked += [(span, Mark.SURPLUS, "", Mark.SURPLUS.value) for span in grade.extras]
    marked.sort(key=lambda one: (one[0].start, -one[0].end))
    stretches: list[Stretch] = []
    at = 0
    shown = answer if len(answer) <= MAX_SHOWN else answer[:MAX_SHOWN]
    for span, mark, row, note in marked:
        if span.start < at or span.end > len(shown) or span.end <= span.start:
            continue
        stretches.append(Stretch(visible(shown[at : span.start])))
        stretches.append(Stretch(visible(shown[span.start : span.end]), mark, row, note))
        at = span.end
    stretches.append(Stretch(visible(shown[at:])))
    if len(shown) < len(answer):
        stretches.append(Stretch(CUT.format(len(answer) - len(shown))))
    return [stretch for stretch in stretches if stretch.text]


def _shown(grade: Grade) -> list[tuple[int, ItemGrade]]:
    """The items with their numbers, without the misconceptions that nobody expressed."""
    shown = [item for item in grade.items if item.credit < 0 or not item.negative]
    return list(enumerate(shown, start=1))


def _row(item: ItemGrade, number: str) -> Row:
    parts = tuple(
        Row(
            mark=mark_of(part),
            number="",
            text=_one_line(part.text),
            why=_one_line(note_of(part)),
            said=_one_line(quote(part.spans)),
            aside=_one_line(aside_of(part)),
            credit=f"{round(part.credit * part.weight, 2):g} of {round(part.weight, 2):g}",
        )
        for part in item.parts
    )
    quoted = any(part.spans for part in item.parts)  # then the parts quote what the item rests on
    return Row(
        mark=mark_of(item),
        number=number,
        text=_one_line(item.reference),
        why=_one_line(note_of(item)),
        said="" if quoted else _one_line(quote(item.spans)),
        aside=_one_line(aside_of(item)),
        credit=f"{round(item.credit, 2):g}",
        parts=parts,
    )


def _title(number: int, graded: ItemGrade | PartGrade) -> str:
    return _one_line(f"{number}. {mark_of(graded).value}: {note_of(graded)}")


def _one_line(text: str) -> str:
    return visible(text).replace("\n", " ")


__all__ = ["MAX_SHOWN", "Layout", "Row", "Stretch", "lay_out", "mark_answer"]
