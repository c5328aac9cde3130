"""Figures: every quantity, date and numbered label of a raw text, with its unit, its precision and its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from grader.judge.numerals import FRACTION_SIGNS, ONES, ORDINALS, SCALES, TENS, Numeral, read_numeral, roman
from grader.judge.units import Unit, read_unit, reciprocal, single


class Kind(StrEnum):
    """What sort of figure it is: only figures of one sort are compared."""

    NUMBER = "number"  # with a unit, or a decimal
    COUNT = "count"  # a bare whole number, or one that counts things
    PERCENT = "percent"  # percentages, fractions and ratios
    TIMES = "times"  # doubled, four times as large
    MONEY = "money"
    YEAR = "year"
    DATE = "date"
    CENTURY = "century"  # centuries and decades
    ORDINAL = "ordinal"
    TIME = "time"  # of day
    LABEL = "label"  # a number that names a thing: terminal 2, SN1, World War II


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a text.

    `low` and `high` are the ends of a range, equal where there is one value; `value` is their middle. All three and
    `step`, the worth of the last stated place, are as written, before any conversion. Years before Christ are negative;
    times of day are minutes.
    """

    value: float
    low: float
    high: float
    step: float
    kind: Kind
    units: tuple[Unit, ...]  # what the unit may mean, the likeliest first; empty for a pure number
    name: str  # the unit as its symbol, the thing that a label names, or empty
    start: int  # code points of the raw text, end exclusive
    end: int
    text: str
    approximate: bool = False
    bound: str = ""  # ">" after "at least" or "above", "<" after "at most" or "under"
    month: int | None = None
    day: int | None = None
    era: str = ""  # "bc" or "ad" where it is stated

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.low != self.high


_SAME_LENGTH = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‒": "-", "‑": "-", "‐": "-", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
     "\u2007": " ", "’": "'", "‘": "'", "μ": "µ", "⁄": "/", "∕": "/", "º": "°", "\t": " "}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)  # fmt: skip

_MONTHS = {
    name: number
    for number, names in enumerate(
        ["january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"], 1)
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.%])"
_YEAR = r"(?P<year>\d{4}|'\d{2}|\d{2})(?![\d%])"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4}|\d{2})(?![\d.])"),
    re.compile(rf"{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?:of\s+)?{_YEAR})?", re.IGNORECASE),
    re.compile(rf"{_MONTH}\s+(?:the\s+)?{_DAY}\b(?:(?:,\s*|\s+)(?P<year>\d{{4}})(?!\d))?", re.IGNORECASE),
    re.compile(rf"{_MONTH},?\s+(?:of\s+)?(?P<year>\d{{4}})(?![\d%])", re.IGNORECASE),
)
_ERA = r"(?:\s?(?P<era>b\.?c\.?e?\b\.?|a\.?d\b\.?|c\.?e\b\.?))?"
_ORDINAL_WORDS = "|".join(ORDINALS)
_TENS_WORDS = "|".join(TENS)
_ORDINAL = re.compile(
    rf"(?:(?P<digits>\d{{1,3}})\s?(?:st|nd|rd|th)|(?:(?P<tens>{_TENS_WORDS})[- ])?(?P<word>{_ORDINAL_WORDS}))\b",
    re.IGNORECASE,
)
_CENTURY_AFTER = re.compile(
    rf"(?:[\s-]*(?:and|to|or|-|/|,)\s*(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL_WORDS}))?[\s-]*"
    rf"(?:centur(?:y|ies)|cent\b\.?|c\b\.?(?!\w)){_ERA}",
    re.IGNORECASE,
)
_ROMAN_CENTURY = re.compile(r"([IVX]+)(?:th|st|nd|rd)?\s+century\b" + _ERA)
_DECADE = re.compile(r"(?P<years>\d{3}0|'?\d0)'?s\b")
_DECADE_WORDS = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
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
_ONE_IN = re.compile(r"\s+(?:in|out\s+of)\s+(?:every\s+|each\s+)?(?=[\dA-Za-z])", re.IGNORECASE)
_CHAIN = re.compile(r"\d+(?:(?:\.\d+){2,}(?:/\d+)?|(?:-\d+){2,}|(?::\d+){2,})(?!\d)")
_GLUED = re.compile(r"[A-Za-z]+\d[\w']*|[A-Za-z]{2,5}-\d{1,3}(?![\d.])")
_GLUED_LABEL = re.compile(r"([A-Za-z]{1,6})-?(\d{1,3})")
_BEFORE_LINK = re.compile(r"\s?(?:-|\bto\b|\bthrough\b|\btill\b|\buntil\b)\s?", re.IGNORECASE)
_AND_LINK = re.compile(r"\s+and\s+")
_SYMBOL_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]\s?[-+*/^]\s?$")  # n - 1, C/2: part of a formula
_SYMBOL_AFTER = re.compile(
    r"\s?[-+*^]\s?[A-Za-z](?![A-Za-z])|\s?/\s?[a-z]\s?=|\s+orders?\s+of\s+magnitude", re.IGNORECASE
)
_NAMED_PART = re.compile(
    r"\b(?:first|last|second|third|fourth|next|each|per|every|this|that|french|city|latin)\s+$", re.IGNORECASE
)
_A_TIME = re.compile(r"(an?)\s+(?:second|minute|hour|day|week|fortnight|month|year|decade|century)\b", re.IGNORECASE)
_FOR_A_TIME = re.compile(r"\b(?:for|about|within|after|takes?|lasts?|lasted|roughly|around|over)\s+$", re.IGNORECASE)
_PLUS_MINUS = re.compile(r"\s?(?:±|\+/-|\+-|plus or minus)\s?(?=\d)")
_PERCENT = re.compile(r"\s?(?:%|٪)|\s?-?(?:per\s?cents?|percents?|pct|percentage points?|pc)\b", re.IGNORECASE)
_OF_A_PERCENT = re.compile(r"\s+(?:of\s+)?(?:an?\s+|one\s+)?(?:per\s?cent|%)", re.IGNORECASE)
_PARTS_PER = re.compile(r"\s?(‰|ppm|ppb)(?!\w)")
_SCALE = re.compile(
    r"(?:\s?-?(million|billion|trillion|thousand|hundred|dozen|mn|mln|mio|bn|tn)s?|(k|K))\b", re.IGNORECASE
)
_TIMES_AFTER = re.compile(r"(?:\s?-?fold\b|\s?x(?![\w])|\s+times\b(?!\s+(?:a|per|table|new|each)\b))", re.IGNORECASE)
_ARTICLE_UNIT = re.compile(r"\s+(?:of\s+)?(?:an?\s+|the\s+)?", re.IGNORECASE)
_MULTIPLES = {"double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "twice": 2, "twofold": 2, "triple": 3,
              "triples": 3, "tripled": 3, "treble": 3, "trebles": 3, "thrice": 3, "threefold": 3, "quadruple": 4,
              "quadruples": 4, "quadrupled": 4, "halve": 0.5, "halves": 0.5, "halved": 0.5, "halving": 0.5}  # fmt: skip
_CURRENCY = re.compile(r"(?:US|A|C)?([$£€¥₹])\s?(?=[\d.])")
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
_LABEL_BEFORE = re.compile(
    r"\b(?P<noun>fig(?:ure)?s?\.?|tables?|chapters?|ch\.|circuits?|terminals?|types?|phases?|stages?|steps?|questions?|"
    r"items?|sections?|articles?|art|amendments?|levels?|grades?|class|groups?|rooms?|numbers?|nr\.?|no\.|platforms?|"
    r"routes?|lines?|layers?|channels?|experiments?|tests?|trials?|samples?|bulbs?|batter(?:y|ies)|switch(?:es)?|"
    r"lamps?|resistors?|world war|war|acts?|scenes?|books?|psalms?|laws?|principles?|options?|players?|nerves?|cn|rules?|"
    r"pages?|volumes?|tiers?|zones?|waves?|teams?|planets?|points?|paths?|gaps?|clauses?|protocols?|version|v\.?|"
    r"generations?|mhc|sn|street|route|highway|apollo|schedule|category|band|part)\s+(?:no\.?\s|number\s|#)?#?$",
    re.IGNORECASE,
)
_ROMAN_AFTER_NAME = re.compile(r"(?<![\w.])([IVX]{1,5})(?![\w'.])")
_LABELS_OF_ONE = re.compile(  # where a lone capital I is a numeral, and not the learner
    r"(?:\b(?:war|type|phase|part|class|grade|stage|level|mhc|book|act|volume|chapter)|"
    r"\b(?:Elizabeth|Charles|James|William|Wilhelm|Francis|Franz|Napoleon|Nicholas|George|Leopold|Alexander|Peter|"
    r"Catherine|Mary|Louis|Henry|Edward|Richard|Philip|Otto|Frederick|Ferdinand))\s$"
)
_WORLD_WAR = re.compile(
    r"\b(?:w\.?w\.?\s?-?(?P<short>1|2|II|I)\b|(?:the\s+)?(?P<ordinal>first|second|1st|2nd|2d)\s+world\s+war\b|"
    r"world\s+war\s+(?P<long>1|2|II|I|one|two)\b)",
    re.IGNORECASE,
)
_WORLD_WARS = {
    "1": 1,
    "i": 1,
    "first": 1,
    "1st": 1,
    "one": 1,
    "2": 2,
    "ii": 2,
    "second": 2,
    "2nd": 2,
    "2d": 2,
    "two": 2,
}
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|from|by|until|till|after|before|around|c\.?|ca\.?|circa|year|during|of|between|to|and|or|about|early|"
    r"late|mid|spring|summer|autumn|winter|fall|a\.?d\.?)[\s-]$|[(\[,;:/]\s?$|^\W*$",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(r"\b(?:in|since|until|during|year)\s$", re.IGNORECASE)
_RATE = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(?:(?P<per>per|a|an|each|every)\s+|in\s+(?:one|a|each)\s+)"
    r"(?P<unit>seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|mole?)\b",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"\s*(?:$|[^\w\s%$£€]|(?:and|or|to|when|by|with|the|in|at|for|he|she|they|it|as|was|is|until)\b)", re.IGNORECASE
)
_NOT_A_NUMBER = re.compile(  # "this one", "one of the", "no one", "one another"
    r"\s+(?:of|is|was|are|has|had|can|could|will|would|who|that|which|another|with|where|should|must|may|and|thing|"
    r"side|way|the|in|on|by|for|from|does|gets|makes|about|you|we|they|more|needs|which|single)\b|\s*(?:[.,;:!?)'/]|$)|-(?!third|half|quarter|fifth|tenth)",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"(?P<number>\d{1,2})\s?[.):\]](?=\s|[A-Za-z])")
_LINE_START = re.compile(r"(?:^|\n)[\s(\[*-]*$")
_TIME_SECOND = re.compile(r"\b(?:per|a|each|every|one|of a|/)\s*$", re.IGNORECASE)
_WORD_STARTS = "|".join(
    sorted({*ONES, *TENS, *ORDINALS, *_MONTHS, *_DECADE_WORDS, *_MULTIPLES, "half", "quarter", "dozen", "a", "an",
            "noon", "midnight", "world", "ww", "w", "hundred"}, key=len, reverse=True)
)  # fmt: skip
_CANDIDATE = re.compile(
    rf"(?<![\w.])[-+]?\.?\d|(?<=[$£€¥₹~≈<>=±°%])\d|(?<=\s)[-+]\.?\d|[{''.join(FRACTION_SIGNS)}]|"
    rf"(?<![\w])(?:US)?[$£€¥₹]\s?\d|'\d0s\b|\b(?:{_WORD_STARTS})\b|\bww(?=[12iI])|\b[A-Za-z]+-?\d|(?<![\w.])[IVX]+\b|(?<=\D\.)\d",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of a raw text in order, never overlapping; enumerators and pronouns ("this one") are left out."""
    written = text.translate(_SAME_LENGTH)
    found: list[Quantity] = []
    position, listed = 0, 0
    while match := _CANDIDATE.search(written, position):
        start = match.start()
        enumerator = _ENUMERATOR.match(written, start)
        if enumerator:
            number = int(enumerator["number"])
            if number <= 20 and (_LINE_START.search(written[:start]) or (listed and number == listed + 1)):
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


def _skip(end: int) -> Quantity:
    """A stretch that is no figure; recognised by its start of -1."""
    return Quantity(0.0, 0.0, 0.0, 0.0, Kind.COUNT, (), "", -1, end, "")


def _make(value: float, kind: Kind, start: int, end: int, *, name: str = "", step: float = 1.0) -> Quantity:
    return Quantity(value, value, value, step, kind, (), name, start, end, "")


def _read(text: str, start: int) -> Quantity | None:
    for reader in (_world_war, _glued, _roman, _date, _era, _chain, _clock, _ordinal, _multiple, _number):
        found = reader(text, start)
        if found is not None:
            return found
    return None


def _world_war(text: str, start: int) -> Quantity | None:
    match = _WORLD_WAR.match(text, start)
    if not match:
        return None
    which = next(group for group in match.groups() if group).lower()
    return _make(_WORLD_WARS[which], Kind.LABEL, start, match.end(), name="world war")


def _glued(text: str, start: int) -> Quantity | None:
    """Letters with figures in them: SN1 and CD4 are labels; x400 is a number; H2O and CO2 are names."""
    match = _GLUED.match(text, start)
    if not match:
        return None
    if text[start] in "xX" and text[start + 1 : match.end()].isdecimal():
        return _make(float(text[start + 1 : match.end()]), Kind.TIMES, start, match.end())
    label = _GLUED_LABEL.fullmatch(match[0])
    if label and label[1].lower() not in ("e", "ph", "p", "n", "h", "o"):
        return _make(float(label[2]), Kind.LABEL, start, match.end(), name=label[1].lower())
    return _skip(match.end())


def _roman(text: str, start: int) -> Quantity | None:
    match = _ROMAN_CENTURY.match(text, start)
    if match and (value := roman(match[1])):
        return _century(value, match["era"], start, match.end())
    match = _ROMAN_AFTER_NAME.match(text, start)
    if not match or not (number := roman(match[1])):
        return None
    before = text[max(0, start - 24) : start]
    named = re.search(r"([^\W\d_]+)\s$", before)
    if not named or (match[1] == "I" and not _LABELS_OF_ONE.search(before)):
        return None
    if match[1] in ("V", "X") and not (named[1][0].isupper() or _LABEL_BEFORE.search(before)):
        return None
    listed = _LABEL_BEFORE.search(before)
    noun = _label_noun(listed["noun"]) if listed else named[1].lower()
    return _make(number, Kind.LABEL, start, match.end(), name=noun)


def _date(text: str, start: int) -> Quantity | None:
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
            month = int(named) if named.isdecimal() else _MONTHS[named]
            day = int(parts["day"]) if parts.get("day") else None
        if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
            continue
        year = parts.get("year")
        if parts.get("month", "").lower() in ("may", "march", "mar") and not (year or day):
            continue
        value = float(year.lstrip("'")) if year else float("nan")
        return replace(
            _make(0.0, Kind.DATE, start, match.end()), value=value, low=value, high=value, month=month, day=day
        )
    return None


def _era(text: str, start: int) -> Quantity | None:
    """Centuries, decades and spans of years."""
    match = _YEARS.match(text, start)
    if match:
        first, second = match["first"], match["second"]
        low, high = int(first), int(second if len(second) == 4 else first[: 4 - len(second)] + second)
        if low < high and not (read_unit(text, match.end() + 1, spaced=True) if match.end() + 1 < len(text) else None):
            return replace(_make((low + high) / 2, Kind.YEAR, start, match.end()), low=float(low), high=float(high))
    match = _DECADE.match(text, start)
    if match:
        year = int(match["years"].lstrip("'"))
        year += 1900 if year < 100 else 0
        width = 100 if year % 100 == 0 else 10
        return replace(_make(year + width / 2, Kind.CENTURY, start, match.end()), low=year, high=year + width - 1)
    word = re.compile(r"[a-z]+", re.IGNORECASE).match(text, start)
    if word and word[0].lower() in _DECADE_WORDS:
        year = 1900 + _DECADE_WORDS[word[0].lower()]
        return replace(_make(year + 5, Kind.CENTURY, start, word.end()), low=float(year), high=year + 9.0)
    return None


def _century(number: int, era: str | None, start: int, end: int) -> Quantity:
    stated = _era_name(era)
    low, high = (number - 1) * 100.0, number * 100.0 - 1
    if stated == "bc":
        low, high = -high, -low
    made = _make((low + high) / 2, Kind.CENTURY, start, end, name="century")
    return replace(made, low=low, high=high, era=stated)


def _era_name(era: str | None) -> str:
    return "" if not era else "bc" if era.lower().startswith("b") else "ad"


def _chain(text: str, start: int) -> Quantity | None:
    """5-7-5, 1.2.3, 192.168.0.0/16: patterns and addresses, told apart as a whole."""
    match = _CHAIN.match(text, start)
    if not match or re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", match[0]):
        return None
    return _make(float("nan"), Kind.LABEL, start, match.end(), name=match[0].replace(" ", ""))


def _clock(text: str, start: int) -> Quantity | None:
    word = re.compile(r"noon|midnight", re.IGNORECASE).match(text, start)
    if word:
        return _make(720.0 if word[0].lower() == "noon" else 0.0, Kind.TIME, start, word.end())
    match = _CLOCK.match(text, start)
    if match and (match["hour"] or (len(match["minute24"]) == 2 and "ratio" not in text)):
        hour = int(match["hour"] or match["hour24"])
        minutes = hour * 60 + int(match["minute"] or match["minute24"] or 0)
        if match["half"]:
            minutes = (hour % 12) * 60 + int(match["minute"] or 0) + (720 if match["half"].lower() == "p" else 0)
        made = _make(float(minutes), Kind.TIME, start, match.end())
        return replace(made, name="" if match["half"] or hour > 12 or hour == 0 else "12h")
    match = _RATIO.match(text, start)
    if match and float(match["second"]):
        return _make(
            float(match["first"]) / float(match["second"]), Kind.PERCENT, start, match.end(), step=0.0, name="ratio"
        )
    return None


def _ordinal(text: str, start: int) -> Quantity | None:
    match = _ORDINAL.match(text, start)
    if not match or text[start : start + 1] in "+-":
        return None
    digits, word = match["digits"], match["word"]
    number = int(digits) if digits else TENS.get((match["tens"] or "").lower(), 0) + ORDINALS[word.lower()]
    century = _CENTURY_AFTER.match(text, match.end())
    if century and (not century[0].strip().lower().startswith("c") or len(century[0].strip()) > 2 or digits):
        end = century.end() if re.match(r"[\s-]*c", century[0], re.IGNORECASE) else match.end()
        return _century(number, century["era"], start, end)
    if word and word.lower() == "second" and _TIME_SECOND.search(text[:start][-8:]):
        return _skip(match.end())
    return _make(float(number), Kind.ORDINAL, start, match.end(), name=word.lower() if word else "")


def _multiple(text: str, start: int) -> Quantity | None:
    word = re.compile(r"[a-z]+", re.IGNORECASE).match(text, start)
    value = _MULTIPLES.get(word[0].lower()) if word else None
    if value and word and re.match(rf"\s+(?:{'|'.join(ONES)}|\d)", text[word.end() :], re.IGNORECASE):
        return None  # "double two": spoken digits
    return _make(value, Kind.TIMES, start, word.end(), step=0.0) if word and value else None


def _number(text: str, start: int) -> Quantity | None:
    currency = _CURRENCY.match(text, start)
    position = currency.end() if currency else start
    sign = 1.0
    if text[position] in "+-":
        sign = -1.0 if text[position] == "-" else 1.0
        position += 1
    numeral = read_numeral(text, position) if position < len(text) else None
    time = _A_TIME.match(text, start)
    if numeral is None and time and _FOR_A_TIME.search(text[max(0, start - 16) : start]):
        numeral = Numeral(1.0, 1.0, time.end(1), in_words=True)
        return replace(_measured(text, start, sign, numeral, None), text="a")
    if numeral is None:
        return None
    if _SYMBOL_BEFORE.search(text[max(0, start - 4) : position]) or _SYMBOL_AFTER.match(text, numeral.end):
        return _skip(numeral.end)
    if numeral.is_fraction and numeral.in_words and _NAMED_PART.search(text[max(0, start - 12) : start]):
        return _skip(numeral.end)
    one_in = _ONE_IN.match(text, numeral.end)
    if one_in and (whole := read_numeral(text, one_in.end())) and 1 < whole.value and numeral.value <= whole.value:
        unit = read_unit(text, whole.end + 1, spaced=True) if whole.end + 1 < len(text) else None
        if not unit or "every" in one_in[0] or "out" in one_in[0]:
            return _make(numeral.value / whole.value, Kind.PERCENT, start, whole.end, step=0.0, name="ratio")
    if numeral.in_words and numeral.value == 1 and _is_pronoun(text, start, numeral.end):
        return _skip(numeral.end)
    return _measured(text, start, sign, numeral, currency[1] if currency else None)


def _measured(text: str, start: int, sign: float, numeral: Numeral, currency: str | None) -> Quantity:
    """The number with its scale, its range and its unit."""
    value, step, end = _scaled(text, numeral, money=currency is not None)
    to = re.compile(r" to (?=\d)").match(text, end)
    if (
        to
        and (less := read_numeral(text, to.end()))
        and 0 < less.value < numeral.value
        and not text[less.end :].strip(" .,;)")
    ):
        return _make(numeral.value / less.value, Kind.PERCENT, start, less.end, step=0.0, name="ratio")  # 30 to 2
    low, high = sign * value, sign * value
    other = None if numeral.is_fraction and numeral.in_words else _range_end(text, start, end)
    if other is not None:
        second, second_sign = other
        second_value, second_step, second_end = _scaled(text, second, money=currency is not None)
        if second_value > 1e3 * abs(value) > 0 and second_value > second.value:  # 5-6 million
            low, step = low * (second_value / second.value), step * (second_value / second.value)
        high, step, end = second_sign * second_value, min(step, second_step), second_end
    spread = _PLUS_MINUS.match(text, end)
    if other is None and spread and (margin := read_numeral(text, spread.end())):
        low, high, end = low - margin.value, high + margin.value, margin.end
    low, high = min(low, high), max(low, high)
    made = Quantity((low + high) / 2, low, high, step, Kind.COUNT, (), "", start, end, "")
    return _with_unit(text, made, numeral, currency)


def _scaled(text: str, numeral: Numeral, *, money: bool) -> tuple[float, float, int]:
    match = _SCALE.match(text, numeral.end)
    if match and not numeral.is_fraction:
        scale = 1e3 if match[2] else SCALES[match[1].lower()]
        return numeral.value * scale, min(numeral.step, 1.0) * scale, match.end()
    if (
        money
        and text[numeral.end : numeral.end + 1] in ("m", "b")
        and not text[numeral.end + 1 : numeral.end + 2].isalnum()
    ):
        scale = 1e6 if text[numeral.end] == "m" else 1e9
        return numeral.value * scale, min(numeral.step, 1.0) * scale, numeral.end + 1
    return numeral.value, numeral.step, numeral.end


def _range_end(text: str, start: int, end: int) -> tuple[Numeral, float] | None:
    """The second number of "5-6", "5 to 6", "5 °C to 10 °C", "between 5 and 6"."""
    unit = read_unit(text, end + (text[end : end + 1] == " "), spaced=True) if end < len(text) else None
    for after in {end, unit[0] if unit else end}:
        percent = _PERCENT.match(text, after)
        place = percent.end() if percent else after
        link = _BEFORE_LINK.match(text, place)
        if not link and re.search(
            r"\bbetween\s+(?:about\s+|around\s+)?[-+£$€]?$", text[max(0, start - 20) : start], re.I
        ):
            link = _AND_LINK.match(text, place)
        if not link or link.end() >= len(text):
            continue
        position, sign = link.end(), 1.0
        if text[position] in "+-" or text[position] in "£$€":
            sign = -1.0 if text[position] == "-" else 1.0
            position += 1
        second = read_numeral(text, position) if position < len(text) else None
        dash = "-" in link[0]
        if second and not (dash and link[0] != "-" and sign < 0) and not (dash and " " in link[0].strip()):
            first = read_numeral(text, start + (text[start] in "+-$£€¥"))
            if first and (not dash or text[start] == "-" or second.value > first.value):
                return second, sign
    return None


def _with_unit(text: str, made: Quantity, numeral: Numeral, currency: str | None) -> Quantity:
    end = made.end
    if currency:
        return replace(made, kind=Kind.MONEY, units=single(currency), name=currency)
    percent = _PERCENT.match(text, end) or (_OF_A_PERCENT.match(text, end) if numeral.is_fraction else None)
    if percent:
        return _scale(replace(made, kind=Kind.PERCENT, end=percent.end(), name="%"), 0.01)
    per = _PARTS_PER.match(text, end)
    if per:
        return _scale(
            replace(made, kind=Kind.PERCENT, end=per.end(), name=per[1]), {"‰": 1e-3, "ppm": 1e-6}.get(per[1], 1e-9)
        )
    era = re.compile(_ERA, re.IGNORECASE).match(text, end)
    if era and era["era"] and (era["era"].isupper() or "." in era["era"] or era["era"].lower() in ("bc", "bce")):
        stated = _era_name(era["era"])
        sign = -1.0 if stated == "bc" else 1.0
        low, high = sorted((sign * made.low, sign * made.high))
        return replace(
            made, kind=Kind.YEAR, low=low, high=high, value=sign * made.value, step=1.0, end=era.end(), era=stated
        )
    times = _TIMES_AFTER.match(text, end)
    if times or re.search(r"\bfactor of\s+(?:about\s+)?$", text[max(0, made.start - 24) : made.start], re.IGNORECASE):
        return replace(made, kind=Kind.TIMES, end=times.end() if times else end)
    found = _unit_after(text, end, numeral) or _rate(text, end)
    if found:
        unit_end, units = found
        kind = Kind.MONEY if units[0].dimension and units[0].dimension[0][0].startswith("$") else Kind.NUMBER
        return replace(made, kind=kind, units=units, name=units[0].name, end=unit_end)
    if numeral.is_fraction:
        return replace(made, kind=Kind.PERCENT, name="fraction")
    if numeral.value == int(numeral.value) and _is_year(text, made):
        return replace(made, kind=Kind.YEAR, step=1.0)
    label = _LABEL_BEFORE.search(text[max(0, made.start - 32) : made.start])
    if label and made.value == int(made.value) and not made.is_range and 0 <= made.value < 1000:
        return replace(made, kind=Kind.LABEL, name=_label_noun(label["noun"]))
    glued = re.compile(r"[A-Za-z]{1,3}(?![\w])").match(text, end)
    if glued and not numeral.in_words:
        return replace(made, kind=Kind.LABEL, name=glued[0].lower(), end=glued.end())
    return made if numeral.value == int(numeral.value) else replace(made, kind=Kind.NUMBER)


def _scale(quantity: Quantity, factor: float) -> Quantity:
    return replace(quantity, value=quantity.value * factor, low=quantity.low * factor, high=quantity.high * factor,
                   step=quantity.step * factor)  # fmt: skip


def _unit_after(text: str, end: int, numeral: Numeral) -> tuple[int, tuple[Unit, ...]] | None:
    space = re.compile(r"\s?-?").match(text, end)
    position = space.end() if space else end
    if numeral.is_fraction:
        article = _ARTICLE_UNIT.match(text, end)
        position = article.end() if article else position
    if position >= len(text):
        return None
    found = read_unit(text, position, spaced=position > end)
    if found and text[position : found[0]] in (
        "A",
        "C",
        "F",
        "K",
        "N",
        "V",
        "W",
        "T",
        "S",
        "H",
        "B",
        "J",
        "L",
        "M",
        "G",
    ):
        # A lone capital after a space is a unit only where no word runs on from it: "5 N", and not "5 A levels".
        if position > end and re.match(r"\s+[A-Za-z]{3,}", text[found[0] :]) and text[position] in "ASTHM":
            return None
    return found


def _rate(text: str, end: int) -> tuple[int, tuple[Unit, ...]] | None:
    """ "60 beats per minute", "3 meals a day", "6.02e23 per mole": how often in a time, or how many in an amount."""
    match = _RATE.match(text, end)
    if not match or re.match(r"\s+times\b", text[end:]):
        return None
    units = single(match["unit"].lower())
    return (match.end(), tuple(reciprocal(unit) for unit in units)) if units else None


def _is_year(text: str, made: Quantity) -> bool:
    digits = text[made.start : made.end]
    if not re.fullmatch(r"\d{3,4}", digits) or made.is_range:
        return False
    before, after = text[max(0, made.start - 16) : made.start], text[made.end : made.end + 16]
    if len(digits) == 3:
        return False
    if not 1000 <= made.value <= 2100:
        return False
    if not before.strip() and re.match(r"\s+(?:[A-Z]|[a-z]+(?<!s)\b)", after):
        return True  # "1864 war with Denmark": a heading, and no count of wars
    return bool(_YEAR_BEFORE.search(before)) and (bool(_YEAR_AFTER.match(after)) or bool(_IN_YEAR.search(before)))


def _is_pronoun(text: str, start: int, end: int) -> bool:
    """Whether "one" stands for a thing or a person, and does not count."""
    if text[start:end].lower() != "one":
        return False
    if text.strip(" .!?").lower() == "one":
        return False
    before = re.search(r"([^\W\d_]+)\s+$", text[max(0, start - 16) : start])
    preceding = before[1].lower() if before else ""
    pronouns = {"this", "that", "the", "which", "another", "no", "any", "some", "other", "first", "second", "last", "same",
                "each", "every", "right", "wrong", "left", "big", "small", "only", "good", "bad", "old", "new"}  # fmt: skip
    if preceding in pronouns and not (
        preceding in ("the", "only", "each", "every") and read_unit(text, end + 1, spaced=True)
    ):
        return True
    return bool(_NOT_A_NUMBER.match(text, end))


def _label_noun(word: str) -> str:
    noun = word.lower().rstrip(".")
    if noun.startswith("fig"):
        return "figure"
    if noun in ("no", "nr", "number", "numbers"):
        return "number"
    return noun[:-1] if noun.endswith("s") and noun not in ("class", "sn") and not noun.endswith("ss") else noun
