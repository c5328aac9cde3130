"""The canonical deck format, written: what `read_deck` reads back as the same deck."""

from __future__ import annotations

import json
import re

from grader.decks.attributes import write_attributes
from grader.decks.markdown import BULLET, parse
from grader.errors import DeckError
from grader.records import Card, Deck, Extras, Key, ReferenceItem
from grader.records.authoring import split_line
from grader.records.prompts import asked_count
from grader.records.syntax import escape, read_item

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
    if card.is_list:
        bullets = (f"{place}." if card.ordered else "-" for place in range(1, len(card.items) + 1))
        lines += [f"{bullet} {_write_item(item)}" for bullet, item in zip(bullets, card.items, strict=True)]
    else:
        lines += [_as_paragraph(_write_item(item)) for item in card.items]
    return "\n".join(lines) + "\n"


def _stated(card: Card) -> dict[str, str]:
    """The attributes of a card that are not what reading it would give anyway, and its id."""
    values = {"id": card.id}
    counted = asked_count(card.prompt, len(card.items))
    if card.need != min(counted or len(card.items), len(card.items)) or _would_split(card):
        values["need"] = str(card.need)
    if card.ordered:
        values["ordered"] = "true"
    if card.points is not None:
        values["points"] = f"{card.points:.15g}" if float(f"{card.points:.15g}") == card.points else repr(card.points)
    if card.key is not Key.EITHER:
        values["key"] = card.key.value
    if card.extras is not Extras.COUNT:
        values["extras"] = card.extras.value
    return values


def _would_split(card: Card) -> bool:
    """Whether a single item would be read as several, unless `need` says that it is one."""
    return len(card.items) == 1 and split_line(_markup(card.items[0]), asked_count(card.prompt)) is not None


def _write_item(item: ReferenceItem) -> str:
    return f"{_markup(item)} {write_attributes({'id': item.id})}"


def _markup(item: ReferenceItem) -> str:
    """Text with the backslashes that make it read as the wordings of the item."""
    plain = " | ".join(escape(wording.text) for wording in item.wordings)
    for markup in (item.markup, item.text, plain, escape(item.text)):
        if markup is not None and _reads_as(markup, item):
            return markup
    raise DeckError(f"the wordings of item '{item.id}' do not follow from its text; make it with Card.from_items")


def _reads_as(markup: str, item: ReferenceItem) -> bool:
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
