from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from grader import Card, Grader, load_deck
from grader._version import __version__
from grader.cli import app
from grader.cli.cards import complete_answers, complete_card, complete_deck
from grader.cli.exits import Exit, explain, first_of
from grader.errors import AnswersError, DeckError, GraderError, ModelError, UsageError
from grader.report import grade_to_dict

ROOT = Path(__file__).resolve().parents[1]
EXPORT = "Colours\n3 primary colours\n- red\n- yellow\n- blue\nCapital of Australia?\nCanberra\n"

DECK = """---
title: Colours
---

## 3 primary colours
- red
- yellow
- blue

## What is the capital of Australia?
Canberra
"""
WITHOUT_DECK = [
    "grade",
    "--prompt",
    "3 primary colours",
    "--reference",
    "red",
    "--reference",
    "yellow",
    "--reference",
    "blue",
]

model = pytest.mark.model


def run(*words: str, typed: bytes | str = b"", **variables: str) -> Result:
    """The command in this process; a fault of the program is raised."""
    result = CliRunner(env={"NO_COLOR": None, "ACCESSIBLE": None, **variables}).invoke(app, words, input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def shell(*words: str, typed: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "grader", *words]
    return subprocess.run(command, input=typed, capture_output=True, cwd=ROOT, env={**os.environ, **variables})


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "colours.md"
    path.write_text(DECK, encoding="utf-8")
    return str(path)


# -- the frame ------------------------------------------------------------------------------------------------------


def test_version() -> None:
    assert run("--version").stdout == f"grader {__version__}\n"


COMMANDS = [
    [], ["quiz"], ["grade"], ["batch"], ["doctor"], ["deck"], ["deck", "check"], ["deck", "show"], ["deck", "import"],
    ["models"], ["models", "list"], ["models", "verify"], ["models", "path"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_an_example_and_no_boxes(words: list[str]) -> None:
    shown = run(*words, "--help")
    assert shown.exit_code == 0
    assert "Usage: " in shown.stdout
    assert not any("─" <= char <= "╿" for char in shown.stdout)
    if words not in (["deck"], ["models"]):
        assert f"Example: grader {' '.join(words)}" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["grde"], "grde", id="no such command"),
        pytest.param(["grade", "--jsn"], "--jsn", id="no such option"),
        pytest.param(["grade"], "give DECK and CARD", id="grade nothing"),
        pytest.param(["grade", "DECK"], "give DECK and CARD", id="grade without a card"),
        pytest.param(["grade", "DECK", "9 dangers", "x"], "no card '9 dangers'", id="no such card"),
        pytest.param(["grade", "nowhere.md", "1", "x"], "nowhere.md: there is no such file or deck", id="no such deck"),
        pytest.param(["grade", "--prompt", "Q", "x"], "--prompt needs --reference", id="no reference"),
        pytest.param(["grade", "--reference", "R", "x"], "--reference needs --prompt", id="no prompt"),
        pytest.param(["grade", "--prompt", "", "--reference", "R", "x"], "prompt is empty", id="empty prompt"),
        pytest.param([*WITHOUT_DECK, "x", "y"], "give the answer alone", id="too many words"),
        pytest.param([*WITHOUT_DECK, "--need", "4", "x"], "need", id="need above the items"),
        pytest.param([*WITHOUT_DECK, "--need", "0", "x"], "need", id="need of nothing"),
        pytest.param([*WITHOUT_DECK, "--points", "-1", "x"], "points", id="points below nothing"),
        pytest.param([*WITHOUT_DECK, "--key", "name", "x"], "name", id="no such key"),
        pytest.param([*WITHOUT_DECK, "--syntax", "latex", "x"], "latex", id="no such syntax"),
        pytest.param([*WITHOUT_DECK, "--profile", "kind", "x"], "there is no profile 'kind'", id="no such profile"),
        pytest.param([*WITHOUT_DECK, "--fail-under", "2", "x"], "fail-under", id="a line above one"),
        pytest.param(["grade", "DECK", "1", "x", "--need", "2", "--ordered"], "--need, --ordered: belongs", id="both"),
        pytest.param(["batch", "nowhere.jsonl"], "nowhere.jsonl: there is no such file", id="no such answers"),
        pytest.param(["batch", "."], "folder", id="a folder of answers"),
        pytest.param(["batch", "DECK"], "answers are read from .jsonl, .csv and .tsv", id="no answers but a deck"),
        pytest.param(["batch", "-", "-o", "out.csv"], "grades are written as JSONL", id="another output"),
        pytest.param(["batch", "-", "--deck", "nowhere"], "no such file or deck", id="no such deck of answers"),
        pytest.param(["deck", "check", "nowhere.md"], "there is no such file or deck", id="check nothing"),
        pytest.param(["deck", "show", "DECK", "9 dangers"], "no card '9 dangers'", id="show nothing"),
        pytest.param(["deck", "import", "nowhere.txt"], "nowhere.txt: there is no such file", id="import nothing"),
        pytest.param(["deck", "import", "-", "-o", "DECK"], "is there already", id="import over a deck"),
    ],
)  # fmt: skip
def test_usage_errors(words: list[str], says: str, deck: str) -> None:
    result = run(*(deck if word == "DECK" else word for word in words))
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        pytest.param([], Exit.DONE, id="none"),
        pytest.param([Exit.FINDINGS, Exit.DONE], Exit.FINDINGS, id="findings"),
        pytest.param([Exit.FINDINGS, Exit.ROWS_FAILED], Exit.ROWS_FAILED, id="4 before 1"),
        pytest.param([Exit.ROWS_FAILED, Exit.MODEL], Exit.MODEL, id="3 before 4"),
        pytest.param([Exit.FINDINGS, Exit.MODEL, Exit.USAGE], Exit.USAGE, id="2 before 3"),
    ],
)
def test_which_code_wins(codes: list[Exit], code: Exit) -> None:
    assert first_of(codes) is code


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        pytest.param(DeckError("is bad; mend it", "a.md", line=3), ("a.md:3: is bad; mend it", Exit.USAGE), id="deck"),
        pytest.param(AnswersError("no answers"), ("no answers", Exit.USAGE), id="answers"),
        pytest.param(UsageError("no"), ("no", Exit.USAGE), id="usage"),
        pytest.param(ModelError("no model"), ("no model", Exit.MODEL), id="model"),
        pytest.param(KeyboardInterrupt(), ("interrupted", Exit.INTERRUPTED), id="Ctrl-C"),
        pytest.param(ZeroDivisionError(), None, id="a fault of the program"),
    ],
)
def test_what_errors_mean(error: BaseException, meaning: tuple[str, Exit] | None) -> None:
    assert explain(error) == meaning


def test_every_error_of_the_library_has_a_code() -> None:
    for kind in GraderError.__subclasses__():
        assert explain(kind("text")) is not None


# -- grade ----------------------------------------------------------------------------------------------------------


@model
def test_grade_json_is_the_grade_of_the_library(deck: str) -> None:
    answer = "bleu and yellow, perhaps"
    printed = run("grade", deck, "1", answer, "--json")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == grade_to_dict(Grader().grade(load_deck(deck).cards[0], answer))
    assert printed.stdout.count("\n") == 1


@model
@pytest.mark.parametrize(
    "card", ["3-primary-colours", "1", "3 PRIMARY", "3 primary colours"], ids=["id", "number", "start", "prompt"]
)
def test_ways_to_name_a_card(deck: str, card: str) -> None:
    assert json.loads(run("grade", deck, card, "red", "--json").stdout)["card"] == "3-primary-colours"


@model
@pytest.mark.parametrize(
    ("words", "typed", "score"),
    [
        pytest.param(["-"], b"red, blue\n", 0.6667, id="a dash"),
        pytest.param([], b"red, blue", 0.6667, id="nothing"),
        pytest.param(["-"], b"- red\r\n- blue\r\n", 0.6667, id="several lines"),
        pytest.param(["-"], b"\xef\xbb\xbfred", 0.3333, id="byte order mark"),
        pytest.param(["-"], b"", 0.0, id="empty"),
        pytest.param(["--", "- red\n- blue"], b"", 0.6667, id="a leading dash"),
    ],
)
def test_answers_from_standard_input(words: list[str], typed: bytes, score: float) -> None:
    assert json.loads(run(*WITHOUT_DECK, "--json", *words, typed=typed).stdout)["score"] == score


@model
@pytest.mark.parametrize(
    ("words", "answer", "wanted"),
    [
        pytest.param(["--need", "2"], "red, blue", {"score": 1.0, "max_points": 2.0}, id="need"),
        pytest.param(["--points", "6"], "red, blue", {"points": 4.0, "max_points": 6.0}, id="points"),
        pytest.param(["--ordered"], "blue, yellow, red", {"score": 0.3333}, id="ordered"),
        pytest.param(["--alternatives"], "yellow", {"score": 1.0, "max_points": 1.0}, id="alternatives"),
    ],
)
def test_options_reach_the_card(words: list[str], answer: str, wanted: dict[str, Any]) -> None:
    record = json.loads(run(*WITHOUT_DECK, *words, answer, "--json").stdout)
    assert {name: record[name] for name in wanted} == wanted


@model
@pytest.mark.parametrize("profile", ["lenient", "standard", "strict"])
def test_profiles_are_signed(profile: str) -> None:
    record = json.loads(run(*WITHOUT_DECK, "--profile", profile, "red", "--json").stdout)
    assert record["signature"].endswith(f"profile:{profile}")


@model
@pytest.mark.parametrize(
    ("line", "code"), [("0.5", 0), ("0.6667", 0), ("0.7", 1)], ids=["above", "just there", "below"]
)
def test_fail_under(line: str, code: int) -> None:
    result = run(*WITHOUT_DECK, "red, blue", "--fail-under", line, "--json")
    assert (result.exit_code, json.loads(result.stdout)["score"]) == (code, 0.6667)


@model
def test_grade_in_plain_words(deck: str) -> None:
    shown = run("grade", deck, "1", "red, blue", "--plain").stdout
    assert shown.startswith(
        "3 primary colours\nYour answer: [+1 red], [+3 blue]\nScore 0.67 (2 of 3 points), partly correct"
    )
    assert "\n- 2. yellow\n     missing: not in your answer\n" in shown
    assert shown.isascii()


# -- batch ----------------------------------------------------------------------------------------------------------


@model
def test_batch_writes_what_grade_prints(deck: str, tmp_path: Path) -> None:
    answers = ["red, blue", "", "Canberra", "yelow\nred"]
    source = tmp_path / "answers.jsonl"
    source.write_text(
        "".join(json.dumps({"card": "3-primary-colours", "answer": one}) + "\n" for one in answers), encoding="utf-8"
    )
    result = run("batch", str(source), "--deck", deck, "-o", str(tmp_path / "out.jsonl"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "graded 4 of 4 answers" in result.stderr
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    singles = [json.loads(run("grade", deck, "1", "--json", typed=one).stdout) for one in answers]
    assert records == [{"id": str(number), **single} for number, single in enumerate(singles, start=1)]


@model
def test_batch_from_a_pipe_to_a_pipe_lists_failed_rows() -> None:
    rows = b'{"prompt": "Sky?", "reference": "blue", "answer": "blue", "student": 7}\n{"answer": 3}\n'
    result = run("batch", "-", typed=rows)
    assert result.exit_code == 4
    good, bad = map(json.loads, result.stdout.splitlines())
    assert (good["id"], good["score"], good["student"]) == ("1", 1.0, 7)
    assert bad == {
        "id": "2",
        "error": "line 2: answer is a number; give a text, an empty one where nothing was answered",
    }
    assert "1 failed" in result.stderr


@model
def test_batch_reads_csv_and_keeps_a_file_of_an_earlier_run_until_it_is_done(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "out.jsonl"
    source.write_text("id,prompt,reference,answer\nx,Sky?,blue,blue\n", encoding="utf-8")
    target.write_text("before", encoding="utf-8")
    assert run("batch", str(source), "-o", str(target)).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.jsonl"]


def test_batch_does_not_write_over_its_answers(tmp_path: Path) -> None:
    source = tmp_path / "answers.jsonl"
    source.write_text("{}", encoding="utf-8")
    result = run("batch", str(source), "-o", str(source))
    assert result.exit_code == 2
    assert source.read_text(encoding="utf-8") == "{}"


# -- deck -----------------------------------------------------------------------------------------------------------


def test_deck_check_finds_nothing_in_a_good_deck(deck: str) -> None:
    result = run("deck", "check", deck)
    assert (result.exit_code, result.stdout) == (0, f"{deck}: nothing to mend\n")


def test_deck_check_reports_everything_at_once(deck: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("## Empty\n\n## 3 colours\n- red\n\n## Twice\n- a\n\n## Twice\n- b\n", encoding="utf-8")
    result = run("deck", "check", deck, str(bad))
    assert result.exit_code == 1
    assert f"{bad}:1: error: " in result.stdout
    assert f"{bad}:3: warning: the prompt asks for 3" in result.stdout
    assert f"{bad}:9: error: " in result.stdout
    record = json.loads(run("deck", "check", deck, str(bad), "--json").stdout)
    assert record["ok"] is False
    assert [one["findings"] == [] for one in record["decks"]] == [True, False]
    assert {finding["line"] for finding in record["decks"][1]["findings"]} >= {1, 3, 9}


def test_deck_check_of_a_bad_deck_and_a_missing_one_is_a_usage_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("## Empty\n", encoding="utf-8")
    assert run("deck", "check", str(bad)).exit_code == 1
    assert run("deck", "check", str(bad), "nowhere.md").exit_code == 2


def test_deck_show(deck: str) -> None:
    shown = run("deck", "show", deck).stdout
    assert all(text in shown for text in ("3 primary colours", "id: 3-primary-colours", "yellow", "Canberra"))
    assert "yellow" not in run("deck", "show", deck, "what is").stdout
    record = json.loads(run("deck", "show", deck, "--json").stdout)
    assert [card["id"] for card in record["cards"]] == [card.id for card in load_deck(deck).cards]
    assert [item["text"] for item in record["cards"][0]["items"]] == ["red", "yellow", "blue"]
    assert record["cards"][0]["need"] == 3


def test_deck_import_writes_a_deck_and_reports_guesses(tmp_path: Path) -> None:
    source, target = tmp_path / "export.txt", tmp_path / "colours.md"
    source.write_text(EXPORT, encoding="utf-8")
    result = run("deck", "import", str(source), "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 cards" in result.stderr
    assert [card.prompt for card in load_deck(target).cards] == ["3 primary colours", "Capital of Australia?"]
    before = target.read_bytes()
    assert run("deck", "import", "-", "-o", str(target), typed="T\nQ?\n- a\n").exit_code == 2
    assert target.read_bytes() == before
    assert run("deck", "import", "-", "-o", str(target), "--force", typed="T\nQ?\n- a\n").exit_code == 0
    assert [card.prompt for card in load_deck(target).cards] == ["Q?"]


def test_deck_import_without_output_prints_the_deck(tmp_path: Path) -> None:
    result = run("deck", "import", "-", typed=EXPORT)
    assert result.exit_code == 0
    assert "## 3 primary colours" in result.stdout


# -- models and doctor ----------------------------------------------------------------------------------------------


def manifest(folder: Path, data: bytes, sha256: str) -> None:
    file = {"name": "words/a.txt", "sha256": sha256, "bytes": len(data), "kind": "words"}
    file |= {"licence": "MIT", "source": "s", "version": "1"}
    (folder / "words").mkdir()
    (folder / "words" / "a.txt").write_bytes(data)
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "files": [file]}), encoding="utf-8")


def test_models(tmp_path: Path) -> None:
    import hashlib

    manifest(tmp_path, b"a\n", hashlib.sha256(b"a\n").hexdigest())
    variables = {"GRADER_MODELS": str(tmp_path)}
    assert run("models", "path", **variables).stdout == f"{tmp_path}\n"
    assert "words/a.txt" in run("models", "list", **variables).stdout
    assert json.loads(run("models", "list", "--json", **variables).stdout)["files"][0]["licence"] == "MIT"
    assert run("models", "verify", **variables).stdout == "words/a.txt: ok\n"
    (tmp_path / "words" / "a.txt").write_bytes(b"b\n")
    altered = run("models", "verify", "--json", **variables)
    assert altered.exit_code == 3
    assert json.loads(altered.stdout)["ok"] is False
    assert "reinstall" in altered.stderr


@model
def test_what_ships_is_whole() -> None:
    result = run("models", "verify")
    assert result.exit_code == 0
    assert all(line.endswith(": ok") for line in result.stdout.splitlines())


@model
def test_doctor() -> None:
    result = run("doctor", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["test"], found["grader"]) == (0, "ok", __version__)
    assert Path(found["models"]).is_dir()
    assert "alliances" in found["decks"]


def test_doctor_without_models_says_what_is_wrong(tmp_path: Path) -> None:
    result = run("doctor", GRADER_MODELS=str(tmp_path))
    assert result.exit_code == 3
    assert f"models: {tmp_path}" in result.stdout
    assert "test: failed: " in result.stdout


# -- completion -----------------------------------------------------------------------------------------------------


def test_decks_complete_by_name_and_path(deck: str) -> None:
    assert "alliances" in complete_deck("al")
    folder = Path(deck).parent.as_posix()
    assert complete_deck(f"{folder}/co") == [f"{folder}/colours.md"]


def test_answers_complete_by_path(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.csv", "notes.txt", ".hidden.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "more").mkdir()
    folder = tmp_path.as_posix()
    assert complete_answers(f"{folder}/") == [f"{folder}/a.csv", f"{folder}/b.jsonl", f"{folder}/more/"]


def test_cards_complete_within_their_deck(deck: str) -> None:
    context = typer.Context(typer.main.get_command(app))
    context.params["deck"] = deck
    assert complete_card(context, "3-") == [("3-primary-colours", "3 primary colours")]
    context.params["deck"] = "nowhere"
    assert complete_card(context, "") == []


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("grader gr", "grade", id="commands"),
        pytest.param("grader quiz al", "alliances", id="decks"),
        pytest.param("grader grade alliances 3-dan", "3-dangers-of-alliances", id="cards"),
        pytest.param("grader quiz alliances --only 3-dan", "3-dangers-of-alliances", id="cards of an option"),
    ],
)
def test_the_shell_is_offered(line: str, offered: str) -> None:
    words = line.split()
    variables = {"_GRADER_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    code = "import sys; sys.argv = ['grader']; from grader.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, env={**os.environ, **variables}, encoding="utf-8"
    )
    assert offered in done.stdout.split()


# -- processes ------------------------------------------------------------------------------------------------------


def test_python_m_grader() -> None:
    done = shell("--version")
    assert (done.returncode, done.stdout.decode().strip()) == (0, f"grader {__version__}")


def test_output_is_utf_8_whatever_the_locale_says(tmp_path: Path) -> None:
    path = tmp_path / "d.md"
    path.write_text("## Où ?\n- là-bas ✓ שלום\n", encoding="utf-8")
    done = shell("deck", "show", str(path), PYTHONIOENCODING="latin-1", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "là-bas ✓ שלום" in done.stdout.decode("utf-8")


def test_a_card_from_items_is_the_card_of_the_options() -> None:
    card = Card.from_items("3 primary colours", ["red", "yellow", "blue"])
    assert (card.id, card.need, card.max_points) == ("3-primary-colours", 3, 3.0)
