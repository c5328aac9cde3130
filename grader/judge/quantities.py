"""Quantities: whether the figures of an answer agree with those of a reference, or contradict them."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from grader.judge.agreement import BARE, ERAS, Match, match_figures
from grader.judge.figures import Kind, Quantity
from grader.judge.scan import quantities
from grader.text import FUNCTION_WORDS, stem, tokenise

__all__ = ["Agreement", "Kind", "Quantity", "QuantityVerdict", "compare_quantities", "quantities"]

MOST_FIGURES = 60  # of a text; the rest of a longer one is not compared
AFTERMATH = 400  # characters after the last figure that are read for its surroundings
LONG_REFERENCE = 25  # content words beyond which one figure does not decide what is said
FARTHEST = 12  # content words before a figure that are looked at
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


_UNMET = (Match.NO, Match.APART)
_CORRECTION = re.compile(
    r"^[\s,.;:()-]*(?:oh\s+|er+\s+|uh+\s+)?(?:no|nope|sorry|wait|actually|i mean|i meant|correction|scratch that|"
    r"or rather|"
    r"rather|make that|oops|change that|hang on)\b(?:[\s,.:-]|it's|it|was|is|in|that's|i mean|rather|wait|"
    r"actually|sorry|"
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
    r"(?:\bnot|n't|\b(?:isnt|wasnt|arent|dont|doesnt|didnt|never|neither|nor)|\binstead of|\brather than|"
    r"\bno longer)\s+"
    r"(?:(?:in|at|by|about|before|after|the|on|just|only|as|from|to|a)\s+){0,2}$",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:just|only|more than|less than|over|under|at least|at most|above|below)\s+$", re.IGNORECASE)


@lru_cache(maxsize=16384)
def compare_quantities(reference: str, answer: str) -> QuantityVerdict:
    """Compares the figures of the two raw texts after unit conversion.

    An answer figure agrees within half of the last place that the reference states. One that is rounded more coarsely
    agrees where the reference rounds to it and it has two figures or more (9.8 for 9.81; 3 for 3.14 does not), or is
    within `CLOSE` of it (300,000 for 299,792). "About" on either side allows `ROUGH`. Counts, years and labels are
    exact.

    A mismatch needs an answer figure of the same sort, in the same role, that agrees with no figure of the reference,
    while no figure of the answer agrees with the reference's. Its role is the same where the reference is little but
    its figure, or where the words around the two figures meet. Leaving a figure out, or adding one, is none.
    """
    wanted = quantities(reference, MOST_FIGURES)
    if not wanted:
        return QuantityVerdict(Agreement.NONE)
    said = _standing(answer)
    if not said:
        return QuantityVerdict(Agreement.ABSENT, total=len(wanted))
    matches = [[match_figures(one, other) for other in said] for one in wanted]
    agreed = sum(any(match is Match.YES for match in row) for row in matches)
    verdict = QuantityVerdict(Agreement.AGREE if agreed else Agreement.ABSENT, agreed=agreed, total=len(wanted))
    roles = _Roles(reference, wanted, answer, said)
    decisive = roles.crossed(matches)
    agreement = Agreement.MISMATCH
    if decisive is None:
        summed = _parts_of_sums(answer, said)
        free = [j for j in range(len(said)) if j not in summed and all(row[j] in _UNMET for row in matches)]
        decisive = roles.contradiction(matches, free, agreed=agreed > 0)
        if decisive is None:
            decisive, agreement = roles.alternatives(matches, free), Agreement.BOTH_SIDES
    if decisive is None:
        return verdict
    one, other = wanted[decisive[0]], said[decisive[1]]
    return replace(verdict, agreement=agreement, wanted=one.text, found=other.text, kind=one.kind)


def _standing(answer: str) -> tuple[Quantity, ...]:
    """The figures that the answer stands by: neither denied nor taken back."""
    found = quantities(answer, MOST_FIGURES)
    kept = []
    for index, one in enumerate(found):
        before = answer[max(0, one.start - 32) : one.start]
        if _DENIED.search(before) and not _ONLY.search(before):
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        if after and _CORRECTION.match(answer[one.end : after.start]) and match_figures(one, after) is not Match.APART:
            continue
        kept.append(one)
    return tuple(kept)


def _parts_of_sums(answer: str, said: tuple[Quantity, ...]) -> frozenset[int]:
    """The figures that stand in a sum, as in "eight plus four plus two plus one"."""
    found: set[int] = set()
    for index, (first, second) in enumerate(itertools.pairwise(said)):
        if _OPERATION.match(answer[first.end : second.start]):
            found |= {index, index + 1}
    return frozenset(found)


class _Roles:
    """What the figures of the two texts are about."""

    def __init__(self, reference: str, wanted: tuple[Quantity, ...], answer: str, said: tuple[Quantity, ...]) -> None:
        self._wanted, self._said, self._answer = wanted, said, answer
        self._near_wanted, rest = _all_surroundings(reference, wanted)
        self._near_said, self._said_rest = _all_surroundings(answer, said)
        self._relative = bool(_RELATIVE.search(answer))
        self._rated = [bool(_RATED.match(answer[other.end : other.end + 16])) for other in said]
        self._reference_rated = bool(_RATED_ANYWHERE.search(reference))
        self._rest = len(rest)

    def contradiction(self, matches: list[list[Match]], free: list[int], *, agreed: bool) -> tuple[int, int] | None:
        """A figure of the reference that the answer lacks, and one that it gives in its place; else None."""
        for i, row in enumerate(matches):
            if Match.YES in row or Match.UNSURE in row or self._rest > LONG_REFERENCE:
                continue
            for j in free:
                differs = row[j] is Match.NO and self._same_role(i, j, agreed)
                if differs or (row[j] is Match.APART and self._wrong_unit(i, j)):
                    return i, j
        return None

    def alternatives(self, matches: list[list[Match]], free: list[int]) -> tuple[int, int] | None:
        """A figure beside the right one as another guess at the same, "1914 or 1915"; else None."""
        for i, row in enumerate(matches):
            if self._wanted[i].approximate or not self._is_the_figure(self._wanted[i]):
                continue
            for right, j in itertools.product((k for k, match in enumerate(row) if match is Match.YES), free):
                first, second = sorted((self._said[right], self._said[j]), key=lambda one: one.start)
                if row[j] is Match.NO and _ALTERNATIVE.match(self._answer[first.end : second.start]):
                    return i, j
        return None

    def _same_role(self, i: int, j: int, agreed: bool) -> bool:
        """Whether the two figures, which differ, say the same thing of the same."""
        one, other = self._wanted[i], self._said[j]
        near, close = self._near_wanted[i], self._near_said[j]
        alone = sum(near.noun == another.noun for another in self._near_wanted) == 1
        same_noun = bool(near.noun) and near.noun == close.noun and alone
        if math.isnan(one.value) and one.kind is Kind.LABEL:
            return self._rest <= FIGURE_WORDS  # an address or a pattern, where it is what is asked for
        if one.kind is Kind.LABEL:
            return near.led <= LEADING_WORDS and not self._label_met(one)
        if (self._rated[j] and not self._reference_rated) or (one.kind in ERAS and self._relative):
            return False  # 1 g every 6 hours does not deny 4 g, nor three years after 1977 that it was 1980
        if one.text.lower() == "one" or (other.text.lower() == "one" and not self._is_the_figure(one)):
            return same_noun and near.adjacent and close.adjacent
        measured = one.kind not in BARE or bool(one.units)
        alike = measured and (other.kind not in BARE or bool(other.units))
        foreign = close.adjacent and close.noun not in near.words
        if (same_noun and not measured) or (alike == measured and not foreign and self._stands_for(i, j, agreed)):
            return True
        if foreign and not alike:
            return False  # it counts something else
        return self._same_subject(i, j, alike, agreed)

    def _stands_for(self, i: int, j: int, agreed: bool) -> bool:
        """Whether one word leads to both figures, or the answer is nothing but a figure."""
        near, close = self._near_wanted[i], self._near_said[j]
        if near.head and near.head == close.head and (not near.adjacent or near.noun == close.noun):
            return True
        return i == 0 and not agreed and len(self._said_rest) <= BARE_ANSWER

    def _same_subject(self, i: int, j: int, alike: bool, agreed: bool) -> bool:
        """Whether the texts are about their figures, or the words around the two figures meet."""
        one, near, close = self._wanted[i], self._near_wanted[i], self._near_said[j]
        shared, said = bool(near.words & close.words), len(self._said_rest)
        if self._is_the_figure(one) and not agreed:
            most = SHORT_ANSWER if alike else FIGURE_WORDS
            return said <= most or (shared and (alike or said <= SHORT_ANSWER))
        if one.kind is Kind.ORDINAL:
            return bool(near.noun) and near.noun == close.noun
        return alike and shared

    def _label_met(self, one: Quantity) -> bool:
        return any(one.name == other.name and one.value == other.value for other in self._said)

    def crossed(self, matches: list[list[Match]]) -> tuple[int, int] | None:
        """The figures of one thing that differ where each thing has one figure: 5 cervical, 7 lumbar for 7, 5."""
        if len(self._wanted) < 2 or len(self._said) < 2:
            return None
        for name in (_noun_of, _head_of):
            named = [name(near) for near in self._near_wanted]
            others = [name(near) for near in self._near_said]
            for i, noun in enumerate(named):
                if self._wanted[i].kind is Kind.LABEL or named.count(noun) > 1 or others.count(noun) != 1 or not noun:
                    continue
                j = others.index(noun)
                if matches[i][j] is not Match.NO or not any(row[j] is Match.YES for row in matches):
                    continue
                if any(match is Match.YES and others[k] for k, match in enumerate(matches[i])):
                    return i, j
        return None

    def _wrong_unit(self, i: int, j: int) -> bool:
        """Whether the number is the reference's and the unit another: 4 g for 4 mol."""
        one, other = self._wanted[i], self._said[j]
        if not (one.units and other.units and self._is_the_figure(one)):
            return False
        if "/" in one.units[0].name + other.units[0].name:
            return False  # four grams a day may well be 4 g
        equal = math.isclose(one.low, other.low, rel_tol=1e-9) and math.isclose(one.high, other.high, rel_tol=1e-9)
        return equal and Kind.TIME not in (one.kind, other.kind)

    def _is_the_figure(self, one: Quantity) -> bool:
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


def _all_surroundings(text: str, figures: tuple[Quantity, ...]) -> tuple[list[_Surroundings], frozenset[str]]:
    """The words around each figure, and the stems of all content words outside the figures."""
    text = text[: figures[-1].end + AFTERMATH]
    words: list[tuple[int, int, str]] = []  # start, end, stem
    behind = 0
    for token in tokenise(text):
        while behind < len(figures) and figures[behind].end <= token.start:
            behind += 1
        if _is_content(token.text) and not (behind < len(figures) and figures[behind].start < token.end):
            words.append((token.start, token.end, stem(token.text)))
    starts = [word[0] for word in words]
    marks = [match.start() for match in _SENTENCE_MARK.finditer(text)]
    made = [_surroundings(text, words, bisect.bisect_left(starts, one.start), one, marks) for one in figures]
    return made, frozenset(word[2] for word in words)


def _surroundings(
    text: str, words: list[tuple[int, int, str]], place: int, one: Quantity, marks: list[int]
) -> _Surroundings:
    """What stands around a figure that comes before `words[place]`, within its sentence."""
    first = bisect.bisect_left(marks, one.start)
    begins = marks[first - 1] if first else -1
    ends = next((mark for mark in marks[first:] if mark >= one.end), len(text))
    before = [word for word in words[max(0, place - FARTHEST) : place] if word[0] > begins]
    after = [word for word in words[place : place + CONTEXT_WORDS] if word[1] <= ends]
    noun, adjacent, head = "", False, ""
    if after and not _CLAUSE_MARK.search(text[one.end : after[0][0]]):
        noun, adjacent = after[0][2], not text[one.end : after[0][0]].strip(" -")
    if before and not _BREAK.search(text[before[-1][1] : one.start]):
        head = before[-1][2]
    near = frozenset(word[2] for word in [*before[-CONTEXT_WORDS:], *after])
    return _Surroundings(near, noun, adjacent, len(before), head)


_SENTENCE_MARK = re.compile(r"[;!?]|\.(?!\d)")
_CLAUSE_MARK = re.compile(r"[,;:()]")
_BREAK = re.compile(r"[,;()]|\d")
_HEDGE_WORDS = "about around at least most approx approximately roughly nearly almost between circa year years"
_HEDGES = frozenset(_HEDGE_WORDS.split())


def _is_content(word: str) -> bool:
    return word[0].isalpha() and word not in FUNCTION_WORDS and word not in _HEDGES
