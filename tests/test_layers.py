"""The house of CONTRIBUTING: who may import whom, read from the syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "grader"

# Every room, the layer it lies in. A room that is not listed fails: a newcomer has to be given its place.
LAYERS = {
    "_version": 0,
    "errors": 0,
    "records": 0,
    "text": 1,
    "models": 1,
    "decks": 2,
    "split": 2,
    "encode": 2,
    "propose": 2,
    "judge": 2,
    "assign": 2,
    "score": 2,
    "confidence": 2,
    "grader": 3,
    "report": 3,
    "batch": 4,
    "quiz": 4,
    "doctor": 4,
    "cli": 5,
    "__main__": 6,
}
# Rooms that may import less than everything below them.
ONLY = {
    "_version": set[str](),
    "errors": set[str](),
    "records": {"errors"},
    "text": set[str](),
    "models": {"errors"},
    "report": {"records"},
    "__main__": {"cli"},
}
DOOR = "__init__"  # hands names on, lazily; nothing inside may come back through it


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and room of each import of this package; `__init__` where a name comes through the package's own door."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import hides which room it means"
            names = [node.module or ""]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == "grader":
                yield node.lineno, rest.partition(".")[0] or DOOR


def violations(room: str, source: str) -> list[str]:
    """What a module of this room imports and may not."""
    below = {other for other, layer in LAYERS.items() if layer < LAYERS[room]}
    allowed = ONLY.get(room, below) | {room, "_version"}
    return [f"line {line}: {room} imports {other}" for line, other in imported(source) if other not in allowed]


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_from_below(path: Path) -> None:
    assert room_of(path) in LAYERS, "give the new room its layer in this file"
    assert violations(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source", "allowed"),
    [
        pytest.param("score", "from grader.records import Card", True, id="a stage may read records"),
        pytest.param("score", "from grader.assign import build_ledger", False, id="stages do not know each other"),
        pytest.param("score", "import grader.assign", False, id="plain import"),
        pytest.param("score", "def f():\n    from grader.batch import run", False, id="inside a function"),
        pytest.param("text", "from grader.errors import GraderError", False, id="text imports nothing"),
        pytest.param("records", "from grader.errors import DeckError", True, id="records may raise"),
        pytest.param("report", "from grader.text import fold", False, id="report reads records alone"),
        pytest.param("batch", "from grader.quiz import play", False, id="uses do not know each other"),
        pytest.param("batch", "from grader.report.record import to_json", True, id="a use may report"),
        pytest.param("batch", "from grader import Grader", False, id="not through the door"),
        pytest.param("judge", "from grader.judge.units import UNITS", True, id="a room knows itself"),
        pytest.param("grader", "from grader.cli.app import main", False, id="nothing imports the command line"),
        pytest.param("cli", "from grader.batch import run_batch", True, id="the command line translates everything"),
    ],
)
def test_the_table_is_enforced(room: str, source: str, allowed: bool) -> None:
    assert (violations(room, source) == []) is allowed


def test_every_listed_room_exists() -> None:
    assert {room_of(path) for path in modules()} == set(LAYERS)


def test_nothing_pickles_or_evaluates() -> None:
    banned = {"pickle", "marshal", "shelve", "dill", "joblib"}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not banned & {name.partition(".")[0] for name in names}, path
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path}: a bare except"
