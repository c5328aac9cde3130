"""Units: reading them from raw text, and what they measure (SI Brochure, 9th edition; BIPM and NIST factors)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Dimension = tuple[tuple[str, int], ...]  # base quantity and exponent, sorted by name; () is a pure number


@dataclass(frozen=True, slots=True)
class Unit:
    """What one unit is worth: base value = written value x factor + offset."""

    name: str
    dimension: Dimension
    factor: float
    offset: float = 0.0
    metric: bool = True  # SI with its prefixes: conversions among these are exact powers of ten


_PREFIXES = {
    "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "h": 1e2, "da": 1e1, "d": 1e-1, "c": 1e-2, "m": 1e-3,
    "µ": 1e-6, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15,
}  # fmt: skip
# Prefixes that only a few units take: dB is no tenth of a byte.
_RARE_PREFIXES = {
    "da": ("g",), "h": ("Pa", "l", "L"), "d": ("m", "l", "L", "bel"), "c": ("m", "l", "L"), "f": ("m", "s", "F", "C"),
    "p": ("m", "s", "F", "C", "g", "mol", "A"),
    "n": ("m", "s", "F", "C", "g", "mol", "A", "J", "V", "W", "H", "T", "M"),
}  # fmt: skip
_PREFIX_NAMES = {
    "tera": 1e12, "giga": 1e9, "mega": 1e6, "kilo": 1e3, "hecto": 1e2, "deci": 1e-1, "centi": 1e-2, "milli": 1e-3,
    "micro": 1e-6, "nano": 1e-9, "pico": 1e-12, "femto": 1e-15,
}  # fmt: skip

# dimension | factor | symbols that take SI prefixes | names that take prefix names
_PREFIXED = """
L1 | 1 | m | metre meter
M1 | 1e-3 | g | gram gramme
T1 | 1 | s | second sec
I1 | 1 | A | ampere amp
K1 | 1 | K | kelvin
N1 | 1 | mol | mole
J1 | 1 | cd | candela
T-1 | 1 | Hz | hertz
L1 M1 T-2 | 1 | N | newton
L-1 M1 T-2 | 1 | Pa | pascal
L2 M1 T-2 | 1 | J | joule
L2 M1 T-3 | 1 | W | watt
I1 T1 | 1 | C | coulomb
I-1 L2 M1 T-3 | 1 | V | volt
I2 L-2 M-1 T4 | 1 | F | farad
I-2 L2 M1 T-3 | 1 | Ω ohm Ohm | ohm
I2 L-2 M-1 T3 | 1 | S | siemens
I-1 L2 M1 T-2 | 1 | Wb | weber
I-1 M1 T-2 | 1 | T | tesla
I-2 L2 M1 T-2 | 1 | H | henry
L3 | 1e-3 | l L | litre liter
L2 M1 T-2 | 4.184 | cal | calorie
L2 M1 T-2 | 1.602176634e-19 | eV | electronvolt
D1 | 1 | bit b | bit
D1 | 8 | B byte | byte
L2 T-2 | 1 | Sv Gy | sievert gray
B1 | 1 | dB |
B1 | 10 | bel |  bel
L-3 N1 | 1e3 | M | molar
L1 | 3.0857e16 | pc | parsec
L-1 M1 T-2 | 1e5 | bar | bar
"""

# dimension | factor | symbols | names (plurals are made)
_PLAIN = """
T1 | 60 | min mins | minute
T1 | 3600 | h hr hrs | hour
T1 | 86400 | d | day
T1 | 604800 | wk wks | week
T1 | 1209600 | | fortnight
T1 | 2629800 | mo mth mths | month
T1 | 31557600e6 | Myr Ma | million years
T1 | 31557600e9 | Gyr Ga | billion years
T1 | 31557600 | yr yrs | year
T1 | 315576000 | | decade
T1 | 3155760000 | | century|centuries
T1 | 31557600000 | | millennium|millennia
T-1 | 0.016666666666666666 | bpm rpm | beat per minute|beats per minute|beats a minute
T-1 | 0.016666666666666666 | | breath per minute|breaths per minute|breaths a minute
M1 | 1e3 | t | tonne|tons|ton
M1 | 0.45359237 | lb lbs | pound
M1 | 0.028349523125 | oz | ounce
M1 | 6.35029318 | st | stone|stones
L1 | 0.0254 | inch | inch|inches
L1 | 0.3048 | ft | foot|feet
L1 | 0.9144 | yd yds | yard
L1 | 1609.344 | mi | mile
L1 | 1852 | nmi | nautical mile
L1 | 9.4607e15 | ly | light year|light-year|lightyear|light years|light-years|lightyears
L1 | 1.495978707e11 | AU au | astronomical unit
L1 T-1 | 0.44704 | mph | mile per hour
L1 T-1 | 0.2777777777777778 | kph kmh | kilometre per hour
L1 T-1 | 0.5144444444444445 | kn kts | knot
L1 T-1 | 299792458 | | times the speed of light
L2 | 1e4 | ha | hectare
L2 | 4046.8564224 | ac | acre
L3 | 0.00454609 | gal | gallon
L3 | 0.000568 | pt | pint
L3 | 1e-6 | cc ccm | cubic centimetre
L2 M1 T-2 | 4184 | kcals Cal | kilocalorie|calories|Calories
L2 M1 T-2 | 3.6e6 | kWh kwh KWh | kilowatt hour|kilowatt-hour|kilowatt hours
L2 M1 T-3 | 745.7 | hp | horsepower|horse power
L-1 M1 T-2 | 101325 | atm | atmosphere
L-1 M1 T-2 | 133.322 | mmHg mmhg torr | millimetre of mercury|mm of mercury
L-1 M1 T-2 | 6894.757 | psi |
A1 | 0.017453292519943295 | ° deg degs | degree
A1 | 1 | rad | radian
A1 | 6.283185307179586 | | revolution|full turn|full turns
pH1 | 1 | pH |
$usd1 | 1 | $ USD usd | dollar|US dollar|us dollars|bucks
$usd1 | 0.01 | | cent
$gbp1 | 1 | £ GBP gbp | pound|pound sterling|quid
$gbp1 | 0.01 | p | penny|pence
$eur1 | 1 | € EUR eur | euro
$yen1 | 1 | ¥ JPY | yen
$inr1 | 1 | ₹ | rupee
D1 | 8192 | KiB | kibibyte
D1 | 8388608 | MiB | mebibyte
D1 | 8589934592 | GiB | gibibyte
"""

_CELSIUS = Unit("°C", (("K", 1),), 1.0, 273.15)
_FAHRENHEIT = Unit("°F", (("K", 1),), 5 / 9, 459.67 * 5 / 9, metric=False)
_TEMPERATURES = {
    "°C": _CELSIUS, "℃": _CELSIUS, "ºC": _CELSIUS, "C": _CELSIUS, "c": _CELSIUS, "celsius": _CELSIUS,
    "centigrade": _CELSIUS, "celcius": _CELSIUS, "°": _CELSIUS, "degree": _CELSIUS, "degrees": _CELSIUS,
    "deg": _CELSIUS, "degs": _CELSIUS,
    "°F": _FAHRENHEIT, "℉": _FAHRENHEIT, "ºF": _FAHRENHEIT, "F": _FAHRENHEIT, "f": _FAHRENHEIT,
    "fahrenheit": _FAHRENHEIT, "farenheit": _FAHRENHEIT, "fahrenheits": _FAHRENHEIT,
}  # fmt: skip
_SHOUTED = frozenset({"KM", "CM", "KG", "ML"})  # capitals that can mean only one thing
_METRIC_EXTRA = frozenset({"t", "ha", "cc", "ccm"})
# Never a unit after a space, in small letters.
_ENGLISH_WORDS = frozenset(
    {"a", "ac", "as", "at", "au", "b", "c", "d", "f", "h", "ha", "l", "mo", "p", "pt", "st", "t"}
)


def _dimension(text: str) -> Dimension:
    parts = re.findall(r"([$A-Za-z]+?)(-?\d+)", text)
    return tuple(sorted((name, int(power)) for name, power in parts))


@cache
def _table() -> dict[str, tuple[Unit, ...]]:
    """Every spelling of a single unit, with what it may mean."""
    made: dict[str, list[Unit]] = {}
    for spelling, unit in [*_prefixed(), *_plain()]:
        units = made.setdefault(spelling, [])
        if all((unit.dimension, unit.factor) != (other.dimension, other.factor) for other in units):
            units.append(unit)
    for spelling, unit in _TEMPERATURES.items():
        made.setdefault(spelling, []).insert(0, unit)
    return {spelling: tuple(units) for spelling, units in made.items()}


def _prefixed() -> Iterator[tuple[str, Unit]]:
    for line in _PREFIXED.strip().splitlines():
        dimension, factor, symbols, names = (part.strip() for part in line.split("|"))
        base, worth = _dimension(dimension), float(factor)
        first = (symbols or names).split()[0]
        for symbol in symbols.split():
            for prefix, scale in [("", 1.0), *_PREFIXES.items()]:
                if prefix not in _RARE_PREFIXES or symbol in _RARE_PREFIXES[prefix]:
                    yield prefix + symbol, Unit(prefix + first, base, worth * scale)
        for name in names.split():
            for prefix, scale in [("", 1.0), *_PREFIX_NAMES.items()]:
                yield prefix + name, Unit(prefix + name, base, worth * scale)
                yield prefix + name + "s", Unit(prefix + name, base, worth * scale)


def _plain() -> Iterator[tuple[str, Unit]]:
    for line in _PLAIN.strip().splitlines():
        dimension, factor, symbols, names = (part.strip() for part in line.split("|", 3))
        spellings = [name.strip() for name in names.split("|") if name.strip()]
        first = symbols.split()[0] if symbols else spellings[0]
        unit = Unit(first, _dimension(dimension), float(factor), metric=first in _METRIC_EXTRA)
        for spelling in [*symbols.split(), *spellings, *(name + "s" for name in spellings[:1])]:
            yield spelling, unit


@cache
def _lowered() -> dict[str, tuple[Unit, ...]]:
    """Spellings in small letters, where the case of a prefix cannot change what is meant."""
    made: dict[str, tuple[Unit, ...]] = {}
    for spelling, units in _table().items():
        small = spelling.lower()
        if small != spelling and len(spelling) > 1 and spelling[0] not in "MmPp" and small not in _table():
            made.setdefault(small, units)
        if small != spelling and spelling[0] in "mnp" and len(spelling) > 1 and small not in _table():
            made[small] = units  # mv, mw: a small m is milli; the capital is never assumed
    made["mhz"] = _table()["MHz"]  # nobody means millihertz
    return made


def single(spelling: str) -> tuple[Unit, ...]:
    """What a spelling of one unit may mean, the likeliest first; empty where it is none."""
    found = _table().get(spelling)
    if found is None and (len(spelling) > 3 or spelling.islower() or spelling in _SHOUTED):
        found = _table().get(spelling.lower()) or _lowered().get(spelling.lower())
    if found is None and spelling[:1] == "K":
        found = _table().get("k" + spelling[1:])
    return found or ()


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_ATOM = (
    r"(?:(?P<power_word>square|squared|sq|cubic|cu)\.?\s+)?"
    r"(?P<name>nautical miles?|light[- ]years?|astronomical units?|kilowatt[- ]hours?|us dollars?|pounds? sterling|"
    r"(?:beats|breaths)\s+(?:per|a)\s+min(?:ute)?s?|millimetres? of mercury|mm of mercury|full turns?|"
    r"°\s?[CF]\b|º\s?[CF]\b|deg(?:ree)?s?\s+(?:[CcFf]\b|celsius|celcius|centigrade|fahrenheit|farenheit)|"
    r"[°$£€¥₹]|[^\W\d_⁰¹²³⁴-⁹]+)"
    r"(?:\^?\(?(?P<power>[-+]?\d(?!\d|[.,]\d))\)?|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹])|\s+(?P<power_after>squared|cubed)\b)?"
)
_FIRST = re.compile(_ATOM, re.IGNORECASE)
_LINK = re.compile(r"\s*(?:(?P<per>/|\bper\s+|\ba\s+(?=second|minute|hour|day|week|month|year|mole)|"
    r"\bevery\s+|\beach\s+|\bin\s+(?:one|a|1)\s+(?=second|minute|hour|day\b))|"
                   r"(?P<times>[·*⋅]\s*|-(?=m\b)|\s(?=[A-Za-zµ°])))\s*(?P<bracket>\(?)", re.IGNORECASE)  # fmt: skip
_POWER_WORDS = {"square": 2, "squared": 2, "sq": 2, "cubic": 3, "cubed": 3, "cu": 3}


def read_unit(text: str, start: int, *, spaced: bool) -> tuple[int, tuple[Unit, ...]] | None:
    """The unit that begins at `start`: its end (exclusive) and what it may mean; None where there is none.

    Compounds are read: m/s, m s⁻¹, kg/m^3, N·m, J/(kg °C), metres per second squared. `spaced` says that a space stands
    before it, where a single small letter is more likely a word.
    """
    first = _atom(text, start, spaced=spaced)
    if first is None:
        return None
    end, units = first
    divided = False
    while True:
        link = _LINK.match(text, end)
        if not link:
            break
        following = _atom(text, link.end(), spaced=False)
        if following is None:
            break
        after, more = following
        per = bool(link["per"]) or (divided and bool(link["bracket"]))
        if link["times"] and link["times"].isspace() and not _may_follow(text, link.end(), after):
            break
        divided = divided or bool(link["per"])
        sign = -1 if per or (divided and bracketed(text, start, link.end())) else 1
        units = tuple(_product(one, other, sign) for one in units for other in more)
        end = after
        if end < len(text) and text[end] == ")" and "(" in text[start:end]:
            end += 1
    return end, units


def bracketed(text: str, start: int, end: int) -> bool:
    """Whether a bracket is open between the two places."""
    return text.count("(", start, end) > text.count(")", start, end)


def _may_follow(text: str, start: int, end: int) -> bool:
    """A unit after a mere space joins only where it is a symbol: "N m", "mol dm-3", and not "5 m a day"."""
    written = text[start:end]
    return len(written.rstrip("-+0123456789⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹^")) <= 3 and (
        written in ("m", "K", "°C") or not written.isalpha()
    )


def _atom(text: str, start: int, *, spaced: bool) -> tuple[int, tuple[Unit, ...]] | None:
    match = _FIRST.match(text, start)
    if not match:
        return None
    name = match["name"]
    end = match.end()
    units = single(name)
    if not units and (name[0] in "°º" or name.lower().startswith("deg")):
        units = single("°F" if name.rstrip()[-1] in "Ff" or "fa" in name.lower()[3:] else "°C")[:1]
    if not units and " " in name:
        compact = " ".join(name.lower().split())
        units = single(compact) or single("bpm" if compact.startswith("b") else compact)
    if not units or (spaced and name in _ENGLISH_WORDS and not match["power"] and not match["raised"]):
        return None
    if match["power"] and name.isalpha() and len(name) > 4:
        return match.end("name"), units
    word = match["power_word"] or match["power_after"]
    raised = match["power"] or (match["raised"] or "").translate(_SUPERSCRIPTS)
    power = _POWER_WORDS[word.lower()] if word else int(raised) if raised else 1
    if power == 0 or abs(power) > 4:
        return None
    return end, tuple(_power(unit, power) for unit in units) if power != 1 else units


def _power(unit: Unit, power: int) -> Unit:
    dimension = tuple((base, exponent * power) for base, exponent in unit.dimension)
    return Unit(f"{unit.name}^{power}", dimension, unit.factor**power, 0.0, unit.metric)


def _product(one: Unit, other: Unit, sign: int) -> Unit:
    """The product, or for sign -1 the quotient; a temperature inside a compound is a difference and has no offset."""
    exponents = dict(one.dimension)
    for base, exponent in other.dimension:
        exponents[base] = exponents.get(base, 0) + sign * exponent
    dimension = tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))
    mark = "/" if sign < 0 else "·"
    return Unit(f"{one.name}{mark}{other.name}", dimension, one.factor * other.factor**sign, 0.0,
                one.metric and other.metric)  # fmt: skip


def reciprocal(unit: Unit) -> Unit:
    """One per the unit."""
    return _product(Unit("1", (), 1.0), unit, -1)
