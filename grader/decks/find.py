"""A card found by what people type for it."""

from __future__ import annotations

from difflib import get_close_matches

from grader.errors import DeckError
from grader.records import Card, Deck

MOST_SHOWN = 5  # candidates in a message


def find_card(deck: Deck, name: str) -> Card:
    """The card with this id, number (from 1), prompt or start of a prompt, tried in this order.

    Raises:
        DeckError: where no card fits, or several do.
    """
    wanted = " ".join(name.split())
    if wanted in deck:
        return deck[wanted]
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(deck):
        return deck.cards[int(wanted[:9]) - 1]
    folded = wanted.casefold()
    whole = [card for card in deck if folded in (card.prompt.casefold(), card.id.casefold())]
    found = whole or [card for card in deck if folded and card.prompt.casefold().startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        raise DeckError(f"'{name}' begins {len(found)} prompts ({_ids(found)}); type more of it, or an id", deck.source)
    near = get_close_matches(folded, [card.prompt.casefold() for card in deck], n=MOST_SHOWN, cutoff=0.5)
    likely = [card for card in deck if card.prompt.casefold() in near]
    hint = f"near it: {_ids(likely)}" if likely else f"ids, numbers 1 to {len(deck)} or the start of a prompt will do"
    raise DeckError(f"the deck has no card '{name}'; {hint}", deck.source)


def _ids(cards: list[Card]) -> str:
    more = ", …" if len(cards) > MOST_SHOWN else ""
    return ", ".join(card.id for card in cards[:MOST_SHOWN]) + more
