"""Any cross-encoder that sentence-transformers can load; needs the extra of that name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.errors import ModelError, UsageError
from grader.judge.cross_encoder import ReadingCache, Text
from grader.judge.evidence import load_weights
from grader.judge.fusion import FusedJudge
from grader.judge.outputs import Outputs, outputs_of
from grader.judge.weighing import AsRead
from grader.models import verified
from grader.records import Judgement, Pair

SHORT_HASH = 8  # hex digits of the weights' hash in the name
HEAD = "ForSequenceClassification"  # how transformers calls a model with outputs for labels


class CrossEncoderJudge:
    """A sentence-transformers cross-encoder as a judge.

    The learner's words are its first text and the reference its second, a short reference with the prompt before it.
    What it reads is taken as it is: the shipped weights were fitted to the shipped reader. Pairs that the words settle
    are not read, and what vetoes any reading vetoes these too. Confidences are not calibrated.

    It may be a model of inference (labels such as entailment, neutral and contradiction, in any order; or entailment
    and not_entailment), or have a single output: similarity or relevance, as a logit. One without a label for
    contradictions leaves them to the guards.

    Args:
        model: a folder, or the name of a model that has been downloaded before.
        labels: what each output means (`expresses`, `neither` or `contradicts`, in order), where the label names of
            the model do not tell.
        scale: of a single output that is no logit: its values where nothing, and where all of the reference is
            expressed, such as (0, 5).
        allow_download: fetch a model that is not on this machine; nothing is fetched otherwise.

    Raises:
        UsageError: The extra is not installed, or `labels` or `scale` do not fit the model.
        ModelError: The model is not on this machine, cannot be loaded, has no trained outputs, or labels of unknown
            meaning.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        labels: Sequence[str] | None = None,
        scale: tuple[float, float] | None = None,
        allow_download: bool = False,
    ) -> None:
        reader = CrossEncoderReader(str(model), labels=labels, scale=scale, allow_download=allow_download)
        weighing = AsRead(sees_contradictions=reader.outputs.sees_contradictions)
        self._judge = FusedJudge(reader, weighing, load_weights(verified("judge/evidence.json")))

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return self._judge.name

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        return self._judge.judge(pairs)


class CrossEncoderReader:
    """A sentence-transformers cross-encoder as a reader; arguments and errors are those of `CrossEncoderJudge`.

    Each text is a run of its own, so that no reading depends on its batch.
    """

    def __init__(
        self,
        model: str,
        *,
        labels: Sequence[str] | None = None,
        scale: tuple[float, float] | None = None,
        allow_download: bool = False,
    ) -> None:
        self._model = _load(model, allow_download=allow_download)
        self.outputs = outputs_of(model, _label_names(self._model), labels=labels, scale=scale)
        # Logits are what is read of a model, whatever it shows; what has a scale is what it shows.
        self._shown = {"activation_fn": _unchanged} if scale is None else {}
        activation = type(self._model.activation_fn).__name__
        if scale is None and len(self.outputs.readings) == 1 and activation not in ("Sigmoid", "Identity"):
            raise UsageError(
                f"{model}: its single output passes through {activation}, so it is no logit; "
                "give its lowest and highest value by scale=, as (-1, 1)"
            )
        # A learner who types [SEP] types five signs. (A prompt of a generating model is written in such marks.)
        if type(self._model.model).__name__.endswith(HEAD):
            self._model.tokenizer.split_special_tokens = True
        self._name = f"{Path(model).name or model}@{_digest(self._model, self.outputs)[:SHORT_HASH]}"
        self._cache = ReadingCache()
        self._running = threading.Lock()  # a tokenizer must not be set to cut texts while it reads one

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        return self._name

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        """Log-probabilities in the order of `READINGS`, one triple a text."""
        return self._cache.read(texts, self._compute)

    def _compute(self, texts: list[Text]) -> list[tuple[float, float, float]]:
        with self._running:
            return [self._run(text) for text in texts]

    def _run(self, text: Text) -> tuple[float, float, float]:
        pair = (_readable(text.answer), _readable(with_prompt(text)))
        shown = self._model.predict([pair], show_progress_bar=False, **self._shown)
        return self.outputs.logits(shown.reshape(-1).tolist())

    def __reduce__(self) -> tuple[object, ...]:
        raise UsageError("a reader holds a running model; build it anew in the other process")


def with_prompt(text: Text) -> str:
    """The reference as a cross-encoder of any kind is shown it, the prompt before it where there is one."""
    if not text.prompt:
        return text.reference
    return f"{text.prompt}{' ' if text.prompt[-1] in '?.!:' else ': '}{text.reference}"


def _load(model: str, *, allow_download: bool) -> Any:  # noqa: ANN401 - a CrossEncoder, which the core does not know
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise UsageError(
            "CrossEncoderJudge needs the extra sentence-transformers; "
            'install it with: pip install "free-text-grader[sentence-transformers]"'
        ) from error
    try:
        loaded = CrossEncoder(model, device="cpu", local_files_only=not allow_download)
    except Exception as error:  # each of the libraries that load it has its own
        remedy = "check the name" if allow_download else "check the path, or allow the download: allow_download=True"
        raise ModelError(f"{model}: sentence-transformers cannot load it ({error}); {remedy}") from error
    saved = getattr(loaded.config, "architectures", None) or []
    if type(loaded.model).__name__.endswith(HEAD) and saved and not any(one.endswith(HEAD) for one in saved):
        raise ModelError(
            f"{model}: it is a {saved[0]} without trained outputs, and would answer at random; "
            "train it as a cross-encoder first, or use it as a SentenceTransformerEncoder"
        )
    return loaded


def _label_names(model: Any) -> list[str]:  # noqa: ANN401
    count = int(model.num_labels)
    known = getattr(model.config, "id2label", None) or {}
    return [str(known.get(index, f"LABEL_{index}")) for index in range(count)]


def _digest(model: Any, outputs: Outputs) -> str:  # noqa: ANN401
    """A hash of all that a reading depends on: weights, vocabulary, longest text, and what the outputs mean."""
    digest = hashlib.sha256()
    for name, weights in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.float().numpy().tobytes())
    vocabulary = sorted(model.tokenizer.get_vocab().items())
    digest.update(repr((vocabulary, model.tokenizer.model_max_length, outputs)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _readable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unchanged(values: Any) -> Any:  # noqa: ANN401
    return values


__all__ = ["CrossEncoderJudge", "CrossEncoderReader", "with_prompt"]
