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


_CUES = frozenset(
    """not no never without nor neither none nothing nobody nowhere cannot cant dont doesnt didnt isnt arent wasnt werent
    wont wouldnt couldnt shouldnt hasnt havent hadnt aint can't don't doesn't didn't isn't aren't wasn't weren't won't
    wouldn't couldn't shouldn't hasn't haven't hadn't ain't hardly barely scarcely rarely seldom lack lacks lacking lacked
    absence fail fails failed failing unable refuse refuses refused non avoid avoids avoided avoiding prevent prevents
    prevented preventing stop stops stopped stopping forbid forbids ban bans banned prohibit prohibits""".split()
)
_WEAK_CUES = frozenset(  # verbs of preventing and lacking: also content words, and often what a reference is about
    """lack lacks lacking lacked absence fail fails failed failing refuse refuses refused avoid avoids avoided avoiding
    prevent prevents prevented preventing stop stops stopped stopping forbid forbids ban bans banned prohibit
    prohibits unable""".split()
)
_BOUNDARIES = frozenset(
    """but because cause bc since whereas while although though however so therefore when where if unless until which who
    only except instead then as thus whose and or its it's they they're theyre he she we you i""".split()
)
_MARKS = frozenset(". ; : ! ? ( ) > , =".split())
_TWO_WORDS = {("instead", "of"), ("rather", "than"), ("no", "longer"), ("as", "opposed"), ("too", "little")}
# "not only", "not just", "no more than", "no doubt", "not necessarily": these deny nothing of what follows.
_HARMLESS = frozenset(
    "only just merely simply necessarily always doubt matter less more later sooner wonder sure".split()
)
_NOTHING_LEFT = re.compile(r"^(?:no|nope|nah|not really)\s*[,.:;!-]", re.IGNORECASE)


@lru_cache(maxsize=16384)
def words_in_scope(text: str) -> tuple[Word, ...]:
    """The content words of a text in order, each with whether an odd number of cues denies it.

    A cue reaches to the end of its clause, at most `REACH` content words: "and" and "or" end it unless the cue is
    "neither", "without" or "no" (no fire or smoke). "Not only X", "no doubt" and a "no" that answers the question deny
    nothing; "not by orders but by attraction" denies the orders alone.
    """
    tokens = tokenise(text)
    opening = _NOTHING_LEFT.match(text.strip())
    made: list[Word] = []
    clause = 0
    scopes: list[list[object]] = []  # cue and content words left to it
    skip = 0
    for index, token in enumerate(tokens):
        word = token.text
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if skip:
            skip -= 1
            continue
        if word in _MARKS or word in ("-", "/"):
            if word != "-" or text[token.start - 1 : token.start].isspace():
                listing = word in (",", "/")
                clause += 1
                scopes = [scope for scope in scopes if listing and scope[0] in ("neither", "nor")]
            continue
        if (word, following) in _TWO_WORDS:
            scopes.append([f"{word} {following}", REACH])
            skip = 1
            continue
        if word in _CUES:
            if index == 0 and opening and word in ("no", "not"):
                continue
            if following not in _HARMLESS:
                scopes.append([word, REACH])
            if word not in _WEAK_CUES:
                continue
            made.append(Word(word, _odd(scopes[:-1]), clause, index, token.start, token.end, _last_cue(scopes[:-1])))
            continue
        if word in _BOUNDARIES:
            kept = word in ("and", "or")
            scopes = [s for s in scopes if kept and (s[0] in ("no", "without", "neither", "nor") or word == "or")]
            clause += 1
            continue
        if not word[0].isalnum() or word in FUNCTION_WORDS:
            continue
        made.append(Word(word, _odd(scopes), clause, index, token.start, token.end, _last_cue(scopes)))
        for scope in scopes:
            scope[1] = int(str(scope[1])) - 1
        scopes = [scope for scope in scopes if int(str(scope[1])) > 0]
    return tuple(made)


def negated_words(text: str) -> tuple[str, ...]:
    """The content words, folded and in order, that a text says are not so; a double negation cancels."""
    return tuple(word.text for word in words_in_scope(text) if word.negated)


def has_cue(text: str) -> bool:
    """Whether the text holds any cue of negation, weak ones included."""
    return any(token.text in _CUES for token in tokenise(text)) or bool(
        re.search(r"instead of|rather than", text, re.I)
    )


def _odd(scopes: list[list[object]]) -> bool:
    return len(scopes) % 2 == 1


def _last_cue(scopes: list[list[object]]) -> str:
    return str(scopes[-1][0]) if scopes else ""
