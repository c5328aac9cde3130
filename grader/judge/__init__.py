"""Judging: how likely it is that the learner's words express a reference, or contradict it."""

from grader.judge.cross_encoder import OnnxReader, Reader
from grader.judge.evidence import EvidenceJudge, Weights, load_weights
from grader.judge.fusion import FusedJudge, Fusion, load_fusion
from grader.judge.protocol import Judge
from grader.judge.sentence_transformer import CrossEncoderJudge
from grader.judge.weighing import AsRead, Weighing

__all__ = [
    "READER",
    "AsRead",
    "CrossEncoderJudge",
    "EvidenceJudge",
    "FusedJudge",
    "Fusion",
    "Judge",
    "OnnxReader",
    "Reader",
    "Weighing",
    "Weights",
    "default_judge",
    "default_reader",
    "light_judge",
    "load_fusion",
    "load_weights",
]


# Of the reader: the graph that runs, the file that holds its weights, and the word pieces.
READER = ("judge/exact.onnx", "judge/model.onnx", "judge/tokenizer.json")


def default_reader() -> OnnxReader:
    """The cross-encoder that ships.

    Raises:
        ModelError: one of its files is missing or altered.
    """
    from grader.models import load_manifest, short_hash, verified

    graph, _, tokenizer = (verified(name) for name in READER)
    return OnnxReader(graph, tokenizer, f"mpnet-{load_manifest()[READER[1]].version}@{short_hash(*READER)}")


def default_judge() -> Judge:
    """The judge that ships: a cross-encoder's reading weighed with the evidence.

    Raises:
        ModelError: one of its files is missing or altered.
    """
    from grader.models import verified

    weights = load_weights(verified("judge/evidence.json"))
    return FusedJudge(default_reader(), load_fusion(verified("judge/fusion.json")), weights)


def light_judge() -> Judge:
    """The judge that reads nothing: evidence and guards alone, at a fraction of the time.

    Raises:
        ModelError: its weights are missing or altered.
    """
    from grader.models import verified

    return EvidenceJudge(load_weights(verified("judge/evidence.json")))
