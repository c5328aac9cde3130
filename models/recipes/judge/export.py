"""Writes the trained judge as ONNX, quantised so that no judgement depends on its batch.

    python models/recipes/judge/export.py build/judge/model [--scheme nbits4-block32-level4] [-o models/judge]

Reads the folder that `train.py` wrote. The graph is written node by node with the encoder recipe's own `Graph`.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from encoder import MICROSOFT, OPSET, SCHEMES, Graph, Scheme

HEADS, WIDTH = 12, 768
LONGEST = 160  # tokens of a pair, as in training
EPSILON = 1e-5  # of its layer normalisation
BUCKETS, FARTHEST = 32, 128  # of the relative positions
FIRST_PLACE = 2  # position ids start after the padding id
VERSION = "1"

Array = NDArray[np.generic]


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


def build(tensors: dict[str, Array], scheme: Scheme) -> onnx.ModelProto:
    """The whole judge: token ids (batch, length), 1 where padded, to logits (batch, 3)."""
    graph = Graph(scheme)
    stem = "mpnet."
    graph.add("Equal", ["ids", graph.weight("pad", np.int64(1))], "ids.pad")
    graph.add("Not", ["ids.pad"], "ids.there")
    graph.add("Cast", ["ids.there"], "mask.int32", to=TensorProto.INT32)
    graph.add("Shape", ["ids"], "length", start=1, end=2)
    x = _embed(graph, tensors, stem + "embeddings.")
    bias = relative_bias(tensors[stem + "encoder.relative_attention_bias.weight"]).astype(np.float16)
    graph.add("Concat", ["length", "length"], "square", axis=0)
    starts, axes = graph.weight("zeros", np.zeros(2, np.int64)), graph.weight("axes23", np.array([2, 3]))
    graph.add("Slice", [graph.weight("bias.table", bias), starts, "square", axes], "bias.part")
    graph.add("Cast", ["bias.part"], "bias", to=TensorProto.FLOAT)
    layer = 0
    while f"{stem}encoder.layer.{layer}.attention.attn.q.weight" in tensors:
        x = _layer(graph, tensors, x, f"{stem}encoder.layer.{layer}.")
        layer += 1
    graph.add("Gather", [x, graph.weight("first", np.array([0]))], "first.token", axis=1)
    graph.add("Flatten", ["first.token"], "start", axis=1)
    graph.add("MatMul", ["start", graph.weight("head.dense", tensors["classifier.dense.weight"].T)], "head.product")
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


def _embed(graph: Graph, tensors: dict[str, Array], stem: str) -> str:
    table = tensors[stem + "word_embeddings.weight"]
    if graph.scheme.bits == 32:
        graph.add("Gather", [graph.weight("table", table), "ids"], "words")
    else:
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        graph.add("Gather", [graph.weight("table", np.rint(table / scale).astype(np.int8)), "ids"], "words.int8")
        graph.add("Gather", [graph.weight("table.scale", scale.astype(np.float32)), "ids"], "words.scale")
        graph.add("Cast", ["words.int8"], "words.whole", to=TensorProto.FLOAT)
        graph.add("Mul", ["words.whole", "words.scale"], "words")
    places = tensors[stem + "position_embeddings.weight"][FIRST_PLACE : FIRST_PLACE + LONGEST]
    graph.add("Slice", [graph.weight("places", places), graph.weight("zero", np.array([0])), "length"], "places.part")
    graph.add("Add", ["words", "places.part"], "embedded")
    gain = graph.weight("embeddings.gain", tensors[stem + "LayerNorm.weight"])
    shift = graph.weight("embeddings.shift", tensors[stem + "LayerNorm.bias"])
    return graph.add("LayerNormalization", ["embedded", gain, shift], "layer0", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, tensors: dict[str, Array], x: str, prefix: str) -> str:
    def named(part: str) -> Array:
        return tensors[prefix + part]

    def skip(name: str, part: str, bias: str, new: str, old: str) -> str:
        inputs = [new, old, graph.weight(f"{name}.gain", named(f"{part}.weight"))]
        inputs += [graph.weight(f"{name}.shift", named(f"{part}.bias")), graph.weight(f"{name}.bias", named(bias))]
        return graph.add("SkipLayerNormalization", inputs, name, domain=MICROSOFT, epsilon=EPSILON)

    packed = np.concatenate([named(f"attention.attn.{part}.weight").T for part in "qkv"], axis=1)
    bias = np.concatenate([named(f"attention.attn.{part}.bias") for part in "qkv"])
    graph.multiply(f"{prefix}qkv", x, packed)
    thirds = graph.weight(f"{prefix}thirds", np.array([WIDTH] * 3))
    graph.nodes.append(
        helper.make_node("Split", [f"{prefix}qkv", thirds], [f"{prefix}{part}" for part in "qkv"], axis=-1)
    )
    inputs = [f"{prefix}{part}" for part in "qkv"] + [graph.weight(f"{prefix}qkv.bias", bias), "mask.int32", "bias"]
    graph.add("MultiHeadAttention", inputs, f"{prefix}attended", domain=MICROSOFT, num_heads=HEADS)
    mixed = graph.multiply(f"{prefix}mixed", f"{prefix}attended", named("attention.attn.o.weight").T)
    x = skip(f"{prefix}attention", "attention.LayerNorm", "attention.attn.o.bias", mixed, x)
    wide = graph.multiply(f"{prefix}wide", x, named("intermediate.dense.weight").T)
    shift = graph.weight(f"{prefix}wide.bias", named("intermediate.dense.bias"))
    graph.add("BiasGelu", [wide, shift], f"{prefix}gelu", domain=MICROSOFT)
    narrow = graph.multiply(f"{prefix}narrow", f"{prefix}gelu", named("output.dense.weight").T)
    return skip(f"{prefix}out", "output.LayerNorm", "output.dense.bias", narrow, x)


def main() -> None:
    from safetensors.numpy import load_file

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--scheme", default="nbits4-block32-level4", choices=sorted(SCHEMES))
    parser.add_argument("-o", "--out", type=Path, default=Path("models/judge"))
    options = parser.parse_args()
    tensors = {
        name: values.astype(np.float32) for name, values in load_file(options.model / "model.safetensors").items()
    }
    options.out.mkdir(parents=True, exist_ok=True)
    made = options.out / "model.onnx"
    made.write_bytes(build(tensors, SCHEMES[options.scheme]).SerializeToString())
    shutil.copyfile(options.model / "tokenizer.json", options.out / "tokenizer.json")
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB, {options.scheme}")


if __name__ == "__main__":
    main()
