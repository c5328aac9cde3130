"""The grader: knows the order of the stages, and signs what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from grader._version import __version__
from grader.assign import CONTRADICTS, Lines, Parts, Range, Reading, build_ledger
from grader.confidence import NONE as UNCALIBRATED
from grader.confidence import Calibration, default_calibration, signals
from grader.encode import Encoder, default_encoder
from grader.errors import UsageError
from grader.judge import Judge, default_judge
from grader.propose import Proposal, propose, texts_to_encode
from grader.records import (
    CONTRADICTIONS,
    Card,
    Claim,
    Disposition,
    Grade,
    ItemGrade,
    Judgement,
    Reason,
    Span,
    Verdict,
    facet_card,
)
from grader.score import ItemScore, Score, score_ledger, verdict_for
from grader.split import Split, split
from grader.text import clean, fold, says_nothing

AT_ONCE = 64  # answers whose texts are encoded together; grades do not depend on it
SURE = 0.85  # P(expresses) of one wording from which no contradiction of another counts
CONTEXT_WORDS = 90  # of a long answer that a judge reads around a span


class Profile(StrEnum):
    """How much an answer has to say to earn credit."""

    LENIENT = "lenient"
    STANDARD = "standard"
    STRICT = "strict"


LINES = {
    Profile.LENIENT: Lines(half=0.35, full=0.5, whole=0.6, facet_half=0.2, facet_full=0.4),
    Profile.STANDARD: Lines(half=0.45, full=0.6, whole=0.75, facet_half=0.3, facet_full=0.5),
    Profile.STRICT: Lines(half=0.6, full=0.75, whole=0.85, facet_half=0.45, facet_full=0.65),
}


@dataclass(frozen=True, slots=True)
class _Read:
    card: Card
    answer: str
    parts: Split
    spans: tuple[str, ...]  # the clean text of each range of `parts`
    contexts: tuple[str, ...]  # and of what it stands in
    facets: tuple[tuple[int, Card], ...]  # of each item that has some, a card that asks for them

    @property
    def cards(self) -> tuple[Card, ...]:
        """What the answer is read beside: the card, then the facets of its items."""
        return (self.card, *(card for _, card in self.facets))


class Grader:
    """Grades answers to cards. One object serves any number of threads.

    Args:
        encoder: turns texts into vectors; the shipped one where none is given.
        judge: reads what was said beside what was asked for; the shipped one where none is given.
        calibration: what a confidence is worth; that of the shipped models for them, none for others.
        profile: `lenient`, `standard` or `strict`.

    Raises:
        ModelError: a shipped model is missing or altered.
        UsageError: there is no such profile.
    """

    def __init__(
        self,
        *,
        encoder: Encoder | None = None,
        judge: Judge | None = None,
        calibration: Calibration | None = None,
        profile: Profile | str = Profile.STANDARD,
    ) -> None:
        if profile not in list(Profile):
            raise UsageError(f"there is no profile {profile!r}; use one of {', '.join(Profile)}")
        self.profile = Profile(profile)
        if calibration is None:
            calibration = default_calibration() if encoder is None and judge is None else UNCALIBRATED
        self.calibration = calibration
        self.encoder = encoder if encoder is not None else default_encoder()
        self.judge = judge if judge is not None else default_judge()

    @property
    def signature(self) -> str:
        """What a grade depends on beside its input: same signature, same input, same grade."""
        return (
            f"grader:{__version__}|encoder:{self.encoder.name}|judge:{self.judge.name}"
            f"|calibration:{self.calibration.name}|profile:{self.profile}"
        )

    def grade(self, card: Card, answer: str) -> Grade:
        """The grade of one answer."""
        return next(self.grade_many([(card, answer)]))

    def grade_many(self, pairs: Iterable[tuple[Card, str]]) -> Iterator[Grade]:
        """The grades of many answers, in order, reading a few ahead so that models work on batches."""
        source = iter(pairs)
        while batch := list(islice(source, AT_ONCE)):
            yield from self._grade_batch(batch)

    def _grade_batch(self, batch: Sequence[tuple[Card, str]]) -> list[Grade]:
        read = [_read(card, answer) for card, answer in batch]
        texts = dict.fromkeys(
            text for one in read if one.spans for card in one.cards for text in texts_to_encode(card, one.spans)
        )
        vectors = dict(zip(texts, self.encoder.encode(list(texts)), strict=True))
        proposals = [
            [propose(card, one.parts.ranges, one.spans, one.contexts, vectors) for card in one.cards] for one in read
        ]
        judgements = iter(self.judge.judge([proposal.pair for some in proposals for many in some for proposal in many]))
        return [
            self._finish(one, [_best(many, [next(judgements) for _ in many]) for many in some])
            for one, some in zip(read, proposals, strict=True)
        ]

    def _finish(self, read: _Read, found: Sequence[Mapping[tuple[int, Range], Judgement]]) -> Grade:
        card = read.card
        parts = {item: Parts(facets, judged) for (item, facets), judged in zip(read.facets, found[1:], strict=True)}
        reading = Reading(read.parts.atoms, read.parts.elaborates, found[0], read.parts.is_listing, parts)
        claims = build_ledger(read.answer, card, reading, LINES[self.profile])
        result = score_ledger(claims, card)
        items = tuple(_item_grade(card, index, item, reading) for index, item in enumerate(result.items))
        return self._sign(read, claims, result, items)

    def _sign(self, read: _Read, claims: Sequence[Claim], result: Score, items: tuple[ItemGrade, ...]) -> Grade:
        card = read.card
        contradicted = any(
            claim.disposition is Disposition.CONTRADICTED
            and claim.item is not None
            and not card.items[claim.item].negative
            for claim in claims
        )
        verdict = verdict_for(result.score, contradicted=contradicted, answered=bool(read.spans))
        seen = signals(card, items, result.score, result.surplus, len(read.answer.split()))
        confidence = 1.0 if verdict is Verdict.BLANK else self.calibration.confidence(seen)
        notes = []
        foreign = card.language.split("-")[0].lower() != "en"
        if foreign:
            notes.append(f"The deck is in {card.language!r}; the models and word lists know English.")
        both_sides = any(item.reason is Reason.BOTH_SIDES for item in items)
        hedged = card.asks_one_fact and result.surplus > 0 and result.score > 0
        if result.factor < 1 and result.score > 0:
            guesses = "surplus guess" if result.surplus == 1 else "surplus guesses"
            notes.append(f"{result.surplus} {guesses}: the score is multiplied by {result.factor:.2f}.")
        return Grade(
            card=card.id,
            score=result.score,
            points=result.points,
            max_points=card.max_points,
            verdict=verdict,
            confidence=confidence,
            needs_review=foreign or both_sides or hedged or confidence < self.calibration.review_line,
            items=items,
            extras=tuple(span for claim in claims if claim.disposition is Disposition.SURPLUS for span in claim.spans),
            signature=self.signature,
            notes=tuple(notes),
        )


def _read(card: Card, answer: str) -> _Read:
    """The answer split; a blank one has no spans, unless saying nothing is what the card asks for."""
    parts = split(answer)
    folded = fold(answer)
    wanted = any(fold(wording.text) == folded for item in card.items for wording in item.wordings)
    if wanted and folded:
        start = len(answer) - len(answer.lstrip())
        whole = Span(start, start + len(answer.strip()), answer.strip())
        parts = Split(answer, (whole,), ((0, 1),), (False,))
    elif says_nothing(answer):
        parts = Split(answer, (), (), ())
    spans = tuple(clean(parts.span(atoms).text) for atoms in parts.ranges)
    # In a long list of names each stands for itself: read beside the others, any of them lends the item its sound.
    alone = parts.is_listing and len(card.items) > 1
    contexts = spans if alone else tuple(clean(text) for text in parts.contexts(CONTEXT_WORDS))
    facets = tuple((index, asked) for index in range(len(card.items)) if (asked := facet_card(card, index)) is not None)
    return _Read(card, answer, parts, spans, contexts, facets)


def _best(proposals: Sequence[Proposal], judgements: Sequence[Judgement]) -> dict[tuple[int, Range], Judgement]:
    """For each item and range the judgement that counts.

    Of the parts of one wording a contradiction stands: a term with an explanation that denies it is wrong. Of several
    wordings one that is surely expressed will do, for what contradicts another may only be said otherwise; short of
    that, a contradiction of any of them stands, since they all say the same.
    """
    wordings: dict[tuple[int, Range], dict[int, Judgement]] = {}
    for proposal, judgement in zip(proposals, judgements, strict=True):
        found = wordings.setdefault((proposal.aspect.item, proposal.atoms), {})
        held = found.get(proposal.aspect.wording)
        if held is None or _against(judgement) > _against(held):
            found[proposal.aspect.wording] = judgement
    return {key: max(found.values(), key=_for) for key, found in wordings.items()}


def _against(judgement: Judgement) -> tuple[bool, bool, float, float]:
    own = judgement.reason in (Reason.EXACT, Reason.TERM, Reason.TYPO)  # the wording's own words and no others
    opposed = judgement.contradicts >= CONTRADICTS and judgement.contradicts > judgement.expresses
    return own, opposed, judgement.expresses, judgement.nearness


def _for(judgement: Judgement) -> tuple[bool, bool, float, float]:
    surely = judgement.expresses >= SURE
    return surely, judgement.contradicts >= CONTRADICTS, judgement.expresses, judgement.nearness


def _item_grade(card: Card, index: int, item: ItemScore, reading: Reading) -> ItemGrade:
    asked = card.items[index]
    if item.claim is None:
        judged = (found.expresses for (which, _), found in reading.judgements.items() if which == index)
        nearest = max(judged, default=0.0)
        return ItemGrade(asked.text, 0.0, Reason.MISSING, round(1 - nearest, 4), negative=asked.negative)
    evidence = item.claim.evidence
    if item.conflict is not None:
        place = "after" if item.conflict < index else "before"
        evidence = f"{place} {card.items[item.conflict].text}"
    return ItemGrade(
        asked.text,
        item.credit,
        item.reason,
        round(item.claim.confidence, 4),
        item.claim.spans,
        evidence,
        item.counted,
        item.claim.parts,
        asked.negative,
    )


__all__ = ["CONTRADICTIONS", "LINES", "Grader", "Profile"]
