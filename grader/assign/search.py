"""The joint choice: which range earns which item, all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Range = tuple[int, int]  # of atoms, end exclusive

MOST_STEPS = 1_000  # of a search; a choice that takes more is the best found until then


@dataclass(frozen=True, slots=True)
class Option:
    """A range that may earn an item."""

    worth: int  # whole numbers, so that no choice hangs on a last bit; above 0
    atoms: Range


Together = Callable[[int, Option, int, Option], bool]  # whether two items may both be earned, each by its range


def choose(options: Sequence[Sequence[Option]], together: Together) -> dict[int, Range]:
    """For each item at most one of its options, so that the total worth is highest.

    Weighted interval selection with each item once (job interval selection), exact by branch and bound. Items whose
    options never meet are chosen apart from each other. Of equal totals the one found first counts, and options are
    tried from the worthiest on, so that the choice is the same every time.

    Args:
        options: of each item, in any order; an item without any earns nothing.
        together: whether two options of different items go together; asked only of ranges that overlap.
    """
    ranked = [sorted(some, key=lambda option: (-option.worth, option.atoms)) for some in options]
    chosen: dict[int, Range] = {}
    for items in _apart(ranked):
        chosen |= {item: option.atoms for item, option in _Search(ranked, items, together).best.items()}
    return chosen


def overlaps(one: Range, other: Range) -> bool:
    """Whether two ranges share an atom."""
    return one[0] < other[1] and other[0] < one[1]


def _apart(options: Sequence[Sequence[Option]]) -> list[list[int]]:
    """The items in groups, such that options of different groups never overlap."""
    groups: list[tuple[list[int], list[Range]]] = []
    for item, some in enumerate(options):
        ranges = [option.atoms for option in some]
        met = [one for one in groups if any(overlaps(mine, theirs) for mine in ranges for theirs in one[1])]
        groups = [one for one in groups if one not in met]
        groups.append(
            ([*(other for one in met for other in one[0]), item], [*(r for one in met for r in one[1]), *ranges])
        )
    return [sorted(items) for items, _ in groups]


class _Search:
    """Depth first over the items, the one with the most to lose first; cut where what is left cannot catch up."""

    def __init__(self, options: Sequence[Sequence[Option]], items: Sequence[int], together: Together) -> None:
        self._options = options
        self._together = together
        self._order = sorted(items, key=lambda item: (-(options[item][0].worth if options[item] else 0), item))
        self._steps = 0
        self._most = 0
        self.best: dict[int, Option] = {}
        self._descend(0, 0, {})

    def _descend(self, depth: int, total: int, chosen: dict[int, Option]) -> None:
        if total > self._most:
            self._most, self.best = total, dict(chosen)
        left = [(item, self._open(item, chosen)) for item in self._order[depth:]]
        if total + sum(some[0].worth for _, some in left if some) <= self._most:
            return
        self._steps += 1
        if self._steps > MOST_STEPS:
            return
        item, some = left[0]
        for option in some:
            self._descend(depth + 1, total + option.worth, {**chosen, item: option})
        self._descend(depth + 1, total, chosen)

    def _open(self, item: int, chosen: dict[int, Option]) -> list[Option]:
        """The options of an item that go together with what has been chosen."""
        return [
            option
            for option in self._options[item]
            if all(
                not overlaps(option.atoms, taken.atoms) or self._together(item, option, other, taken)
                for other, taken in chosen.items()
            )
        ]
