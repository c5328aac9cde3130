"""What is installed, where things live, and whether one answer is graded as it should be."""

from __future__ import annotations

import platform
import sys
from importlib import metadata

from grader._version import __version__
from grader.decks import content_folder
from grader.errors import ModelError
from grader.models import models_path
from grader.records import Card

PARTS = (
    "numpy",
    "onnxruntime",
    "tokenizers",
    "scipy",
    "rapidfuzz",
    "snowballstemmer",
    "typer",
    "rich",
    "platformdirs",
)
EXTRAS = ("sentence-transformers",)

PASSED = "ok"


def examine() -> dict[str, str]:
    """Names of parts and places, each with its version or path, without loading any of the parts."""
    decks = sorted(path.stem for path in content_folder().glob("*.md"))
    found = {
        "grader": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    found |= {name: _version_of(name) or "missing; reinstall free-text-grader" for name in PARTS}
    found |= {name: _version_of(name) or f"not installed (extra `{name}`)" for name in EXTRAS}
    return found | {"models": str(models_path()), "decks": f"{content_folder()} ({', '.join(decks) or 'none'})"}


def self_test() -> tuple[str, str]:
    """The signature of the shipped grader, and `PASSED` where a plain answer earns what it has to, else what it did.

    Raises:
        ModelError: a model is missing or altered, or what runs it is.
    """
    try:
        from grader.grader import Grader

        grader = Grader()
        card = Card.from_items("3 primary colours", ["red", "yellow", "blue"])
        score = grader.grade(card, "blue, red").score
    except ImportError as error:
        raise ModelError(f"a part is missing ({error}); reinstall free-text-grader") from error
    wanted = round(2 / 3, 4)
    return grader.signature, PASSED if score == wanted else f"two of three colours scored {score} and not {wanted}"


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
