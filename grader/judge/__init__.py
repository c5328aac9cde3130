"""Judging: how likely it is that the learner's words express a reference, or contradict it."""

from grader.judge.evidence import EvidenceJudge, Weights, load_weights
from grader.judge.protocol import Judge

__all__ = ["EvidenceJudge", "Judge", "Weights", "default_judge", "load_weights"]


def default_judge() -> Judge:
    """The judge that ships, its weights checked against the manifest.

    Raises:
        ModelError: the weights are missing or altered.
    """
    from grader.models import verified

    return EvidenceJudge(load_weights(verified("judge/evidence.json")))
