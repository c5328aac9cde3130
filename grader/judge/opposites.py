"""Opposites: words that a list calls opposites, or that differ by an opposed or negative prefix."""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache

from grader.judge.word_forms import family, inflected, opposed_prefixes
from grader.judge.word_lists import word_lines

OPPOSITES = "antonyms.txt"
SHORTEST_PREFIXED = 4  # letters that both words must exceed before their prefixes are compared


class Opposition(Enum):
    """How surely two opposites contradict one another."""

    OUTRIGHT = 1
    ALONGSIDE = 2  # opposites that often stand side by side: question and answer, before and after


@cache
def _alongside() -> frozenset[int]:
    """The groups that the list marks with "~"."""
    return frozenset(number for number, line in enumerate(word_lines(OPPOSITES)) if line.startswith("~"))


@cache
def _sides() -> dict[str, tuple[tuple[int, int, str], ...]]:
    """Family of a listed word -> the groups that hold it, its side there, and the word as listed."""
    made: dict[str, list[tuple[int, int, str]]] = {}
    for number, line in enumerate(word_lines(OPPOSITES)):
        for side, words in enumerate(line.removeprefix("~").split(" / ")):
            for word in words.split():
                for key in family(word):
                    made.setdefault(key, []).append((number, side, word))
    return {key: tuple(found) for key, found in made.items()}


@lru_cache(maxsize=65536)
def sides(word: str) -> frozenset[tuple[int, int]]:
    """The groups of opposites that a folded word or a form of it belongs to, with its side."""
    return frozenset(
        (number, side)
        for key in family(word)
        for number, side, listed in _sides().get(key, ())
        if listed == word or inflected(listed, word)
    )


@lru_cache(maxsize=65536)
def opposed(one: str, other: str) -> Opposition | None:
    """How two words are opposites: listed so, or one is the other behind a negative or opposed prefix; else None."""
    mine, theirs = sides(one), sides(other)
    meeting = [number for number, side in mine if (number, 1 - side) in theirs]
    if meeting:
        return Opposition.ALONGSIDE if all(number in _alongside() for number in meeting) else Opposition.OUTRIGHT
    if min(len(one), len(other)) > SHORTEST_PREFIXED and opposed_prefixes(one, other):
        return Opposition.ALONGSIDE
    return None


def same_side(one: str, other: str) -> bool:
    """Whether two words stand on one side of a group of opposites."""
    return not sides(one).isdisjoint(sides(other))
