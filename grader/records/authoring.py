"""Cards made from what an author wrote: items read, ids, `need` and points filled in, contradictions refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar

from grader.errors import DeckError
from grader.records.cards import Card, Extras, Facet, Item, Key, ReferenceItem, Wording
from grader.records.listing import split_line
from grader.records.prompts import Slugs, asked_count, slug
from grader.records.syntax import clean, close_parentheses, escape, read_item
from grader.records.worth import checked_worth, shared_points, weights

Choice = TypeVar("Choice", Key, Extras)

SYNTAXES = ("items", "plain")
ID_WORDS = 5  # of an item without a term


def card_from_items(
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
    bulleted: bool | None = None,
    line: int | None = None,
    problems: list[DeckError] | None = None,
) -> Card:
    """The card that an author means; see `Card.from_items`.

    `bulleted` says whether the items stood behind bullets; None: several items did, a single one did not. What is
    wrong with single items is added to `problems`, and the first of them raised: only then is the card looked at.

    Raises:
        DeckError: without path and line where the whole card is at fault, with the line where one item is.
    """
    prompt = clean(prompt, "the prompt")
    if not prompt:
        raise DeckError("the prompt is empty; write what is asked")
    if syntax not in SYNTAXES:
        raise DeckError(f"syntax is {syntax!r}; write 'items' or 'plain'")
    if not items:
        raise DeckError("card has no reference items; add '- item' lines under it")
    written = [_item(one) for one in items]
    if syntax == "plain":
        written = [_taken_literally(one) for one in written]
    if alternatives:
        written = [_one_of(written)]
    elif syntax == "items" and len(written) == 1 and not _attributes(written[0]):
        wanted = asked_count(prompt) if need is None else need
        parts = split_line(written[0].text, wanted, at_least=need is not None)
        if parts:
            written = [Item(part, line=written[0].line) for part in parts]
            bulleted = True
    read = _read_items(written, ordered=ordered, problems=[] if problems is None else problems)
    points = None if points is None else _checked_points(points)
    need = _checked_need(need, prompt, read)
    which, key_weights = _checked_key(key)
    return Card(
        id=_checked_id(id, "card") if id is not None else slug(prompt) or "card",
        prompt=prompt,
        items=_worth(read, written, need, points),
        need=need,
        is_list=_earning(read) > 1 or (len(read) == 1 and bool(bulleted) and not read[0].facets),
        ordered=ordered,
        points=points,
        key=which,
        extras=_one_choice("extras", extras, Extras),
        language=language,
        line=line,
        key_weights=key_weights,
    )


# --- items ----------------------------------------------------------------------------------------------------------


def _item(one: object) -> Item:
    if isinstance(one, str):
        return Item(one)
    if isinstance(one, Item):
        if isinstance(one.facets, str):
            raise DeckError("facets is one text; give several texts")
        return one
    raise DeckError(f"an item is {one!r}; give a text or an Item")


def _taken_literally(one: Item) -> Item:
    facets = tuple(_taken_literally(_item(facet)) for facet in one.facets)
    return replace(one, text=escape(clean(one.text, "the item")), facets=facets)


def _attributes(one: Item) -> list[str]:
    """What an item states beside its text and id."""
    others = (field for field in fields(one) if field.name not in {"text", "id", "line"})
    return [field.name for field in others if getattr(one, field.name) != field.default]


def _read_items(written: Sequence[Item], *, ordered: bool, problems: list[DeckError]) -> tuple[ReferenceItem, ...]:
    """The items without what they are worth, which depends on the card."""
    ids = Slugs([one.id for one in written if one.id is not None])
    seen: set[str] = set()
    read: list[ReferenceItem] = []
    for one in written:
        try:
            read.append(_read_item(one, ids, seen, ordered=ordered, problems=problems))
        except DeckError as error:
            problems.append(DeckError(error.message, line=error.line or one.line))
    if problems:
        raise problems[0]
    return tuple(read)


def _read_item(one: Item, ids: Slugs, seen: set[str], *, ordered: bool, problems: list[DeckError]) -> ReferenceItem:
    text, wordings = read_item(one.text)
    if one.id is not None:
        _checked_id(one.id, "item")
        if one.id in seen:
            raise DeckError(f"item id '{one.id}' stands twice in this card; change one of them")
        seen.add(one.id)
    if one.points is not None:
        checked_worth(one.points, "what the misconception costs" if one.negative else "points")
    if one.negative and one.required:
        raise DeckError("the item is both required and negative; delete one of the two")
    return ReferenceItem(
        one.id if one.id is not None else ids.unique(item_slug(wordings[0])),
        text,
        wordings,
        one.line,
        _markup(one.text, text),
        required=one.required,
        negative=one.negative,
        group=_checked_group(one, ordered=ordered),
        facets=_read_facets(one.facets, problems),
    )


def _markup(written: str, text: str) -> str | None:
    """The markup of a text, where it is not the text itself."""
    markup = clean(written, "the item")
    return markup if markup != text else None


def _read_facets(facets: Sequence[str | Item], problems: list[DeckError]) -> tuple[Facet, ...]:
    written = [_item(one) for one in facets]
    if len(written) == 1:
        raise DeckError("a single facet is the item over again; state two or more, or none", line=written[0].line)
    read: list[Facet] = []
    for one in written:
        try:
            read.append(_read_facet(one))
        except DeckError as error:
            problems.append(DeckError(error.message, line=one.line))
    if len(read) < len(written) or not written:
        return ()
    shares = weights([1.0 if one.points is None else one.points for one in written])
    return tuple(replace(facet, weight=weight) for facet, weight in zip(read, shares, strict=True))


def _read_facet(one: Item) -> Facet:
    """The facet without its weight, which depends on the others."""
    if not clean(one.text, "the facet"):
        raise DeckError("the facet is empty; write what has to be said, or delete it")
    if one.facets:
        raise DeckError("a facet of a facet; write it into the facet, or make it one of the item")
    if one.id is not None or _attributes(one) not in ([], ["points"]):
        raise DeckError("a facet states more than points; write the rest behind its item, or delete it")
    if one.points is not None:
        checked_worth(one.points)
    text, wordings = read_item(one.text)
    return Facet(text, wordings, 1.0, _markup(one.text, text))


def _worth(
    read: Sequence[ReferenceItem], written: Sequence[Item], need: int, points: float | None
) -> tuple[ReferenceItem, ...]:
    """The items with what they are worth: 1 unless stated, or their share of the card's points; see `shared_points`."""
    stated = [one.points for one in written if not one.negative]
    if points is not None and need == len(stated) and set(stated) != {None}:
        stated = list(shared_points(stated, points))
    earned = iter(stated)
    worth = [one.points if one.negative else next(earned) for one in written]
    return tuple(
        item if value is None else replace(item, points=float(value)) for item, value in zip(read, worth, strict=True)
    )


def _earning(items: Sequence[ReferenceItem]) -> int:
    return sum(not item.negative for item in items)


def item_slug(wording: Wording) -> str:
    """The id of an item that states none: its term, or its first words."""
    named = slug(wording.term) if wording.term else ""
    return named or slug(wording.text, words=ID_WORDS) or "item"


def _one_of(written: Sequence[Item]) -> Item:
    """One item whose wordings are the given texts."""
    parts = []
    for one in written:
        stated = _attributes(one)
        if stated:
            message = f"one of the alternatives states {stated[0]}; delete it, or 'alternatives' if these are items"
            raise DeckError(message, line=one.line)
        markup = clean(one.text, "the item")
        if not markup:
            raise DeckError("one of the alternatives is empty; write it, or delete it", line=one.line)
        markup = close_parentheses(markup)  # else one could pair up with one in the next wording
        parts.append(rf"\{markup}" if markup == "|" else markup)
    first = written[0]
    return Item(" | ".join(parts), id=first.id, line=first.line)


# --- what an author may state ---------------------------------------------------------------------------------------

_BOTH = re.compile(r"both\s+([^\s:]+)\s*:\s*([^\s:]+)")  # term : explanation


def _checked_id(value: str, what: str) -> str:
    found = clean(value, f"the {what} id")
    if not found or found != value:
        raise DeckError(f"the {what} id {value!r} is empty or has white space around it or doubled; write a short name")
    return value


def _checked_group(one: Item, *, ordered: bool) -> str | None:
    if one.group is None:
        return None
    group = clean(one.group, "the group")
    if not group or group != one.group:
        raise DeckError(f"the group {one.group!r} is empty or has white space around it; write a short name")
    if one.negative:
        raise DeckError("a misconception has no place in the order; delete 'group'")
    if not ordered:
        raise DeckError(
            f"the order of this card does not count, so group '{group}' says nothing; state 'ordered: true'"
        )
    return group


def _checked_need(need: int | None, prompt: str, items: Sequence[ReferenceItem]) -> int:
    """How many items earn full marks, where there are so many that can."""
    available = _earning(items)
    if available == 0:
        raise DeckError("every item is a misconception; add one that earns, or delete 'negative'")
    if need is None:
        need = min(asked_count(prompt, available) or available, available)
    elif isinstance(need, bool) or not isinstance(need, int) or need < 1:
        raise DeckError(f"need is {need!r}; write a whole number from 1 to {available}, the number of items")
    if need > available:
        beside = "" if available == len(items) else " that can earn"
        raise DeckError(f"need is {need}, but the card has {_items(available)}{beside}; lower need, or add items")
    required = sum(item.required for item in items)
    if required > need:
        raise DeckError(f"{_items(required)} are required, but need is {need}; raise need, or require fewer")
    return need


def _checked_key(key: Key | str) -> tuple[Key, tuple[float, float]]:
    """Which part earns, and what term and explanation are worth where both do: `both 1:2`."""
    found = _BOTH.fullmatch(key) if isinstance(key, str) else None
    if not found:
        return _one_choice("key", key, Key), (0.5, 0.5)
    try:
        parts = [checked_worth(float(part), f"a part of key '{key}'") for part in found.groups()]
    except ValueError:
        raise DeckError(f"key is '{key}'; write the worth of term and explanation as 'both 1:2'") from None
    term, explanation = weights(parts)
    return Key.BOTH, (term, explanation)


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _checked_points(points: float) -> float:
    if isinstance(points, bool) or not isinstance(points, int | float) or not math.isfinite(points) or points <= 0:
        raise DeckError(f"points is {points!r}; write a number above 0")
    return float(points)


def _one_choice(name: str, value: Choice | str, kind: type[Choice]) -> Choice:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise DeckError(f"{name} is {value!r}; write one of {known}") from None
