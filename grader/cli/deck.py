"""The commands about decks: check, show and import."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli.cards import complete_card, complete_deck, complete_path, open_deck
from grader.cli.exits import Exit, complain, first_of
from grader.cli.terminal import say, say_bytes
from grader.decks import (
    Finding,
    Severity,
    check_text,
    deck_path,
    describe_card,
    find_card,
    import_raw,
    read_text,
    render_guesses,
    write_deck,
)
from grader.errors import DeckError, UsageError
from grader.records import Card, Deck
from grader.report import to_json, visible

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Check, show and import decks.")

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _complete_raw(incomplete: str) -> list[str]:
    return complete_path(incomplete, (".txt", ".text"))


@app.command("check")
def check(
    decks: Annotated[
        list[str],
        typer.Argument(help="Paths, or names of shipped decks.", autocompletion=complete_deck, metavar="DECK..."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Report everything that is wrong in decks, each with its line and what to do; exit code 1 for errors and warnings.

    Example: grader deck check alliances mine.md
    """
    codes = [Exit.DONE]
    records = []
    for name in decks:
        record: dict[str, Any] = {"deck": name}
        records.append(record)
        try:
            path = deck_path(name)
            text = read_text(path)
        except DeckError as error:  # no file, or no text: there is nothing to check
            record |= {"error": str(error), "findings": []}
            codes.append(Exit.USAGE)
            complain(str(error))
            continue
        findings = check_text(text, str(path))
        record |= {"deck": str(path), "findings": [_finding_to_dict(finding) for finding in findings]}
        if any(finding.severity is not Severity.NOTE for finding in findings):
            codes.append(Exit.FINDINGS)
        if not as_json:
            for finding in findings:
                say(visible(str(finding)))
            counts = Counter(finding.severity for finding in findings)
            found = ", ".join(f"{counts[one]} {one}{'s' * (counts[one] != 1)}" for one in Severity if counts[one])
            say(visible(f"{path}: {found or 'nothing to mend'}"))
    worst = first_of(codes)
    if as_json:
        say_bytes(to_json({"ok": worst is Exit.DONE, "decks": records}, indent=2) + b"\n")
    if worst is not Exit.DONE:
        raise typer.Exit(worst)


@app.command("show")
def show(
    deck: Annotated[
        str, typer.Argument(help="A path, or the name of a shipped deck.", autocompletion=complete_deck, metavar="DECK")
    ],
    card: Annotated[
        str | None,
        typer.Argument(
            help="Only this card, with how its items are read.", autocompletion=complete_card, metavar="CARD"
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the cards of a deck with their ids, or one card with every wording that earns its items.

    Example: grader deck show alliances "3 dangers"
    """
    opened = open_deck(deck)
    cards = opened.cards if card is None else (find_card(opened, card),)
    if as_json:
        say_bytes(to_json(_deck_to_dict(opened, cards), indent=2) + b"\n")
        return
    if card is None:
        say(visible(f"{opened.title}: {len(opened.cards):,} cards, language {opened.language}"))
    for one in cards:
        say()
        say(visible(describe_card(one)))


@app.command("import")
def import_(
    file: Annotated[
        str,
        typer.Argument(
            help="A text export: a title, then prompts and references; - reads standard input.",
            autocompletion=_complete_raw,
            metavar="FILE",
        ),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="The deck to write; else standard output.", metavar="DECK.md")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a deck that is there already.")] = False,
) -> None:
    """Make a deck from a raw text export, and report what had to be guessed, card by card.

    Example: grader deck import lecture3.txt -o lecture3.md
    """
    target = None if output in (None, "-") else Path(str(output))
    if target is not None and target.exists() and not force:
        raise UsageError(f"{target}: is there already; give another name, or --force to replace it")
    source = "standard input" if file == "-" else file
    text = _standard_input() if file == "-" else read_text(file)
    imported = import_raw(text, source)
    deck = write_deck(imported.deck).encode("utf-8")
    if target is None:
        say_bytes(deck)
    else:
        from grader.batch import whole_or_nothing

        with whole_or_nothing(target) as stream:
            stream.write(deck)
    sys.stderr.write(visible(render_guesses(imported)) + "\n")


def _standard_input() -> str:
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeckError(f"byte {error.start + 1} is not UTF-8; send the text as UTF-8", "standard input") from None


def _finding_to_dict(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "line": finding.line,
        "what": finding.what,
        "remedy": finding.remedy,
    }


def _deck_to_dict(deck: Deck, cards: tuple[Card, ...]) -> dict[str, Any]:
    return {
        "title": deck.title,
        "language": deck.language,
        "source": deck.source,
        "cards": [
            {
                "id": card.id,
                "prompt": card.prompt,
                "line": card.line,
                "need": card.need,
                "ordered": card.ordered,
                "points": card.max_points,
                "key": card.key.value,
                "extras": card.extras.value,
                "items": [
                    {
                        "id": item.id,
                        "text": item.text,
                        "wordings": [
                            {
                                "text": wording.text,
                                "term": wording.term,
                                "explanation": wording.explanation,
                                "optional": list(wording.optional),
                            }
                            for wording in item.wordings
                        ],
                    }
                    for item in card.items
                ],
            }
            for card in cards
        ],
    }
