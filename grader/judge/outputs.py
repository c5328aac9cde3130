"""What the outputs of a cross-encoder mean: any label set as the three readings."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import ModelError, UsageError
from grader.judge.cross_encoder import DIGITS, READINGS

EXPRESSES, NEITHER, CONTRADICTS = READINGS
LEAST = -30.0  # log-probability of what a model cannot say, or all but rules out
NAMES = {
    EXPRESSES: "expresses entailment entails entailed paraphrase equivalent duplicate supports supported correct",
    NEITHER: "neither neutral unrelated irrelevant incorrect not_enough_info",
    CONTRADICTS: "contradicts contradiction contradictory contradicted refutes refuted",
}
_READING = {name: reading for reading, names in NAMES.items() for name in names.split()}
_NOT = re.compile(r"(?:not|non|no)_")
_HOW = "name its outputs in order by labels=, each 'expresses', 'neither' or 'contradicts'"


@dataclass(frozen=True, slots=True)
class Outputs:
    """How the outputs of a model are read.

    A single output is a logit of P(expresses), as of models of similarity or relevance that were trained with a binary
    cross-entropy, whether they show it as it is or through a sigmoid. Several are logits of one label each, of which
    some may mean the same.
    """

    readings: tuple[str, ...]  # of each output, in order
    scale: tuple[float, float] | None = None  # a single output that is no logit: its values at P(expresses) 0 and 1

    @property
    def sees_contradictions(self) -> bool:
        """Whether one of the outputs means `contradicts`."""
        return CONTRADICTS in self.readings

    def logits(self, values: Sequence[float]) -> tuple[float, float, float]:
        """Log-probabilities in the order of `READINGS`, `DIGITS` digits; `values` has one number an output.

        Raises:
            ModelError: a value is not a finite number.
        """
        if not all(math.isfinite(value) for value in values):
            raise ModelError("the cross-encoder gives outputs that are not numbers; its weights are damaged")
        if len(values) == 1:
            values = (self._logit(values[0]), 0.0)  # softmax of a logit and 0: its sigmoid
            readings: tuple[str, ...] = (EXPRESSES, NEITHER)
        else:
            readings = self.readings
        top = max(values)
        shares = [math.exp(value - top) for value in values]
        whole = math.fsum(shares)
        first, second, third = (
            _log(math.fsum(share for share, one in zip(shares, readings, strict=True) if one == reading) / whole)
            for reading in READINGS
        )
        return first, second, third

    def _logit(self, value: float) -> float:
        if self.scale is None:
            return value
        none, whole = self.scale
        share = min(1.0, max(0.0, (value - none) / (whole - none)))
        return max(LEAST, _log(share)) - max(LEAST, _log(1 - share))


def outputs_of(
    model: str,
    names: Sequence[str],
    *,
    labels: Sequence[str] | None = None,
    scale: tuple[float, float] | None = None,
) -> Outputs:
    """How a model's outputs are to be read: by its own label names, or as the caller says.

    Args:
        model: its name, for messages.
        names: its label names, one an output. That of a single output says nothing.
        labels: what each output means, where its name does not tell.
        scale: of a single output that is no logit: its values where nothing, and where all of it, is expressed.

    Raises:
        UsageError: `labels` or `scale` do not fit the model.
        ModelError: its label names cannot be understood, and nothing else is said.
    """
    if labels is not None and len(labels) != len(names):
        raise UsageError(f"{model} has {_outputs(len(names))}, and labels= names {len(labels)}; {_HOW}")
    if scale is not None and (len(names) != 1 or scale[0] == scale[1]):
        raise UsageError(
            f"scale= gives the lowest and the highest value of a single output, as (0, 5); "
            f"{model} has {_outputs(len(names))}, and scale={scale}"
        )
    if labels is None and len(names) == 1:
        return Outputs((EXPRESSES,), scale)
    said = names if labels is None else labels
    found = tuple(reading_named(name) for name in said)
    error = ModelError if labels is None else UsageError
    unknown = [name for name, reading in zip(said, found, strict=True) if reading is None]
    if unknown:
        raise error(f"{model}: cannot tell what {_listed(unknown)} of its labels {_listed(said)} means; {_HOW}")
    if EXPRESSES not in found:
        raise error(f"{model}: none of its labels {_listed(said)} says that a reference is expressed; {_HOW}")
    return Outputs(tuple(reading for reading in found if reading is not None), scale)


def reading_named(label: str) -> str | None:
    """Which of `READINGS` a label name means, in any case and with any marks between its words; none: not known."""
    name = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
    denied = _NOT.match(name)
    if denied and _READING.get(name[denied.end() :]) == EXPRESSES:
        return NEITHER
    return _READING.get(name)


def _log(share: float) -> float:
    return round(max(LEAST, math.log(share)), DIGITS) if share > 0 else LEAST


def _outputs(count: int) -> str:
    return "1 output" if count == 1 else f"{count} outputs"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


__all__ = ["Outputs", "outputs_of", "reading_named"]
