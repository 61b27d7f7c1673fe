"""Calls of torch that cost Mult-Adds: convolutions, matrix products, attention and recurrent layers."""

from __future__ import annotations

from math import prod

from torch import Tensor

from analysis.cost.counted.operations import Operation, Value, convolution_cost, convolution_kind, product_cost
from analysis.cost.counted.torch_calls import Call


def convolution(call: Call) -> Operation:
    """``aten.convolution``: input, weight, bias, stride, padding, dilation, transposed, output padding, groups."""
    weight, stride, transposed, groups = call.shape(1), call.arguments[3], call.arguments[6], call.arguments[8]
    source, target = call.shape(0), tuple(call.made[0].shape)
    spatial = source[2:] if transposed else target[2:]
    mult_adds, formula = convolution_cost(weight, spatial, groups=groups, batch=target[0])
    return Operation(
        name=call.here((*call.weight(1), *call.weight(2))),
        label="transposed convolution" if transposed else "convolution",
        role="weighted",
        inputs=call.read(0),
        outputs=call.outputs,
        kind=convolution_kind(weight, groups),
        kernel=weight[2:],
        stride=tuple(stride) if len(stride) == len(weight[2:]) else tuple(stride) * len(weight[2:]),
        groups=groups,
        mult_adds=mult_adds,
        formula=formula,
        weights=call.weight(1),
        biases=call.weight(2),
    )


def matrix_product(call: Call, *, bias: int | None, left: int) -> Operation:
    """[…, rows, inner] × […, inner, columns]; a fully connected layer where one of the two is a parameter."""
    weights = (*call.weight(left), *call.weight(left + 1))
    biases = () if bias is None else call.weight(bias)
    one, other = call.shape(left), call.shape(left + 1)
    columns = other[-1] if len(other) > 1 else 1
    mult_adds, formula = product_cost(prod(one[:-1]), one[-1], columns)
    return Operation(
        name=call.here((*weights, *biases) if weights else ()),
        label="fully connected" if weights else "matrix product",
        role="weighted" if weights else "product",
        inputs=call.read(left, left + 1),
        outputs=call.outputs,
        kind="fc" if weights else "matmul",
        mult_adds=mult_adds,
        formula=formula,
        weights=weights,
        biases=biases,
    )


def bilinear(call: Call) -> Operation:
    """``aten._trilinear`` of two inputs and a weight [out, one, two]: one by the weight, then what comes by two."""
    rows, (out, one, two) = call.shape(0)[0], call.shape(1)
    formula = (f"{rows}·" if rows > 1 else "") + f"{out}·({one}·{two} + {two})"
    return Operation(
        name=call.here(call.weight(1)),
        label="bilinear",
        role="weighted",
        inputs=call.inputs,
        outputs=call.outputs,
        kind="fc",
        mult_adds=rows * out * (one * two + two),
        formula=formula,
        weights=call.weight(1),
    )


def attention(call: Call) -> Operation:
    """Scaled-dot-product attention: query by key, then the weights by value; [..., L, E], [..., S, E], [..., S, V]."""
    query, key, value = (call.shape(position) for position in range(3))
    mult_adds, formula = product_cost(prod(query[:-1]), key[-2], query[-1] + value[-1])
    return Operation(
        name=call.here(),
        label="attention",
        role="product",
        inputs=call.inputs,
        outputs=call.outputs[:1],
        kind="matmul",
        mult_adds=mult_adds,
        formula=formula,
        uncounted=prod(query[:-1]) * key[-2],
    )


GATES = 3
"""At most so many operations for each row of a recurrent layer's matrices: adding, the gate and the state."""


def recurrent(call: Call) -> Operation:
    """An RNN, GRU or LSTM: every matrix once a step and sample, whatever its layers, directions and projections."""
    parts: list[Tensor] = next(argument for argument in call.arguments if isinstance(argument, list))
    matrices = [tuple(part.shape) for part in parts if part.dim() == 2]
    steps = prod(call.shape(0)[:-1])
    weights = tuple(weight for part in parts if part.dim() == 2 for weight in call.weights_of(part))
    biases = tuple(weight for part in parts if part.dim() != 2 for weight in call.weights_of(part))
    return Operation(
        name=call.here(weights),
        label=call.operator.partition("_")[0].upper(),
        role="weighted",
        inputs=_batch_first(call, call.read(0)),
        outputs=_batch_first(call, call.outputs),
        kind="fc",
        mult_adds=steps * sum(map(prod, matrices)),
        formula=f"{steps}·({' + '.join(f'{rows}·{columns}' for rows, columns in matrices)})",
        uncounted=GATES * steps * sum(rows for rows, _ in matrices),
        weights=weights,
        biases=biases,
    )


def _batch_first(call: Call, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The sequence [L, N, E] as [N, L, E]; what is packed or already so stays."""
    if len(values) == 0 or len(values[0].shape) != 3 or call.arguments[-1] is True:
        return values
    length, batch, features = values[0].shape
    return (Value(values[0].number, (batch, length, features)), *values[1:])


def added_product(call: Call) -> Operation:
    """A product with something added: ``addmm``, ``baddbmm``."""
    return matrix_product(call, bias=0, left=1)


def product(call: Call) -> Operation:
    """A product of two tensors."""
    return matrix_product(call, bias=None, left=0)
