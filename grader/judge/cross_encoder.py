"""Cross-encoders: models that read the learner's words and the reference together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.errors import UsageError
from grader.models import open_session, processors

READINGS = ("expresses", "neither", "contradicts")
LONGEST = 160  # tokens of answer, prompt and reference together, as in training
LENGTHS = tuple(range(16, LONGEST + 1, 8))  # padded lengths: one shape, one result
MOST_THREADS = 8
KEPT = 20_000  # readings remembered
DIGITS = 3  # of a logit: below what two processors can differ by, above what a grade hangs on
START, PAD, END = 0, 1, 2  # MPNet's special tokens


@dataclass(frozen=True, slots=True)
class Text:
    """What a cross-encoder reads: an answer beside a reference, with its prompt or without."""

    answer: str
    reference: str
    prompt: str = ""


class Reader(Protocol):
    """A cross-encoder with three readings."""

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        ...

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        """Logits in the order of `READINGS`, one triple a text; each depends on its own text alone."""
        ...


class ReadingCache:
    """Keeps the readings used last, bounded by their number; safe to share among threads."""

    def __init__(self, capacity: int = KEPT) -> None:
        self.capacity = capacity
        self._readings: OrderedDict[Text, tuple[float, float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._readings)

    def read(
        self, texts: Sequence[Text], compute: Callable[[list[Text]], Sequence[tuple[float, float, float]]]
    ) -> list[tuple[float, float, float]]:
        """A reading for each text: from here where it is known, else from `compute`, which sees each new text once."""
        known: dict[Text, tuple[float, float, float]] = {}
        with self._lock:
            for text in texts:
                if text in self._readings:
                    self._readings.move_to_end(text)
                    known[text] = self._readings[text]
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            computed = dict(zip(missing, compute(missing), strict=True))
            known |= computed
            with self._lock:
                self._readings |= computed
                while len(self._readings) > self.capacity:
                    self._readings.popitem(last=False)
        return [known[text] for text in texts]


class OnnxReader:
    """The shipped cross-encoder.

    Each text is a run of its own, padded to one of a few lengths, so that no reading can depend on its batch; texts are
    read in parallel.

    Args:
        model: path of the ONNX file (token ids in, three logits out).
        tokenizer: path of its `tokenizer.json`.
        name: for signatures.
        threads: texts read at once; default: the processors there are, at most `MOST_THREADS`.
    """

    def __init__(self, model: Path, tokenizer: Path, name: str, *, threads: int | None = None) -> None:
        from tokenizers import Tokenizer

        threads = threads or min(MOST_THREADS, processors())
        self._pool = ThreadPoolExecutor(threads)
        # Opened while the texts are split and encoded; the first to be read waits for it. All threads serve any text,
        # so that the last of several has help.
        self._session = self._pool.submit(open_session, model, threads)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._tokenizer.encode_special_tokens = True  # a learner who types </s> types four signs
        self._cache = ReadingCache()
        self._name = name

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return self._name

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        """Logits in the order of `READINGS`, `DIGITS` digits, one triple a text."""
        return self._cache.read(texts, self._compute)

    def _compute(self, texts: list[Text]) -> list[tuple[float, float, float]]:
        ids = self._ids(texts)
        # Longest first, so that no thread is left with a long text at the end.
        order = sorted(range(len(texts)), key=lambda index: -len(ids[index]))
        logits = dict(zip(order, self._pool.map(self._run, (ids[index] for index in order)), strict=True))
        return [logits[index] for index in range(len(texts))]

    def _run(self, ids: list[int]) -> tuple[float, float, float]:
        import numpy as np

        length = next(length for length in LENGTHS if length >= len(ids))
        padded = np.full((1, length), PAD, np.int64)
        padded[0, : len(ids)] = ids
        logits = self._session.result().run(None, {"ids": padded})[0][0]
        first, second, third = (round(float(logit), DIGITS) for logit in logits)
        return first, second, third

    def _ids(self, texts: Sequence[Text]) -> list[list[int]]:
        parts = list(dict.fromkeys(part for text in texts for part in (text.answer, text.reference, text.prompt)))
        encoded = self._tokenizer.encode_batch(parts, add_special_tokens=False)
        ids = {part: found.ids for part, found in zip(parts, encoded, strict=True)}
        made = []
        for text in texts:
            reference = ids[text.reference]
            if text.prompt:
                reference = [*ids[text.prompt], END, *reference]
            made.append(join(ids[text.answer], reference))
        return made

    def __reduce__(self) -> tuple[object, ...]:
        raise UsageError("a reader holds a running model; build it anew in the other process")


def join(answer: Sequence[int], reference: Sequence[int]) -> list[int]:
    """Token ids of a pair, the longer side cut until `LONGEST` are left."""
    first, second = list(answer), list(reference)
    over = len(first) + len(second) + 4 - LONGEST
    if over > 0:
        # As in training: tokens go from the end of whichever side is longer.
        keep = LONGEST - 4
        shorter = min(len(first), len(second), keep // 2)
        if len(first) <= len(second):
            first, second = first[:shorter], second[: keep - min(len(first), shorter)]
        else:
            second, first = second[:shorter], first[: keep - min(len(second), shorter)]
    return [START, *first, END, END, *second, END]
