"""Trains the judge: a cross-encoder that says whether an answer expresses, misses or contradicts a reference.

    python models/recipes/judge/train.py --base BASE --pairs build/judge/pairs.jsonl --out build/judge/model

bf16 autocast where the processor has it; a GPU is used where there is one. A checkpoint is written every ten
minutes and at the end; the same command resumes from it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SEED = 20261124
LABELS = ("expresses", "neither", "contradicts")
LEARNING_RATE = 5e-5
LAYER_DECAY = 0.9
FROZEN_LAYERS = 3  # the embeddings and the lowest layers, which change least and cost a third of the time
WARM_UP = 0.06
MAX_TOKENS = 160
BUCKET = 16  # batches gathered and sorted by length together
CHECKPOINT_S = 600


def reference_text(row: dict, separator: str) -> str:
    return f"{row['prompt']} {separator} {row['item']}" if row["with_prompt"] and row["prompt"] else row["item"]


def batches(rows: list[dict], size: int, rng: random.Random) -> list[list[int]]:
    """Batches of about `size` rows of like length, in the order of the file but for a local shuffle."""
    made: list[list[int]] = []
    for start in range(0, len(rows), size * BUCKET):
        part = list(range(start, min(len(rows), start + size * BUCKET)))
        part.sort(
            key=lambda i: (
                len(rows[i]["answer"])
                + len(rows[i]["item"])
                + (len(rows[i]["prompt"]) if rows[i]["with_prompt"] else 0)
            )
        )
        cut = [part[i : i + size] for i in range(0, len(part), size)]
        rng.shuffle(cut)
        made.extend(cut)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--pairs", type=Path, default=Path("build/judge/pairs.jsonl"))
    parser.add_argument("--out", type=Path, default=Path("build/judge/model"))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--steps", type=int, help="stop the schedule after so many steps (default: all rows)")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    half = device == "cuda" or torch.cpu._is_avx512_bf16_supported()  # elsewhere bf16 is emulated, many times slower
    with options.pairs.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = AutoModelForSequenceClassification.from_pretrained(
        options.base, num_labels=len(LABELS), id2label=dict(enumerate(LABELS))
    )
    encoder = model.base_model.encoder
    layers = encoder.layer
    for module in (
        model.base_model.embeddings,
        encoder.relative_attention_bias if hasattr(encoder, "relative_attention_bias") else None,
        *layers[:FROZEN_LAYERS],
    ):
        if module is not None:
            module.requires_grad_(False)
    groups = [
        {
            "params": [p for n, p in model.named_parameters() if not n.startswith(model.base_model_prefix)],
            "lr": options.learning_rate * 2,
        }
    ]
    for depth, layer in enumerate(layers[FROZEN_LAYERS:]):
        groups.append(
            {
                "params": list(layer.parameters()),
                "lr": options.learning_rate * LAYER_DECAY ** (len(layers) - FROZEN_LAYERS - 1 - depth),
            }
        )
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    plan = [batch for _ in range(options.epochs) for batch in batches(rows, options.batch, rng)]
    total = min(options.steps or len(plan), len(plan))
    warm_up = max(1, int(total * WARM_UP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm_up, max(0.0, (total - step) / max(1, total - warm_up)))
    )
    checkpoint = options.out.with_suffix(".checkpoint.pt")
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    model.to(device).train()

    def save(step: int) -> None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        partial = checkpoint.with_suffix(".partial")
        torch.save(
            {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step,
            },
            partial,
        )
        partial.replace(checkpoint)

    started = saved = time.monotonic()
    running: list[float] = []
    for step in range(first, total):
        batch = [rows[i] for i in plan[step]]
        inputs = tokenizer(
            [row["answer"] for row in batch],
            [reference_text(row, tokenizer.sep_token) for row in batch],
            truncation="longest_first",
            max_length=MAX_TOKENS,
            padding=True,
            return_tensors="pt",
        ).to(device)
        target = torch.tensor([row["target"] for row in batch], device=device)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
            logits = model(**inputs).logits
        loss = torch.nn.functional.cross_entropy(logits.float(), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        running.append(loss.item())
        if (step + 1) % 50 == 0:
            seconds = time.monotonic() - started
            print(
                f"step {step + 1}/{total} loss {sum(running[-100:]) / len(running[-100:]):.4f} "
                f"{(step + 1 - first) * options.batch / seconds:.1f} pairs/s",
                flush=True,
            )
        if time.monotonic() - saved > CHECKPOINT_S:
            save(step + 1)
            saved = time.monotonic()
    save(total)
    model.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)


if __name__ == "__main__":
    main()
