"""Weighing: what a reading and the evidence make together, before any veto."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from grader.judge.evidence import ABOUT, CONTRADICTION, VETOED, Evidence
from grader.records import Pair, Reason


class Weighing(Protocol):
    """How a reading and the evidence become probabilities."""

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        ...

    def weigh(self, pair: Pair, evidence: Evidence, logits: tuple[float, float, float]) -> tuple[float, float]:
        """P(expresses) and P(contradicts), each 0..1; `logits` in the order of `READINGS`."""
        ...


@dataclass(frozen=True, slots=True)
class AsRead:
    """Takes a reading as it is: for a cross-encoder to which no fusion was fitted.

    A reader that cannot say `contradicts` has not denied a contradiction: there the guards speak, as they do where
    nothing is read.
    """

    sees_contradictions: bool = True  # whether the reader has a `contradicts`
    name: str = "as-read"

    def weigh(self, pair: Pair, evidence: Evidence, logits: tuple[float, float, float]) -> tuple[float, float]:
        """P(expresses) and P(contradicts), each 0..1: the softmax of the logits."""
        top = max(logits)
        shares = [math.exp(logit - top) for logit in logits]
        expresses, _, contradicts = (round(share / sum(shares), 4) for share in shares)
        if self.sees_contradictions or evidence.conflict is None:
            return expresses, contradicts
        opposed = expresses >= ABOUT and evidence.conflict[0] is not Reason.NEAR_MISS
        return min(expresses, VETOED), CONTRADICTION if opposed else 0.0


__all__ = ["AsRead", "Weighing"]
