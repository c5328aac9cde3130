"""What answers at once stays light: each case runs in a fresh process and lists what it loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numpy", "onnxruntime", "polars", "rapidfuzz", "scipy", "sentence_transformers", "tokenizers", "torch"}

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


def loaded(code: str, folder: Path) -> tuple[object, set[str]]:
    """Exit code and top-level modules of a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, encoding="utf-8")
    status, names = json.loads(done.stderr.strip().splitlines()[-1])
    return status, set(names)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--help"], id="grader --help"),
        pytest.param(["--version"], id="grader --version"),
        pytest.param(["grade", "--help"], id="grader grade --help"),
        pytest.param(["deck", "check", "colours.md"], id="grader deck check"),
        pytest.param(["deck", "show", "colours.md"], id="grader deck show"),
        pytest.param(["models", "path"], id="grader models path"),
    ],
)
def test_light_commands(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "colours.md").write_text(DECK, encoding="utf-8")
    status, names = loaded(COMMAND.format(words=words), tmp_path)
    assert status in (0, None)
    assert names & HEAVY == set()


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("", id="import grader"),
        pytest.param("from grader import Card, load_deck", id="cards and decks"),
    ],
)
def test_light_imports(use: str, tmp_path: Path) -> None:
    _, names = loaded(IMPORT.format(use=use), tmp_path)
    assert names & (HEAVY | {"typer", "rich"}) == set()


def test_the_grading_path_is_seen(tmp_path: Path) -> None:
    """The probe is no blindfold: what grades does load numpy."""
    _, names = loaded(IMPORT.format(use="import grader.grader"), tmp_path)
    assert "numpy" in names
