"""The torch reader: every operation of a forward pass, by torch's own dispatcher, on shapes alone if wished.

Import it late: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.cost.counted.operations import (
    Called,
    Operation,
    Role,
    Shape,
    Value,
    Weight,
    convolution_cost,
    convolution_kind,
    product_cost,
)

TERMS = {
    **{"relu": "relu", "relu_": "relu", "hardtanh": "relu6", "hardtanh_": "relu6"},
    **{"upsample_bilinear2d": "resized", "grid_sampler_2d": "sampled"},
    **{"mul": "scaled", "hardswish": "hard", "hardswish_": "hard", "hardsigmoid": "hard", "hardsigmoid_": "hard"},
}

LABELS = {
    **{"relu": "ReLU", "hardtanh": "ReLU6", "hardswish": "hard-swish", "hardsigmoid": "hard-sigmoid"},
    **{"mul": "multiplication", "add": "addition", "sub": "subtraction", "div": "division", "silu": "SiLU"},
    **{"gelu": "GELU", "upsample_bilinear2d": "bilinear resizing", "upsample_nearest2d": "nearest resizing"},
}
"""What people call some of torch's operators."""

ROLES: dict[str, Role] = {
    **dict.fromkeys(("relu", "relu_", "hardtanh", "hardtanh_", "hardswish", "hardswish_", "sigmoid"), "activation"),
    **dict.fromkeys(("hardsigmoid", "silu", "silu_", "gelu", "tanh", "elu", "leaky_relu", "_softmax"), "activation"),
    **dict.fromkeys(
        ("_log_softmax", "mul", "mul_", "div", "exp", "clamp", "neg", "pow", "sqrt", "rsqrt"), "activation"
    ),
    **dict.fromkeys(
        ("sigmoid_", "hardsigmoid_", "leaky_relu_", "div_", "clamp_min", "prelu", "softplus"), "activation"
    ),
    **dict.fromkeys(("_prelu_kernel", "mish", "log_sigmoid_forward", "abs", "where", "reciprocal"), "activation"),
    **dict.fromkeys(("add", "add_", "sub", "sub_"), "addition"),
    **dict.fromkeys(("view", "_unsafe_view", "reshape", "permute", "transpose", "t", "slice", "select"), "view"),
    **dict.fromkeys(("unsqueeze", "squeeze", "expand", "split", "split_with_sizes", "chunk", "detach"), "view"),
    **dict.fromkeys(("alias", "unbind", "unsafe_chunk", "unsafe_split", "lift_fresh", "as_strided", "view_as"), "view"),
    **dict.fromkeys(("cat", "clone", "_to_copy", "constant_pad_nd", "index", "index_select", "copy_"), "move"),
    **dict.fromkeys(("embedding", "stack", "roll", "upsample_nearest2d", "repeat", "gather", "fill_"), "move"),
    **dict.fromkeys(("reflection_pad2d", "replication_pad2d", "flip", "contiguous", "zero_", "pixel_shuffle"), "move"),
}
"""By the name of torch's operator, what it is to the count; those with a function of their own are in ``READERS``."""

FUNCTIONS = (functional.relu, functional.relu_, functional.adaptive_avg_pool2d, functional.adaptive_max_pool2d)
"""Functions that tools watch; of other operations the function and the method are told apart by no tool."""

NOTHING = ("empty", "zeros", "ones", "full", "arange", "scalar_tensor", "rand", "randn", "empty_like", "zeros_like")
"""What makes a value of no other: no operation of the network."""


@dataclass
class Recorder:
    """What a forward pass did so far: each tensor's number, which tensors are trained, and where the call is made.

    ``path`` names the modules that run, outermost first, ``native`` says which are of torch's own types. ``function``
    is what of torch's Python functions runs, a tensor's method or a function of ``torch.nn.functional``.
    """

    operations: list[Operation] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    native: list[bool] = field(default_factory=list)
    function: Any = None
    values: dict[int, Value] = field(default_factory=dict)
    weights: dict[int, Weight] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)

    def note(self, operator: str, arguments: Sequence[Any], result: Any) -> None:
        """Take down one call of torch's operator."""
        tensors = [item for argument in arguments for item in _flat(argument)]
        made = _flat(result)
        self.kept += [*tensors, *made]  # else a number may be given to another tensor
        if not any(id(tensor) in self.values or id(tensor) in self.weights for tensor in tensors):
            return
        trained = [weight for tensor in tensors if (weight := self.weights.get(id(tensor))) is not None]
        inputs = tuple(value for tensor in tensors if (value := self.values.get(id(tensor))) is not None)
        if ROLES.get(operator) in ("view", "move") and trained and not inputs:
            self.weights.update((id(tensor), trained[0]) for tensor in made)
            return
        outputs = tuple(self._value(tensor, inputs) for tensor in made)
        call = Call(operator, arguments, made, inputs, outputs, self)
        self.operations.append(READERS.get(operator, plain)(call))

    def _value(self, tensor: Tensor, inputs: Sequence[Value]) -> Value:
        """A new value; one that torch wrote in place is numbered anew, since it is another from here on."""
        value = self.values[id(tensor)] = Value(len(self.kept) + len(self.values) + 1, tuple(tensor.shape))
        self.kept.append(value)
        return value

    def called(self) -> Called:
        """How the operation that runs was called."""
        if self.native and self.native[-1]:
            return "module"
        return "function" if self.function in FUNCTIONS else "tensor"

    def here(self, weights: Sequence[Weight] = ()) -> str:
        """The path of the module that holds the weights, else of the one that is running."""
        owner = weights[0].name.rpartition(".")[0] if weights else ""
        return owner or (self.path[-1] if self.path else "") or (weights[0].name if weights else "(no module)")


@dataclass(frozen=True)
class Call:
    """One call of an operator: its arguments, and what it read and wrote that the network computes."""

    operator: str
    arguments: Sequence[Any]
    made: Sequence[Tensor]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    recorder: Recorder

    def weight(self, position: int) -> tuple[Weight, ...]:
        """The trained tensor at a position of the arguments, if it is one."""
        tensor = self.arguments[position] if position < len(self.arguments) else None
        found = self.recorder.weights.get(id(tensor)) if tensor is not None else None
        return () if found is None else (found,)

    def shape(self, position: int) -> Shape:
        """The shape of the tensor at a position of the arguments."""
        return tuple(self.arguments[position].shape)

    @property
    def written(self) -> int:
        """Elements of all it writes."""
        return sum(value.elements for value in self.outputs)


def read_module(module: nn.Module, inputs: Sequence[Any], options: Mapping[str, Any] | None = None) -> list[Operation]:
    """Every operation of one forward pass on ``inputs`` (tensors, or mappings and sequences of them), in order.

    The module runs as it is, in its own mode; it is not changed.
    """
    recorder = Recorder()
    recorder.weights.update(
        (id(tensor), Weight(name, tensor.numel())) for name, tensor in module.named_parameters() if tensor.requires_grad
    )
    recorder.kept += [*module.parameters(), inputs, options]
    for tensor in _flat([*inputs, *(options or {}).values()]):
        recorder._value(tensor, ())
    with torch.no_grad(), _paths(module, recorder), _Functions(recorder), _Mode(recorder):
        module(*inputs, **(options or {}))
    return recorder.operations


class _Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self, recorder: Recorder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.recorder = recorder

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name not in NOTHING:
            self.recorder.note(name, [*args, *(kwargs or {}).values()], result)
        return result


class _Functions(TorchFunctionMode):
    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        before, self.recorder.function = self.recorder.function, func
        try:
            return func(*args, **(kwargs or {}))
        finally:
            self.recorder.function = before


@contextmanager
def _paths(module: nn.Module, recorder: Recorder) -> Iterator[None]:
    """While it lasts, the recorder knows which module is running; the hooks are gone after it."""
    handles: list[Any] = []

    def follow(name: str, part: nn.Module) -> None:
        native = type(part).__module__.startswith("torch.nn.modules.")

        def enter(*_: Any) -> None:
            recorder.path.append(name)
            recorder.native.append(native)

        def leave(*_: Any) -> None:
            recorder.path.pop()
            recorder.native.pop()

        handles.append(part.register_forward_pre_hook(enter))
        handles.append(part.register_forward_hook(leave, always_call=True))

    try:
        for name, part in module.named_modules():
            follow(name, part)
        yield
    finally:
        for handle in handles:
            handle.remove()


def plain(call: Call) -> Operation:
    """An operation without Mult-Adds."""
    role = ROLES.get(call.operator, "other")
    trained = tuple(
        weight
        for tensor in (item for argument in call.arguments for item in _flat(argument))
        if (weight := call.recorder.weights.get(id(tensor))) is not None
    )
    return Operation(
        name=call.recorder.here(trained),
        label=LABELS.get(call.operator.strip("_"), call.operator.strip("_")),
        role=role,
        inputs=call.inputs,
        outputs=call.outputs,
        term=_term(call),
        called=call.recorder.called(),
        uncounted=call.written if role in ("activation", "addition", "other") else 0,
        biases=trained,
    )


def _term(call: Call) -> str | None:
    if call.recorder.function is functional.local_response_norm:
        return {"div": "normalised", "constant_pad_nd": "normalised_windows"}.get(call.operator)
    return TERMS.get(call.operator)


def convolution(call: Call) -> Operation:
    """``aten.convolution``: input, weight, bias, stride, padding, dilation, transposed, output padding, groups."""
    weight, stride, transposed, groups = call.shape(1), call.arguments[3], call.arguments[6], call.arguments[8]
    source, target = call.shape(0), tuple(call.made[0].shape)
    spatial = source[2:] if transposed else target[2:]
    mult_adds, formula = convolution_cost(weight, spatial, groups=groups, batch=target[0])
    return Operation(
        name=call.recorder.here((*call.weight(1), *call.weight(2))),
        label="transposed convolution" if transposed else "convolution",
        role="weighted",
        inputs=call.inputs,
        outputs=call.outputs,
        kind=convolution_kind(weight, groups),
        kernel=weight[2:],
        stride=tuple(stride),
        groups=groups,
        mult_adds=mult_adds,
        formula=formula,
        called=call.recorder.called(),
        weights=call.weight(1),
        biases=call.weight(2),
    )


def matrix_product(call: Call, *, bias: int | None, left: int) -> Operation:
    """[…, rows, inner] × […, inner, columns]; a fully connected layer where one of the two is trained."""
    weights = (*call.weight(left), *call.weight(left + 1))
    biases = () if bias is None else call.weight(bias)
    one, other = call.shape(left), call.shape(left + 1)
    rows = prod(one[:-1])
    mult_adds, formula = product_cost(rows, one[-1], other[-1])
    return Operation(
        name=call.recorder.here((*weights, *biases)),
        label="fully connected" if weights else "matrix product",
        role="weighted" if weights else "product",
        inputs=call.inputs,
        outputs=call.outputs,
        kind="fc" if weights else "matmul",
        mult_adds=mult_adds,
        formula=formula,
        called=call.recorder.called(),
        weights=weights,
        biases=biases,
    )


def attention(call: Call) -> Operation:
    """Scaled-dot-product attention: query by key, then the weights by value; [..., L, E], [..., S, E], [..., S, V]."""
    query, key, value = (call.shape(position) for position in range(3))
    width = query[-1] + value[-1]
    mult_adds, formula = product_cost(prod(query[:-1]), key[-2], width)
    return Operation(
        name=call.recorder.here(),
        label="attention",
        role="product",
        inputs=call.inputs,
        outputs=call.outputs[:1],
        kind="matmul",
        mult_adds=mult_adds,
        formula=formula,
        called=call.recorder.called(),
        uncounted=prod(query[:-1]) * key[-2],
    )


def norm(call: Call) -> Operation:
    """Batch, layer and group norm: scale and shift are trained."""
    batch = "batch_norm" in call.operator
    trained = tuple(weight for position in range(1, 4) for weight in call.weight(position))
    return Operation(
        name=call.recorder.here(trained),
        label=call.operator.strip("_").replace("native_", "").split("_legit")[0].replace("_", " "),
        role="norm",
        inputs=call.inputs[:1],
        outputs=call.outputs[:1],
        kind="norm",
        term="batch_norm" if batch else None,
        uncounted=2 * call.outputs[0].elements,
        scales=trained,
    )


def pool(call: Call) -> Operation:
    """A pool of windows: input, kernel, stride; of a whole map: no kernel."""
    source, target = call.shape(0), tuple(call.made[0].shape)
    windows = call.operator in ("max_pool2d_with_indices", "avg_pool2d", "max_pool2d")
    kernel = _pair(call.arguments[1]) if windows else _whole(source, target)
    stride = _pair(call.arguments[2]) if windows and len(call.arguments) > 2 and call.arguments[2] else kernel
    term = "pool" if not windows else "window_means" if call.operator == "avg_pool2d" else "window_pool"
    return Operation(
        name=call.recorder.here(),
        label="max pooling" if "max" in call.operator else "average pooling",
        role="pool",
        inputs=call.inputs,
        outputs=call.outputs[:1],
        kind="pool",
        kernel=kernel,
        stride=stride if windows else (1, 1),
        term=term,
        called=call.recorder.called(),
        uncounted=prod(kernel) * call.outputs[0].elements,
    )


def mean(call: Call) -> Operation:
    """A mean: a global pool where it is over the map's sides, another operation otherwise."""
    source = call.shape(0)
    axes = call.arguments[1] if len(call.arguments) > 1 and isinstance(call.arguments[1], (list, tuple)) else ()
    if len(source) == 4 and {axis % 4 for axis in axes} == {2, 3}:
        return pool(call)
    found = plain(call)
    return Operation(
        name=found.name,
        label="mean",
        role="activation",
        inputs=call.inputs,
        outputs=call.outputs,
        uncounted=prod(source),
    )


def _whole(source: Shape, target: Shape) -> tuple[int, ...]:
    """The window of an adaptive pool: what each output sees at most, in each direction."""
    ends = target[2:] if len(target) == len(source) else (1, 1)
    return tuple(-(-side // end) for side, end in zip(source[2:], ends, strict=False))


def _pair(value: Any) -> tuple[int, ...]:
    return tuple(value) * (2 if len(value) == 1 else 1) if isinstance(value, (list, tuple)) else (value, value)


def _addmm(call: Call) -> Operation:
    return matrix_product(call, bias=0, left=1)


def _mm(call: Call) -> Operation:
    return matrix_product(call, bias=None, left=0)


READERS: dict[str, Callable[[Call], Operation]] = {
    "convolution": convolution,
    "addmm": _addmm,
    "baddbmm": _addmm,
    "mm": _mm,
    "bmm": _mm,
    "_scaled_dot_product_flash_attention_for_cpu": attention,
    "_scaled_dot_product_attention_math": attention,
    "native_batch_norm": norm,
    "_native_batch_norm_legit": norm,
    "_native_batch_norm_legit_no_training": norm,
    "cudnn_batch_norm": norm,
    "native_layer_norm": norm,
    "native_group_norm": norm,
    "max_pool2d_with_indices": pool,
    "avg_pool2d": pool,
    "_adaptive_avg_pool2d": pool,
    "adaptive_max_pool2d": pool,
    "mean": mean,
}


def _flat(value: Any) -> list[Tensor]:
    """The tensors in a value, in sequences and mappings too."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        return [tensor for item in value.values() for tensor in _flat(item)]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _flat(item)]
    return []
