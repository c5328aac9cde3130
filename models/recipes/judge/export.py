"""Writes the trained judge as ONNX, quantised so that no judgement depends on its batch.

    python models/recipes/judge/export.py build/judge/model [--scheme w7a8] [-o models/judge]

Reads the folder that `train.py` wrote. The graph is written node by node with the encoder recipe's own `Graph`. Of the
last layer only the first token is computed, which alone the head reads; its matrices, the token table and one layer
take 4 bits, so that the file stays under 95 MB, all others 7.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from encoder import MICROSOFT, OPSET, SCHEMES, Graph, Scheme, Weights, channel_peaks
from prepare import read

from grader.judge.cross_encoder import join

HEADS, WIDTH = 12, 768
LONGEST = 160  # tokens of a pair, as in training
EPSILON = 1e-5  # of its layer normalisation
BUCKETS, FARTHEST = 32, 128  # of the relative positions
FIRST_PLACE = 2  # position ids start after the padding id
VERSION = "2"
SHIPPED = "w7a8"
SMALL = SCHEMES["nbits4-block64-level4"]  # of what takes 4 bits beside a scheme of one scale a token
SMALL_LAYERS = (0,)
TABLE_BLOCK = 64  # entries of a row of the token table that share a scale
ANSWERS_SMOOTHED_ON = 300
CARDS = Path(__file__).resolve().parents[1] / "data/train.jsonl.gz"

Array = NDArray[np.generic]
Floats = NDArray[np.float32]


def relative_bias(table: Array) -> Array:
    """The attention bias of every pair of places, shape (1, heads, LONGEST, LONGEST), from the bucket table."""
    places = np.arange(LONGEST)
    distance = places[:, None] - places[None, :]  # query less key, as T5 counts
    half = BUCKETS // 2
    bucket = np.where(distance < 0, half, 0)
    distance = np.abs(distance)
    exact = half // 2
    log = np.log(np.maximum(distance, 1) / exact) / math.log(FARTHEST / exact) * (half - exact)
    bucket = bucket + np.where(distance < exact, distance, np.minimum(exact + log.astype(int), half - 1))
    return np.ascontiguousarray(table[bucket].transpose(2, 0, 1)[None])


def build(
    tensors: Weights, scheme: Scheme, peaks: Weights | None = None, small_layers: Sequence[int] = SMALL_LAYERS
) -> onnx.ModelProto:
    """The whole judge: token ids (batch, length), 1 where padded, to logits (batch, 3)."""
    graph = Graph(scheme, peaks)
    stem = "mpnet."
    graph.add("Equal", ["ids", graph.weight("pad", np.int64(1))], "ids.pad")
    graph.add("Not", ["ids.pad"], "ids.there")
    graph.add("Cast", ["ids.there"], "mask.int32", to=TensorProto.INT32)
    graph.add("Shape", ["ids"], "length", start=1, end=2)
    x = _embed(graph, tensors, stem + "embeddings.")
    bias = relative_bias(tensors[stem + "encoder.relative_attention_bias.weight"]).astype(np.float16)
    table = graph.weight("bias.table", bias)
    axes = graph.weight("axes23", np.array([2, 3]))
    graph.add("Concat", ["length", "length"], "square", axis=0)
    graph.add("Concat", [graph.weight("one", np.array([1])), "length"], "row", axis=0)
    zeros = graph.weight("zeros", np.zeros(2, np.int64))
    for name, ends in (("bias", "square"), ("bias.first", "row")):
        graph.add("Slice", [table, zeros, ends, axes], f"{name}.part")
        graph.add("Cast", [f"{name}.part"], name, to=TensorProto.FLOAT)
    layers = 0
    while f"{stem}encoder.layer.{layers}.attention.attn.q.weight" in tensors:
        layers += 1
    for layer in range(layers):
        small = scheme.per_token and layer in small_layers
        x = _layer(graph, tensors, x, f"{stem}encoder.layer.{layer}.", last=layer == layers - 1, small=small)
    graph.add("Flatten", [x], "start", axis=1)
    graph.add("MatMul", ["start", _half(graph, "head.dense", tensors["classifier.dense.weight"].T)], "head.product")
    graph.add("Add", ["head.product", graph.weight("head.bias", tensors["classifier.dense.bias"])], "head.sum")
    graph.add("Tanh", ["head.sum"], "head")
    graph.add("MatMul", ["head", graph.weight("out.dense", tensors["classifier.out_proj.weight"].T)], "out.product")
    graph.add("Add", ["out.product", graph.weight("out.bias", tensors["classifier.out_proj.bias"])], "logits")
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])
    body = helper.make_graph(graph.nodes, f"judge {scheme.name}", [ids], [logits], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="free-text-grader")
    helper.set_model_props(model, {"scheme": scheme.name, "version": VERSION})
    return model


def _half(graph: Graph, name: str, values: Floats) -> str:
    """A weight kept in 16 bits, but by the scheme fp32."""
    if graph.scheme.bits == 32:
        return graph.weight(f"{name}.float", values)
    return graph.add("Cast", [graph.weight(f"{name}.half", values.astype(np.float16))], name, to=TensorProto.FLOAT)


def _embed(graph: Graph, tensors: Weights, stem: str) -> str:
    table = tensors[stem + "word_embeddings.weight"]
    if graph.scheme.bits == 32:
        graph.add("Gather", [graph.weight("table", table), "ids"], "words")
    else:
        _embed_in_4_bits(graph, table)
    places = _half(graph, "places", tensors[stem + "position_embeddings.weight"][FIRST_PLACE : FIRST_PLACE + LONGEST])
    graph.add("Slice", [places, graph.weight("origin", np.array([0])), "length"], "places.part")
    graph.add("Add", ["words", "places.part"], "embedded")
    gain = graph.weight("embeddings.gain", tensors[stem + "LayerNorm.weight"])
    shift = graph.weight("embeddings.shift", tensors[stem + "LayerNorm.bias"])
    return graph.add("LayerNormalization", ["embedded", gain, shift], "layer0", axis=-1, epsilon=EPSILON)


def _embed_in_4_bits(graph: Graph, table: Floats) -> None:
    """Two entries a byte: of each row, entry k in the low half and entry k + width / 2 in the high half."""
    whole, scale = table_in_4_bits(table)
    half = WIDTH // 2
    graph.add("Gather", [graph.weight("table", whole[:, :half] | (whole[:, half:] << 4)), "ids"], "words.packed")
    graph.add("Cast", ["words.packed"], "words.both", to=TensorProto.FLOAT)
    graph.add("Mul", ["words.both", graph.weight("1/16", np.float32(1 / 16))], "words.shifted")
    graph.add("Floor", ["words.shifted"], "words.high")
    graph.add("Mul", ["words.high", graph.weight("16", np.float32(16))], "words.high16")
    graph.add("Sub", ["words.both", "words.high16"], "words.low")
    graph.add("Concat", ["words.low", "words.high"], "words.whole", axis=-1)
    graph.add("Sub", ["words.whole", graph.weight("8", np.float32(8))], "words.signed")
    blocks = graph.weight("table.blocks", np.array([0, 0, WIDTH // TABLE_BLOCK, TABLE_BLOCK]))
    graph.add("Reshape", ["words.signed", blocks], "words.blocks")
    graph.add("Gather", [graph.weight("table.scale", scale.astype(np.float16)), "ids"], "words.half")
    graph.add("Cast", ["words.half"], "words.scale", to=TensorProto.FLOAT)
    graph.add("Mul", ["words.blocks", "words.scale"], "words.product")
    graph.add("Reshape", ["words.product", graph.weight("table.rows", np.array([0, 0, WIDTH]))], "words")


def table_in_4_bits(table: Floats) -> tuple[Array, Floats]:
    """Whole numbers 0..15 of the table's shape, 8 more than their value, and scales (rows, blocks, 1).

    Of a few scales a block takes the one with the least squared error.
    """
    blocks = table.reshape(len(table), -1, TABLE_BLOCK)
    peak = np.maximum(np.abs(blocks).max(axis=2, keepdims=True), 1e-6)
    best, least = peak / 7, np.full_like(peak, np.inf)
    for shrink in np.linspace(0.6, 1.0, 17):
        scale = (peak / 7 * shrink).astype(np.float16).astype(np.float32)
        error = ((np.clip(np.rint(blocks / scale), -8, 7) * scale - blocks) ** 2).sum(axis=2, keepdims=True)
        best, least = np.where(error < least, scale, best), np.minimum(error, least)
    return (np.clip(np.rint(blocks / best), -8, 7) + 8).astype(np.uint8).reshape(table.shape), best


def _layer(graph: Graph, tensors: Weights, x: str, prefix: str, *, last: bool, small: bool) -> str:
    """One layer; of the last one the first token alone."""
    scheme = SMALL if small else graph.scheme
    single = SMALL if graph.scheme.per_token and last else scheme  # one token costs little by any scheme

    def named(part: str) -> Floats:
        return tensors[prefix + part]

    def skip(name: str, part: str, bias: str, new: str, old: str) -> str:
        inputs = [new, old, graph.weight(f"{name}.gain", named(f"{part}.weight"))]
        inputs += [graph.weight(f"{name}.shift", named(f"{part}.bias")), graph.weight(f"{name}.bias", named(bias))]
        return graph.add("SkipLayerNormalization", inputs, name, domain=MICROSOFT, epsilon=EPSILON)

    bias = graph.weight(f"{prefix}qkv.bias", np.concatenate([named(f"attention.attn.{part}.bias") for part in "qkv"]))
    if last:
        first = graph.add("Slice", [x, "origin", "one", graph.weight("axis1", np.array([1]))], "first")
        graph.multiply(f"{prefix}q", first, named("attention.attn.q.weight").T, single)
        _multiply_and_split(graph, tensors, x, prefix, "kv", scheme)
        inputs = [f"{prefix}{part}" for part in "qkv"] + [bias, "mask.int32", "bias.first"]
        x = first
    else:
        _multiply_and_split(graph, tensors, x, prefix, "qkv", scheme)
        inputs = [f"{prefix}{part}" for part in "qkv"] + [bias, "mask.int32", "bias"]
    graph.add("MultiHeadAttention", inputs, f"{prefix}attended", domain=MICROSOFT, num_heads=HEADS)
    mixed = graph.multiply(f"{prefix}mixed", f"{prefix}attended", named("attention.attn.o.weight").T, single)
    x = skip(f"{prefix}attention", "attention.LayerNorm", "attention.attn.o.bias", mixed, x)
    wide = graph.multiply(f"{prefix}wide", x, named("intermediate.dense.weight").T, single)
    shift = graph.weight(f"{prefix}wide.bias", named("intermediate.dense.bias"))
    graph.add("BiasGelu", [wide, shift], f"{prefix}gelu", domain=MICROSOFT)
    narrow = graph.multiply(f"{prefix}narrow", f"{prefix}gelu", named("output.dense.weight").T, single)
    return skip(f"{prefix}out", "output.LayerNorm", "output.dense.bias", narrow, x)


def _multiply_and_split(graph: Graph, tensors: Weights, x: str, prefix: str, parts: str, scheme: Scheme) -> None:
    packed = np.concatenate([tensors[f"{prefix}attention.attn.{part}.weight"].T for part in parts], axis=1)
    graph.multiply(f"{prefix}{parts}", x, packed, scheme)
    widths = graph.weight(f"{prefix}widths", np.array([WIDTH] * len(parts)))
    outputs = [f"{prefix}{part}" for part in parts]
    graph.nodes.append(helper.make_node("Split", [f"{prefix}{parts}", widths], outputs, axis=-1))


def smoothing_inputs(tokenizer: Path) -> list[list[int]]:
    """Token ids of pairs of the project's own cards, spread over the file."""
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(tokenizer))
    pairs = [(answer[0], card["items"][0]) for card in read(CARDS) for answer in card["answers"] if answer[0].strip()]
    chosen = pairs[:: max(1, len(pairs) // ANSWERS_SMOOTHED_ON)]
    return [join(*(words.encode(text, add_special_tokens=False).ids for text in pair)) for pair in chosen]


def main() -> None:
    from safetensors.numpy import load_file

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--scheme", default=SHIPPED, choices=sorted(SCHEMES))
    parser.add_argument("--small-layers", type=int, nargs="*", default=SMALL_LAYERS, help="layers that take 4 bits")
    parser.add_argument("-o", "--out", type=Path, default=Path("models/judge"))
    options = parser.parse_args()
    tensors = {
        name: values.astype(np.float32) for name, values in load_file(options.model / "model.safetensors").items()
    }
    scheme = SCHEMES[options.scheme]
    peaks = None
    if scheme.smoothed:
        peaks = channel_peaks(build(tensors, SCHEMES["fp32"]), smoothing_inputs(options.model / "tokenizer.json"))
    options.out.mkdir(parents=True, exist_ok=True)
    made = options.out / "model.onnx"
    model = build(tensors, scheme, peaks, options.small_layers)
    made.write_bytes(model.SerializeToString(deterministic=True))
    shutil.copyfile(options.model / "tokenizer.json", options.out / "tokenizer.json")
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB, {options.scheme}")


if __name__ == "__main__":
    main()
