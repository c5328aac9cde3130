"""What the stages before assignment found, and the lines from which it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.records import Card, Judgement, Span

Range = tuple[int, int]  # of atoms, end exclusive
Judgements = Mapping[tuple[int, Range], Judgement]  # by item and range, the best over its wordings

CONTRADICTS = 0.5  # P(contradicts) from which a span speaks against an item


@dataclass(frozen=True, slots=True)
class Lines:
    """Where credit begins, on the scale of P(expresses)."""

    half: float  # of an item
    full: float  # of a list item
    whole: float  # of a single item without facets, which earns graded credit below
    facet_half: float = 0.3  # of a facet: it is read beside an answer that says more
    facet_full: float = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """The facets of an item as a card of their own, and what the judge says of each."""

    card: Card
    judgements: Judgements  # by facet and range


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer's atoms, and what the judge says of ranges of them."""

    atoms: tuple[Span, ...]
    elaborates: tuple[bool, ...]  # for each atom
    judgements: Judgements
    is_listing: bool = False  # whether the answer is a long list of names
    parts: Mapping[int, Parts] = field(default_factory=dict)  # of items that have facets

    def span(self, answer: str, atoms: Range) -> Span:
        """The raw text of a range."""
        start, end = self.atoms[atoms[0]].start, self.atoms[atoms[1] - 1].end
        return Span(start, end, answer[start:end])
