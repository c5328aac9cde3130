"""The commands that grade: quiz, grade and batch."""

from __future__ import annotations

import random
import sys
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from grader.cli.cards import complete_answers, complete_card, complete_deck, open_deck
from grader.cli.exits import Exit
from grader.cli.terminal import Terminal, note, read_answer, say_bytes
from grader.decks import find_card
from grader.errors import AnswersError, UsageError
from grader.records import Card, Deck, Extras, Grade, Key

if TYPE_CHECKING:
    from grader.grader import Grader

PROFILES = ("lenient", "standard", "strict")
SYNTAXES = ("items", "plain")

ProfileOption = Annotated[
    str, typer.Option("--profile", help="How much has to be said: lenient, standard or strict.", metavar="NAME")
]
PlainOption = Annotated[bool, typer.Option("--plain", help="Linear text: no colour, no boxes.")]
DeckArgument = Annotated[
    str, typer.Argument(help="A path, or the name of a shipped deck.", autocompletion=complete_deck, metavar="DECK")
]


def quiz(
    deck: DeckArgument,
    shuffle: Annotated[bool, typer.Option("--shuffle", help="Ask in random order.")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same number gives the same random order.", metavar="N")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Ask at most so many cards.", min=1, metavar="N")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Ask this card; may be repeated.", metavar="CARD", autocompletion=complete_card),
    ] = None,
    profile: ProfileOption = "standard",
    plain: PlainOption = False,
) -> None:
    """Ask the cards of a deck, one by one, and explain each grade.

    An answer is one line; a backslash at the end of a line goes on in the next, and a paste may have several lines.
    Enter alone shows the answer. Ctrl-D or Ctrl-C leaves with a summary.

    Example: grader quiz alliances --shuffle --limit 10
    """
    from grader.quiz import load_in_background, play

    _check_profile(profile)
    opened = open_deck(deck)
    cards = list(dict.fromkeys(find_card(opened, name) for name in only)) if only else list(opened.cards)
    if shuffle or seed is not None:
        random.Random(seed).shuffle(cards)
    play(cards[:limit], load_in_background(lambda: _grader(profile)), Terminal(plain=plain))


def grade(
    deck: Annotated[
        str | None,
        typer.Argument(
            help="A path, or the name of a shipped deck. With --reference there is none, and ANSWER comes first.",
            autocompletion=complete_deck,
            metavar="DECK",
        ),
    ] = None,
    card: Annotated[
        str | None,
        typer.Argument(help="An id, a number or the start of a prompt.", autocompletion=complete_card, metavar="CARD"),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Argument(
            help="What the learner wrote; - or nothing reads standard input. Put -- before a text with a leading dash.",
            metavar="[ANSWER|-]",
        ),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", help="What was asked, without a deck.", metavar="TEXT")
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", help="A reference item, without a deck; may be repeated.", metavar="TEXT"),
    ] = None,
    need: Annotated[
        int | None, typer.Option("--need", help="How many items earn full marks.", min=1, metavar="N")
    ] = None,
    ordered: Annotated[bool, typer.Option("--ordered", help="The order of the items counts.")] = False,
    key: Annotated[
        Key | None, typer.Option("--key", help="Which part of 'Term: explanation' earns it; else either.")
    ] = None,
    extras: Annotated[Extras | None, typer.Option("--extras", help="Whether surplus guesses cost; else count.")] = None,
    points: Annotated[float | None, typer.Option("--points", help="What full marks are worth.", metavar="X")] = None,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="The references are wordings of one answer; any of them will do.")
    ] = False,
    syntax: Annotated[
        str | None, typer.Option("--syntax", help="How references are read: items, or plain.", metavar="NAME")
    ] = None,
    profile: ProfileOption = "standard",
    fail_under: Annotated[
        float | None,
        typer.Option("--fail-under", help="Exit with 1 where the score is lower, 0 to 1.", min=0, max=1, metavar="X"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", "-o", help="Write the grade there too, as a web page.", metavar="FILE")
    ] = None,
    plain: PlainOption = False,
) -> None:
    """Grade one answer, to a card of a deck or to references given here.

    Example: grader grade alliances "3 dangers" "chain ganging, buck passing"

    Example: grader grade --prompt "Primary colours?" --reference red --reference yellow --reference blue "red, blue"
    """
    _check_profile(profile)
    if reference or prompt is not None:
        if card is not None or answer is not None:
            raise UsageError("--prompt and --reference stand in place of DECK and CARD; give the answer alone")
        made = _card_without_deck(
            prompt,
            reference or [],
            need=need,
            ordered=ordered,
            points=points,
            key=key or Key.EITHER,
            extras=extras or Extras.COUNT,
            alternatives=alternatives,
            syntax=syntax or "items",
        )
        answer = deck
    else:
        given = {
            "--need": need is not None,
            "--ordered": ordered,
            "--key": key is not None,
            "--extras": extras is not None,
            "--points": points is not None,
            "--alternatives": alternatives,
            "--syntax": syntax is not None,
        }
        stray = ", ".join(name for name, is_given in given.items() if is_given)
        if stray:
            raise UsageError(f"{stray}: belongs to --prompt and --reference; a deck states it itself")
        if deck is None or card is None:
            raise UsageError("give DECK and CARD, or --prompt and --reference; `grader grade --help` has examples")
        made = find_card(open_deck(deck), card)
    text = read_answer(answer)
    result = _grader(profile).grade(made, text)
    _show_grade(made, text, result, as_json=as_json, plain=plain)
    if html is not None:
        _write_page(html, made, text, result)
    if fail_under is not None and result.score < fail_under:
        raise typer.Exit(Exit.FINDINGS)


def batch(
    answers: Annotated[
        str,
        typer.Argument(
            help="A .jsonl, .csv or .tsv file, or - for JSONL on standard input.",
            autocompletion=complete_answers,
            metavar="ANSWERS",
        ),
    ],
    deck: Annotated[
        str | None,
        typer.Option(
            "--deck", help="The deck whose cards the answers name.", autocompletion=complete_deck, metavar="DECK"
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="Where the JSONL goes; else standard output.", metavar="OUT")
    ] = None,
    profile: ProfileOption = "standard",
) -> None:
    """Grade a file of answers, one JSON record for each.

    A record has `answer`, and `card` with --deck, or `prompt` and `reference` without. Fields that the grader does not
    know go through to the output. A record that cannot be graded becomes {"id": ..., "error": "..."}, the others are
    graded, and the exit code is 4.

    Example: grader batch answers.csv --deck alliances -o grades.jsonl
    """
    from grader.batch import Format, format_of, read_rows, run_batch, whole_or_nothing

    _check_profile(profile)
    opened: Deck | None = open_deck(deck) if deck else None
    form = Format.JSONL if answers == "-" else format_of(answers)
    target = None if output in (None, "-") else Path(str(output))
    _check_output(answers, target)
    with ExitStack() as stack:
        source, name = _open_answers(answers, stack)
        rows = read_rows(source, form, name)
        first = list(islice(rows, 1))  # a file that cannot be used at all is refused before the models are loaded
        grader = _grader(profile)
        write: Any = say_bytes if target is None else stack.enter_context(whole_or_nothing(target)).write
        tally = run_batch(chain(first, rows), grader, write, deck=opened)
    graded = tally.rows - tally.failed
    note(f"graded {graded:,} of {tally.rows:,} answers; {tally.to_review:,} to review; {tally.failed:,} failed")
    if tally.failed:
        raise typer.Exit(Exit.ROWS_FAILED)


def _grader(profile: str) -> Grader:
    from grader.grader import Grader

    return Grader(profile=profile)


def _show_grade(card: Card, answer: str, grade: Grade, *, as_json: bool, plain: bool) -> None:
    if as_json:
        from grader.report import grade_to_dict, to_json

        say_bytes(to_json(grade_to_dict(grade)) + b"\n")
    else:
        terminal = Terminal(plain=plain)
        terminal.say(card.prompt, strong=True)
        terminal.show_grade(grade, answer)


def _write_page(target: Path, card: Card, answer: str, grade: Grade) -> None:
    from grader.batch import whole_or_nothing
    from grader.report import grade_to_page

    with whole_or_nothing(target) as stream:
        stream.write(grade_to_page(grade, answer, prompt=card.prompt).encode())


def _check_profile(profile: str) -> None:
    """Before anything heavy is loaded."""
    if profile not in PROFILES:
        raise UsageError(f"--profile: there is no profile {profile!r}; use one of {', '.join(PROFILES)}")


def _card_without_deck(prompt: str | None, reference: list[str], **options: Any) -> Card:  # noqa: ANN401
    if prompt is None:
        raise UsageError("--reference needs --prompt; say what was asked")
    if not reference:
        raise UsageError("--prompt needs --reference; give at least one reference item")
    return Card.from_items(prompt, reference, **options)


def _check_output(answers: str, target: Path | None) -> None:
    if target is None:
        return
    if target.suffix.lower() in (".csv", ".tsv", ".xlsx", ".parquet"):
        raise UsageError(f"{target}: grades are written as JSONL; give OUT the ending .jsonl")
    if answers != "-" and target.exists() and target.is_file() and Path(answers).exists() and target.samefile(answers):
        raise UsageError(f"{target}: is the file of answers itself; give OUT another name")


def _open_answers(answers: str, stack: ExitStack) -> tuple[BinaryIO, str]:
    if answers == "-":
        return sys.stdin.buffer, "standard input"
    try:
        return stack.enter_context(Path(answers).open("rb")), answers
    except FileNotFoundError:
        raise AnswersError(f"{answers}: there is no such file of answers; check the path") from None
    except IsADirectoryError:
        raise AnswersError(f"{answers}: is a folder; name a file in it") from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise AnswersError(f"{answers}: cannot be read ({words}); check its name and permissions") from None
