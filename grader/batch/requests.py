"""What a row asks for: whose answer, to which card, with what to carry through to the output."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from grader.batch.ids import SeenIds
from grader.batch.rows import Row
from grader.errors import AnswersError, DeckError
from grader.records import Card, Deck, Item

INLINE_FIELDS = ("reference", "need", "ordered", "points", "key", "extras", "alternatives", "syntax")
ITEM_FIELDS = ("text", "id", "points", "required", "negative", "group", "facets")
FACET_FIELDS = ("text", "points")
INPUT_FIELDS = frozenset({"id", "answer", "card", "prompt", *INLINE_FIELDS})
OUTPUT_FIELDS = frozenset(
    {"id", "card", "score", "points", "max_points", "verdict", "confidence", "needs_review", "items", "extras"}
    | {"signature", "notes", "error"}
)
INPUT_PREFIX = "input_"  # before the name of a carried field that the output itself uses

Value = TypeVar("Value")

_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


@dataclass(frozen=True, slots=True)
class Request:
    """A row that can be graded."""

    id: str | int | float
    card: Card
    answer: str
    carried: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be graded, and why."""

    id: str | int | float
    error: str


@dataclass(slots=True)
class RequestReader:
    """Reads rows into requests; remembers the ids it has seen.

    Args:
        deck: whose cards the field `card` names; None: every row brings its own card.
    """

    deck: Deck | None = None
    _seen: SeenIds = field(default_factory=SeenIds)
    _by_prompt: dict[str, Card | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for card in self.deck.cards if self.deck else ():
            prompt = _fold(card.prompt)
            self._by_prompt[prompt] = None if prompt in self._by_prompt else card  # None: more than one

    def read(self, row: Row) -> Request | Refusal:
        """The request of a row, or why there is none."""
        own: str | int | float = str(row.number)
        where = f"line {row.line}: "
        if row.fields is None:
            return Refusal(own, where + (row.error or "cannot be read"))
        given = row.fields.get("id")
        if given is not None and given != "":
            if isinstance(given, bool) or not isinstance(given, str | int | float):
                return Refusal(own, f"{where}id is {_kind(given)}; give a text or a number")
            own = given
        if not self._seen.add(str(own)):
            return Refusal(own, f"{where}the id {str(own)!r} stands in an earlier row too; give each row its own")
        try:
            answer = _answer(row.fields)
            card = self._card(row.fields)
        except AnswersError as error:
            return Refusal(own, f"{where}{error}")
        except DeckError as error:
            return Refusal(own, f"{where}{error.message}")
        return Request(own, card, answer, carried_fields(row.fields))

    def _card(self, fields: Mapping[str, Any]) -> Card:
        given = {name: value for name in INLINE_FIELDS if (value := fields.get(name)) is not None and value != ""}
        name, prompt = _text(fields, "card"), _text(fields, "prompt")
        if self.deck is None or (not name and "reference" in given):
            return _card_of_row(name, prompt, given, has_deck=self.deck is not None)
        if given:
            raise AnswersError(f"gives {', '.join(given)} beside a card of the deck; leave one of the two out")
        if not name and not prompt:
            raise AnswersError("names no card; give the id or the prompt of a card in the field `card`")
        return self._card_of_deck(self.deck, name or prompt)

    def _card_of_deck(self, deck: Deck, name: str) -> Card:
        try:
            return deck[name]
        except KeyError:
            pass
        folded = _fold(name)
        if folded not in self._by_prompt:
            raise AnswersError(f"the deck has no card {_brief(name)}; `grader deck show` lists their ids")
        card = self._by_prompt[folded]
        if card is None:
            raise AnswersError(f"the deck has several cards with the prompt {_brief(name)}; give the card's id")
        return card


def carried_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What goes through to the output untouched; a name that the output uses itself gets `INPUT_PREFIX`."""
    carried: dict[str, Any] = {}
    for name, value in fields.items():
        if name in INPUT_FIELDS:
            continue
        while name in OUTPUT_FIELDS or name in carried:
            name = INPUT_PREFIX + name
        carried[name] = value
    return carried


def _card_of_row(name: str, prompt: str, given: Mapping[str, Any], *, has_deck: bool) -> Card:
    if "reference" not in given:
        if name and not has_deck:
            raise AnswersError(f"names the card {_brief(name)}, but no deck is given; use --deck, or give a reference")
        raise AnswersError("has no reference; give the field `reference`, or --deck and the field `card`")
    if not prompt:
        raise AnswersError("has a reference but no prompt; give the field `prompt`")
    alternatives = _read(given, "alternatives", _boolean)
    card = _inline_card(
        prompt,
        _references(given["reference"]),
        need=_read(given, "need", _whole),
        ordered=_read(given, "ordered", _boolean) or False,
        points=_read(given, "points", _number),
        key=_text(given, "key") or "either",
        extras=_text(given, "extras") or "count",
        alternatives=alternatives or False,
        syntax=_text(given, "syntax") or "items",
    )
    return replace(card, id=name) if name else card


@lru_cache(maxsize=4096)  # a class answers few questions many times
def _inline_card(
    prompt: str,
    items: tuple[str | Item, ...],
    *,
    need: int | None,
    ordered: bool,
    points: float | None,
    key: str,
    extras: str,
    alternatives: bool,
    syntax: str,
) -> Card:
    return Card.from_items(
        prompt,
        items,
        need=need,
        ordered=ordered,
        points=points,
        key=key,
        extras=extras,
        alternatives=alternatives,
        syntax=syntax,
    )


def _references(value: object) -> tuple[str | Item, ...]:
    """The items of a list, or the one text."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and value:
        return tuple(_stated(one, f"reference {place}", ITEM_FIELDS) for place, one in enumerate(value, start=1))
    raise AnswersError("reference is neither a text nor a list of texts or objects")


def _stated(value: object, what: str, known: tuple[str, ...]) -> str | Item:
    """An item, or a facet of one: a text, or an object that states more."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise AnswersError(f"{what} is {_kind(value)}; give a text, or an object with {', '.join(known)}")
    given = {name: found for name, found in value.items() if found is not None}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise AnswersError(f"{what} has the field {_brief(unknown[0])}; known are {', '.join(known)}")
    listed = given.get("facets", [])
    if not isinstance(listed, list):
        raise AnswersError(f"facets of {what} is {_kind(listed)}; give a list of texts or objects")
    facets = tuple(_stated(one, f"facet {place} of {what}", FACET_FIELDS) for place, one in enumerate(listed, start=1))
    try:
        return Item(
            _text(given, "text"),
            id=_text(given, "id") or None,
            points=_read(given, "points", _number),
            required=_read(given, "required", _boolean) or False,
            negative=_read(given, "negative", _boolean) or False,
            group=_text(given, "group") or None,
            facets=facets,
        )
    except AnswersError as error:
        raise AnswersError(f"{what}: {error}") from None


def _answer(fields: Mapping[str, Any]) -> str:
    if "answer" not in fields:
        raise AnswersError("has no field `answer`; give a text, an empty one where nothing was answered")
    answer = fields["answer"]
    if not isinstance(answer, str):
        raise AnswersError(f"answer is {_kind(answer)}; give a text, an empty one where nothing was answered")
    return answer


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise AnswersError(f"{name} is {_kind(value)}; give a text")
    return value.strip()


def _read(given: Mapping[str, Any], name: str, kind: Callable[[Any], Value]) -> Value | None:
    if name not in given:
        return None
    try:
        return kind(given[name])
    except (TypeError, ValueError) as error:
        raise AnswersError(f"{name} is {_brief(given[name])}; {error}") from None


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUE + _FALSE:
        return value.strip().lower() in _TRUE
    raise ValueError("write true or false")


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("write a whole number")
    return int(number)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("write a number")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError("write a number") from None
    if not math.isfinite(number):
        raise ValueError("write a number")
    return number


def _fold(prompt: str) -> str:
    return " ".join(prompt.casefold().split())


def _kind(value: object) -> str:
    names: dict[type, str] = {bool: "a truth value", int: "a number", float: "a number", list: "a list"}
    return "null" if value is None else names.get(type(value), "an object")


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]
