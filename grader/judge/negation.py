"""Negation: which words of a text are said not to be so, by the scope of its cues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from grader.text import FUNCTION_WORDS, tokenise

REACH = 5  # content words that a cue reaches at most, within its clause


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text, folded, and whether the text denies it."""

    text: str
    negated: bool
    clause: int  # clauses are counted from 0
    position: int  # among the tokens of the text
    start: int  # code points of the raw text, end exclusive
    end: int
    cue: str = ""  # the cue that denies it


_CUES_TEXT = (
    "not no never without nor neither none nothing nobody nowhere cannot cant dont doesnt didnt isnt arent wasnt "
    "werent wont wouldnt couldnt shouldnt hasnt havent hadnt aint can't don't doesn't didn't isn't aren't wasn't "
    "weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't ain't hardly barely scarcely rarely seldom "
    "lack lacks lacking lacked absence fail fails failed failing unable refuse refuses refused non avoid avoids "
    "avoided avoiding prevent prevents prevented preventing stop stops stopped stopping forbid forbids ban bans "
    "banned prohibit prohibits"
)
_CUES = frozenset(_CUES_TEXT.split())
_WEAK_CUES_TEXT = (
    "lack lacks lacking lacked absence fail fails failed failing refuse refuses refused avoid avoids avoided "
    "avoiding prevent prevents prevented preventing stop stops stopped stopping forbid forbids ban bans banned "
    "prohibit prohibits unable"
)
_WEAK_CUES = frozenset(_WEAK_CUES_TEXT.split())
_BOUNDARIES_TEXT = (
    "but because cause bc since whereas while although though however so therefore when where if unless until "
    "which who only except instead then as thus whose and or its it's they they're theyre he she we you i"
)
_BOUNDARIES = frozenset(_BOUNDARIES_TEXT.split())
_MARKS = frozenset(".;:!?()>,=-/")
_TWO_WORDS = {("instead", "of"), ("rather", "than"), ("no", "longer"), ("as", "opposed"), ("too", "little")}
# "not only", "not just", "no more than", "no doubt", "not necessarily": these deny nothing of what follows.
_HARMLESS = frozenset(
    {"only", "just", "merely", "simply", "necessarily", "always", "doubt", "matter", "less", "more", "later", "sooner"}
    | {"wonder", "sure"}
)
_NOTHING_LEFT = re.compile(r"^(?:no|nope|nah|not really)\s*[,.:;!-]", re.IGNORECASE)


@dataclass(slots=True)
class _Scope:
    """A cue that is in force, and the content words that it still reaches."""

    cue: str
    left: int = REACH


@lru_cache(maxsize=16384)
def words_in_scope(text: str) -> tuple[Word, ...]:
    """The content words of a text in order, each with whether an odd number of cues denies it.

    A cue reaches to the end of its clause, at most `REACH` content words: "and" and "or" end it unless the cue is
    "neither", "without" or "no" (no fire or smoke). "Not only X", "no doubt" and a "no" that answers the question deny
    nothing; "not by orders but by attraction" denies the orders alone.
    """
    tokens = [token for token in tokenise(text) if token.text != "-" or text[token.start - 1 : token.start].isspace()]
    opening = bool(_NOTHING_LEFT.match(text.strip()))
    made: list[Word] = []
    clause = 0
    scopes: list[_Scope] = []
    skipped = -1
    for index, token in enumerate(tokens):
        word, following = token.text, tokens[index + 1].text if index + 1 < len(tokens) else ""
        if index == skipped:
            continue
        if (word, following) in _TWO_WORDS:
            scopes.append(_Scope(f"{word} {following}"))
            skipped = index + 1
            continue
        if word in _MARKS or word in _BOUNDARIES:
            clause += 1
            scopes = [scope for scope in scopes if _survives(scope.cue, word)]
            continue
        outer = list(scopes)
        if word in _CUES and not (index == 0 and opening) and following not in _HARMLESS:
            scopes.append(_Scope(word))
        if not word[0].isalnum() or word in FUNCTION_WORDS or (word in _CUES and word not in _WEAK_CUES):
            continue
        cue = outer[-1].cue if outer else ""
        made.append(Word(word, len(outer) % 2 == 1, clause, index, token.start, token.end, cue))
        for scope in outer:
            scope.left -= 1
        scopes = [scope for scope in scopes if scope.left > 0]
    return tuple(made)


def _survives(cue: str, mark: str) -> bool:
    """Whether a cue reaches beyond a mark or a joining word."""
    if mark in (",", "/"):
        return cue in ("neither", "nor")
    return mark == "or" or (mark == "and" and cue in ("no", "without", "neither", "nor"))


def negated_words(text: str) -> tuple[str, ...]:
    """The content words, folded and in order, that a text says are not so; a double negation cancels."""
    return tuple(word.text for word in words_in_scope(text) if word.negated)


@lru_cache(maxsize=16384)
def has_cue(text: str) -> bool:
    """Whether the text holds any cue of negation, weak ones included."""
    return any(token.text in _CUES for token in tokenise(text)) or bool(
        re.search(r"instead of|rather than", text, re.I)
    )
