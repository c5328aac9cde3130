"""Decks: read, written, imported, checked and looked up."""

from grader.decks.files import deck_path, load_deck, read_deck
from grader.decks.write import write_deck

__all__ = ["deck_path", "load_deck", "read_deck", "write_deck"]
