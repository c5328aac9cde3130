"""The vectors of texts seen lately."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

VECTORS_KEPT = 8192  # 12 MB at 384 numbers each: the references of large decks, and the answers that repeat


class VectorCache:
    """Keeps the vectors used last, bounded by their number; safe to share among threads.

    Texts are known by a digest, so that a long one takes no more room than a short one.
    """

    def __init__(self, capacity: int = VECTORS_KEPT) -> None:
        self.capacity = capacity
        self._vectors: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._vectors)

    def encode(
        self, texts: Sequence[str], dimension: int, compute: Callable[[list[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """A row for each text: from here where it is known, else from `compute`, which sees each new text once."""
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        known: dict[bytes, NDArray[np.float32]] = {}
        new: dict[bytes, str] = {}
        with self._lock:
            for key, text in zip(keys, texts, strict=True):
                vector = self._vectors.get(key)
                if vector is None:
                    new[key] = text
                else:
                    self._vectors.move_to_end(key)
                    known[key] = vector
        if new:
            # copies: a row of the computed array would keep all of it alive
            computed = {key: row.copy() for key, row in zip(new, compute(list(new.values())), strict=True)}
            known |= computed
            with self._lock:
                self._vectors |= computed
                while len(self._vectors) > self.capacity:
                    self._vectors.popitem(last=False)
        rows = np.empty((len(texts), dimension), np.float32)
        for row, key in enumerate(keys):
            rows[row] = known[key]
        return rows
