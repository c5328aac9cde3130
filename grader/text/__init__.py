"""What "the same text" means: folding, tokens and their places in the raw text, content words, stems."""

from grader.text.fold import MARKUP, clean, fold, fold_with_offsets
from grader.text.tokens import (
    FUNCTION_WORDS,
    Token,
    content_words,
    initials,
    says_nothing,
    stem,
    tokenise,
)

__all__ = [
    "FUNCTION_WORDS",
    "MARKUP",
    "Token",
    "clean",
    "content_words",
    "fold",
    "fold_with_offsets",
    "initials",
    "says_nothing",
    "stem",
    "tokenise",
]
