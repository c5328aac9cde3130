"""The seam of the judge: what the grader asks of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grader.records import Judgement, Pair


class Judge(Protocol):
    """Reads pairs; a judgement must depend on its own pair alone, never on the batch it came in."""

    @property
    def name(self) -> str:
        """Name and version, as it stands in the signature of every grade."""
        ...

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement a pair, in order."""
        ...
