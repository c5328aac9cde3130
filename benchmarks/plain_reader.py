"""A cross-encoder without this project's training and evidence: it reads every item beside the whole answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from rivals import Rival, Similarities, references
from sets import Row

from grader.judge import OnnxReader, Reader
from grader.judge.cross_encoder import Text

NAME = "plain cross-encoder"


def plain_cross_encoder(path: Path) -> tuple[Rival, str]:
    """The rival that asks the cross-encoder at `path`, with the name of its model.

    `path` is a folder with `model.onnx` and `tokenizer.json` of the form that the grader's own reader has (three
    logits: expresses, neither, contradicts), or one that sentence-transformers can load as a CrossEncoder.

    Raises:
        ModelError: it is neither.
        UsageError: sentence-transformers is needed and not installed.
    """
    reader: Reader
    if (path / "model.onnx").exists() and (path / "tokenizer.json").exists():
        reader = OnnxReader(path / "model.onnx", path / "tokenizer.json", path.resolve().name)
    else:
        from grader.judge.sentence_transformer import CrossEncoderReader

        reader = CrossEncoderReader(str(path))
    return Rival(NAME, by_items(reader)), reader.name


def by_items(reader: Reader) -> Similarities:
    """P(expresses) of each item by the reading of its likeliest wording, beside the whole answer and without prompt."""

    def similarities(rows: Sequence[Row]) -> list[list[float]]:
        wanted = [[[Text(row.answer, text) for text in item] for item in references(row.card)] for row in rows]
        texts = list(dict.fromkeys(text for items in wanted for item in items for text in item if text.answer.strip()))
        found = dict(zip(texts, (_expresses(logits) for logits in reader.read(texts)), strict=True))
        return [[max((found.get(text, 0.0) for text in item), default=0.0) for item in items] for items in wanted]

    return similarities


def _expresses(logits: tuple[float, float, float]) -> float:
    """The first share of a softmax."""
    top = max(logits)
    shares = [math.exp(logit - top) for logit in logits]
    return round(shares[0] / sum(shares), 4)
