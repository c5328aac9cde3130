"""Figures: the record of a quantity, date or numbered label as a text states it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.judge.units import Unit


class Kind(StrEnum):
    """What sort of figure it is: only figures of one sort are compared."""

    NUMBER = "number"  # with a unit, or a decimal
    COUNT = "count"  # a bare whole number, or one that counts things
    PERCENT = "percent"  # percentages, fractions and ratios
    TIMES = "times"  # doubled, four times as large
    MONEY = "money"
    YEAR = "year"
    DATE = "date"
    CENTURY = "century"  # centuries and decades
    ORDINAL = "ordinal"
    TIME = "time"  # of day
    LABEL = "label"  # a number that names a thing: terminal 2, SN1, World War II


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a text.

    `low` and `high` are the ends of a range, equal where there is one value; `value` is their middle. All three and
    `step`, the worth of the last stated place, are as written, before any conversion. Years before Christ are negative;
    times of day are minutes.
    """

    value: float
    low: float
    high: float
    step: float
    kind: Kind
    units: tuple[Unit, ...]  # what the unit may mean, the likeliest first; empty for a pure number
    name: str  # the unit as its symbol, the thing that a label names, or empty
    start: int  # code points of the raw text, end exclusive
    end: int
    text: str
    approximate: bool = False
    bound: str = ""  # ">" after "at least" or "above", "<" after "at most" or "under"
    month: int | None = None
    day: int | None = None
    era: str = ""  # "bc" or "ad" where it is stated

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.low != self.high


def skip(end: int) -> Quantity:
    """A stretch that is no figure; recognised by its start of -1."""
    return Quantity(0.0, 0.0, 0.0, 0.0, Kind.COUNT, (), "", -1, end, "")


def make_figure(value: float, kind: Kind, start: int, end: int, *, name: str = "", step: float = 1.0) -> Quantity:
    """A figure of one value, as a reader makes it; its text is filled in by the scan."""
    return Quantity(value, value, value, step, kind, (), name, start, end, "")
