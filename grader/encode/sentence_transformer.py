"""Any encoder that sentence-transformers can load; needs the extra of that name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grader.encode.cache import VECTORS_KEPT, VectorCache
from grader.errors import ModelError, UsageError

SHORT_HASH = 8  # hex digits of the weights' hash in the name


class SentenceTransformerEncoder:
    """A sentence-transformers model, run text by text, so that no vector depends on its batch.

    Args:
        model: a folder, or the name of a model that has been downloaded before.
        allow_download: fetch a model that is not on this machine; nothing is fetched otherwise.
        vectors_kept: how many vectors the cache holds.

    Raises:
        UsageError: The extra is not installed.
        ModelError: The model is not on this machine, or cannot be loaded.
    """

    def __init__(self, model: str, *, allow_download: bool = False, vectors_kept: int = VECTORS_KEPT) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise UsageError(
                "SentenceTransformerEncoder needs the extra sentence-transformers; "
                'install it with: pip install "free-text-grader[sentence-transformers]"'
            ) from error
        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=not allow_download)
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            remedy = (
                "check the name" if allow_download else "check the path, or allow the download: allow_download=True"
            )
            raise ModelError(f"{model}: sentence-transformers cannot load it ({error}); {remedy}") from error
        digest = hashlib.sha256()
        for name, weights in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(weights.float().numpy().tobytes())
        self.name = f"{model.rstrip('/').rsplit('/', 1)[-1]}@{digest.hexdigest()[:SHORT_HASH]}"
        self.dimension = int(self._encode_one("").shape[0])
        self._cache = VectorCache(vectors_kept)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), dimension); shape (0, dimension) of no texts."""
        return self._cache.encode(texts, self.dimension, self._compute)

    def _compute(self, texts: list[str]) -> NDArray[np.float32]:
        return np.stack([self._encode_one(text) for text in texts])

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        readable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        vector = self._model.encode([readable], normalize_embeddings=True, show_progress_bar=False)[0]
        return np.asarray(vector, np.float32)
