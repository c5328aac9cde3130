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
# The one way up: a grade shows itself, by the door of the report, opened when it is asked to and not before.
WAY_UP = ("records/grades.py", "grader.report")
DOOR = "__init__"  # hands names on, lazily; nothing inside may come back through it


def imported(source: str) -> Iterator[tuple[int, str, bool]]:
    """Line and module of each import of this package, and whether it waits until a function is called."""

    def walk(node: ast.AST, waits: bool) -> Iterator[tuple[int, str, bool]]:
        for child in ast.iter_child_nodes(node):
            names: list[str] = []
            if isinstance(child, ast.Import):
                names = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"line {child.lineno}: a relative import hides which room it means"
                names = [child.module or ""]
            yield from ((child.lineno, name, waits) for name in names if name.partition(".")[0] == "grader")
            yield from walk(child, waits or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))

    return walk(ast.parse(source), False)


def violations(module: str, source: str) -> list[str]:
    """What a module, given by its path in the package, imports and may not."""
    room = room_of(module)
    below = {other for other, layer in LAYERS.items() if layer < LAYERS[room]}
    allowed = ONLY.get(room, below) | {room, "_version"}
    return [
        f"line {line}: {room} imports {name}"
        for line, name, waits in imported(source)
        if (name.split(".")[1] if "." in name else DOOR) not in allowed and not (waits and (module, name) == WAY_UP)
    ]


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(module: str) -> str:
    return module.partition("/")[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_room_imports_only_from_below(path: Path) -> None:
    assert room_of(name_of(path)) in LAYERS, "give the new room its layer in this file"
    assert violations(name_of(path), path.read_text(encoding="utf-8")) == []


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


@pytest.mark.parametrize(
    ("module", "source", "allowed"),
    [
        pytest.param("records/grades.py", "def f():\n    from grader.report import visible", True, id="when called"),
        pytest.param(
            "records/grades.py", "class G:\n    def f(self):\n        import grader.report", True, id="in a method"
        ),
        pytest.param("records/grades.py", "from grader.report import visible", False, id="at module level"),
        pytest.param("records/grades.py", "class G:\n    import grader.report", False, id="in a class body"),
        pytest.param(
            "records/grades.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from grader.report import visible",
            False,
            id="for types",
        ),
        pytest.param("records/grades.py", "def f():\n    from grader.report.text import x", False, id="past the door"),
        pytest.param("records/grades.py", "def f():\n    from grader.score import x", False, id="another room"),
        pytest.param("records/cards.py", "def f():\n    from grader.report import visible", False, id="another record"),
        pytest.param("score.py", "def f():\n    from grader.report import visible", False, id="another stage"),
    ],
)
def test_the_one_way_up_is_narrow(module: str, source: str, allowed: bool) -> None:
    assert (violations(module, source) == []) is allowed


def test_the_one_way_up_is_taken() -> None:
    """An exception that nothing needs any more has to go."""
    module, door = WAY_UP
    assert door in [name for _, name, _ in imported((PACKAGE / module).read_text(encoding="utf-8"))]


def test_every_listed_room_exists() -> None:
    assert {room_of(name_of(path)) for path in modules()} == set(LAYERS)


def test_nothing_pickles_or_evaluates() -> None:
    banned = {"pickle", "marshal", "shelve", "dill", "joblib"}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not banned & {name.partition(".")[0] for name in names}, path
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path}: a bare except"
