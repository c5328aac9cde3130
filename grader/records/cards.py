"""What is asked: decks, cards, reference items and their wordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from grader.errors import DeckError

FACT_WORDS = 6  # words up to which a single item is one fact


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
    text: str  # as the author wrote it, without attributes and backslashes
    wordings: tuple[Wording, ...]  # at least one; any of them earns the item
    line: int | None = field(default=None, compare=False)  # of the deck file, from 1
    markup: str | None = field(default=None, compare=False)  # the text with its backslashes, where it has some


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
    line: int | None = field(default=None, compare=False)

    @property
    def max_points(self) -> float:
        """What full marks are worth."""
        return float(self.need) if self.points is None else self.points

    @property
    def asks_one_fact(self) -> bool:
        """Whether the card asks for one short thing, so that a second guess beside the right one is a hedge."""
        if self.is_list or len(self.items) != 1:
            return False
        wording = self.items[0].wordings[0]
        return wording.explanation is None and len(wording.text.split()) <= FACT_WORDS

    @classmethod
    def from_items(
        cls,
        prompt: str,
        items: Sequence[str],
        *,
        id: str | None = None,
        need: int | None = None,
        ordered: bool = False,
        points: float | None = None,
        key: Key | str = Key.EITHER,
        extras: Extras | str = Extras.COUNT,
        alternatives: bool = False,
        syntax: str = "items",
        language: str = "en",
    ) -> Card:
        """A card without a deck.

        A single item that lists as many things as the prompt (or `need`) asks for is split into them.

        Args:
            prompt: what is asked.
            items: the reference items, in the item syntax of decks.
            id: default: a slug of the prompt.
            need: how many items earn full marks; default: the number in the prompt, else all.
            ordered: whether the order of the items counts.
            points: what full marks are worth; default: `need`.
            key: which part of `Term: explanation` earns it.
            extras: whether surplus guesses cost.
            alternatives: the list holds wordings of one item, any of which suffices.
            syntax: "items", or "plain" where bars, parentheses, colons and backslashes mean themselves.
            language: of the card, as a BCP 47 tag.

        Raises:
            DeckError: where the prompt or an item is empty, or an argument is out of its range.
        """
        from grader.records.authoring import Written, card_from_items

        if isinstance(items, str):  # a str is a sequence of its characters, which nobody means
            raise DeckError("items is one text; give a list of texts")
        return card_from_items(
            prompt,
            [Written(item) for item in items],
            id=id,
            need=need,
            ordered=ordered,
            points=points,
            key=key,
            extras=extras,
            alternatives=alternatives,
            syntax=syntax,
            language=language,
        )


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards that belong together, in the order of their file."""

    title: str
    cards: tuple[Card, ...]
    language: str = "en"
    source: str | None = field(default=None, compare=False)  # the file it was read from
    _by_id: dict[str, Card] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id: dict[str, Card] = {}
        for card in self.cards:
            by_id.setdefault(card.id, card)
        object.__setattr__(self, "_by_id", by_id)

    def __len__(self) -> int:
        return len(self.cards)

    def __getitem__(self, card_id: str) -> Card:
        """The card with this id; KeyError where there is none."""
        return self._by_id[card_id]

    def __iter__(self) -> Iterator[Card]:
        """The cards, in the order of their file."""
        return iter(self.cards)

    def __contains__(self, card_id: object) -> bool:
        """Whether a card has this id."""
        return card_id in self._by_id
