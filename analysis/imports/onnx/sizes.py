"""The shapes of a file's inputs: what it fixes, what is given, and what is still wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from onnx import GraphProto, ValueInfoProto

from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.document import printable
from analysis.imports.onnx.errors import Refused, SizesWanted
from analysis.imports.onnx.tensors import checked_shape

Sizes = Mapping[str, int | Sequence[int]]
"""A size by the name of its dimension, or a whole shape by the name of its input."""

LONGEST_NAME = 60
MOST_INPUTS = 100

NOT_A_BATCH = re.compile("seq|len|time|step|height|width|token", re.IGNORECASE)


def network_inputs(graph: GraphProto) -> list[ValueInfoProto]:
    """The inputs that are tensors and no initialisers, which old files list among them."""
    held = {tensor.name for tensor in graph.initializer}
    inputs = [given for given in graph.input if given.name not in held]
    if len(inputs) > MOST_INPUTS:
        raise Refused(f"the network has {len(inputs):,} inputs, the limit is {MOST_INPUTS}")
    return inputs


def input_shapes(inputs: Sequence[ValueInfoProto], sizes: Sizes) -> tuple[dict[str, Shape | None], list[str]]:
    """Every input's shape by name, ``None`` for what is no tensor, and the names of the sizes taken as a batch of 1.

    An open first dimension is the batch, 1 unless given or named as something else (a length, a height).
    ``SizesWanted`` where others are open; ``Refused`` for a name that no dimension or input has.
    """
    named = {given.name: _dimensions(given) for given in inputs}
    _check_names(sizes, named)
    values = {name: size for name, size in sizes.items() if isinstance(size, int)}
    shapes = {name: _given(name, sides, sizes.get(name)) for name, sides in named.items()}
    batches = {sides[0] for sides in shapes.values() if sides and _is_batch(sides[0])} - set(values)
    values |= dict.fromkeys((str(name) for name in batches), 1)
    wanted = [side for sides in shapes.values() for side in sides or () if isinstance(side, str) and side not in values]
    wanted += [given.name for given in inputs if shapes[given.name] is None and given.type.HasField("tensor_type")]
    if wanted:
        texts = {printable(name): _text(sides) for name, sides in shapes.items()}
        raise SizesWanted(list(dict.fromkeys(wanted)), texts)
    full = {
        name: None if sides is None else tuple(values[side] if isinstance(side, str) else side for side in sides)
        for name, sides in shapes.items()
    }
    for name, shape in full.items():
        checked_shape(shape or (), name)
    return full, sorted(str(name) for name in batches)


def _dimensions(given: ValueInfoProto) -> tuple[int | str, ...] | None:
    """Sizes, and names of those that are open; one without a name is called after its input and place."""
    if not given.type.HasField("tensor_type") or not given.type.tensor_type.HasField("shape"):
        return None
    return tuple(
        side.dim_value if side.HasField("dim_value") and side.dim_value != -1 else _named(side.dim_param, given, at)
        for at, side in enumerate(given.type.tensor_type.shape.dim)
    )


def _named(name: str, given: ValueInfoProto, at: int) -> str:
    told = name and name.isprintable() and len(name) <= LONGEST_NAME and not name.startswith("unk__")
    return name if told else f"{printable(given.name)}[{at}]"


def _is_batch(side: int | str) -> bool:
    return isinstance(side, str) and not NOT_A_BATCH.search(side)


def _given(
    name: str, sides: tuple[int | str, ...] | None, shape: int | Sequence[int] | None
) -> tuple[int | str, ...] | None:
    if shape is None or isinstance(shape, int):
        return sides
    if sides is not None and len(shape) != len(sides):
        raise Refused(f"{printable(name)} has {len(sides)} dimensions, got a shape of {len(shape)}")
    return tuple(shape)


def _check_names(sizes: Sizes, named: Mapping[str, tuple[int | str, ...] | None]) -> None:
    open_ = list(dict.fromkeys(side for sides in named.values() for side in sides or () if isinstance(side, str)))
    for name, size in sizes.items():
        whole = not isinstance(size, int)
        if name not in (named if whole else open_):
            there = ", ".join(printable(known) for known in [*open_, *named][:20])
            raise Refused(f"no {'input' if whole else 'open size'} is called {printable(name)}; there are: {there}")
        for side in size if not isinstance(size, int) else (size,):
            if not isinstance(side, int) or isinstance(side, bool) or side < 1:
                raise Refused(f"a size of {printable(name)} must be an integer >= 1, got {printable(str(side))}")


def _text(sides: Sequence[int | str] | None) -> str:
    return "of any shape" if sides is None else " × ".join(map(str, sides)) or "a single number"
