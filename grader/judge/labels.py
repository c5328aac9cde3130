"""Labels: numbers that name a thing and measure nothing, as terminal 2, SN1 or World War II."""

from __future__ import annotations

import re

from grader.judge.dates import ROMAN_CENTURY, century
from grader.judge.figures import Kind, Quantity, make_figure, skip
from grader.judge.numerals import roman

_CHAIN = re.compile(r"\d+(?:(?:\.\d+){2,}(?:/\d+)?|(?:-\d+){2,}|(?::\d+){2,})(?!\d)")
_GLUED = re.compile(r"[A-Za-z]+\d[\w']*|[A-Za-z]{2,5}-\d{1,3}(?![\d.])")
_GLUED_LABEL = re.compile(r"([A-Za-z]{1,6})-?(\d{1,3})")
LABEL_BEFORE = re.compile(
    r"\b(?P<noun>fig(?:ure)?s?\.?|tables?|chapters?|ch\.|circuits?|terminals?|types?|phases?|stages?|steps?|questions?|"
    r"items?|sections?|articles?|art|amendments?|levels?|grades?|class|groups?|rooms?|numbers?|nr\.?|no\.|platforms?|"
    r"routes?|lines?|layers?|channels?|experiments?|tests?|trials?|samples?|bulbs?|batter(?:y|ies)|switch(?:es)?|"
    r"lamps?|resistors?|world war|war|acts?|scenes?|books?|psalms?|laws?|principles?|options?|players?|nerves?|cn|"
    r"rules?|"
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


def read_world_war(text: str, start: int) -> Quantity | None:
    """World War II in any of its names."""
    match = _WORLD_WAR.match(text, start)
    if not match:
        return None
    which = next(group for group in match.groups() if group).lower()
    return make_figure(_WORLD_WARS[which], Kind.LABEL, start, match.end(), name="world war")


def read_glued(text: str, start: int) -> Quantity | None:
    """Letters with figures in them: SN1 and CD4 are labels; x400 is a number; H2O and CO2 are names."""
    match = _GLUED.match(text, start)
    if not match:
        return None
    if text[start] in "xX" and text[start + 1 : match.end()].isdecimal():
        return make_figure(float(text[start + 1 : match.end()]), Kind.TIMES, start, match.end())
    label = _GLUED_LABEL.fullmatch(match[0])
    if label and label[1].lower() not in ("e", "ph", "p", "n", "h", "o"):
        return make_figure(float(label[2]), Kind.LABEL, start, match.end(), name=label[1].lower())
    return skip(match.end())


def read_roman(text: str, start: int) -> Quantity | None:
    """A Roman numeral: of a century, or behind a name (Louis XIV, type II)."""
    match = ROMAN_CENTURY.match(text, start)
    if match and (value := roman(match[1])):
        return century(value, match["era"], start, match.end())
    match = _ROMAN_AFTER_NAME.match(text, start)
    if not match or not (number := roman(match[1])):
        return None
    before = text[max(0, start - 24) : start]
    named = re.search(r"([^\W\d_]+)\s$", before)
    if not named or (match[1] == "I" and not _LABELS_OF_ONE.search(before)):
        return None
    if match[1] in ("V", "X") and not (named[1][0].isupper() or LABEL_BEFORE.search(before)):
        return None
    listed = LABEL_BEFORE.search(before)
    noun = label_noun(listed["noun"]) if listed else named[1].lower()
    return make_figure(number, Kind.LABEL, start, match.end(), name=noun)


def read_chain(text: str, start: int) -> Quantity | None:
    """5-7-5, 1.2.3, 192.168.0.0/16: patterns and addresses, told apart as a whole."""
    match = _CHAIN.match(text, start)
    if not match or re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", match[0]):
        return None
    return make_figure(float("nan"), Kind.LABEL, start, match.end(), name=match[0].replace(" ", ""))


def label_noun(word: str) -> str:
    """One form of the noun that a number labels."""
    noun = word.lower().rstrip(".")
    if noun.startswith("fig"):
        return "figure"
    if noun in ("no", "nr", "number", "numbers"):
        return "number"
    return noun[:-1] if noun.endswith("s") and noun not in ("class", "sn") and not noun.endswith("ss") else noun
