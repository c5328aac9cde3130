"""Proposing: which ranges of an answer are worth judging against which wordings of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.records import Card, Key, Pair, Wording
from grader.text import content_words, stem, tokenise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Range = tuple[int, int]
Vectors = Mapping[str, "NDArray[np.float32]"]

EVIDENCE_DIGITS = 4  # evidence is rounded before any comparison, so that no grade hangs on a last bit
RANGES_PER_ASPECT = 8  # ranges judged against each thing an item may be earned by
SHARED_WORDS = 0.6  # weight of shared words beside the cosine when ranges are ranked
PROMPT_TERM_WEIGHT = 0.9  # share of a term's words that stand in the prompt from which naming it says nothing


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that earns an item: a whole wording, its term, or its explanation."""

    item: int
    wording: int
    text: str
    is_term: bool = False
    whole: str = ""  # the wording that `text` is a part of, where any part of it earns the item


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair to be judged, and what it is about."""

    aspect: Aspect
    atoms: Range
    pair: Pair


def aspects(card: Card) -> tuple[Aspect, ...]:
    """Everything that an item of the card may be earned by, by the card's `key`.

    A term that stands in the prompt is left out: saying it back earns nothing.
    """
    prompt = {stem(word) for word in content_words(card.prompt)}
    made: list[Aspect] = []
    for index, item in enumerate(card.items):
        for number, wording in enumerate(item.wordings):
            whole = wording.text if card.key is Key.EITHER else ""
            made.extend(
                Aspect(index, number, text, is_term, whole) for text, is_term in _parts(wording, card.key, prompt)
            )
    return tuple(made)


def _parts(wording: Wording, key: Key, prompt: set[str]) -> list[tuple[str, bool]]:
    if wording.term is None or wording.explanation is None:
        return [(wording.text, False)]
    words = [stem(word) for word in content_words(wording.term)]
    given = sum(word in prompt for word in words) >= PROMPT_TERM_WEIGHT * len(words)
    term = [] if given else [(wording.term, True)]
    whole = [] if given else [(f"{wording.term}: {wording.explanation}", False)]
    if key is Key.TERM:
        return term or [(wording.term, True)]
    if key is Key.EXPLANATION:
        return [(wording.explanation, False)]
    if key is Key.BOTH:
        return [(f"{wording.term}: {wording.explanation}", False)]
    return [*term, (wording.explanation, False), *whole]


def texts_to_encode(card: Card, spans: Sequence[str]) -> list[str]:
    """Every text whose vector `propose` reads."""
    return [card.prompt, *(aspect.text for aspect in aspects(card)), *spans]


def propose(
    card: Card, ranges: Sequence[Range], spans: Sequence[str], contexts: Sequence[str], vectors: Vectors
) -> tuple[Proposal, ...]:
    """The likeliest ranges for each aspect of the card, with what the encoder knows of each pair.

    `spans[k]` is the text of `ranges[k]`, `contexts[k]` what it stands in; `vectors` holds an L2-normalised vector for
    each text of `texts_to_encode`. At most `RANGES_PER_ASPECT` ranges an aspect are kept, by cosine and shared words;
    single atoms of short answers are always among them.
    """
    if not ranges:
        return ()
    import numpy as np

    found = aspects(card)
    said = np.stack([vectors[text] for text in spans])
    asked = np.stack([vectors[aspect.text] for aspect in found])
    prompt = vectors[card.prompt]
    similarity = np.round(asked @ said.T, EVIDENCE_DIGITS)
    residual = np.round(_without(asked, prompt) @ _without(said, prompt).T, EVIDENCE_DIGITS)
    nearest = np.full((len(card.items), len(spans)), -1.0)
    for row, aspect in enumerate(found):
        nearest[aspect.item] = np.maximum(nearest[aspect.item], similarity[row])
    words = [frozenset(stem(word) for word in content_words(text)) for text in spans]
    vocabulary = card_vocabulary(card)
    made = []
    for row, aspect in enumerate(found):
        others = np.delete(nearest, aspect.item, axis=0)
        margin = similarity[row] - (others.max(axis=0) if len(others) else 0.0)
        wanted = {stem(word) for word in content_words(aspect.text)}
        worth = [
            float(similarity[row, column]) + SHARED_WORDS * len(wanted & said_words) / max(1, len(wanted))
            for column, said_words in enumerate(words)
        ]
        order = sorted(range(len(spans)), key=lambda column: (-worth[column], ranges[column]))
        keep = set(order[:RANGES_PER_ASPECT])
        if len(spans) <= 4 * RANGES_PER_ASPECT:
            keep.update(column for column, (start, end) in enumerate(ranges) if end - start == 1)
        for column in sorted(keep):
            pair = Pair(
                card.prompt,
                aspect.text,
                spans[column],
                aspect.whole,
                contexts[column],
                aspect.is_term,
                vocabulary,
                round(float(similarity[row, column]), EVIDENCE_DIGITS),
                round(float(residual[row, column]), EVIDENCE_DIGITS),
                round(float(margin[column]), EVIDENCE_DIGITS),
                len(card.items[aspect.item].wordings),
            )
            made.append(Proposal(aspect, ranges[column], pair))
    return tuple(made)


def card_vocabulary(card: Card) -> frozenset[str]:
    """The folded words of a card: words for certain, whatever a dictionary says."""
    texts = [card.prompt, *(item.text for item in card.items)]
    return frozenset(token.text for text in texts for token in tokenise(text) if token.text.isalpha())


def _without(vectors: NDArray[np.float32], direction: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors with a direction taken out, L2-normalised again; a vector along it becomes zero."""
    import numpy as np

    left = vectors - np.outer(vectors @ direction, direction)
    norms = np.linalg.norm(left, axis=1, keepdims=True)
    made: NDArray[np.float32] = np.where(norms > 1e-3, left / np.maximum(norms, 1e-3), 0.0)
    return made
