"""Scanning: every figure of a raw text, in order, each once."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from grader.judge.dates import DECADE_WORDS, MONTHS, read_clock, read_date, read_era, read_ordinal
from grader.judge.figures import Kind, Quantity
from grader.judge.labels import read_chain, read_glued, read_roman, read_world_war
from grader.judge.measures import MULTIPLES, read_multiple, read_number
from grader.judge.numerals import FRACTION_SIGNS, ONES, ORDINALS, TENS

_SAME_LENGTH = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‒": "-", "‑": "-", "‐": "-", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
     "\u2007": " ", "’": "'", "‘": "'", "μ": "µ", "⁄": "/", "∕": "/", "º": "°", "\t": " "}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)  # fmt: skip
_APPROXIMATE = re.compile(
    r"(?:\b(?:about|around|approx(?:imately)?|approx\.|roughly|nearly|almost|some|circa|ca?\.|abt|close to|near|or so|"
    r"usually|typically|average|normally|just (?:over|under))|[~≈])\s*(?:the\s+|at\s+)?(?:[-+($£€]\s?)?$",
    re.IGNORECASE,
)
_APPROXIMATE_AFTER = re.compile(
    r"\W{0,2}(?:or so|approx|roughly|ish\b|more or less|give or take|in rough)", re.IGNORECASE
)
_LEAST = re.compile(
    r"(?:\b(?:at least|more than|greater than|over|above|minimum(?: of)?|exceeds?|exceeding|from)|>=?|≥)\s*[£$€]?$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"(?:\b(?:at most|less than|fewer than|under|below|within|up to|maximum(?: of)?|no more than|not more than)|<=?|≤)"
    r"\s*[£$€]?$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"\s*(?:or (?:more|above|over|higher|greater|older)\b|\+)", re.IGNORECASE)
_MINUS = re.compile(r"\b(?:minus|negative)\s+$", re.IGNORECASE)
_ENUMERATOR = re.compile(r"(?P<number>\d{1,2})\s?[.):\]](?=\s|[A-Za-z])")
_LINE_START = re.compile(r"(?:^|\n)[\s(\[*-]*$")
_WORD_STARTS = "|".join(
    sorted({*ONES, *TENS, *ORDINALS, *MONTHS, *DECADE_WORDS, *MULTIPLES, "half", "quarter", "dozen", "a", "an",
            "noon", "midnight", "world", "ww", "w", "hundred"}, key=len, reverse=True)
)  # fmt: skip
_CANDIDATE = re.compile(
    rf"(?<![\w.])[-+]?\.?\d|(?<=[$£€¥₹~≈<>=±°%])\d|(?<=\s)[-+]\.?\d|[{''.join(FRACTION_SIGNS)}]|"
    rf"(?<![\w])(?:US)?[$£€¥₹]\s?\d|'\d0s\b|\b(?:{_WORD_STARTS})\b|\bww(?=[12iI])|\b[A-Za-z]+-?\d|(?<![\w.])[IVX]+\b|(?<=\D\.)\d",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def quantities(text: str, most: int | None = None) -> tuple[Quantity, ...]:
    """The figures of a raw text in order, never overlapping; enumerators and pronouns ("this one") are left out.

    `most` stops the reading after so many figures.
    """
    written = text.translate(_SAME_LENGTH)
    found: list[Quantity] = []
    position, listed = 0, 0
    while (most is None or len(found) < most) and (match := _CANDIDATE.search(written, position)):
        start = match.start()
        enumerator = _ENUMERATOR.match(written, start)
        if enumerator:
            number = int(enumerator["number"])
            if number <= 20 and (
                _LINE_START.search(written[max(0, start - 24) : start]) or (listed and number == listed + 1)
            ):
                listed, position = number, enumerator.end()
                continue
        quantity = _read(written, start)
        if quantity is None:
            position = match.end() if match.end() > start else start + 1
            continue
        position = quantity.end
        if quantity.start >= 0:
            before, after = written[max(0, start - 24) : start], written[quantity.end : quantity.end + 16]
            roughly = quantity.text == "a" or bool(_APPROXIMATE.search(before) or _APPROXIMATE_AFTER.match(after))
            bound = ">" if _LEAST.search(before) or _BOUND_AFTER.match(after) else "<" if _MOST.search(before) else ""
            if _MINUS.search(before) and quantity.low > 0 and quantity.kind in (Kind.COUNT, Kind.NUMBER):
                low, high = -quantity.high, -quantity.low
                quantity = replace(quantity, value=-quantity.value, low=low, high=high)
            written_as = text[quantity.start : quantity.end]
            found.append(replace(quantity, text=written_as, approximate=roughly, bound=bound))
    return _without_enumeration(tuple(found))


def _without_enumeration(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Drops "1 problem 2 ideas 3 prototype": bare numbers that count up from one and open the text."""
    bare = [q for q in found if q.kind is Kind.COUNT and not q.units and q.text.isdecimal()]
    if len(bare) >= 3 and bare[0].start <= 1 and [q.value for q in bare] == list(range(1, len(bare) + 1)):
        return tuple(q for q in found if q not in bare)
    return found


def _read(text: str, start: int) -> Quantity | None:
    for reader in (
        read_world_war,
        read_glued,
        read_roman,
        read_date,
        read_era,
        read_chain,
        read_clock,
        read_ordinal,
        read_multiple,
        read_number,
    ):
        found = reader(text, start)
        if found is not None:
            return found
    return None
