"""Counts that fvcore lacks or mistakes: attention, recurrent layers, products of any shape, from torch's trace.

A handle takes the traced inputs and outputs of one call and gives what it costs; fvcore takes it by operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

Handle = Callable[[Sequence[Any], Sequence[Any]], int]


def attention(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """Scaled-dot-product attention: query by key, then the weights by value; [..., L, E], [..., S, E], [..., S, V].

    Mult-Adds of both matrix products; the softmax and the scaling are not.
    """
    query, key, value = (shape_of(tensor) for tensor in inputs[:3])
    return prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


def multi_head_attention(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """torch's fused multi-head attention on [N, L, E] in evaluation: projections in, attention, projection out."""
    query, key, value = (shape_of(tensor) for tensor in inputs[:3])
    batch, length, width = query
    into = batch * width * width * (length + key[1] + value[1])
    return into + 2 * batch * length * key[1] * width + batch * length * width * width


def recurrent(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """An RNN, GRU or LSTM on an unpacked sequence: every weight matrix once a step and sample.

    The layers, directions and projections are all among the weights; biases and gates are not Mult-Adds.
    """
    steps = prod(shape_of(inputs[0])[:-1])
    weights = next(shapes for shapes in map(shapes_of, inputs) if any(len(shape) == 2 for shape in shapes))
    return steps * sum(prod(shape) for shape in weights if len(shape) == 2)


def matmul(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """``matmul`` of vectors, matrices and batches of them, which torch repeats where one has fewer."""
    return prod(shape_of(outputs[0])) * shape_of(inputs[0])[-1]


def added_product(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """``addmv``, ``baddbmm``, ``addbmm``: the second by the third."""
    left, right = shape_of(inputs[1]), shape_of(inputs[2])
    return prod(left) * (right[-1] if len(right) > 1 else 1)


def bilinear(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """Two inputs and a weight [out, one, two]: the first by the weight, then what comes by the second."""
    out, one, two = shape_of(inputs[2])
    return prod(shape_of(inputs[0])[:-1]) * out * (one * two + two)


def einsum(inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
    """``einsum`` of two tensors: every index once, less those that one tensor sums alone; 0 where none is summed.

    ``ValueError`` for another number of tensors: what they cost depends on their order.
    """
    equation = inputs[0].toIValue().replace(" ", "")
    shapes = [shape_of(tensor) for tensor in inputs[1].node().inputs()]
    terms, _, result = equation.partition("->")
    names = terms.split(",")
    if len(shapes) == 1:
        return 0
    if len(shapes) != 2 or "." in equation or "->" not in equation:
        raise ValueError(f"einsum is counted of two tensors with every index named, got {equation}")
    sizes = {
        index: size for name, shape in zip(names, shapes, strict=True) for index, size in zip(name, shape, strict=True)
    }
    summed = set(names[0]) & set(names[1]) - set(result)
    return prod(sizes[index] for index in summed | set(result)) if summed else 0


HANDLES: dict[str, Handle] = {
    "aten::scaled_dot_product_attention": attention,
    "aten::_native_multi_head_attention": multi_head_attention,
    "aten::rnn_tanh": recurrent,
    "aten::rnn_relu": recurrent,
    "aten::gru": recurrent,
    "aten::lstm": recurrent,
    **dict.fromkeys(("aten::matmul", "aten::mv", "aten::dot", "aten::vdot"), matmul),
    **dict.fromkeys(("aten::baddbmm", "aten::addbmm", "aten::addmv"), added_product),
    "aten::bilinear": bilinear,
    "aten::einsum": einsum,
}
"""By torch's operator; all of them count matrix products."""

OPERATORS = tuple(name.removeprefix("aten::") for name in HANDLES)
"""As fvcore's count by operator names them."""


def shape_of(value: Any) -> list[int]:
    """A traced tensor's shape; ``ValueError`` where the trace does not know it."""
    sizes = value.type().sizes() if value.isCompleteTensor() else None
    if sizes is None:
        raise ValueError(f"the shape of a traced value must be known, got {value.type()}")
    return list(sizes)


def shapes_of(value: Any) -> list[list[int]]:
    """The shapes of a traced list of tensors; none of anything else."""
    if value.node().kind() != "prim::ListConstruct":
        return []
    return [shape_of(tensor) for tensor in value.node().inputs() if tensor.isCompleteTensor()]
