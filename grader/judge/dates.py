"""Dates: days, years, decades, centuries, ordinals and times of day, read from raw text."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.judge.figures import Kind, Quantity, make_figure, skip
from grader.judge.numerals import ORDINALS, TENS
from grader.judge.units import read_unit

MONTHS = {
    name: number
    for number, names in enumerate(
        ["january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"], 1)
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.%])"
_YEAR = r"(?P<year>\d{4}|'\d{2}|\d{2})(?![\d%])"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4}|\d{2})(?![\d.])"),
    re.compile(rf"{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?:of\s+)?{_YEAR})?", re.IGNORECASE),
    re.compile(rf"{_MONTH}\s+(?:the\s+)?{_DAY}\b(?:(?:,\s*|\s+)(?P<year>\d{{4}})(?!\d))?", re.IGNORECASE),
    re.compile(rf"{_MONTH},?\s+(?:of\s+)?(?P<year>\d{{4}})(?![\d%])", re.IGNORECASE),
)
ERA = r"(?:\s?(?P<era>b\.?c\.?e?\b\.?|a\.?d\b\.?|c\.?e\b\.?))?"
_ORDINAL_WORDS = "|".join(ORDINALS)
_TENS_WORDS = "|".join(TENS)
_ORDINAL = re.compile(
    rf"(?:(?P<digits>\d{{1,3}})\s?(?:st|nd|rd|th)|(?:(?P<tens>{_TENS_WORDS})[- ])?(?P<word>{_ORDINAL_WORDS}))\b",
    re.IGNORECASE,
)
_CENTURY_AFTER = re.compile(
    rf"(?:[\s-]*(?:and|to|or|-|/|,)\s*(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL_WORDS}))?[\s-]*"
    rf"(?:centur(?:y|ies)|cent\b\.?|c\b\.?(?!\w)){ERA}",
    re.IGNORECASE,
)
ROMAN_CENTURY = re.compile(r"([IVX]+)(?:th|st|nd|rd)?\s+century\b" + ERA)
_DECADE = re.compile(r"(?P<years>\d{3}0|'?\d0)'?s\b")
DECADE_WORDS = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
                 "eighties": 80, "nineties": 90}  # fmt: skip
_YEARS = re.compile(
    r"(?P<first>1\d{3}|20\d\d)\s?(?:-|/|\b(?:to|until|till)\b)\s?(?P<second>1\d{3}|20\d\d|\d{2})(?![\d.,]*\d|\s?%)"
)
_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s?(?:(?P<half>[ap])\.?m\b\.?|(?P<oclock>o'?clock))|"
    r"(?P<hour24>[01]?\d|2[0-4]):(?P<minute24>[0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(?P<first>\d+(?:\.\d+)?)\s?:\s?(?P<second>\d+(?:\.\d+)?)(?![\d:])")
_TIME_SECOND = re.compile(r"\b(?:per|a|each|every|one|of a|/)\s*$", re.IGNORECASE)


def read_date(text: str, start: int) -> Quantity | None:
    """The date that begins at `start`: 4 July 1776, July 4th, 1776-07-04, Jan 1871; None where there is none."""
    for pattern in _DATES:
        match = pattern.match(text, start)
        if not match:
            continue
        parts = match.groupdict()
        if parts.get("first"):
            first, second = int(parts["first"]), int(parts["second"])
            if not (0 < first <= 31 and 0 < second <= 31):
                continue
            # 4/7 may be April or July: then only the year is known.
            day, month = (first, second) if first > 12 else (second, first) if second > 12 else (None, None)
            month = first if first == second else month
        else:
            named = parts["month"].lower()
            month = int(named) if named.isdecimal() else MONTHS[named]
            day = int(parts["day"]) if parts.get("day") else None
        if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
            continue
        year = parts.get("year")
        if parts.get("month", "").lower() in ("may", "march", "mar") and not (year or day):
            continue
        value = float(year.lstrip("'")) if year else float("nan")
        return replace(
            make_figure(0.0, Kind.DATE, start, match.end()), value=value, low=value, high=value, month=month, day=day
        )
    return None


def read_era(text: str, start: int) -> Quantity | None:
    """Centuries, decades and spans of years."""
    match = _YEARS.match(text, start)
    if match:
        first, second = match["first"], match["second"]
        low, high = int(first), int(second if len(second) == 4 else first[: 4 - len(second)] + second)
        if low < high and not (read_unit(text, match.end() + 1, spaced=True) if match.end() + 1 < len(text) else None):
            return replace(
                make_figure((low + high) / 2, Kind.YEAR, start, match.end()), low=float(low), high=float(high)
            )
    match = _DECADE.match(text, start)
    if match:
        year = int(match["years"].lstrip("'"))
        year += 1900 if year < 100 else 0
        width = 100 if year % 100 == 0 else 10
        return replace(make_figure(year + width / 2, Kind.CENTURY, start, match.end()), low=year, high=year + width - 1)
    word = re.compile(r"[a-z]+", re.IGNORECASE).match(text, start)
    if word and word[0].lower() in DECADE_WORDS:
        year = 1900 + DECADE_WORDS[word[0].lower()]
        return replace(make_figure(year + 5, Kind.CENTURY, start, word.end()), low=float(year), high=year + 9.0)
    return None


def century(number: int, era: str | None, start: int, end: int) -> Quantity:
    """The years of a numbered century."""
    stated = era_name(era)
    low, high = (number - 1) * 100.0, number * 100.0 - 1
    if stated == "bc":
        low, high = -high, -low
    made = make_figure((low + high) / 2, Kind.CENTURY, start, end, name="century")
    return replace(made, low=low, high=high, era=stated)


def era_name(era: str | None) -> str:
    """The era as "bc" or "ad"; empty where none is stated."""
    return "" if not era else "bc" if era.lower().startswith("b") else "ad"


def read_clock(text: str, start: int) -> Quantity | None:
    """A time of day (14:30, 2 pm, noon), in minutes, or a ratio (30:2)."""
    word = re.compile(r"noon|midnight", re.IGNORECASE).match(text, start)
    if word:
        return make_figure(720.0 if word[0].lower() == "noon" else 0.0, Kind.TIME, start, word.end())
    match = _CLOCK.match(text, start)
    if match and (match["hour"] or (len(match["minute24"]) == 2 and "ratio" not in text)):
        hour = int(match["hour"] or match["hour24"])
        minutes = hour * 60 + int(match["minute"] or match["minute24"] or 0)
        if match["half"]:
            minutes = (hour % 12) * 60 + int(match["minute"] or 0) + (720 if match["half"].lower() == "p" else 0)
        made = make_figure(float(minutes), Kind.TIME, start, match.end())
        return replace(made, name="" if match["half"] or hour > 12 or hour == 0 else "12h")
    match = _RATIO.match(text, start)
    if match and float(match["second"]):
        return make_figure(
            float(match["first"]) / float(match["second"]), Kind.PERCENT, start, match.end(), step=0.0, name="ratio"
        )
    return None


def read_ordinal(text: str, start: int) -> Quantity | None:
    """An ordinal, or the century that it counts; "a second" and "per second" are times, and skipped."""
    match = _ORDINAL.match(text, start)
    if not match or text[start : start + 1] in "+-":
        return None
    digits, word = match["digits"], match["word"]
    number = int(digits) if digits else TENS.get((match["tens"] or "").lower(), 0) + ORDINALS[word.lower()]
    after = _CENTURY_AFTER.match(text, match.end())
    if after and (not after[0].strip().lower().startswith("c") or len(after[0].strip()) > 2 or digits):
        end = after.end() if re.match(r"[\s-]*c", after[0], re.IGNORECASE) else match.end()
        return century(number, after["era"], start, end)
    if word and word.lower() == "second" and _TIME_SECOND.search(text[max(0, start - 8) : start]):
        return skip(match.end())
    return make_figure(float(number), Kind.ORDINAL, start, match.end(), name=word.lower() if word else "")
