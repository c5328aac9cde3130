"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from grader.errors import AnswersError

PARTIAL = ".partial"


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
    """A stream into `path` + `.partial`, renamed to `path` when all is written.

    After an error the partial file is removed and what stood at `path` stays. After Ctrl-C the partial file is kept,
    and a note on the exception says so. What is no regular file, such as a device or a named pipe, is written directly.

    Raises:
        AnswersError: the place cannot be written, or the disk is full.
    """
    target = path.resolve()  # through a link, so that the rename replaces what it points at
    if target.is_dir():
        raise AnswersError(f"{path}: is a folder; name a file in it")
    direct = target.exists() and not target.is_file()
    partial = target if direct else target.with_name(target.name + PARTIAL)
    try:
        stream = partial.open("wb")
    except OSError as error:
        raise AnswersError(f"{partial}: cannot be written ({_words(error)}); choose another place with -o") from None
    try:
        with stream:
            yield stream
            stream.flush()
            if not direct:
                os.fsync(stream.fileno())  # the name may not reach the disk before the content
        if not direct:
            os.replace(partial, target)
    except KeyboardInterrupt as error:
        if not direct:
            error.add_note(f"what was graded so far is in {partial}")
        raise
    except OSError as error:
        _remove(partial, direct)
        raise AnswersError(
            f"{path}: cannot be written ({_words(error)}); nothing was kept; make room or choose another place with -o"
        ) from None
    except BaseException:
        _remove(partial, direct)
        raise


def _remove(partial: Path, direct: bool) -> None:
    if not direct:
        with suppress(OSError):
            partial.unlink()


def _words(error: OSError) -> str:
    return error.strerror or str(error)
