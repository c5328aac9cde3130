"""Prints the figures of a measurement as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH = 60  # columns for names and the first contestant, with intervals
EACH = 20  # columns for each other one
NONE = "-"
TRUST = ("agreement", "agreement without review", "coverage", "AURC")


def show(results: dict[str, Any]) -> None:
    """Prints one table a set: a column a contestant, a row a figure, then score error and bias by tag."""
    most = max(len(_names(one)) for one in results["sets"].values())
    console = Console(width=max(Console().width, WIDTH + EACH * most))  # a table that wraps cannot be read
    console.print(results["signature"], highlight=False, soft_wrap=True)
    for one in results["sets"].values():
        names = _names(one)
        table = Table(title=f"{one['title']} ({one['answers']} of {one['of']} answers)", title_justify="left")
        table.add_column("")
        for name in names:
            table.add_column(name, justify="right")
        for metric, by in one["metrics"].items():
            table.add_row(metric, *(_figure(by.get(name)) for name in names))
        for figure in TRUST:
            if any(figure in held for held in one["review"].values()):
                table.add_row(figure, *(_figure(one["review"].get(name, {}).get(figure)) for name in names))
        for figure in ("P(expresses)", "confidence"):
            held = {name: one["calibration"].get(name, {}).get(figure) for name in names}
            if any(held.values()):
                cells = (_figure(found["error"] if found else None) for found in held.values())
                table.add_row(f"calibration error of {figure}", *cells)
        for tag, figures in one["by"].get("tag", {}).get(names[0], {}).items():
            cells = (_tagged(one["by"]["tag"].get(name, {}).get(tag)) for name in names)
            table.add_row(f"  {tag} ({figures['answers']})", *cells)
        console.print(table)


def _names(one: Mapping[str, Any]) -> list[str]:
    return list(next(iter(one["metrics"].values())))


def _figure(found: Mapping[str, float] | None) -> str:
    return f"{found['value']:.3f} ({found['low']:.2f}-{found['high']:.2f})" if found else NONE


def _tagged(found: Mapping[str, float] | None) -> str:
    return f"{found['score error']:.2f} {found['bias']:+.2f}" if found else NONE
