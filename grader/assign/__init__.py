"""Assignment: which words of an answer earn which item, and what the rest of the answer is."""

from grader.assign.ledger import build_ledger
from grader.assign.reading import CONTRADICTS, Lines, Parts, Range, Reading

__all__ = ["CONTRADICTS", "Lines", "Parts", "Range", "Reading", "build_ledger"]
