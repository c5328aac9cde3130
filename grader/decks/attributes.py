"""Attributes in braces: `{id: anger, need: 2}` under a heading or at the end of an item or facet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from grader.errors import DeckError

KNOWN = {
    "card": ("id", "need", "ordered", "points", "key", "extras"),
    "item": ("id", "points", "required", "negative", "group"),
    "facet": ("points",),
}

_STRING = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf"\s*([A-Za-z][\w-]*)\s*:\s*({_STRING}|[^,\"{{}}]*)\s*(?:,|$)")
# Possessive, so that no long line is tried in many ways; a quote that does not close is left for the error to name.
_BRACES = re.compile(rf"\{{(\s*[A-Za-z][\w-]*\s*:(?>{_STRING}|[^{{}}])*+)\}}$")
_BARE = re.compile(r"[^\s,:{}\"\\]+(?: [0-9.]+:[0-9.]+)?")  # a word, or `both 1:2`

Values = Mapping[str, str]


def trailing(text: str) -> tuple[str, str | None]:
    """The text without the attributes at its end, and what their braces hold; None where it ends in none."""
    text = text.rstrip()
    if not text.endswith("}"):
        return text, None
    # Only the last brace that begins a group can match, so that a long line is not searched from each of its braces.
    for start in _openings(text):
        found = _BRACES.match(text, start)
        if found and _stands_free(text, start):
            return text[:start].rstrip(), found.group(1)
    return text, None


def _openings(text: str, most: int = 8) -> list[int]:
    """The last few opening braces, from right to left."""
    found: list[int] = []
    position = len(text)
    while len(found) < most:
        position = text.rfind("{", 0, position)
        if position < 0:
            break
        found.append(position)
    return found


def _stands_free(text: str, start: int) -> bool:
    """Whether the brace begins the text, or follows a space and no backslash."""
    return start == 0 or text[start - 1].isspace()


def read_attributes(inside: str, *, of: str) -> Values:
    """The attributes of a card, item or facet (`of`), by name, as written.

    Raises:
        DeckError: where one is malformed, unknown or repeated.
    """
    known = KNOWN[of]
    values: dict[str, str] = {}
    position = 0
    while position < len(inside):
        pair = _PAIR.match(inside, position)
        if not pair:
            rest = inside[position : position + 40].strip()
            raise DeckError(f"cannot read the attributes at '{rest}'; write {{name: value, name: value}}")
        name, value = pair.group(1), pair.group(2).strip()
        if name not in known:
            raise DeckError(
                f"unknown {of} attribute '{name}'; known are {', '.join(known)} (write \\{{ for a brace of the text)"
            )
        if name in values:
            raise DeckError(f"the {of} attribute '{name}' stands twice; delete one")
        values[name] = _unquoted(value, name)
        position = pair.end()
    return values


def _unquoted(value: str, name: str) -> str:
    if not value:
        raise DeckError(f"the attribute '{name}' has no value; write {{{name}: …}}")
    if not value.startswith('"'):
        return value
    try:
        text = json.loads(value)
    except ValueError:
        raise DeckError(f"cannot read the value of '{name}': {value}; write it without quotes or as JSON") from None
    return str(text)


def as_whole(values: Values, name: str) -> int | None:
    """A whole number; None where the attribute is absent."""
    value = values.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise DeckError(f"{name} is '{value}'; write a whole number")
    return int(value)


def as_number(values: Values, name: str) -> float | None:
    """A number; None where the attribute is absent."""
    value = values.get(name)
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        raise DeckError(f"{name} is '{value}'; write a number") from None


def as_truth(values: Values, name: str) -> bool:
    """True or false; false where the attribute is absent."""
    value = values.get(name, "false")
    if value not in {"true", "false"}:
        raise DeckError(f"{name} is '{value}'; write true or false")
    return value == "true"


def written_number(number: float) -> str:
    """The shortest text that `as_number` reads as this number."""
    short = f"{number:.15g}"
    return short if float(short) == number else repr(number)


def write_attributes(values: Mapping[str, str]) -> str:
    """The braces that `read_attributes` reads as these values."""
    pairs = (f"{name}: {_quoted(value)}" for name, value in values.items())
    return "{" + ", ".join(pairs) + "}"


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
