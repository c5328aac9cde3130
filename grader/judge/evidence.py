"""The first judge: similarity and shared words weighed by a fitted line, and guards that veto."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.judge.lexicon import Spelling, is_initialism, spelling
from grader.judge.polarity import polarity_conflict
from grader.judge.quantities import compare_quantities
from grader.records import Judgement, Pair, Reason
from grader.text import content_words, fold, stem

FEATURES = ("similarity", "residual", "margin", "recall", "precision", "fuzzy", "term", "short_recall", "length")
SETTLED = 0.98  # P(expresses) of words that are the reference's own
ABOUT = 0.3  # P(expresses) before the guards from which a conflict is a contradiction and not another subject
VETOED = 0.02  # P(expresses) that a veto leaves
CONTRADICTION = 0.9  # P(contradicts) that a guard's conflict gives
SHORT_WORDS = 3  # a reference of so few content words stands or falls by them
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


class EvidenceJudge:
    """Weighs what the encoder and the words say; vetoes by quantities, polarity and near-misses."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return self._weights.name

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        return [self._judge(pair) for pair in pairs]

    def _judge(self, pair: Pair) -> Judgement:
        aligned = align(pair)
        settled = settled_reason(pair, aligned)
        evidence = features(pair, aligned)
        logit = self._weights.bias + sum(w * x for w, x in zip(self._weights.weights, evidence, strict=True))
        probability = SETTLED if settled else 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
        probability = round(probability, 4)
        conflict = conflict_of(pair, aligned)
        if conflict:
            reason, words = conflict
            contradicts = CONTRADICTION if probability >= ABOUT and reason is not Reason.NEAR_MISS else 0.0
            return Judgement(min(probability, VETOED), contradicts, 0.0, reason, words)
        credit = 1.0 if settled else round(max(aligned.recall, min(1.0, probability)), 4)
        return Judgement(probability, 0.0, credit, settled or _reason(aligned), ", ".join(aligned.misspelt))


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


def settled_reason(pair: Pair, aligned: Alignment) -> Reason | None:
    """The reason of a pair that needs no weighing: the text is the reference, word for word or misspelt."""
    if _plain(pair.text) == _plain(pair.reference):
        return Reason.TERM if pair.is_term else Reason.EXACT
    if aligned.recall >= SAME_WORDS and aligned.precision >= SAME_WORDS and not aligned.near_misses:
        if aligned.misspelt:
            return Reason.TYPO
        return Reason.TERM if pair.is_term else Reason.EXACT
    if pair.is_term and aligned.recall >= SAME_WORDS and not aligned.near_misses:
        return Reason.TYPO if aligned.misspelt else Reason.TERM
    return None


def conflict_of(pair: Pair, aligned: Alignment) -> tuple[Reason, str] | None:
    figures = compare_quantities(pair.reference, pair.text)
    if figures.mismatch:
        return Reason.NUMBER_MISMATCH, figures.evidence
    conflict = polarity_conflict(pair.reference, pair.text)
    if conflict:
        return conflict
    if aligned.near_misses and len(set(content_words(pair.reference))) <= SHORT_WORDS:
        return Reason.NEAR_MISS, aligned.near_misses[0]
    return None


def _reason(aligned: Alignment) -> Reason:
    if aligned.recall >= SAME_WORDS:
        return Reason.ENTAILED
    return Reason.PARAPHRASE


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
