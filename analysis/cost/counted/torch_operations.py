"""The torch reader: every operation of a forward pass, by torch's own dispatcher, on shapes alone if wished.

Import it late: it imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from types import FunctionType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.cost.counted.operations import Called, Operation, Role, Value, Weight
from analysis.cost.counted.torch_calls import UNATTRIBUTED, Call, flat, plain
from analysis.cost.counted.torch_readers import COSTED, READERS
from analysis.cost.counted.torch_roles import makes_constants, name_of, role_of, writes_in_place

WHOLE: dict[str, Role] = {
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), "weighted"),
    "scaled_dot_product_attention": "product",
    "local_response_norm": "activation",
}
"""Functions that stay one operation, with its role; torch makes other operators of them on other devices."""

WATCHED = (functional.relu, functional.adaptive_avg_pool2d, functional.adaptive_max_pool2d)
"""Functions that tools watch and that a tensor's method could stand in the place of."""


@dataclass
class Recorder:
    """What a forward pass did so far: each tensor's value, what parameters are, and which modules are running.

    Tensors are told apart by identity, so all that were seen are kept until the end. Constants are no values: what no
    input and no parameter went into costs nothing when the network runs. ``native`` says of each running module whether
    it is of torch's own type; ``function`` is the one of torch's functions that runs.
    """

    operations: list[Operation] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    native: list[bool] = field(default_factory=list)
    function: Any = None
    values: dict[int, Value] = field(default_factory=dict)
    weights: dict[int, tuple[Weight, ...]] = field(default_factory=dict)
    stored: dict[int, Value] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)
    numbers: int = 0
    inside: bool = False

    @property
    def scope(self) -> str:
        """The innermost module that is running; empty for the network itself."""
        return self.path[-1] if self.path else ""

    def hold(self, module: nn.Module) -> None:
        """Take down the module's parameters; a frozen one has no trainable elements."""
        named = [(name, tensor) for name, tensor in module.named_parameters() if not nn.parameter.is_lazy(tensor)]
        self.kept += [tensor for _, tensor in named]
        self.weights.update((id(tensor), (_weight(name, tensor),)) for name, tensor in named)

    def new(self, shape: Sequence[int]) -> Value:
        """A value that nothing else is."""
        self.numbers += 1
        return Value(self.numbers, tuple(shape))

    def weights_of(self, tensor: Tensor) -> tuple[Weight, ...]:
        """The parameters that a tensor is made of, where it is not computed from an input."""
        return () if id(tensor) in self.values else self.weights.get(id(tensor), ())

    def value_of(self, tensor: Tensor) -> Value | None:
        """A tensor's value; ``None`` for constants and parameters."""
        if id(tensor) not in self.values and id(tensor) not in self.weights and _storage(tensor) in self.stored:
            self._view(tensor)
        return self.values.get(id(tensor))

    def note(self, operator: str, role: Role, arguments: Sequence[Any], result: Any, *, in_place: bool = False) -> None:
        """Take down one call."""
        tensors, made = flat(arguments), flat(result)
        self.kept += [*tensors, *made]
        if not made or makes_constants(operator):
            return
        values = [value for tensor in tensors if (value := self.value_of(tensor)) is not None]
        if not values and operator in COSTED:
            values = [self._constant(flat(arguments[COSTED[operator][1]])[0])]
        if not values:
            parts = tuple(dict.fromkeys(weight for tensor in tensors for weight in self.weights_of(tensor)))
            self.weights.update((id(tensor), parts) for tensor in made if parts)
            return
        if in_place and self.value_of(tensors[0]) is None:
            self._store(tensors[0])
        self._record(operator, role, arguments, made, tensors[0] if in_place else None)

    def _record(
        self, operator: str, role: Role, arguments: Sequence[Any], made: Sequence[Tensor], over: Tensor | None
    ) -> None:
        tensors = flat(arguments)
        inputs = tuple(dict.fromkeys(value for tensor in tensors if (value := self.values.get(id(tensor))) is not None))
        before = dict(self.values) if over is not None else self.values
        outputs = tuple(self.new(tensor.shape) for tensor in made)
        call = Call(
            operator=operator,
            role=role,
            arguments=arguments,
            made=made,
            inputs=inputs,
            outputs=outputs,
            scope=self.scope,
            weights_of=self.weights_of,
            value_of=lambda tensor: before.get(id(tensor)),
            overwrites=None if over is None else before[id(over)],
        )
        read = READERS.get(operator, plain)(call)
        self.operations.append(replaced(read, scope=call.scope, called=self._called(), overwrites=call.overwrites))
        self.values.update((id(tensor), value) for tensor, value in zip(made, outputs, strict=True))

    def _called(self) -> Called:
        if self.native and self.native[-1]:
            return "module"
        return "function" if self.function in WATCHED else "tensor"

    def _constant(self, tensor: Tensor) -> Value:
        """A constant, or what is made of parameters alone, that a matrix product reads: a value from here on."""
        weights, value = self.weights.pop(id(tensor), ()), self.new(tensor.shape)
        name = weights[0].name if weights else self._here()
        self.operations.append(
            Operation(name=name, label="constant", role="move", outputs=(value,), weights=weights, scope=self.scope)
        )
        self.values[id(tensor)] = value
        return value

    def _here(self) -> str:
        return self.scope or UNATTRIBUTED

    def _store(self, tensor: Tensor) -> None:
        """A constant that is written over: its whole storage is a value from here on, and the tensor a view of it."""
        elements = tensor.untyped_storage().nbytes() // tensor.element_size()
        base = self.stored[_storage(tensor)] = self.new((elements,))
        self.operations.append(
            Operation(name=self._here(), label="constant", role="move", outputs=(base,), scope=self.scope)
        )
        self._view(tensor)

    def _view(self, tensor: Tensor) -> None:
        value = self.values[id(tensor)] = self.new(tensor.shape)
        self.kept.append(tensor)
        base, name = self.stored[_storage(tensor)], self._here()
        self.operations.append(
            Operation(name=name, label="view", role="view", inputs=(base,), outputs=(value,), scope=self.scope)
        )

    def end(self, result: Any) -> None:
        """What the network puts out is alive to the end."""
        values = tuple(dict.fromkeys(value for tensor in outputs_of(result) if (value := self.value_of(tensor))))
        self.operations.append(Operation(name="output", label="output", role="move", inputs=values))


def _weight(name: str, tensor: Tensor) -> Weight:
    return Weight(name, tensor.numel() if tensor.requires_grad else 0)


def _storage(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata) if tensor.layout is torch.strided else 0


def outputs_of(result: Any) -> list[Tensor]:
    """The tensors that a network puts out, in objects with fields too."""
    fields = getattr(result, "__dict__", None)
    return flat(fields) if fields and not isinstance(result, (Tensor, Mapping)) else flat(result)


def read_module(module: nn.Module, inputs: Sequence[Any], options: Mapping[str, Any] | None = None) -> list[Operation]:
    """Every operation of one forward pass on ``inputs`` (tensors, or mappings and sequences of them), in order.

    The module runs as it is, in its own mode; hooks that follow which modules run are removed after it.
    """
    recorder = Recorder()
    recorder.hold(module)
    for tensor in flat([*inputs, *(options or {}).values()]):
        recorder.kept.append(tensor)
        recorder.values[id(tensor)] = recorder.new(tensor.shape)
    with torch.no_grad(), unfused_attention(), _paths(module, recorder), _Functions(recorder), _Operators(recorder):
        result = module(*inputs, **(options or {}))
    recorder.end(result)
    return recorder.operations


@contextmanager
def unfused_attention() -> Iterator[None]:
    """While it lasts, torch's multi-head attention and encoder layers are the operations they are made of."""
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Every operator that torch's dispatcher runs."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.recorder = recorder

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if not self.recorder.inside:
            arguments = [*args, *(kwargs or {}).values()]
            self.recorder.note(name_of(func), role_of(func), arguments, result, in_place=writes_in_place(func))
        return result


class _Functions(TorchFunctionMode):
    """The functions that stay one operation: what they call is not taken down."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, named = getattr(func, "__name__", ""), dict(kwargs or {})
        if name == "multi_head_attention_forward":
            with self:
                return _unasked(func)(*args, **named)
        if name not in WHOLE or self.recorder.inside:
            return self._followed(func, args, named)
        self.recorder.inside = True
        try:
            result = func(*args, **named)
        finally:
            self.recorder.inside = False
        heads = [named.pop(key) for key in ("query", "key", "value") if key in named]
        self.recorder.note(name, WHOLE[name], [*args, *heads, *named.values()], result)
        return result

    def _followed(self, func: Any, args: Any, named: dict[str, Any]) -> Any:
        """The function's result; while it runs, the recorder knows that it does."""
        before, self.recorder.function = self.recorder.function, func
        try:
            return func(*args, **named)
        finally:
            self.recorder.function = before


def _unasked(function: Any) -> FunctionType:
    """A copy of a Python function of torch that does not ask for overrides, so that what it calls is seen."""
    names = {**function.__globals__, "has_torch_function": lambda _: False}
    copied = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied


@contextmanager
def _paths(module: nn.Module, recorder: Recorder) -> Iterator[None]:
    """While it lasts, the recorder knows which modules are running; the hooks are gone after it."""
    handles: list[Any] = []

    def follow(name: str, part: nn.Module) -> None:
        native = type(part).__module__.startswith("torch.nn.modules.")

        def enter(*_: Any) -> None:
            recorder.path.append(name)
            recorder.native.append(native)

        def leave(*_: Any) -> None:
            if recorder.path[-1:] == [name]:  # not where a hook before ``enter`` raised
                recorder.path.pop()
                recorder.native.pop()

        handles.append(part.register_forward_pre_hook(enter))
        handles.append(part.register_forward_hook(leave, always_call=True))

    try:
        for name, part in module.named_modules():
            if not isinstance(part, torch.jit.ScriptModule):  # it takes no hooks
                follow(name, part)
        yield
    finally:
        for handle in handles:
            handle.remove()
