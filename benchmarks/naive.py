"""The naive script that this project replaces: sentence-transformers cosines and rapidfuzz ratios, one threshold.

    python benchmarks/naive.py MODEL_FOLDER ANSWERS.jsonl [--batch N]

MODEL_FOLDER holds all-MiniLM-L6-v2. Each line of ANSWERS has "answer" and "reference", a list of items. Scores go to
stdout, one a line; how long grading took, without loading, to stderr.
"""

import argparse
import json
import re
import sys
import time
from typing import Any

from rapidfuzz import fuzz
from sentence_transformers import SentenceTransformer

THRESHOLD = 0.6


def parts(answer: str, items: int) -> list[str]:
    pieces = re.split(r"[,;\n]|[.!?](?=\s|$)|\band\b", answer) if items > 1 else [answer]
    return [piece.strip() for piece in pieces if piece.strip()] or [answer]


def grade(model: SentenceTransformer, rows: list[dict[str, Any]], batch: int) -> list[float]:
    texts = [(parts(row["answer"], len(row["reference"])), row["reference"]) for row in rows]
    flat = [text for spans, items in texts for text in (*spans, *items)]
    vectors = iter(model.encode(flat, batch_size=batch, normalize_embeddings=True, show_progress_bar=False))
    scores = []
    for spans, items in texts:
        said, wanted = [next(vectors) for _ in spans], [next(vectors) for _ in items]
        pairs = sorted(
            (
                (max(float(said[s] @ wanted[i]), fuzz.ratio(spans[s].lower(), items[i].lower()) / 100), s, i)
                for s in range(len(spans))
                for i in range(len(items))
            ),
            reverse=True,
        )
        used: set[int] = set()
        earned: set[int] = set()
        for value, span, item in pairs:
            if value >= THRESHOLD and span not in used and item not in earned:
                used.add(span)
                earned.add(item)
        scores.append(len(earned) / len(items))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("answers")
    parser.add_argument("--batch", type=int, default=1, help="answers that are graded together; default 1")
    options = parser.parse_args()
    with open(options.answers, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    model = SentenceTransformer(options.model)
    started = time.perf_counter()
    for start in range(0, len(rows), options.batch):
        for score in grade(model, rows[start : start + options.batch], 32):
            print(f"{score:.4f}")
    print(json.dumps({"answers": len(rows), "seconds": time.perf_counter() - started}), file=sys.stderr)


if __name__ == "__main__":
    main()
