"""Negation: which words of a text are said not to be so, by the scope of its cues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from grader.text import FUNCTION_WORDS, Token, stem, tokenise

REACH = 5  # content words that a cue reaches at most, within its clause
DEGREE_REACH = 3  # the same for "less" and its like


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text, folded, and whether the text denies it."""

    text: str
    stem: str
    negated: bool
    veiled: bool  # behind a word that takes back or diminishes: prevents rust, less rust; neither asserted nor denied
    aside: bool  # in a clause that tells of a reason, a condition or a contrast
    clause: int  # clauses are counted from 0
    start: int  # code points of the raw text, end exclusive
    end: int
    cue: str = ""  # the cue that denies it, and where that begins in the raw text
    cue_start: int = -1


_AUXILIARIES_TEXT = "is are was were be can could will would do does did has have had may must should"
_AUXILIARIES = frozenset(_AUXILIARIES_TEXT.split())
_CONTRACTING_TEXT = "do does did is are was were wo would could should has have had ai ca need must"
_CONTRACTED = frozenset(form + ending for form in _CONTRACTING_TEXT.split() for ending in ("nt", "n't"))
_VERBAL = _CONTRACTED | {"not", "never", "cannot"}
# Cues that deny what stands before them, where no content word follows: "diamond does not", "oxygen is absent".
_BACKWARD = _VERBAL | {
    "absent",
    "impossible",
    "untrue",
    "false",
    "incorrect",
    "unlikely",
    "lacking",
    "none",
    "deficiency",
    "deficient",
}
_NOMINAL = frozenset({"without", "except", "instead of", "rather than", "as opposed"})  # they end where a verb begins
_LASTING = frozenset({"no", "without", "neither", "nor", "except"})  # they reach beyond "and"
_CUES_TEXT = "no without except nor neither none nothing nobody nowhere hardly barely scarcely rarely seldom"
# Cues that are content words too: "it fails to melt" may itself be denied.
_WEAK_CUES_TEXT = (
    "lack lacks lacking lacked absence absent fail fails failed refuse refuses refused refusing deficiency deficient "
    "unable impossible untrue false incorrect unlikely"
)
_WEAK_CUES = frozenset(_WEAK_CUES_TEXT.split())
_TWO_WORDS = {("instead", "of"), ("rather", "than"), ("no", "longer"), ("as", "opposed")}
_CUES = _VERBAL | _WEAK_CUES | frozenset(_CUES_TEXT.split()) | {f"{one} {other}" for one, other in _TWO_WORDS}
_TAKES_BACK_TEXT = (
    "prevent stop avoid forbid ban prohibit block abolish eliminate remove drain inhibit hinder reduce cease destroy "
    "replace abolition elimination prevention removal reduction resist oppose"
)
_TAKES_BACK = frozenset(stem(word) for word in _TAKES_BACK_TEXT.split())
_DEGREE = frozenset({"less", "fewer", "least", "little", "few", "low"})
_WITHIN_A_CLAUSE = frozenset({"its", "only"})  # they end the reach of a cue, and no more
_PRONOUNS = frozenset({"it", "it's", "they", "they're", "he", "she", "we", "you", "i", "its", "theyre"})
_ASIDE_TEXT = "because cause bc coz cos since whereas while although though if unless when where which who whose ("
_ASIDE = frozenset(_ASIDE_TEXT.split())
_BOUNDARIES_TEXT = "but however so therefore until only instead then as thus and or"
_BOUNDARIES = _ASIDE | _PRONOUNS | frozenset(_BOUNDARIES_TEXT.split())
_MARKS = frozenset(".;:!?()>,=-/")
_RELATIVES = frozenset({"what", "that", "which", "who", "whom", "when", "where", "how", "why"})
# "not only", "not just", "no doubt", "not necessarily": these deny nothing of what follows.
_HARMLESS = frozenset(
    {
        "only",
        "just",
        "merely",
        "simply",
        "necessarily",
        "always",
        "doubt",
        "matter",
        "later",
        "sooner",
        "wonder",
        "sure",
        "know",
    }
)
# What follows a "no" that answers or is quoted, and is no determiner: "no, it melts", "may say no with his veto".
_NO_ALONE_TEXT = "with to for by in on at of the a an this that these those there"
_NO_ALONE = _MARKS | _BOUNDARIES | frozenset(_NO_ALONE_TEXT.split()) | {""}
_LIGHT_VERBS = frozenset({"get", "make", "be", "have"})  # function words that a cue can be about: "cannot get in"
_KEPT = frozenset({"more", "most", "up"})  # function words that have opposites
_PLACES = frozenset({"through", "between", "before", "after", "above", "below", "along", "around", "across", "down"})


@dataclass(slots=True)
class _Scope:
    """A cue that is in force, where it began, and the content words that it still reaches."""

    cue: str
    start: int
    left: int = REACH
    idle: bool = True  # nothing has been reached
    veils: bool = False


def words_in_scope(text: str) -> tuple[Word, ...]:
    """The content words of a text in order, each with whether an odd number of cues denies it.

    A cue reaches to the end of its clause, at most `REACH` content words: "and" and "or" end it unless the cue is
    "neither", "without" or "no" (no fire or smoke). "Not only X", "no doubt" and a "no" that answers the question deny
    nothing; "not by orders but by attraction" denies the orders alone; "diamond does not" denies the diamond.
    """
    return _read(text)[0]


def cues_in(text: str) -> frozenset[int]:
    """Where the cues of negation begin in the raw text, those included that reach no word."""
    return _read(text)[1]


@lru_cache(maxsize=16384)
def _read(text: str) -> tuple[tuple[Word, ...], frozenset[int]]:
    """The content words with what denies them, and the beginnings of the cues."""
    units = _units(text)
    made: list[Word] = []
    scopes: list[_Scope] = []
    cue_starts: set[int] = set()
    clause, first, aside = 0, 0, False
    for index, unit in enumerate(units):
        word, following = unit.text, [after.text for after in units[index + 1 : index + 3]]
        if word in _MARKS or word in _BOUNDARIES:
            _deny_before(made, first, scopes)
            first = len(made)
            if word not in _WITHIN_A_CLAUSE:
                clause += 1
                aside = (word in _ASIDE and bool(made)) or (aside and word in _PRONOUNS)
            before = units[index - 1].text if index else ""
            scopes = [scope for scope in scopes if _survives(scope, word, before)]
            continue
        if word in _AUXILIARIES or word in _VERBAL or word == "with":
            scopes = [scope for scope in scopes if scope.cue not in _NOMINAL or scope.idle]
        outer = list(scopes)
        if _opens_scope(word, following):
            scopes.append(_Scope(word, unit.start, DEGREE_REACH if word in _DEGREE else REACH, veils=word not in _CUES))
            scopes[-1].idle = not _LIGHT_VERBS & set(following[:1])
            cue_starts |= {unit.start} if word in _CUES else set()
        if _is_content(word):
            made.append(_under(outer, unit, clause, aside))
            scopes = [scope for scope in scopes if scope.left > 0]
    _deny_before(made, first, scopes)
    return tuple(made), frozenset(cue_starts)


def _units(text: str) -> list[Token]:
    """The tokens of a text, cues of two words and words with "non-" put together, hyphens within words left out."""
    tokens = [token for token in tokenise(text) if token.text != "-" or text[token.start - 1 : token.start].isspace()]
    made: list[Token] = []
    for token in tokens:
        last = made[-1].text if made else ""
        if (last, token.text) in _TWO_WORDS:
            made[-1] = Token(f"{last} {token.text}", made[-1].start, token.end)
        elif last == "non" and token.is_word:
            made[-1] = Token(last + token.text, made[-1].start, token.end)
        else:
            made.append(token)
    return made


def _under(scopes: Iterable[_Scope], unit: Token, clause: int, aside: bool) -> Word:
    """A content word under the scopes that reach it, which then reach one word less."""
    cues = [scope for scope in scopes if not scope.veils]
    negated = len(cues) % 2 == 1
    cue, cue_start = (cues[-1].cue, cues[-1].start) if negated else ("", -1)
    veiled = any(scope.veils for scope in scopes)
    for scope in scopes:
        scope.left -= 1
        scope.idle = False
    text = unit.text.removesuffix("'s")
    return Word(text, stem(text), negated, veiled, aside, clause, unit.start, unit.end, cue, cue_start)


def _opens_scope(word: str, following: list[str]) -> bool:
    """Whether a word begins to deny, take back or diminish what follows it."""
    after = [*following, "", ""]
    if word == "no" and after[0] in _NO_ALONE:
        return False
    if after[0] in _HARMLESS or (word == "no" and after[0] in ("more", "less") and after[1] == "than"):
        return False
    if word == "from":  # it keeps the oil from spreading
        return after[0].endswith("ing")
    return word in _CUES or word in _DEGREE or stem(word) in _TAKES_BACK


def _is_content(word: str) -> bool:
    if not word[0].isalnum() or (word in FUNCTION_WORDS and word not in _KEPT):
        return False
    return word not in _CUES or word in _WEAK_CUES


def _survives(scope: _Scope, mark: str, before: str) -> bool:
    """Whether a cue reaches beyond a mark, a joining word or a pronoun; `before`: the word before that."""
    if scope.idle and not scope.veils and (before == scope.cue or (mark in _PRONOUNS and before in _RELATIVES)):
        return mark not in _MARKS and mark not in ("and", "or", "but")  # "not when it is paid", "not what he said"
    if mark in (",", "/"):
        return scope.cue in ("neither", "nor")
    return mark == "or" or (mark == "and" and scope.cue in _LASTING)


def _deny_before(made: list[Word], first: int, scopes: Iterable[_Scope]) -> None:
    """At the end of a clause that opens with `made[first]`: a cue that has reached nothing denies what is before it."""
    for scope in scopes:
        if not scope.idle or not (scope.veils or scope.cue in _BACKWARD):
            continue
        for index, word in enumerate(made[first:], start=first):
            if word.start < scope.start and scope.veils and scope.cue.endswith(("ed", "s")):
                made[index] = replace(word, veiled=True)  # treatment has been stopped
            elif word.start < scope.start and not scope.veils and not word.negated:
                made[index] = replace(word, negated=True, cue=scope.cue, cue_start=scope.start)


def negated_words(text: str) -> tuple[str, ...]:
    """The content words, folded and in order, that a text says are not so; a double negation cancels."""
    return tuple(word.text for word in words_in_scope(text) if word.negated and not word.veiled)


def said_both_ways(words: Iterable[Word]) -> frozenset[str]:
    """Stems that a text says in two ways, as in "if it sticks; if it does not stick", or "the flow stops; it flows"."""
    ways = {(word.stem, word.negated, word.veiled) for word in words}
    counts = Counter(stem for stem, _, _ in ways)
    return frozenset(stem for stem, count in counts.items() if count > 1)


def stems_of(words: Iterable[Word]) -> frozenset[str]:
    """The stems of the words that say what a text is about, without those of place, order and degree."""
    return frozenset(word.stem for word in words if word.text not in _KEPT | _PLACES)


def clause_of(word: Word, words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a text in the clause of one of them."""
    return tuple(near for near in words if near.clause == word.clause)
