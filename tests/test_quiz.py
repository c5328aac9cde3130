from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import Card, Grade, Grader, ModelError, Verdict
from grader.encode import CharNgramEncoder
from grader.quiz import Round, load_in_background, play, read_answer, summary

COLOURS = Card.from_items("3 primary colours", ["red", "yellow", "blue"])
CAPITAL = Card.from_items("What is the capital of Australia?", ["Canberra"])

DECK = """# Colours

## 3 primary colours
- red
- yellow
- blue

## What is the capital of Australia?
Canberra
"""


class Script:
    """A screen whose learner types given lines, then leaves."""

    def __init__(self, *lines: str | BaseException) -> None:
        self.lines = list(lines)
        self.said: list[str] = []
        self.shown: list[tuple[Grade, str]] = []

    def say(self, text: str, *, strong: bool = False) -> None:
        self.said.append(text)

    def show_grade(self, grade: Grade, answer: str) -> None:
        self.shown.append((grade, answer))

    def read_line(self, prompt: str) -> str:
        line = self.lines.pop(0) if self.lines else EOFError()
        if isinstance(line, BaseException):
            raise line
        return line


@pytest.fixture(scope="module")
def ready() -> Callable[[float | None], Grader]:
    light = Grader(encoder=CharNgramEncoder())
    return lambda _: light


def test_a_round(ready: Callable[[float | None], Grader]) -> None:
    screen = Script("red, blue", "Canberra")
    made = play([COLOURS, CAPITAL], ready, screen)
    assert [(one.answer, one.grade.score) for one in made.played] == [("red, blue", 0.6667), ("Canberra", 1.0)]
    assert [answer for _, answer in screen.shown] == ["red, blue", "Canberra"]
    text = "\n".join(screen.said)
    assert "1/2  3 primary colours  (3 items)" in text
    assert "2/2  What is the capital of Australia?" in text
    assert "Answered 2 of 2 cards, score 0.83: 1 correct, 1 partly correct." in text
    assert text.endswith("Look at again:\n  3 primary colours")


@pytest.mark.parametrize("leave", [EOFError(), KeyboardInterrupt()], ids=["Ctrl-D", "Ctrl-C"])
def test_leaving_keeps_what_was_played(ready: Callable[[float | None], Grader], leave: BaseException) -> None:
    screen = Script("red, yellow, blue", leave)
    made = play([COLOURS, CAPITAL], ready, screen)
    assert [one.card for one in made.played] == [COLOURS]
    assert screen.said[-1] == "Answered 1 of 2 cards, score 1.00: 1 correct."


def test_leaving_at_once(ready: Callable[[float | None], Grader]) -> None:
    screen = Script()
    assert play([COLOURS, CAPITAL], ready, screen) == Round((), 2)
    assert screen.said[-1] == "Answered none of 2 cards."


def test_enter_alone_is_a_blank_answer(ready: Callable[[float | None], Grader]) -> None:
    made = play([CAPITAL], ready, Script(""))
    assert made.played[0].grade.verdict is Verdict.BLANK


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        pytest.param(["red"], "red", id="one line"),
        pytest.param(["red\\", "blue"], "red\nblue", id="a backslash goes on"),
        pytest.param(["red\\", "", "blue"], "red\n", id="an empty line ends it"),
        pytest.param(["red\\"], "red", id="the input ends after a backslash"),
        pytest.param(["red\nblue"], "red\nblue", id="a paste"),
    ],
)
def test_answers_of_several_lines(lines: list[str], answer: str) -> None:
    assert read_answer(Script(*lines)) == answer


def test_the_first_question_stands_before_the_models() -> None:
    may_load = threading.Event()

    def make() -> Grader:
        assert may_load.wait(30)
        return Grader(encoder=CharNgramEncoder())

    class Waiting(Script):
        def say(self, text: str, *, strong: bool = False) -> None:
            super().say(text, strong=strong)
            if text.startswith("One moment"):
                may_load.set()

        def read_line(self, prompt: str) -> str:
            assert any("3 primary colours" in text for text in self.said)
            assert not may_load.is_set()
            return super().read_line(prompt)

    screen = Waiting("red")
    made = play([COLOURS], load_in_background(make), screen)
    assert made.played[0].grade.score == 0.3333
    assert "One moment: the models are still loading." in screen.said


def test_models_that_cannot_be_loaded_are_an_error() -> None:
    def make() -> Grader:
        raise ModelError("the model is missing")

    with pytest.raises(ModelError, match="the model is missing"):
        play([COLOURS], load_in_background(make), Script("red"))


def test_the_summary_names_each_card_once(ready: Callable[[float | None], Grader]) -> None:
    made = play([COLOURS, CAPITAL, COLOURS], ready, Script("red", "canberra", "blue"))
    assert summary(made).count("3 primary colours") == 1


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quiz") / "colours.md"
    path.write_text(DECK, encoding="utf-8")
    return path


def piped(deck: Path, typed: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "grader", "quiz", str(deck), *words], input=typed, capture_output=True)


@pytest.mark.model
def test_through_a_pipe(deck: Path) -> None:
    done = piped(deck, b"red, blue\nCanberra\n")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "1/2  3 primary colours" in text
    assert "- 2. yellow" in text
    assert "Answered 2 of 2 cards, score 0.83" in text
    assert "\x1b" not in text


def test_no_input_asks_once_and_leaves(deck: Path) -> None:
    done = piped(deck, b"")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "1/2  3 primary colours" in done.stdout.decode()
    assert "2/2" not in done.stdout.decode()


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param(["--limit", "1"], "1/1  3 primary colours", id="limit"),
        pytest.param(["--only", "2"], "1/1  What is the capital", id="only, by number"),
        pytest.param(["--only", "what is"], "1/1  What is the capital", id="only, by start of prompt"),
        pytest.param(["--only", "2", "--only", "1"], "1/2  What is the capital", id="only, in the order given"),
        pytest.param(["--only", "1", "--only", "1"], "1/1  3 primary", id="only, once"),
    ],
)
def test_which_cards_are_asked(deck: Path, words: list[str], asked: str) -> None:
    assert asked in piped(deck, b"", *words).stdout.decode()


def test_a_seed_repeats_the_order(deck: Path) -> None:
    orders = {piped(deck, b"", "--seed", seed).stdout for seed in ("3", "3")}
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--only", "4 colours"], "the deck has no card '4 colours'", id="unknown card"),
        pytest.param(["--limit", "0"], "limit", id="limit"),
        pytest.param(["--profile", "kind"], "there is no profile 'kind'", id="profile"),
    ],
)
def test_wrong_words(deck: Path, words: list[str], says: str) -> None:
    done = piped(deck, b"", *words)
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr


# -- a terminal -----------------------------------------------------------------------------------------------------


class Terminal:
    """The command on a pseudo-terminal, read until something shows."""

    def __init__(self, deck: Path, *words: str, **variables: str) -> None:
        import pty

        self.own, theirs = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "ACCESSIBLE")}
        environment |= {"TERM": "xterm", "COLUMNS": "80", "LINES": "40", **variables}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "quiz", str(deck), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        self.seen = ""

    def until(self, wanted: str, seconds: float = 60) -> str:
        """What came since the last call, up to and with what was wanted."""
        end = time.monotonic() + seconds
        while wanted not in self.seen:
            ready, _, _ = select.select([self.own], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"waited for {wanted!r} and saw {self.seen!r}"
            try:
                data = os.read(self.own, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                data = b""
            assert data, f"ended before {wanted!r}: {self.seen!r}"
            self.seen += data.decode("utf-8", errors="replace")
        at = self.seen.index(wanted) + len(wanted)
        before, self.seen = self.seen[:at], self.seen[at:]
        return before

    def type(self, text: str) -> None:
        os.write(self.own, text.encode())

    def end(self) -> int:
        code = self.process.wait(60)
        os.close(self.own)
        return code


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches the command and nobody else


@pytest.fixture
def opened(deck: Path) -> Iterator[Callable[..., Terminal]]:
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals in the standard library")
    terminals: list[Terminal] = []

    def start(*words: str, **variables: str) -> Terminal:
        terminals.append(Terminal(deck, *words, **variables))
        return terminals[-1]

    yield start
    for terminal in terminals:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()


@pytest.mark.model
def test_a_round_on_a_terminal(opened: Callable[..., Terminal]) -> None:
    terminal = opened()
    terminal.until("3 primary colours")
    terminal.until("> ")
    terminal.type("red, blue\n")
    shown = terminal.until("2/2")
    assert "✓ 1. " in shown
    assert "· 2. " in shown
    assert "\x1b[" in shown
    terminal.until("> ")
    terminal.type("Canberra\n")
    terminal.until("Answered 2 of 2 cards")
    assert terminal.end() == 0


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["Ctrl-D", "Ctrl-C"])
@pytest.mark.parametrize("words", [(), ("--plain",)], ids=["rich", "plain"])
def test_leaving_a_terminal(opened: Callable[..., Terminal], key: str, words: tuple[str, ...]) -> None:
    terminal = opened(*words)
    terminal.until("> ")
    terminal.type(key)
    shown = terminal.until("Answered none of 2 cards.")
    assert "Traceback" not in shown
    assert terminal.end() == 0


@pytest.mark.parametrize("variable", ["NO_COLOR", "ACCESSIBLE"])
@pytest.mark.model
def test_no_colour_where_the_environment_wants_none(opened: Callable[..., Terminal], variable: str) -> None:
    terminal = opened(**{variable: "1"})
    shown = terminal.until("> ")
    terminal.type("red\n")
    shown += terminal.until("2/2")
    assert "+ 1. red" in shown
    # Line editing may ask the terminal to mark pastes; nothing else steers it.
    assert "\x1b" not in re.sub(r"\x1b\[\?2004[hl]", "", shown)


@pytest.mark.model
def test_a_paste_of_several_lines_is_one_answer(opened: Callable[..., Terminal]) -> None:
    readline = pytest.importorskip("readline")
    if "libedit" in (readline.__doc__ or ""):
        pytest.skip("libedit hands over pastes line by line")
    terminal = opened()
    terminal.until("> ")
    terminal.type("\x1b[200~red\nyellow\nblue\x1b[201~\n")
    shown = terminal.until("2/2")
    assert all(f"✓ {number}. " in shown for number in (1, 2, 3))
