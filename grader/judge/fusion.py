"""The judge that ships: a cross-encoder reads, and a fitted line weighs its reading with all other evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.judge.cross_encoder import Reader, Text
from grader.judge.evidence import FEATURES, SETTLED, VETOED, Evidence, Weights, gather, sigmoid
from grader.judge.weighing import Weighing
from grader.records import Judgement, Pair, Reason

# Beside `FEATURES`: the reading, the same for long references apart, the guards, and what the item is like.
READ_FEATURES = (
    "expresses",
    "contradicts",
    "expresses_long",
    "contradicts_long",
    "figures",
    "polarity",
    "near_miss",
    "long",
    "wordings",
)
LONG_REFERENCE = 30  # words from which a reference counts as wholly long
MANY_WORDINGS = 8
SHORT_REFERENCE = 6  # words up to which a reference is read with its prompt: it means little without
BOUND = 8.0  # of a reading's logit differences: beyond it more certainty is no more evidence
OPPOSED = 0.5  # P(contradicts) from which the reason is a contradiction
UNREAD = 0.1  # nearness under which words are about something else, and not read
GUARDS = (
    (Reason.NUMBER_MISMATCH,),
    (Reason.NEGATED, Reason.ANTONYM, Reason.SWAPPED),
    (Reason.NEAR_MISS,),
)


@dataclass(frozen=True, slots=True)
class Fusion:
    """The fitted lines: logits of P(expresses) and P(contradicts) from `FEATURES` and `READ_FEATURES`."""

    expresses: tuple[float, tuple[float, ...]]  # bias and weights
    contradicts: tuple[float, tuple[float, ...]]
    name: str

    def weigh(self, pair: Pair, evidence: Evidence, logits: tuple[float, float, float]) -> tuple[float, float]:
        """P(expresses) and P(contradicts), each 0..1, of a reading weighed with the evidence."""
        values = (*evidence.features, *read_features(pair, evidence, logits))
        return _line(self.expresses, values), _line(self.contradicts, values)


def load_fusion(path: Path) -> Fusion:
    """Reads a fusion file (JSON: `name`, and a `bias` and `weights` by feature name for both lines)."""
    read = json.loads(path.read_text(encoding="utf-8"))

    def line(name: str) -> tuple[float, tuple[float, ...]]:
        weights = read[name]["weights"]
        return float(read[name]["bias"]), tuple(float(weights[one]) for one in (*FEATURES, *READ_FEATURES))

    return Fusion(line("expresses"), line("contradicts"), str(read["name"]))


class FusedJudge:
    """Reads what is in doubt and weighs the reading with the evidence.

    Pairs whose words are the reference's own are settled without reading, and so are those that are about something
    else. Of the rest, the reader sees the whole answer (or what surrounds the words in a long one) beside the whole
    wording, once for all the ranges in it.

    Args:
        reader: the cross-encoder.
        weighing: how its reading is weighed with the evidence; a `Fusion` fits the reader that it was fitted to.
        evidence: the line that says how near words are to an item, whatever they say of it.
    """

    def __init__(self, reader: Reader, weighing: Weighing, evidence: Weights) -> None:
        self._reader = reader
        self._weighing = weighing
        self._evidence = evidence

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return f"{self._weighing.name}+{self._reader.name}"

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        gathered = [gather(pair) for pair in pairs]
        nearness = [SETTLED if one.settled else sigmoid(one.logit(self._evidence)) for one in gathered]
        texts = [
            None if (one.settled and not one.conflict) or near < UNREAD else reading_of(pair)
            for pair, one, near in zip(pairs, gathered, nearness, strict=True)
        ]
        wanted = list(dict.fromkeys(text for text in texts if text is not None))
        logits = dict(zip(wanted, self._reader.read(wanted), strict=True))
        return [
            self._weigh(pair, one, near, logits[text] if text is not None else None)
            for pair, one, near, text in zip(pairs, gathered, nearness, texts, strict=True)
        ]

    def _weigh(
        self, pair: Pair, evidence: Evidence, near: float, logits: tuple[float, float, float] | None
    ) -> Judgement:
        if logits is None and evidence.settled:
            return Judgement(SETTLED, 0.0, 1.0, evidence.settled, ", ".join(evidence.misspelt), near)
        if logits is None:
            return Judgement(min(near, VETOED), 0.0, 0.0, Reason.UNRELATED, "", near)
        expresses, contradicts = self._weighing.weigh(pair, evidence, logits)
        if evidence.decisive:  # however sure the reading is
            expresses, contradicts = min(expresses, VETOED), 1 - VETOED
        if contradicts >= OPPOSED and contradicts > expresses:
            reason, words = evidence.conflict or (Reason.CONTRADICTED, "")
            return Judgement(min(expresses, VETOED), contradicts, 0.0, reason, words, near)
        if evidence.bag:
            return Judgement(min(expresses, VETOED), 0.0, 0.0, Reason.UNRELATED, "", near)
        reason = evidence.settled or (Reason.ENTAILED if evidence.covered else Reason.PARAPHRASE)
        return Judgement(expresses, contradicts, expresses, reason, ", ".join(evidence.misspelt), near)


def reading_of(pair: Pair) -> Text:
    """What a reader is shown of a pair."""
    reference = pair.wording or pair.reference
    short = len(reference.split()) <= SHORT_REFERENCE
    return Text(pair.answer or pair.text, reference, pair.prompt if short else "")


def read_features(pair: Pair, evidence: Evidence, logits: tuple[float, float, float]) -> tuple[float, ...]:
    """The reading and the guards as features, in the order of `READ_FEATURES`."""
    expresses, neither, contradicts = logits
    found = evidence.conflict[0] if evidence.conflict else None
    long = round(min(1.0, len((pair.wording or pair.reference).split()) / LONG_REFERENCE), 4)
    said = _bounded(expresses - max(neither, contradicts))
    opposed = _bounded(contradicts - max(expresses, neither))
    return (
        said,
        opposed,
        round(said * long, 4),
        round(opposed * long, 4),
        *(float(found in reasons) for reasons in GUARDS),
        long,
        round(math.log2(min(pair.wordings, MANY_WORDINGS)), 4),
    )


def _bounded(value: float) -> float:
    return round(max(-BOUND, min(BOUND, value)), 3)


def _line(line: tuple[float, tuple[float, ...]], values: Sequence[float]) -> float:
    bias, weights = line
    return sigmoid(bias + sum(w * x for w, x in zip(weights, values, strict=True)))


__all__ = ["READ_FEATURES", "FusedJudge", "Fusion", "load_fusion", "read_features", "reading_of"]
