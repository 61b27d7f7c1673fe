"""Constants: what a file holds or computes from nothing but itself, and which weights that is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto, helper

from analysis.cost.counted import Weight
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.inference import Found, folded
from analysis.imports.onnx.tensors import Tensor, initialiser, is_one_number, sparse_initialiser

GENERATORS = {"ConstantOfShape", "EyeLike", "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike"}
"""What makes a tensor of a shape alone; where a layer reads it as its weights, it stands for them."""

SELECTING = {
    *("Cast", "CastLike", "DequantizeLinear", "Expand", "Flatten", "Gather", "Identity", "Pad", "QuantizeLinear"),
    *("Reshape", "Slice", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze", "Clip"),
}
"""Of these the first input alone makes a weight; the others are scales, axes and sizes."""


def known_outputs(
    node: NodeProto,
    tensors: Mapping[str, Tensor],
    found: Sequence[Found],
    *,
    opsets: Mapping[str, int],
    path: str,
    held: Mapping[str, TensorProto],
) -> list[Tensor] | None:
    """The outputs of a node that does not depend on the network's input, or on its shape alone; else ``None``.

    ``held`` are the graph's initialisers; ``path`` stands before the names of the weights that begin here.
    """
    first = tensors[node.input[0]] if node.input and node.input[0] else None
    if node.op_type in ("Shape", "Size") and first is not None and first.shape is not None:
        data = _shape_data(node, first.shape)
        return [Tensor(np.shape(data), TensorProto.INT64, data=data)]
    by_type = node.op_type == "CastLike" and first is not None  # of the other input it reads the type alone
    if any(tensor.value is not None for tensor in ([first] if by_type and first else tensors.values())):
        return None
    numbers = folded(node, tensors, opsets, found)
    shapes = [shape if data is None else np.shape(data) for (_, shape), data in zip(found, numbers, strict=True)]
    parts = [
        _parts(node, f"{path}{name}", first, tensors, shape, held)
        for name, shape in zip(node.output, shapes, strict=True)
    ]
    elements = [element for element, _ in found]
    learned = any(tensor.learned for tensor in tensors.values() if tensor.parts)
    return [
        Tensor(shape, element, data=data, parts=part, learned=learned)
        for shape, element, data, part in zip(shapes, elements, numbers, parts, strict=True)
    ]


def constant_node(node: NodeProto, name: str) -> Tensor:
    """What a Constant puts out."""
    given = next(iter(node.attribute), AttributeProto())
    if given.type == AttributeProto.TENSOR:
        return initialiser(given.t, name)
    if given.type == AttributeProto.SPARSE_TENSOR:
        return sparse_initialiser(given.sparse_tensor, name)
    numbers = np.asarray(helper.get_attribute_value(given)) if given.type else np.zeros(0)
    element = TensorProto.INT64 if numbers.dtype.kind == "i" else TensorProto.FLOAT
    if numbers.dtype.kind not in "if":
        return Tensor(numbers.shape, TensorProto.STRING)
    numbers = numbers.astype(np.int64 if element == TensorProto.INT64 else np.float32)
    return Tensor(numbers.shape, element, data=numbers, parts=(Weight(name, numbers.size),))


def _shape_data(node: NodeProto, shape: Shape) -> Any:
    if node.op_type == "Size":
        return np.array(int(np.prod(shape, dtype=object)), dtype=np.int64)
    ends = {given.name: given.i for given in node.attribute}
    return np.array(shape[ends.get("start", 0) : ends.get("end", len(shape))], dtype=np.int64)


def _parts(
    node: NodeProto,
    name: str,
    first: Tensor | None,
    tensors: Mapping[str, Tensor],
    shape: Shape | None,
    held: Mapping[str, TensorProto],
) -> tuple[Weight, ...]:
    """The weights that a constant output is made of."""
    if node.op_type in GENERATORS or first is None:
        return () if shape is None else (Weight(name, prod(shape)),)
    if node.op_type in ("Expand", "Tile") and first.elements == 1:
        return ()
    if node.op_type == "Identity" and (proto := held.get(node.input[0])) is not None and is_one_number(proto):
        # torch's exporter keeps one of all tensors that are equal, such as the zeros of an untrained network
        return tuple(replace(part, name=name) for part in first.parts)
    if node.op_type in SELECTING:
        return first.parts
    several = [part for tensor in tensors.values() if tensor.elements > 1 for part in tensor.parts]
    return tuple(dict.fromkeys(several))
