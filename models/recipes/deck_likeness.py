"""Fit the weights of grader/decks/likeness.py: what prompts look like, and what references look like.

    python models/recipes/deck_likeness.py [FOLDER]

FOLDER holds train/cards.jsonl.gz and dev/cards.jsonl.gz, the project's own graded cards (default: GRADER_DATA, else
../shared/data). Logistic regression with an L2 penalty, by Newton's method; prompts and references weigh the same
together. Prints the table to paste, and the accuracy on the prompts and references of dev/, line by line.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from pathlib import Path

import numpy as np

from grader.decks.likeness import features

PENALTY = 1.0
LONG_PROMPT = 16  # words: above, a prompt tells a situation, as exports of flashcards seldom do
LONG_WEIGHT = 0.15


def read_rows(path: Path) -> list[tuple[frozenset[str], float, float]]:
    """Features, target (1: prompt) and weight of each line that an export of the cards would hold."""
    rows: list[tuple[frozenset[str], float, float]] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for card in map(json.loads, file):
            prompt, items = card["prompt"], card["items"]
            unlike = len(prompt.split()) > LONG_PROMPT or ". " in prompt
            rows.append((features(prompt), 1.0, LONG_WEIGHT if unlike else 1.0))
            if len(items) == 1:
                rows.append((features(items[0]), 0.0, 1.0))
                sentences = re.split(r"(?<=[.;])\s+(?=[A-Z])", items[0])
                rows += [(features(sentence), 0.0, 0.5) for sentence in sentences if len(sentences) > 1]
            elif len(items) <= 3:
                rows.append((features(", ".join(items)), 0.0, 0.2))
                rows += [(features(item), 0.0, 0.1) for item in items]
    return rows


def fit(rows: list[tuple[frozenset[str], float, float]]) -> dict[str, float]:
    """Weight of each feature, nats."""
    names = sorted({name for seen, _, _ in rows for name in seen})
    x = np.array([[*(name in seen for name in names), True] for seen, _, _ in rows], dtype=float)
    y = np.array([target for _, target, _ in rows])
    w = np.array([weight for _, _, weight in rows])
    w[y == 1] *= w[y == 0].sum() / w[y == 1].sum()
    weights = np.zeros(len(names) + 1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (w * (y - p)) - PENALTY * weights
        curve = (x * (w * p * (1 - p))[:, None]).T @ x + PENALTY * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return dict(zip([*names, "bias"], (round(float(value), 1) for value in weights), strict=True))


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GRADER_DATA", "../shared/data"))
    for part in ("train", "dev"):
        if not (folder / part / "cards.jsonl.gz").is_file():
            sys.exit(f"{folder / part / 'cards.jsonl.gz'} is missing; name the folder that holds train/ and dev/")
    weights = fit(read_rows(folder / "train" / "cards.jsonl.gz"))
    for name, weight in weights.items():
        print(f'    "{name}": {weight},')
    rows = read_rows(folder / "dev" / "cards.jsonl.gz")
    right = [(sum(weights.get(n, 0.0) for n in seen) + weights["bias"] > 0) == bool(y) for seen, y, _ in rows]
    print(f"dev: {sum(right) / len(right):.3f} of {len(right)} lines", file=sys.stderr)


if __name__ == "__main__":
    main()
