"""Cards made from what an author wrote: items read, one-line lists split, ids and `need` filled in."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from grader.errors import DeckError
from grader.records.cards import Card, Extras, Key, ReferenceItem, Wording
from grader.records.prompts import Slugs, asked_count, slug
from grader.records.syntax import clean, close_parentheses, escape, parentheses, read_item, unescape

Choice = TypeVar("Choice", Key, Extras)

SYNTAXES = ("items", "plain")
ID_WORDS = 5  # of an item without a term
MAX_PAIR_WORDS = 6  # either side of a comma or an "and": longer ones are clauses, not two items
MAX_PART_WORDS = 10  # the same between several commas
MAX_MARKED_WORDS = 25  # of a part between semicolons, arrows or numbers, which say that it is one


@dataclass(frozen=True, slots=True)
class Written:
    """An item as it stands in a file or a call."""

    markup: str
    id: str | None = None
    line: int | None = None


def card_from_items(
    prompt: str,
    items: Sequence[Written],
    *,
    id: str | None = None,
    need: int | None = None,
    ordered: bool = False,
    points: float | None = None,
    key: Key | str = Key.EITHER,
    extras: Extras | str = Extras.COUNT,
    alternatives: bool = False,
    syntax: str = "items",
    language: str = "en",
    bulleted: bool | None = None,
    line: int | None = None,
) -> Card:
    """The card that an author means; see `Card.from_items`.

    `bulleted` says whether the items stood behind bullets; None: several items did, a single one did not.

    Raises:
        DeckError: without path and line where the whole card is at fault, with the line where one item is.
    """
    prompt = clean(prompt, "the prompt")
    if not prompt:
        raise DeckError("the prompt is empty; write what is asked")
    if syntax not in SYNTAXES:
        raise DeckError(f"syntax is {syntax!r}; write 'items' or 'plain'")
    if not items:
        raise DeckError("card has no reference items; add '- item' lines under it")
    written = list(items)
    if syntax == "plain":
        written = [Written(escape(clean(one.markup, "the item")), one.id, one.line) for one in written]
    if alternatives:
        written = [_one_of(written)]
    elif syntax == "items" and len(written) == 1:
        wanted = asked_count(prompt) if need is None else need
        parts = split_line(written[0].markup, wanted, at_least=need is not None)
        if parts:
            written = [Written(part, line=written[0].line) for part in parts]
            bulleted = True
    is_list = len(written) > 1 if bulleted is None else bulleted
    read = _read_items(written)
    return Card(
        id=_checked_id(id, "card") if id is not None else slug(prompt) or "card",
        prompt=prompt,
        items=read,
        need=_checked_need(need, prompt, len(read)),
        is_list=is_list or len(read) > 1,
        ordered=ordered,
        points=_checked_points(points),
        key=_one_choice("key", key, Key),
        extras=_one_choice("extras", extras, Extras),
        language=language,
        line=line,
    )


def _read_items(written: Sequence[Written]) -> tuple[ReferenceItem, ...]:
    stated = [_checked_id(one.id, "item") for one in written if one.id is not None]
    ids = Slugs(stated)
    seen: set[str] = set()
    read: list[ReferenceItem] = []
    for one in written:
        try:
            text, wordings = read_item(one.markup)
        except DeckError as error:
            raise DeckError(error.message, line=one.line) from None
        if one.id in seen:
            raise DeckError(f"item id '{one.id}' stands twice in this card; change one of them", line=one.line)
        if one.id is not None:
            seen.add(one.id)
        item_id = one.id if one.id is not None else ids.unique(item_slug(wordings[0]))
        markup = clean(one.markup, "the item")
        read.append(ReferenceItem(item_id, text, wordings, one.line, markup if markup != text else None))
    return tuple(read)


def item_slug(wording: Wording) -> str:
    """The id of an item that states none: its term, or its first words."""
    named = slug(wording.term) if wording.term else ""
    return named or slug(wording.text, words=ID_WORDS) or "item"


def _one_of(written: Sequence[Written]) -> Written:
    """One item whose wordings are the given texts."""
    parts = []
    for one in written:
        markup = clean(one.markup, "the item")
        if not markup:
            raise DeckError("one of the alternatives is empty; write it, or delete it", line=one.line)
        markup = close_parentheses(markup)  # else one could pair up with one in the next wording
        parts.append(rf"\{markup}" if markup == "|" else markup)
    first = written[0]
    return Written(" | ".join(parts), first.id, first.line)


# --- a reference that is one line of several items ------------------------------------------------------------------

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


# --- what an author may state ---------------------------------------------------------------------------------------


def _checked_id(value: str, what: str) -> str:
    found = clean(value, f"the {what} id")
    if not found or found != value:
        raise DeckError(f"the {what} id {value!r} is empty or has white space around it or doubled; write a short name")
    return value


def _checked_need(need: int | None, prompt: str, available: int) -> int:
    if need is None:
        return min(asked_count(prompt, available) or available, available)
    if isinstance(need, bool) or not isinstance(need, int) or need < 1:
        raise DeckError(f"need is {need!r}; write a whole number from 1 to {available}, the number of items")
    if need > available:
        raise DeckError(f"need is {need}, but the card has {_items(available)}; lower need, or add items")
    return need


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _checked_points(points: float | None) -> float | None:
    if points is None:
        return None
    if isinstance(points, bool) or not isinstance(points, int | float) or not math.isfinite(points) or points <= 0:
        raise DeckError(f"points is {points!r}; write a number above 0")
    return float(points)


def _one_choice(name: str, value: Choice | str, kind: type[Choice]) -> Choice:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise DeckError(f"{name} is {value!r}; write one of {known}") from None
