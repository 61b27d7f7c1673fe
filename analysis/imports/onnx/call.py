"""One node as the readers of operators see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cost.counted import Value, Weight
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.tensors import FLOATS, Tensor


@dataclass(frozen=True, kw_only=True)
class Call:
    """A node with the tensors it reads and writes. ``operator`` is the standard one that counts as it does.

    ``inputs`` are in the standard operator's order, ``None`` where one is left out; ``label`` is what the file calls
    the operator.
    """

    operator: str
    label: str
    name: str
    attributes: Mapping[str, Any]
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]

    def input(self, position: int) -> Tensor | None:
        """The input at a position, if the node has it."""
        return self.inputs[position] if position < len(self.inputs) else None

    def shape(self, position: int) -> Shape:
        """The shape of the input at a position; ``LookupError`` where it is not known."""
        given = self.input(position)
        if given is None or given.shape is None:
            raise LookupError(f"input {position} of {self.label} has no known shape")
        return given.shape

    @property
    def target(self) -> Shape:
        """The shape of the first output; ``LookupError`` where it is not known."""
        if not self.outputs or self.outputs[0].shape is None:
            raise LookupError(f"the output of {self.label} has no known shape")
        return self.outputs[0].shape

    def parts(self, *positions: int) -> tuple[Weight, ...]:
        """The weights that the inputs at these positions are or are made of."""
        return tuple(part for at in positions if (given := self.input(at)) is not None for part in given.parts)

    def tensors(self) -> tuple[Weight, ...]:
        """Weights among all inputs that are no single numbers: what a network learns beside its matrices."""
        return tuple(
            part
            for given in self.inputs
            if given is not None and given.value is None and given.learned
            if given.elements > 1 and given.element in FLOATS
            for part in given.parts
        )

    @property
    def read(self) -> tuple[Value, ...]:
        """The computed values it reads."""
        return tuple(given.value for given in self.inputs if given is not None and given.value is not None)

    @property
    def written(self) -> tuple[Value, ...]:
        """The values it computes."""
        return tuple(made.value for made in self.outputs if made.value is not None)

    def integers(self, attribute: str, position: int | None = None) -> tuple[int, ...] | None:
        """Integers that some versions give as an attribute and others as an input; ``None`` where not known."""
        if attribute in self.attributes:
            given = self.attributes[attribute]
            return tuple(given) if isinstance(given, list | tuple) else (given,)
        source = None if position is None else self.input(position)
        return None if source is None else source.integers
