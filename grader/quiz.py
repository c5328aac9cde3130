"""One round through a deck: ask, grade, explain, next; leaving at any moment is fine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from grader.records import Card, Grade, Verdict
from grader.report.wording import VERDICT_NAMES, visible

PATIENCE = 0.3  # seconds after which a learner is told that the models are still loading

HOW_TO = (
    "Type your answer and press Enter. End a line with \\ to go on in the next one; a paste may have several lines. "
    "Enter alone shows the answer. Ctrl-D or Ctrl-C leaves."
)


class Grades(Protocol):
    """What grades answers: a `Grader`."""

    def grade(self, card: Card, answer: str) -> Grade:
        """The grade of one answer."""
        ...


class Screen(Protocol):
    """Where a round is played."""

    def say(self, text: str, *, strong: bool = False) -> None:
        """Show a paragraph."""
        ...

    def show_grade(self, grade: Grade, answer: str) -> None:
        """Show a grade with the answer it is for."""
        ...

    def read_line(self, prompt: str) -> str:
        """A line that the learner typed, or several that they pasted; EOFError where there are no more."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """One card of a round."""

    card: Card
    answer: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Round:
    """What was played, and of how many cards."""

    played: tuple[Played, ...]
    cards: int


def load_in_background(make: Callable[[], Grades]) -> Callable[[float | None], Grades]:
    """Starts making a grader in a thread; the function returned waits for it.

    It takes the seconds to wait (None: for ever) and raises TimeoutError after them, or whatever `make` raised.
    """
    executor = ThreadPoolExecutor(1, thread_name_prefix="load-models")
    future: Future[Grades] = executor.submit(make)
    executor.shutdown(wait=False)
    return future.result


def play(cards: Sequence[Card], grader: Callable[[float | None], Grades], screen: Screen) -> Round:
    """Ask the cards in this order until they or the learner have had enough, and show a summary.

    Args:
        cards: what to ask.
        grader: as `load_in_background` returns it.
        screen: where to ask.

    Raises:
        ModelError: the models could not be loaded.
    """
    played: list[Played] = []
    try:
        screen.say(HOW_TO)
        for number, card in enumerate(cards, start=1):
            screen.say("")
            screen.say(_question(number, len(cards), card), strong=True)
            answer = read_answer(screen)
            grade = _wait(grader, screen).grade(card, answer)
            played.append(Played(card, answer, grade))
            screen.show_grade(grade, answer)
    except (EOFError, KeyboardInterrupt):
        screen.say("")  # the cursor stands behind the prompt
    made = Round(tuple(played), len(cards))
    screen.say("")
    screen.say(summary(made))
    return made


def read_answer(screen: Screen) -> str:
    """An answer of one line, or of several where each but the last ends with a backslash.

    Raises:
        EOFError: the input ended before anything was typed.
    """
    lines: list[str] = []
    while True:
        try:
            line = screen.read_line("... " if lines else "> ")
        except EOFError:
            if lines:
                return "\n".join(lines)
            raise
        if not line.endswith("\\"):
            return "\n".join([*lines, line])
        lines.append(line[:-1])


def summary(made: Round) -> str:
    """How the round went, and which cards to look at again."""
    if not made.played:
        return f"Answered none of {made.cards} {_plural('card', made.cards)}."
    mean = sum(one.grade.score for one in made.played) / len(made.played)
    verdicts = Counter(one.grade.verdict for one in made.played)
    counts = ", ".join(f"{verdicts[verdict]} {VERDICT_NAMES[verdict]}" for verdict in Verdict if verdicts[verdict])
    lines = [f"Answered {len(made.played)} of {made.cards} {_plural('card', made.cards)}, score {mean:.2f}: {counts}."]
    again = [one.card for one in made.played if one.grade.verdict is not Verdict.CORRECT]
    if again:
        lines.append("Look at again:")
        lines += [f"  {_one_line(card.prompt)}" for card in dict.fromkeys(again)]
    return "\n".join(lines)


def _question(number: int, total: int, card: Card) -> str:
    asked = f"{number}/{total}  {_one_line(card.prompt)}"
    if card.is_list and len(card.items) > 1:
        order = ", in order" if card.ordered else ""
        asked += f"  ({card.need} {_plural('item', card.need)}{order})"
    return asked


def _wait(grader: Callable[[float | None], Grades], screen: Screen) -> Grades:
    try:
        return grader(PATIENCE)
    except TimeoutError:
        screen.say("One moment: the models are still loading.")
    while True:
        try:
            return grader(PATIENCE)  # in short waits, since Ctrl-C cannot end a long one on Windows
        except TimeoutError:
            continue


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
