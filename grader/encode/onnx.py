"""The encoder protocol, and its default: a sentence encoder that onnxruntime runs on the processor."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from grader.encode.cache import VECTORS_KEPT, VectorCache
from grader.errors import ModelError
from grader.models import open_session, processors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LONGEST = 256  # tokens that are read, [CLS] and [SEP] included: what the model was trained on
CHARACTERS_READ = 16_384  # of a text; 256 tokens of English are about 1,200, and a megabyte would take its time
# A text is padded to the least of these, which depends on nothing but the text.
LENGTHS = (8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, LONGEST)
TOKENS_A_RUN = 512  # bounds memory; larger runs are no faster, since they fall out of the processor's cache
MOST_THREADS = 4  # the matrices are small: more threads wait for each other


class Encoder(Protocol):
    """Turns texts into vectors. A vector depends on its text alone, never on the others of the call."""

    @property
    def name(self) -> str:
        """What signatures call it; another name whenever it would give other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension), in order; shape (0, dimension) of no texts."""
        ...


class OnnxEncoder:
    """A sentence encoder as an ONNX file with its tokenizer. One object serves any number of threads.

    The graph takes `ids`, int64 of shape (batch, length) and 0 where padded, and gives unit `vectors`. Both files are
    read at the first text. The first 256 tokens of a text count.

    Args:
        model: the ONNX file.
        tokenizer: its `tokenizer.json`, whose padding and truncation settings are not used.
        name: what it is called; the model file's own name and a hash of both files where none is given.
        threads: that one call may use; where none are stated, the processors there are, and at most four.
        vectors_kept: how many vectors the cache holds.

    Raises:
        ModelError: A file cannot be read.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        *,
        name: str | None = None,
        threads: int | None = None,
        vectors_kept: int = VECTORS_KEPT,
    ) -> None:
        self.name = name or f"{model.stem}@{_hash_of(model, tokenizer)}"
        self.dimension = 384
        self._files = (model, tokenizer)
        self._threads = threads or min(MOST_THREADS, processors())
        self._cache = VectorCache(vectors_kept)
        self._loading = threading.Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), 384); the same bytes for a text in whatever company.

        Raises:
            ModelError: The files are not a model and a tokenizer.
        """
        return self._cache.encode(texts, self.dimension, self._compute)

    def _compute(self, texts: list[str]) -> NDArray[np.float32]:
        session, tokenizer = self._load()
        rows = [tokenizer.encode(_readable(text)).ids for text in texts]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for length, places in _runs([len(row) for row in rows]):
            ids = np.zeros((len(places), length), np.int64)
            for row, place in enumerate(places):
                ids[row, : len(rows[place])] = rows[place]
            (vectors[places],) = session.run(["vectors"], {"ids": ids})
        return vectors

    def _load(self) -> tuple[InferenceSession, Tokenizer]:
        with self._loading:
            if self._loaded is None:
                self._loaded = _open(*self._files, self._threads)
            return self._loaded


def _runs(lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Padded length of each run of the model, and which texts it takes."""
    by_length: dict[int, list[int]] = {}
    for place, tokens in enumerate(lengths):
        by_length.setdefault(next(length for length in LENGTHS if length >= tokens), []).append(place)
    for length, places in sorted(by_length.items()):
        rows = TOKENS_A_RUN // length
        for start in range(0, len(places), rows):
            yield length, places[start : start + rows]


def _readable(text: str) -> str:
    """As much of the text as is read, with lone surrogates, which the tokenizer refuses, replaced by U+FFFD."""
    return text[:CHARACTERS_READ].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _open(model: Path, tokenizer: Path, threads: int) -> tuple[InferenceSession, Tokenizer]:
    from tokenizers import Tokenizer

    try:
        words = Tokenizer.from_file(str(tokenizer))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{tokenizer}: is not a tokenizer ({error}); run `grader models verify`") from error
    words.no_padding()
    words.enable_truncation(LONGEST)
    return open_session(model, threads), words


def _hash_of(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").hexdigest().encode())
        except OSError as error:
            raise ModelError(f"{file}: cannot be read ({error.strerror or error}); check the path") from error
    return digest.hexdigest()[:8]
