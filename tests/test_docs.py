from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.decks import read_deck

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.model
def test_the_python_of_the_readme_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = blocks("python")
    said = re.search(r"print\(.*?\)  # (.*)", code)
    assert said is not None
    monkeypatch.chdir(ROOT)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue().strip() == said[1]


@pytest.mark.model
def test_the_console_of_the_readme_shows_real_output() -> None:
    [session] = blocks("console")
    command, shown = session.split("\n", 1)
    result = CliRunner().invoke(app, shlex.split(command.removeprefix("$ grader ")))
    assert result.output == shown


def test_the_deck_of_the_readme_is_a_deck() -> None:
    [markdown] = blocks("markdown")
    deck = read_deck(markdown)
    assert [card.need for card in deck.cards] == [3, 1]


def test_the_two_commands_are_where_ci_looks() -> None:
    for name in ("run", "test"):
        assert re.search(rf"<!-- command: {name} -->\n```sh\n.*?\n```", README, re.DOTALL)
