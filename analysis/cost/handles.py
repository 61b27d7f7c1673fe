"""Counts that fvcore lacks: attention and recurrent layers, in Mult-Adds, from the shapes in torch's trace.

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


HANDLES: dict[str, Handle] = {
    "aten::scaled_dot_product_attention": attention,
    "aten::_native_multi_head_attention": multi_head_attention,
    "aten::rnn_tanh": recurrent,
    "aten::rnn_relu": recurrent,
    "aten::gru": recurrent,
    "aten::lstm": recurrent,
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
