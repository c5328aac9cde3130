"""What is wrong or doubtful in a deck, all of it at once and without any model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from grader.decks.attributes import trailing
from grader.decks.files import read_text
from grader.decks.markdown import parse
from grader.errors import DeckError
from grader.records import Card, Facet, Key, ReferenceItem
from grader.records.prompts import asked_count
from grader.records.syntax import unescape
from grader.text import fold


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # the deck cannot be read
    WARNING = "warning"  # grades will probably not be what the author wants
    NOTE = "note"  # worth a look


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a deck check found."""

    severity: Severity
    what: str
    remedy: str
    path: str | None = None
    line: int | None = None  # from 1; None: about the whole file

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        text = f"{self.severity}: {self.what}; {self.remedy}"
        return f"{where}: {text}" if where else text


def check_deck(path: Path | str) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful in a deck file, by line; also why it cannot be read at all."""
    try:
        text = read_text(path)
    except DeckError as error:
        return (_refused(error, str(path)),)
    return check_text(text, str(path))


def check_text(text: str, source: str | None = None) -> tuple[Finding, ...]:
    """The same for the text of a deck; `source` names it in the findings."""
    parsed = parse(text, source)
    found = [_refused(error, source) for error in parsed.errors]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not parsed.deck.title:
        found.append(Finding(Severity.NOTE, "the deck has no title", "add 'title: …' in front matter", source))
    if parsed.deck.language.split("-")[0].lower() != "en":
        what = f"the language is '{parsed.deck.language}', the models are English"
        found.append(Finding(Severity.NOTE, what, "every grade will need review", source))
    for card in parsed.deck.cards:
        for severity, line, what, remedy in (*_check_card(card), *_check_lines(card, lines)):
            found.append(Finding(severity, what, remedy, source, line))
    return tuple(sorted(found, key=lambda finding: finding.line or 0))


def _refused(error: DeckError, source: str | None) -> Finding:
    what, _, remedy = error.message.partition("; ")
    return Finding(Severity.ERROR, what, remedy or "mend it", source, error.line)


_Found = tuple[Severity, int | None, str, str]


def _check_card(card: Card) -> Iterator[_Found]:
    """What a card says about itself that does not fit together."""
    asked, available = asked_count(card.prompt), len(card.earning)
    if asked is not None and asked > available:
        what = f"the prompt asks for {asked}, the card has {_items(available)}"
        yield Severity.WARNING, card.line, what, f"add items, or mend the number (need is {card.need} now)"
    elif asked is not None and asked_count(card.prompt, available) != available and card.need < available:
        what = f"the card has {available} items and needs {card.need}"
        yield Severity.NOTE, card.line, what, "mend the number if all of them are asked for"
    if asked is not None and card.need > asked and card.need != asked_count(card.prompt, available):
        what = f"the prompt asks for {asked}, but need is {card.need}"
        yield Severity.WARNING, card.line, what, "mend one of them"
    if trailing(card.prompt)[1] is not None:
        what = "the prompt ends in braces, which are part of its text there"
        yield Severity.WARNING, card.line, what, "put the attributes of the card on the line below"
    if card.ordered and available == 1:
        yield Severity.WARNING, card.line, "a single item cannot be in order", "delete 'ordered', or add items"
    if card.need == available and any(item.required for item in card.items):
        yield Severity.NOTE, card.line, "every item is needed, so 'required' says nothing", "delete it, or state 'need'"
    uneven = any(item.points != 1 for item in card.earning)
    if card.points is not None and uneven and not math.isclose(card.full_worth, card.points):
        what = f"the card has {card.points:g} points, its items are worth {card.full_worth:g}"
        yield Severity.NOTE, card.line, what, "mend one of them, unless the items' points only compare them"
    yield from _check_groups(card)
    yield from _check_repeats(card)
    for item in card.items:
        yield from _check_item(item, card)


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _check_groups(card: Card) -> Iterator[_Found]:
    """Groups that say nothing, or not what they seem to: only neighbours come in any order among themselves."""
    sizes = Counter(item.group for item in card.earning)
    begun: set[str] = set()
    for group, neighbours in groupby(card.earning, key=lambda item: item.group):
        if group is None:
            continue
        line = next(neighbours).line
        if sizes[group] == 1:
            what = f"group '{group}' holds one item, so it says nothing"
            yield Severity.WARNING, line, what, "give it to a neighbour of the item too, or delete it"
        elif group in begun:
            what = f"group '{group}' goes on here, apart from its other items, so that these are two groups"
            yield Severity.WARNING, line, what, "put its items together, or name the groups apart"
        begun.add(group)


def _check_repeats(card: Card) -> Iterator[_Found]:
    seen: dict[str, ReferenceItem] = {}
    for item in card.items:
        folded = {fold(wording.text) for wording in item.wordings}
        if len(folded) < len(item.wordings):
            yield Severity.NOTE, item.line, "the item lists a wording twice", "delete one"
        for text in sorted(folded):
            if text in seen:
                what = f"'{_short(text)}' stands already in the item on line {seen[text].line}"
                yield Severity.WARNING, item.line, what, "delete one, or say how they differ"
            seen.setdefault(text, item)


def _check_item(item: ReferenceItem, card: Card) -> Iterator[_Found]:
    prompt = fold(card.prompt)
    for wording in item.wordings:
        if fold(wording.text).strip(" .?!") == prompt.strip(" .?!"):
            yield Severity.WARNING, item.line, "the item says what the prompt says", "write what has to be answered"
        elif wording.term and _contains(prompt, fold(wording.term)):
            what = f"the term '{wording.term}' stands in the prompt and earns nothing"
            yield Severity.NOTE, item.line, what, "fine where the explanation is asked for"
        if re.fullmatch(r"\([^()]*\)", wording.text):
            what = "the whole item stands in parentheses, so nothing of it is optional"
            yield Severity.WARNING, item.line, what, "write what has to be said before the parentheses, or delete them"
        if not any(sign.isalnum() for sign in wording.text):
            yield (
                Severity.NOTE,
                item.line,
                f"'{_short(wording.text)}' holds no letter or digit",
                "check that it is meant",
            )
    if len({fold(facet.text) for facet in item.facets}) < len(item.facets):
        yield Severity.WARNING, item.line, "the item states a facet twice", "delete one, or say how they differ"
    if card.key is not Key.EITHER and not item.negative and all(wording.term is None for wording in item.wordings):
        what = f"key is '{card.key}', but the item is no 'Term: explanation'"
        yield Severity.WARNING, item.line, what, "write it as one, or delete key"


def _contains(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def _check_lines(card: Card, lines: list[str]) -> Iterator[_Found]:
    """What only the text of the deck shows."""
    numbered = [item for item in card.items if item.line and re.match(r"\s*\d+[.)]\s", lines[item.line - 1])]
    if len(numbered) == len(card.items) > 1 and not card.ordered:
        what = "the items are numbered, but their order does not count"
        yield Severity.NOTE, numbered[0].line, what, "state {ordered: true} under the heading, or write '-'"
    for item in card.items:
        parts: tuple[ReferenceItem | Facet, ...] = (item, *item.facets)
        if any(_is_open(unescape(part.markup or part.text).mask) for part in parts):
            yield Severity.WARNING, item.line, "a parenthesis is not closed", "close it, or delete it"


def _is_open(mask: str) -> bool:
    depth = 0
    for found in re.finditer(r"[()]", mask):
        depth = depth + 1 if found.group() == "(" else max(0, depth - 1)
    return depth > 0


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
