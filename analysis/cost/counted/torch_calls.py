"""One call of an operator of torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from analysis.cost.counted.operations import (
    Operation,
    Role,
    Shape,
    Value,
    Weight,
)
from analysis.cost.counted.torch_roles import LABELS, TERMS

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
