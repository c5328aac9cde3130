"""Agreement: how a learner's figure and a reference's meet, after conversion, to the reference's precision."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from grader.judge.figures import Kind, Quantity

CLOSE = 0.01  # relative error of a rounded round number that still agrees: 300,000 for 299,792
ROUGH = 0.05  # relative error that "about" allows
UNSURE = 0.10  # relative error up to which "about" makes a difference no contradiction
CONVERTED = 0.03  # relative error of a conversion between systems: 25,000 miles for 40,000 km
WHOLE_RANGE = 0.6  # share of two ranges that must be common for them to agree
NARROW = 1.5  # ratio of the ends of a range inside which any value says the same
COUNTABLE = 1000  # whole numbers below this are counted, and so exact
FILLED = 10  # a last place of this worth or more: noughts that only fill up
THREE_FIGURES = 100  # the same, three digits
TWO_FIGURES = 10  # size in last places from which a figure has two digits


class Match(StrEnum):
    """How two figures meet."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"  # coarser, inside a range, or off by less than "about" forgives
    APART = "apart"  # not of one sort


SHORT_YEAR = 100  # years below this may leave out their century
FIRST_BARE_YEAR = 1000  # a smaller bare number is not taken for a year
NEARBY_YEARS = 10  # that "about" forgives
ERAS = frozenset({Kind.YEAR, Kind.DATE, Kind.CENTURY})
BARE = frozenset({Kind.COUNT, Kind.NUMBER})


def match_figures(one: Quantity, other: Quantity) -> Match:
    """How a reference's figure and a learner's meet."""
    kinds = {one.kind, other.kind}
    if one.units and one.units[0].dimension == (("D", 1),) and one.text.casefold() == other.text.casefold():
        return Match.YES  # 221B Baker Street
    if Kind.LABEL in kinds:
        return _match_labels(one, other)
    if Kind.TIME in kinds:
        return _match_times(one, other)
    if kinds & ERAS:
        return _match_eras(one, other)
    if Kind.ORDINAL in kinds:
        if not kinds <= {Kind.ORDINAL, Kind.COUNT}:
            return Match.APART
        if one.kind is Kind.COUNT and one.value != other.value:
            return Match.APART  # the fourth of them says nothing of how many there are
        return _yes(one.value == other.value)
    if Kind.PERCENT in kinds or Kind.TIMES in kinds:
        if Kind.MONEY in kinds or one.units or other.units:
            return Match.APART
        return _match_shares(one, other)
    return _match_measures(one, other)


def _yes(equal: bool) -> Match:
    return Match.YES if equal else Match.NO


def _match_labels(one: Quantity, other: Quantity) -> Match:
    """Labels of one noun are compared; a label whose noun the other text leaves out may still be the same number."""
    if one.kind is other.kind:
        if math.isnan(one.value) or math.isnan(other.value):
            both = math.isnan(one.value) and math.isnan(other.value) and _pattern(one.name) == _pattern(other.name)
            return _yes(one.name == other.name) if both else Match.APART
        return _yes(one.value == other.value) if one.name == other.name else Match.APART
    bare = other if one.kind is Kind.LABEL else one
    return Match.YES if bare.kind in (Kind.COUNT, Kind.ORDINAL) and one.value == other.value else Match.APART


def _pattern(name: str) -> str:
    return re.sub(r"\d+", "#", name)


def _match_times(one: Quantity, other: Quantity) -> Match:
    if one.kind is not other.kind:
        return Match.APART
    apart = abs(one.value - other.value)
    if "12h" in (one.name, other.name):
        apart %= 720
    return _yes(apart == 0)


def _match_eras(one: Quantity, other: Quantity) -> Match:
    """Years, dates, decades and centuries: a coarser one that holds the other is unsure, one inside it agrees."""
    if not {one.kind, other.kind} <= ERAS | {Kind.COUNT}:
        return _match_century_number(one, other)
    if one.era and other.era and one.era != other.era:
        return Match.NO
    if (one.month and other.month and one.month != other.month) or (one.day and other.day and one.day != other.day):
        return Match.NO
    if math.isnan(one.value) or math.isnan(other.value):
        return Match.YES if one.month and one.month == other.month else Match.APART
    low, high, other_low, other_high = one.low, one.high, other.low, other.high
    if not one.era or not other.era:
        low, high = sorted((abs(low), abs(high)))
        other_low, other_high = sorted((abs(other_low), abs(other_high)))
    if other_high < SHORT_YEAR <= high and other.kind in (Kind.DATE, Kind.COUNT):
        same = low % SHORT_YEAR == other_low  # '48 for 1948
        return _yes(same) if same or other.kind is Kind.DATE else Match.APART
    if one.is_range and other.is_range and Kind.CENTURY not in (one.kind, other.kind):
        return _yes((low, high) == (other_low, other_high))
    if low <= other_low and other_high <= high:
        return Match.YES if one.kind is Kind.CENTURY or not one.is_range else Match.UNSURE
    return _match_years_apart(one, other, (low, high), (other_low, other_high))


def _match_century_number(one: Quantity, other: Quantity) -> Match:
    """The 13th may be a century of which the word is left out."""
    if {one.kind, other.kind} != {Kind.ORDINAL, Kind.CENTURY}:
        return Match.APART
    century, ordinal = (one, other) if one.kind is Kind.CENTURY else (other, one)
    if century.name and century.high + 1 == ordinal.value * 100:
        return Match.YES
    return Match.NO if one is century and not ordinal.name else Match.APART


def _match_years_apart(
    one: Quantity, other: Quantity, years: tuple[float, float], others: tuple[float, float]
) -> Match:
    """Eras of which the learner's does not lie within the reference's."""
    if others[0] <= years[1] and years[0] <= others[1]:
        return Match.UNSURE
    if other.kind is Kind.COUNT and others[1] < FIRST_BARE_YEAR <= years[0]:
        return Match.APART
    return Match.UNSURE if one.approximate and abs(other.value - one.value) <= NEARBY_YEARS else Match.NO


def _match_shares(one: Quantity, other: Quantity) -> Match:
    """Percentages, fractions, ratios and multiples are pure numbers; a bare number may be a per cent unsaid."""
    plain = _compare(one, _Span.of(other))
    if plain is Match.YES:
        return plain
    if Kind.TIMES in (one.kind, other.kind) and math.isclose(one.value * other.value, 1.0, rel_tol=1e-6):
        return Match.UNSURE  # a factor of ten, from its other side
    if Kind.TIMES in (one.kind, other.kind) or "ratio" in (one.name, other.name):
        if one.kind is not other.kind and not {one.kind, other.kind} & BARE:
            return Match.APART  # up by 300% is four times: what it is a share of is not said
        if (one.name == "ratio") != (other.name == "ratio"):
            return Match.APART
    if math.isclose(one.value + other.value, 1.0, abs_tol=1e-6) and one.kind is other.kind is Kind.PERCENT:
        return Match.UNSURE  # the rest of the whole
    if not {one.kind, other.kind} & BARE:
        return plain
    if one.kind is Kind.PERCENT:
        return _compare(one, _Span.of(other, 0.01))
    if other.kind is Kind.PERCENT:
        return _compare(one, _Span.of(other, 100.0))
    return plain


def _match_measures(one: Quantity, other: Quantity) -> Match:
    """Numbers with and without units: converted where both have one, taken as meant where one leaves it out."""
    if not one.units or not other.units:
        counted = (
            one.kind is Kind.COUNT and other.kind is Kind.COUNT and max(abs(one.high), abs(other.high)) < COUNTABLE
        )
        return _compare(one, _Span.of(other), exact=counted and not one.approximate and not one.is_range)
    best = Match.APART
    for unit in one.units:
        for another in other.units:
            if unit.dimension != another.dimension:
                continue
            span = _Span.of(other, another.factor / unit.factor, (another.offset - unit.offset) / unit.factor)
            same_system = (unit.metric and another.metric) or math.isclose(unit.factor, another.factor)
            match = _compare(one, span, converted=not same_system)
            if match is Match.YES:
                return match
            best = match if best is Match.APART or match is Match.UNSURE else best
    return best


@dataclass(frozen=True, slots=True)
class _Span:
    """A learner's figure in the units of the reference's."""

    low: float
    high: float
    step: float
    figures: float  # its size in its own last places: 98 for 9.8, 3 for 3
    noughts: bool  # its last places only fill up: 300,000
    approximate: bool
    bound: str

    @classmethod
    def of(cls, quantity: Quantity, factor: float = 1.0, offset: float = 0.0) -> _Span:
        figures = abs(quantity.value) / quantity.step if quantity.step else math.inf
        return cls(
            quantity.low * factor + offset,
            quantity.high * factor + offset,
            quantity.step * abs(factor),
            figures,
            quantity.step >= FILLED,
            quantity.approximate,
            quantity.bound,
        )


def _compare(one: Quantity, other: _Span, *, exact: bool = False, converted: bool = False) -> Match:
    """How two figures in one unit meet; `converted` says that a factor that is no power of ten lies between them."""
    loose = one.approximate or other.approximate
    if one.is_range and other.low != other.high:
        common = min(one.high, other.high) - max(one.low, other.low)
        whole = max(one.high, other.high) - min(one.low, other.low)
        if common >= WHOLE_RANGE * whole:
            return Match.YES
        return Match.UNSURE if loose and common > 0 else Match.NO
    if one.is_range:
        ends = [_compare_single(end, one, other, other.low, exact, converted) for end in (one.low, one.high)]
        if Match.YES in ends:
            return Match.YES
        if one.low < other.low < one.high:
            return Match.YES if _narrow(one.low, one.high) else Match.UNSURE
        return _bounded(one, other, other.low, Match.UNSURE if Match.UNSURE in ends else Match.NO)
    if other.low != other.high:
        if other.low <= one.value <= other.high:
            return Match.YES if _narrow(other.low, other.high) else Match.UNSURE
        near = min((other.low, other.high), key=lambda end: abs(end - one.value))
        close = loose and abs(near - one.value) <= UNSURE * abs(one.value)
        return Match.UNSURE if close else _bounded(one, other, near, Match.NO)
    return _bounded(one, other, other.low, _compare_single(one.value, one, other, other.low, exact, converted))


def _narrow(low: float, high: float) -> bool:
    """Whether any value of a range says much the same."""
    return low > 0 and high <= NARROW * low if high > 0 else low >= NARROW * high


def _bounded(one: Quantity, other: _Span, said: float, otherwise: Match) -> Match:
    """A figure on the open side of "at least" or "under" fulfils it, without being it; another bound does not."""
    if (
        otherwise is Match.NO
        and one.bound != other.bound
        and ((one.bound == ">" and said > one.high) or (one.bound == "<" and said < one.low))
    ):
        return Match.UNSURE
    return otherwise


def _compare_single(wanted: float, one: Quantity, other: _Span, said: float, exact: bool, converted: bool) -> Match:
    if wanted < 0 < said and math.isclose(wanted, -said, rel_tol=1e-9):
        return Match.UNSURE  # "70 mV more negative": the sign may be in the words
    apart, size = abs(wanted - said), abs(wanted)
    if apart <= 1e-9 * max(size, abs(said)):
        return Match.YES
    if exact:
        return Match.NO
    loose = one.approximate or other.approximate
    allowed = ROUGH * size if loose else CONVERTED * size if converted else CLOSE * size
    half = 0.5 + 1e-6
    if apart < other.step < FILLED and other.figures >= THREE_FIGURES and apart <= CLOSE * size:
        return Match.YES  # cut off where it might have been rounded
    if apart <= allowed and (loose or converted or apart <= half * max(one.step, other.step)):
        return Match.YES
    if apart <= half * one.step and one.step < FILLED:
        return Match.YES
    if apart <= half * other.step and apart <= ROUGH * size and other.figures >= TWO_FIGURES and not other.noughts:
        return Match.YES
    return Match.UNSURE if loose and apart <= UNSURE * size else Match.NO
