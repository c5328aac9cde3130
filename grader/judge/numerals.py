"""Numerals: numbers as digits, powers, fractions, words and Roman figures, read from raw text."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONES = {
    "zero": 0, "nil": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "hundreds": 1e2,
    "millions": 1e6, "billions": 1e9, "mn": 1e6, "mln": 1e6, "bn": 1e9, "mio": 1e6, "tn": 1e12,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "hundredth": 100,
}  # fmt: skip
FRACTION_SIGNS = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
    "⅙": 1 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "hundredth": 100, "hundredths": 100, "thousandth": 1000,
    "thousandths": 1000, "millionth": 1e6, "millionths": 1e6,
}  # fmt: skip

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d])(?:[.,]\d+(?!\d))?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?![\d.])"
    r"|\d{1,3}(?:'\d{3})+(?!\d)|\d+\.\d+|\d+,\d+(?!\d*,?\d)|\d+|\.\d+)"
)
_EXPONENT = r"(?:(?:\^|\*\*)\s?[({]?\s?(?P<NAME>[-+]?\d+)[)}]?|(?P<NAME_raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_NUMBER = re.compile(
    rf"(?P<mantissa>{_DIGITS})"
    rf"(?:(?P<e>[eE][-+]?\d+)(?!\w)|\s?(?:x|X|\*|·|times)\s?10\s?{_EXPONENT.replace('NAME', 'ten')}"
    rf"|{_EXPONENT.replace('NAME', 'power')}|\s?(?P<sign>[{''.join(FRACTION_SIGNS)}]))?"
)
_WORD = re.compile(r"[^\W\d_]+")
_OVER = re.compile(r"\s?/\s?(\d+)(?![\d./])")
_ONE_UNSAID = re.compile(
    rf"an?\s+(?=(?:hundred|thousand|million|billion|trillion)\b)"
    rf"|(?=hundred\s+(?:and\s+)?(?:{'|'.join((*ONES, *TENS))})\b)",
    re.IGNORECASE,
)
_AND_HALF = re.compile(r"\s+and\s+(?:a|one)\s+(half|quarter|third)\b", re.IGNORECASE)
_JOIN = re.compile(r"(?:\s+and\s+|-|\s+)", re.IGNORECASE)
_DIGIT_WORDS = "zero|one|two|three|four|five|six|seven|eight|nine"
_POINT = re.compile(rf"\s+point\s+(\d+|(?:{_DIGIT_WORDS})(?:\s+(?:{_DIGIT_WORDS}))*)\b", re.IGNORECASE)
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_PAIRED = re.compile(rf"\s+({_TEENS}|{'|'.join(TENS)})(?:(?<=ty)[\s-]({_DIGIT_WORDS}))?\b", re.IGNORECASE)
_SPOKEN_DIGITS = re.compile(rf"(?:{_DIGIT_WORDS})(?:[\s-](?:{_DIGIT_WORDS})){{2,}}\b", re.IGNORECASE)
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written: its value, the worth of its last stated digit, and where it ends."""

    value: float
    step: float
    end: int
    is_fraction: bool = False  # a part of a whole: ½, two thirds
    in_words: bool = False


def read_numeral(text: str, start: int) -> Numeral | None:
    """The number that begins at `start`, in digits or in words; None where there is none."""
    if text[start] in FRACTION_SIGNS:
        return Numeral(FRACTION_SIGNS[text[start]], 0.0, start + 1, is_fraction=True)
    match = _NUMBER.match(text, start)
    return _digits(text, match) if match else _words(text, start)


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals, at most 3999; None where the text is none."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[char] for char in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _digits(text: str, match: re.Match[str]) -> Numeral:
    value, step = _plain(match["mantissa"])
    end = match.end()
    if match["e"]:
        scale = 10.0 ** int(match["e"][1:])
        return Numeral(value * scale, _digit_step(match["mantissa"]) * scale, end)
    ten = match["ten"] or (match["ten_raised"] or "").translate(_RAISED)
    if ten:
        scale = 10.0 ** max(-300, min(300, int(ten)))
        return Numeral(value * scale, _digit_step(match["mantissa"]) * scale, end)
    power = match["power"] or (match["power_raised"] or "").translate(_RAISED)
    if power:
        exponent = int(power)
        if value <= 0 or abs(exponent) > 300 or abs(exponent) * len(match["mantissa"]) > 600:
            return Numeral(value, step, match.end("mantissa"))
        return Numeral(value**exponent if exponent < 100 else float(value) ** exponent, 0.0, end)
    if match["sign"]:
        return Numeral(value + FRACTION_SIGNS[match["sign"]], 0.0, end)
    over = _OVER.match(text, end)
    if over and value == int(value) and 0 < int(over[1]) <= 1000 and value <= 1000:
        return Numeral(value / int(over[1]), 0.0, over.end(), is_fraction=value < int(over[1]))
    half = _AND_HALF.match(text, end)
    if half:
        return Numeral(value + 1 / _PARTS[half[1].lower()], 0.0, half.end())
    return Numeral(value, step, end)


def _plain(written: str) -> tuple[float, float]:
    """Value and last stated place of plain digits: a comma before three figures groups, any other is a decimal mark."""
    cleaned = written.replace(" ", "").replace("'", "")
    if cleaned.count(".") > 1:
        cleaned = cleaned.replace(".", "")
    if "," in cleaned:
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", cleaned)
        cleaned = cleaned.replace(",", "") if grouped else cleaned.replace(",", ".")
    value = float(cleaned[:300])
    if "." in cleaned:
        return value, 10.0 ** -(len(cleaned) - cleaned.index(".") - 1)
    # Trailing noughts may only fill the place: two figures are taken as meant, the noughts after them as rounding.
    noughts = len(cleaned) - len(cleaned.rstrip("0"))
    return value, 10.0 ** max(0, min(noughts, len(cleaned) - 2))


def _digit_step(written: str) -> float:
    """The last stated place of a mantissa, where every figure counts."""
    return 10.0 ** -(len(written) - written.index(".") - 1) if "." in written else 1.0


def _words(text: str, start: int) -> Numeral | None:
    match = _WORD.match(text, start)
    if not match:
        return None
    word = match[0].lower()
    special = _article(text, match, word)
    if special:
        return special
    run = _run_of_words(text, start)
    if run is None:
        return None
    value, end, last, scaled = run
    return _spoken(text, start, value, end, last, scaled) or _whole_or_part(text, value, end)


def _run_of_words(text: str, start: int) -> tuple[float, int, str, bool] | None:
    """The number words from `start` on: value, end, the last of them, and whether a thousand is among them."""
    total, group, end, last = 0.0, None, start, ""
    position: int | None = start
    article = _ONE_UNSAID.match(text, start)
    if article:  # "a hundred and five"; "hundred twelve", as second-language writers leave out the article
        group, position = 1.0, article.end()
    while position is not None:
        found = _WORD.match(text, position)
        grown = _grown(total, group, found[0].lower(), last) if found else None
        if grown is None or found is None:
            break
        (total, group), end, last = grown, found.end(), found[0].lower()
        join = _JOIN.match(text, end)
        position = join.end() if join and (not join[0].strip().isalpha() or last in SCALES) else None
    if group is None or end == start:
        return None
    return total + group, end, last, total > 0


def _grown(total: float, group: float | None, word: str, last: str) -> tuple[float, float] | None:
    """The thousands and the rest after one more word; None where the word does not go on the number."""
    if word in ONES and _may_add(group, ONES[word], last):
        return total, (group or 0.0) + ONES[word]
    if word in TENS and (not group or (group % 100 == 0 and last == "hundred")):
        return total, (group or 0.0) + TENS[word]
    if group is None:
        return None
    if word in ("hundred", "dozen") and group < 100:
        return total, group * SCALES[word]
    if word in ("thousand", "million", "billion", "trillion"):
        return total + group * SCALES[word], 0.0
    return None


def _spoken(text: str, start: int, value: float, end: int, last: str, scaled: bool) -> Numeral | None:
    """Numbers said digit by digit or in pairs: one point six, one one two, two fifty six, nineteen fourteen."""
    point = _POINT.match(text, end)
    if point:
        return _spoken_decimal(value, point)
    if scaled:
        return None
    run = _SPOKEN_DIGITS.match(text, start) if last in ONES and value < 10 else None
    if run:
        digits = "".join(str(ONES[digit]) for digit in run[0].lower().replace("-", " ").split())
        return Numeral(float(digits), 1.0, run.end(), in_words=True)
    pair = _PAIRED.match(text, end) if value < 21 else None
    if pair and (pair[1].lower() in TENS or value >= 10):
        ones = ONES.get(pair[1].lower(), 0) + TENS.get(pair[1].lower(), 0) + ONES.get((pair[2] or "zero").lower(), 0)
        return Numeral(value * 100 + ones, 1.0, pair.end(), in_words=True)
    return None


def _whole_or_part(text: str, value: float, end: int) -> Numeral:
    part = _part_after(text, end)
    if part:
        return Numeral(value / part[0], 0.0, part[1], is_fraction=True, in_words=True)
    half = _AND_HALF.match(text, end)
    if half:
        return Numeral(value + 1 / _PARTS[half[1].lower()], 0.0, half.end(), in_words=True)
    return Numeral(value, _plain(str(int(value)))[1], end, in_words=True)


def _may_add(group: float | None, value: int, last: str) -> bool:
    """Whether a word below twenty goes on a number: after twenty, a hundred, a thousand, or as its first."""
    if group is None or last in ("thousand", "million", "billion", "trillion"):
        return True
    if last in TENS:
        return 0 < value < 10
    return last == "hundred" and value > 0


def _spoken_decimal(whole: float, match: re.Match[str]) -> Numeral:
    """A decimal in words: "one point six", "one point 5"."""
    written = match[1].lower()
    digits = written if written.isdecimal() else "".join(str(ONES[word]) for word in written.split())
    return Numeral(whole + int(digits) / 10 ** len(digits), 10.0 ** -len(digits), match.end(), in_words=True)


def _part_after(text: str, start: int) -> tuple[int, int] | None:
    """Denominator and end of "thirds" in "two thirds"; "second" and "thirds" of an ordinal run are none."""
    match = re.compile(r"(?:\s+|-)([^\W\d_]+)").match(text, start)
    if (
        match
        and match[1].lower() in _PARTS
        and not re.match(r"\s+(?:place|time|party|war|world|century)", text[match.end() :])
    ):
        return int(_PARTS[match[1].lower()]), match.end()
    return None


def _article(text: str, match: re.Match[str], word: str) -> Numeral | None:
    """A number that begins with no number word: "half", "a third", "one quarter", "a dozen"."""
    if word in ("half", "quarter"):
        dozen = re.compile(r"\s+(?:a\s+)?dozen\b", re.IGNORECASE).match(text, match.end())
        if dozen and word == "half":
            return Numeral(6.0, 1.0, dozen.end(), in_words=True)
        return Numeral(1 / _PARTS[word], 0.0, match.end(), is_fraction=True, in_words=True)
    if word == "dozen":
        return Numeral(12.0, 1.0, match.end(), in_words=True)
    after = re.compile(r"(?:\s+|-)([^\W\d_]+)(?:\s+([^\W\d_]+))?").match(text, match.end())
    if word in ("a", "an", "one") and after:
        following = after[1].lower()
        if following in ("half", "quarter") or (
            following in _PARTS and (after[2] or "of").lower() in ("of", "as", "the", "or")
        ):
            return Numeral(1 / _PARTS[following], 0.0, after.end(1), is_fraction=True, in_words=True)
        if following == "dozen":
            return Numeral(12.0, 1.0, after.end(1), in_words=True)
    return None
