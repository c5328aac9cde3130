"""Denial: whether an answer denies what a reference asserts, or asserts what it denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from grader.judge.negation import Word, clause_of, cues_in, said_both_ways, stems_of, words_in_scope
from grader.judge.opposites import opposed

RECALL = 0.34  # share of the reference's content words that the answer must hold before a denial counts
PRECISION = 0.5  # share of the answer's content words that must be the reference's, unless most are denied
CLAUSE_PRECISION = 0.66  # share of the words of the clause with the denial that must be the reference's
LONG_REFERENCE = 20  # content words beyond which one denial does not decide what is said
LONGEST = 60  # content words of an answer beyond which its negations are left to others
FOCUS = 2  # content words after "but" in which a contrast says what is right

_Pair = tuple[Word, Word]  # a word of the reference, and the same in the answer
_SINGLE_LETTER = re.compile(r"(?<![\w'’])[b-hj-z](?![\w'’])")
_ONLY = re.compile(r"\b(?:only|needs?|needed|requires?|required|must)\b", re.IGNORECASE)


@lru_cache(maxsize=16384)
def negation_conflict(reference: str, answer: str) -> str | None:
    """The words that an answer denies and the reference asserts, or the other way about, as "not reach"; else None.

    The texts must share most of their words. Denials are compared one by one: one that is only put in other words
    ("not weak" for "strong", "impossible" for "cannot") is none, and a denial in one text that answers to nothing in
    the other leaves the matter open. Where each text denies what the other asserts, they contradict for certain.
    """
    wanted, said = words_in_scope(reference), words_in_scope(answer)
    if not wanted or not said or len(said) > LONGEST or len(wanted) > LONG_REFERENCE:
        return None
    if _other_things(reference, answer):
        return None
    by_stem = {word.stem: word for word in reversed(said)}
    pairs = [(word, by_stem[word.stem]) for word in wanted if word.stem in by_stem]
    shared = stems_of(word for word, _ in pairs)
    recall, precision = len(shared) / len(stems_of(wanted) or {""}), len(shared) / len(stems_of(said) or {""})
    turned = _turned(pairs, wanted, said, answer)
    one_way = len({other.negated for _, other in turned}) < 2
    if not turned or (one_way and recall < 1 and all(any(map(_without_verb, pair)) for pair in turned)):
        return None
    mostly = 2 * len(turned) >= len(pairs)
    word, other = next((pair for pair in turned if pair[1].negated), turned[0])
    if recall < RECALL or precision < (RECALL if mostly and other.negated else PRECISION):
        return None
    if not one_way:
        return _words(other, answer) if recall >= PRECISION else None
    clause = stems_of(clause_of(other, said))
    denial, held = (other, said) if other.negated else (word, wanted)
    scope = stems_of(near for near in held if near.cue_start == denial.cue_start)
    if len(clause & shared) < CLAUSE_PRECISION * len(clause) or 2 * len(shared & scope) < len(scope) + word.negated:
        return None  # most of what is denied is of something else
    if other.negated:
        doubtful = _spare(reference, answer) or _only_with(answer, reference)
        return None if doubtful else _words(other, answer)
    if _spare(answer, reference) or _only_with(reference, answer) or (recall < PRECISION and not mostly):
        return None
    return f"{answer[other.start : other.end]}, without {word.cue}"


def _turned(pairs: Sequence[_Pair], wanted: Sequence[Word], said: Sequence[Word], answer: str) -> list[_Pair]:
    """The pairs of which one is denied and the other asserted, without denials that agree or are in doubt."""
    unsure = said_both_ways(wanted) | said_both_ways(said)
    asserted = stems_of(word for word in wanted if not word.negated)
    agreed = [pair for pair in pairs if pair[0].negated and pair[1].negated]
    loose = {word.cue_start for word, _ in agreed}
    loose |= {
        word.cue_start for word in wanted if word.negated and (word.stem in unsure or _reworded(word, wanted, said))
    }
    said_loose = {other.cue_start for _, other in agreed}
    said_loose |= {
        word.cue_start
        for word in said
        if word.negated
        and (word.stem in unsure or _reworded(word, said, wanted) or _contrasts(word, said, answer, asserted))
    }
    return [
        (word, other)
        for word, other in pairs
        if word.negated != other.negated
        and not (word.veiled or other.veiled)
        and stems_of((word,))
        and (word.cue_start not in loose if word.negated else other.cue_start not in said_loose)
        and not (word.aside < other.aside if other.negated else other.aside < word.aside)
        and not (_without_verb(word) and any(near.negated for near in clause_of(other, said)))
        and not (_without_verb(other) and any(near.negated for near in clause_of(word, wanted)))
    ]


def _without_verb(word: Word) -> bool:
    """Whether a word is denied by a cue after it, whose verb is left out: "diamond does not"."""
    return word.end <= word.cue_start


def _words(word: Word, answer: str) -> str:
    return f"{word.cue} {answer[word.start : word.end]}"


def _reworded(word: Word, words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether the other text says a denial by an opposite word: "strong" for "not weak"."""
    held = {other.stem for other in others}
    return any(
        near.stem not in held and not other.negated and opposed(near.text, other.text) is not None
        for near in words
        if near.cue_start == word.cue_start
        for other in others
    )


def _contrasts(word: Word, words: Sequence[Word], text: str, asserted: frozenset[str]) -> bool:
    """Whether a denial only sets off what is right: "evaporation, not boiling", "not the lump but the fine sugar"."""
    last = max(near.end for near in words if near.cue_start == word.cue_start)
    if re.match(r"\W*(?:but|rather)\b", text[last:], re.IGNORECASE):
        focus = [near for near in words if near.start >= last][:FOCUS]
    elif re.search(r"[,;(–—-]\s*(?:and\s*|but\s*)?$", text[: word.cue_start]) and word.cue in ("not", "no"):
        focus = [near for near in words if near.end <= word.cue_start][-1:]
    else:
        return False
    return any(near.stem in asserted and not near.negated for near in focus)


def _spare(text: str, other: str) -> bool:
    """Whether a text holds a cue of negation that answers to none in the other."""
    denied = {word.stem for word in words_in_scope(other) if word.negated}
    answered = {word.cue_start for word in words_in_scope(text) if word.negated and word.stem in denied}
    return not cues_in(text) <= answered


def _only_with(denying: str, asserting: str) -> bool:
    """Whether a double denial of one text is a condition in the other: "only with light" for "not without light"."""
    return len(cues_in(denying)) > 1 and not cues_in(asserting) and bool(_ONLY.search(asserting))


def _other_things(reference: str, answer: str) -> bool:
    """Whether the answer speaks of something marked by a letter (bulb c) that the reference does not name."""
    named = set(_SINGLE_LETTER.findall(reference.lower()))
    return not set(_SINGLE_LETTER.findall(answer.lower())) <= named
