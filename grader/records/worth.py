"""What items and facets are worth beside each other: points checked and shared out, and found again for writing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from grader.errors import DeckError

LEAST, MOST = 1e-6, 1e6  # points of an item, weights: further apart, the smaller one could as well be left out
MOST_IN_RATIO = 1000  # up to which whole numbers are easier to read in a ratio than decimals


def checked_worth(points: float, name: str = "points") -> float:
    """The number, where something can be worth so much beside others.

    Raises:
        DeckError: it is no number, or not between `LEAST` and `MOST`.
    """
    if isinstance(points, bool) or not isinstance(points, int | float) or not LEAST <= points <= MOST:
        raise DeckError(f"{name} is {_shown(points)}; write a number above 0, up to a million")
    return float(points)


def _shown(points: object) -> str:
    return f"{points:g}" if isinstance(points, float) else repr(points)


def weights(parts: Sequence[float]) -> tuple[float, ...]:
    """The parts over their sum; those that add up to 1 already are kept to the last digit.

    Raises:
        DeckError: one of them is next to nothing beside the others.
    """
    total = math.fsum(parts)
    shares = tuple(parts) if math.isclose(total, 1) else tuple(part / total for part in parts)
    if min(shares) < LEAST:
        raise DeckError(f"a weight of {min(parts):g} beside {max(parts):g} is next to nothing; write closer numbers")
    return shares


def ratio(shares: Sequence[float]) -> tuple[float, ...]:
    """Small whole numbers of which these are the weights, where there are some; else the weights themselves."""
    fractions = [Fraction(share).limit_denominator(MOST_IN_RATIO) for share in shares]
    unit = math.lcm(*(fraction.denominator for fraction in fractions))
    whole = [int(fraction * unit) for fraction in fractions]
    if not 0 < min(whole) <= max(whole) <= MOST_IN_RATIO:
        return tuple(shares)
    parts = tuple(float(number) for number in whole)
    return parts if weights(parts) == tuple(shares) else tuple(shares)


def shared_points(stated: Sequence[float | None], total: float) -> tuple[float, ...]:
    """The points of each item where the card's points are all there is: those that state none share what is left.

    Raises:
        DeckError: nothing is left to share.
    """
    without = stated.count(None)
    left = total - math.fsum(points for points in stated if points is not None)
    if without and left / without < LEAST:
        raise DeckError(
            f"nothing of the card's {total:g} points is left for the items that state none; raise its points, "
            "or state theirs"
        )
    return tuple(left / without if points is None else points for points in stated)


def stated_points(points: Sequence[float], total: float) -> tuple[float | None, ...]:
    """What has to be stated so that `shared_points` gives these: None for most of the items that are worth the same."""
    for usual in sorted(set(points), key=lambda one: (-points.count(one), one)):
        stated = [None if one == usual else one for one in points]
        left = total - math.fsum(one for one in stated if one is not None)
        if len(set(points)) > 1 and left > 0 and left / stated.count(None) == usual:
            return tuple(stated)
    return tuple(points)
