"""Grades what people type in their own words: offline, item by item, with reasons.

    from grader import Grader, load_deck

    deck = load_deck("content/alliances.md")
    grade = Grader().grade(deck["3-dangers-of-alliances"], "chain ganging, buck passing")
    grade.score, grade.verdict, grade.items[0].reason

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from grader._version import __version__

if TYPE_CHECKING:
    from grader.decks import load_deck, read_deck, write_deck
    from grader.encode import Encoder, OnnxEncoder, SentenceTransformerEncoder
    from grader.errors import AnswersError, DeckError, GraderError, ModelError, UsageError
    from grader.grader import Grader, Profile
    from grader.judge import CrossEncoderJudge, Judge
    from grader.records import (
        Card,
        Deck,
        Grade,
        Item,
        ItemGrade,
        Judgement,
        Pair,
        Reason,
        ReferenceItem,
        Span,
        Verdict,
    )

_HOMES = {
    "grader.decks": ("load_deck", "read_deck", "write_deck"),
    "grader.encode": ("Encoder", "OnnxEncoder", "SentenceTransformerEncoder"),
    "grader.errors": ("AnswersError", "DeckError", "GraderError", "ModelError", "UsageError"),
    "grader.grader": ("Grader", "Profile"),
    "grader.judge": ("CrossEncoderJudge", "Judge"),
    "grader.records": (
        "Card",
        "Deck",
        "Grade",
        "Item",
        "ItemGrade",
        "Judgement",
        "Pair",
        "Reason",
        "ReferenceItem",
        "Span",
        "Verdict",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AnswersError",
    "Card",
    "CrossEncoderJudge",
    "Deck",
    "DeckError",
    "Encoder",
    "Grade",
    "Grader",
    "GraderError",
    "Item",
    "ItemGrade",
    "Judge",
    "Judgement",
    "ModelError",
    "OnnxEncoder",
    "Pair",
    "Profile",
    "Reason",
    "ReferenceItem",
    "SentenceTransformerEncoder",
    "Span",
    "UsageError",
    "Verdict",
    "__version__",
    "load_deck",
    "read_deck",
    "write_deck",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    found: object = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
