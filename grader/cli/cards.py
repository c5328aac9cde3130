"""What DECK means on the command line, and how a shell completes the words."""

from __future__ import annotations

from pathlib import Path

import typer

from grader.decks import content_folder, deck_path, load_deck
from grader.errors import GraderError
from grader.records import Deck


def open_deck(name: str) -> Deck:
    """The deck at a path, or the shipped deck of this name.

    Raises:
        DeckError: there is none, or it cannot be used.
    """
    return load_deck(deck_path(name))


def complete_deck(incomplete: str) -> list[str]:
    """Names of shipped decks, and paths of folders and Markdown files, that begin so."""
    names = [path.stem for path in sorted(content_folder().glob("*.md"))]
    return [name for name in names if name.startswith(incomplete)] + complete_path(incomplete, (".md",))


def complete_path(incomplete: str, endings: tuple[str, ...]) -> list[str]:
    """Paths that begin so: folders, and files with one of the endings."""
    folder, slash, start = incomplete.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").iterdir())
    except OSError:
        return []
    fitting = [
        entry
        for entry in entries
        if entry.name.startswith(start) and (start.startswith(".") or not entry.name.startswith("."))
    ]
    return [
        f"{folder}{slash}{entry.name}" + ("/" if entry.is_dir() else "")
        for entry in fitting
        if entry.is_dir() or entry.suffix.lower() in endings
    ]


def complete_card(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of the cards of the deck named before, each with its prompt."""
    name = ctx.params.get("deck") or next(iter(ctx.args), None)  # in args where an option still lacks its value
    if not isinstance(name, str):
        return []
    try:
        deck = open_deck(name)
    except GraderError:
        return []
    return [(card.id, card.prompt) for card in deck.cards if card.id.startswith(incomplete)]


def complete_answers(incomplete: str) -> list[str]:
    """Paths of answer files that begin so."""
    return complete_path(incomplete, (".jsonl", ".ndjson", ".csv", ".tsv"))
