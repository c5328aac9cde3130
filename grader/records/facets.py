"""Facets: the parts of a long reference, each of which earns its share of the credit."""

from __future__ import annotations

import re
from functools import lru_cache

from grader.records.cards import Card, Extras, Key, ReferenceItem, Wording

LONG = 30  # words from which a reference is graded by its parts; shorter ones people tend to mark as a whole
LEAST = 3  # words of a part; less belongs to its neighbour
LEAST_AFTER_AND = 4  # the same where only "and" parts them: shorter ones are one thing with two names

# Sentence ends, not the dots of initials, numbers and common abbreviations.
_SENTENCE = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bca)(?<![\s.][A-Z])[.!?]+(?=\s+[A-Z\"'(]|\s*$)")
_MARK = re.compile(r"\s*(?:;|->|=>|→|⇒|\s[–—-]\s)\s*")
# What joins two statements. A comma before "and", "but", "so" and the like shows that each is one.
_CLAUSE = re.compile(
    r"(?i)(?:,\s*|\s+)(?=(?:while|whereas|because|but|although|though|so that|instead of)\b)"
    r"|,\s*(?=(?:and|so|which|who|since|as|until|where|or|yet|then|therefore)\b)"
)
_AND = re.compile(r"(?i)\s+(?=and\s)")


@lru_cache(maxsize=4096)
def part(text: str) -> tuple[str, ...]:
    """The parts of a reference in its own words, in order; the whole text alone where it has no parts.

    Sentences, then clauses, then what a bare "and" joins. A part that is too short to stand for itself is left with the
    one before it.
    """
    made = [text]
    for cut, least in ((_SENTENCE, LEAST), (_MARK, LEAST), (_CLAUSE, LEAST), (_AND, LEAST_AFTER_AND)):
        made = [piece for whole in made for piece in _cut(whole, cut, least)]
    return tuple(piece.strip(" ,;.") for piece in made)


def _cut(text: str, mark: re.Pattern[str], least: int) -> list[str]:
    """The text cut at each mark that leaves at least so many words on both sides."""
    pieces: list[str] = []
    start = 0
    for found in mark.finditer(text):
        left, right = text[start : found.start()], text[found.end() :]
        if len(left.split()) >= least and len(right.split()) >= least:
            pieces.append(left.strip())
            start = found.end()
    return [*pieces, text[start:].strip()]


def facet_card(card: Card, index: int) -> Card | None:
    """A card that asks for the facets of an item one by one; None where the item has none.

    Facets are what the author states; of a term with an explanation on a card that wants both, those two; of the one
    long reference of a card, its parts.
    """
    item = card.items[index]
    if item.facets:
        named = [(facet.text, facet.wordings, facet.weight) for facet in item.facets]
    else:
        named = [(wording.text, (wording,), weight) for wording, weight in _own_parts(card, item)]
    if not named:
        return None
    items = tuple(
        ReferenceItem(f"{item.id}-{number}", text, wordings, points=weight)
        for number, (text, wordings, weight) in enumerate(named, start=1)
    )
    return Card(card.id, card.prompt, items, len(items), is_list=True, extras=Extras.IGNORE, language=card.language)


def _own_parts(card: Card, item: ReferenceItem) -> list[tuple[Wording, float]]:
    wording = item.wordings[0]
    if card.key is Key.BOTH and wording.term is not None and wording.explanation is not None:
        return list(zip((Wording(wording.term), Wording(wording.explanation)), card.key_weights, strict=True))
    if card.is_list or len(card.earning) > 1 or item.negative or len(item.wordings) > 1 or wording.term is not None:
        return []
    if len(wording.text.split()) < LONG:
        return []
    parts = part(wording.text)
    return [(Wording(text), 1 / len(parts)) for text in parts] if len(parts) > 1 else []
