"""Roles: whether two things have exchanged their places in what is said of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations

from grader.judge.negation import Word, cues_in, words_in_scope
from grader.judge.opposites import opposed, same_side
from grader.text import FUNCTION_WORDS, Token, stem, tokenise

MOST_WORDS = 0.7  # share of content words that two texts must have in common before their order is compared
HALF = 0.5  # share of the words on a side of a relation that must be found on the other side
LONGEST = 60  # content words of a text beyond which order is left to others
LONGEST_BLOCK = 5  # words that change places together
LEAST_PREDICATED = 4  # shared words between which predicates are looked for

CONDITION = re.compile(r"\b(?:if|when|as|the (?:more|less|higher|lower|greater|smaller)|than|with)\b", re.IGNORECASE)
_RELATIONS_TEXT = "before after than to from into over under above below onto by through towards toward > <"
_RELATIONS = frozenset(_RELATIONS_TEXT.split())
_PREPOSITION = re.compile(r"\b(?:for|over|on|at|from|to|into)\b")
_SYMMETRIC_TEXT = (
    "meet equal differ different trade match balance similar same join connect share compare between relate "
    "relationship link interact react combine mix collide touch marry agree ally contrast versus vs close closer near "
    "nearer far further farther next adjacent parallel perpendicular"
)
_SYMMETRIC = frozenset(stem(word) for word in _SYMMETRIC_TEXT.split())
_BE_TEXT = "is are was were be been being get gets got gotten"
_BE = frozenset(_BE_TEXT.split())


class Comparison(Enum):
    """How two texts that state one relation meet."""

    AGREES = 1  # both the relation and its sides are turned about: B is less than A
    CONTRADICTS = 2


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation of a text: its kind, whether the first side is the greater, earlier or causing one, and the sides."""

    kind: str
    forward: bool
    first: frozenset[str]
    second: frozenset[str]
    word: str = ""  # of a comparison: larger


_BE_FORMS = "|".join(_BE_TEXT.split())
_PHRASES = tuple(
    (kind, forward, re.compile(pattern, re.IGNORECASE))
    for kind, forward, pattern in (
        (
            "cause",
            False,
            rf"\b(?:{_BE_FORMS})\s+(?:\w+ly\s+)?(?:caused|produced|triggered|created|brought about)\s+by\b",
        ),
        ("cause", False, r"\b(?:due to|because of|(?:result|come|came|arise|stem)(?:s|ed)? from)\b"),
        ("cause", True, r"\b(?:causes?|caused|triggers?|creates?|brings? about|brought about)\b(?!\s+by\b)"),
        ("cause", True, r"\b(?:leads? to|led to|result(?:s|ed)? in|gives? rise to)\b"),
        ("time", True, r"\b(?:before|precedes?|preceded)\b(?!\s+by\b)"),
        ("time", False, r"\b(?:after|follows?)\b"),
        ("size", True, r"\s>\s"),
        ("size", False, r"\s<\s"),
        ("size", True, r"\b(?P<word>\w+er|more|less)\b(?:\s+\w+){0,3}?\s+than\b"),
    )
)
_APART = re.compile(r"[,;:.()]|\b(?:and|but|so|while|whereas)\b", re.IGNORECASE)


def compare_relations(reference: str, answer: str) -> Comparison | None:
    """How the causes, orders and comparisons that two texts state meet: "A causes B" contradicts "A is due to B".

    None where they state none, or the same, or not one of the same two things.
    """
    one, other = _relation(reference), _relation(answer)
    if one is None or other is None or one.kind != other.kind:
        return None
    turned = one.forward != other.forward
    if one.word and other.word and stem(one.word) != stem(other.word) and not same_side(one.word, other.word):
        if not opposed(one.word, other.word):
            return None
        turned = not turned
    straight = _covered(one.first, other.first) and _covered(one.second, other.second)
    crossed = _covered(one.first, other.second) and _covered(one.second, other.first)
    if straight == crossed or (straight and not turned):
        return None
    return Comparison.AGREES if crossed and turned else Comparison.CONTRADICTS


def _covered(side: frozenset[str], other: frozenset[str]) -> bool:
    return len(side & other) >= HALF * min(len(side), len(other)) > 0


@lru_cache(maxsize=16384)
def _relation(text: str) -> _Relation | None:
    """The one relation that a text states between what is before and what is after a phrase; None for none or two."""
    found = [(kind, forward, match) for kind, forward, phrase in _PHRASES for match in phrase.finditer(text)]
    if len(found) != 1:
        return None
    kind, forward, match = found[0]
    before, after = _names(_APART.split(text[: match.start()])[-1]), _names(_APART.split(text[match.end() :])[0])
    word = (match.groupdict().get("word") or "").lower()
    return _Relation(kind, forward, before - after, after - before, word) if before - after and after - before else None


def _names(text: str) -> frozenset[str]:
    """Stems of the content words of a text, and its single letters where they are names (A, B)."""
    letters = re.findall(r"(?<![\w'’])[A-Z](?![\w'’])", text)
    return frozenset(word.stem for word in words_in_scope(text)) | frozenset(letters)


@lru_cache(maxsize=16384)
def swapped_roles(reference: str, answer: str) -> str | None:
    """The stretch of the answer in which two things have exchanged their places; else None.

    "Poland invaded Germany" against "Germany invaded Poland", with the passive turned back ("Poland was invaded by
    Germany" says the same); a cause for its effect, the smaller for the larger; or two subjects that have exchanged
    their predicates from clause to clause.
    """
    if len(cues_in(answer)) % 2 != len(cues_in(reference)) % 2:
        return None
    wanted, said = _sequence(reference), _sequence(answer)
    if not wanted or not said or max(len(said), len(wanted)) > LONGEST:
        return None
    compared = compare_relations(reference, answer)
    if compared is Comparison.AGREES:
        return None
    common = _content(wanted) & _content(said)
    if compared is Comparison.CONTRADICTS and len(common) >= HALF * len(_content(wanted)):
        return answer[said[0].start : said[-1].end]
    if len(common) < 2:
        return None
    return _exchanged(reference, answer, wanted, said) or _predicates_exchanged(reference, answer)


@dataclass(frozen=True, slots=True)
class _Item:
    """A content word or a word of relation, in its order."""

    stem: str
    text: str
    start: int
    end: int
    clause: int  # -1 for a word of relation

    @property
    def relates(self) -> bool:
        return self.clause < 0


@lru_cache(maxsize=16384)
def _sequence(text: str) -> tuple[_Item, ...]:
    """Content words, names of one letter and words of relation, in order."""
    words = {word.start: word for word in words_in_scope(text) if word.text not in FUNCTION_WORDS}
    tokens = tokenise(text)
    made: list[_Item] = []
    clause = 0
    for index, token in enumerate(tokens):
        word = words.get(token.start)
        clause = word.clause if word else clause
        if token.text in _RELATIONS:
            made.append(_Item(token.text, token.text, token.start, token.end, -1))
        elif word or _is_name(text, tokens, index):
            made.append(_Item(word.stem if word else token.text, token.text, token.start, token.end, clause))
    return tuple(made)


_OTHER_NAME = re.compile(r"(?<![\w'’])[B-HJ-Z](?![\w'’])")


def _is_name(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether "A" is a name, as in "A is larger than B", and no article."""
    token = tokens[index]
    following = tokens[index + 1].text if index + 1 < len(tokens) else "."
    if token.text != "a" or text[token.start] != "A":
        return False
    return following in _BE or not following[0].isalnum() or bool(_OTHER_NAME.search(text))


def _content(items: Sequence[_Item]) -> frozenset[str]:
    return frozenset(item.stem for item in items if not item.relates)


def _exchanged(reference: str, answer: str, wanted: tuple[_Item, ...], said: tuple[_Item, ...]) -> str | None:
    """Two words, or two stretches of words, that have changed places while all between and around them stays."""
    if len(_content(wanted) & _content(said)) < MOST_WORDS * max(len(_content(wanted)), len(_content(said))):
        return None
    mine = [item for item in wanted if item.stem in {other.stem for other in said}]
    theirs = [item for item in said if item.stem in {other.stem for other in wanted}]
    voices = _verbs_of_other_voice(reference, answer, mine, theirs)
    if voices and [item.stem for item in mine] == [item.stem for item in theirs]:
        return answer[theirs[0].start : theirs[-1].end]  # Poland was invaded by Germany, Poland invaded Germany
    blocks = _changed_places(mine, theirs)
    if blocks is None or any(item.stem in _SYMMETRIC or item.stem in voices for item in blocks[2]):
        return None
    first, second, between = blocks
    gap = reference[first[-1].end : second[0].start]
    fraction = not between and "=" in reference and re.fullmatch(r"\s*[/÷−-]\s*", gap)
    held = _hold_on(first, mine) and _hold_on(second, mine) and _between_relates(gap, mine, blocks)
    if not fraction and not held:
        return None
    if any(opposed(a.text, b.text) for a in first for b in second) and CONDITION.search(reference):
        return None  # as one rises the other falls
    moved = {item.stem for item in (*first, *second)}
    places = [item for item in theirs if item.stem in moved]
    if (first[0].clause == second[-1].clause) != (places[0].clause == places[-1].clause):
        return None  # a condition put first, or a sentence made two
    stretch, said_stretch = reference[first[0].start : second[-1].end], answer[places[0].start : places[-1].end]
    if set(_PREPOSITION.findall(stretch)) != set(_PREPOSITION.findall(said_stretch)):
        return None  # bed nets are nets over beds
    return said_stretch


def _verbs_of_other_voice(
    reference: str, answer: str, mine: Sequence[_Item], theirs: Sequence[_Item]
) -> frozenset[str]:
    """The stems of the words that are passive in one text ("was invaded by") and active in the other."""
    passive = {item.stem for item in mine if _after_be(reference, item)}
    said_passive = {item.stem for item in theirs if _after_be(answer, item)}
    by = {item.stem for item in mine if _before_by(reference, item)}
    said_by = {item.stem for item in theirs if _before_by(answer, item)}
    return frozenset(((passive & by) - said_passive) | ((said_passive & said_by) - passive))


_Blocks = tuple[Sequence[_Item], Sequence[_Item], Sequence[_Item]]


def _changed_places(mine: Sequence[_Item], theirs: Sequence[_Item]) -> _Blocks | None:
    """The two stretches of the first sequence that have changed places in the second, and what stands between them."""
    if len(mine) != len(theirs) or len(mine) < 2:
        return None
    apart = [index for index, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one.stem != other.stem]
    if not apart:
        return None
    ways = {(mine[index].stem, theirs[index].stem) for index in apart}
    first = apart[0]
    if {(b, a) for a, b in ways} == ways and not any(mine[index].relates for index in apart):
        second = next(index for index in apart if mine[index].stem == theirs[first].stem)
        between = [mine[index] for index in range(first + 1, second) if index not in apart]
        return mine[first : first + 1], mine[second : second + 1], between
    one, other = mine[first : apart[-1] + 1], theirs[first : apart[-1] + 1]
    stems, other_stems = [item.stem for item in one], [item.stem for item in other]
    for size in range(1, LONGEST_BLOCK + 1):
        for after in range(1, min(LONGEST_BLOCK, len(one) - size) + 1):
            end = len(one) - after
            if other_stems == stems[end:] + stems[size:end] + stems[:size]:
                return one[:size], one[end:], one[size:end]
    return None


def _hold_on(block: Sequence[_Item], items: Sequence[_Item]) -> bool:
    """Whether a stretch of words leaves something of its clauses behind, and is not an item of a list."""
    clauses = {item.clause for item in block if not item.relates}
    return bool(clauses) and any(item.clause in clauses and item not in block for item in items)


def _between_relates(gap: str, items: Sequence[_Item], blocks: _Blocks) -> bool:
    """Whether what stands between the stretches makes their order matter: a verb, a relation, "is"."""
    first, second, between = blocks
    clauses = {item.clause for item in (*first, *second)}
    if between:
        return any(item.relates or item.clause in clauses for item in between)
    # Velocity is speed in a direction; "Paris is the capital" may be turned round.
    follows = any(item.start > second[-1].end and item.clause == second[-1].clause for item in items)
    return follows and bool(re.fullmatch(r"\W*(?:is|are|was|were|means)\s+(?:(?:a|an|the)\s+)?", gap))


def _after_be(text: str, item: _Item) -> bool:
    """Whether a form of "be" stands right before a word, or one word before it."""
    return bool(_BE & {token.text for token in tokenise(text[max(0, item.start - 24) : item.start])[-2:]})


def _before_by(text: str, item: _Item) -> bool:
    return bool(re.match(r"\W*by\b", text[item.end :], re.IGNORECASE))


def _predicates_exchanged(reference: str, answer: str) -> str | None:
    """Two subjects whose predicates have changed places: strong gain autonomy, weak gain security."""
    mine, theirs = _clauses(reference), _clauses(answer)
    shared = sorted(set(mine) & set(theirs))
    if len(shared) < LEAST_PREDICATED or len(shared) < MOST_WORDS * len(mine):
        return None
    cells: dict[tuple[int, int], str] = {}  # clause in the reference, clause in the answer: a word that stands in both
    for word in reversed(shared):
        cells[mine[word].clause, theirs[word].clause] = word
    for (clause, said), (clause_after, said_after) in combinations(sorted(cells), 2):
        crossing = (clause, said_after), (clause_after, said)
        if clause == clause_after or said == said_after or not all(cell in cells for cell in crossing):
            continue
        one, other = cells[clause, said], cells[clause_after, said_after]
        first, second = (cells[cell] for cell in crossing)
        turned = opposed(mine[first].text, mine[second].text) or opposed(mine[one].text, mine[other].text)
        if turned and CONDITION.search(reference):
            continue  # as one rises the other falls: turned about twice, it says the same
        ends = theirs[one], theirs[second]
        return answer[min(word.start for word in ends) : max(word.end for word in ends)]
    return None


@lru_cache(maxsize=16384)
def _clauses(text: str) -> dict[str, Word]:
    """The content words that occur once, by their stems."""
    words = words_in_scope(text)
    counts = Counter(word.stem for word in words)
    return {word.stem: word for word in words if counts[word.stem] == 1}
