"""Where decks lie, and how their files become text."""

from __future__ import annotations

import os
from pathlib import Path

from grader.decks.markdown import parse
from grader.errors import DeckError
from grader.records import Deck

SUFFIX = ".md"


def load_deck(path: Path | str) -> Deck:
    """The deck in a Markdown file.

    Raises:
        DeckError: where the file cannot be read, or for the first thing in it that is wrong.
    """
    return read_deck(read_text(path), str(path))


def read_deck(text: str, source: str | None = None) -> Deck:
    """The deck that a Markdown text holds; `source` names it in errors.

    Raises:
        DeckError: for the first thing that is wrong.
    """
    parsed = parse(text, source)
    if parsed.errors:
        raise parsed.errors[0]
    return parsed.deck


def read_text(path: Path | str) -> str:
    """What a text file says: UTF-8, with or without a byte order mark.

    Raises:
        DeckError: where there is no such file, or it is not text in UTF-8.
    """
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DeckError("there is no such file; check the path", path) from None
    except IsADirectoryError:
        raise DeckError("this is a folder; name a deck file in it", path) from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # what Windows calls a permission error
            raise DeckError("this is a folder; name a deck file in it", path) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise DeckError(f"the file cannot be read ({reason}); check its name and permissions", path) from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DeckError("the file is UTF-16; save it as UTF-8", path, line=1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DeckError(
            f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8", path, line=line
        ) from None


def deck_path(name: Path | str) -> Path:
    """The file that DECK on the command line means: a path, or the name of a deck that comes with the project.

    Raises:
        DeckError: where it is neither.
    """
    path, text = Path(name), str(name)
    if path.is_file():
        return path
    shipped = content_folder()
    bare = text.removesuffix(SUFFIX)
    if bare and not set(bare) & set("/\\\0"):
        candidate = shipped / f"{bare}{SUFFIX}"
        if candidate.is_file():
            return candidate
    if text and path.exists():
        return path  # a folder, which reading it will name
    names = ", ".join(sorted(file.stem for file in shipped.glob(f"*{SUFFIX}")))
    known = f"the decks that come with the grader are: {names}" if names else "no decks come with this installation"
    raise DeckError(f"there is no such file or deck; {known}", text)


def content_folder() -> Path:
    """The folder of the decks that come with the project: in the wheel inside the package, in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_content"
    return inside if inside.is_dir() else package.parent / "content"
