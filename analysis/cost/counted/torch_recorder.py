"""What a forward pass did, taken down call by call: the operations, the values they read and write, the parameters.

Import it late: it imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.cost.counted.operations import Called, Operation, Role, Value, Weight
from analysis.cost.counted.torch_calls import UNATTRIBUTED, Call, flat, plain
from analysis.cost.counted.torch_readers import COSTED, READERS
from analysis.cost.counted.torch_roles import makes_constants

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
