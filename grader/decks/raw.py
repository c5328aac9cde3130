"""The raw text export, read: a title, then prompts without bullets, and references with and without.

Nothing but likeness tells a bare line that asks from one that answers. Of all readings of a run of bare lines, the
import takes the one in which prompts look most like prompts and references most like references (dynamic programming,
as in Viterbi 1967), and says which lines it had to guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from grader.decks.reading import Bare, read_run
from grader.errors import DeckError
from grader.records import Card, Deck, Item
from grader.records.authoring import card_from_items
from grader.records.prompts import Slugs, asked_count
from grader.records.syntax import clean, escape, read_item

DOUBT = 2.0  # nats between the best reading and the best one that reads a line otherwise: e^2 is about 7 to 1

_BULLET = re.compile(r"(?:[-*+–—](?=\s|$)|[•◦▪‣●○·]|(?P<number>\d{1,2})[.)](?=\s|$))\s*")
_IN_ORDER = re.compile(
    r"\b(?:in (?:the )?(?:right |correct |chronological |time )?(?:order|sequence)|order of|chronological)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that the export does not say, and how it was read."""

    card: str  # id
    line: int  # of the raw text, from 1
    what: str  # the reading taken
    otherwise: str  # how else it could be read, or what to do where it is wrong
    doubtful: bool = False  # whether the other reading is nearly as likely


@dataclass(frozen=True, slots=True)
class Imported:
    """A deck made from a raw text export, with what the reader had to guess."""

    deck: Deck
    guesses: tuple[Guess, ...]


@dataclass(slots=True)
class _Line:
    number: int
    text: str
    bullet: str | None = None
    after_blank: bool = False
    indent: int = 0


@dataclass(slots=True)
class _Draft:
    """A card before its items are read."""

    prompt: _Line
    bullets: list[_Line] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)


def import_raw(text: str, source: str | None = None) -> Imported:
    """The deck that a raw text export holds.

    The first line is the title. A line without a bullet before bulleted ones is their prompt; in a run of lines
    without bullets, prompts and references are told apart by likeness. Reference lines of one card are joined into
    one item, unless the prompt asks for as many things as there are lines.

    Raises:
        DeckError: where the text holds no cards, a prompt has no reference, or two prompts are the same.
    """
    lines = _lines(text, source)
    if not lines:
        raise DeckError("the file is empty; a raw export has a title line, then prompts and references", source)
    title, *body = lines
    if title.bullet is not None:
        raise DeckError(
            "the first line is an item; put the title of the deck on a line above", source, line=title.number
        )
    if not body:
        raise DeckError("there is a title but no cards; add prompts and references under it", source, line=title.number)
    drafts = _drafts(body, source)
    cards, guesses = _cards(drafts, source)
    return Imported(Deck(title.text, tuple(cards), source=source), tuple(guesses))


def _lines(text: str, source: str | None) -> list[_Line]:
    found: list[_Line] = []
    blank = False
    raw = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, written in enumerate(raw, start=1):
        try:
            line = clean(written, "the line")
        except DeckError as error:
            raise DeckError(error.message, source, line=number) from None
        if not line:
            blank = True
            continue
        bullet = _BULLET.match(line)
        indent = len(written) - len(written.lstrip())
        above = found[-1] if found else None
        if above is not None and above.bullet is not None and indent > above.indent + 1 and not blank:
            # A sub-bullet, or the rest of a wrapped line: part of the item above.
            above.text += f"; {line[bullet.end() :]}" if bullet else f" {line}"
        elif bullet:
            if not line[bullet.end() :]:
                raise DeckError("the item is empty; write what has to be said, or delete it", source, line=number)
            found.append(_Line(number, line[bullet.end() :], bullet.group().strip(), blank, indent))
        else:
            found.append(_Line(number, line, None, blank))
        blank = False
    return found


# --- prompts told from references -----------------------------------------------------------------------------------


def _drafts(lines: Sequence[_Line], source: str | None) -> list[_Draft]:
    """The cards of the body: each run of bare lines read by likeness, each run of bullets put under its prompt."""
    drafts: list[_Draft] = []
    place = 0
    while place < len(lines):
        start = place
        while place < len(lines) and lines[place].bullet is None:
            place += 1
        run = lines[start:place]
        start = place
        while place < len(lines) and lines[place].bullet is not None:
            place += 1
        bullets = list(lines[start:place])
        _read_run(run, bullets, drafts, source)
    return drafts


def _read_run(run: Sequence[_Line], bullets: list[_Line], drafts: list[_Draft], source: str | None) -> None:
    """Add the cards of one run of bare lines and the bullets after it."""
    if not run:
        raise DeckError("an item without a prompt; put the prompt on a line above it", source, line=bullets[0].number)
    above = drafts[-1].bullets if drafts else []
    bare = [Bare(line.text, line.after_blank) for line in run]
    reading = read_run(bare, closes=bool(bullets), continues=bool(above))
    if reading is None:
        alone = run[0] if len(run) > 1 else run[-1]
        message = f"the prompt '{alone.text[:40]}' has no reference; add one under it"
        raise DeckError(message, source, line=alone.number)
    prompts = frozenset(reading.prompts)
    for place, line in enumerate(run):
        margin = reading.margins[place]
        certain = margin == float("inf") or (place == 0 and not above)
        if place < reading.continued:
            above[-1].text += f" {line.text}"
            message = "read as the rest of the item above"
            drafts[-1].guesses.append(
                Guess("", line.number, message, "could be a prompt that lacks its reference", True)
            )
        elif place in prompts:
            drafts.append(_Draft(line))
            if not certain:
                drafts[-1].guesses.append(
                    Guess("", line.number, "read as a prompt", "could belong to the reference above", margin < DOUBT)
                )
        else:
            drafts[-1].lines.append(line)
            if margin < DOUBT:
                drafts[-1].guesses.append(
                    Guess("", line.number, "read as a reference", "could be the next prompt", True)
                )
    drafts[-1].bullets = bullets or drafts[-1].bullets


# --- cards ----------------------------------------------------------------------------------------------------------


def _cards(drafts: Sequence[_Draft], source: str | None) -> tuple[list[Card], list[Guess]]:
    cards: list[Card] = []
    guesses: list[Guess] = []
    ids = Slugs()
    prompts: dict[str, int] = {}
    for draft in drafts:
        line = draft.prompt.number
        prompt = draft.prompt.text.casefold()
        if prompt in prompts:
            message = f"the prompt stands already on line {prompts[prompt]}; reword one of them, or merge the cards"
            raise DeckError(message, source, line=line)
        prompts[prompt] = line
        try:
            card, found = _card(draft)
        except DeckError as error:
            raise DeckError(error.message, source, line=error.line or line) from None
        card = replace(card, id=ids.unique(card.id))
        cards.append(card)
        guesses += [replace(guess, card=card.id) for guess in [*draft.guesses, *found]]
    return cards, guesses


def _card(draft: _Draft) -> tuple[Card, list[Guess]]:
    guesses: list[Guess] = []
    prompt = draft.prompt.text
    asked = asked_count(prompt)
    if draft.bullets:
        written = [_written(line) for line in draft.bullets]
        bulleted = True
    elif asked is not None and asked > 1 and len(draft.lines) == asked:
        written = [_written(line) for line in draft.lines]
        bulleted = True
        guesses.append(Guess("", draft.lines[0].number, f"{asked} lines read as {asked} items", "could be one item"))
    else:
        first = draft.lines[0]
        joined = _joined([line.text for line in draft.lines])
        written = [_written(replace(first, text=joined))]
        bulleted = False
        if len(draft.lines) > 1:
            last = draft.lines[-1].number
            guesses.append(
                Guess("", first.number, f"lines {first.number}-{last} joined into one item", "could be several")
            )
    numbered = bool(draft.bullets) and all(line.bullet and line.bullet[0].isdigit() for line in draft.bullets)
    ordered = numbered and bool(_IN_ORDER.search(prompt))
    card = card_from_items(prompt, written, ordered=ordered, bulleted=bulleted, line=draft.prompt.number)
    return card, [*guesses, *_item_guesses(card, written, asked, ordered=ordered)]


def _joined(lines: Sequence[str]) -> str:
    """The lines as one paragraph: a line that ends without a mark, before one that begins a sentence, gets its stop."""
    parts = [
        f"{line}." if line[-1].isalnum() and after[0].isupper() else line for line, after in pairwise([*lines, " "])
    ]
    return " ".join(parts)


def _written(line: _Line) -> Item:
    """The line as an item: an export knows no backslashes, so one that stands in it means itself."""
    markup = line.text.replace("\\", "\\\\")
    try:
        read_item(markup)
    except DeckError:
        markup = escape(line.text)
    return Item(markup, line=line.number)


def _item_guesses(card: Card, written: Sequence[Item], asked: int | None, *, ordered: bool) -> list[Guess]:
    """What was read into the items of a card."""
    guesses: list[Guess] = []
    line = card.items[0].line or card.line or 0
    if len(card.items) > len(written):
        found = "; ".join(item.text for item in card.items)
        guesses.append(Guess("", line, f"one line split into {len(card.items)} items: {found}", "could be one item"))
    if asked is not None and asked != len(card.items):
        what = f"the prompt asks for {asked}, the card has {len(card.items)}: need is {card.need}"
        guesses.append(Guess("", card.line or 0, what, "add items, or mend the number", asked > len(card.items)))
    if ordered:
        guesses.append(Guess("", line, "the order of the items counts", "delete 'ordered' where it does not"))
    for item in card.items:
        for wording in item.wordings:
            for option in wording.optional:
                if f"({option})" not in item.text:
                    what = f"'{option}' is not required"
                    guesses.append(
                        Guess("", item.line or 0, what, "put a backslash before its dash or colon where it is")
                    )
    return guesses


def render_guesses(imported: Imported) -> str:
    """What the reader had to guess, card by card, for a person to mend; doubtful readings are marked with `?`."""
    doubtful = sum(guess.doubtful for guess in imported.guesses)
    total = f"{_number(len(imported.deck), 'card')}, {_number(len(imported.guesses), 'guess', 'guesses')}"
    lines = [f"{total}, {doubtful} of them doubtful" if imported.guesses else f"{total}: nothing had to be guessed"]
    prompts = {card.id: card.prompt for card in imported.deck}
    last = None
    for guess in imported.guesses:
        if guess.card != last:
            lines += ["", prompts[guess.card]]
            last = guess.card
        mark = "?" if guess.doubtful else " "
        lines.append(f"{mark} line {guess.line}: {guess.what} ({guess.otherwise})")
    return "\n".join(lines)


def _number(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
