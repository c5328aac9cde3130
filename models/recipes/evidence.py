"""Fits the evidence judge: how much each piece of evidence says about P(expresses).

    python models/recipes/evidence.py --out models/judge/evidence.json

A logistic line with weights that may not be negative, fitted on answers as a class gives them (the natural lot of
train/cards and the school sets), never on traps: fitted on those it learns that shared words mean wrong. For each item
the likeliest range of the answer is the one that counts, so fit and choice alternate a few times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader.encode import default_encoder
from grader.judge.evidence import FEATURES, gather
from grader.propose import propose, texts_to_encode
from grader.records import Card
from grader.split import split
from grader.text import clean, says_nothing

SEED = 20261124
CARD_ANSWERS = 6000
SCHOOL_ANSWERS = 3000
ROUNDS = 4
STRENGTH = 1e-3  # L2 on the weights
FREE = ("length", "precision")  # evidence without a sign that common sense dictates
START = dict.fromkeys(FEATURES, 0.0) | {"similarity": 4.0, "recall": 3.0}

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def answers(data: Path, rng: random.Random) -> Iterator[tuple[Card, str, list[float]]]:
    cards = [row for row in read(data / "train/cards.jsonl.gz") if row["lot"] == "natural"]
    made = [
        (card, text, [max(0.0, credit) for credit in credits])
        for row in cards
        for card in [Card.from_items(row["prompt"], row["items"])]
        for text, credits, _ in row["answers"]
        if len(card.items) == len(credits)
    ]
    rng.shuffle(made)
    yield from made[:CARD_ANSWERS]
    school = read(data / "train/asag.jsonl.gz")
    rng.shuffle(school)
    for row in school[:SCHOOL_ANSWERS]:
        card = Card.from_items(row["question"], row["references"], alternatives=True, syntax="plain")
        yield card, row["answer"], [row["score"]]


def fit(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Bias and weights of a logistic line by projected gradient descent: no weight outside FREE is negative."""
    signed = np.array([name not in FREE for name in FEATURES])
    weights, bias, rate = np.zeros(x.shape[1]), 0.0, 0.5
    for _ in range(6000):
        error = 1 / (1 + np.exp(-(x @ weights + bias))) - y
        weights -= rate * (x.T @ error / len(y) + STRENGTH * weights)
        bias -= rate * error.mean()
        weights[signed & (weights < 0)] = 0.0
    return bias, weights


def gather_groups(data: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """For each item of each answer the features of its ranges, and what it earned."""
    encoder = default_encoder()
    groups: list[np.ndarray] = []
    labels: list[float] = []
    for count, (card, text, credits) in enumerate(answers(data, random.Random(SEED))):
        if says_nothing(text):
            continue
        parts = split(text)
        spans = [clean(parts.span(atoms).text) for atoms in parts.ranges]
        texts = texts_to_encode(card, spans)
        vectors = dict(zip(texts, encoder.encode(texts), strict=True))
        by_item: dict[int, list[tuple[float, ...]]] = {}
        settled = set()
        for proposal in propose(card, parts.ranges, spans, spans, vectors):
            evidence = gather(proposal.pair)
            if evidence.settled:
                settled.add(proposal.aspect.item)
            elif not evidence.conflict:
                by_item.setdefault(proposal.aspect.item, []).append(evidence.features)
        for item, rows in by_item.items():
            if item not in settled:
                groups.append(np.array(rows))
                labels.append(credits[item])
        if count % 500 == 0:
            print(f"{count} answers", file=sys.stderr, flush=True)
    return groups, np.array(labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=Path("models/judge/evidence.json"))
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    groups, y = gather_groups(options.data)
    weights, bias = np.array([START[name] for name in FEATURES]), -4.0
    for _ in range(ROUNDS):
        x = np.stack([rows[np.argmax(rows @ weights)] for rows in groups])
        bias, weights = fit(x, y)
    p = 1 / (1 + np.exp(-(x @ weights + bias)))
    order = np.argsort(p)
    ranks = np.empty(len(p))
    ranks[order] = np.arange(1, len(p) + 1)
    right = y >= 0.75
    auc = (ranks[right].sum() - right.sum() * (right.sum() + 1) / 2) / (right.sum() * (~right).sum())
    made = {
        "name": "evidence-1",
        "fitted on": f"{len(y)} item readings of train/cards (natural lot) and train/asag, seed {SEED}",
        "auc on them": round(float(auc), 4),
        "bias": round(float(bias), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
