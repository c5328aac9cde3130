"""The first judge: similarity and shared words weighed by a fitted line, and guards that veto."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from grader.judge.lexicon import Spelling, is_initialism, spelling
from grader.judge.polarity import opening_conflict, polarity_conflict
from grader.judge.quantities import Agreement, compare_quantities, quantities
from grader.records import Judgement, Pair, Reason
from grader.text import content_words, fold, stem, tokenise

FEATURES = ("similarity", "residual", "margin", "recall", "precision", "fuzzy", "term", "short_recall", "length")
SETTLED = 0.98  # P(expresses) of words that are the reference's own
ABOUT = 0.3  # P(expresses) before the guards from which a conflict is a contradiction and not another subject
VETOED = 0.02  # P(expresses) that a veto leaves
CONTRADICTION = 0.9  # P(contradicts) that a guard's conflict gives
ORDERED_WORDS = 3  # content words from which the reference's own words count only in its own order
SHORT_WORDS = 3  # a reference of so few content words stands or falls by them
BAG_WORDS = 5  # keywords of the reference from which an answer can be a bag of them
BAG_SHARE = 0.6  # share of its content words that are the reference's
BAG_GRAMMAR = 0.12  # share of function words from which there is some grammar
BAG_ORDER = 0.4  # share of neighbours that stand as in the reference, up to which there is no order
SAME_WORDS = 0.999  # share of the reference's words from which it has been said


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted line: logit of P(expresses) = bias + weights . features (order of `FEATURES`)."""

    bias: float
    weights: tuple[float, ...]
    name: str


def load_weights(path: Path) -> Weights:
    """Reads a weights file (JSON with `name`, `bias` and `weights` by feature name)."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return Weights(float(read["bias"]), tuple(float(read["weights"][name]) for name in FEATURES), str(read["name"]))


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the words of a text cover those of a reference."""

    recall: float  # share of the reference's content words that are said, 0..1
    precision: float  # share of the text's content words that are the reference's, 0..1
    misspelt: tuple[str, ...]  # words of the text that are the reference's, misspelt
    near_misses: tuple[str, ...]  # words of the text that only look like the reference's


@dataclass(frozen=True, slots=True)
class Evidence:
    """What can be known of a pair without reading it."""

    features: tuple[float, ...]  # in the order of `FEATURES`
    settled: Reason | None  # the text is the reference, word for word or misspelt
    conflict: tuple[Reason, str] | None  # what a guard found, with the words or figures that show it
    misspelt: tuple[str, ...]
    covered: bool  # every content word of the reference is said
    bag: bool = False  # keywords of the reference in any order, without a claim
    decisive: bool = False  # whether the conflict is of a kind that hardly ever errs, and needs no reading

    def logit(self, weights: Weights) -> float:
        """The weighed features."""
        return weights.bias + sum(w * x for w, x in zip(weights.weights, self.features, strict=True))


def gather(pair: Pair) -> Evidence:
    """The evidence of a pair: features, whether it settles the matter, and what the guards say."""
    aligned = align(pair)
    settled = settled_reason(pair, aligned)
    plain = settled is not None and _plain(pair.text) == _plain(pair.reference)
    conflict = None if plain else conflict_of(pair, aligned)
    covered = aligned.recall >= SAME_WORDS
    bag = settled is None and is_bag(pair.reference, pair.answer or pair.text)
    decisive = conflict is not None and (
        conflict[0] is Reason.SWAPPED or (conflict[0] is Reason.NUMBER_MISMATCH and is_figure(pair.reference))
    )
    return Evidence(features(pair, aligned), settled, conflict, aligned.misspelt, covered, bag, decisive)


@lru_cache(maxsize=16384)
def is_bag(reference: str, answer: str) -> bool:
    """Whether an answer is a bag of the reference's keywords: its own words, no grammar, no marks, not in its order.

    Notes in telegram style have marks between their parts, keep the order of what they note, or hold words of their
    own.
    """
    tokens = tokenise(answer)
    said = [stem(word) for word in content_words(answer)]
    places = {stem(word): place for place, word in enumerate(content_words(reference))}
    shared = [places[word] for word in said if word in places]
    marked = any(not token.is_word for token in tokens[:-1])
    if marked or len(set(shared)) < BAG_WORDS or len(shared) < BAG_SHARE * len(said):
        return False
    if len(tokens) - len(said) > BAG_GRAMMAR * len(tokens):
        return False
    return sum(0 < after - before <= 2 for before, after in pairwise(shared)) <= BAG_ORDER * (len(shared) - 1)


def sigmoid(logit: float) -> float:
    """A logit as a probability, rounded so that no grade hangs on a last bit."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)


class EvidenceJudge:
    """Weighs what the encoder and the words say; vetoes by quantities, polarity and near-misses. Reads nothing."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return self._weights.name

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        return [self._judge(gather(pair)) for pair in pairs]

    def _judge(self, evidence: Evidence) -> Judgement:
        probability = SETTLED if evidence.settled else sigmoid(evidence.logit(self._weights))
        if evidence.bag:
            return Judgement(min(probability, VETOED), 0.0, 0.0, Reason.UNRELATED, "", probability)
        if evidence.conflict:
            reason, words = evidence.conflict
            contradicts = CONTRADICTION if probability >= ABOUT and reason is not Reason.NEAR_MISS else 0.0
            return Judgement(min(probability, VETOED), contradicts, 0.0, reason, words, probability)
        credit = 1.0 if evidence.settled else probability
        reason = evidence.settled or (Reason.ENTAILED if evidence.covered else Reason.PARAPHRASE)
        return Judgement(probability, 0.0, credit, reason, ", ".join(evidence.misspelt), probability)


def align(pair: Pair) -> Alignment:
    """Matches each content word of the reference with the word of the text that says it, allowing inflection and typos.

    Words of the prompt count on neither side, unless the reference consists of nothing else.
    """
    prompt = {stem(word) for word in content_words(pair.prompt)}
    wanted = content_words(pair.reference)
    said = content_words(pair.text)
    wanted = tuple(word for word in wanted if stem(word) not in prompt) or wanted
    fresh = tuple(word for word in said if stem(word) not in prompt or word in wanted)
    stems = {stem(word) for word in fresh}
    hits = 0.0
    misspelt: list[str] = []
    near: list[str] = []
    used: set[str] = set()
    for word in dict.fromkeys(wanted):
        if stem(word) in stems:
            hits += 1
            used.add(stem(word))
            continue
        kind, match = _nearest(word, fresh, pair.vocabulary)
        if kind in (Spelling.SAME, Spelling.INFLECTED, Spelling.TYPO):
            hits += 1
            used.add(stem(match))
            if kind is Spelling.TYPO:
                misspelt.append(match)
        elif kind is Spelling.NEAR_MISS:
            near.append(match)
    if hits < len(set(wanted)) and len(fresh) == 1 and is_initialism(fresh[0], wanted):
        hits = len(set(wanted))
        used.add(stem(fresh[0]))
    recall = hits / max(1, len(set(wanted)))
    precision = len(used & stems) / max(1, len(stems))
    return Alignment(recall, precision, tuple(misspelt), tuple(near))


def features(pair: Pair, aligned: Alignment) -> tuple[float, ...]:
    """The evidence of a pair, in the order of `FEATURES`."""
    from rapidfuzz import fuzz

    wanted = len(set(content_words(pair.reference)))
    short = wanted <= SHORT_WORDS
    said = len(content_words(pair.text))
    return (
        pair.similarity,
        pair.residual,
        pair.margin,
        aligned.recall,
        aligned.precision,
        round(fuzz.token_set_ratio(fold(pair.text), fold(pair.reference)) / 100, 4),
        float(pair.is_term and aligned.recall >= SAME_WORDS),
        aligned.recall if short else 0.0,
        min(1.0, said / max(1, wanted)),
    )


def _nearest(word: str, said: Sequence[str], vocabulary: frozenset[str]) -> tuple[Spelling, str]:
    order = (Spelling.SAME, Spelling.INFLECTED, Spelling.TYPO, Spelling.NEAR_MISS)
    found = {kind: other for other in reversed(said) if (kind := spelling(word, other, vocabulary)) in order}
    for kind in order:
        if kind in found:
            return kind, found[kind]
    return Spelling.DIFFERENT, ""


@lru_cache(maxsize=16384)
def is_figure(text: str) -> bool:
    """Whether a text is a figure and nothing else."""
    found = quantities(text)
    left = "".join(char for place, char in enumerate(text) if not any(one.start <= place < one.end for one in found))
    return bool(found) and not content_words(left)


def settled_reason(pair: Pair, aligned: Alignment) -> Reason | None:
    """The reason of a pair that needs no weighing: the text is the reference, word for word or misspelt.

    A reference of several words has to be said in its own order: in another they may say something else. A reference
    that is a figure is said by every figure that agrees with it.
    """
    exact = Reason.TERM if pair.is_term else Reason.EXACT
    if _plain(pair.text) == _plain(pair.reference):
        return exact
    if is_figure(pair.reference) and is_figure(pair.text):
        return exact if compare_quantities(pair.reference, pair.text).agreement is Agreement.AGREE else None
    if aligned.recall < SAME_WORDS or aligned.precision < SAME_WORDS or aligned.near_misses:
        return None
    wanted = [stem(word) for word in content_words(pair.reference)]
    said = [stem(word) for word in content_words(pair.text)]
    if len(wanted) >= ORDERED_WORDS and not aligned.misspelt and said != wanted:
        return None
    return Reason.TYPO if aligned.misspelt else exact


def conflict_of(pair: Pair, aligned: Alignment) -> tuple[Reason, str] | None:
    """What a guard holds against the text: another figure, an opposite, exchanged roles, another word alike."""
    figures = compare_quantities(pair.reference, pair.text)
    if figures.mismatch:
        return Reason.NUMBER_MISMATCH, figures.evidence
    opening = opening_conflict(pair.wording or pair.reference, pair.answer or pair.text)
    if opening:  # stands at the start of the answer, whatever range of it this is
        return Reason.NEGATED, opening
    conflict = polarity_conflict(pair.reference, pair.text)
    if conflict:
        return conflict
    if aligned.near_misses and len(set(content_words(pair.reference))) <= SHORT_WORDS:
        return Reason.NEAR_MISS, aligned.near_misses[0]
    return None


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
