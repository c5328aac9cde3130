"""Quantities: whether the figures of an answer agree with those of a reference, to the reference's precision."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from grader.judge.figures import Kind, Quantity, quantities
from grader.text import FUNCTION_WORDS, stem, tokenise

__all__ = ["Agreement", "Kind", "Quantity", "QuantityVerdict", "compare_quantities", "quantities"]

CLOSE = 0.01  # relative error of a rounded round number that still agrees: 300,000 for 299,792
ROUGH = 0.05  # relative error that "about" allows
UNSURE = 0.10  # relative error up to which "about" makes a difference no contradiction
CONVERTED = 0.03  # relative error of a conversion between systems: 25,000 miles for 40,000 km
WHOLE_RANGE = 0.6  # share of two ranges that must be common for them to agree
NARROW = 1.5  # ratio of the ends of a range inside which any value says the same
COUNTABLE = 1000  # whole numbers below this are counted, and so exact
FILLED = 10  # a last place of this worth or more: noughts that only fill up
TWO_FIGURES = 10  # size in last places from which a figure has two digits
FIGURE_WORDS = 3  # a reference with so few other content words is about its figure
LEADING_WORDS = 3  # content words before a label that the reference is about
BARE_ANSWER = 1  # content words up to which an answer is nothing but its figure
SHORT_ANSWER = 12  # content words up to which an answer to such a reference is about its figure too
CONTEXT_WORDS = 5  # content words on either side of a figure that say what it is about


class Agreement(StrEnum):
    """What the figures of an answer say of those of a reference."""

    AGREE = "agree"  # at least one figure agrees, and none contradicts
    MISMATCH = "mismatch"
    BOTH_SIDES = "both_sides"  # the right figure and a wrong one for the same thing, as alternatives
    NONE = "none"  # the reference holds no figure
    ABSENT = "absent"  # the answer holds none that could be compared


@dataclass(frozen=True, slots=True)
class QuantityVerdict:
    """The verdict, and the figures that decided: the reference's `wanted`, the learner's `found`."""

    agreement: Agreement
    wanted: str = ""
    found: str = ""
    kind: Kind | None = None  # of the reference's figure; `LABEL` where only names with numbers differ
    agreed: int = 0  # figures of the reference that the answer holds
    total: int = 0  # figures of the reference

    @property
    def mismatch(self) -> bool:
        """Whether the answer's figures contradict the reference, alone or beside the right one."""
        return self.agreement in (Agreement.MISMATCH, Agreement.BOTH_SIDES)

    @property
    def evidence(self) -> str:
        """The learner's figure beside the reference's, for the explanation; empty without a mismatch."""
        return f"{self.found}, not {self.wanted}" if self.mismatch else ""


class _Match(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"  # coarser, inside a range, or off by less than "about" forgives
    APART = "apart"  # not of one sort


_UNMET = (_Match.NO, _Match.APART)

_CORRECTION = re.compile(
    r"^[\s,.;:()-]*(?:oh\s+|er+\s+|uh+\s+)?(?:no|nope|sorry|wait|actually|i mean|i meant|correction|scratch that|or rather|"
    r"rather|make that|oops|change that|hang on)\b(?:[\s,.:-]|it's|it|was|is|in|that's|i mean|rather|wait|actually|sorry|"
    r"about|around|the|at)*$",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(
    r"^\s*,?\s*or(?:\s+(?:maybe|perhaps|else|possibly|in|at|about|was it|is it))?\s*(?:in\s+)?$", re.I
)
_OPERATION = re.compile(  # between two figures: a sum in words or signs, whose parts are not what the answer claims
    r"^\s*(?:[-+*/x·^]|plus|minus|times|less\s+than|more\s+than|divided\s+by|over|by|of|squared|squared\s+times|"
    r"to the(?:\s+power(?:\s+of)?)?)\s*(?:the\s+|a\s+)?$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\byears?\s+(?:after|before|later|earlier|on from)\b", re.IGNORECASE)
_RATED = re.compile(r"\s*(?:per|every|each|a|an|at a time)\b", re.IGNORECASE)
_RATED_ANYWHERE = re.compile(r"\b(?:per|every|each|a|an)\b|/", re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\bnot|n't|\b(?:isnt|wasnt|arent|dont|doesnt|didnt|never|neither|nor)|\binstead of|\brather than|\bno longer)\s+"
    r"(?:(?:in|at|by|about|before|after|the|on|just|only|as|from|to|a)\s+){0,2}$",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:just|only|more than|less than|over|under|at least|at most|above|below)\s+$", re.IGNORECASE)
_ERAS = frozenset({Kind.YEAR, Kind.DATE, Kind.CENTURY})
_BARE = frozenset({Kind.COUNT, Kind.NUMBER})


@lru_cache(maxsize=16384)
def compare_quantities(reference: str, answer: str) -> QuantityVerdict:
    """Compares the figures of the two raw texts after unit conversion.

    An answer figure agrees within half of the last place that the reference states. One that is rounded more coarsely
    agrees where the reference rounds to it and it has two figures or more (9.8 for 9.81; 3 for 3.14 does not), or is
    within `CLOSE` of it (300,000 for 299,792). "About" on either side allows `ROUGH`. Counts, years and labels are exact.

    A mismatch needs an answer figure of the same sort, in the same role, that agrees with no figure of the reference,
    while no figure of the answer agrees with the reference's. Its role is the same where the reference is little but its
    figure, or where the words around the two figures meet. Leaving a figure out, or adding one, is none.
    """
    wanted = quantities(reference)
    if not wanted:
        return QuantityVerdict(Agreement.NONE)
    said = _standing(answer)
    matches = [[_match(one, other) for other in said] for one in wanted]
    agreed = sum(any(match is _Match.YES for match in row) for row in matches)
    verdict = QuantityVerdict(Agreement.AGREE if agreed else Agreement.ABSENT, agreed=agreed, total=len(wanted))
    summed = _parts_of_sums(answer, said)
    roles = _Roles(reference, wanted, answer, said)
    crossed = roles.crossed(matches)
    if crossed:
        one, other = wanted[crossed[0]], said[crossed[1]]
        return replace(verdict, agreement=Agreement.MISMATCH, wanted=one.text, found=other.text, kind=one.kind)
    free = [j for j in range(len(said)) if j not in summed and all(row[j] in _UNMET for row in matches)]
    if not free:
        return verdict
    for i, (one, row) in enumerate(zip(wanted, matches, strict=True)):
        right = [j for j, match in enumerate(row) if match is _Match.YES]
        if right:
            rival = next((j for j in free if row[j] is _Match.NO and _alternatives(answer, said, right, j)), None)
            if one.approximate or not roles.is_the_figure(one):
                continue
            if rival is not None:
                return replace(
                    verdict, agreement=Agreement.BOTH_SIDES, wanted=one.text, found=said[rival].text, kind=one.kind
                )
            continue
        if _Match.UNSURE in row:
            continue
        for j in free:
            if (row[j] is _Match.NO and roles.same(i, j, agreed > 0)) or (
                row[j] is _Match.APART and roles.wrong_unit(i, j)
            ):
                return replace(
                    verdict, agreement=Agreement.MISMATCH, wanted=one.text, found=said[j].text, kind=one.kind
                )
    return verdict


def _standing(answer: str) -> tuple[Quantity, ...]:
    """The figures that the answer stands by: neither denied nor taken back."""
    found = quantities(answer)
    kept = []
    for index, one in enumerate(found):
        before = answer[max(0, one.start - 32) : one.start]
        if _DENIED.search(before) and not _ONLY.search(before):
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        if after and _CORRECTION.match(answer[one.end : after.start]) and _match(one, after) is not _Match.APART:
            continue
        kept.append(one)
    return tuple(kept)


def _parts_of_sums(answer: str, said: tuple[Quantity, ...]) -> frozenset[int]:
    """The figures that stand in a sum, as in "eight plus four plus two plus one"."""
    found: set[int] = set()
    for index, (first, second) in enumerate(pairwise(said)):
        if _OPERATION.match(answer[first.end : second.start]):
            found |= {index, index + 1}
    return frozenset(found)


def _alternatives(answer: str, said: tuple[Quantity, ...], right: list[int], other: int) -> bool:
    """Whether a figure stands beside a right one as another guess at the same: "1914 or 1915"."""
    for index in right:
        first, second = sorted((said[index], said[other]), key=lambda one: one.start)
        if _ALTERNATIVE.match(answer[first.end : second.start]):
            return True
    return False


class _Roles:
    """What the figures of the two texts are about."""

    def __init__(self, reference: str, wanted: tuple[Quantity, ...], answer: str, said: tuple[Quantity, ...]) -> None:
        self._wanted, self._said = wanted, said
        self._near_wanted = [_surroundings(reference, wanted, one) for one in wanted]
        self._near_said = [_surroundings(answer, said, one) for one in said]
        self._relative = bool(_RELATIVE.search(answer))
        self._rated = [bool(_RATED.match(answer[other.end : other.end + 16])) for other in said]
        self._reference_rated = bool(_RATED_ANYWHERE.search(reference))
        self._rest = len(_other_words(reference, wanted))
        self._said_rest = _other_words(answer, said)

    def same(self, i: int, j: int, agreed: bool) -> bool:
        """Whether the two figures, which differ, say the same thing of the same."""
        one, other = self._wanted[i], self._said[j]
        near, close = self._near_wanted[i], self._near_said[j]
        if one.kind is Kind.LABEL:
            return near.led <= LEADING_WORDS and not self._label_met(one)
        measured = one.kind not in _BARE or bool(one.units)
        alike = measured and (other.kind not in _BARE or bool(other.units))
        shared = near.words & close.words
        if self._rated[j] and not self._reference_rated:
            return False  # 1 g every 6 hours does not deny 4 g
        if one.kind in _ERAS and self._relative:
            return False  # "three years after 1977" is not 1977
        if (other.text.lower() == "one" and not self.is_the_figure(one)) or one.text.lower() == "one":
            return bool(near.noun) and near.noun == close.noun
        if near.noun and near.noun == close.noun and not measured:
            return True
        foreign = close.adjacent and close.noun not in near.words
        if near.head and near.head == close.head and alike == measured and not foreign:
            return True
        if i == 0 and not foreign and not agreed and len(self._said_rest) <= BARE_ANSWER and alike == measured:
            return True  # the answer is nothing but a figure
        if not alike and foreign:
            return False  # it counts something else
        said = len(self._said_rest)
        if self.is_the_figure(one) and not agreed:
            if alike:
                return said <= SHORT_ANSWER or bool(shared)
            return said <= FIGURE_WORDS or (bool(shared) and said <= SHORT_ANSWER)
        if one.kind is Kind.ORDINAL:
            return bool(near.noun) and near.noun == close.noun
        return alike and bool(shared)

    def _label_met(self, one: Quantity) -> bool:
        return any(one.name == other.name and one.value == other.value for other in self._said)

    def crossed(self, matches: list[list[_Match]]) -> tuple[int, int] | None:
        """The figures of one named thing that differ where each name has one figure: 5 cervical, 7 lumbar for 7 and 5."""
        if len(self._wanted) < 2 or len(self._said) < 2:
            return None
        for name in (_noun_of, _head_of):
            named = [name(near) for near in self._near_wanted]
            others = [name(near) for near in self._near_said]
            for i, noun in enumerate(named):
                if not noun or named.count(noun) > 1 or others.count(noun) != 1:
                    continue
                j = others.index(noun)
                if matches[i][j] is not _Match.NO or not any(row[j] is _Match.YES for row in matches):
                    continue
                if any(match is _Match.YES and others[k] for k, match in enumerate(matches[i])):
                    return i, j
        return None

    def wrong_unit(self, i: int, j: int) -> bool:
        """Whether the number is the reference's and the unit another: 4 g for 4 mol."""
        one, other = self._wanted[i], self._said[j]
        if not (one.units and other.units and self.is_the_figure(one)):
            return False
        if "/" in one.units[0].name + other.units[0].name:
            return False  # four grams a day may well be 4 g
        equal = math.isclose(one.low, other.low, rel_tol=1e-9) and math.isclose(one.high, other.high, rel_tol=1e-9)
        return equal and Kind.TIME not in (one.kind, other.kind)

    def is_the_figure(self, one: Quantity) -> bool:
        """Whether the reference is little but this figure."""
        words = {Kind.LABEL: -1, Kind.ORDINAL: 1}.get(one.kind, FIGURE_WORDS)
        return self._rest <= words


@dataclass(frozen=True, slots=True)
class _Surroundings:
    words: frozenset[str]  # stems of the content words around
    noun: str  # stem of the first content word after it, in its clause
    adjacent: bool  # whether that word stands right after it
    led: int  # content words before it in its sentence
    head: str  # stem of the content word that leads to it, in its clause: "SD 15", "carbs: 4"


def _noun_of(near: _Surroundings) -> str:
    return near.noun if near.adjacent else ""


def _head_of(near: _Surroundings) -> str:
    return near.head


def _surroundings(text: str, figures: tuple[Quantity, ...], one: Quantity) -> _Surroundings:
    before: list[str] = []
    after: list[str] = []
    noun, adjacent, head = "", False, ""
    for token in tokenise(text):
        if token.text in (".", ";", "!", "?"):
            if token.end <= one.start:
                before.clear()
            elif token.start >= one.end:
                break
        if not _is_content(token.text) or any(q.start < token.end and token.start < q.end for q in figures):
            continue
        word = stem(token.text)
        if token.end <= one.start:
            before.append(word)
            head = "" if re.search(r"[,;()]|\d", text[token.end : one.start]) else word
        else:
            after.append(word)
            if len(after) == 1 and not re.search(r"[,;:()]", text[one.end : token.start]):
                noun, adjacent = word, not text[one.end : token.start].strip(" -")
    return _Surroundings(
        frozenset([*before[-CONTEXT_WORDS:], *after[:CONTEXT_WORDS]]), noun, adjacent, len(before), head
    )


def _other_words(text: str, figures: tuple[Quantity, ...]) -> frozenset[str]:
    return frozenset(
        stem(token.text)
        for token in tokenise(text)
        if _is_content(token.text) and not any(q.start < token.end and token.start < q.end for q in figures)
    )


_HEDGES = frozenset(
    "about around at least most approx approximately roughly nearly almost between circa year years".split()
)


def _is_content(word: str) -> bool:
    return word[0].isalpha() and word not in FUNCTION_WORDS and word not in _HEDGES


def _match(one: Quantity, other: Quantity) -> _Match:
    """How a reference's figure and a learner's meet."""
    kinds = {one.kind, other.kind}
    if one.units and one.units[0].dimension == (("D", 1),) and one.text.casefold() == other.text.casefold():
        return _Match.YES  # 221B Baker Street
    if Kind.LABEL in kinds:
        return _match_labels(one, other)
    if Kind.TIME in kinds:
        return _match_times(one, other)
    if kinds & _ERAS:
        return _match_eras(one, other)
    if Kind.ORDINAL in kinds:
        if not kinds <= {Kind.ORDINAL, Kind.COUNT}:
            return _Match.APART
        if one.kind is Kind.COUNT and one.value != other.value:
            return _Match.APART  # the fourth of them says nothing of how many there are
        return _yes(one.value == other.value)
    if Kind.PERCENT in kinds or Kind.TIMES in kinds:
        if Kind.MONEY in kinds or one.units or other.units:
            return _Match.APART
        return _match_shares(one, other)
    return _match_measures(one, other)


def _yes(equal: bool) -> _Match:
    return _Match.YES if equal else _Match.NO


def _match_labels(one: Quantity, other: Quantity) -> _Match:
    """Labels of one noun are compared; a label whose noun the other text leaves out may still be the same number."""
    if one.kind is other.kind:
        if math.isnan(one.value) or math.isnan(other.value):
            both = math.isnan(one.value) and math.isnan(other.value) and _pattern(one.name) == _pattern(other.name)
            return _yes(one.name == other.name) if both else _Match.APART
        return _yes(one.value == other.value) if one.name == other.name else _Match.APART
    bare = other if one.kind is Kind.LABEL else one
    return _Match.YES if bare.kind in (Kind.COUNT, Kind.ORDINAL) and one.value == other.value else _Match.APART


def _pattern(name: str) -> str:
    return re.sub(r"\d+", "#", name)


def _match_times(one: Quantity, other: Quantity) -> _Match:
    if one.kind is not other.kind:
        return _Match.APART
    apart = abs(one.value - other.value)
    if "12h" in (one.name, other.name):
        apart %= 720
    return _yes(apart == 0)


def _match_eras(one: Quantity, other: Quantity) -> _Match:
    """Years, dates, decades and centuries: a coarser one that holds the other is unsure, one inside it agrees."""
    if not {one.kind, other.kind} <= _ERAS | {Kind.COUNT}:
        if Kind.ORDINAL in (one.kind, other.kind) and Kind.CENTURY in (one.kind, other.kind):
            century, ordinal = (one, other) if one.kind is Kind.CENTURY else (other, one)
            same = bool(century.name) and century.high + 1 == ordinal.value * 100
            return _Match.YES if same else _Match.NO if one is century and not ordinal.name else _Match.APART
        return _Match.APART
    if one.era and other.era and one.era != other.era:
        return _Match.NO
    if (one.month and other.month and one.month != other.month) or (one.day and other.day and one.day != other.day):
        return _Match.NO
    if math.isnan(one.value) or math.isnan(other.value):
        if one.month and one.month == other.month:
            return _Match.YES
        return _Match.APART
    low, high, other_low, other_high = one.low, one.high, other.low, other.high
    if not one.era or not other.era:
        low, high = sorted((abs(low), abs(high)))
        other_low, other_high = sorted((abs(other_low), abs(other_high)))
    short = other_high < 100 <= high and other.kind in (Kind.DATE, Kind.COUNT)
    if short:  # '48 for 1948
        return _yes(low % 100 == other_low) if other.kind is Kind.DATE or low % 100 == other_low else _Match.APART
    if one.is_range and other.is_range and Kind.CENTURY not in (one.kind, other.kind):
        return _yes((low, high) == (other_low, other_high))
    if low <= other_low and other_high <= high:
        return _Match.YES if one.kind is Kind.CENTURY or not one.is_range else _Match.UNSURE
    if other_low <= high and low <= other_high:
        return _Match.UNSURE
    if other.kind is Kind.COUNT and other_high < 1000 <= low:
        return _Match.APART
    if one.approximate and abs(other.value - one.value) <= UNSURE * 100:
        return _Match.UNSURE
    return _Match.NO


def _match_shares(one: Quantity, other: Quantity) -> _Match:
    """Percentages, fractions, ratios and multiples are pure numbers; a bare number may be a per cent unsaid."""
    plain = _compare(one, _Span.of(other))
    if plain is not _Match.YES and (Kind.TIMES in (one.kind, other.kind) or "ratio" in (one.name, other.name)):
        if one.kind is not other.kind and not {one.kind, other.kind} & _BARE:
            return _Match.APART  # up by 300% is four times: what it is a share of is not said
        if (one.name == "ratio") != (other.name == "ratio"):
            return _Match.APART
    if math.isclose(one.value + other.value, 1.0, abs_tol=1e-6) and one.kind is other.kind is Kind.PERCENT:
        return _Match.UNSURE  # the rest of the whole
    if plain is _Match.YES or not {one.kind, other.kind} & _BARE:
        return plain
    if one.kind is Kind.PERCENT:
        return _compare(one, _Span.of(other, 0.01))
    if other.kind is Kind.PERCENT:
        return _compare(one, _Span.of(other, 100.0))
    return plain


def _match_measures(one: Quantity, other: Quantity) -> _Match:
    """Numbers with and without units: converted where both have one, taken as meant where one leaves it out."""
    if not one.units or not other.units:
        counted = (
            one.kind is Kind.COUNT and other.kind is Kind.COUNT and max(abs(one.high), abs(other.high)) < COUNTABLE
        )
        return _compare(one, _Span.of(other), exact=counted and not one.approximate and not one.is_range)
    best = _Match.APART
    for unit in one.units:
        for another in other.units:
            if unit.dimension != another.dimension:
                continue
            span = _Span.of(other, another.factor / unit.factor, (another.offset - unit.offset) / unit.factor)
            same_system = (unit.metric and another.metric) or math.isclose(unit.factor, another.factor)
            match = _compare(one, span, converted=not same_system)
            if match is _Match.YES:
                return match
            best = match if best is _Match.APART or match is _Match.UNSURE else best
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


def _compare(one: Quantity, other: _Span, *, exact: bool = False, converted: bool = False) -> _Match:
    """How two figures in one unit meet; `converted` says that a factor that is no power of ten lies between them."""
    loose = one.approximate or other.approximate
    if one.is_range and other.low != other.high:
        common = min(one.high, other.high) - max(one.low, other.low)
        whole = max(one.high, other.high) - min(one.low, other.low)
        if common >= WHOLE_RANGE * whole:
            return _Match.YES
        return _Match.UNSURE if loose and common > 0 else _Match.NO
    if one.is_range:
        ends = [_compare_single(end, one, other, other.low, exact, converted) for end in (one.low, one.high)]
        if _Match.YES in ends:
            return _Match.YES
        if one.low < other.low < one.high:
            return _Match.YES if one.high <= NARROW * one.low else _Match.UNSURE
        return _bounded(one, other, other.low, _Match.UNSURE if _Match.UNSURE in ends else _Match.NO)
    if other.low != other.high:
        if other.low <= one.value <= other.high:
            return (
                _Match.YES
                if other.high <= NARROW * other.low or other.low <= NARROW * other.high < 0
                else _Match.UNSURE
            )
        if one.value in (other.low, other.high):
            return _Match.UNSURE
        near = min((other.low, other.high), key=lambda end: abs(end - one.value))
        return (
            _Match.UNSURE
            if loose and abs(near - one.value) <= UNSURE * abs(one.value)
            else _bounded(one, other, near, _Match.NO)
        )
    return _bounded(one, other, other.low, _compare_single(one.value, one, other, other.low, exact, converted))


def _bounded(one: Quantity, other: _Span, said: float, otherwise: _Match) -> _Match:
    """A figure on the open side of "at least" or "under" fulfils it, without being it; another bound does not."""
    if (
        otherwise is _Match.NO
        and one.bound != other.bound
        and ((one.bound == ">" and said > one.high) or (one.bound == "<" and said < one.low))
    ):
        return _Match.UNSURE
    return otherwise


def _compare_single(wanted: float, one: Quantity, other: _Span, said: float, exact: bool, converted: bool) -> _Match:
    if wanted < 0 < said and math.isclose(wanted, -said, rel_tol=1e-9):
        return _Match.UNSURE  # "70 mV more negative": the sign may be in the words
    apart, size = abs(wanted - said), abs(wanted)
    if apart <= 1e-9 * max(size, abs(said)):
        return _Match.YES
    if exact:
        return _Match.NO
    loose = one.approximate or other.approximate
    allowed = ROUGH * size if loose else CONVERTED * size if converted else CLOSE * size
    half = 0.5 + 1e-6
    if apart <= allowed and (loose or converted or apart <= half * max(one.step, other.step)):
        return _Match.YES
    if apart <= half * one.step and one.step < FILLED:
        return _Match.YES
    if apart <= half * other.step and apart <= ROUGH * size and other.figures >= TWO_FIGURES and not other.noughts:
        return _Match.YES
    return _Match.UNSURE if loose and apart <= UNSURE * size else _Match.NO
