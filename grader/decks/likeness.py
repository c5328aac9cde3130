"""How much a bare line looks like a prompt, and how much like a reference.

A logistic regression over a few things that can be seen in one line, or in two neighbours. Its weights (in nats,
positive towards "prompt") were fitted by models/recipes/deck_likeness.py on the prompts and the items
of the project's own training cards, and rounded to a tenth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.records.prompts import asked_count, is_plural

_ASKS = re.compile(
    r"(?:and |or |in |to |for |at |from |with |by |under |on |of )?(?:what|why|how|which|who|whom|whose|when|where)\b",
    re.I,
)
_IMPERATIVES = (
    "name list give state identify describe explain outline mention suggest write define discuss compare contrast "
    "evaluate analyse analyze calculate compute draw sketch sort put order show tell summarise summarize distinguish "
    "convert solve find complete translate justify match label prove derive"
)
_IMPERATIVE = re.compile(rf"(?:{_IMPERATIVES.replace(' ', '|')})\s", re.I)
_KIND_WORDS = (
    "definition define reading formula theorem law theory types? causes? effects? functions? stages? steps? parts? "
    "examples? advantages? disadvantages? features? characteristics? differences? difference meaning role structure "
    "purpose symptoms? signs? treatment principles? elements? components? reasons? consequences? properties rules? "
    "conditions? criteria methods? strategies factors? evidence arguments? main capital author inventor date year"
)
_KIND = re.compile(
    rf"(?:the |main |key )*(?:{_KIND_WORDS.replace(' ', '|')})"
    r"(?:\s(?:of|for|in|to|between|against|on|when|why)\b|\s?:)",
    re.I,
)
_VERSUS = re.compile(r"\s(?:vs\.?|versus|compared (?:with|to))\s", re.I)
_CONNECTED = re.compile(
    r"(?:but|and|or|so|because|since|therefore|thus|however|although|though|while|if|as|by|it|its|it's|they|their|them|"
    r"this|these|those|that|there|he|she|his|her|we|you|one|both|no|yes|not|only|then|also|given|due|some|many|most|"
    r"all|each|every|any|when|where|after|before|during|between|without|with|through)\b[^?]*$",
    re.I,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|can|cannot|could|will|would|may|might|must|should|does|do|did|"
    r"don['’]t|doesn['’]t|isn['’]t|aren['’]t|becomes?|became|makes?|made|gives?|gave|takes?|took|gets?|goes|went|"
    r"causes?|uses?|used|means?|allows?|needs?|keeps?|shows?|says?|said|happens?|comes?|came|leads?|led|lets?|"
    r"contains?|includes?|involves?|requires?|produces?|provides?|increases?|decreases?|reduces?|prevents?)\b",
    re.I,
)
_VERB_ENDING = re.compile(r"\s[a-z]{3,}(?:ed|ing|ise|ize|ises|izes|ifies)\b")
_ASKS_LATER = re.compile(r"[,:;] (?:what|why|how|which|who|whose|when|where)\b", re.I)
_FIGURE = re.compile(r"[\W\d]+\w{0,4}")
_YEAR = re.compile(r"\((?:[^()]*\s)?(?:1\d|20)\d\d\b[^()]*\)")
_ARROW = re.compile(r"->|→|=>|⇒")
_EXAMPLE = re.compile(r"\b(?:e\.g\.|i\.e\.|etc|such as|for example)")
_REASON = re.compile(
    r"\w,? (?:because|so that|so (?:it|they|the)|therefore|whereas|while|instead of|rather than|without|until|unless"
    r"|which)\b",
    re.I,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|her|him|one another|each other|itself|themselves)\b", re.I
)
_OPEN_END = re.compile(
    r"\b(?:of|on|in|to|for|by|with|from|at|about|between|is|are|was|were|include|includes|because|when|if|that|as|than|"
    r"called|means|into|against)(?:\s?(?::|\.\.\.|…|_+))?$",
    re.I,
)
LENGTHS = (1, 2, 4, 7, 11, 16, 25)  # words: upper ends of the bins


def features(line: str) -> frozenset[str]:
    """What can be seen in a line, by name."""
    words = line.split()
    bare = line.rstrip("\"'”’) ")
    first = words[0].casefold() if words else ""
    verb = bool(_VERB.search(line) or _VERB_ENDING.search(line))
    requests = bool(_IMPERATIVE.search(line) or _ASKS.match(line) or "?" in line)
    stops = bare.endswith((".", "!")) and not bare.endswith(("etc.", "e.g.", "vs."))
    asks_later = bool(_ASKS_LATER.search(line))
    short = len(words) <= LENGTHS[3] and not verb
    seen = {
        "question mark": bare.endswith("?"),
        "question word": bool(_ASKS.match(line)),
        "question later": asks_later,
        "imperative": bool(_IMPERATIVE.match(line)),
        "asks for a number": asked_count(line) is not None and not bare.endswith("."),
        "kind of thing": bool(_KIND.match(line)),
        "versus": bool(_VERSUS.search(line)),
        "open end": bool(_OPEN_END.search(line)),
        "connective first": len(words) > 1 and bool(_CONNECTED.match(line)) and not asks_later,
        "definite article first": first == "the" and not short,
        "definite article first, short": first == "the" and short,
        "indefinite article first": first in {"a", "an"},
        "to first": first == "to",
        "digit first": line[:1].isdigit(),
        "figure only": bool(_FIGURE.fullmatch(line)),
        "plural first": len(words) > 1 and is_plural(words[0]),
        "statement": stops and not requests and not asks_later,
        "stop": stops,
        "reason": bool(_REASON.search(line)),
        "pronoun": bool(_PRONOUN.search(line)) and not requests,
        "verb": verb,
        "year in brackets": bool(_YEAR.search(line)),
        "arrow": bool(_ARROW.search(line)),
        "semicolon": ";" in line,
        "comma": "," in line,
        "example given": bool(_EXAMPLE.search(line)),
    }
    size = next((place for place, limit in enumerate(LENGTHS) if len(words) <= limit), len(LENGTHS))
    return frozenset([name for name, true in seen.items() if true] + [f"length {size}"])


WEIGHTS: Mapping[str, float] = {
    "arrow": -0.9,
    "asks for a number": 3.4,
    "comma": -1.1,
    "connective first": -2.8,
    "definite article first": -1.7,
    "definite article first, short": -2.2,
    "digit first": -2.1,
    "example given": -1.2,
    "figure only": -2.1,
    "imperative": 2.6,
    "indefinite article first": -1.3,
    "kind of thing": 2.2,
    "length 0": 0.8,
    "length 1": 0.6,
    "length 2": 0.8,
    "length 3": 1.0,
    "length 4": 0.1,
    "length 5": -0.8,
    "length 6": -1.7,
    "length 7": -0.8,
    "open end": 0.8,
    "plural first": 0.6,
    "pronoun": -1.2,
    "question later": 0.1,
    "question mark": 5.5,
    "question word": 1.5,
    "reason": -1.6,
    "semicolon": -1.9,
    "statement": -3.3,
    "stop": 1.8,
    "to first": -0.7,
    "verb": -0.5,
    "versus": 3.1,
    "year in brackets": 0.7,
}
BIAS = -0.1


def likeness(line: str) -> float:
    """How much more the line looks like a prompt than like a reference, in nats."""
    return BIAS + sum(WEIGHTS[name] for name in features(line))
