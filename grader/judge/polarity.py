"""Polarity: whether an answer says the opposite of a reference by a negation, an opposite word, or exchanged roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum
from functools import cache, lru_cache
from itertools import combinations

from grader.judge.negation import Word, has_cue, negated_words, words_in_scope
from grader.judge.word_forms import family, inflected, opposed_prefixes
from grader.judge.word_lists import word_lines
from grader.records import Reason
from grader.text import stem, tokenise

__all__ = ["antonym_conflict", "negated_words", "negation_conflict", "polarity_conflict", "swapped_roles"]

OPPOSITES = "antonyms.txt"
WINDOW = 2  # content words on either side of an opposite word in which the texts must share another
ANTONYM_PRECISION = 0.4  # share of the answer's other content words that must be the reference's
ANTONYM_RECALL = 0.2  # share of the reference's other content words that the answer must hold
ALONGSIDE_RECALL = 0.5  # the same, for opposites that often stand side by side
SAME_CLAUSE = 2  # words of the reference in the clause of the opposite word that make up for a long answer
SHORT = 2  # content words of a reference that is little but the word in question
NEGATION_RECALL = 0.34  # share of the reference's content words that the answer must hold before a denial counts
CLAUSE_PRECISION = 0.67  # share of the words of the clause with the denial that must be the reference's
LONG_REFERENCE = 20  # content words beyond which one denial does not decide what is said
NEGATION_PRECISION = 0.5  # share of the answer's content words that must be the reference's, unless most are denied
LEAST_PREDICATED = 4  # shared words between which predicates are looked for
MOST_WORDS = 0.7  # share of content words that two texts must have in common before their order is compared
LONGEST_TEXT = 2000  # characters of either text beyond which nothing is compared
LONGEST = 60  # content words of an answer beyond which its order and negations are left to others


@lru_cache(maxsize=16384)
def polarity_conflict(reference: str, answer: str) -> tuple[Reason, str] | None:
    """The reason and the learner's words by which an answer contradicts a reference, or None.

    Errs towards None: a false contradiction takes the credit of a right answer.
    """
    if max(len(reference), len(answer)) > LONGEST_TEXT:
        return None
    for reason, find in (
        (Reason.ANTONYM, antonym_conflict),
        (Reason.NEGATED, negation_conflict),
        (Reason.SWAPPED, swapped_roles),
    ):
        evidence = find(reference, answer)
        if evidence:
            return reason, evidence
    return None


@cache
def _alongside() -> frozenset[int]:
    """The groups that the list marks with "~"."""
    return frozenset(number for number, line in enumerate(word_lines(OPPOSITES)) if line.startswith("~"))


@cache
def _sides() -> dict[str, tuple[tuple[int, int, str], ...]]:
    """Family of a listed word -> the groups that hold it, its side there, and the word as listed."""
    made: dict[str, list[tuple[int, int, str]]] = {}
    for number, line in enumerate(word_lines(OPPOSITES)):
        for side, words in enumerate(line.removeprefix("~").split(" / ")):
            for word in words.split():
                for key in family(word):
                    made.setdefault(key, []).append((number, side, word))
    return {key: tuple(found) for key, found in made.items()}


@lru_cache(maxsize=65536)
def _groups(word: str) -> tuple[tuple[int, int], ...]:
    """The groups of opposites that a folded word or a form of it belongs to, with its side."""
    found = {
        (number, side)
        for key in family(word)
        for number, side, listed in _sides().get(key, ())
        if listed == word or inflected(listed, word)
    }
    return tuple(sorted(found))


class _Opposition(Enum):
    OUTRIGHT = 1
    ALONGSIDE = 2  # opposites that often stand side by side: question and answer, before and after


@lru_cache(maxsize=65536)
def _opposed(one: str, other: str) -> _Opposition | None:
    """How two words are opposites: listed so, or one is the other behind a negative or opposed prefix; else None."""
    mine, theirs = _groups(one), _groups(other)
    meeting = [number for number, side in mine for also, turned in theirs if number == also and side != turned]
    if meeting:
        return _Opposition.ALONGSIDE if all(number in _alongside() for number in meeting) else _Opposition.OUTRIGHT
    if min(len(one), len(other)) > 4 and opposed_prefixes(one, other):
        return _Opposition.ALONGSIDE
    return None


@lru_cache(maxsize=16384)
def antonym_conflict(reference: str, answer: str) -> str | None:
    """The opposite word that an answer puts in the place of a word of the reference, as "falls, not rises"; else None.

    None where either text holds both words (a contrast, or a matter of roles), where a negation turns the word back
    ("not weak" for "strong"), or where two words are turned about in one condition (the lower, the less).
    """
    wanted, said = words_in_scope(reference), words_in_scope(answer)
    if not wanted or not said or max(len(said), len(wanted)) > LONGEST:
        return None
    turned: list[tuple[Word, Word]] = []
    for word in wanted:
        for other in said:
            if word.negated != other.negated or word.text == other.text or not _opposed(word.text, other.text):
                continue
            if _holds_both(word, other, wanted) or _holds_both(other, word, said):
                continue
            alongside = _opposed(word.text, other.text) is _Opposition.ALONGSIDE
            if _in_place(word, other, wanted, said, alongside):
                turned.append((word, other))
    stems = {stem(word.text) for word, _ in turned}
    if not turned or (len(stems) % 2 == 0 and _CONDITION.search(reference + " " + answer)):
        return None
    word, other = turned[0]
    if _compared_the_other_way(reference, answer):
        return None
    return f"{answer[other.start : other.end]}, not {reference[word.start : word.end]}"


_CONDITION = re.compile(
    r"\b(?:if|when|as|the (?:more|less|higher|lower|greater|smaller)|than|while|with)\b", re.IGNORECASE
)


def _holds_both(word: Word, opposite: Word, words: tuple[Word, ...]) -> bool:
    """Whether a text that holds `word` also holds `opposite`, a form of it, or another word of its side."""
    groups = {group for group in _groups(opposite.text) if any(a == group[0] for a, _ in _groups(word.text))}
    for other in words:
        if other is word:
            continue
        if stem(other.text) == stem(opposite.text) or groups & set(_groups(other.text)):
            return True
    return False


def _in_place(word: Word, other: Word, wanted: tuple[Word, ...], said: tuple[Word, ...], alongside: bool) -> bool:
    """Whether the two words say something of the same: the texts are short, or share words, some of them right beside.

    `alongside`: opposites that often stand side by side in one true account, where more must be shared.
    """
    mine, theirs = _stems(wanted) - {stem(word.text)}, _stems(said) - {stem(other.text)}
    shared = mine & theirs
    if len(wanted) <= SHORT:
        return len(said) <= SHORT or (len(said) <= 2 * SHORT + 1 and (bool(shared) or not mine))
    recall, precision = len(shared) / len(mine or {""}), len(shared) / len(theirs or {""})
    beside = bool(_stems(_around(word, wanted)) & _stems(_around(other, said)))
    if beside and precision >= ANTONYM_PRECISION:
        return recall >= (ALONGSIDE_RECALL if alongside else ANTONYM_RECALL)
    within = _stems(tuple(near for near in said if near.clause == other.clause)) & mine
    return len(within) >= SAME_CLAUSE and recall >= ALONGSIDE_RECALL


def _stems(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(stem(word.text) for word in words)


def _around(word: Word, words: tuple[Word, ...]) -> tuple[Word, ...]:
    index = words.index(word)
    return words[max(0, index - WINDOW) : index] + words[index + 1 : index + 1 + WINDOW]


def _compared_the_other_way(reference: str, answer: str) -> bool:
    """Whether both compare with "than" and the things compared have changed sides: B is less than A."""
    mine, theirs = reference.lower().split(" than ", 1), answer.lower().split(" than ", 1)
    if len(mine) != 2 or len(theirs) != 2:
        return False
    before, after = ({stem(word.text) for word in words_in_scope(part)} for part in mine)
    other_before, other_after = ({stem(word.text) for word in words_in_scope(part)} for part in theirs)
    return bool((before - after) & (other_after - other_before)) and bool(
        (after - before) & (other_before - other_after)
    )


@lru_cache(maxsize=16384)
def negation_conflict(reference: str, answer: str) -> str | None:
    """The words that an answer denies and the reference asserts, or the other way about, as "not reach"; else None.

    Both texts must share most of the reference's words, and exactly one of them must deny what they share.
    """
    wanted, said = words_in_scope(reference), words_in_scope(answer)
    if not wanted or not said or len(said) > LONGEST or len(wanted) > LONG_REFERENCE:
        return None
    if _other_things(reference, answer) or _turned_twice(wanted, said):
        return None
    by_stem = {stem(word.text): word for word in reversed(said)}
    unsure = _said_both_ways(wanted) | _said_both_ways(said)
    pairs = [(word, by_stem[stem(word.text)]) for word in wanted if stem(word.text) in by_stem]
    turned = [pair for pair in pairs if pair[0].negated != pair[1].negated and stem(pair[0].text) not in unsure]
    shared = _stems(word for word, _ in pairs)
    recall, precision = len(shared) / len(_stems(wanted)), len(shared) / len(_stems(said))
    mostly = 2 * len(turned) >= len(pairs)
    if not turned or recall < NEGATION_RECALL or precision < (NEGATION_RECALL if mostly else NEGATION_PRECISION):
        return None
    word, other = next((pair for pair in turned if pair[1].negated), turned[0])
    clause = [near for near in said if near.clause == other.clause]
    if sum(stem(near.text) in shared for near in clause) < CLAUSE_PRECISION * len(clause):
        return None
    if other.negated:
        several = len({near.clause for near in said if near.negated}) > 1 and _CONDITION.search(answer)
        return None if has_cue(reference) or several else f"{other.cue} {answer[other.start : other.end]}"
    if has_cue(answer) or precision < NEGATION_PRECISION or (recall < NEGATION_PRECISION and not mostly):
        return None
    return f"{answer[other.start : other.end]}, without {word.cue}"


def _said_both_ways(words: tuple[Word, ...]) -> frozenset[str]:
    """Stems that a text both asserts and denies, as in "if it sticks; if it does not stick"."""
    return _stems(word for word in words if word.negated) & _stems(word for word in words if not word.negated)


_SINGLE_LETTER = re.compile(r"(?<![\w'’])[b-hj-z](?![\w'’])")


def _other_things(reference: str, answer: str) -> bool:
    """Whether the answer speaks of something marked by a letter (bulb c) that the reference does not name."""
    named = set(_SINGLE_LETTER.findall(reference.lower()))
    return not set(_SINGLE_LETTER.findall(answer.lower())) <= named


def _turned_twice(wanted: tuple[Word, ...], said: tuple[Word, ...]) -> bool:
    """Whether an opposite word turns the negation back: "not weak" for "strong"."""
    return any(_opposed(word.text, other.text) for word in wanted for other in said if word.text != other.text)


_RELATIONS_TEXT = "before after than to from into over under above below onto by through towards toward"
_RELATIONS = frozenset(_RELATIONS_TEXT.split())
_SYMMETRIC_TEXT = (
    "meet equal differ different trade match balance and or similar same join connect share compare between relate "
    "relationship link interact react combine mix collide touch marry agree ally contrast versus vs"
)
_SYMMETRIC = frozenset(stem(word) for word in _SYMMETRIC_TEXT.split())
_BE_TEXT = "is are was were be been being get gets got gotten"
_BE = frozenset(_BE_TEXT.split())


@lru_cache(maxsize=16384)
def swapped_roles(reference: str, answer: str) -> str | None:
    """The stretch of the answer in which two words have exchanged their places around a third; else None.

    "Poland invaded Germany" against "Germany invaded Poland", with the passive turned back ("Poland was invaded by
    Germany" says the same); or two subjects that have exchanged their predicates from clause to clause.
    """
    if has_cue(answer) != has_cue(reference):
        return None
    wanted, said = _sequence(reference), _sequence(answer)
    if not wanted or not said or len(said) > LONGEST:
        return None
    return _around_a_pivot(reference, answer, wanted, said) or _predicates_exchanged(reference, answer)


_Item = tuple[str, str, int, int]  # stem, folded word, raw start and end


@lru_cache(maxsize=16384)
def _sequence(text: str) -> tuple[_Item, ...]:
    """Content words and words of relation, in order."""
    places = {word.start for word in words_in_scope(text)}
    return tuple(
        (stem(token.text), token.text, token.start, token.end)
        for token in tokenise(text)
        if token.start in places or token.text in _RELATIONS
    )


def _once(items: tuple[_Item, ...]) -> dict[str, int]:
    """Place of each stem that occurs exactly once."""
    counts = Counter(item[0] for item in items)
    return {item[0]: index for index, item in enumerate(items) if counts[item[0]] == 1}


def _around_a_pivot(reference: str, answer: str, wanted: tuple[_Item, ...], said: tuple[_Item, ...]) -> str | None:
    mine, theirs = _once(wanted), _once(said)
    content = {item[0] for item in wanted if item[1] not in _RELATIONS}
    other_content = {item[0] for item in said if item[1] not in _RELATIONS}
    common = content & other_content
    if len(common) < 2 or len(common) < MOST_WORDS * max(len(content), len(other_content)):
        return None
    for place in range(1, len(wanted) - 1):
        pivot = wanted[place]
        if pivot[0] not in mine or pivot[0] not in theirs or pivot[0] in _SYMMETRIC or pivot[1] == "by":
            continue
        at = theirs[pivot[0]]
        before, after = _neighbour(wanted, place, -1), _neighbour(wanted, place, 1)
        other_before, other_after = _neighbour(said, at, -1), _neighbour(said, at, 1)
        if before == after or None in (other_before, other_after) or not {before, after} <= common:
            continue
        crossed = (before, after) == (other_after, other_before)
        straight = (before, after) == (other_before, other_after)
        if _joined_by_and(reference, wanted, place) or _joined_by_and(answer, said, at):
            continue
        voices = _passive(reference, wanted, place) != _passive(answer, said, at)
        if (crossed and not voices) or (straight and voices and pivot[1] not in _RELATIONS):
            return answer[said[at - 1][2] : said[at + 1][3]]
    return None


def _neighbour(items: tuple[_Item, ...], place: int, step: int) -> str | None:
    """The stem of the nearest content word on one side."""
    place += step
    while 0 <= place < len(items):
        if items[place][1] not in _RELATIONS:
            return items[place][0]
        place += step
    return None


def _joined_by_and(text: str, items: tuple[_Item, ...], place: int) -> bool:
    """Whether the words around a place stand in a list, where order means nothing."""
    left, right = items[place - 1], items[place + 1]
    gaps = text[left[3] : items[place][2]], text[items[place][3] : right[2]]
    return any(re.search(r"\b(?:and|or|vs)\b|[,;/&:.]", gap, re.IGNORECASE) for gap in gaps)


def _passive(text: str, items: tuple[_Item, ...], place: int) -> bool:
    """Whether the word at a place is a participle after a form of "be" and before "by"."""
    word = items[place]
    before = [token.text for token in tokenise(text[max(0, word[2] - 24) : word[2]])][-2:]
    return bool(_BE & set(before)) and bool(re.match(r"\W*by\b", text[word[3] :], re.IGNORECASE))


def _predicates_exchanged(reference: str, answer: str) -> str | None:
    """Two subjects whose predicates have changed places: strong gain autonomy, weak gain security."""
    mine, theirs = _clauses(reference), _clauses(answer)
    shared = sorted(set(mine) & set(theirs))
    if len(shared) < LEAST_PREDICATED or len(shared) < MOST_WORDS * len(mine):
        return None
    cells: dict[tuple[int, int], str] = {}  # clause in the reference, clause in the answer: a word that stands in both
    for word in reversed(shared):
        cells[mine[word][0], theirs[word][0]] = word
    for (clause, said), (clause_after, said_after) in combinations(sorted(cells), 2):
        crossing = (clause, said_after), (clause_after, said)
        if clause == clause_after or said == said_after or not all(cell in cells for cell in crossing):
            continue
        one, other = cells[clause, said], cells[clause_after, said_after]
        first, second = (cells[cell] for cell in crossing)
        turned = _opposed(mine[first][1].text, mine[second][1].text) or _opposed(mine[one][1].text, mine[other][1].text)
        if turned and _CONDITION.search(reference):
            continue  # as one rises the other falls: turned about twice, it says the same
        ends = theirs[one][1], theirs[second][1]
        return answer[min(word.start for word in ends) : max(word.end for word in ends)]
    return None


@lru_cache(maxsize=16384)
def _clauses(text: str) -> dict[str, tuple[int, Word]]:
    """Stem of each content word that occurs once -> its clause and the word."""
    words = words_in_scope(text)
    counts = Counter(stem(word.text) for word in words)
    return {stem(word.text): (word.clause, word) for word in words if counts[stem(word.text)] == 1}
