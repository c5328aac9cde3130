"""The grader with parts of its judge taken away: what each part is worth.

| name | reads | weighed by | guards veto | settles without reading |
|---|---|---|---|---|
| no judge | - | evidence | yes | yes |
| judge alone | yes | its softmax | - | - |
| no guards | yes | fusion | - | yes |
| no fusion | yes | its softmax | yes | yes |

Everything around the judge (splitting, proposing, assignment, scoring) and the calibration of confidence stay as they
ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contestants import Ours

from grader.encode import Encoder
from grader.judge import FusedJudge, Judge, Reader, Weights, default_reader, light_judge, load_fusion, load_weights
from grader.judge.evidence import SETTLED, VETOED, Evidence, gather, sigmoid
from grader.judge.fusion import OPPOSED, reading_of
from grader.judge.weighing import AsRead, Weighing
from grader.models import verified
from grader.records import Judgement, Pair, Reason

NAMES = ("no judge", "judge alone", "no guards", "no fusion")

Logits = tuple[float, float, float]


@dataclass(frozen=True)
class Unguarded:
    """A judge that reads and weighs, and that no guard corrects.

    Args:
        name: of what is left.
        reader: the cross-encoder.
        weighing: what its reading and the evidence make together.
        evidence: the line that says how near words are to an item, whatever they say of it.
        settles: whether words that are the reference's own are taken for it without reading.
    """

    name: str
    reader: Reader
    weighing: Weighing
    evidence: Weights
    settles: bool

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        gathered = [replace(gather(pair), conflict=None, bag=False, decisive=False) for pair in pairs]
        texts = [
            None if self.settles and one.settled else reading_of(pair)
            for pair, one in zip(pairs, gathered, strict=True)
        ]
        asked = list(dict.fromkeys(text for text in texts if text is not None))
        logits = dict(zip(asked, self.reader.read(asked), strict=True))
        return [
            self._judgement(pair, one, None if text is None else logits[text])
            for pair, one, text in zip(pairs, gathered, texts, strict=True)
        ]

    def _judgement(self, pair: Pair, evidence: Evidence, logits: Logits | None) -> Judgement:
        words = ", ".join(evidence.misspelt)
        if logits is None:
            return Judgement(SETTLED, 0.0, 1.0, evidence.settled or Reason.EXACT, words, SETTLED)
        near = SETTLED if evidence.settled else sigmoid(evidence.logit(self.evidence))
        expresses, contradicts = self.weighing.weigh(pair, evidence, logits)
        if contradicts >= OPPOSED and contradicts > expresses:  # as the judge that ships has it
            return Judgement(min(expresses, VETOED), contradicts, 0.0, Reason.CONTRADICTED, "", near)
        reason = evidence.settled or (Reason.ENTAILED if evidence.covered else Reason.PARAPHRASE)
        return Judgement(expresses, contradicts, expresses, reason, words, near)


def ablations(encoder: Encoder, profile: str) -> list[Ours]:
    """The grader without each part, in the order of `NAMES`. One reader serves all, and reads each text once."""
    reader = default_reader()
    evidence = load_weights(verified("judge/evidence.json"))
    fusion = load_fusion(verified("judge/fusion.json"))
    judges: tuple[Judge, ...] = (
        light_judge(),
        Unguarded("alone", reader, AsRead(), evidence, settles=False),
        Unguarded("unguarded", reader, fusion, evidence, settles=True),
        FusedJudge(reader, AsRead(), evidence),
    )
    named = zip(NAMES, judges, strict=True)
    return [Ours(judge, encoder=encoder, profile=profile, name=name) for name, judge in named]
