"""Writes the graph that runs: the same weights and sums, in operators that give the same bits on every processor.

    python models/recipes/exact.py models/encoder models/judge

Reads `model.onnx` of each folder, as the recipes export it, and writes `exact.onnx` beside it, which takes its weights
from that file.

The matrices are multiplied in whole numbers already. What is left are floats, whose last bits depend on the width of a
processor's vectors; where an activation is rounded to 8 bits such a bit now and then moves it by a whole step, and
twelve layers make a per cent of it. So everything that adds up floats or takes an exponential is done in 64 bits and
brought back to 32: two processors then agree but for one rounding in a hundred million. GELU reads a table, and what
`model.onnx` multiplies in blocks of 4 bits is brought to whole numbers of one scale an output when the file is loaded.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

OPSET = 21  # the first whose DequantizeLinear reads blocks of 4 bits
STEPS = 1024  # of the table of the normal distribution, a unit
REACH = 8  # and how far from zero it goes: beyond it the distribution is 0 or 1 in 32 bits
INLINE = 4096  # bytes from which a weight is read from model.onnx instead of being written again
PEAK = 63  # of a whole-number weight: 7 bits, as in `Graph.multiply_per_token`
MASKED = -1e9  # added to the scores of padding

Array = NDArray[np.generic]


class Exact:
    """An exported graph rewritten node by node.

    Args:
        source: the graph as exported.
        content: its file, in which the weights are found again.
        file: the name of that file.
    """

    def __init__(self, source: onnx.ModelProto, content: bytes, file: str) -> None:
        self._source = source
        self._weights = {weight.name: weight for weight in source.graph.initializer}
        self._content = content
        self._file = file
        self._nodes: list[NodeProto] = []
        self._made: dict[str, TensorProto] = {}

    def rewritten(self) -> onnx.ModelProto:
        """The model, its large weights in the other file."""
        rules: dict[str, Callable[[NodeProto], None]] = {
            "LayerNormalization": self._normalise,
            "SkipLayerNormalization": self._add_and_normalise,
            "MultiHeadAttention": self._attend,
            "BiasGelu": self._gelu,
            "MatMulNBits": self._multiply_blocks,
            "MatMul": self._in_64_bits,
            "Tanh": self._in_64_bits,
            "LpNormalization": self._in_64_bits,
        }
        for node in self._source.graph.node:
            rules.get(node.op_type, self._keep)(node)
        used = {name for node in self._nodes for name in node.input}
        kept = [self._stored(weight) for name, weight in self._weights.items() if name in used]
        graph = self._source.graph
        body = helper.make_graph(self._nodes, graph.name, graph.input, graph.output, [*kept, *self._made.values()])
        model = helper.make_model(
            body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10, producer_name="free-text-grader"
        )
        helper.set_model_props(model, {one.key: one.value for one in self._source.metadata_props})
        return model

    def _keep(self, node: NodeProto) -> None:
        if node.op_type == "ReduceMax":  # its axes have become an input
            self._reduce_max(node.input[0], node.output[0])
        else:
            self._nodes.append(node)

    def _reduce_max(self, x: str, output: str) -> str:
        return self._add("ReduceMax", [x, self._constant("axis.last", np.array([-1]))], output, keepdims=1)

    def _normalise(self, node: NodeProto) -> None:
        x, gain, shift = node.input[:3]
        epsilon = next(one.f for one in node.attribute if one.name == "epsilon")
        inputs = [self._wide(x), self._wide(gain), self._wide(shift)]
        wide = self._add("LayerNormalization", inputs, f"{node.output[0]}.wide", axis=-1, epsilon=epsilon)
        self._narrow(wide, node.output[0])

    def _add_and_normalise(self, node: NodeProto) -> None:
        new, old, gain, shift, bias = node.input[:5]
        name = node.output[0]
        self._add("Add", [new, bias], f"{name}.biased")
        self._add("Add", [f"{name}.biased", old], f"{name}.total")
        node = helper.make_node("", [f"{name}.total", gain, shift], [name], epsilon=node.attribute[0].f)
        self._normalise(node)

    def _attend(self, node: NodeProto) -> None:
        """Attention(Q, K, V) in 64 bits; inputs q, k, v, their biases behind each other, mask, relative bias."""
        queries, keys, values, biases, mask = node.input[:5]
        name = node.output[0]
        heads = next(one.i for one in node.attribute if one.name == "num_heads")
        parts = np.split(numpy_helper.to_array(self._weights[biases]), 3)
        size = len(parts[0]) // heads
        shape = self._constant(f"heads{heads}", np.array([0, 0, heads, size]))
        made = []
        for x, bias, order in zip(
            (queries, keys, values), parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True
        ):
            biased = self._add("Add", [x, self._constant(f"{x}.bias", bias)], f"{x}.biased")
            by_head = self._add("Reshape", [biased, shape], f"{x}.heads")
            made.append(self._wide(self._add("Transpose", [by_head], f"{x}.turned", perm=order)))
        scale = self._constant(f"scale{size}", np.float64(1 / math.sqrt(size)))
        self._add("Mul", [made[0], scale], f"{name}.scaled")
        scores = self._add("MatMul", [f"{name}.scaled", made[1]], f"{name}.scores")
        bias = self._padding(mask, node.input[5] if len(node.input) > 5 else "")
        shares = self._add("Softmax", [self._add("Add", [scores, bias], f"{name}.placed")], f"{name}.shares", axis=-1)
        mixed = self._add("MatMul", [shares, made[2]], f"{name}.mixed")
        turned = self._add("Transpose", [mixed], f"{name}.tokens", perm=[0, 2, 1, 3])
        flat = self._constant(f"flat{heads * size}", np.array([0, 0, heads * size]))
        self._narrow(self._add("Reshape", [turned, flat], f"{name}.wide"), name)

    def _padding(self, mask: str, places: str) -> str:
        """What is added to the scores: that of the places, if any, and `MASKED` where no token is."""
        name = f"{mask}.{places}.added"
        if not any(name in node.output for node in self._nodes):
            there = self._wide(mask)
            absent = self._add("Sub", [there, self._constant("one.64", np.float64(1))], f"{name}.absent")
            self._add("Mul", [absent, self._constant("masked", np.float64(-MASKED))], f"{name}.flat")
            whole = f"{name}.padding" if places else name
            self._add("Unsqueeze", [f"{name}.flat", self._constant("axes12", np.array([1, 2]))], whole)
            if places:
                self._add("Add", [self._wide(places), whole], name)
        return name

    def _gelu(self, node: NodeProto) -> None:
        """X times the normal distribution at x, which is read from a table."""
        name = node.output[0]
        x = self._add("Add", [node.input[0], node.input[1]], f"{name}.x")
        steps = self._add("Mul", [x, self._constant("steps", np.float32(STEPS))], f"{name}.steps")
        ends = [self._constant(f"reach{sign}", np.float32(sign * REACH * STEPS)) for sign in (-1, 1)]
        self._add("Clip", [steps, *ends], f"{name}.inside")
        middle = self._constant("middle", np.float32(REACH * STEPS + 0.5))
        self._add("Add", [f"{name}.inside", middle], f"{name}.place")
        self._add("Cast", [f"{name}.place"], f"{name}.row", to=TensorProto.INT32)
        places = np.arange(-REACH * STEPS, REACH * STEPS + 1) / STEPS
        normal = np.array([0.5 * math.erfc(-place / math.sqrt(2)) for place in places], np.float32)
        flat = self._add("Reshape", [f"{name}.row", self._constant("all", np.array([-1]))], f"{name}.rows")
        self._add("GatherElements", [self._constant("normal", normal), flat], f"{name}.shares")
        self._add("Reshape", [f"{name}.shares", self._add("Shape", [x], f"{name}.shape")], f"{name}.share")
        self._add("Mul", [x, f"{name}.share"], name)

    def _multiply_blocks(self, node: NodeProto) -> None:
        """A product with 4-bit blocks, as one of whole numbers; what hangs on weights alone is computed at loading."""
        x, packed, scales = node.input[:3]
        name = node.output[0]
        inputs, outputs, block = (
            next(one.i for one in node.attribute if one.name == key) for key in ("K", "N", "block_size")
        )
        stored = self._weights.pop(packed)
        self._made[packed] = self._reference(packed, TensorProto.UINT4, [outputs, inputs], stored.raw_data)
        by_block = numpy_helper.to_array(self._weights.pop(scales)).reshape(outputs, -1)
        eights = helper.make_tensor(
            f"{name}.eights", TensorProto.UINT4, by_block.shape, b"\x88" * (by_block.size // 2), raw=True
        )
        self._made[eights.name] = eights
        grid = [packed, self._constant(scales, by_block), eights.name]
        self._add("DequantizeLinear", grid, f"{name}.floats", axis=1, block_size=block)
        self._add("Abs", [f"{name}.floats"], f"{name}.sizes")
        self._reduce_max(f"{name}.sizes", f"{name}.largest")
        share = self._constant("1/peak", np.float32(1 / PEAK))
        self._add("Mul", [f"{name}.largest", share], f"{name}.column")
        self._add("Div", [f"{name}.floats", f"{name}.column"], f"{name}.ratio")
        self._add("Round", [f"{name}.ratio"], f"{name}.nearest")
        self._add("Cast", [f"{name}.nearest"], f"{name}.rows", to=TensorProto.INT8)
        self._add("Transpose", [f"{name}.rows"], f"{name}.matrix", perm=[1, 0])
        self._add("Reshape", [f"{name}.column", self._constant("all", np.array([-1]))], f"{name}.columns")
        self._multiply_per_token(name, x, f"{name}.matrix", f"{name}.columns")

    def _multiply_per_token(self, name: str, x: str, matrix: str, scale: str) -> None:
        """As `Graph.multiply_per_token` of the encoder's recipe, with the weights that are there."""
        self._add("Abs", [x], f"{name}.abs")
        self._reduce_max(f"{name}.abs", f"{name}.peak")
        self._add("Mul", [f"{name}.peak", self._constant("1/127.", np.float32(1 / 127))], f"{name}.token_scale")
        self._add("Div", [x, f"{name}.token_scale"], f"{name}.scaled")
        self._add("Round", [f"{name}.scaled"], f"{name}.whole")
        self._add("Add", [f"{name}.whole", self._constant("128.", np.float32(128))], f"{name}.shifted")
        self._add("Cast", [f"{name}.shifted"], f"{name}.uint8", to=TensorProto.UINT8)
        zero = self._constant("zero.", np.uint8(128))
        self._add("MatMulInteger", [f"{name}.uint8", matrix, zero], f"{name}.int32")
        self._add("Cast", [f"{name}.int32"], f"{name}.sum", to=TensorProto.FLOAT)
        self._add("Mul", [f"{name}.sum", f"{name}.token_scale"], f"{name}.row")
        self._add("Mul", [f"{name}.row", scale], name)

    def _in_64_bits(self, node: NodeProto) -> None:
        wide = NodeProto()
        wide.CopyFrom(node)
        inputs = [self._wide(name) for name in node.input]
        del wide.input[:], wide.output[:]
        wide.input.extend(inputs)
        wide.name = f"{node.output[0]}.wide"
        wide.output.append(wide.name)
        self._nodes.append(wide)
        self._narrow(f"{node.output[0]}.wide", node.output[0])

    def _wide(self, name: str) -> str:
        wide = f"{name}.64"
        if not any(wide in node.output for node in self._nodes):
            self._add("Cast", [name], wide, to=TensorProto.DOUBLE)
        return wide

    def _narrow(self, wide: str, name: str) -> None:
        self._add("Cast", [wide], name, to=TensorProto.FLOAT)

    def _add(self, operator: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        self._nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def _constant(self, name: str, value: Array) -> str:
        self._made.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _stored(self, weight: TensorProto) -> TensorProto:
        """The weight itself, or where it lies in the other file."""
        if len(weight.raw_data) < INLINE:
            return weight
        return self._reference(weight.name, weight.data_type, weight.dims, weight.raw_data)

    def _reference(self, name: str, kind: int, dims: Sequence[int], raw: bytes) -> TensorProto:
        offset = self._content.find(raw)
        size = 1 if kind == TensorProto.UINT4 else helper.tensor_dtype_to_np_dtype(kind).itemsize
        made = TensorProto(name=name, data_type=kind, dims=dims)
        if offset % size:  # a number across its own border: written again instead
            made.raw_data = raw
            return made
        made.data_location = TensorProto.EXTERNAL
        for key, value in (("location", self._file), ("offset", offset), ("length", len(raw))):
            made.external_data.add(key=key, value=str(value))
        return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    for folder in parser.parse_args().folders:
        content = (folder / "model.onnx").read_bytes()
        model = Exact(onnx.load_from_string(content), content, "model.onnx").rewritten()
        made = folder / "exact.onnx"
        made.write_bytes(model.SerializeToString(deterministic=True))
        print(f"{made}: {made.stat().st_size / 1e6:.1f} MB; now run models/recipes/manifest.py")


if __name__ == "__main__":
    main()
