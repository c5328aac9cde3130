"""The canonical deck format, written: what `read_deck` reads back as the same deck."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from grader.decks.attributes import trailing, write_attributes, written_number
from grader.decks.markdown import BULLET, parse
from grader.errors import DeckError
from grader.records import Card, Deck, Extras, Facet, Key, ReferenceItem
from grader.records.listing import split_line
from grader.records.prompts import asked_count
from grader.records.syntax import escape, read_item
from grader.records.worth import ratio, stated_points

_PLAIN_TITLE = re.compile(r"[^\W_](?:[^:#\"'\\]|:(?! )|(?<! )#)*")


def write_deck(deck: Deck) -> str:
    """The deck as canonical Markdown, with the ids of cards and items, so that mending a spelling keeps history.

    Raises:
        DeckError: where the deck cannot be read back as it is: duplicate ids or prompts, a card in a language of
            its own, an item whose wordings do not follow from its text.
    """
    title = deck.title if _PLAIN_TITLE.fullmatch(deck.title) else json.dumps(deck.title, ensure_ascii=False)
    head = f"---\ntitle: {title}\nlanguage: {deck.language}\n---\n"
    text = "\n".join([head, *(_write_card(card, deck.language) for card in deck.cards)])
    _check(text, deck)
    return text


def _check(text: str, deck: Deck) -> None:
    """Read the text back, so that nothing is written that would be read otherwise."""
    if not deck.cards:
        raise DeckError("the deck holds no cards; there is nothing to write", deck.source)
    parsed = parse(text)
    if parsed.errors:
        raise DeckError(f"the deck cannot be written: {parsed.errors[0].message}", deck.source)
    if parsed.deck == deck:
        return
    for card, read in zip(deck.cards, parsed.deck.cards, strict=True):
        if card != read:
            raise DeckError(f"card '{card.id}' cannot be written as it is; make it with Card.from_items", deck.source)
    raise DeckError("the title or language cannot be written; give them no line breaks or doubled spaces", deck.source)


def _write_card(card: Card, language: str) -> str:
    if card.language != language:
        raise DeckError(f"card '{card.id}' is in '{card.language}', its deck in '{language}'; a deck has one language")
    lines = [f"## {card.prompt}", write_attributes(_stated(card))]
    written = [
        f"{_markup(item)} {write_attributes(_stated_of_item(item, points))}"
        for item, points in zip(card.items, _points(card), strict=True)
    ]
    if card.is_list or len(card.items) > 1 or card.items[0].facets:
        for place, (item, text) in enumerate(zip(card.items, written, strict=True), start=1):
            bullet = f"{place}." if card.ordered else "-"
            lines.append(f"{bullet} {text}")
            lines += [f"{' ' * (len(bullet) + 1)}- {facet}" for facet in _write_facets(item.facets)]
    else:
        lines += [_as_paragraph(text) for text in written]
    return "\n".join(lines) + "\n"


def _stated(card: Card) -> dict[str, str]:
    """The attributes of a card that are not what reading it would give anyway, and its id."""
    values = {"id": card.id}
    available = len(card.earning)
    counted = asked_count(card.prompt, available)
    if card.need != min(counted or available, available) or _would_split(card):
        values["need"] = str(card.need)
    if card.ordered:
        values["ordered"] = "true"
    if card.points is not None:
        values["points"] = written_number(card.points)
    if card.key_weights != (0.5, 0.5):
        term, explanation = (written_number(part) for part in ratio(card.key_weights))
        values["key"] = f"{card.key.value} {term}:{explanation}"
    elif card.key is not Key.EITHER:
        values["key"] = card.key.value
    if card.extras is not Extras.COUNT:
        values["extras"] = card.extras.value
    return values


def _would_split(card: Card) -> bool:
    """Whether a single item would be read as several, unless `need` says that it is one."""
    return len(card.items) == 1 and split_line(_markup(card.items[0]), asked_count(card.prompt)) is not None


def _points(card: Card) -> list[float | None]:
    """What each item has to state of its points; None: nothing."""
    points = [item.points for item in card.earning]
    stated: Iterable[float | None] = [None if one == 1 else one for one in points]
    if card.points is not None and card.need == len(points) and set(points) != {1.0}:
        stated = stated_points(points, card.points)  # else those that state none would share what is left
    earned = iter(stated)
    return [(None if item.points == 1 else item.points) if item.negative else next(earned) for item in card.items]


def _stated_of_item(item: ReferenceItem, points: float | None) -> dict[str, str]:
    values = {"id": item.id}
    if points is not None:
        values["points"] = written_number(points)
    values |= {name: "true" for name in ("required", "negative") if getattr(item, name)}
    if item.group is not None:
        values["group"] = item.group
    return values


def _write_facets(facets: Sequence[Facet]) -> list[str]:
    """The facets, each with its weight beside the others unless that is 1."""
    weights = ratio([facet.weight for facet in facets]) if facets else ()
    lines = []
    for facet, weight in zip(facets, weights, strict=True):
        markup = _markup(facet)
        # Braces that end the text would be taken for attributes, were there none behind them.
        stated = weight != 1 or trailing(markup)[1] is not None
        lines.append(f"{markup} {write_attributes({'points': written_number(weight)})}" if stated else markup)
    return lines


def _markup(item: ReferenceItem | Facet) -> str:
    """Text with the backslashes that make it read as the wordings of the item."""
    plain = " | ".join(escape(wording.text) for wording in item.wordings)
    for markup in (item.markup, item.text, plain, escape(item.text)):
        if markup is not None and _reads_as(markup, item):
            return markup
    raise DeckError(f"the wordings of '{item.text}' do not follow from its text; make the card with Card.from_items")


def _reads_as(markup: str, item: ReferenceItem | Facet) -> bool:
    try:
        return read_item(markup) == (item.text, item.wordings)
    except DeckError:
        return False


def _as_paragraph(text: str) -> str:
    """Text that begins no bullet, heading or attributes."""
    bullet = BULLET.match(text)
    if bullet:
        sign = bullet.end() - 1
        return f"{text[:sign]}\\{text[sign:]}"
    if text.startswith("#"):
        return f"\\{text}"
    return text
