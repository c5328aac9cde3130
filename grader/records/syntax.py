r"""The item syntax: what a reference item says has to be said, and in which wordings.

a | b                 any of these wordings
a (b)                 b is optional, unless it is a number or a formula
Term: explanation     a term of at most four words, and what it means
a definition - Name   attribution, never required
\| \( \: \- ...       a backslash takes the special meaning away
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from grader.errors import DeckError
from grader.records.cards import Wording

SPECIAL = "\\|(){}:-–—#*+.,;/•"  # what a backslash can make literal; before anything else it is a backslash
MAX_TERM_WORDS = 4
MIN_DEFINITION_WORDS = 5  # shorter texts before ` - Name` are pairs ("Paris - London"), not definitions

_ESCAPE = re.compile(r"\\([" + re.escape(SPECIAL) + "])")
_PARENTHESIS = re.compile(_ESCAPE.pattern + r"|[()]")
_LITERAL = "\0"  # stands for an escaped character in the mask; texts never hold it
_UNREADABLE = re.compile("[\0\ud800-\udfff]")


class Marked(NamedTuple):
    """A text beside its mask: equally long, with escaped characters hidden."""

    plain: str
    mask: str

    def cut(self, start: int, end: int | None = None) -> Marked:
        """The part from `start` to `end`, without white space around it."""
        piece, mask = self.plain[start:end], self.mask[start:end]
        left = len(piece) - len(piece.lstrip())
        right = len(piece.rstrip())
        return Marked(piece[left:right], mask[left:right])


def clean(text: str, what: str) -> str:
    """The text with each run of white space made one space.

    Raises:
        DeckError: where it holds characters that no text file can keep.
    """
    found = _UNREADABLE.search(text)
    if found:
        name = "a NUL character" if found.group() == "\0" else f"half a character (U+{ord(found.group()):04X})"
        raise DeckError(f"{what} holds {name}; delete it")
    return " ".join(text.split())


def unescape(markup: str) -> Marked:
    """What the markup says, beside the mask in which special characters still show."""
    if "\\" not in markup:
        return Marked(markup, markup)
    plain: list[str] = []
    mask: list[str] = []
    position = 0
    for escape in _ESCAPE.finditer(markup):
        between = markup[position : escape.start()]
        plain += (between, escape.group(1))
        mask += (between, _LITERAL)
        position = escape.end()
    plain.append(markup[position:])
    mask.append(markup[position:])
    return Marked("".join(plain), "".join(mask))


_MEANT = re.compile(
    r"(?<!\S)[|(]"  # alternatives, optional parts
    r"|:(?=\s)|(?<=\s)[-–—](?=\s)"  # terms, attribution
    r"|\\(?=[" + re.escape(SPECIAL) + "])"
)


def escape(text: str) -> str:
    """Markup that says exactly this text, as one wording without term, options or attribution."""
    return _MEANT.sub(lambda found: "\\" + found.group(), text)


def close_parentheses(markup: str) -> str:
    """The markup with a backslash before each parenthesis that has no partner in it."""
    opened: list[int] = []
    alone: list[int] = []
    for sign in _PARENTHESIS.finditer(markup):
        if sign.group() == "(":
            opened.append(sign.start())
        elif sign.group() == ")":
            if opened:
                opened.pop()
            else:
                alone.append(sign.start())
    parts, position = [], 0
    for start in sorted(alone + opened):
        parts.append(markup[position:start] + "\\")
        position = start
    return "".join([*parts, markup[position:]])


def read_item(markup: str) -> tuple[str, tuple[Wording, ...]]:
    """The text of an item as people see it, and its wordings.

    Raises:
        DeckError: where the item, or one of its wordings, is empty.
    """
    marked = unescape(clean(markup, "the item"))
    if not marked.plain:
        raise DeckError("the item is empty; write what has to be said, or delete it")
    wordings = tuple(_read_wording(part) for part in split_alternatives(marked))
    return marked.plain, wordings


def split_alternatives(marked: Marked) -> list[Marked]:
    """The wordings between spaced bars that stand outside parentheses."""
    if marked.mask == "|" or "|" not in marked.mask:
        return [marked]
    closed = parentheses(marked.mask)
    bars, position = [], 0
    for bar in re.finditer(r"(?:(?<=\s)|^)\|(?=\s|$)", marked.mask):
        while position < len(closed) and closed[position][1] < bar.start():
            position += 1
        if position == len(closed) or bar.start() < closed[position][0]:
            bars.append(bar.start())
    parts = [marked.cut(start, end) for start, end in zip([0, *(bar + 1 for bar in bars)], [*bars, None], strict=True)]
    if not all(part.plain for part in parts):
        raise DeckError(r"a wording beside '|' is empty; write it, delete the '|', or write '\|' for the sign itself")
    return parts


def parentheses(mask: str) -> list[tuple[int, int]]:
    """Where outermost balanced parentheses open and close, from left to right."""
    if "(" not in mask:
        return []
    depth: list[int] = []
    found: list[tuple[int, int]] = []
    for position, sign in enumerate(mask):
        if sign == "(":
            depth.append(position)
        elif sign == ")" and depth:
            start = depth.pop()
            while found and found[-1][0] > start:
                found.pop()
            found.append((start, position))
    return found


def _read_wording(marked: Marked) -> Wording:
    marked, name = _without_attribution(marked)
    colon = _term_end(marked)
    if colon is not None:
        term, term_options = _without_optional(marked.cut(0, colon))
        explanation, options = _without_optional(marked.cut(colon + 1))
        optional = (*term_options, *options, *name)
        if _is_label(term):  # "Step 3: mix" wants the mixing, not the number of the step
            return Wording(text=explanation, optional=(term, *optional))
        return Wording(text=f"{term}: {explanation}", term=term, explanation=explanation, optional=optional)
    text, options = _without_optional(marked)
    return Wording(text=text, optional=(*options, *name))


# --- optional parts -------------------------------------------------------------------------------------------------


def _without_optional(marked: Marked) -> tuple[str, tuple[str, ...]]:
    """The text that remains, and what stood in parentheses after a space."""
    if "(" not in marked.mask:
        return marked.plain, ()
    kept: list[str] = []
    options: list[str] = []
    position = 0
    for start, end in parentheses(marked.mask):
        inside = marked.plain[start + 1 : end].strip()
        if start == 0 or not marked.mask[start - 1].isspace() or not inside or is_figure(inside):
            continue
        kept.append(marked.plain[position:start].rstrip())
        following = marked.plain[end + 1 : end + 2]
        if following and (following.isalnum() or following in "([{"):
            kept.append(" ")
        options.append(inside)
        position = end + 1
    kept.append(marked.plain[position:])
    text = "".join(kept).strip()
    return text, tuple(options)


_NUMBER = r"[-+−±~≈<>≤≥]?\s?[$€£¥]?\d[\d.,  ]*"
_UNIT = (
    r"(?:%|‰|°\s?[CFK]?|[kMGTmµμnpcdh]?(?:m|g|s|A|K|J|W|V|Ω|Hz|N|Pa|L|l|C|F|T|B|bit|bar|eV|mol|cal|Wh)[²³23]?"
    r"|ha|min|h|years?|months?|weeks?|days?|hours?|minutes?|seconds?|percent|metres?|meters?|degrees?|BCE?|CE|AD)"
)
_FIGURE = re.compile(
    rf"(?:c\.|ca\.|approx\.|about|in)?\s*{_NUMBER}(?:\s?(?:[-–—/:x×]|to)\s?{_NUMBER})*\s?{_UNIT}?(?:\s?/\s?{_UNIT})?"
)
_ELEMENTS = (
    "He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Sc|Ti|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr|Zr|Mo|Ag|Cd|Sn|Sb|Te|Xe|"
    "Cs|Ba|Pt|Au|Hg|Pb|Bi|Ra|Th|Pu|H|B|C|N|O|F|P|S|K|V|Y|I|W|U"
)
_ATOM = re.compile(rf"({_ELEMENTS})((?:[2-9]|[12]\d|[₂-₉]|[₁₂][₀-₉])?)")
_OPERATOR = re.compile(r"[=+×÷·*^√∑∫∞≤≥≈≠<>²³⁰-⁹₀-₉]|(?<=[\w)])\s?[-−/]\s?(?=[\w(])")


def is_figure(inside: str) -> bool:
    """Whether what stands in parentheses is a number or a formula, which is never optional."""
    return bool(_FIGURE.fullmatch(inside)) or _is_formula(inside)


def _is_formula(inside: str) -> bool:
    if _is_compound(inside):
        return True
    if re.search(r"[^\W\d_]{4,}", inside) and not re.search(r"[=^√∑∫]", inside):
        return False  # a word: a remark with a sign in it
    if re.fullmatch(r"[a-zA-Zα-ωΑ-Ω]", inside):
        return True  # f (x)
    words = re.findall(r"[^\W\d_]{3,}", inside)
    if _OPERATOR.search(inside) and not [word for word in words if word not in ("sin", "cos", "tan", "log", "exp")]:
        return bool(re.search(r"\d|\b[a-zA-Z]\b|[=^√∑∫]", inside)) and not re.search(r"->|→|\b\w\.\w\.", inside)
    return False


def _is_compound(inside: str) -> bool:
    """H2O, CO₂, NaCl; not WW1, G20, UK: no element twice in a row, and a count or an element of two letters."""
    bare = re.sub(r"[+-]|[⁺⁻]|[()]", "", inside)
    atoms = _ATOM.findall(bare)
    if not atoms or "".join(symbol + count for symbol, count in atoms) != bare:
        return False
    symbols = [symbol for symbol, _ in atoms]
    if any(one == two for one, two in pairwise(symbols)):
        return False
    counted = any(count for _, count in atoms)
    return counted or (len(symbols) > 1 and any(len(symbol) == 2 for symbol in symbols))


# --- terms ----------------------------------------------------------------------------------------------------------

# What cannot begin a noun phrase, or stand in one: then the colon continues a sentence.
_NO_FIRST_WORDS = (
    "to if when because since so no yes not and or but it they this that these those there he she we you i as while "
    "although then thus hence at by true false e.g i.e eg ie"
)
_NO_FIRST_WORD = frozenset(_NO_FIRST_WORDS.split())
_NO_WORDS = "is are was were has have had does do did be because said says means"
_NO_WORD = frozenset(_NO_WORDS.split())
_LABEL = re.compile(
    r"(?:step|point|item|reason|answer|number|no\.?|nr\.?|example|part)\s*[#(]?(?:\d{1,2}|[ivx]+|[a-e])\)?"
    r"|answer|notes?|hints?|examples?|definition",
    re.IGNORECASE,
)


def _is_label(term: str) -> bool:
    """Whether the words before the colon only number or announce what follows ("Step 3", "Answer")."""
    return bool(_LABEL.fullmatch(term))


def _term_end(marked: Marked) -> int | None:
    """Where the colon after a term stands, if the text begins with one."""
    colon = re.search(r":(?=\s)", marked.mask)
    if not colon or colon.start() == 0:
        return None
    position = colon.start()
    if any(start < position < end for start, end in parentheses(marked.mask)):
        return None
    term, _ = _without_optional(marked.cut(0, position))
    explanation, _ = _without_optional(marked.cut(position + 1))
    return position if explanation.strip(".!?") and is_term(term) and not _is_ratio(term, explanation) else None


def _is_ratio(left: str, right: str) -> bool:
    return left[-1:].isdigit() and right[:1].isdigit()


def is_term(text: str) -> bool:
    """Whether the text can be a term: a noun phrase of at most four words."""
    words = text.split()
    if not 1 <= len(words) <= MAX_TERM_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if re.search(r"[,;!?=|<>→]|[^\W\d_]{4}\.\s|[-.:]$|://", text):
        return False
    lowered = [word.casefold().strip("\"'“”‘’.") for word in words if not (word.isupper() and len(word) > 1)]
    abbreviated = words[0].isupper() and len(words[0]) > 1  # NO, the oxide, is not the word
    begins = abbreviated or lowered[0] not in _NO_FIRST_WORD
    return begins and not any(word in _NO_WORD for word in lowered)


# --- attribution ----------------------------------------------------------------------------------------------------

_PARTICLE = r"(?:de|del|della|di|da|du|la|le|van|von|der|den|ten|ter|bin|ibn|al|el|and|&)"
_NAME_WORD = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|al-|el-)?[A-ZÀ-ÖØ-Þ][^\W\d_]*[^\W\dA-Z_][^\W\d_]*(?:[-'’][A-ZÀ-ÖØ-Þ]?[^\W\d_]+)*)"
)
_INITIALS = r"(?:(?:[A-Z]\.\s?-?)+)"
_NAME = re.compile(
    rf"(?:{_INITIALS}\s?|{_PARTICLE}\s)?{_NAME_WORD}(?:(?:,|\s(?:{_PARTICLE}\s){{0,2}})\s?(?:{_INITIALS}|{_NAME_WORD})){{0,3}}"
    r"(?:,?\set\sal\.?)?(?:,?\s\(?(?:1[4-9]|20)\d\d[a-z]?\)?)?\.?"
)


def _without_attribution(marked: Marked) -> tuple[Marked, tuple[str, ...]]:
    """The definition, and the name that follows its last spaced dash, if any."""
    dashes = list(re.finditer(r"(?<=\s)[-–—](?=\s)", marked.mask))
    if dashes:
        before = marked.cut(0, dashes[-1].start())
        name = marked.plain[dashes[-1].end() :].strip()
        defines = len(before.plain.split()) >= MIN_DEFINITION_WORDS
        if defines and len(name.split()) <= MAX_TERM_WORDS + 2 and _NAME.fullmatch(name):
            return before, (name,)
    return marked, ()
