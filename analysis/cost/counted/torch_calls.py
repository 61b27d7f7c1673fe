"""One call of an operator of torch, and the operation that it is: matrix products, normalisations, pools, the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from torch import Tensor

from analysis.cost.counted.operations import (
    Operation,
    Role,
    Shape,
    Value,
    Weight,
    convolution_cost,
    convolution_kind,
    product_cost,
)
from analysis.cost.counted.torch_roles import LABELS, REDUCTIONS, TERMS

UNATTRIBUTED = "unattributed"
"""The row of what the whole network does by itself, in none of its modules."""


def flat(value: Any) -> list[Tensor]:
    """The tensors in a value, in sequences and mappings too."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        return [tensor for item in value.values() for tensor in flat(item)]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in flat(item)]
    return []


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an operator: its arguments, what it read and wrote that the network computes, and where it is made.

    ``scope`` is the innermost module that was running; ``weights_of`` the parameters a tensor is made
    of. ``overwrites`` is the value that it writes over, if any.
    """

    operator: str
    role: Role
    arguments: Sequence[Any]
    made: Sequence[Tensor]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    scope: str
    weights_of: Callable[[Tensor], tuple[Weight, ...]]
    value_of: Callable[[Tensor], Value | None]
    overwrites: Value | None = None

    def weight(self, position: int) -> tuple[Weight, ...]:
        """The parameters that the tensor at a position of the arguments is made of, where it is not computed."""
        tensor = self.arguments[position] if position < len(self.arguments) else None
        return self.weights_of(tensor) if isinstance(tensor, Tensor) else ()

    def shape(self, position: int) -> Shape:
        """The shape of the tensor at a position of the arguments."""
        return tuple(self.arguments[position].shape)

    def read(self, *first: int) -> tuple[Value, ...]:
        """What it reads, those at some positions of the arguments first."""
        values = [self.value_of(self.arguments[position]) for position in first]
        head = [value for value in values if value is not None]
        return (*head, *(value for value in self.inputs if value not in head))

    @property
    def parameters(self) -> tuple[Weight, ...]:
        """The parameters among its arguments."""
        return tuple(weight for tensor in flat(self.arguments) for weight in self.weights_of(tensor))

    @property
    def written(self) -> int:
        """Elements of all it writes."""
        return sum(value.elements for value in self.outputs)

    def here(self, weights: Sequence[Weight] = ()) -> str:
        """The path of the module that holds the weights, else of the innermost that is running."""
        held = weights[0].name.partition("parametrizations.")[0] if weights else ""
        owner = held.rpartition(".")[0]
        return owner or self.scope or (weights[0].name if weights else UNATTRIBUTED)


def plain(call: Call) -> Operation:
    """An operation without Mult-Adds."""
    parameters = call.parameters
    table = call.operator in ("embedding", "_embedding_bag")
    return Operation(
        name=call.here(parameters if call.role == "move" else ()),
        label=LABELS.get(call.operator, call.operator.strip("_").replace("_", " ")),
        role=call.role,
        inputs=call.inputs,
        outputs=call.outputs,
        term=TERMS.get(call.operator),
        uncounted=call.written if call.role in ("activation", "addition", "other") else 0,
        weights=parameters if table else (),
        biases=() if table else parameters,
    )


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


def norm(call: Call) -> Operation:
    """Batch, layer, group, instance and root-mean-square norm: scale and shift are parameters."""
    own = "batch_norm" in call.operator and "no_training" not in call.operator and call.arguments[5:6] == [True]
    batch = "batch_norm" in call.operator and not own
    names = {"native_layer_norm": "layer norm", "native_group_norm": "group norm", "_fused_rms_norm": "rms norm"}
    parameters = tuple(weight for position in range(1, len(call.arguments)) for weight in call.weight(position))
    return Operation(
        name=call.here(parameters),
        label=names.get(call.operator, "instance norm" if own else "batch norm"),
        role="norm",
        inputs=call.inputs[:1],
        outputs=call.outputs[:1],
        kind="norm",
        term="batch_norm" if batch else None,
        uncounted=2 * call.outputs[0].elements,
        scales=parameters,
    )


def pool(call: Call) -> Operation:
    """A pool of windows: input, kernel, stride; adaptive or of a whole map: no kernel."""
    source, target = call.shape(0), tuple(call.made[0].shape)
    windows = "adaptive" not in call.operator and call.operator != "mean"
    sides = int(call.operator[call.operator.index("pool") + 4]) if windows else 0
    kernel = _several(call.arguments[1], sides) if windows else _whole(source, target)
    stride = _several(call.arguments[2], sides) if windows and call.arguments[2:3] not in ([], [[]]) else kernel
    maximum = "max" in call.operator
    return Operation(
        name=call.here(),
        label="max pooling" if maximum else "average pooling",
        role="pool",
        inputs=call.inputs,
        outputs=call.outputs[:1],
        kind="pool",
        kernel=kernel,
        stride=stride if windows else (1,) * len(kernel),
        term=None if sides == 3 else "pool" if not windows else "window_pool" if maximum else "window_means",
        uncounted=prod(kernel) * call.outputs[0].elements,
    )


def reduction(call: Call) -> Operation:
    """One number of many; a mean over a map's sides is a global pool."""
    source = call.shape(0)
    axes = call.arguments[1] if len(call.arguments) > 1 and isinstance(call.arguments[1], (list, tuple)) else ()
    if call.operator == "mean" and len(source) == 4 and {axis % 4 for axis in axes} == {2, 3}:
        return pool(call)
    return Operation(
        name=call.here(),
        label=call.operator.replace("_", " "),
        role="activation",
        inputs=call.inputs,
        outputs=call.outputs,
        uncounted=prod(source),
    )


def local_response_norm(call: Call) -> Operation:
    """Each number divided by a power of the mean of squares over ``size`` neighbours."""
    found = plain(call)
    size = int(call.arguments[1])
    return replace(found, uncounted=call.written * (size + 5), kernel=(size,))


def _whole(source: Shape, target: Shape) -> tuple[int, ...]:
    """The window of an adaptive pool: what each output sees at most, in each direction."""
    ends = target[2:] if len(target) == len(source) else (1,) * len(source[2:])
    return tuple(-(-side // end) for side, end in zip(source[2:], ends, strict=False))


def _several(value: Any, sides: int) -> tuple[int, ...]:
    values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return values * (sides if len(values) == 1 else 1)


def _added(call: Call) -> Operation:
    return matrix_product(call, bias=0, left=1)


def _product(call: Call) -> Operation:
    return matrix_product(call, bias=None, left=0)


Reader = Callable[[Call], Operation]

COSTED: dict[str, tuple[Reader, int]] = {
    "convolution": (convolution, 0),
    **dict.fromkeys(("addmm", "baddbmm", "addbmm", "addmv"), (_added, 1)),
    **dict.fromkeys(("mm", "bmm", "mv", "dot", "vdot"), (_product, 0)),
    **dict.fromkeys(("scaled_dot_product_attention", "_scaled_dot_product_flash_attention_for_cpu"), (attention, 0)),
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), (recurrent, 0)),
    "_trilinear": (bilinear, 0),
}
"""Operators that cost Mult-Adds, with the position of what they read among their arguments."""

NORMS = (
    *("native_batch_norm", "_native_batch_norm_legit", "_native_batch_norm_legit_no_training", "cudnn_batch_norm"),
    *("_batch_norm_no_update", "native_layer_norm", "native_group_norm", "_fused_rms_norm"),
)
POOLS = (
    *("max_pool2d_with_indices", "max_pool3d_with_indices", "max_pool1d", "max_pool2d", "max_pool3d"),
    *("avg_pool1d", "avg_pool2d", "avg_pool3d", "_adaptive_avg_pool2d", "_adaptive_avg_pool3d"),
    *("adaptive_max_pool2d", "adaptive_max_pool3d"),
)

READERS: dict[str, Reader] = {
    **{name: reader for name, (reader, _) in COSTED.items()},
    **dict.fromkeys(NORMS, norm),
    **dict.fromkeys(POOLS, pool),
    **dict.fromkeys(REDUCTIONS, reduction),
    "local_response_norm": local_response_norm,
}
"""By the name of torch's operator, what makes an operation of a call; :func:`plain` does of all others."""
