"""A reference that is one line of several items, taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.records.syntax import clean, parentheses, unescape

MAX_PAIR_WORDS = 6  # either side of a comma or an "and": longer ones are clauses, not two items
MAX_PART_WORDS = 10  # the same between several commas
MAX_MARKED_WORDS = 25  # of a part between semicolons, arrows or numbers, which say that it is one

_SEPARATORS = (
    re.compile(r"\s*;\s+"),
    re.compile(r"\s*,\s+"),
    re.compile(r"\s*(?:->|→|⇒|=>)\s*"),
    re.compile(r"\s+/\s+"),
    re.compile(r"(?<=\w)/(?=\w)"),
)
_LOOSE = (_SEPARATORS[1], _SEPARATORS[4])  # commas and bare slashes also stand inside items
_ENUMERATOR = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2}|[a-h])(?:\)|\.(?=\s))\s*")
_LAST = re.compile(r"\s+(?:and|or|&|\+)\s+")
_LEADING = re.compile(r"^(?:and|or|&)\s+", re.IGNORECASE)
_ANNOUNCED = re.compile(r"^[^:;,]{1,60}:\s+")


def split_line(markup: str, count: int | None, *, at_least: bool = False) -> tuple[str, ...] | None:
    """The items of a line that lists as many as the prompt asks for; None where it does not.

    With `at_least`, as where the author states `need`, the line may list more.
    """
    if count is None or count < 2:
        return None
    marked = unescape(clean(markup, "the item"))
    if re.search(r"(?<!\S)\|(?!\S)", marked.mask):
        return None
    raw = _Line(markup)
    for parts, limit in _splits(raw, count):
        fits = len(parts) == count or (at_least and len(parts) > count)
        if fits and all(_is_part(part, limit) for part in parts):
            return tuple(parts)
    return None


class _Line:
    """A line of markup beside a mask of equal length that hides escapes and what stands in parentheses."""

    def __init__(self, markup: str) -> None:
        self.text = clean(markup, "the item")
        mask = list(re.sub(r"\\.", "\0\0", self.text))
        for start, end in parentheses("".join(mask)):
            mask[start : end + 1] = "\0" * (end + 1 - start)
        self.mask = re.sub(r"(?<=\d),(?=\d)", "\0", "".join(mask))  # 10,000


def _splits(line: _Line, count: int) -> list[tuple[list[str], int]]:
    """Each way to read the line as a list, the surest first, and how many words a part may have there."""
    ways: list[tuple[list[str], int]] = []
    loose = MAX_PAIR_WORDS if count == 2 else MAX_PART_WORDS
    marks = [mark for mark in _ENUMERATOR.finditer(line.mask) if mark.group(1)]
    if len(marks) > 1 and marks[0].start() == 0 and _runs_on([mark.group(1) for mark in marks]):
        ends = [*(mark.start() for mark in marks[1:]), None]
        numbered = [_bare(line.text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
        ways.append((numbered, MAX_MARKED_WORDS))
    announced = _ANNOUNCED.match(line.mask)
    begin = announced.end() if announced else 0
    for separator in _SEPARATORS:
        cuts = [(found.start(), found.end()) for found in separator.finditer(line.mask, begin)]
        if cuts:
            parts = _cut(line, begin, cuts)
            last = _LAST.search(line.mask, cuts[-1][1])
            if last and len(parts) < count:
                parts = _cut(line, begin, [*cuts, (last.start(), last.end())])
            ways.append((parts, loose if separator in _LOOSE else MAX_MARKED_WORDS))
    pairs = [(found.start(), found.end()) for found in _LAST.finditer(line.mask, begin)]
    if pairs:
        ways.append((_cut(line, begin, pairs), loose))
    return ways


def _cut(line: _Line, begin: int, cuts: Sequence[tuple[int, int]]) -> list[str]:
    starts = [begin, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(line.text)]
    parts = [line.text[start:end] for start, end in zip(starts, ends, strict=True)]
    return [_bare(_LEADING.sub("", part) if place else part) for place, part in enumerate(parts)]


def _bare(part: str) -> str:
    return part.strip().rstrip(".;,").rstrip()


def _runs_on(marks: Sequence[str]) -> bool:
    return list(marks) in ([str(n) for n in range(1, len(marks) + 1)], list("abcdefgh"[: len(marks)]))


def _is_part(part: str, limit: int) -> bool:
    return bool(part) and len(part.split()) <= limit and any(sign.isalnum() for sign in part)
