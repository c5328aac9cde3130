"""Tokens and the words that carry meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from grader.text.fold import fold, fold_with_offsets

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]", re.UNICODE)

# Words that hold a sentence together without saying what it is about. Negations are not among them.
_FUNCTION_WORDS_LINES = (
    "a an the this that these those it its it's they them their there here he she his her him we us our you your i my "
    "me is are was were be been being am do does did done has have had having will would can could shall should may "
    "might must of to in on at by for from with as into onto upon over under about than then so such and or but if "
    "because since while when where which who whom whose what why how also too very just more most some any all each "
    "every both other another up out off via per e.g i.e eg ie etc like get gets got getting make makes made making "
    "thing things something someone one ones s t re ve ll d m im ur u r bc cuz cause well really kind sort lot lots "
    "basically idk think maybe mean means it'll that's there's they're you're i'm im dont know "
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_LINES.split())
_NOTHING = re.compile(
    r"(?:i\s+)?(?:(?:really|honestly|just)\s+)?(?:do\s*n'?t|do\s+not|dunno|have\s+no|ve\s+no|no|not)\s*(?:really\s+)?"
    r"(?:know|knwo|kno|remember|recall|sure|idea|clue|answer|a\s+clue)?(?:\s+(?:this|that|it|the\s+answer|about\s+this|"
    r"sorry|at\s+all|this\s+one|either|tbh|one))*"
)
_NOTHING_WORDS_LINES = (
    "idk dk dunno na n/a none nothing nil blank skip pass unknown unsure ? idc sorry forgot i've i forgotten no idea "
    "clue tbh lol help um uh hmm erm "
)
_NOTHING_WORDS = frozenset(_NOTHING_WORDS_LINES.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, number or mark, and the code points of the raw text it came from (`end` exclusive)."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, and not a mark."""
        return self.text[0].isalnum()


def tokenise(text: str) -> tuple[Token, ...]:
    """The words, numbers and marks of a text, folded, each with its place in the raw text."""
    folded, offsets = fold_with_offsets(text)
    made = []
    for match in _TOKEN.finditer(folded):
        end = match.end()
        # The raw end is where the next kept character begins, less what was dropped or blank between them.
        made.append(Token(match.group(), offsets[match.start()], max(offsets[end - 1] + 1, _tight(text, offsets, end))))
    return tuple(made)


def _tight(text: str, offsets: tuple[int, ...], end: int) -> int:
    """Where the raw text of a token ends: with its last letter and that letter's marks."""
    last = offsets[end - 1]
    while end < len(offsets) - 1 and offsets[end] == last:
        end += 1
    stop = offsets[end]
    while stop > last + 1 and (text[stop - 1].isspace() or not text[stop - 1].isprintable()):
        stop -= 1
    return stop


@lru_cache(maxsize=65536)
def content_words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text that are not function words, in order, repeats kept."""
    return tuple(token.text for token in tokenise(text) if token.is_word and token.text not in FUNCTION_WORDS)


@lru_cache(maxsize=1)
def _stemmer() -> object:
    from snowballstemmer import stemmer

    return stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter2) stem of a folded English word; a short word or a number is its own stem."""
    if len(word) < 4 or not word.isalpha():
        return word
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def initials(words: tuple[str, ...]) -> str:
    """First letters of the words: what an initialism of them would be."""
    return "".join(word[0] for word in words if word)


def says_nothing(answer: str) -> bool:
    """Whether an answer is blank: empty, only marks, or a way to say "I don't know"."""
    folded = fold(answer)
    words = [token.text for token in tokenise(folded) if token.is_word]
    if folded in _NOTHING_WORDS and folded != "no":
        return True
    if not words:
        return True
    if len(words) > 8:
        return False
    plain = " ".join(folded.replace(".", " ").replace(",", " ").replace("!", " ").replace("?", " ").split())
    if _NOTHING.fullmatch(plain) and plain != "no" and plain != "not":
        return True
    return all(word in _NOTHING_WORDS for word in words) and plain != "no"
