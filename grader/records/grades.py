"""What is answered: spans, judgements, claims and grades."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a score is called."""

    CORRECT = "correct"
    PARTIAL = "partial"
    CONTRADICTORY = "contradictory"
    INCORRECT = "incorrect"
    BLANK = "blank"


class Disposition(StrEnum):
    """What a claim of the answer is, seen from the card."""

    MATCHED = "matched"
    CONTRADICTED = "contradicted"
    REPEATED = "repeated"
    SURPLUS = "surplus"
    ELABORATION = "elaboration"


class Reason(StrEnum):
    """Why an item earned what it earned; the closed list that every output uses."""

    EXACT = "exact"  # the reference's own words
    ALIAS = "alias"  # another wording that the card lists
    TERM = "term"  # the term of `Term: explanation`
    TYPO = "typo"  # the reference's words, misspelt
    PARAPHRASE = "paraphrase"  # the same meaning in other words
    ENTAILED = "entailed"  # the answer says more, and the item follows from it
    PARTLY = "partly"  # some of the item is said
    MISSING = "missing"  # nothing in the answer is about the item
    UNRELATED = "unrelated"  # something near it was said, but it is not the item
    NUMBER_MISMATCH = "number_mismatch"  # a number, unit or date differs
    NEGATED = "negated"  # says that it is not so
    ANTONYM = "antonym"  # says the opposite word
    SWAPPED = "swapped"  # the same words with their roles exchanged
    NEAR_MISS = "near_miss"  # another real word that only looks alike
    CONTRADICTED = "contradicted"  # says otherwise, found by the judge as a whole
    BOTH_SIDES = "both_sides"  # asserts the item and its opposite
    OUT_OF_ORDER = "out_of_order"  # right, but at the wrong place of an ordered list
    PARROTED = "parroted"  # only the words of the prompt
    MISCONCEPTION = "misconception"  # a named misconception of the card


CONTRADICTIONS = frozenset(
    {Reason.NUMBER_MISMATCH, Reason.NEGATED, Reason.ANTONYM, Reason.SWAPPED, Reason.CONTRADICTED, Reason.BOTH_SIDES}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the learner's raw answer: code points `start` to `end`, exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Something the learner said beside something a reference says: what a judge is asked about.

    A judge that reads needs the three texts alone; the figures are what the encoder knows of them already.
    """

    prompt: str
    reference: str
    text: str  # the learner's words
    wording: str = ""  # the whole wording that `reference` is a part of; empty: `reference` is all of it
    answer: str = ""  # what the words stand in: the whole answer, or what is around them in a long one
    is_term: bool = False  # whether `reference` is the term of `Term: explanation`
    vocabulary: frozenset[str] = frozenset()  # folded words of the card: known to be words, not typos
    similarity: float = 0.0  # cosine of text and reference, -1..1
    residual: float = 0.0  # the same with the prompt's direction taken out of both, -1..1
    margin: float = 0.0  # similarity less that of the card's nearest other item, -2..2
    wordings: int = 1  # of the item: the likest of many is likelier to be so by chance


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of a pair."""

    expresses: float  # P(the words express the item), 0..1
    contradicts: float  # P(the words say that it is otherwise), 0..1
    credit: float  # share of the item that is expressed, 0..1
    reason: Reason
    evidence: str = ""  # the word or figure that decided, for the explanation
    nearness: float = 0.0  # how much these very words are about the item, whatever they say of it, 0..1


@dataclass(frozen=True, slots=True)
class PartGrade:
    """What one facet of a long reference earned, and why."""

    text: str
    weight: float  # its share of the item, 0..1; those of an item sum to 1
    credit: float  # 0..1
    reason: Reason
    spans: tuple[Span, ...] = ()
    evidence: str = ""
    confidence: float = 1.0  # 0..1


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the answer says: the backbone of every grade."""

    spans: tuple[Span, ...]
    disposition: Disposition
    item: int | None = None  # index into the card's items; None: about none of them
    credit: float = 0.0  # what a matched claim earns of its item, 0..1
    reason: Reason = Reason.UNRELATED
    confidence: float = 1.0  # that this reading is right, 0..1
    evidence: str = ""
    parts: tuple[PartGrade, ...] = ()  # what became of the item's facets, where it has some


@dataclass(frozen=True, slots=True)
class ItemGrade:
    """What one reference item earned, and why."""

    reference: str
    credit: float  # 0..1; below 0 for a misconception that was expressed
    reason: Reason
    confidence: float  # 0..1
    spans: tuple[Span, ...] = ()
    evidence: str = ""
    counted: bool = True  # whether it is among the best `need` items
    parts: tuple[PartGrade, ...] = ()  # of a long reference, in its order
    negative: bool = False  # a misconception that the card names: expressing it costs


@dataclass(frozen=True, slots=True)
class Grade:
    """The whole record of one graded answer."""

    card: str
    score: float  # 0..1, four digits
    points: float  # score x max_points
    max_points: float
    verdict: Verdict
    confidence: float  # calibrated, 0..1
    needs_review: bool
    items: tuple[ItemGrade, ...]
    extras: tuple[Span, ...]  # claims that are about none of the items
    signature: str
    notes: tuple[str, ...] = field(default=())  # what else a reader should know, in sentences

    def to_text(self, answer: str = "") -> str:
        """The grade in plain lines that read well aloud; with the learner's raw answer, its words are marked."""
        from grader.report import grade_to_text  # the one way up: see tests/test_layers.py

        return grade_to_text(self, answer)

    def to_html(self, answer: str = "") -> str:
        """The grade as one HTML section that needs nothing else; with the raw answer, its words are marked."""
        from grader.report import grade_to_html

        return grade_to_html(self, answer)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.to_html()
