"""Rows of an answer file: JSONL, CSV or TSV, one at a time, each with its place; what cannot be read says why."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO

from grader.errors import AnswersError

MAX_ROW = 64 * 2**20  # bytes of a JSONL line, characters of a CSV cell: far above any answer, far below a memory

# The longest marks first: UTF-32 LE begins like UTF-16 LE.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Format(StrEnum):
    """The formats that answers are read from."""

    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the input; `fields` is None where it could not be read, and `error` says why."""

    number: int  # from 1, header and blank lines not counted
    line: int  # of the file, from 1, where it starts
    fields: dict[str, Any] | None
    error: str | None = None


def format_of(name: str) -> Format:
    """The format that a file's name tells; a name without an ending, such as a pipe's, is JSONL.

    Raises:
        AnswersError: the ending is of no format that is read.
    """
    ending = PurePath(name).suffix.lower()
    known = {"": Format.JSONL, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL, ".csv": Format.CSV, ".tsv": Format.TSV}
    try:
        return known[ending]
    except KeyError:
        raise AnswersError(
            f"{name}: answers are read from .jsonl, .csv and .tsv; save the file as one of these"
        ) from None


def read_rows(stream: BinaryIO, form: Format, name: str) -> Iterator[Row]:
    """The rows of a file in order, none of them held; a row that cannot be read comes with its error.

    UTF-8 with or without a byte order mark; UTF-16 and UTF-32 where their mark, or their zero bytes, show them.

    Args:
        stream: open for reading bytes.
        form: how the bytes are laid out.
        name: of the file, for messages.

    Raises:
        AnswersError: the whole file cannot be used: an encoding, or a header without `answer`.
    """
    head = stream.read(4)
    encoding = _encoding_of(head)
    whole: BinaryIO = io.BufferedReader(_Rejoined(head, stream))
    try:
        if form is Format.JSONL:
            lines = _byte_lines(whole) if encoding.startswith("utf-8") else _decoded_lines(whole, encoding)
            yield from _json_rows(lines)
        else:
            yield from _table_rows(whole, encoding, form, name)
    except UnicodeError as error:  # of UTF-16 or UTF-32, where no later character can be trusted
        raise AnswersError(f"{name}: does not go on as the {encoding} that it starts as; save it as UTF-8") from error


def _encoding_of(head: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    zeros = [byte == 0 for byte in head]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-8"


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes have been read already, from its start again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        # read1 hands on what a pipe has now, where read would wait for a full buffer
        self._read: Callable[[int], bytes] = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (the protocol of RawIOBase)
        size = len(buffer)
        data, self._head = (self._head[:size], self._head[size:]) if self._head else (self._read(size), b"")
        buffer[: len(data)] = data
        return len(data)


def _byte_lines(stream: BinaryIO) -> Iterator[bytes | str | None]:
    """Lines of UTF-8, undecoded so that a bad byte spoils one row only; None for a line above `MAX_ROW`."""
    first = True
    while line := stream.readline(MAX_ROW + 1):
        if len(line) > MAX_ROW:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_ROW)
            yield None
        else:
            yield line.removeprefix(codecs.BOM_UTF8) if first else line
        first = False


def _decoded_lines(stream: BinaryIO, encoding: str) -> Iterator[bytes | str | None]:
    yield from io.TextIOWrapper(stream, encoding=encoding, newline="\n")


def _json_rows(lines: Iterator[bytes | str | None]) -> Iterator[Row]:
    number = 0
    for place, line in enumerate(lines, start=1):
        if line is not None and not line.strip():
            continue
        number += 1
        try:
            if line is None:
                raise ValueError(f"the line is longer than {MAX_ROW:,} bytes")
            yield Row(number, place, _json_object(line))
        except UnicodeDecodeError as error:
            yield Row(number, place, None, f"is not UTF-8 text (byte {error.start + 1} of the line); save it as UTF-8")
        except json.JSONDecodeError as error:
            yield Row(number, place, None, f"is not JSON: {error.msg} at column {error.colno}")
        except RecursionError:
            yield Row(number, place, None, "is nested too deeply to be read")
        except ValueError as error:
            yield Row(number, place, None, str(error))


def _json_object(line: bytes | str) -> dict[str, Any]:
    text = line.decode("utf-8") if isinstance(line, bytes) else line
    value = json.loads(text, object_pairs_hook=_pairs, parse_float=_finite, parse_constant=_constant)
    if isinstance(value, list):
        raise ValueError("is a list and not an object; write one object a line, without brackets around them all")
    if not isinstance(value, dict):
        raise ValueError('is not an object; write {"answer": …} with the fields of one answer')
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"names the field {twice!r} twice; keep one of them")
    return made


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"holds a number that is too large ({text[:20]})")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"holds {name}, which JSON does not have; write null")


def _table_rows(stream: BinaryIO, encoding: str, form: Format, name: str) -> Iterator[Row]:
    # Bytes that are not UTF-8 become surrogates, found cell by cell, so that they spoil one row only.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
    first = text.readline()
    delimiter = "\t" if form is Format.TSV else _delimiter(first)
    csv.field_size_limit(MAX_ROW)  # one for the process; the default, 128 KiB, is less than a long answer
    reader = csv.reader(chain([first] if first else [], text), delimiter=delimiter)
    names = _header(reader, name)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Row(number, line, None, f"cannot be read as {form.upper()}: {error}")
            continue
        if not cells:
            continue
        number += 1
        yield _table_row(number, line, names, cells)


def _table_row(number: int, line: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) < len(names) or any(cells[len(names) :]):
        return Row(
            number,
            line,
            None,
            f"has {len(cells)} cells, and the header has {len(names)}; "
            "put quotes around text that holds a separator or a line break",
        )
    for name, cell in zip(names, cells, strict=False):
        if not cell.isascii() and any("\udc80" <= char <= "\udcff" for char in cell):
            return Row(number, line, None, f"is not UTF-8 text (in the column {name!r}); save the file as UTF-8")
    fields: dict[str, Any] = dict(zip(names, cells, strict=False))
    items = [item.strip() for item in fields.get("reference", "").splitlines() if item.strip()]
    if len(items) > 1:
        fields["reference"] = items  # a cell holds one item a line
    return Row(number, line, fields)


def _header(reader: Iterator[list[str]], name: str) -> list[str]:
    try:
        names = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise AnswersError(f"{name}:1: the header cannot be read ({error})") from None
    if not names:
        raise AnswersError(f"{name}: is empty; the first line has to name the columns, `answer` among them")
    if any("\udc80" <= char <= "\udcff" for cell in names for char in cell):
        raise AnswersError(f"{name}:1: the header is not UTF-8 text; save the file as UTF-8")
    twice = next((cell for cell in names if names.count(cell) > 1), None)
    if twice is not None:
        raise AnswersError(f"{name}:1: two columns are called {twice!r}; rename one of them")
    if "answer" not in names:
        found = ", ".join(repr(cell) for cell in names[:8]) + (", …" if len(names) > 8 else "")
        raise AnswersError(f"{name}:1: has no column `answer` (found {found}); rename the column that holds them")
    return names


def _delimiter(header: str) -> str:
    """The separator under which the header names `answer`: spreadsheets of some countries write semicolons."""
    for delimiter in ",;\t":
        if "answer" in [cell.strip().strip('"') for cell in header.split(delimiter)]:
            return delimiter
    return ","
