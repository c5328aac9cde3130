"""An encoder without a model: which short runs of letters two texts share."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIZES = (2, 3, 4)  # code points a run
DIMENSION = 512


class CharNgramEncoder:
    """Hashed counts of character n-grams, case folded: knows spelling, and nothing of meaning.

    Deterministic on every machine, and light: for tests, and where no model may run. Signed feature hashing as in
    Weinberger et al. 2009, arXiv:0902.2206.
    """

    name = "char-ngrams-2-4-512"
    dimension = DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), 512); shape (0, 512) of no texts."""
        rows = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = _vector(text)
        return rows


def _vector(text: str) -> NDArray[np.float32]:
    padded = f" {' '.join(text.casefold().split())} "
    counts = np.zeros(DIMENSION)
    for size in SIZES:
        for start in range(len(padded) - size + 1):
            hashed = zlib.crc32(padded[start : start + size].encode("utf-8", "surrogatepass"))
            counts[hashed % DIMENSION] += 1 if hashed & 0x8000_0000 else -1
    length = np.sqrt(np.square(counts).sum())
    if length == 0:  # every run met one of the other sign
        counts[0] = length = 1.0
    vector: NDArray[np.float32] = (counts / length).astype(np.float32)
    return vector
