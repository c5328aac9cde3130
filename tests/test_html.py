from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from grader.cli import app
from grader.records import Grade, ItemGrade, PartGrade, Reason, Span, Verdict
from grader.report import grade_to_html, grade_to_page, visible
from grader.report.html import MARK_COLOURS, PAGE_COLOURS
from grader.report.wording import Mark

ANSWER = "they pay more, more want it, shops choose, high taxes"


def span(text: str, answer: str = ANSWER) -> Span:
    start = answer.index(text)
    return Span(start, start + len(text), text)


GRADE = Grade(
    card="prices",
    score=0.4,
    points=0.8,
    max_points=2.0,
    verdict=Verdict.PARTIAL,
    confidence=0.9,
    needs_review=True,
    items=(
        ItemGrade(
            "Why the price rises",
            0.5,
            Reason.PARTLY,
            0.9,
            (span("they pay more, more want it"),),
            parts=(
                PartGrade("supply shrinks", 0.3, 0.0, Reason.MISSING),
                PartGrade("buyers bid up the price", 0.5, 1.0, Reason.PARAPHRASE, (span("they pay more"),)),
                PartGrade("fewer want it", 0.2, 0.0, Reason.ANTONYM, (span("more want it"),), "more, not fewer"),
            ),
        ),
        ItemGrade("Scarcity", 0.0, Reason.MISSING, 0.9),
        ItemGrade("Shops decide", -0.5, Reason.MISCONCEPTION, 0.9, (span("shops choose"),), negative=True),
        ItemGrade("Prices never change", 0.0, Reason.MISSING, 0.9, negative=True),
    ),
    extras=(span("high taxes"),),
    signature="grader:1|profile:standard",
    notes=("1 surplus guess: the score is multiplied by 0.80.",),
)

VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads HTML as a browser would, and fails where tags do not balance."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []  # tag, name, value
        self.texts: list[tuple[tuple[str, ...], str]] = []  # the tags around a text, and the text
        self.others: list[str] = []  # comments, declarations, instructions
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(f"<{tag}/> is no HTML")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def within(self, tag: str) -> str:
        """All text inside tags of this name."""
        return "".join(text for tags, text in self.texts if tag in tags)


def cells(html: str) -> list[list[str]]:
    """The texts of a table, row by row."""
    return [
        [Reader(cell).within("t" + kind) for cell, kind in re.findall(r"(<t([hd])\b.*?</t[hd]>)", row)]
        for row in re.findall(r"<tr\b.*?</tr>", html)
    ]


# -- what it says ---------------------------------------------------------------------------------------------------


def test_the_table_of_items() -> None:
    assert cells(grade_to_html(GRADE)) == [
        ["No.", "Item", "You said", "Credit"],
        ["◐ 1.", "Why the price rises", "", "partly, 0.5only part of it is there"],
        ["·", "supply shrinks", "", "missing, 0 of 0.3not in your answer"],
        ["✓", "buyers bid up the price", '"they pay more"', "earned, 0.5 of 0.5right, in your own words"],
        [
            "✗",
            "fewer want it",
            '"more want it"',
            "wrong, 0 of 0.2you say the opposite; decided by: more, not fewer",
        ],
        ["· 2.", "Scarcity", "", "missing, 0not in your answer"],
        ["! 3.", "Shops decide", '"shops choose"', "misconception, -0.5you say this, and it costs marks"],
    ]


def test_the_rest_of_the_section() -> None:
    html = grade_to_html(GRADE, ANSWER)
    lines = [Reader(part).within("p") for part in re.findall(r"<p\b.*?</p>", html, re.DOTALL)]
    assert lines == [
        "Your answer: ✓1they pay more, ✗1more want it, !3shops choose, ?high taxes",
        "Score 0.40 (0.8 of 2 points), partly correct, 90% sure",
        '? not asked for: "high taxes": no item asks for this, so it earns nothing',
        "1 surplus guess: the score is multiplied by 0.80.",
        "A person should look at this grade.",
        'For full marks: supply shrinks; fewer want it; Scarcity; without "Shops decide"',
    ]


def test_marks_carry_a_class_and_a_title() -> None:
    read = Reader(grade_to_html(GRADE, ANSWER))
    marks = [(name, value) for tag, name, value in read.attributes if tag == "mark"]
    assert marks[:2] == [("class", "earned"), ("title", "1. earned: right, in your own words")]
    assert [value for name, value in marks if name == "class"] == ["earned", "wrong", "misconception", "surplus"]


def test_where_two_stretches_overlap_the_first_is_marked() -> None:
    items = (
        ItemGrade("one", 1.0, Reason.EXACT, 1.0, (Span(0, 4, "abcd"),)),
        ItemGrade("two", 0.5, Reason.PARTLY, 1.0, (Span(2, 6, "cdef"),)),
    )
    read = Reader(grade_to_html(replace(GRADE, items=items, extras=()), "abcdef"))
    assert (read.within("mark"), read.within("bdi")) == ("✓1abcd", "✓1abcdef")
    assert '"cdef"' in read.within("td")


# -- for everyone ---------------------------------------------------------------------------------------------------


def test_the_section_is_accessible() -> None:
    read = Reader(grade_to_html(GRADE, ANSWER))
    assert ("section", "lang", "en") in read.attributes
    headers = [value for tag, name, value in read.attributes if (tag, name) == ("th", "scope")]
    assert len(headers) == read.tags.count("th")
    assert headers == ["col"] * 4 + ["rowgroup"] + ["row"] * 5
    assert read.tags.count("tbody") == 3  # a row group for each item, its parts in it


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["page", *Mark])
def test_letters_stand_out_from_their_ground(name: str, scheme: int) -> None:
    colours = PAGE_COLOURS if name == "page" else MARK_COLOURS[Mark(name)]
    dark, light = sorted(map(luminance, colours[scheme]))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert (luminance(colours[scheme][0]) < luminance(colours[scheme][1])) is (scheme == 0)
    for colour in colours[scheme]:
        assert colour in grade_to_html(GRADE)


def test_no_rule_reaches_beyond_the_section() -> None:
    """Each selector begins with the class of the section; a style sheet holds for the whole page."""
    style = Reader(grade_to_html(GRADE, ANSWER)).within("style")
    rules = re.sub(r"@media[^{]*\{(.*?\})\s*\}", r"\1", style, flags=re.DOTALL)
    selectors = [one.strip() for part in re.findall(r"([^{}]+)\{", rules) for one in part.split(",")]
    assert len(selectors) > 20
    assert all(selector.split()[0] == ".grader-grade" for selector in selectors)


# -- hostile text ---------------------------------------------------------------------------------------------------

HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("</style></section><h1>", id="closing tags"),
    pytest.param("\"><img src=x onerror='alert(1)'>", id="out of an attribute"),
    pytest.param("' onmouseover='alert(1)", id="single quotes"),
    pytest.param("&lt;b&gt; &amp; &#60; &notanentity", id="entities"),
    pytest.param("<!-- ", id="open comment"),
    pytest.param("<![CDATA[ ]]> <?php ?>", id="declarations"),
    pytest.param("{color:red} @import url(//x)", id="style"),
    pytest.param("{} {0} {reference} %s", id="format"),
    pytest.param("\ud800 \udfff", id="lone surrogates"),
    pytest.param("\u202egnp.exe\u2066", id="bidirectional overrides"),
    pytest.param("\x00\x1b[2J\x07\x9b31m", id="control characters"),
    pytest.param("a\r\nb\u2028c\td", id="line breaks"),
    pytest.param("שלום 👍🏽 e\u0301", id="real text"),
]


def everywhere(text: str) -> Grade:
    """A grade that holds the text wherever a learner, an author or a judge can put some."""
    whole = (Span(0, len(text), text),)
    parts = (PartGrade(text, 0.5, 0.5, Reason.PARTLY, whole, text), PartGrade(text, 0.5, 0.0, Reason.NEGATED, (), text))
    return replace(
        GRADE,
        items=(
            ItemGrade(text, 1.0, Reason.TYPO, 0.9, whole, text),
            ItemGrade(text, 0.5, Reason.PARTLY, 0.9, (), text, parts=parts),
            ItemGrade(text, 0.0, Reason.OUT_OF_ORDER, 0.9, whole, f"after {text}"),
            ItemGrade(text, -0.5, Reason.MISCONCEPTION, 0.9, whole, text, negative=True),
        ),
        extras=whole,
        notes=(text,),
    )


def check(text: str) -> None:
    """The text is on the page as text, and nothing of it is markup."""
    tame = Reader(grade_to_page(everywhere("tame"), "tame", prompt="tame"))
    page = grade_to_page(everywhere(text), text, prompt=text)
    page.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    read = Reader(page)
    assert read.others == tame.others == ["doctype html"]
    if text.strip():
        assert read.tags == tame.tags
        assert [one[:2] for one in read.attributes] == [one[:2] for one in tame.attributes]
        assert visible(text) in read.within("bdi")
    assert read.within("style") == tame.within("style")
    assert {name for _, name, _ in read.attributes} <= {
        "aria-label", "charset", "class", "content", "dir", "http-equiv", "lang", "name", "scope", "title",
    }  # fmt: skip
    for tag, name, value in read.attributes:
        assert (name, tag) == ("title", "mark") or (tag, name, value) in tame.attributes
    in_attributes = " ".join(value for _, name, value in read.attributes if name == "title")
    raw = " ".join(re.findall(r' title="([^"]*)"', page))
    assert not re.search("[<>\"']", raw)
    assert in_attributes.count("<") >= text.count("<")  # it is there, escaped


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    check(text)


@given(st.text(st.characters() | st.sampled_from("<>&\"'/!-=?\ud800\u202e\x00\r\n"), max_size=30))
@settings(deadline=None)
def test_any_text_stays_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize("html", ["<p>", "</p>", "<b><i></b></i>", "<p/>"])
def test_the_reader_of_these_tests_is_no_blindfold(html: str) -> None:
    with pytest.raises(AssertionError):
        Reader(html)


def test_nothing_is_run_or_fetched() -> None:
    page = grade_to_page(GRADE, ANSWER, prompt="Why?")
    read = Reader(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(read.tags)
    assert not {"src", "href", "style", "action"} & {name for _, name, _ in read.attributes}
    assert "url(" not in page
    assert "@import" not in page
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes


# -- a page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "title"),
    [pytest.param("Name <2>\nthings", "Name <2> things", id="prompt"), pytest.param("", "Grade", id="no prompt")],
)
def test_a_page_has_a_title_and_holds_the_section(prompt: str, title: str) -> None:
    page = grade_to_page(GRADE, ANSWER, prompt=prompt)
    read = Reader(page)
    assert (read.within("title"), read.within("h1")) == (title, title)
    assert grade_to_html(GRADE, ANSWER) in page
    assert page.startswith("<!doctype html>\n")


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands grade without a model: evidence and guards on character n-grams."""
    from grader.encode import CharNgramEncoder
    from grader.grader import Grader
    from grader.judge import light_judge

    monkeypatch.setattr(
        "grader.cli.grading._grader",
        lambda profile: Grader(encoder=CharNgramEncoder(), judge=light_judge(), profile=profile),
    )


WORDS = ["grade", "--prompt", "2 <colours>", "--reference", "red", "--reference", "blue", "red, <b>", "--html"]


@pytest.mark.usefixtures("light")
def test_the_command_line_writes_the_page_whole(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*WORDS, str(tmp_path / "grade.html")])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "2 <colours>")
    read = Reader((tmp_path / "grade.html").read_text(encoding="utf-8"))
    assert (read.within("h1"), read.within("mark"), "<b>" in read.within("bdi")) == ("2 <colours>", "✓1red", True)
    assert [path.name for path in tmp_path.iterdir()] == ["grade.html"]


@pytest.mark.usefixtures("light")
def test_a_page_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*WORDS, str(tmp_path / "no" / "grade.html")])
    assert done.exit_code == 2
    assert "grade.html.partial: cannot be written" in " ".join(done.output.split())
