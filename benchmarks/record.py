"""Results as files: one JSON of all sets, which can be added to set by set, and every mark as a line."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from contestants import Mark
from sets import ROOT, SETS, Row


class NotMergeable(Exception):
    """Results of another grader are in the file."""


def read_results(path: Path, signature: str) -> dict[str, Any]:
    """The results to be added to; empty where there is no file yet.

    Raises:
        NotMergeable: they are not results, or of a grader with another signature.
    """
    if not path.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        held = found["signature"]
    except (ValueError, KeyError, TypeError):
        raise NotMergeable(f"{path} holds no results of this benchmark; name another file with -o") from None
    if held != signature:
        raise NotMergeable(
            f"{path} was measured with another grader; measure every set again, or name another file with -o\n"
            f"  there: {held}\n  here:  {signature}"
        )
    return found


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The old results with the sets of the new ones in place of their own, in the order of `SETS`."""
    if not old:
        return new
    sets = old["sets"] | new["sets"]
    order = [one.name for one in SETS if one.name in sets]
    limit = {name: (new if name in new["sets"] else old)["limit"].get(name) for name in order}
    return {
        **old,
        **new,
        "limit": {name: count for name, count in limit.items() if count is not None},
        "thresholds": old["thresholds"] | new["thresholds"],
        "ablation": new["ablation"] or old.get("ablation", []),
        "sets": {name: sets[name] for name in order},
    }


def write_results(path: Path, results: dict[str, Any]) -> None:
    """Writes results as JSON, the whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(rounded(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def rounded(value: Any) -> Any:  # noqa: ANN401
    """The same tree with numbers of four digits, and null for what could not be measured."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def may_hold_marks(path: Path) -> bool:
    """Whether answers of the local data sets may be written there: not where they could be committed."""
    place = path.resolve()
    return not place.is_relative_to(ROOT) or place.is_relative_to(ROOT / "build")


def write_marks(file: TextIO, name: str, rows: Sequence[Row], marks: Sequence[Mark]) -> None:
    """One JSON line an answer: what people say, what the grader says, and why."""
    for row, mark in zip(rows, marks, strict=True):
        items = mark.grade.items if mark.grade else ()
        line = {
            "set": name,
            "question": row.card.prompt,
            "items": [item.text for item in row.card.items],
            "need": row.card.need,
            "answer": row.answer,
            "tag": row.tag,
            "area": row.area,
            "kind": row.kind,
            "human": row.human,
            "label": row.label,
            "human credits": row.credits,
            "points": row.points,
            "score": mark.score,
            "verdict": mark.grade.verdict if mark.grade else None,
            "credits": mark.credits,
            "expressed": mark.expressed,
            "confidence": mark.confidence,
            "review": mark.needs_review,
            "reasons": [item.reason for item in items],
            "spans": [[span.text for span in item.spans] for item in items],
            "evidence": [item.evidence for item in items],
            "extras": [span.text for span in mark.grade.extras] if mark.grade else [],
        }
        kept = {key: value for key, value in line.items() if value not in (None, "")}
        file.write(json.dumps(rounded(kept), ensure_ascii=False) + "\n")
    file.flush()
