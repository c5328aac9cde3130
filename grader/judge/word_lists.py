"""Word lists: the files of models/words, each read once."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

from grader.errors import ModelError
from grader.models import models_path

FOLDER = "words"
ENGLISH = "english.txt.gz"


@cache
def word_levels() -> dict[str, int]:
    """Every English word of the list with its level: 0 for the most frequent; a level is a factor of 1.6.

    Raises:
        ModelError: The list is missing or cannot be read.
    """
    made: dict[str, int] = {}
    for line in word_lines(ENGLISH):
        level, *words = line.split()
        made.update(dict.fromkeys(words, int(level)))
    return made


@cache
def word_lines(name: str) -> tuple[str, ...]:
    """The lines of a list, without blank ones and comments.

    Raises:
        ModelError: The list is missing or cannot be read.
    """
    path = models_path() / FOLDER / name
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    except FileNotFoundError:
        raise ModelError(f"{path}: this word list is missing; reinstall free-text-grader") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: this word list cannot be read ({error}); run `grader models verify`") from error
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
