"""Makes the judge's training pairs from the graded sets: one JSON line a (learner answer, reference) pair.

    python models/recipes/judge/prepare.py --out build/judge

Writes first.jsonl and second.jsonl (the two passes), heldout.jsonl (questions the judge never sees; fusion and
calibration are fitted on such) and counts.json (rows and licence of every source). Splits are by question.

The first pass is broad: entailment first, then everything once. The second dwells on what the first leaves open:
the doubtful pairs (a miss that shares no word with the item teaches little), several wordings of a school answer,
right answers as references for each other, the later lots of cards, and pairs altered by rule.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alter import altered, siblings

SEED = 20261124
HELDOUT_SHARE = 0.06  # of questions; enough for fusion's few dozen weights, the rest is worth more in training
# Later lots of cards: file, and the share of its cards that fusion and calibration lean on.
LOTS = {"second lot": ("second.jsonl.gz", 0.4), "third lot": ("third.jsonl.gz", 0.15)}
SHORT_ITEM_WORDS = 6  # items up to this long often need the prompt to mean anything
PROMPT_SHARE = {"short": 0.65, "long": 0.35}  # first pass: how often the reference is read with its prompt in front
SECOND_PROMPT_SHARE = {"short": 0.9, "long": 0.12}  # second pass: near what is read at work
# Rows taken of each NLI source: image captions transfer weakly, negation and monotonicity more.
NLI_ROWS = {
    "med": 1500,
    "conjnli": 2500,
    "cad_nli": 1500,
    "neg_mnli": 1200,
    "neg_rte": 900,
    "hans_regenerated": 900,
    "breaking_nli": 600,
    "snli_cat": 400,
    "snli": 1500,
}
SECOND_NLI_SHARE = 0.2
ADVERSARIAL_SHARE = 0.62  # of the adversarial lot's item credits in the first pass; the natural lot is used whole
# Second pass: how often a pair of a lot with a credit is taken; misses by whether they share a word with the item.
SECOND_SHARE = {
    "natural": {1: 1.0, 0.5: 1.0, -1: 1.0, "near miss": 0.8, "far miss": 0.12},
    "adversarial": {1: 0.62, 0.5: 0.9, -1: 1.0, "near miss": 0.55, "far miss": 0.1},
}
MUTUAL_A_CARD = 3  # pairs of a one-item card with a right answer as the reference
SCHOOL_WORDINGS = {"beetle": 2, "scientsbank": 1, "saf_v2_en": 2}
NLI_TARGETS = {
    "entailment": (1.0, 0.0, 0.0),
    "neutral": (0.0, 1.0, 0.0),
    "contradiction": (0.0, 0.0, 1.0),
    "not_entailment": (0.0, 0.6, 0.4),
}
LABEL_TARGETS = {"correct": (1.0, 0.0, 0.0), "incorrect": (0.08, 0.92, 0.0), "contradictory": (0.0, 0.0, 1.0)}
CREDIT_TARGETS = {1: (1.0, 0.0, 0.0), 0.5: (0.5, 0.5, 0.0), 0: (0.0, 1.0, 0.0), -1: (0.0, 0.0, 1.0)}
LICENCES = {
    "scientsbank": "CC BY-SA 3.0",
    "beetle": "CC BY-SA 3.0",
    "saf_v2_en": "MIT",
    "cards": "Apache-2.0 (written for this project)",
    "second lot": "Apache-2.0 (written for this project)",
    "third lot": "Apache-2.0 (written for this project)",
    "mutual": "Apache-2.0 (written for this project)",
    "altered": "Apache-2.0 (made by rule from the project's cards)",
    "snli": "CC BY-SA 4.0",
    "snli_cat": "CC BY-SA 4.0",
    "cad_nli": "Apache-2.0",
    "conjnli": "MIT",
    "neg_mnli": "MIT",
    "neg_rte": "MIT",
    "med": "CC BY-SA 4.0",
    "hans_regenerated": "MIT",
    "breaking_nli": "CC BY-SA 4.0",
}
CARDS_FOLDER = Path(__file__).resolve().parents[1] / "data"

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def is_heldout(question: str, share: float = HELDOUT_SHARE) -> bool:
    """Whether a question is kept from the judge; decided by its text alone, so that it never changes sides."""
    return int(hashlib.sha256(question.lower().encode()).hexdigest()[:8], 16) / 2**32 < share


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def pair(source: str, prompt: str, item: str, answer: str, target: tuple[float, ...], **more: object) -> Row:
    return {"source": source, "prompt": prompt, "item": item, "answer": answer, "target": list(target), **more}


def from_cards(path: Path, source: str = "cards") -> Iterator[Row]:
    for card in read(path):
        for text, credits, tag in card["answers"]:
            for index, credit in enumerate(credits):
                yield pair(
                    source,
                    card["prompt"],
                    card["items"][index],
                    text,
                    CREDIT_TARGETS[credit],
                    lot=card["lot"],
                    kind=card["kind"],
                    area=card["area"],
                    tag=tag,
                    credit=credit,
                    n_items=len(card["items"]),
                )


def from_schools(path: Path, rng: random.Random, wordings: dict[str, int] | None = None) -> Iterator[Row]:
    """A correct answer expresses the wording it is nearest to; a wrong one expresses none of them.

    With `wordings`, a wrong answer is also set beside the wordings it is nearest to, as a grader will that takes
    the best of several.
    """
    for row in read(path):
        seen = set(words(row["answer"]))

        def overlap(reference: str, seen: set[str] = seen) -> float:
            tokens = words(reference)
            return sum(token in seen for token in tokens) / max(1, len(tokens))

        references = row["references"]
        target = (row["score"], 1 - row["score"], 0.0) if row.get("label") is None else LABEL_TARGETS[row["label"]]
        other = rng.choice(references)
        ranked = sorted(references, key=overlap, reverse=True)
        if wordings is None:
            chosen = [ranked[0] if row.get("label") != "incorrect" else other]
        else:
            chosen = ranked[: wordings[row["source"]]]
        for reference in chosen:
            yield pair(
                row["source"],
                row["question"],
                reference,
                row["answer"],
                target,
                lot="school",
                kind="explain",
                n_items=1,
            )


def from_nli(path: Path, rng: random.Random) -> Iterator[Row]:
    rows = read(path)
    rng.shuffle(rows)
    left = dict(NLI_ROWS)
    for row in rows:
        if left.get(row["source"], 0) > 0:
            left[row["source"]] -= 1
            yield pair(
                row["source"], "", row["hypothesis"], row["premise"], NLI_TARGETS[row["label"]], lot="nli", n_items=1
            )


def mutual(rows: list[Row], rng: random.Random) -> Iterator[Row]:
    """Answers to a one-item card, with a right answer to it in the place of the reference."""
    by_card: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["n_items"] == 1 and row["kind"] in ("definition", "explain"):
            by_card.setdefault((row["prompt"], row["item"]), []).append(row)
    for answers in by_card.values():
        right = [row for row in answers if row["credit"] == 1 and len(words(row["answer"])) >= 4]
        for _ in range(MUTUAL_A_CARD):
            if right and len(answers) > 1:
                reference = rng.choice(right)
                learner = rng.choice(answers)
                if learner is not reference:
                    yield learner | {"source": "mutual", "item": reference["answer"]}


def second_pass(data: Path, known: list[Row], warm_up: list[Row], rng: random.Random) -> list[Row]:
    """The second pass's pairs, in order; `known` are the cards' pairs that the judge may see."""
    lot = [
        row
        for name, (file, share) in LOTS.items()
        for row in from_cards(CARDS_FOLDER / file, name)
        if not is_heldout(row["prompt"], share)
    ]
    taken: list[Row] = []
    for row in known + lot:
        credit: Any = row["credit"]
        if credit == 0:
            shared = {word for word in words(row["item"]) if len(word) > 3} & set(words(row["answer"]))
            credit = "near miss" if shared or row["n_items"] == 1 else "far miss"
        if rng.random() < SECOND_SHARE[row["lot"]][credit]:
            taken.append(row)
    taken += mutual(known + lot, rng)
    taken += [
        row for row in from_schools(data / "train/asag.jsonl.gz", rng, SCHOOL_WORDINGS) if not is_heldout(row["prompt"])
    ]
    taken += altered(known + lot, rng)
    taken += siblings(known + lot, rng)
    taken += rng.sample(warm_up, int(len(warm_up) * SECOND_NLI_SHARE))
    with_prompts(taken, SECOND_PROMPT_SHARE, rng)
    rng.shuffle(taken)
    return taken


def with_prompts(rows: list[Row], share: dict[str, float], rng: random.Random) -> None:
    for row in rows:
        size = "short" if len(words(row["item"])) <= SHORT_ITEM_WORDS else "long"
        row["with_prompt"] = bool(row["prompt"]) and rng.random() < share[size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=Path("build/judge"))
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    rng = random.Random(SEED)
    pairs: list[Row] = []
    heldout: list[Row] = []
    known: list[Row] = []
    for row in [
        *from_cards(options.data / "train/cards.jsonl.gz"),
        *from_schools(options.data / "train/asag.jsonl.gz", rng),
    ]:
        if is_heldout(row["prompt"]):
            heldout.append(row)
            continue
        if row["source"] == "cards":
            known.append(row)
        if row["lot"] != "adversarial" or rng.random() < ADVERSARIAL_SHARE:
            pairs.append(dict(row))
    with_prompts(pairs, PROMPT_SHARE, rng)
    rng.shuffle(pairs)
    warm_up = [row | {"with_prompt": False} for row in from_nli(options.data / "train/nli.jsonl.gz", rng)]
    # NLI first (what entailment is), the rest of it thinly spread over the school and card pairs.
    cut = len(warm_up) * 2 // 3
    tail = pairs + warm_up[cut:]
    rng.shuffle(tail)
    first = warm_up[:cut] + tail
    second = second_pass(options.data, known, warm_up, random.Random(SEED + 2))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("first", first), ("second", second), ("heldout", heldout)):
        with (options.out / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    counts = [Counter(row["source"] for row in rows) for rows in (first, second)]
    summary: dict[str, Any] = {
        name: {"first pass": counts[0][name], "second pass": counts[1][name], "licence": LICENCES[name]}
        for name in sorted(counts[0] | counts[1])
    }
    summary["heldout"] = {"pairs": len(heldout), "by lot": Counter(row["lot"] for row in heldout)}
    (options.out / "counts.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
