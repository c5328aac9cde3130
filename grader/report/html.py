"""A grade as HTML: one section that needs nothing else, or a page of its own; no scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grader.records import Grade
from grader.report.layout import Layout, Row, Stretch, lay_out
from grader.report.wording import ANSWER_LABEL, COLUMNS, GRADE_LABEL, ITEMS_LABEL, SCREEN_SIGNS, Mark, visible

Colours = tuple[str, str]  # of letters and of what is behind them

PAGE_COLOURS: tuple[Colours, Colours] = (("#1a1a1a", "#ffffff"), ("#e8e8e8", "#16181b"))  # light, dark
MARK_COLOURS: dict[Mark, tuple[Colours, Colours]] = {  # letters on their ground reach 4.5:1 (WCAG 2.2, 1.4.3, AA)
    Mark.EARNED: (("#0b5a22", "#e3f4e6"), ("#9be3ab", "#12351b")),
    Mark.PARTLY: (("#6b4700", "#fdf0cf"), ("#f3cf7a", "#3a2c08")),
    Mark.WRONG: (("#8f1414", "#fde6e4"), ("#ffb0a8", "#451514")),
    Mark.MISPLACED: (("#4f3a8c", "#ece7fa"), ("#cdbcff", "#2c2350")),
    Mark.MISSING: (("#0e4f66", "#e1f1f7"), ("#9fdcf2", "#0d3340")),
    Mark.MISCONCEPTION: (("#8a0f4d", "#fde4f0"), ("#ffadd2", "#47102c")),
    Mark.SURPLUS: (("#45484d", "#ececee"), ("#cfd2d6", "#303338")),
}
ROOT = "grader-grade"  # the class that every rule of the style begins with, so that none reaches what is around it

_SHAPE = f"""\
.{ROOT}{{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif;padding:1rem;border-radius:.5rem}}
.{ROOT} p{{margin:.5rem 0;overflow-wrap:anywhere}}
.{ROOT} .answer,.{ROOT} .note{{white-space:pre-wrap}}
.{ROOT} .headline{{font-weight:bold}}
.{ROOT} mark{{border-radius:.2rem;padding:.1rem .2rem}}
.{ROOT} mark sup{{line-height:0;margin-right:.2rem}}
.{ROOT} table{{border-collapse:collapse;width:100%}}
.{ROOT} th,.{ROOT} td{{border-bottom:1px solid;padding:.4rem .6rem;text-align:start;vertical-align:top;\
overflow-wrap:anywhere}}
.{ROOT} tbody th{{font-weight:normal}}
.{ROOT} .sign{{white-space:nowrap;font-weight:bold}}
.{ROOT} .part .sign{{text-align:end}}
.{ROOT} .part th{{padding-inline-start:1.6rem}}
"""


def grade_to_html(grade: Grade, answer: str = "") -> str:
    """The grade as one `section` with its own style, to be put into any page.

    Every text is escaped, and what could steer or reorder what is shown stands there as an escape. Colours follow the
    reader's light or dark scheme; signs and words say the same without them.

    Args:
        grade: what to show.
        answer: the learner's raw answer, shown with the words that earned something marked; none: left out.
    """
    return "\n".join(_section(lay_out(grade, answer)))


def grade_to_page(grade: Grade, answer: str = "", *, prompt: str = "") -> str:
    """The grade as a whole page under the prompt; ends with a line break, and UTF-8 can hold it."""
    title = escape(" ".join(visible(prompt).split()) or GRADE_LABEL)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root{{color-scheme:light dark}}
body{{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}}
h1{{font-size:1.4rem;overflow-wrap:anywhere}}
</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
{grade_to_html(grade, answer)}
</body>
</html>
"""


def _section(layout: Layout) -> Iterator[str]:
    yield f'<section class="{ROOT}" lang="en" aria-label="{GRADE_LABEL}">'
    yield f"<style>\n{_SHAPE}{_colours()}</style>"
    if layout.answer:
        words = "".join(map(_stretch, layout.answer))
        yield f'<p class="answer">{escape(ANSWER_LABEL)}<bdi>{words}</bdi></p>'
    yield f'<p class="headline">{escape(layout.headline)}</p>'
    if layout.rows:
        yield from _table(layout.rows)
    if layout.surplus:
        label = f"<strong>{SCREEN_SIGNS.of[Mark.SURPLUS]} {Mark.SURPLUS.value}:</strong>"
        yield f'<p><span class="{_name(Mark.SURPLUS)}">{label} {escape(layout.surplus)}</span></p>'
    for note in (*layout.notes, layout.review, layout.full_marks):
        if note:
            yield f'<p class="note">{escape(note)}</p>'
    yield "</section>"


def _stretch(stretch: Stretch) -> str:
    words = escape(stretch.text)
    if stretch.mark is None:
        return words
    sign = f"{SCREEN_SIGNS.of[stretch.mark]}{stretch.number}"
    return f'<mark class="{_name(stretch.mark)}" title="{escape(stretch.note)}"><sup>{sign}</sup>{words}</mark>'


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    """Each item in a row group of its own, headed by the item, its parts below it."""
    yield f'<table aria-label="{ITEMS_LABEL}">'
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in COLUMNS)
    yield f"<thead><tr>{heads}</tr></thead>"
    for row in rows:
        yield "<tbody>"
        yield _row(row, "item", "rowgroup" if row.parts else "row")
        yield from (_row(part, "part", "row") for part in row.parts)
        yield "</tbody>"
    yield "</table>"


def _row(row: Row, kind: str, scope: str) -> str:
    name = _name(row.mark)
    number = f" {row.number}." if row.number else ""
    why = escape(f"{row.why}; {row.aside}" if row.aside else row.why)
    return (
        f'<tr class="{kind}"><td class="sign {name}">{SCREEN_SIGNS.of[row.mark]}{number}</td>'
        f'<th scope="{scope}" dir="auto">{escape(row.text)}</th><td dir="auto">{escape(row.said)}</td>'
        f'<td class="{name}"><strong>{row.mark.value}, {escape(row.credit)}</strong><br>{why}</td></tr>'
    )


def _colours() -> str:
    """The rules for light screens, then those for dark ones."""
    light, dark = (
        f".{ROOT}{_rule(PAGE_COLOURS[scheme])}\n"
        + "".join(f".{ROOT} .{_name(mark)}{_rule(colours[scheme])}\n" for mark, colours in MARK_COLOURS.items())
        for scheme in (0, 1)
    )
    return f"{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


def _rule(colours: Colours) -> str:
    letters, ground = colours
    return f"{{color:{letters};background:{ground}}}"


def _name(mark: Mark) -> str:
    return mark.name.lower()


__all__ = ["MARK_COLOURS", "PAGE_COLOURS", "grade_to_html", "grade_to_page"]
