"""The ids of a run so far, in eight bytes each."""

from __future__ import annotations

import hashlib

import numpy as np

MERGE_AT = 16_384  # fresh ids kept in a set before they join the sorted array


class SeenIds:
    """Knows whether an id came before.

    Ids are kept as 64 bits of BLAKE2b: among ten million, a wrong "seen before" has a chance of three in a million.
    """

    def __init__(self) -> None:
        self._sorted = np.empty(0, np.uint64)
        self._fresh: set[int] = set()

    def add(self, id: str) -> bool:
        """Remember an id; whether it is new."""
        digest = hashlib.blake2b(id.encode("utf-8", errors="surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "little")
        if key in self._fresh:
            return False
        place = np.searchsorted(self._sorted, np.uint64(key))
        if place < len(self._sorted) and int(self._sorted[place]) == key:
            return False
        self._fresh.add(key)
        if len(self._fresh) >= MERGE_AT:
            fresh = np.fromiter(self._fresh, np.uint64, len(self._fresh))
            self._sorted = np.sort(np.concatenate([self._sorted, fresh]), kind="stable")  # fast where most is sorted
            self._fresh.clear()
        return True
