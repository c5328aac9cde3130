"""Fits the fusion: what the judge's reading and each other piece of evidence say of P(expresses), P(contradicts).

    python models/recipes/judge/fuse.py --model build/judge/onnx --out models/judge/fusion.json

Fitted on answers that the judge has never seen: the held-out questions of the training sets and the second lot of
cards. The natural distribution counts in full and traps a third, since on traps alone shared words turn into a bad
sign. Signs are held to common sense: no evidence for an item may count against it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from prepare import is_heldout, read

from grader.encode import default_encoder
from grader.grader import CONTEXT_WORDS
from grader.judge.cross_encoder import OnnxReader
from grader.judge.evidence import FEATURES, gather, load_weights
from grader.judge.fusion import READ_FEATURES, read_features, reading_of
from grader.propose import propose, texts_to_encode
from grader.records import Card
from grader.split import split
from grader.text import clean, says_nothing

SEED = 20261124
TRAPS = 0.35  # weight of a row of the adversarial lot
STRENGTH = 1e-3  # L2 on the weights
HOME = Path(__file__).resolve().parents[2]
NAMES = (*FEATURES, *READ_FEATURES)
# The sign that common sense gives a piece of evidence: 1 for, -1 against, 0 free.
FOR = dict.fromkeys(FEATURES, 1) | {"precision": 0, "length": 0, "expresses": 1}
AGAINST = {"contradicts": -1, "figures": -1, "polarity": -1, "near_miss": -1}
SIGNS = {
    "expresses": FOR | AGAINST,
    "contradicts": dict.fromkeys(FEATURES, 0)
    | {"expresses": -1, "contradicts": 1, "figures": 1, "polarity": 1, "near_miss": 0},
}

Answer = tuple[Card, str, list[float], float]  # card, answer, credit of each item (-1: contradicted), weight


def answers(data: Path, rng: random.Random) -> Iterator[Answer]:
    made: list[Answer] = []
    for path, new in ((data / "train/cards.jsonl.gz", False), (HOME / "recipes/data/second.jsonl.gz", True)):
        for row in read(path):
            if new or is_heldout(row["prompt"]):
                card = Card.from_items(row["prompt"], row["items"])
                weight = 1.0 if row["lot"] == "natural" else TRAPS
                made += [
                    (card, text, credits, weight)
                    for text, credits, _ in row["answers"]
                    if len(credits) == len(card.items)
                ]
    for row in read(data / "train/asag.jsonl.gz"):
        if is_heldout(row["question"]):
            card = Card.from_items(row["question"], row["references"], alternatives=True, syntax="plain")
            credit = -1.0 if row.get("label") == "contradictory" else row["score"]
            made.append((card, row["answer"], [credit], 1.0))
    rng.shuffle(made)
    return iter(made)


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray, signs: dict[str, int]) -> tuple[float, np.ndarray]:
    """Bias and weights of a weighted logistic line, by projected gradient descent on standardised features."""
    sign = np.array([signs[name] for name in NAMES])
    spread = x.std(axis=0) + 1e-6
    z = x / spread
    share = weight / weight.sum()
    w, bias, rate = np.zeros(x.shape[1]), 0.0, 0.5
    for _ in range(8000):
        error = share * (1 / (1 + np.exp(-(z @ w + bias))) - y)
        w -= rate * (z.T @ error + STRENGTH * w)
        bias -= rate * error.sum()
        w[(sign > 0) & (w < 0)] = 0.0
        w[(sign < 0) & (w > 0)] = 0.0
    return bias, w / spread


def auc(p: np.ndarray, right: np.ndarray) -> float:
    ranks = np.empty(len(p))
    ranks[np.argsort(p)] = np.arange(1, len(p) + 1)
    return float((ranks[right].sum() - right.sum() * (right.sum() + 1) / 2) / (right.sum() * (~right).sum()))


def gather_rows(rows: Iterator[Answer], reader: OnnxReader, limit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    encoder = default_encoder()
    weights = load_weights(HOME / "judge/evidence.json")
    x, y, share = [], [], []
    for count, (card, text, credits, weight) in enumerate(rows):
        if count >= limit:
            break
        if count % 200 == 0:
            print(f"{count} answers", file=sys.stderr, flush=True)
        if says_nothing(text):
            continue
        parts = split(text)
        spans = [clean(parts.span(atoms).text) for atoms in parts.ranges]
        contexts = [clean(context) for context in parts.contexts(CONTEXT_WORDS)]
        texts = texts_to_encode(card, spans)
        vectors = dict(zip(texts, encoder.encode(texts), strict=True))
        best: dict[int, tuple[float, Any, Any]] = {}
        settled = set()
        for proposal in propose(card, parts.ranges, spans, contexts, vectors):
            evidence = gather(proposal.pair)
            item = proposal.aspect.item
            if evidence.settled and not evidence.conflict:
                settled.add(item)
            near = evidence.logit(weights)
            if item not in best or near > best[item][0]:
                best[item] = (near, evidence, reading_of(proposal.pair))
        kept = [item for item in best if item not in settled]
        for item, logits in zip(kept, reader.read([best[item][2] for item in kept]), strict=True):
            evidence = best[item][1]
            x.append((*evidence.features, *read_features(evidence, logits)))
            y.append(credits[item])
            share.append(weight)
    return np.array(x), np.array(y), np.array(share)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--model", type=Path, default=Path("models/judge"))
    parser.add_argument("--out", type=Path, default=Path("models/judge/fusion.json"))
    parser.add_argument("--limit", type=int, default=10**9, help="answers at most")
    parser.add_argument("--keep", type=Path, help="keep the gathered rows here (.npz), or take them from there")
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    if options.keep and options.keep.exists():
        kept = np.load(options.keep)
        x, credit, weight = kept["x"], kept["credit"], kept["weight"]
    else:
        reader = OnnxReader(options.model / "model.onnx", options.model / "tokenizer.json", "judge")
        x, credit, weight = gather_rows(answers(options.data, random.Random(SEED)), reader, options.limit)
        if options.keep:
            np.savez(options.keep, x=x, credit=credit, weight=weight)
    made: dict[str, Any] = {
        "name": "fusion-1",
        "fitted on": f"{len(x)} item readings unseen by the judge: held-out questions and the second lot, seed {SEED}",
    }
    targets = {"expresses": np.clip(credit, 0, 1), "contradicts": (credit < 0).astype(float)}
    for name, y in targets.items():
        bias, w = fit(x, y, weight, SIGNS[name])
        p = 1 / (1 + np.exp(-(x @ w + bias)))
        made[name] = {
            "auc on them": round(auc(p, y >= 0.75), 4),
            "bias": round(float(bias), 4),
            "weights": {one: round(float(value), 4) for one, value in zip(NAMES, w, strict=True)},
        }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))
    for name, column in (("cosine", "similarity"), ("reading alone", "expresses")):
        print(f"{name}: AUC {auc(x[:, NAMES.index(column)], targets['expresses'] >= 0.75):.4f}")


if __name__ == "__main__":
    main()
