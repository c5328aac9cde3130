"""What is asked: decks, cards, reference items and their wordings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """Which part of a `Term: explanation` item earns it."""

    EITHER = "either"
    TERM = "term"
    EXPLANATION = "explanation"
    BOTH = "both"


class Extras(StrEnum):
    """What surplus guesses do to the score of a card."""

    COUNT = "count"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say an item, read from its text by the item syntax."""

    text: str  # what has to be said: without optional parts and attribution
    term: str | None = None  # of `Term: explanation`
    explanation: str | None = None
    optional: tuple[str, ...] = ()  # what stood in ` (…)`


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """One creditable thing of a card."""

    id: str
    text: str  # as the author wrote it, without attributes
    wordings: tuple[Wording, ...]  # at least one; any of them earns the item
    line: int | None = None  # of the deck file, from 1


@dataclass(frozen=True, slots=True)
class Card:
    """A prompt with its reference items."""

    id: str
    prompt: str
    items: tuple[ReferenceItem, ...]
    need: int  # items that earn full marks, 1..len(items)
    is_list: bool  # bullets, or a line of several items; else one item that can earn graded credit
    ordered: bool = False
    points: float | None = None  # what full marks are worth; None: `need`
    key: Key = Key.EITHER
    extras: Extras = Extras.COUNT
    language: str = "en"
    line: int | None = None

    @property
    def max_points(self) -> float:
        """What full marks are worth."""
        return float(self.need) if self.points is None else self.points


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards that belong together, in the order of their file."""

    title: str
    cards: tuple[Card, ...]
    language: str = "en"
    source: str | None = None  # the file it was read from

    def __len__(self) -> int:
        return len(self.cards)

    def __getitem__(self, card_id: str) -> Card:
        """The card with this id; KeyError where there is none."""
        for card in self.cards:
            if card.id == card_id:
                return card
        raise KeyError(card_id)
