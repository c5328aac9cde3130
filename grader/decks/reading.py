"""Prompts told from references in a run of bare lines: the reading that likeness favours most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.decks.likeness import likeness
from grader.records.listing import split_line
from grader.records.prompts import asked_count

FURTHER_LINE = 2.0  # nats against each further line of a reference: about one card in eight has a second one
LISTED_LINE = 1.0  # the same, where the prompt asks for as many things as there are lines
COUNTED = 3.0  # nats for a line that lists exactly as many things as the prompt asks for
COUNTED_TWO = 1.0  # the same for two, which any line with one "and" lists
UNCOUNTED = 2.0  # nats against a reference in which the things that the prompt asks for cannot be counted
CONTINUED = 6.0  # nats against a line that goes on with the item above it: exports do not wrap their lines
AFTER_BLANK = 3.0  # nats for a prompt after a blank line, which an export that has some puts between cards
MOST_NAME_WORDS = 3
MOST_LINES = 16  # of one reference

_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Bare:
    """A line without a bullet, as the reader sees it."""

    text: str
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a run of bare lines was read."""

    continued: int  # lines at its start that go on with the item above
    prompts: tuple[int, ...]  # which lines are prompts; what follows one, up to the next, is its reference
    margins: tuple[float, ...]  # by line: nats between this reading and the best that reads the line otherwise


def read_run(run: Sequence[Bare], *, closes: bool, continues: bool) -> Reading | None:
    """The likeliest reading; None where no reading gives every prompt a reference.

    Scores are log-odds halved onto both roles, so that a line adds its likeness where it is read as what it looks
    like and loses it where not. The best segmentation into cards is found by dynamic programming, in time
    proportional to the number of lines.

    Args:
        run: lines that follow each other.
        closes: bullets follow, so that the last line is a prompt.
        continues: bullets stand before, so that the first lines may belong to the last of them.
    """
    own = [likeness(line.text) + (AFTER_BLANK if line.after_blank else 0.0) for line in run]
    size = len(run) - 1 if closes else len(run)  # lines that have to fall into whole cards
    before = [_NEVER] * (size + 1)  # best of the lines before a place where a card begins
    before[0] = 0.0
    if continues:
        _allow_continuation(before, own)
    origin: list[int | None] = [None] * (size + 1)
    for start in range(size):
        if before[start] > _NEVER:
            for end, value in _cards_from(start, run, own, size):
                if before[start] + value > before[end]:
                    before[end] = before[start] + value
                    origin[end] = start
    if before[size] == _NEVER:
        return None
    begins: list[int] = []
    place: int | None = origin[size]
    continued = size if place is None else 0
    while place is not None:
        begins.append(place)
        continued, place = place, origin[place]
    begins.reverse()
    margins = _margins(run, own, before, frozenset(begins))
    if closes:
        begins.append(size)
        margins.append(float("inf"))
    return Reading(continued, tuple(begins), tuple(margins))


def _allow_continuation(before: list[float], own: Sequence[float]) -> None:
    """Let a card begin after first lines that look like references, as the rest of the item above."""
    value = -CONTINUED
    for place in range(min(MOST_LINES, len(before) - 1)):
        if own[place] >= 0:
            return
        value -= own[place] / 2
        before[place + 1] = value
        value -= FURTHER_LINE


def _cards_from(start: int, run: Sequence[Bare], own: Sequence[float], size: int) -> list[tuple[int, float]]:
    """Where a card whose prompt is this line can end, and what it adds to the reading."""
    ends: list[tuple[int, float]] = []
    if start + 1 >= size:
        return ends
    asked = asked_count(run[start].text) or 1
    value = own[start] / 2
    for end in range(start + 2, min(size, start + 1 + MOST_LINES) + 1):
        lines = end - start - 1
        value -= own[end - 1] / 2
        ends.append(
            (end, value - _cost(run[start + 1 : end] if lines == asked else run[start + 1 : start + 2], lines, asked))
        )
    return ends


def _cost(reference: Sequence[Bare], lines: int, asked: int) -> float:
    """What speaks against a reference of so many lines under a prompt that asks for so many things, in nats.

    Args:
        reference: its lines where there are as many as things, else the first of them.
        lines: how many there are.
        asked: how many things the prompt asks for.
    """
    if asked == 1:
        return FURTHER_LINE * (lines - 1)
    if split_line(reference[0].text, asked):
        return FURTHER_LINE * (lines - 1) - (COUNTED if asked > 2 else COUNTED_TWO)
    if lines == asked:
        return -COUNTED_TWO if _are_alike(reference) else LISTED_LINE * (lines - 1)
    return FURTHER_LINE * (lines - 1) + UNCOUNTED


def _are_alike(lines: Sequence[Bare]) -> bool:
    """Whether the lines are names of about the same length, as the items of one list are."""
    sizes = [len(line.text.split()) for line in lines]
    asks = any("?" in line.text or asked_count(line.text) for line in lines)
    return max(sizes) <= MOST_NAME_WORDS and max(sizes) - min(sizes) <= 1 and not asks


def _margins(run: Sequence[Bare], own: Sequence[float], before: Sequence[float], begins: frozenset[int]) -> list[float]:
    """By line: how much worse the best reading is that has it the other way, a prompt for a reference line."""
    size = len(before) - 1
    after = [_NEVER] * size + [0.0]  # best of the lines from a place where a card begins
    inside = [_NEVER] * size  # best reading in which the line belongs to a reference
    for start in range(size - 1, -1, -1):
        reached = _NEVER  # best reading with a card from here that ends after the line looked at
        for end, value in reversed(_cards_from(start, run, own, size)):
            after[start] = max(after[start], value + after[end])
            reached = max(reached, before[start] + value + after[end])
            inside[end - 1] = max(inside[end - 1], reached)
    return [
        before[size] - (inside[place] if place in begins else before[place] + after[place]) for place in range(size)
    ]
