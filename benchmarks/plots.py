"""Draws benchmarks/results/accuracy.json: a reliability diagram and a risk-coverage curve, as SVG.

python benchmarks/plots.py             rewrites reliability.svg and risk_coverage.svg beside the results
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from trust import pooled

RESULTS = Path(__file__).resolve().parent / "results"
OURS = "grader"
CARDS = ("cards_natural", "cards_adversarial")
SHOWN = ("cards_natural", "cards_adversarial", "cases", "scientsbank_uq")
SIDE, MARGIN, KEY = 360, 56, 22  # px: of the square, of what is around it, and of a line of the key
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
STYLE = """
  svg { color-scheme: light dark; background: #ffffff; }
  text { font: 13px sans-serif; fill: #1f2328; }
  .frame { fill: none; stroke: #59636e; } .grid { stroke: #d1d9e0; } .ideal { stroke: #59636e; stroke-dasharray: 2 4; }
  .line { fill: none; stroke-width: 2.5; }
  .c0 { stroke: #0550ae; color: #0550ae; } .c1 { stroke: #9a3412; color: #9a3412; stroke-dasharray: 8 4; }
  .c2 { stroke: #116329; color: #116329; stroke-dasharray: 3 3; }
  .c3 { stroke: #6639ba; color: #6639ba; stroke-dasharray: 12 4 3 4; }
  circle[class] { fill: currentColor; stroke: none; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } text { fill: #e6edf3; }
    .frame, .ideal { stroke: #9198a1; } .grid { stroke: #3d444d; }
    .c0 { stroke: #79c0ff; color: #79c0ff; } .c1 { stroke: #ffa657; color: #ffa657; }
    .c2 { stroke: #7ee787; color: #7ee787; } .c3 { stroke: #d2a8ff; color: #d2a8ff; }
  }"""


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through points of the unit square."""

    name: str
    points: tuple[tuple[float, float], ...]


def reliability_lines(sets: Mapping[str, Any]) -> list[Line]:
    """What was stated against what was found, of P(expresses): both lots of cards together, and SciEntsBank UQ."""

    def bins(name: str) -> list[Mapping[str, float]]:
        held = sets.get(name, {}).get("calibration", {}).get(OURS, {}).get("P(expresses)")
        return held["bins"] if held else []

    diagrams: dict[str, Sequence[Mapping[str, float]]] = {
        "Cards, both lots": pooled(bins(name) for name in CARDS),
        "SciEntsBank, unseen questions": bins("scientsbank_uq"),
    }
    return [
        Line(name, tuple((one["stated"], one["found"]) for one in diagram))
        for name, diagram in diagrams.items()
        if diagram
    ]


def coverage_lines(sets: Mapping[str, Any]) -> list[Line]:
    """Agreement of the surest answers by their share, of each set that is shown."""
    found = []
    for name in SHOWN:
        held = sets.get(name, {}).get("review", {}).get(OURS)
        if held:
            found.append(Line(sets[name]["title"], tuple((one["coverage"], one["agreement"]) for one in held["curve"])))
    return found


def svg(title: str, axes: tuple[str, str], lines: Sequence[Line], *, lowest: float = 0.0, ideal: bool = False) -> str:
    """The lines over the unit square as an SVG text; `lowest` is where the upright axis begins, 0..1."""
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN + KEY * len(lines)

    def x(value: float) -> float:
        return round(MARGIN + value * SIDE, 1)

    def y(value: float) -> float:
        return round(MARGIN + SIDE * (1 - (value - lowest) / (1 - lowest)), 1)

    told = "; ".join(
        f"{line.name}: " + ", ".join(f"{across:.2f} {up:.2f}" for across, up in line.points) for line in lines
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(f"{axes[1]} by {axes[0]}. {told}.")}</desc>',
        f"<style>{STYLE}\n</style>",
        f'<text x="{MARGIN}" y="{MARGIN - 24}" font-weight="bold">{escape(title)}</text>',
    ]
    for tick in TICKS:
        up = lowest + tick * (1 - lowest)
        parts += [
            f'<path class="grid" d="M{x(tick)} {y(lowest)}V{y(1)}M{x(0)} {y(up)}H{x(1)}"/>',
            f'<text x="{x(tick)}" y="{y(lowest) + 18}" text-anchor="middle">{tick:g}</text>',
            f'<text x="{MARGIN - 8}" y="{y(up) + 4}" text-anchor="end">{up:.3g}</text>',
        ]
    parts.append(f'<rect class="frame" x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}"/>')
    if ideal:
        parts.append(f'<path class="ideal" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>')
    for number, line in enumerate(lines):
        points = [(x(across), y(up)) for across, up in line.points]
        path = "L".join(f"{across} {up}" for across, up in points)
        dots = "".join(f'<circle class="c{number}" cx="{across}" cy="{up}" r="3.5"/>' for across, up in points)
        key = MARGIN + SIDE + 52 + KEY * number
        parts += [
            f'<path class="line c{number}" d="M{path}"/>{dots}',
            f'<path class="line c{number}" d="M{MARGIN} {key}h40"/>',
            f'<text x="{MARGIN + 50}" y="{key + 4}">{escape(line.name)}</text>',
        ]
    middle = MARGIN + SIDE / 2
    parts += [
        f'<text x="{middle}" y="{MARGIN + SIDE + 36}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(axes[1])}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def draw(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Writes the pictures that the results allow into the folder, and says which."""
    reliable, covered = reliability_lines(results["sets"]), coverage_lines(results["sets"])
    lowest = min((up for line in covered for _, up in line.points), default=0.0)
    lowest = min(0.75, int(lowest * 4) / 4)  # a quarter below every point, so that the curves fill the square
    made = {
        "reliability.svg": svg("Reliability of P(expresses)", ("stated", "found"), reliable, ideal=True),
        "risk_coverage.svg": svg(
            "Agreement of the surest answers", ("share of answers", "agreement"), covered, lowest=lowest
        ),
    }
    written = []
    for (name, text), lines in zip(made.items(), (reliable, covered), strict=True):
        if lines:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            written.append(folder / name)
    return written


def main() -> int:
    path = RESULTS / "accuracy.json"
    if not path.exists():
        print(f"{path} is not there; run python benchmarks/accuracy.py first", file=sys.stderr)
        return 2
    for one in draw(json.loads(path.read_text(encoding="utf-8")), RESULTS):
        print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main())
