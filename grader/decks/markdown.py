"""The canonical deck format, read: Markdown, one heading a card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.decks.attributes import as_number, as_truth, as_whole, read_attributes, trailing
from grader.errors import DeckError
from grader.records import Card, Deck, Item
from grader.records.authoring import card_from_items
from grader.records.prompts import Slugs
from grader.records.syntax import clean

BULLET = re.compile(r"(?:[-*+•]|\d{1,9}[.)])(?=\s|$)")
FRONT_MATTER = ("title", "language")

_HEADING = re.compile(r"(#{1,6})(?=\s|$)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(slots=True)
class _Block:
    """A heading with the lines under it."""

    prompt: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Parsed:
    """What could be read of a deck, and everything that could not."""

    deck: Deck
    errors: list[DeckError]


def parse(text: str, source: str | None = None) -> Parsed:
    """The deck that the text holds; a card with errors is left out, and they are listed, in the order of lines."""
    errors: list[DeckError] = []
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    title, language, start = _front_matter(lines, errors)
    blocks, heading = _blocks(lines, start, errors)
    cards: list[Card] = []
    stated: dict[str, int] = {}
    prompts: dict[str, int] = {}
    unnamed: list[int] = []
    for block in blocks:
        problems: list[DeckError] = []
        try:
            card, named = _card(block, language, problems)
            _claim(card.prompt.casefold(), block.line, prompts, "prompt", "reword one of them, or merge the cards")
            if named:
                _claim(card.id, block.line, stated, f"card id '{card.id}'", "change one of them")
        except DeckError as error:
            found = problems if error in problems else [*problems, error]
            errors += [DeckError(one.message, line=one.line or block.line) for one in found]
            continue
        if not named:
            unnamed.append(len(cards))
        cards.append(card)
    _name(cards, unnamed, stated)
    if not blocks and not errors:
        errors.append(DeckError("the deck holds no cards; add '## prompt' and '- item' lines under it", source))
    if title is None:
        title = heading if heading is not None else (Path(source).stem if source else "")
    errors = [DeckError(error.message, source, line=error.line) for error in errors]
    errors.sort(key=lambda error: error.line or 0)
    return Parsed(Deck(title, tuple(cards), language, source), errors)


def _claim(value: str, line: int, taken: dict[str, int], what: str, remedy: str) -> None:
    if value in taken:
        raise DeckError(f"the {what} stands already on line {taken[value]}; {remedy}", line=line)
    taken[value] = line


def _name(cards: list[Card], unnamed: list[int], stated: dict[str, int]) -> None:
    """Give the cards that state no id the slug of their prompt, numbered where it is taken."""
    ids = Slugs(stated)
    for place in unnamed:
        cards[place] = replace(cards[place], id=ids.unique(cards[place].id))


# --- front matter ---------------------------------------------------------------------------------------------------


def _front_matter(lines: list[str], errors: list[DeckError]) -> tuple[str | None, str, int]:
    """Title, language, and the index of the first line after the front matter."""
    first = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines) or lines[first].rstrip() != "---":
        return None, "en", 0
    end = next((place for place in range(first + 1, len(lines)) if lines[place].rstrip() == "---"), None)
    if end is None:
        errors.append(DeckError("the front matter is not closed; add a line '---' after it", line=first + 1))
        return None, "en", len(lines)
    values: dict[str, str] = {}
    for place in range(first + 1, end):
        line = lines[place].strip()
        if not line or line.startswith("#"):
            continue
        try:
            name, value = _front_matter_line(line)
            if name in values:
                raise DeckError(f"'{name}' stands twice in the front matter; delete one")
            values[name] = value
        except DeckError as error:
            errors.append(DeckError(error.message, line=place + 1))
    return values.get("title"), values.get("language", "en"), end + 1


def _front_matter_line(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name, value = name.strip(), clean(value, "the front matter")
    if not colon or name not in FRONT_MATTER:
        raise DeckError(f"cannot read '{line[:40]}' in the front matter; known are 'title: …' and 'language: …'")
    if value.startswith('"'):
        try:
            value = clean(str(json.loads(value)), "the front matter")
        except ValueError:
            raise DeckError(f"{name} begins with a quote that does not close; close it, or delete it") from None
    elif value.startswith("'") and value.endswith("'") and len(value) > 1:
        value = value[1:-1].replace("''", "'")
    if name == "language" and not _LANGUAGE.fullmatch(value):
        raise DeckError(f"language is '{value}'; write a language tag such as en or de-CH")
    return name, value


# --- cards ----------------------------------------------------------------------------------------------------------


def _blocks(lines: list[str], start: int, errors: list[DeckError]) -> tuple[list[_Block], str | None]:
    """The headings with the lines under them, and the title of a `# ` heading."""
    blocks: list[_Block] = []
    title: str | None = None
    stray = False
    for number, line in enumerate(lines[start:], start=start + 1):
        heading = _HEADING.match(line)
        level = len(heading.group(1)) if heading else 0
        if heading and level == 2:
            blocks.append(_Block(line[2:].strip(), number))
        elif heading and level == 1 and not blocks and title is None:
            title = " ".join(line[1:].split())
        elif heading:
            errors.append(DeckError(f"a heading of level {level}; a card begins with '## prompt'", line=number))
        elif blocks:
            blocks[-1].lines.append((number, line))
        elif line.strip() and not stray:
            stray = True
            message = (
                "text before the first card; a card begins with '## prompt' (for a raw text export: grader deck import)"
            )
            errors.append(DeckError(message, line=number))
    return blocks, title


def _card(block: _Block, language: str, problems: list[DeckError]) -> tuple[Card, bool]:
    """The card of a block, and whether it states its id; `problems` collects what is wrong with its lines."""
    lines = list(block.lines)
    values, place = _card_attributes(lines)
    items, bulleted = _items(lines[place:], problems)
    id = values.get("id")
    card = card_from_items(
        block.prompt,
        items,
        id=id,
        need=as_whole(values, "need"),
        ordered=as_truth(values, "ordered"),
        points=as_number(values, "points"),
        key=values.get("key", "either"),
        extras=values.get("extras", "count"),
        language=language,
        bulleted=bulleted,
        line=block.line,
        problems=problems,
    )
    return card, id is not None


def _card_attributes(lines: list[tuple[int, str]]) -> tuple[dict[str, str], int]:
    """The attributes on the first line that says anything, and the index of the line after them."""
    place = next((place for place, (_, line) in enumerate(lines) if line.strip()), len(lines))
    if place == len(lines):
        return {}, place
    number, line = lines[place]
    rest, inside = trailing(line.strip())
    if inside is None or rest:
        return {}, place
    try:
        return dict(read_attributes(inside, of="card")), place + 1
    except DeckError as error:
        raise DeckError(error.message, line=number) from None


@dataclass(slots=True)
class _Piece:
    """The lines of one item, or of one facet."""

    line: int
    parts: list[str]
    bullet: str | None
    indent: int = 0
    facets: list[_Piece] = field(default_factory=list)


def _items(lines: list[tuple[int, str]], problems: list[DeckError]) -> tuple[list[Item], bool | None]:
    """The items of a card, and whether they stand behind bullets."""
    pieces = list(_pieces(lines, problems))
    if not problems and len(pieces) > 1 and any(piece.bullet is None for piece in pieces):
        odd = next(piece for piece in pieces if piece.bullet is None)
        remedy = "put '- ' before each item, or make it one paragraph without blank lines"
        raise DeckError(f"text that is not behind a bullet, beside other items; {remedy}", line=odd.line)
    written = [_written(piece, problems) for piece in pieces]
    return written, (pieces[0].bullet is not None if pieces else None)


def _pieces(lines: list[tuple[int, str]], problems: list[DeckError]) -> Iterator[_Piece]:
    """The items of a card, each with the lines and the facets that are indented under it."""
    piece: _Piece | None = None
    blank = True
    for number, line in lines:
        text = line.strip()
        if not text:
            blank = True
            continue
        indent = _indent(line)
        bullet = BULLET.match(text)
        said, sign = (text[bullet.end() :].strip(), bullet.group()) if bullet else (text, None)
        new = _Piece(number, [said], sign, indent)
        if bullet and piece is not None and indent > piece.indent + 1:
            _add_facet(piece, new, problems)
        elif not bullet and piece is not None and (indent or (piece.bullet is None and not blank)):
            (piece.facets[-1] if piece.facets else piece).parts.append(text)
        else:
            if piece is not None:
                yield piece
            piece = new
        blank = False
    if piece is not None:
        yield piece


def _add_facet(piece: _Piece, facet: _Piece, problems: list[DeckError]) -> None:
    if piece.bullet is None:
        problems.append(DeckError("sub-bullets under a paragraph; put '- ' before the paragraph", line=facet.line))
    elif piece.facets and facet.indent > piece.facets[-1].indent + 1:
        message = "a facet of a facet; write it into the facet above, or indent it like that"
        problems.append(DeckError(message, line=facet.line))
    else:
        piece.facets.append(facet)


def _indent(line: str) -> int:
    """How far the line is indented, in columns, a tab being four."""
    lead = line[: len(line) - len(line.lstrip())]
    return len(lead.expandtabs(4))


def _written(piece: _Piece, problems: list[DeckError]) -> Item:
    """What an author states of an item; where its attributes cannot be read, its text alone."""
    text, inside = trailing(" ".join(piece.parts))
    facets = tuple(_written_facet(facet, problems) for facet in piece.facets)
    bare = Item(text, facets=facets, line=piece.line)
    try:
        values = read_attributes(inside, of="item") if inside is not None else {}
        return replace(
            bare,
            id=values.get("id"),
            points=as_number(values, "points"),
            required=as_truth(values, "required"),
            negative=as_truth(values, "negative"),
            group=values.get("group"),
        )
    except DeckError as error:
        problems.append(DeckError(error.message, line=piece.line))
        return bare


def _written_facet(piece: _Piece, problems: list[DeckError]) -> Item:
    text, inside = trailing(" ".join(piece.parts))
    try:
        values = read_attributes(inside, of="facet") if inside is not None else {}
        return Item(text, points=as_number(values, "points"), line=piece.line)
    except DeckError as error:
        problems.append(DeckError(error.message, line=piece.line))
        return Item(text, line=piece.line)
