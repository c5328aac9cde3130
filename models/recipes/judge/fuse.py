"""Fits the fusion: what the judge's reading and each other piece of evidence say of P(expresses), P(contradicts).

    python models/recipes/judge/fuse.py --out models/judge/fusion.json

Fitted on answers that the judge has never seen: the held-out questions of the training sets and of the later lots of
cards. Traps count less than the natural distribution, since on traps alone shared words turn into a bad sign. Signs are
held to common sense: no evidence for an item may count against it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent))
from prepare import CARDS_FOLDER, HELDOUT_SHARE, LOTS, is_heldout, read

from grader.encode import Encoder, default_encoder
from grader.grader import CONTEXT_WORDS
from grader.judge import OnnxReader, default_reader
from grader.judge.evidence import FEATURES, Evidence, Weights, gather, load_weights
from grader.judge.fusion import READ_FEATURES, read_features, reading_of
from grader.propose import propose, texts_to_encode
from grader.records import Card, Pair
from grader.split import split
from grader.text import clean, says_nothing

SEED = 20261124
# What a row of each lot weighs: traps less than life, and the school sets more, which have few questions.
WEIGHTS = {"natural": 1.0, "adversarial": 0.7, "school": 2.0}
RIGHT = 0.75  # credit from which an item counts as expressed
STRENGTH = 1e-3  # L2 on the weights
HOME = Path(__file__).resolve().parents[2]
NAMES = (*FEATURES, *READ_FEATURES)
SAID = NAMES.index("expresses")
# The sign that common sense gives a piece of evidence: 1 for, -1 against, 0 free.
FREE = dict.fromkeys(NAMES, 0)
SIGNS = {
    "expresses": FREE
    | dict.fromkeys(FEATURES, 1)
    | {"precision": 0, "length": 0, "expresses": 1, "contradicts": -1, "figures": -1, "polarity": -1, "near_miss": -1}
    | {"wordings": -1},
    "contradicts": FREE | {"expresses": -1, "contradicts": 1, "figures": 1, "polarity": 1, "wordings": -1},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A graded answer that the judge has not seen."""

    card: Card
    text: str
    credits: list[float]  # of each item; -1: contradicted
    lot: str
    kind: str


def answers(data: Path, rng: random.Random) -> Iterator[Answer]:
    """The held-out questions of the training sets, and the held-out cards of the later lots, shuffled."""
    made: list[Answer] = []
    later = [(CARDS_FOLDER / file, share) for file, share in LOTS.values()]
    for path, share in ((data / "train/cards.jsonl.gz", HELDOUT_SHARE), *later):
        for row in read(path):
            if is_heldout(row["prompt"], share):
                card = Card.from_items(row["prompt"], row["items"])
                made += [
                    Answer(card, text, credits, row["lot"], row["kind"])
                    for text, credits, _ in row["answers"]
                    if len(credits) == len(card.items)
                ]
    for row in read(data / "train/asag.jsonl.gz"):
        if is_heldout(row["question"]):
            card = Card.from_items(row["question"], row["references"], alternatives=True, syntax="plain")
            credit = -1.0 if row.get("label") == "contradictory" else row["score"]
            made.append(Answer(card, row["answer"], [credit], "school", row["source"]))
    rng.shuffle(made)
    return iter(made)


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray, signs: Sequence[int]) -> tuple[float, np.ndarray]:
    """Bias and weights of a weighted logistic line on standardised features, each weight held to its sign."""
    spread = x.std(axis=0) + 1e-6
    z = np.hstack([x / spread, np.ones((len(x), 1))])
    share = weight / weight.sum()
    bounds = [(0 if sign > 0 else None, 0 if sign < 0 else None) for sign in signs]

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        logit = z @ line
        value = share @ (np.logaddexp(0, logit) - y * logit) + STRENGTH / 2 * line[:-1] @ line[:-1]
        slope = z.T @ (share * (1 / (1 + np.exp(-logit)) - y))
        slope[:-1] += STRENGTH * line[:-1]
        return value, slope

    line = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    return float(line[-1]), line[:-1] / spread


def auc(p: np.ndarray, right: np.ndarray) -> float:
    ranks = np.empty(len(p))
    ranks[np.argsort(p)] = np.arange(1, len(p) + 1)
    return float((ranks[right].sum() - right.sum() * (right.sum() + 1) / 2) / (right.sum() * (~right).sum()))


def report(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """How well probabilities tell right from wrong, and how far they are from what they promise (ECE, 10 bins)."""
    bins = np.minimum((p * 10).astype(int), 9)
    off = sum(abs(p[bins == one].mean() - y[bins == one].mean()) * (bins == one).mean() for one in np.unique(bins))
    return {"rows": len(p), "AUC": round(auc(p, y >= RIGHT), 4), "ECE": round(float(off), 4)}


@dataclass(frozen=True, slots=True)
class Rows:
    """Item readings, one row each: what fusion is fitted on."""

    x: np.ndarray  # (rows, features) in the order of `NAMES`
    credit: np.ndarray  # (rows,), -1..1
    lot: np.ndarray  # (rows,), names
    kind: np.ndarray  # (rows,), names


def gather_rows(found: Iterator[Answer], reader: OnnxReader, limit: int) -> Rows:
    """One row for each item of each answer that has to be read."""
    encoder = default_encoder()
    weights = load_weights(HOME / "judge/evidence.json")
    x: list[tuple[float, ...]] = []
    rest: list[tuple[float, str, str]] = []
    for count, answer in enumerate(islice(found, limit)):
        if count % 200 == 0:
            print(f"{count} answers", file=sys.stderr, flush=True)
        if says_nothing(answer.text):
            continue
        for item, values in item_features(answer, encoder, reader, weights).items():
            x.append(values)
            rest.append((answer.credits[item], answer.lot, answer.kind))
    credit, lot, kind = zip(*rest, strict=True)
    return Rows(np.array(x), np.array(credit), np.array(lot), np.array(kind))


def item_features(
    answer: Answer, encoder: Encoder, reader: OnnxReader, weights: Weights
) -> dict[int, tuple[float, ...]]:
    """What speaks for each unsettled item: of each wording the nearest range, of the wordings the best reading."""
    card, parts = answer.card, split(answer.text)
    spans = [clean(parts.span(atoms).text) for atoms in parts.ranges]
    contexts = [clean(context) for context in parts.contexts(CONTEXT_WORDS)]
    texts = texts_to_encode(card, spans)
    vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    best: dict[tuple[int, int], tuple[float, Evidence, Pair]] = {}
    settled = set()
    for proposal in propose(card, parts.ranges, spans, contexts, vectors):
        evidence = gather(proposal.pair)
        key = proposal.aspect.item, proposal.aspect.wording
        if evidence.settled and not evidence.conflict:
            settled.add(key[0])
        near = evidence.logit(weights)
        if key not in best or near > best[key][0]:
            best[key] = near, evidence, proposal.pair
    kept = [key for key in best if key[0] not in settled]
    rows: dict[int, tuple[float, ...]] = {}
    for key, logits in zip(kept, reader.read([reading_of(best[key][2]) for key in kept]), strict=True):
        _, evidence, pair = best[key]
        values = (*evidence.features, *read_features(pair, evidence, logits))
        if key[0] not in rows or values[SAID] > rows[key[0]][SAID]:
            rows[key[0]] = values
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=Path("models/judge/fusion.json"))
    parser.add_argument("--limit", type=int, default=10**9, help="answers at most")
    parser.add_argument("--keep", type=Path, help="keep the gathered rows here (.npz), or take them from there")
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        parser.error(f"{options.data}/train is not there; set GRADER_DATA to the folder with the graded sets")
    if options.keep and options.keep.exists():
        rows = Rows(**np.load(options.keep))
    else:
        rows = gather_rows(answers(options.data, random.Random(SEED)), default_reader(), options.limit)
        if options.keep:
            np.savez(options.keep, **asdict(rows))
    made: dict[str, Any] = {
        "name": "fusion-2",
        "fitted on": f"{len(rows.x)} item readings of questions that the judge has not seen, seed {SEED}",
    }
    weight = np.array([WEIGHTS[lot] for lot in rows.lot])
    targets = {"expresses": np.clip(rows.credit, 0, 1), "contradicts": (rows.credit < 0).astype(float)}
    for name, y in targets.items():
        bias, w = fit(rows.x, y, weight, [SIGNS[name][one] for one in NAMES])
        p = 1 / (1 + np.exp(-(rows.x @ w + bias)))
        made[name] = {
            "by lot": {str(lot): report(p[rows.lot == lot], y[rows.lot == lot]) for lot in np.unique(rows.lot)},
            "bias": round(bias, 4),
            "weights": {one: round(float(value), 4) for one, value in zip(NAMES, w, strict=True)},
        }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))
    right = targets["expresses"] >= RIGHT
    for name, column in (("cosine", "similarity"), ("reading alone", "expresses")):
        print(f"{name}: AUC {auc(rows.x[:, NAMES.index(column)], right):.4f}")


if __name__ == "__main__":
    main()
