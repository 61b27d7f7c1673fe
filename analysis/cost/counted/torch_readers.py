"""By torch's operator, what makes an operation of a call; normalisations, pools and reductions are made here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

from analysis.cost.counted.operations import Operation, Shape
from analysis.cost.counted.torch_calls import Call, plain
from analysis.cost.counted.torch_products import (
    added_product,
    attention,
    bilinear,
    convolution,
    product,
    recurrent,
)
from analysis.cost.counted.torch_roles import REDUCTIONS


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


Reader = Callable[[Call], Operation]

COSTED: dict[str, tuple[Reader, int]] = {
    "convolution": (convolution, 0),
    **dict.fromkeys(("addmm", "baddbmm", "addbmm", "addmv"), (added_product, 1)),
    **dict.fromkeys(("mm", "bmm", "mv", "dot", "vdot"), (product, 0)),
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
