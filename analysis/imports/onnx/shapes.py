"""Shapes of what operators put out that onnx has no inference for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper

from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.inference import Found, inferred, schema_of
from analysis.imports.onnx.tensors import Tensor

Shapes = Sequence[Shape]
Attributes = Mapping[str, Any]


def outputs_of(
    node: NodeProto, operator: str, given: Sequence[Tensor | None], attributes: Attributes, opsets: Mapping[str, int]
) -> list[Found]:
    """Types of the outputs of a node that onnx does not know, which counts as a standard ``operator`` on ``given``.

    ``given`` are in the standard operator's order. The first output alone gets a shape.
    """
    if operator in LIKE_THE_FIRST:
        return [(TensorProto.FLOAT, None if given[0] is None else given[0].shape) for _ in node.output]
    if operator in OWN:
        try:
            return _first(node, OWN[operator](_shapes(given), attributes))
        except (LookupError, TypeError, ValueError, ArithmeticError):
            return _first(node, None)
    names = [f"{at}" if tensor is not None else "" for at, tensor in enumerate(given)]
    while names and not names[-1]:
        names.pop()
    alike = helper.make_node(operator, names, ["y"])
    alike.attribute.extend(node.attribute)
    if schema_of(alike, opsets) is None:
        return _first(node, None)
    tensors = {name: Tensor(tensor.shape) for name, tensor in zip(names, given, strict=False) if tensor is not None}
    return _first(node, inferred(alike, tensors, opsets)[0][1])


def _first(node: NodeProto, shape: Shape | None) -> list[Found]:
    element = TensorProto.UINT8 if node.op_type.startswith(("QLinear", "QGemm")) else TensorProto.FLOAT
    return [(element, shape if at == 0 else None) for at, _ in enumerate(node.output)]


def _shapes(given: Sequence[Tensor | None]) -> Shapes:
    shapes = [() if tensor is None else tensor.shape for tensor in given]
    if any(shape is None for shape in shapes):
        raise LookupError("the shape of an input is not known")
    return [shape for shape in shapes if shape is not None]


def _product(shapes: Shapes, attributes: Attributes) -> Shape:
    one, other = shapes[0], shapes[1]
    one = (*one[:-2], one[-1], one[-2]) if attributes.get("transA") else one
    other = (*other[:-2], other[-1], other[-2]) if attributes.get("transB") else other
    if one[-1] != other[-2]:
        raise LookupError("the sides do not fit")
    return (*np.broadcast_shapes(one[:-2], other[:-2]), one[-2], other[-1])


def _channels_last(shapes: Shapes, attributes: Attributes) -> Shape:
    source, weight = shapes[0], shapes[1]
    kernel, sides = weight[1:-1], source[1:-1]
    strides, dilations = (attributes.get(name, (1,) * len(sides)) for name in ("strides", "dilations"))
    pads = attributes.get("pads", (0,) * 2 * len(sides))
    ends = zip(pads[: len(sides)], pads[len(sides) :], strict=True)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    spatial = [
        (side + sum(pad) - need) // s + 1 for side, pad, need, s in zip(sides, ends, reach, strides, strict=True)
    ]
    return (source[0], *spatial, weight[0])


def _packed_attention(shapes: Shapes, attributes: Attributes) -> Shape:
    widths = attributes.get("qkv_hidden_sizes") or (shapes[1][1] // 3,) * 3
    return (*shapes[0][:2], widths[2])


OWN: dict[str, Callable[[Shapes, Attributes], Shape]] = {
    "FusedMatMul": _product,
    "NhwcConv": _channels_last,
    "MatMulNBits": lambda shapes, attributes: (*shapes[0][:-1], int(attributes["N"])),
    "MultiHeadAttention": lambda shapes, _: (*shapes[0][:2], shapes[2][2]),
    "PackedAttention": _packed_attention,
    "GroupQueryAttention": lambda shapes, _: shapes[0],
}

LIKE_THE_FIRST = {
    *("SkipLayerNormalization", "SimplifiedLayerNormalization", "BiasGelu", "QuantizeLinear", "DequantizeLinear"),
}
"""Every output has the shape of the first input."""
