"""Makes the judge's training pairs from the graded sets: one JSON line a (learner answer, reference) pair.

    python models/recipes/judge/prepare.py --out build/judge

Writes pairs.jsonl (to train on), heldout.jsonl (questions the judge never sees; fusion and calibration are
fitted on them) and counts.json (rows and licence of every source). Splits are by question.
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

SEED = 20261124
HELDOUT_SHARE = 0.06  # of questions; enough for fusion's few dozen weights, the rest is worth more in training
SHORT_ITEM_WORDS = 6  # items up to this long often need the prompt to mean anything
PROMPT_SHARE = {"short": 0.65, "long": 0.35}  # how often the reference is read with its prompt in front
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
ADVERSARIAL_SHARE = 0.62  # of the adversarial lot's item credits; the natural lot is used whole
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

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def is_heldout(question: str) -> bool:
    """Whether a question is kept from the judge; decided by its text alone, so that it never changes sides."""
    return int(hashlib.sha256(question.lower().encode()).hexdigest()[:8], 16) / 2**32 < HELDOUT_SHARE


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def pair(source: str, prompt: str, item: str, answer: str, target: tuple[float, ...], **more: object) -> Row:
    return {"source": source, "prompt": prompt, "item": item, "answer": answer, "target": list(target), **more}


def from_cards(path: Path) -> Iterator[Row]:
    for card in read(path):
        for text, credits, tag in card["answers"]:
            for index, credit in enumerate(credits):
                yield pair(
                    "cards",
                    card["prompt"],
                    card["items"][index],
                    text,
                    CREDIT_TARGETS[credit],
                    lot=card["lot"],
                    kind=card["kind"],
                    area=card["area"],
                    tag=tag,
                    n_items=len(card["items"]),
                )


def from_schools(path: Path, rng: random.Random) -> Iterator[Row]:
    for row in read(path):
        seen = set(words(row["answer"]))

        def overlap(reference: str, seen: set[str] = seen) -> float:
            tokens = words(reference)
            return sum(token in seen for token in tokens) / max(1, len(tokens))

        references = row["references"]
        # A correct answer expresses the wording it is nearest to; a wrong one expresses none of them.
        nearest = max(references, key=overlap)
        target = (row["score"], 1 - row["score"], 0.0) if row.get("label") is None else LABEL_TARGETS[row["label"]]
        other = rng.choice(references)
        reference = nearest if row.get("label") != "incorrect" else other
        yield pair(
            row["source"], row["question"], reference, row["answer"], target, lot="school", kind="explain", n_items=1
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
    for row in [
        *from_cards(options.data / "train/cards.jsonl.gz"),
        *from_schools(options.data / "train/asag.jsonl.gz", rng),
    ]:
        if is_heldout(row["prompt"]):
            heldout.append(row)
        elif row["lot"] != "adversarial" or rng.random() < ADVERSARIAL_SHARE:
            pairs.append(row)
    for row in pairs:
        size = "short" if len(words(row["item"])) <= SHORT_ITEM_WORDS else "long"
        row["with_prompt"] = rng.random() < PROMPT_SHARE[size]
    rng.shuffle(pairs)
    warm_up = [row | {"with_prompt": False} for row in from_nli(options.data / "train/nli.jsonl.gz", rng)]
    # NLI first (what entailment is), the rest of it thinly spread over the school and card pairs.
    cut = len(warm_up) * 2 // 3
    ordered = warm_up[:cut] + (tail := pairs + warm_up[cut:])
    rng.shuffle(tail)
    ordered[cut:] = tail
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("pairs", ordered), ("heldout", heldout)):
        with (options.out / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    counts = Counter(row["source"] for row in ordered)
    summary = {name: {"pairs": counts[name], "licence": LICENCES[name]} for name in sorted(counts)}
    summary["heldout"] = {"pairs": len(heldout), "by lot": Counter(row["lot"] for row in heldout)}
    (options.out / "counts.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
