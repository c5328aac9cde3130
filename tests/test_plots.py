"""The pictures are well-formed SVG that says in words what it shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from plots import Line, coverage_lines, draw, reliability_lines, svg

SVG = "{http://www.w3.org/2000/svg}"


def measured(title: str, stated: float, found: float, count: int = 1) -> dict[str, Any]:
    bins = [{"from": 0.5, "count": count, "stated": stated, "found": found}]
    curve = [{"coverage": 0.5, "agreement": 1.0}, {"coverage": 1.0, "agreement": found}]
    return {
        "title": title,
        "calibration": {"grader": {"P(expresses)": {"bins": bins}}},
        "review": {"grader": {"curve": curve}},
    }


SETS = {
    "cards_natural": measured("Natural", 0.5, 0.8, count=1),
    "cards_adversarial": measured("Adversarial", 0.58, 0.4, count=3),
    "parade": measured("Not shown", 0.5, 0.5),
    "asap_1": {"title": "Points only", "calibration": {}, "review": {}},
}


def test_both_lots_of_cards_are_one_diagram() -> None:
    (line,) = reliability_lines(SETS)
    assert line.name == "Cards, both lots"
    # Of four items one at 0.5 and three at 0.58; found 0.8 and three times 0.4.
    assert [value for point in line.points for value in point] == pytest.approx([0.56, 0.5])


def test_coverage_has_a_line_for_each_set_shown() -> None:
    assert [line.name for line in coverage_lines(SETS)] == ["Natural", "Adversarial"]


def test_svg_places_points_and_tells_them() -> None:
    text = svg("A <title>", ("across", "up"), [Line("one & only", ((0.0, 0.5), (1.0, 1.0)))], lowest=0.5)
    root = ElementTree.fromstring(text)
    assert root.find(f"{SVG}title").text == "A <title>"  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == "up by across. one & only: 0.00 0.50, 1.00 1.00."  # type: ignore[union-attr]
    frame = root.find(f"{SVG}rect")
    assert frame is not None
    left, top, side = (float(frame.attrib[name]) for name in ("x", "y", "width"))
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in root.iter(f"{SVG}circle")]
    assert dots == [(left, top + side), (left + side, top)]  # the lower left corner, the upper right one


def test_draw_writes_what_there_is(tmp_path: Path) -> None:
    assert {path.name for path in draw({"sets": SETS}, tmp_path)} == {"reliability.svg", "risk_coverage.svg"}
    for path in tmp_path.iterdir():
        ElementTree.fromstring(path.read_text(encoding="utf-8"))


def test_draw_writes_nothing_of_nothing(tmp_path: Path) -> None:
    assert draw({"sets": {"asap_1": SETS["asap_1"]}}, tmp_path) == []
    assert list(tmp_path.iterdir()) == []
