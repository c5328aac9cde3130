"""What is asked: decks, cards, reference items and their wordings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
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
class Facet:
    """A part of an item that its author states, to be found in an answer by itself."""

    text: str  # as the author wrote it, without attributes and backslashes
    wordings: tuple[Wording, ...]  # at least one; any of them says it
    weight: float  # its share of the item, above 0; the weights of an item's facets sum to 1
    markup: str | None = field(default=None, compare=False)  # the text with its backslashes, where it has some


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """One creditable thing of a card, or a misconception that costs."""

    id: str
    text: str  # as the author wrote it, without attributes and backslashes
    wordings: tuple[Wording, ...]  # at least one; any of them earns the item
    line: int | None = field(default=None, compare=False)  # of the deck file, from 1
    markup: str | None = field(default=None, compare=False)  # the text with its backslashes, where it has some
    points: float = 1.0  # what it is worth beside the other items, or costs where it is negative; above 0
    required: bool = False  # has its place among the `need` that count, earned or not
    negative: bool = False  # a misconception: to say it costs
    group: str | None = None  # on an ordered card: neighbours of one group come in any order among themselves
    facets: tuple[Facet, ...] = ()  # none, or two or more


@dataclass(frozen=True, slots=True)
class Item:
    """An item as its author states it; also a facet of one, of which only text and points are stated."""

    text: str  # in the item syntax of decks
    _: KW_ONLY
    id: str | None = None  # default: a slug of the term or the first words
    points: float | None = None  # what it is worth beside the others, or costs; default: as much as each other, 1
    required: bool = False  # full marks need it
    negative: bool = False  # a misconception: to say it costs
    group: str | None = None  # on an ordered card: neighbours of one group come in any order among themselves
    facets: tuple[str | Item, ...] = ()  # its parts, two or more, where the author states them
    line: int | None = field(default=None, compare=False)  # of the deck file, from 1


@dataclass(frozen=True, slots=True)
class Card:
    """A prompt with its reference items."""

    id: str
    prompt: str
    items: tuple[ReferenceItem, ...]
    need: int  # items that earn full marks, from 1 to the number of `earning` ones
    is_list: bool  # bullets, or a line of several items; else one item that can earn graded credit
    ordered: bool = False
    points: float | None = None  # what full marks are worth; None: `full_worth`
    key: Key = Key.EITHER
    extras: Extras = Extras.COUNT
    language: str = "en"
    line: int | None = field(default=None, compare=False)
    key_weights: tuple[float, float] = (0.5, 0.5)  # of term and explanation where `key` is both; they sum to 1

    @property
    def earning(self) -> tuple[ReferenceItem, ...]:
        """The items that can earn, in their order: all but the misconceptions."""
        return tuple(item for item in self.items if not item.negative)

    @property
    def full_worth(self) -> float:
        """The most that `need` items are worth together, the required ones among them."""
        ranked = sorted(self.earning, key=lambda item: (not item.required, -item.points))
        return math.fsum(item.points for item in ranked[: self.need])

    @property
    def max_points(self) -> float:
        """What full marks are worth."""
        return self.full_worth if self.points is None else self.points

    @property
    def asks_one_fact(self) -> bool:
        """Whether the card asks for one short thing, so that a second guess beside the right one is a hedge."""
        earning = self.earning
        if self.is_list or len(earning) != 1 or earning[0].facets:
            return False
        wording = earning[0].wordings[0]
        return wording.explanation is None and len(wording.text.split()) <= FACT_WORDS

    @classmethod
    def from_items(
        cls,
        prompt: str,
        items: Sequence[str | Item],
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
            items: the reference items, in the item syntax of decks; `Item` where one is worth more than another, is
                required, is a misconception, or has facets.
            id: default: a slug of the prompt.
            need: how many items earn full marks; default: the number in the prompt, else all that can earn.
            ordered: whether the order of the items counts.
            points: what full marks are worth; default: what the best `need` items are worth, 1 each unless stated.
            key: which part of `Term: explanation` earns it; "both 1:2" where the explanation is worth twice the term.
            extras: whether surplus guesses cost.
            alternatives: the list holds wordings of one item, any of which suffices.
            syntax: "items", or "plain" where bars, parentheses, colons and backslashes mean themselves.
            language: of the card, as a BCP 47 tag.

        Raises:
            DeckError: where the prompt or an item is empty, or an argument is out of its range.
        """
        from grader.records.authoring import card_from_items

        if isinstance(items, str):  # a str is a sequence of its characters, which nobody means
            raise DeckError("items is one text; give a list of texts")
        return card_from_items(
            prompt,
            items,
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
