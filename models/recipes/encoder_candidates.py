"""Compare the encoder's schemes, and prove that what ships gives the vectors of sentence-transformers.

    python models/recipes/encoder_candidates.py measure BASE [--data DATA]
    python models/recipes/encoder_candidates.py golden BASE

`measure` writes benchmarks/results/encoder_candidates.json, `golden` tests/data/golden_vectors.json.
`measure` needs what the recipe needs, `golden` needs sentence-transformers too. Run from the root of the project.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from encoder import (
    SCHEMES,
    SHIPPED,
    base_files,
    build,
    channel_peaks,
    read_safetensors,
    shipped_tokenizer,
    smoothing_inputs,
)

from grader.encode import OnnxEncoder, default_encoder

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "encoder_candidates.json"
GOLDEN = ROOT / "tests" / "data" / "golden_vectors.json"
TIMED_TEXTS = 96
SHARE = 3  # every third row of the dev sets: enough to compare, and a third of the time
REPEATS = 3  # the fastest counts: the others met another load

Floats = NDArray[np.float32]

# Written for this purpose: a word, phrases, sentences, a paragraph; symbols, accents, another script, nothing.
SENTENCES = (
    "photosynthesis",
    "free riding",
    "chain-ganging: an ally's war becomes your war",
    "The treaty obliged each signatory to come to the aid of the others.",
    "the others were obliged to help by the treaty",
    "Plants turn light, water and carbon dioxide into sugar and oxygen.",
    "it makes sugar out of sunlight",
    "A switch connects devices of one network; a router connects networks.",
    "Prices rose by 4.5 % in 1979, and wages did not.",
    "prices did not rise",
    "H2O -> H+ + OH-",
    "F = m * a",
    "the café in Zürich",
    "Ответ на вопрос",
    "dont know sorry",
    "mitochondira is the powerhous of teh cell",
    'He said "no" – twice.',
    "AND THEN THE EMPIRE FELL",
    "First the snow melts in the mountains. The water runs into streams, the streams into a river, and the river "
    "carries sand and stones along with it. Where the land is flat it slows down and lets go of what it carried, the "
    "stones first and the sand last, and so over thousands of years the valley fills with gravel, sand and clay.",
    "",
)


def measure(base: str, data: Path) -> None:
    """Size, speed, nearness to fp32 and worth on the dev sets, scheme by scheme."""
    files = base_files(base)
    tensors, tokenizer = read_safetensors(files["model.safetensors"]), shipped_tokenizer(files["tokenizer.json"])
    peaks = channel_peaks(build(tensors, SCHEMES["fp32"]), smoothing_inputs(data, tokenizer))
    cards, answers = list(_cards(data))[::SHARE], list(_school_answers(data))[::SHARE]
    texts = sorted({text for row in cards + answers for text in (row[0], *row[1])})
    timed = texts[:: len(texts) // TIMED_TEXTS]
    exact: Floats | None = None
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder, "tokenizer.json")
        words.write_text(tokenizer, encoding="utf-8")
        for scheme in SCHEMES.values():
            path = Path(folder, f"{scheme.name}.onnx")
            path.write_bytes(build(tensors, scheme, peaks).SerializeToString())
            vectors = OnnxEncoder(path, words, vectors_kept=0).encode(texts)
            exact = vectors if exact is None else exact
            cosines = (vectors * exact).sum(axis=1)
            of = dict(zip(texts, vectors, strict=True))
            rows[scheme.name] = {
                "megabytes": round(path.stat().st_size / 1e6, 1),
                **_speed(path, words, timed),
                "cosine_mean": round(float(cosines.mean()), 5),
                "cosine_min": round(float(cosines.min()), 5),
                "cards_natural_auc": round(_auc(cards, of), 4),
                "asag_macro_f1": round(_best_macro_f1(answers, of), 4),
            }
            print(scheme.name, rows[scheme.name], flush=True)
            path.unlink()
    result = {
        "texts": len(texts),
        "card_answers": len(cards),
        "school_answers": len(answers),
        "texts_timed": len(timed),
        "processor": f"{platform.machine()}, {os.cpu_count()} processors",
        "shipped": SHIPPED,
        "candidates": rows,
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _speed(path: Path, words: Path, texts: list[str]) -> dict[str, float]:
    """Texts a second by the wall on two threads, and by processor time on one (less troubled by other programs)."""
    wall, busy, loads = [], [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        two = OnnxEncoder(path, words, threads=2, vectors_kept=0)
        two.encode(["warm"])
        loads.append(time.perf_counter() - start)
        start = time.perf_counter()
        two.encode(texts)
        wall.append(time.perf_counter() - start)
        one = OnnxEncoder(path, words, threads=1, vectors_kept=0)
        one.encode(["warm"])
        start = time.process_time()
        one.encode(texts)
        busy.append(time.process_time() - start)
    return {
        "load_ms": round(1000 * min(loads)),
        "texts_a_second_two_threads": round(len(texts) / min(wall)),
        "texts_a_processor_second": round(len(texts) / min(busy)),
    }


def _cards(data: Path) -> Iterator[tuple[str, list[str], list[bool]]]:
    """Answer, reference items, and whether the answer earns something of each: the natural lot of dev/cards."""
    for card in _rows(data / "dev" / "cards.jsonl.gz"):
        if card["lot"] == "natural":
            for answer, credits, _ in card["answers"]:
                yield answer, card["items"], [credit > 0 for credit in credits]


def _school_answers(data: Path) -> Iterator[tuple[str, list[str], list[bool]]]:
    for row in _rows(data / "dev" / "asag.jsonl.gz"):
        if row.get("label"):
            yield row["answer"], row["references"], [row["label"] == "correct"]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        sys.exit(f"{path}: there is no such file; name the folder that holds dev/ with --data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _auc(rows: list[tuple[str, list[str], list[bool]]], of: dict[str, Floats]) -> float:
    """Chance that an item that the answer earns is nearer to it than one that it does not earn (ties count half)."""
    scores = np.array([of[answer] @ of[item] for answer, items, _ in rows for item in items])
    earned = np.array([credit for _, _, credits in rows for credit in credits])
    worse = np.sort(scores[~earned])
    below, upto = np.searchsorted(worse, scores[earned], "left"), np.searchsorted(worse, scores[earned], "right")
    return float((below + upto).mean() / 2 / len(worse))


def _best_macro_f1(rows: list[tuple[str, list[str], list[bool]]], of: dict[str, Floats]) -> float:
    """Macro-F1 of correct or not by the best single threshold on these very rows: to compare, not to report."""
    scores = np.array([max(float(of[answer] @ of[text]) for text in references) for answer, references, _ in rows])
    correct = np.array([credits[0] for _, _, credits in rows])
    best = 0.0
    for threshold in np.quantile(scores, np.linspace(0.01, 0.99, 99)):
        said = scores >= threshold
        agree = {truth: (said[correct == truth] == truth).sum() for truth in (True, False)}
        f1 = [2 * agree[truth] / ((said == truth).sum() + (correct == truth).sum()) for truth in (True, False)]
        best = max(best, float(np.mean(f1)))
    return best


def golden(base: str) -> None:
    """Prove parity with sentence-transformers, and write the vectors that tests compare with."""
    from sentence_transformers import SentenceTransformer

    files = base_files(base)
    model = SentenceTransformer(str(next(Path(base).rglob("model.safetensors")).parent), device="cpu")
    model.max_seq_length = 256
    rows = [model.encode([text], normalize_embeddings=True, show_progress_bar=False)[0] for text in SENTENCES]
    reference = np.asarray(rows, np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path, words = Path(folder, "fp32.onnx"), Path(folder, "tokenizer.json")
        path.write_bytes(build(read_safetensors(files["model.safetensors"]), SCHEMES["fp32"]).SerializeToString())
        words.write_text(shipped_tokenizer(files["tokenizer.json"]), encoding="utf-8")
        exact = OnnxEncoder(path, words).encode(SENTENCES)
    shipped = default_encoder().encode(SENTENCES)
    for name, vectors, least in (("fp32", exact, 0.999), ("shipped", shipped, 0.98)):
        cosines = (vectors * reference).sum(axis=1)
        print(f"{name} beside sentence-transformers: cosine {cosines.min():.6f} to {cosines.max():.6f}")
        if cosines.min() <= least:
            sys.exit(f"{name}: a cosine is not above {least}")
    stored = {
        "about": "vectors of each sentence, little-endian float16 in base64, one string of 384 numbers each",
        "sentences": SENTENCES,
        "sentence_transformers": [_packed(row) for row in reference],
        "shipped": [_packed(row) for row in shipped],
    }
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _packed(row: Floats) -> str:
    return base64.b64encode(row.astype("<f2").tobytes()).decode("ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the encoder's schemes, or prove parity.")
    parser.add_argument("task", choices=("measure", "golden"))
    parser.add_argument("base", help="wheel (measure only) or folder of the base package")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    arguments = parser.parse_args()
    if arguments.task == "measure":
        measure(arguments.base, arguments.data)
    else:
        golden(arguments.base)


if __name__ == "__main__":
    main()
