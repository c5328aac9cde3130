"""Items that earn by their facets: the weighted share of what is said of them."""

from __future__ import annotations

from collections.abc import Callable

from grader.assign.reading import CONTRADICTS, Lines, Parts, Range, Reading
from grader.records import CONTRADICTIONS, Claim, Disposition, Judgement, PartGrade, Reason, Span

STEPS = 20  # of graded credit: it comes in twentieths
MANY = 8  # facets from which nobody expects each of them: then what the answer says as a whole counts half


def matched_by_parts(answer: str, reading: Reading, item: int, lines: Lines) -> Claim | None:
    """What the answer says of an item's facets; None where it says none of them.

    Several facets may rest on the same words, since one clause often says more than one thing. A list of names says
    no facet: keywords are not yet a statement.
    """
    parts = reading.parts[item]
    if reading.is_listing and not any(_is_name(facet.text) for facet in parts.card.items):
        return None
    found = tuple(_part(answer, reading, parts, facet, lines) for facet in range(len(parts.card.items)))
    share = sum(part.weight * part.credit for part in found)
    if len(found) >= MANY:
        said = max((one.expresses for (which, _), one in reading.judgements.items() if which == item), default=0.0)
        share = (share + (said if said >= lines.half else 0.0)) / 2
    share = round(share * STEPS) / STEPS
    if not any(part.credit for part in found):
        return None
    spans = dict.fromkeys(span for part in found if part.credit for span in part.spans)
    whole = all(part.credit == 1 for part in found)
    return Claim(
        tuple(sorted(spans, key=lambda span: (span.start, span.end))),
        Disposition.MATCHED,
        item,
        1.0 if whole else min(max(share, 1 / STEPS), 1 - 1 / STEPS),
        Reason.PARAPHRASE if whole else Reason.PARTLY,
        round(sum(part.weight * part.confidence for part in found), 4),
        parts=found,
    )


def _is_name(text: str) -> bool:
    return len(text.split()) <= 3


def _part(answer: str, reading: Reading, parts: Parts, facet: int, lines: Lines) -> PartGrade:
    judged = {atoms: found for (which, atoms), found in parts.judgements.items() if which == facet}
    asked = parts.card.items[facet]

    if not judged:
        return PartGrade(asked.text, asked.points, 0.0, Reason.MISSING)
    said, said_at = _most(judged, lambda one: one.expresses)
    denied, denied_at = _most(judged, lambda one: one.contradicts)
    if denied.contradicts >= CONTRADICTS and denied.contradicts > said.expresses:
        reason = denied.reason if denied.reason in CONTRADICTIONS else Reason.CONTRADICTED
        spans: tuple[Span, ...] = (reading.span(answer, denied_at),)
        return PartGrade(asked.text, asked.points, 0.0, reason, spans, denied.evidence, denied.contradicts)
    if said.expresses < lines.facet_half:
        return PartGrade(asked.text, asked.points, 0.0, Reason.MISSING, confidence=round(1 - said.expresses, 4))
    spans = (reading.span(answer, said_at),)
    if said.expresses < lines.facet_full:
        return PartGrade(asked.text, asked.points, 0.5, Reason.PARTLY, spans, confidence=0.5)
    return PartGrade(asked.text, asked.points, 1.0, said.reason, spans, said.evidence, said.expresses)


def _most(judged: dict[Range, Judgement], figure: Callable[[Judgement], float]) -> tuple[Judgement, Range]:
    """The judgement with the highest figure; of equals the nearest, the shortest and the first."""
    atoms = max(
        judged, key=lambda atoms: (figure(judged[atoms]), judged[atoms].nearness, atoms[0] - atoms[1], -atoms[0])
    )
    return judged[atoms], atoms
