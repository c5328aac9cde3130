"""Folding: one form for texts that a reader would call the same, with the way back to the raw text."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = dict.fromkeys("‘’‚‛′`´ʼ＇ʹ", "'") | dict.fromkeys("“”„‟″«»＂", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
_ARROWS = dict.fromkeys("→⇒⟶➔➜⟹", ">") | dict.fromkeys("←⇐⟵", "<")
_SAME_MARKS = _QUOTES | _DASHES | _ARROWS | {"…": "...", "⁄": "/", "∕": "/", "×": "x", "·": " ", "•": " "}

# NFKC would turn 10⁶ into 106; a raised figure keeps its mark.
_RAISED = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", ("^0", "^1", "^2", "^3", "^4", "^5", "^6", "^7", "^8", "^9", "^+", "^-"), strict=True)
)

# Cyrillic and Greek letters drawn like Latin ones (Unicode TR 39, the letters that keyboards and pranks produce).
_CONFUSABLE = str.maketrans(
    "аеорсухіјѕԁһԛԝѵѐёїАВЕКМНОРСТУХІЈЅαβγεηικμνορτυχ",
    "aeopcyxijsdhqwveeiabekmhopctyxijsabyenikuvoptux",
)
_LONE_GREEK = frozenset("αβγεηικμνορτυχ")


# Marks of a page that came along with pasted text, and part its lines.
MARKUP = r"</?(?:ul|ol|li|br|p|div|table|tr|td|th|h[1-6]|span|b|i|u|em|strong)(?:\s[^<>]{0,200})?/?>"


def clean(text: str) -> str:
    """The text with what no reader sees taken out, and nothing else: for models, which see words and not code points.

    Lone surrogates and control characters become spaces, page markup line breaks; invisible marks go; NFC is applied.
    """
    if "<" in text:
        text = re.sub(MARKUP, "\n", text)
    if text.isascii() and text.isprintable():
        return text
    made = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category in ("Cc", "Cs", "Zl", "Zp", "Zs"):
            made.append("\n" if char == "\n" else " ")
        elif category != "Cf" and not _is_variation_selector(char):
            made.append(char)
    return "".join(made)


def fold(text: str) -> str:
    """The text as it is compared: two texts that fold to the same string are the same answer.

    NFKC, case folded, quotes, dashes and arrows straightened, invisible characters dropped, accents of Latin letters
    dropped, letters of other scripts that stand in a Latin word mapped to the letters they imitate, white space
    collapsed. Raised figures keep a mark: 10⁶ folds to `10^6`.
    """
    return " ".join(fold_with_offsets(text)[0].split())


def fold_with_offsets(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded text without collapsing spaces, and for each of its characters the raw code point it came from.

    The tuple has one more entry, the length of the raw text, so that `offsets[end]` closes a span.
    """
    if text.isascii():
        made = text.lower().replace("`", "'")
        if not made.isprintable():
            made = "".join(char if char.isprintable() else " " for char in made)
        return made, tuple(range(len(text) + 1))
    chars: list[str] = []
    offsets: list[int] = []
    length = len(text)
    start = 0
    while start < length:
        end = start + 1
        while end < length and unicodedata.combining(text[end]):
            end += 1
        for char in _fold_cluster(text[start:end]):
            chars.append(char)
            offsets.append(start)
        start = end
    offsets.append(length)
    return _unmask("".join(chars)), tuple(offsets)


def _fold_cluster(cluster: str) -> str:
    first = cluster[0]
    if first in _RAISED:
        return _RAISED[first]
    if first in _SAME_MARKS:
        return _SAME_MARKS[first]
    category = unicodedata.category(first)
    if category in ("Cc", "Cs", "Zl", "Zp", "Zs"):
        return " "
    if category == "Cf" or _is_variation_selector(first):
        return ""
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    parts = unicodedata.normalize("NFKD", folded)
    if parts[:1].isascii():
        folded = "".join(char for char in parts if not unicodedata.combining(char))
    return "".join(_SAME_MARKS.get(char, char) for char in folded)


def _unmask(text: str) -> str:
    """Letters of other scripts that imitate Latin ones, read as Latin where the word they stand in is Latin.

    A word wholly in look-alike Cyrillic counts as Latin too; a lone Greek letter is a symbol and stays.
    """
    if text.translate(_CONFUSABLE) == text:
        return text
    made: list[str] = []
    word: list[str] = []
    for char in [*text, " "]:
        if char.isalpha():
            word.append(char)
            continue
        if word:
            joined = "".join(word)
            mapped = joined.translate(_CONFUSABLE)
            imitates = mapped.isascii() and (any(c.isascii() for c in joined) or not _LONE_GREEK.intersection(joined))
            made.append(mapped if imitates and len(mapped) == len(joined) else joined)
            word = []
        made.append(char)
    return "".join(made)[:-1]


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"
