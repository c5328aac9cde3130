"""Polarity: whether an answer says the opposite of a reference by a negation, an opposite word, or exchanged roles."""

from __future__ import annotations

import re
from functools import lru_cache

from grader.judge.denial import negation_conflict
from grader.judge.negation import Word, clause_of, negated_words, said_both_ways, stems_of, words_in_scope
from grader.judge.opposites import Opposition, opposed, same_side
from grader.judge.roles import CONDITION, Comparison, compare_relations, swapped_roles
from grader.records import Reason
from grader.text import fold

__all__ = [
    "antonym_conflict",
    "negated_words",
    "negation_conflict",
    "opening_conflict",
    "polarity_conflict",
    "swapped_roles",
]

WINDOW = 2  # content words on either side of an opposite word in which the texts must share another
ANTONYM_PRECISION = 0.4  # share of the answer's other content words that must be the reference's
ANTONYM_RECALL = 0.2  # share of the reference's other content words that the answer must hold
ALONGSIDE_RECALL = 0.5  # the same, for opposites that often stand side by side
SAME_CLAUSE = 2  # words of the reference in the clause of the opposite word that make up for a long answer
SHORT = 2  # content words of a reference that is little but the word in question
LONGEST_TEXT = 2000  # characters of either text beyond which nothing is compared
LONGEST = 60  # content words of an answer beyond which opposites are left to others


@lru_cache(maxsize=16384)
def polarity_conflict(reference: str, answer: str) -> tuple[Reason, str] | None:
    """The reason and the learner's words by which an answer contradicts a reference, or None.

    Errs towards None: a false contradiction takes the credit of a right answer.
    """
    if max(len(reference), len(answer)) > LONGEST_TEXT or fold(reference) == fold(answer):
        return None
    for reason, find in (
        (Reason.NEGATED, opening_conflict),
        (Reason.ANTONYM, antonym_conflict),
        (Reason.NEGATED, negation_conflict),
        (Reason.SWAPPED, swapped_roles),
    ):
        evidence = find(reference, answer)
        if evidence:
            return reason, evidence
    return None


_BECAUSE = r"(?=\s*(?:$|[,.;:!–—-])|\s+(?:because|bc|cause|cos|coz|cuz|since|as|but|so|it|they|he|she|we|you|there)\b)"
_DOES = r"(?:it|they|he|she|we|you|one) (?:do|does|did|can|could|will|would|should)"
_IS = r"(?:it|they|he|she|we|you|one) (?:is|are|was|were|has|have|had)"
_STOP = r"(?=\s*(?:$|[,.;:!]))"  # "it is because" opens no answer to a question
_YES = re.compile(
    rf"\W*(?:(?:yes|yeah|yep|yup|yea|true|correct|of course|definitely|certainly|indeed)\b{_BECAUSE}|"
    rf"{_DOES}\b{_BECAUSE}|{_IS}\b{_STOP})",
    re.IGNORECASE,
)
_NO = re.compile(
    rf"\W*(?:(?:no|nope|nah|false|incorrect|wrong|not true|not really|of course not|definitely not)\b{_BECAUSE}|"
    rf"(?:{_DOES}(?: not|n['’]?t)|(?:it|they|he|she|we|you|one) (?:cannot|ca['’]?nt|wo['’]?nt))\b{_BECAUSE}|"
    rf"{_IS}(?: not|n['’]?t)\b{_STOP})",
    re.IGNORECASE,
)


def opening_conflict(reference: str, answer: str) -> str | None:
    """The opening of an answer that says yes where the reference opens with no, or the other way about; else None."""
    wanted, said = _opening(reference), _opening(answer)
    if wanted is None or said is None or wanted[0] == said[0]:
        return None
    return said[1]


def _opening(text: str) -> tuple[bool, str] | None:
    """Whether a text opens with yes or with no, and by which words; None where with neither."""
    for says_yes, pattern in ((False, _NO), (True, _YES)):
        found = pattern.match(text)
        if found:
            return says_yes, found.group().strip()
    return None


@lru_cache(maxsize=16384)
def antonym_conflict(reference: str, answer: str) -> str | None:
    """The opposite word that an answer puts in the place of a word of the reference, as "falls, not rises"; else None.

    None where either text has a place for both words (a contrast, or a matter of roles), where a negation turns the
    word back ("not weak" for "strong"), or where two words are turned about together (the lower, the less).
    """
    wanted, said = words_in_scope(reference), words_in_scope(answer)
    if not wanted or not said or max(len(said), len(wanted)) > LONGEST:
        return None
    if compare_relations(reference, answer) is Comparison.AGREES or _of_the_lesser(reference, said):
        return None
    unsure = said_both_ways(said) | said_both_ways(wanted)
    turned: list[tuple[Word, Word]] = []
    opposites: list[tuple[str, str]] = []
    for word in wanted:
        for other in said:
            if (word.negated, word.veiled) != (other.negated, other.veiled) or {word.stem, other.stem} & unsure:
                continue
            how = opposed(word.text, other.text) if word.text != other.text else None
            if how is None or _explained(word, other, wanted, said):
                continue
            opposites.append((word.stem, other.stem))
            if _in_place(word, other, wanted, said, how is Opposition.ALONGSIDE):
                turned.append((word, other))
    if not turned or _turned_together(turned, reference + " " + answer) or _both_ends(reference, opposites):
        return None
    word, other = turned[0]
    return f"{answer[other.start : other.end]}, not {reference[word.start : word.end]}"


def _of_the_lesser(reference: str, said: tuple[Word, ...]) -> bool:
    """Whether a reference compares with "than", and the answer speaks of the second thing: smooth ones have less."""
    before, than, after = reference.partition(" than ")
    mine, theirs = stems_of(words_in_scope(before)), stems_of(words_in_scope(after))
    if not than or len(mine) < 2 or not theirs:
        return False
    subject = words_in_scope(before)[0].stem
    return subject not in stems_of(said) and bool((theirs - mine) & stems_of(said))


def _turned_together(turned: list[tuple[Word, Word]], texts: str) -> bool:
    """Whether an even number of words is turned under a condition, which comes to the same: as one rises, one falls."""
    return len({word.stem for word, _ in turned}) % 2 == 0 and bool(CONDITION.search(texts))


_CORRELATED = re.compile(r"\bthe (?:\w{2,}er|more|less)\b.*\bthe (?:\w{2,}er|more|less)\b", re.IGNORECASE | re.DOTALL)


def _both_ends(reference: str, opposites: list[tuple[str, str]]) -> bool:
    """Whether "the nearer, the more" of the reference is told from its other end: far away there are less."""
    words, others = {word for word, _ in opposites}, {other for _, other in opposites}
    return min(len(words), len(others)) == 2 and bool(_CORRELATED.search(reference))


def _explained(word: Word, other: Word, wanted: tuple[Word, ...], said: tuple[Word, ...]) -> bool:
    """Whether the reference has a place for the opposite word, or the answer one for the right word.

    Both words may stand in both texts: then what stands beside them tells which of them was turned.
    """
    mine, theirs = _around(word, wanted), _around(other, said)
    again = [one.stem for one in wanted].count(other.stem)
    if again >= [one.stem for one in said].count(other.stem) and not (
        _sides_of(word, wanted)[1] & _sides_of(other, said)[1]
    ):
        return True  # it stands in the reference as often as in the answer, and here says it of something else
    doubles = [(one, theirs, wanted) for one in _doubles(other, word, wanted, said)]
    doubles += [(one, mine, said) for one in _doubles(word, other, said, wanted)]
    return any(
        not mine & theirs or not around or beside & around
        for one, beside, words in doubles
        for around in [_around(one, words)]
    )


def _doubles(word: Word, opposite: Word, words: tuple[Word, ...], others: tuple[Word, ...]) -> list[Word]:
    """Words of the text with the opposite that say the same as `word`, without those that both texts hold."""
    held = {one.stem for one in others if one is not word and one.stem != opposite.stem} - {word.stem}
    return [
        one
        for one in words
        if one is not opposite and one.stem not in held and (one.stem == word.stem or same_side(one.text, word.text))
    ]


def _in_place(word: Word, other: Word, wanted: tuple[Word, ...], said: tuple[Word, ...], alongside: bool) -> bool:
    """Whether the two words say something of the same: the texts are short, or share words, some of them right beside.

    `alongside`: opposites that often stand side by side in one true account, where more must be shared.
    """
    mine, theirs = stems_of(wanted) - {word.stem}, stems_of(said) - {other.stem}
    shared = mine & theirs
    if len(wanted) <= SHORT:
        one_clause = other.clause == said[0].clause == said[-1].clause
        return len(said) <= 2 * SHORT + 1 and (bool(shared) or (one_clause and (not mine or len(said) <= SHORT)))
    clause, said_clause = clause_of(word, wanted), clause_of(other, said)
    within = stems_of(said_clause) & mine
    if within and not within & stems_of(clause):
        return False  # the answer says it of what the reference speaks of elsewhere
    subject = clause[0].stem
    if subject != word.stem and subject in theirs and subject not in within:
        return False
    before, after = _sides_of(word, wanted)
    said_before, said_after = _sides_of(other, said)
    if (
        not stems_of((word,))
        and (before & said_after or after & said_before)
        and not (before & said_before or after & said_after)
    ):
        return False  # the dot above the water, the water below the dot
    recall, precision = len(shared) / len(mine or {""}), len(shared) / len(theirs or {""})
    if (before | after) & (said_before | said_after) and precision >= ANTONYM_PRECISION:
        return recall >= (ALONGSIDE_RECALL if alongside else ANTONYM_RECALL)
    return len(within) >= SAME_CLAUSE and recall >= ALONGSIDE_RECALL


def _sides_of(word: Word, words: tuple[Word, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of the nearest words before and after a word, in its clause, or in the text if it is a clause alone."""
    clause = clause_of(word, words)
    near = clause if len(clause) > 1 else words
    index = near.index(word)
    return stems_of(near[max(0, index - WINDOW) : index]), stems_of(near[index + 1 : index + 1 + WINDOW])


def _around(word: Word, words: tuple[Word, ...]) -> frozenset[str]:
    before, after = _sides_of(word, words)
    return before | after
