"""Operators that cost Mult-Adds with weights of their own: convolutions, matrix products, recurrent layers."""

from __future__ import annotations

from math import prod
from typing import Any

from analysis.cost.counted import Operation, Weight
from analysis.cost.counted.operations import Shape, convolution_cost, convolution_kind, product_cost
from analysis.imports.onnx.call import Call
from analysis.imports.onnx.errors import Refused

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def convolution(call: Call) -> Operation:
    """Conv: X [N, C, …], W [out, C/groups, …], B. The kernel is laid down at every position of the output."""
    weight, source, groups = call.shape(1), call.shape(0), int(call.attributes.get("group", 1))
    if len(weight) != len(source) or source[1] != weight[1] * groups:
        raise Refused(f"{call.label} {call.name} reads {source[1]:,} channels, its kernel {weight[1] * groups:,}")
    return _convolution(call, call.target[2:], groups)


def transposed_convolution(call: Call) -> Operation:
    """ConvTranspose: X [N, C, …], W [C, out/groups, …], B. The kernel is laid down at every position of the input."""
    weight, source, groups = call.shape(1), call.shape(0), int(call.attributes.get("group", 1))
    if len(weight) != len(source) or source[1] != weight[0]:
        raise Refused(f"{call.label} {call.name} reads {source[1]:,} channels, its kernel {weight[0]:,}")
    return _convolution(call, source[2:], groups)


def channels_last_convolution(call: Call) -> Operation:
    """A convolution of [N, …, C]; W [out, …, C/groups]."""
    weight = call.shape(1)
    return _convolution(
        call, call.target[1:-1], int(call.attributes.get("group", 1)), (weight[0], weight[-1], *weight[1:-1])
    )


def deformable_convolution(call: Call) -> Operation:
    """DeformConv: X, W, offset, B, mask; the offsets' arithmetic is not counted."""
    moved = Call(
        **{**vars(call), "inputs": (call.input(0), call.input(1), call.input(3), call.input(2), call.input(4))}
    )
    return convolution(moved)


def _convolution(call: Call, spatial: Shape, groups: int, weight: Shape | None = None) -> Operation:
    weight = call.shape(1) if weight is None else weight
    mult_adds, formula = convolution_cost(weight, spatial, groups=groups, batch=call.target[0])
    return Operation(
        **_plain(call),
        role="weighted",
        kind=convolution_kind(weight, groups),
        kernel=weight[2:],
        stride=call.integers("strides") or (1,) * len(weight[2:]),
        groups=groups,
        mult_adds=mult_adds,
        formula=formula,
        weights=call.parts(1),
        biases=call.parts(2),
    )


def general_product(call: Call) -> Operation:
    """Gemm: A [M, K] or its transpose, B [K, N] or its transpose, C added."""
    columns, added = call.target[-1], call.input(2)
    biases = call.parts(2) if added is not None and (added.elements > 1 or columns == 1) else ()
    return _product(call, call.shape(0)[0 if call.attributes.get("transA") else 1], columns, biases=biases)


def matrix_product(call: Call) -> Operation:
    """MatMul: […, M, K] × […, K, N], broadcast as numpy does; a vector counts as one row or column."""
    return _product(call, call.shape(0)[-1], call.target[-1] if len(call.shape(1)) > 1 else 1)


def fused_product(call: Call) -> Operation:
    """A matrix product of which either side may be transposed."""
    return _product(call, call.shape(0)[-2 if call.attributes.get("transA") else -1], call.target[-1])


def packed_product(call: Call) -> Operation:
    """MatMulNBits: A […, K], B packed; K and N are attributes."""
    inner, columns = int(call.attributes["K"]), int(call.attributes["N"])
    packed = tuple(Weight(part.name, inner * columns) for part in call.parts(1))
    return _product(call, inner, columns, weights=packed)


def _product(
    call: Call, inner: int, columns: int, *, weights: tuple[Weight, ...] | None = None, biases: tuple[Weight, ...] = ()
) -> Operation:
    weights = call.parts(0, 1) if weights is None else weights
    rows = prod(call.target) // columns if columns else 0
    mult_adds, formula = product_cost(rows, inner, columns)
    return Operation(
        **_plain(call),
        role="weighted" if weights else "product",
        kind="fc" if weights else "matmul",
        mult_adds=mult_adds,
        formula=formula,
        weights=weights,
        biases=biases,
    )


def linear_model(call: Call) -> Operation:
    """A linear model of scikit-learn's kind, whose coefficients are attributes: [N, features] → [N, scores]."""
    coefficients, biases = len(call.attributes.get("coefficients", ())), len(call.attributes.get("intercepts", ()))
    rows, features = call.shape(0)[0], call.shape(0)[-1]
    mult_adds, formula = product_cost(rows, features, coefficients // features if features else 0)
    return Operation(
        **_plain(call),
        role="weighted",
        kind="fc",
        mult_adds=mult_adds,
        formula=formula,
        weights=(Weight(f"{call.name}.coefficients", coefficients),),
        biases=(Weight(f"{call.name}.intercepts", biases),) if biases else (),
    )


def recurrent(call: Call) -> Operation:
    """LSTM, GRU, RNN: X [L, N, inputs], W [directions, gates·hidden, inputs], R [directions, gates·hidden, hidden].

    At every step and in each direction, the gates read the inputs and the hidden state.
    """
    source, weight, state = call.shape(0), call.shape(1), call.shape(2)
    steps = source[0] * source[1]
    gates = prod(weight[:2])
    mult_adds, formula = product_cost(steps, weight[2] + state[2], gates)
    return Operation(
        **_plain(call),
        role="product",
        kind="matmul",
        mult_adds=mult_adds,
        formula=formula.replace(str(weight[2] + state[2]), f"({weight[2]}+{state[2]})", 1),
        weights=call.parts(1, 2),
        biases=call.parts(3),
        uncounted=8 * gates * steps,
    )


def _plain(call: Call) -> dict[str, Any]:
    """What every operation has."""
    return {"name": call.name, "label": call.label, "inputs": call.read, "outputs": call.written}
