"""What a prompt says about its answer: how many things it asks for, and the id made from its words."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

MAX_COUNT = 200  # more is a year or a quantity; nobody asks a learner for so many things
MAX_PHRASE = 8  # words after the number in which its plural stands
MAX_SLUG = 60  # characters; ids are typed at the prompt and stand in files

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_VALUES = {word: value for value, word in enumerate(_NUMBER_WORDS.split(), start=1)}
_NUMBER = (
    r"(?P<number>\d{1,3}(?![\d.,:/]\d)(?:\s?(?:[-–—]|to|or)\s?\d{1,2})?|"
    + "|".join(_VALUES)
    + r")(?![\w%°'’]|\s?[-–—]\w)"
)

_ASKING_WORDS = (
    "name list give state identify describe explain outline mention suggest enumerate write recall provide define "
    "discuss tell find cite note specify distinguish compare evaluate analyse analyze choose pick select show sketch "
    "draw summarise summarize indicate know remember"
)
_ASKING = frozenset(_ASKING_WORDS.split())
_DETERMINER = (
    r"(?:(?:me|us|the|any|all|at\sleast|a\sminimum\sof|up\sto|exactly|these|those|his|her|its|their|your|our)\s)*"
)
_QUALITY = (
    r"(?:(?:main|major|key|basic|primary|principal|chief|central|common|important|most|different|first|last|other"
    r"|possible)\s)*"
)
_OWNER = r"(?:(?:[^\W\d]+\s){0,2}[^\W\d]+(?:['’]s|s['’])\s)?"
_BEFORE = (
    r"(?:(?:^|[.;:!?,(\[–—]\s?|\s-\s|\s(?:and|then|to|you)\s)(?:please\s)?(?:"
    + _ASKING_WORDS.replace(" ", "|")
    + r")\s|(?:^|[.;:!?,–—]\s|\s-\s)(?:(?:what|which|who|where)\s(?:(?:are|were)\s)?|are\sthere\s)?|[(\[]\s?)"
)
_COUNT = re.compile(_BEFORE + _DETERMINER + _OWNER + _QUALITY + _NUMBER + r"(?P<rest>[^.;:!?()\[\]]*)", re.IGNORECASE)
_BRACKETED = re.compile(
    r"(?<=\s)[(\[]\s?(?:(?:any|name|list|give|state|at\sleast|choose|of)\s)*"
    + _NUMBER
    + r"(?P<rest>(?:\s(?:of|out\sof)\s\w+|\s[a-z]+)?)\s?[)\]]",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"(?:\b(?:and|plus)|,)\s" + _DETERMINER + _QUALITY + _NUMBER + r"(?P<rest>[^.,;:!?()\[\]]*)", re.IGNORECASE
)
_EACH = re.compile(r"\s(?:(?!and\b)[\w-]+\s){0,3}each\b", re.IGNORECASE)  # of how many, nobody says
_OF_THEM = re.compile(r"\s(?:of|from)\s(?:them|these|those|which|whom)\b", re.IGNORECASE)
_STORY = re.compile(r"[.;:]\s.*\?|\.\s+\S")  # "Two cups stand in the sun. Why ...?"

# A title follows, and a number in it counts nothing that is asked for.
_WORK = re.compile(r"(?:reading|article|book|paper|film|movie|novel|play|song|poem|painting)s?\s?:", re.IGNORECASE)

# What a number measures rather than counts, and what makes it part of a name, a sum or a date.
_NOT_ASKED_WORDS = (
    "mark marks pt pts minute minutes min second seconds sec hour hours km kg mg g cm mm m ml l s years year sentences "
    "sentence words word lines line paragraphs paragraph pages page percent per times plus minus divided multiplied "
    "x th o'clock bc ad bce ce am pm degrees hundred thousand million billion january february march april may june "
    "july august september october november december"
)
_NOT_ASKED = frozenset(_NOT_ASKED_WORDS.split())
_STOP_WORDS = (
    "of for that which who in on by to from with at about under into between during when why how is are was were can "
    "could must should may do does did as than and or but because if whose where against per via"
)
_STOP = frozenset(_STOP_WORDS.split())
_IRREGULAR_WORDS = (
    "men women people children teeth feet mice geese criteria phenomena data media bacteria strata nuclei stimuli "
    "fungi radii species series alumni vertebrae larvae antennae formulae spectra quanta memoranda genera errata"
)
_IRREGULAR = frozenset(_IRREGULAR_WORDS.split())


def asked_count(prompt: str, available: int | None = None) -> int | None:
    """How many things the prompt asks for; None where it names no number.

    Only a number that counts the thing asked for is one: "3 dangers of alliances", "Name two causes", "any 3 of 5",
    "Copenhagen criteria (3)"; not "30 Years' War", "World War 2", "5 marks", a year or an ordinal. Two numbers in one
    request ("two arguments for and two against") add up, as long as `available` items are there to meet the sum.
    """
    counts = [] if _WORK.match(prompt) else list(_counts(" ".join(prompt.split())))
    fitting = [count for count in counts if available is None or count <= available]
    return max(fitting, default=counts[0] if counts else None)


def _counts(prompt: str) -> Iterator[int]:
    bracketed = [_value(found["number"]) for found in _BRACKETED.finditer(prompt) if _counts_in_brackets(found)]
    if bracketed and bracketed[:2] != [1, 2]:  # else they number what follows: "(1) in Europe (2) in Africa"
        yield bracketed[0]
        yield sum(bracketed) + sum(_further(prompt))
        return
    for found in _COUNT.finditer(prompt):
        value, rest = _value(found["number"]), found["rest"]
        tells = found.start("number") == 0 and _STORY.search(prompt, found.end())
        if value and not tells and _counts_things(value, rest, asked=_is_request(found.group())):
            yield value
            yield value + sum(_further(rest))
            return


def _counts_in_brackets(found: re.Match[str]) -> bool:
    """Whether a number in brackets counts: "(3)", "(name 3)", "(2 parts)"; not "(5 marks)", "(1-5)", "(one each)"."""
    rest = found["rest"].split()
    value = _value(found["number"])
    if not value or (value == 1 and re.search(r"\D", found["number"])):
        return False
    return (
        not rest or rest[0] in {"of", "out", "needed", "required"} or (rest[0] not in _NOT_ASKED and is_plural(rest[0]))
    )


def _further(text: str) -> list[int]:
    """The numbers of what is asked for besides: "... and two reasons against"."""
    found = [(_value(more["number"]), more["rest"]) for more in _FURTHER.finditer(text)]
    return [value for value, rest in found if value and _counts_things(value, rest, asked=False)]


def _value(number: str) -> int:
    """The smallest number named; 0 where it cannot be a count."""
    first = re.match(r"\d+|[a-z]+", number.casefold())
    text = first.group() if first else "0"
    value = int(text) if text.isdigit() else _VALUES.get(text, 0)
    return value if value <= MAX_COUNT else 0


def _is_request(found: str) -> bool:
    words = found.casefold().split()
    return any(word.strip("(:;,.") in _ASKING for word in words[:4]) or bool(
        re.search(r"\b(?:any|at least)\s", found, re.I)
    )


def _counts_things(value: int, rest: str, *, asked: bool) -> bool:
    """Whether the words after the number are the things it counts."""
    words = re.findall(r"[^\W_][\w'’/-]*", rest)
    if not words:
        return asked and not rest.strip()  # "Functions of the liver: name 3"
    if not re.match(r"\s", rest) or not re.match(r"\s+[^\W\d_]|\s+[\"'“‘]", rest):
        return False  # 2 + 2, 3 / 4
    first = words[0].casefold()
    if first in _NOT_ASKED or _EACH.match(rest) or (not asked and _OF_THEM.match(rest)):
        return False
    if first in {"of", "from"} or (asked and value == 1):
        return True
    phrase = list(itertools.takewhile(lambda word: word.casefold() not in _STOP, words))[:MAX_PHRASE]
    if value == 1:
        return bool(phrase) and phrase[0].islower()
    return _ends_in_plural(phrase, otherwise=asked and bool(phrase) and not phrase[0].istitle())


def _ends_in_plural(phrase: Sequence[str], *, otherwise: bool) -> bool:
    """Whether the phrase names several things: "dangers", not "Years' War"; `otherwise` where no word is plural."""
    for word, after in zip(phrase, [*phrase[1:], ""], strict=False):
        if re.search(r"[^\W\d_]s['’]$", word):
            return False  # 30 Years' War
        if is_plural(word):
            named = after.istitle() and not is_plural(after) and word.istitle()  # Three Gorges Dam
            return not (named or after.casefold() == "war")
    return otherwise


def is_plural(word: str) -> bool:
    """Whether an English word looks like a plural noun."""
    for part in re.split(r"[/]", word):
        folded = part.casefold().strip("'’\"“”")
        if folded in _IRREGULAR or re.fullmatch(r"[A-Z]['’]?s", part):
            return True
        if len(folded) > 2 and folded.endswith("s") and not folded.endswith(("ss", "ous", "us", "is", "'s", "’s")):
            return True
    return False


_NO_SLUG = re.compile(r"[^0-9a-z]+")


def slug(text: str, *, words: int | None = None) -> str:
    """An id made of the text: its folded letters and digits, joined by hyphens; empty where it has none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"(?<=\w)['’](?=\w)", "", folded)
    if folded.isascii():
        kept = _NO_SLUG.sub(" ", folded)
    else:  # vowel signs and accents are marks: part of the word that they stand in
        kept = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in folded)
    parts = kept.split()[:words]
    whole = "-".join(parts)
    if len(whole) <= MAX_SLUG:
        return whole
    short = whole[: MAX_SLUG + 1].rpartition("-")[0]
    return short or whole[:MAX_SLUG]


class Slugs:
    """Gives out ids, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def unique(self, wanted: str) -> str:
        """The wanted id, or the next free one numbered after it ("anger-2")."""
        candidate, number = wanted, self._next.get(wanted, 2)
        while candidate in self._taken:
            candidate, number = f"{wanted}-{number}", number + 1
        self._next[wanted] = number
        self._taken.add(candidate)
        return candidate
