"""The stable JSON record of a grade."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.records import Grade, ItemGrade, PartGrade, Span


def grade_to_dict(grade: Grade) -> dict[str, Any]:
    """The record that `grader grade --json` prints and `grader batch` writes, without the row's `id`.

    Numbers are the grade's own, unrounded. `notes` is there only where the grade has some, and so are the `evidence`
    and the `parts` of an item; `negative` is there, and true, only on a misconception.
    """
    record: dict[str, Any] = {
        "card": grade.card,
        "score": grade.score,
        "points": grade.points,
        "max_points": grade.max_points,
        "verdict": grade.verdict.value,
        "confidence": grade.confidence,
        "needs_review": grade.needs_review,
        "items": [_item_to_dict(item) for item in grade.items],
        "extras": [_span_to_dict(span) for span in grade.extras],
        "signature": grade.signature,
    }
    if grade.notes:
        record["notes"] = list(grade.notes)
    return record


def to_json(record: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    r"""The record as UTF-8 JSON, without a line end.

    A lone surrogate, which UTF-8 cannot carry, is written as its `\ud800` escape and reads back the same.

    Raises:
        ValueError: a number is infinite or not a number.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", errors="backslashreplace")


def _item_to_dict(item: ItemGrade) -> dict[str, Any]:
    record: dict[str, Any] = {
        "reference": item.reference,
        "credit": item.credit,
        "reason": item.reason.value,
        "confidence": item.confidence,
        "spans": [_span_to_dict(span) for span in item.spans],
    }
    if item.evidence:
        record["evidence"] = item.evidence
    if item.parts:
        record["parts"] = [_part_to_dict(part) for part in item.parts]
    if item.negative:
        record["negative"] = True
    return record


def _part_to_dict(part: PartGrade) -> dict[str, Any]:
    record: dict[str, Any] = {
        "reference": part.text,
        "weight": part.weight,
        "credit": part.credit,
        "reason": part.reason.value,
        "spans": [_span_to_dict(span) for span in part.spans],
    }
    if part.evidence:
        record["evidence"] = part.evidence
    return record


def _span_to_dict(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}
