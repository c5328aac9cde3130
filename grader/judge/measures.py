"""Measures: numbers with their scale, range, sign and unit, and the shares and multiples, read from raw text."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.judge.dates import ERA, era_name
from grader.judge.figures import Kind, Quantity, make_figure, skip
from grader.judge.labels import LABEL_BEFORE, label_noun
from grader.judge.numerals import ONES, SCALES, Numeral, read_numeral
from grader.judge.units import Unit, read_unit, reciprocal, single

_ONE_IN = re.compile(r"\s+(?:in|out\s+of)\s+(?:every\s+|each\s+)?(?=[\dA-Za-z])", re.IGNORECASE)
_BEFORE_LINK = re.compile(r"\s?(?:-|\bto\b|\bthrough\b|\btill\b|\buntil\b)\s?", re.IGNORECASE)
_AND_LINK = re.compile(r"\s+and\s+")
_SYMBOL_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]\s?[-+*/^]\s?$")  # n - 1, C/2: part of a formula
_SYMBOL_AFTER = re.compile(
    r"\s?[-+*^]\s?[A-Za-z](?![A-Za-z])|\s?/\s?[a-z]\s?=|\s+orders?\s+of\s+magnitude", re.IGNORECASE
)
_NAMED_PART = re.compile(
    r"\b(?:first|last|second|third|fourth|next|each|per|every|this|that|french|city|latin)\s+$", re.IGNORECASE
)
_HYPHENATED = re.compile(r"-[A-Za-z]")
_TO_FIGURE = re.compile(r" to (?=\d)")
_A_TIME = re.compile(r"(an?)\s+(?:second|minute|hour|day|week|fortnight|month|year|decade|century)\b", re.IGNORECASE)
_FOR_A_TIME = re.compile(r"\b(?:for|about|within|after|takes?|lasts?|lasted|roughly|around|over)\s+$", re.IGNORECASE)
_PLUS_MINUS = re.compile(r"\s?(?:±|\+/-|\+-|plus or minus)\s?(?=\d)")
_PERCENT = re.compile(r"\s?(?:%|٪)|\s?-?(?:per\s?cents?|percents?|pct|percentage points?|pc)\b", re.IGNORECASE)
_OF_A_PERCENT = re.compile(r"\s+(?:of\s+)?(?:an?\s+|one\s+)?(?:per\s?cent|%)", re.IGNORECASE)
_ERA_AFTER = re.compile(ERA, re.IGNORECASE)
_DIGIT_AFTER = re.compile(rf"\s+(?:{'|'.join(ONES)}|\d)", re.IGNORECASE)
_TIMES_WORD = re.compile(r"\s+times\b", re.IGNORECASE)
_FACTOR_BEFORE = re.compile(r"\bfactor of\s+(?:about\s+)?$", re.IGNORECASE)
_GLUED_LETTERS = re.compile(r"[A-Za-z]{1,3}(?![\w])")
_WORD_AFTER = re.compile(r"\s+[A-Za-z]{3,}")
_WORTH_OF_PARTS = {"‰": 1e-3, "ppm": 1e-6, "ppb": 1e-9}
LARGEST_LABEL = 1000  # numbers from here on label nothing
_PARTS_PER = re.compile(r"\s?(‰|ppm|ppb)(?!\w)")
_SCALE = re.compile(
    r"(?:\s?-?(million|billion|trillion|thousand|hundred|dozen|mn|mln|mio|bn|tn)s?|(k|K))\b", re.IGNORECASE
)
_TIMES_AFTER = re.compile(r"(?:\s?-?fold\b|\s?x(?![\w])|\s+times\b(?!\s+(?:a|per|table|new|each)\b))", re.IGNORECASE)
_ARTICLE_UNIT = re.compile(r"\s+(?:of\s+)?(?:an?\s+|the\s+)?", re.IGNORECASE)
MULTIPLES = {"double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "twice": 2, "twofold": 2, "triple": 3,
              "triples": 3, "tripled": 3, "treble": 3, "trebles": 3, "thrice": 3, "threefold": 3, "quadruple": 4,
              "quadruples": 4, "quadrupled": 4, "halve": 0.5, "halves": 0.5, "halved": 0.5, "halving": 0.5}  # fmt: skip
_CURRENCY = re.compile(r"(?:US|A|C)?([$£€¥₹])\s?(?=[\d.])")
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
_BEFORE_PRONOUN_TEXT = (
    "this that the which another no any some other first second last same each every right wrong left big small only "
    "good bad old new"
)
_BEFORE_PRONOUN = frozenset(_BEFORE_PRONOUN_TEXT.split())
_NOT_A_NUMBER = re.compile(  # "this one", "one of the", "no one", "one another"
    r"\s+(?:of|is|was|are|has|had|can|could|will|would|who|that|which|another|with|where|should|must|may|and|thing|"
    r"side|way|the|in|on|by|for|from|does|gets|makes|about|you|we|they|more|needs|which|single)\b|\s*(?:[.,;:!?)'/]|$)|-(?!third|half|quarter|fifth|tenth)",
    re.IGNORECASE,
)


def read_multiple(text: str, start: int) -> Quantity | None:
    """A multiple in one word: doubled, halved, twofold."""
    word = re.compile(r"[a-z]+", re.IGNORECASE).match(text, start)
    value = MULTIPLES.get(word[0].lower()) if word else None
    if value and word and _DIGIT_AFTER.match(text, word.end()):
        return None  # "double two": spoken digits
    return make_figure(value, Kind.TIMES, start, word.end(), step=0.0) if word and value else None


def read_number(text: str, start: int) -> Quantity | None:
    """The number that begins at `start`, with all that belongs to it; a part of a formula or a pronoun is skipped."""
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
        return skip(numeral.end)
    if numeral.is_fraction and numeral.in_words and _NAMED_PART.search(text[max(0, start - 12) : start]):
        return skip(numeral.end)
    if _within_word(text, numeral):
        return skip(numeral.end)
    one_in = _ONE_IN.match(text, numeral.end)
    if one_in and (whole := read_numeral(text, one_in.end())) and whole.value > 1 and numeral.value <= whole.value:
        unit = read_unit(text, whole.end + 1, spaced=True) if whole.end + 1 < len(text) else None
        if not unit or "every" in one_in[0] or "out" in one_in[0]:
            return make_figure(numeral.value / whole.value, Kind.PERCENT, start, whole.end, step=0.0, name="fraction")
    if numeral.in_words and numeral.value == 1 and _is_pronoun(text, start, numeral.end):
        return skip(numeral.end)
    return _measured(text, start, sign, numeral, currency[1] if currency else None)


def _within_word(text: str, numeral: Numeral) -> bool:
    """Whether a fraction is the first part of a word that is no unit: half-cells."""
    hyphenated = numeral.is_fraction and _HYPHENATED.match(text, numeral.end)
    return bool(hyphenated) and read_unit(text, numeral.end + 1, spaced=True) is None


def _measured(text: str, start: int, sign: float, numeral: Numeral, currency: str | None) -> Quantity:
    """The number with its scale, its range and its unit."""
    value, step, end = _scaled(text, numeral, money=currency is not None)
    ratio = _ratio_in_words(text, start, sign, numeral)
    if ratio:
        return ratio
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


def _ratio_in_words(text: str, start: int, sign: float, numeral: Numeral) -> Quantity | None:
    """30 to 2, where it ends the text: a ratio, since no range falls."""
    to = _TO_FIGURE.match(text, numeral.end)
    less = read_numeral(text, to.end()) if to and sign > 0 else None
    if less is None or not 0 < less.value < numeral.value or text[less.end : less.end + 16].strip(" .,;)"):
        return None
    return make_figure(numeral.value / less.value, Kind.PERCENT, start, less.end, step=0.0, name="ratio")


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
    """The number with what stands around it: its currency, per cent, era, unit, or the noun that it labels."""
    if currency:
        return replace(made, kind=Kind.MONEY, units=single(currency), name=currency)
    found = _as_share(text, made, numeral) or _as_year_of_era(text, made) or _as_multiple(text, made)
    if found:
        return found
    unit = _unit_after(text, made.end, numeral) or _rate(text, made.end)
    if unit:
        end, units = unit
        kind = Kind.MONEY if units[0].dimension and units[0].dimension[0][0].startswith("$") else Kind.NUMBER
        return replace(made, kind=kind, units=units, name=units[0].name, end=end)
    if numeral.is_fraction:
        return replace(made, kind=Kind.PERCENT, name="fraction")
    return _bare(text, made, numeral)


def _as_share(text: str, made: Quantity, numeral: Numeral) -> Quantity | None:
    percent = _PERCENT.match(text, made.end) or (_OF_A_PERCENT.match(text, made.end) if numeral.is_fraction else None)
    if percent:
        return _scale(replace(made, kind=Kind.PERCENT, end=percent.end(), name="%"), 0.01)
    per = _PARTS_PER.match(text, made.end)
    if per:
        return _scale(replace(made, kind=Kind.PERCENT, end=per.end(), name=per[1]), _WORTH_OF_PARTS[per[1]])
    return None


def _as_year_of_era(text: str, made: Quantity) -> Quantity | None:
    match = _ERA_AFTER.match(text, made.end)
    written = match["era"] if match else None
    if not match or not written or not (written.isupper() or "." in written or written.lower() in ("bc", "bce")):
        return None
    era = era_name(written)
    sign = -1.0 if era == "bc" else 1.0
    low, high = sorted((sign * made.low, sign * made.high))
    value = sign * made.value
    return replace(made, kind=Kind.YEAR, low=low, high=high, value=value, step=1.0, end=match.end(), era=era)


def _as_multiple(text: str, made: Quantity) -> Quantity | None:
    times = _TIMES_AFTER.match(text, made.end)
    if times:
        return replace(made, kind=Kind.TIMES, end=times.end())
    factor = _FACTOR_BEFORE.search(text[max(0, made.start - 24) : made.start])
    return replace(made, kind=Kind.TIMES) if factor else None


def _bare(text: str, made: Quantity, numeral: Numeral) -> Quantity:
    """A number without a unit: a year, a label, or a count."""
    whole = numeral.value == int(numeral.value)
    if whole and _is_year(text, made):
        return replace(made, kind=Kind.YEAR, step=1.0)
    label = LABEL_BEFORE.search(text[max(0, made.start - 32) : made.start])
    if label and whole and not made.is_range and 0 <= made.value < LARGEST_LABEL:
        return replace(made, kind=Kind.LABEL, name=label_noun(label["noun"]))
    glued = _GLUED_LETTERS.match(text, made.end)
    if glued and not numeral.in_words:
        return replace(made, kind=Kind.LABEL, name=glued[0].lower(), end=glued.end())
    return made if whole else replace(made, kind=Kind.NUMBER)


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
    # A lone capital after a space is a unit only where no word runs on from it: "5 N", and not "5 A levels".
    lone = found is not None and position > end and text[position : found[0]] in ("A", "H", "M", "S", "T")
    return None if found and lone and _WORD_AFTER.match(text, found[0]) else found


def _rate(text: str, end: int) -> tuple[int, tuple[Unit, ...]] | None:
    """How often in a time, or how many in an amount: "60 beats per minute", "3 meals a day", "6e23 per mole"."""
    match = _RATE.match(text, end)
    if not match or _TIMES_WORD.match(text, end):
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
    measured = preceding in ("the", "only", "each", "every") and read_unit(text, end + 1, spaced=True)
    if preceding in _BEFORE_PRONOUN and not measured:
        return True
    return bool(_NOT_A_NUMBER.match(text, end))
