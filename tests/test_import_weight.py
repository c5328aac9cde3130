"""What answers at once stays light: each case runs in a fresh process and lists what it loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numpy", "onnxruntime", "polars", "rapidfuzz", "scipy", "sentence_transformers", "tokenizers", "torch"}

ROOT = Path(__file__).resolve().parents[1]

DECK = "# Colours\n\n## 3 primary colours\n- red\n- yellow\n- blue\n"

COMMAND = """
import json, sys
try:
    from grader.cli import main
    sys.argv = ["grader", *{words!r}]
    main()
except SystemExit as end:
    code = end.code
print(json.dumps([code, sorted({{name.partition(".")[0] for name in sys.modules}})]), file=sys.stderr)
"""

IMPORT = """
import json, sys
import grader
{use}
print(json.dumps([0, sorted({{name.partition(".")[0] for name in sys.modules}})]), file=sys.stderr)
"""


def loaded(code: str) -> tuple[object, set[str]]:
    """Exit code and top-level modules of a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, encoding="utf-8")
    status, names = json.loads(done.stderr.strip().splitlines()[-1])
    return status, set(names)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--help"], id="grader --help"),
        pytest.param(["--version"], id="grader --version"),
        pytest.param(["grade", "--help"], id="grader grade --help"),
        pytest.param(["deck", "check", "COLOURS"], id="grader deck check"),
        pytest.param(["deck", "show", "COLOURS"], id="grader deck show"),
        pytest.param(["models", "path"], id="grader models path"),
    ],
)
def test_light_commands(words: list[str], tmp_path: Path) -> None:
    deck = tmp_path / "colours.md"
    deck.write_text(DECK, encoding="utf-8")
    words = [str(deck) if word == "COLOURS" else word for word in words]
    status, names = loaded(COMMAND.format(words=words))
    assert status in (0, None)
    assert names & HEAVY == set()


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("", id="import grader"),
        pytest.param("from grader import Card, load_deck", id="cards and decks"),
    ],
)
def test_light_imports(use: str) -> None:
    _, names = loaded(IMPORT.format(use=use))
    assert names & (HEAVY | {"typer", "rich"}) == set()


def test_the_grading_path_is_seen() -> None:
    """The probe is no blindfold: what grades files loads numpy."""
    _, names = loaded(IMPORT.format(use="import grader.batch"))
    assert "numpy" in names
