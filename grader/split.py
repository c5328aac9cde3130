"""Splitting: the stretches of an answer that may each say one thing, nested, with their place in the raw text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from grader.records import Span
from grader.text import MARKUP

MAX_JOINED = 4  # neighbouring atoms that may say one item together
NAME_WORDS = 4  # words of a name in a list
LISTING, LISTING_SHARE = 8, 0.7  # atoms, and share of names among them, from which an answer is a listing
MAX_JOINABLE = 400  # atoms beyond which each is read by itself
MAX_ATOMS = 1000  # beyond this neighbours are read as one, so that the time an answer takes is bounded

_BULLET = re.compile(
    r"(?m)^[^\S\n]*(?:[-*•–—·▪◦>+]+|\(?\d{1,2}[.):\]]|\(?[a-zA-Z][.)\]]|\(?[ivxIVX]{1,4}[.)\]])[^\S\n]+"
)
_INLINE_NUMBER = re.compile(r"(?<![\w.,])\(?\d{1,2}[.):\]](?=\s*[^\W\d_])|(?<!\w)\([a-hivx]{1,3}\)\s")
_ORDINAL_LEAD = re.compile(
    r"(?i)\b(?:(?:first|second|third|fourth|fifth|next|last)\s*[,:]|(?:firstly|secondly|thirdly|lastly|finally)\b[,:]?|"
    r"another (?:one )?is|the (?:first|second|third|fourth|other|last) (?:one )?is)\s"
)
# Sentence ends, not the dots of numbers, initials and common abbreviations.
_SENTENCE = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bapprox)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bSt)(?<!\b[A-Z])"
    r"[.!?]+(?=\s|$)|(?<=[a-z])\.(?=[A-Z])"
)
_CLAUSE = re.compile(r";|,(?!\d)|(?<!\d),|\s[-–—/|&+]\s|(?<=[^\W\d_]{3})[/&+](?=[^\W\d_]{3})|:(?=\s)|\s(?:->|=>|→|⇒)\s")
_COORDINATION = re.compile(r"(?i)\b(?:and(?:\s+also|\s+then)?|or|plus|as\s+well\s+as|also|but|then|whereas|while)\b")
# "And" as learners write it: salt n pepper, salt 'n' pepper, salt nd pepper. A bare n may be a number, as in "n = 5"
# and "the first n terms": no formula, no small word and no word of counting may stand by it.
_NAMES_TEXT = "rock drum guns"  # rock n roll
_BEFORE_N_TEXT = (
    "first last next every all any the for from with that where then than into has have are times order size degree "
    "length number value integer roll flip repeat"
)
_AFTER_N_TEXT = (
    "is are was has be can must times term terms item items element elements value values number numbers node nodes "
    "step steps trial trials bit bits point points thing things of in to for by at and or then if where"
)
_NO_NAME = "".join(rf"(?<!\b{word})" for word in _NAMES_TEXT.split())
_NO_COUNT = "".join(rf"(?<!\b{word})" for word in _BEFORE_N_TEXT.split())
_JOINING_N = re.compile(rf"(?<=[^\W\d_]{{2}}){_NO_NAME}\s(?:['’‘`]nd?['’‘`]?|nd?['’`]|nd)\s(?=[^\W\d_]{{2}})")
_BARE_N = re.compile(
    rf"(?<=[^\W\d_]{{3}}){_NO_NAME}{_NO_COUNT}\sn\s(?!(?:{'|'.join(_AFTER_N_TEXT.split())})\b)(?=[^\W\d_]{{2}})"
)
_FORMULA = re.compile(r"(?<!\w)n\s?(?:[=<>+*/^²(!]|-\s?\d)|[=<>*/^(²\d]\s?n(?!\w)")
# What takes back the piece before it, where it stands between two pieces.
_WITHDRAWS = re.compile(
    r"(?i)(?:oh )?(?:no|nope|wait|no wait|wait no|sorry|i mean|i meant|scratch that|correction|oops)"
)
# What opens an explanation of the claim before it, and not a claim of its own.
_ELABORATES = re.compile(
    r"(?i)^\W*(?:because|bc|cause|cos|since|so\b|so that|which|who|where|when|e\.?g\b|for example|for instance|such as|"
    r"like\b|meaning|i\.?e\b|thus|therefore|due to|as in|especially|including)\b"
)


@dataclass(frozen=True, slots=True)
class Split:
    """An answer cut into atoms, in order, and the ranges of neighbouring atoms that may be read as one."""

    answer: str
    atoms: tuple[Span, ...]
    ranges: tuple[tuple[int, int], ...]  # atom indices, end exclusive; single atoms first
    elaborates: tuple[bool, ...]  # for each atom, whether it only explains the one before

    def span(self, atoms: tuple[int, int]) -> Span:
        """The raw text from the first to the last atom of a range."""
        start, end = self.atoms[atoms[0]].start, self.atoms[atoms[1] - 1].end
        return Span(start, end, self.answer[start:end])

    @property
    def is_listing(self) -> bool:
        """Whether the answer is a long list of names and not prose."""
        short = sum(len(atom.text.split()) <= NAME_WORDS for atom in self.atoms)
        return len(self.atoms) >= LISTING and short >= LISTING_SHARE * len(self.atoms)

    def contexts(self, words: int) -> tuple[str, ...]:
        """What each range stands in: the whole answer, or a window of about `words` words of a long one.

        Windows overlap by half, so that few of them hold many ranges, and each range has its neighbours around it.
        """
        ends = list(accumulate(atom.text.count(" ") + 1 for atom in self.atoms))
        if not ends or ends[-1] <= words:
            return (self.answer,) * len(self.ranges)
        made = []
        for start, end in self.ranges:
            middle = (ends[start] + ends[end - 1]) // 2
            first = max(0, (middle - words // 4) // (words // 2)) * (words // 2)  # the window's first word
            left = min(start, bisect_right(ends, first))
            right = max(end, bisect_right(ends, first + words))
            made.append(self.span((left, right)).text)
        return tuple(made)


def split(answer: str) -> Split:
    """Cuts an answer at lines, bullets, numbers, sentence ends, semicolons, commas, slashes and "and" ("n", "&", "+").

    An atom is never empty; a text without letters or figures gives none. A range joins up to `MAX_JOINED` neighbouring
    atoms of one line, so that an item said across a comma can still be found; each line, and the whole, is a range too.
    """
    lines = [piece for line in _lines(answer) for piece in _cut(answer, line, _INLINE_NUMBER, _ORDINAL_LEAD)]
    sentences = [piece for line in lines for piece in _cut(answer, line, _SENTENCE)]
    joins = [_CLAUSE, _COORDINATION, _JOINING_N, *([] if _FORMULA.search(answer) else [_BARE_N])]
    groups = [_cut(answer, line, *joins) for line in sentences]
    groups = [_without_withdrawn(answer, group) for group in groups]
    pieces = _bounded([piece for group in groups for piece in group])
    atoms = tuple(Span(start, end, answer[start:end]) for start, end in pieces)
    ranges = dict.fromkeys((index, index + 1) for index in range(len(atoms)))
    if 0 < len(atoms) <= MAX_JOINABLE:
        ranges |= dict.fromkeys(_joined([len(group) for group in groups if group]))
        ranges[0, len(atoms)] = None
    elaborates = tuple(bool(_ELABORATES.match(atom.text)) for atom in atoms)
    return Split(answer, atoms, tuple(ranges), elaborates)


def _joined(sizes: list[int]) -> list[tuple[int, int]]:
    """Ranges of several atoms: up to `MAX_JOINED` neighbours of one sentence, each sentence, and each two in a row."""
    made: list[tuple[int, int]] = []
    groups = list(pairwise(accumulate(sizes, initial=0)))
    for first, last in groups:
        for start in range(first, last):
            made.extend((start, end) for end in range(start + 2, min(start + MAX_JOINED, last) + 1))
        made.append((first, last))
    made.extend((first, last) for (first, _), (_, last) in pairwise(groups))
    return made


def _without_withdrawn(answer: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces without what the learner takes back: "1914, no, 1915" claims 1915."""
    kept: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(pieces):
        if 0 < index < len(pieces) - 1 and _WITHDRAWS.fullmatch(answer, start, end):
            if not _WITHDRAWS.fullmatch(answer, *pieces[index - 1]):
                del kept[-1:]
        else:
            kept.append((start, end))
    return kept


def _bounded(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces, neighbours put together evenly where there are more than `MAX_ATOMS`."""
    step = -(-len(pieces) // MAX_ATOMS)
    if step <= 1:
        return pieces
    runs = (pieces[start : start + step] for start in range(0, len(pieces), step))
    return [(run[0][0], run[-1][1]) for run in runs]


def _lines(answer: str) -> list[tuple[int, int]]:
    made = []
    start = 0
    for place, line in enumerate(re.split(rf"(\n|\r\n?|\u2028|\u2029|{MARKUP})", answer)):
        end = start + len(line)
        if place % 2:  # what parts two lines
            start = end
            continue
        bullet = _BULLET.match(answer, start, end)
        piece = _trim(answer, bullet.end() if bullet else start, end)
        if piece:
            made.append(piece)
        start = end
    return made


def _cut(answer: str, piece: tuple[int, int], *marks: re.Pattern[str]) -> list[tuple[int, int]]:
    """The piece without the marks that cut it; stretches without a letter or figure go."""
    start, end = piece
    cuts = sorted((found.start(), found.end()) for mark in marks for found in mark.finditer(answer, start, end))
    made = []
    for cut_start, cut_end in [*cuts, (end, end)]:
        trimmed = _trim(answer, start, max(start, cut_start))
        if trimmed:
            made.append(trimmed)
        start = max(start, cut_end)
    return made


def _trim(answer: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and not _opens(answer, start):
        start += 1
    while end > start and not _closes(answer[end - 1]):
        end -= 1
    return (start, end) if start < end else None


def _opens(answer: str, at: int) -> bool:
    char = answer[at]
    return char.isalnum() or (char in "([\"'“‘$€£¥-−+~<>=√π" and at + 1 < len(answer) and answer[at + 1].isalnum())


def _closes(char: str) -> bool:
    return char.isalnum() or char in ")]\"'”’%°€$£²³⁰¹⁴⁵⁶⁷⁸⁹+"
