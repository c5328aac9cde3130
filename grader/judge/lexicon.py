"""The lexicon: which strings are words, and whether one word is another misspelt, inflected, or only looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from grader.judge.word_forms import inflected, opposed_prefixes, sound, spelling_key
from grader.judge.word_lists import word_levels
from grader.text import FUNCTION_WORDS, fold

RARE = 24  # level of the word list (see `rank`) from which a string is hardly ever meant
MUCH_RARER = 9  # levels between two words, a factor of 63, from which the rare one is taken for a slip of the other
NOT_MUCH_RARER = 6  # levels that another word may be rarer than the reference and still be what was meant
EVERYDAY = 14  # level of the word list below which a word is too common to be mistaken for a likeness
LOOKS_ALIKE = 6  # letters from which two words within an edit or two look alike, and do not merely share letters
FIRST_LETTER = 5  # letters above which even the first may be missing or wrong
SHORT_SOUND = 4  # sounds up to which words must sound the same, not merely alike
LONGEST = 40  # letters; longer strings are compared for equality alone

# Edits that a misspelling may hold, by the letters of the longer word: (up to letters, edits).
_ALLOWED_EDITS = ((3, 0), (5, 1), (9, 2), (LONGEST, 3))


class Spelling(StrEnum):
    """What a learner's word is to a word of the reference, best first."""

    SAME = "same"
    INFLECTED = "inflected"  # another form of the word, or its British or American spelling
    TYPO = "typo"
    NEAR_MISS = "near_miss"  # another word that only looks alike
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class WordMatch:
    """The learner's words that come nearest to a word of the reference: `start` to `end` of the answer, exclusive."""

    reference: str
    spelling: Spelling
    start: int = 0
    end: int = 0


def is_word(word: str) -> bool:
    """Whether a folded string is in the word list, or a regular form of such a word."""
    return rank(word) is not None


@lru_cache(maxsize=65536)
def rank(word: str) -> int | None:
    """How rare a folded word is, 0 (the most frequent) to about 35; each level is rarer by a factor of 1.6.

    A regular plural or a possessive counts as its singular; None where the string is no known word.
    """
    levels = word_levels()
    for form in (word, word.removesuffix("'s"), word[:-1] if word.endswith("s") and len(word) > 4 else word):
        if form in levels:
            return levels[form]
    key = spelling_key(word)
    return levels.get(key) if key != word else None


@lru_cache(maxsize=65536)
def spelling(reference_word: str, answer_word: str, known: frozenset[str] = frozenset()) -> Spelling:
    """What `answer_word` is to `reference_word`, both folded; `known` holds words of the card, which are no typos.

    A string that is a word (of English or of the card) is no misspelling of another. The exception is a string so rare
    beside the reference's word (`MUCH_RARER`, one edit) that a learner hardly meant it ("wether" for "whether"), or one
    that sounds the same ("week" for "weak"). A reference's own misspelling is met by the word it stands for. Words
    with opposed prefixes (hyper/hypo, intra/inter, endo/exo, un-, non-) are near misses however they are spelt.

    Distances are optimal string alignment distances (Damerau 1964; Wagner and Fischer 1974), over letters and over a
    rough sound of the word, whichever is less.
    """
    one, other = _joined(reference_word), _joined(answer_word)
    if one == other:
        return Spelling.SAME
    if not one or not other or len(one) > LONGEST or len(other) > LONGEST or not _spelt(one) or not _spelt(other):
        return Spelling.DIFFERENT
    if opposed_prefixes(one, other):
        return Spelling.NEAR_MISS
    edits = _edits(one, other)
    if inflected(one, other):
        suffixed = one.startswith(other) or other.startswith(one)
        if spelling_key(one) == spelling_key(other):
            return Spelling.INFLECTED
        misspelt = edits is not None and edits <= 1 and not suffixed and rank(other) is None and other not in known
        return Spelling.TYPO if misspelt and rank(one) is not None else Spelling.INFLECTED
    if edits is None:
        return Spelling.DIFFERENT
    if other in known or answer_word in known:
        return Spelling.NEAR_MISS if _looks_alike(one, other, edits) else Spelling.DIFFERENT
    if _USUAL_SLIPS.get(other) == one:
        return Spelling.TYPO
    rarity = rank(other)
    if rarity is not None:
        return _real_word(one, other, edits, rarity)
    return Spelling.NEAR_MISS if _nearer_word(one, other, edits, known) else Spelling.TYPO


def _real_word(one: str, other: str, edits: float, rarity: int) -> Spelling:
    """What a learner's word that exists is to another word within a few edits of it."""
    usual = rank(one)
    if len(one) > 3 and sound(one) == sound(other):
        return Spelling.TYPO  # week for weak: who writes it means the other
    if usual is None:
        return Spelling.TYPO if edits <= 1 and len(one) >= LOOKS_ALIKE else Spelling.DIFFERENT
    if len(one) > 3 and edits <= 1 and rarity >= RARE and rarity - usual >= MUCH_RARER:
        return Spelling.TYPO
    return Spelling.NEAR_MISS if _looks_alike(one, other, edits) else Spelling.DIFFERENT


def _looks_alike(one: str, other: str, edits: float) -> bool:
    """Whether two words are confused for their looks: an edit apart, or two where they are long and uncommon."""
    shorter = min(len(one), len(other))
    if edits <= 1:
        return shorter >= LOOKS_ALIKE
    usual = rank(one)
    return shorter > LOOKS_ALIKE and (usual is None or usual >= EVERYDAY)


def align_words(
    reference_words: Sequence[str], answer_words: Sequence[str], known: frozenset[str] = frozenset()
) -> tuple[WordMatch, ...]:
    """For each word of the reference the word, or two words, of the answer that come nearest; each is used once.

    Words that are joined or split differently meet too: "chain ganging", "chain-ganging" and "chainganging" are one.
    """
    order = list(Spelling)
    candidates: list[tuple[int, int, int, int, int]] = []  # rank, reference start and end, answer start and end
    for i, word in enumerate(reference_words):
        for j, said in enumerate(answer_words):
            candidates.append((order.index(spelling(word, said, known)), i, i + 1, j, j + 1))
            if j + 1 < len(answer_words):
                joined = spelling(word, said + answer_words[j + 1], known)
                candidates.append((order.index(joined), i, i + 1, j, j + 2))
            if i + 1 < len(reference_words):
                joined = spelling(word + reference_words[i + 1], said, known)
                candidates.append((order.index(joined), i, i + 2, j, j + 1))
    found = [WordMatch(word, Spelling.DIFFERENT) for word in reference_words]
    taken: set[int] = set()
    filled: set[int] = set()
    for place, start, end, said_start, said_end in sorted(candidates, key=lambda c: (c[0], abs(c[1] - c[3]), c[1:])):
        kind = order[place]
        several = end - start > 1 or said_end - said_start > 1
        if kind is Spelling.DIFFERENT or (several and kind is Spelling.NEAR_MISS):
            continue
        if filled.isdisjoint(range(start, end)) and taken.isdisjoint(range(said_start, said_end)):
            filled.update(range(start, end))
            taken.update(range(said_start, said_end))
            for index in range(start, end):
                found[index] = WordMatch(reference_words[index], kind, said_start, said_end)
    return tuple(found)


_USUAL_SLIPS = {"calender": "calendar", "wether": "whether", "costumer": "customer", "costumers": "customers",
                "rouge": "rogue", "manger": "manager", "singed": "signed"}  # fmt: skip
_NUMBER_NAMES = {"1": "1", "i": "1", "one": "1", "first": "1", "2": "2", "ii": "2", "two": "2", "second": "2"}
_SMALL_WORDS_TEXT = "of the and for in on to a an de"
_SMALL_WORDS = frozenset(_SMALL_WORDS_TEXT.split())
_ABBREVIATIONS = {
    "us": ("united states", "united states of america", "america"),
    "usa": ("united states of america", "united states", "america"),
    "uk": ("united kingdom", "great britain", "britain"),
    "ussr": ("soviet union", "union of soviet socialist republics"),
    "gb": ("great britain",), "prc": ("china", "peoples republic of china"), "gdr": ("east germany",),
    "frg": ("west germany",), "uae": ("united arab emirates",), "nato": ("north atlantic treaty organisation",),
    "bp": ("blood pressure",), "govt": ("government",), "co2": ("carbon dioxide",), "h2o": ("water",),
    "o2": ("oxygen",),
    "tv": ("television",), "ms": ("multiple sclerosis",), "approx": ("approximately",),
    "temp": ("temperature",), "info": ("information",), "dept": ("department",),
    "ad": ("advertisement", "aggregate demand"),
}  # fmt: skip


def is_initialism(short: str, long_words: Sequence[str]) -> bool:
    """Whether a string abbreviates the words: their initials (BoP, ATP, NGOs), or a usual short form (US, WW1).

    Small words may be left out of the initials, and a long compound may give a letter from its middle
    (adenosine triphosphate: ATP). A single letter, or a string that is a function word, is none.
    """
    letters = _joined(fold(short)).replace(".", "")
    words = [_joined(fold(word)) for word in long_words]
    words = [word for word in words if word]
    if len(letters) < 2 or len(words) == 0:
        return False
    phrase = " ".join(words)
    if any(spelling_key(phrase) == spelling_key(long) for long in _ABBREVIATIONS.get(letters, ())):
        return True
    if len(words) < 2 or (letters in FUNCTION_WORDS and len(letters) < 3) or len(letters) > 8:
        return False
    if letters.startswith("ww") and _NUMBER_NAMES.get(letters[2:]) and {"world", "war"} <= set(words):
        rest = [word for word in words if word not in ("the", "world", "war")]
        return [_NUMBER_NAMES.get(word) for word in rest] == [_NUMBER_NAMES[letters[2:]]]
    content = [word for word in words if word not in _SMALL_WORDS] or words
    for form in dict.fromkeys((letters, letters.removesuffix("s"))):
        if len(form) >= 2 and any(form == "".join(word[0] for word in chosen) for chosen in (words, content)):
            return True
    return 3 <= len(letters) <= len(content) + 2 and not is_word(letters) and _spells(letters, content)


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters run through the words in order, each word giving its first letter and perhaps one more."""
    if not words:
        return not letters
    if not letters or letters[0] != words[0][0]:
        return False
    if _spells(letters[1:], words[1:]):
        return True
    return len(letters) > 1 and letters[1] in words[0][3:] and _spells(letters[2:], words[1:])


def _joined(word: str) -> str:
    return word.replace("-", "").replace("'", "").replace(" ", "")


def _spelt(word: str) -> bool:
    return word.isalpha()


def _edits(one: str, other: str) -> float | None:
    """Edits between two words, by letters or by sound, where they are few enough for a misspelling; else None."""
    from rapidfuzz.distance import OSA

    longer = max(len(one), len(other))
    allowed = next(edits for letters, edits in _ALLOWED_EDITS if longer <= letters)
    if allowed == 0 or abs(len(one) - len(other)) > allowed + 1:
        return None
    heard, also_heard = sound(one), sound(other)
    same_start = one[0] == other[0] or heard[:1] == also_heard[:1]
    if not same_start and longer <= FIRST_LETTER:
        return None
    least = float(OSA.distance(one, other, score_cutoff=allowed + 1))
    if not same_start:
        return least if least <= 1 else None
    if min(len(heard), len(also_heard)) > SHORT_SOUND or heard == also_heard:
        least = min(least, OSA.distance(heard, also_heard, score_cutoff=allowed) + 0.5)
    return least if least <= allowed else None


def _nearer_word(reference: str, written: str, edits: float, known: frozenset[str]) -> bool:
    """Whether a string that is no word is clearly nearer to another word of the card or the list than to this one."""
    for word in known:
        nearer = (
            _edits(word, written) if word.isalpha() and word != reference and not inflected(reference, word) else None
        )
        if nearer is not None and nearer < edits:
            return True
    if edits < 2:
        return False
    usual = rank(reference)
    limit = (usual if usual is not None else RARE) + NOT_MUCH_RARER
    levels = word_levels()
    return any(
        levels.get(form, limit + 1) <= limit and form != reference and not inflected(reference, form)
        for form in _one_edit_away(written)
    )


@lru_cache(maxsize=4096)
def _one_edit_away(word: str) -> frozenset[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    made = {left + right[1:] for left, right in cuts if right}
    made |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    made |= {left + letter + right[1:] for left, right in cuts if right for letter in alphabet}
    made |= {left + letter + right for left, right in cuts for letter in alphabet}
    return frozenset(made)
