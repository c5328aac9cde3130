"""Decks: read, written, imported, checked and looked up."""

from grader.decks.check import Finding, Severity, check_deck, check_text
from grader.decks.describe import describe_card
from grader.decks.files import content_folder, deck_path, load_deck, read_deck, read_text
from grader.decks.find import find_card
from grader.decks.raw import Guess, Imported, import_raw, render_guesses
from grader.decks.write import write_deck

__all__ = [
    "Finding",
    "Guess",
    "Imported",
    "Severity",
    "check_deck",
    "check_text",
    "content_folder",
    "deck_path",
    "describe_card",
    "find_card",
    "import_raw",
    "load_deck",
    "read_deck",
    "read_text",
    "render_guesses",
    "write_deck",
]
