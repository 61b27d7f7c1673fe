"""Tensors as the reader knows them: computed from the network's input, or constant and made of weights."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from onnx import SparseTensorProto, TensorProto, TypeProto, helper, numpy_helper

from analysis.cost.counted import Value, Weight
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.document import printable
from analysis.imports.onnx.errors import Refused

MOST_KEPT = 1_024
"""A constant of so many numbers is kept with its numbers: sizes, axes, scales. Of larger ones the shape is enough."""

LOWEST_WEIGHT = -10_000.0

MOST_DIMENSIONS = 64
MOST_SIDE = 2**31 - 1
MOST_ELEMENTS = 2**62

TYPED_DATA: dict[int, str] = {
    TensorProto.FLOAT: "float_data",
    TensorProto.DOUBLE: "double_data",
    TensorProto.INT64: "int64_data",
    TensorProto.UINT32: "uint64_data",
    TensorProto.UINT64: "uint64_data",
    TensorProto.STRING: "string_data",
    TensorProto.COMPLEX64: "float_data",
    TensorProto.COMPLEX128: "double_data",
}
"""Where a tensor without raw data holds its numbers, by element type; all others in ``int32_data``."""

FLOATS = (
    *(TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16),
    *(TensorProto.FLOAT8E4M3FN, TensorProto.FLOAT8E5M2),
)


@dataclass(frozen=True, eq=False)
class Tensor:
    """One tensor: its shape if known, its element type as ONNX numbers them, and where it comes from.

    ``value`` is there if it is computed from the network's input. Else it is constant: ``data`` are its numbers if
    they are few, ``parts`` the weights it is or is made of. ``learned`` is false for numbers that stand in the graph
    itself, as those of a formula do, while weights stand apart.
    """

    shape: Shape | None
    element: int = TensorProto.FLOAT
    value: Value | None = None
    data: Any = None
    parts: tuple[Weight, ...] = ()
    learned: bool = True

    @property
    def elements(self) -> int:
        """How many numbers it holds; 0 where its shape is not known."""
        return 0 if self.shape is None else prod(self.shape)

    @property
    def integers(self) -> tuple[int, ...] | None:
        """Its numbers as integers, where they are known and finite."""
        if self.data is None or np.asarray(self.data).dtype.kind not in "iufb" or not np.isfinite(self.data).all():
            return None
        return tuple(int(number) for number in np.ravel(self.data))

    @property
    def type(self) -> TypeProto:
        """What onnx's shape inference takes."""
        return helper.make_tensor_type_proto(self.element, self.shape)


def checked_shape(shape: Shape, name: str) -> Shape:
    """The shape if a tensor can have it; ``Refused`` otherwise."""
    if len(shape) > MOST_DIMENSIONS:
        raise Refused(f"{printable(name)} has {len(shape):,} dimensions, the limit is {MOST_DIMENSIONS}")
    for side in shape:
        if not 0 <= side <= MOST_SIDE:
            raise Refused(f"a size of {printable(name)} must be from 0 to {MOST_SIDE:,}, got {side:,}")
    if prod(shape) > MOST_ELEMENTS:
        raise Refused(f"{printable(name)} would hold more than {MOST_ELEMENTS:,} numbers, which is the limit")
    return shape


def initialiser(proto: TensorProto, name: str) -> Tensor:
    """A tensor that the file holds, or says that another file holds."""
    shape = checked_shape(tuple(proto.dims), name)
    weight = Weight(name, prod(shape))
    external = proto.data_location == TensorProto.EXTERNAL
    if not external:
        _check_held(proto, prod(shape), name)
    if not external and _hides(proto, shape):
        return Tensor(shape, proto.data_type)
    kept = not external and prod(shape) <= MOST_KEPT and proto.data_type != TensorProto.STRING
    return Tensor(shape, proto.data_type, data=_numbers(proto, name) if kept else None, parts=(weight,))


def sparse_initialiser(proto: SparseTensorProto, name: str) -> Tensor:
    """A tensor of which the file holds the numbers that are not zero; they alone are parameters."""
    shape = checked_shape(tuple(proto.dims), name)
    return Tensor(shape, proto.values.data_type, parts=initialiser(proto.values, name).parts)


def is_one_number(proto: TensorProto) -> bool:
    """Whether all numbers of a tensor are the same, as zeros and ones of an untrained network are."""
    if proto.data_location == TensorProto.EXTERNAL or not prod(proto.dims) or proto.data_type == TensorProto.STRING:
        return False
    numbers = np.ravel(_numbers(proto, proto.name))
    return bool((numbers == numbers[0]).all())


def _hides(proto: TensorProto, shape: Shape) -> bool:
    """Whether a tensor is a mask, added to scores of attention to hide some: no weight is as low as that."""
    rectangle = len(shape) > 1 and min(shape[-2:]) > 1 and prod(shape[:-2]) == 1
    if not rectangle or proto.data_type != TensorProto.FLOAT:
        return False
    return bool(np.min(_numbers(proto, proto.name)) <= LOWEST_WEIGHT)


def printable_path(name: str) -> str:
    """A name of the file's in one line, whole unless it is absurdly long."""
    return "".join(letter for letter in name[:500] if letter.isprintable())


def _numbers(proto: TensorProto, name: str) -> Any:
    try:
        return numpy_helper.to_array(proto)
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"the numbers of {printable(name)} do not fit its shape") from error


def _check_held(proto: TensorProto, elements: int, name: str) -> None:
    """``Refused`` unless the file holds as many numbers as the tensor has."""
    if proto.HasField("raw_data"):
        bits = _bits(proto.data_type)
        held = len(proto.raw_data) * 8 // bits if bits else elements
        enough = bits is None or len(proto.raw_data) == -(-elements * bits // 8)
    else:
        held = len(getattr(proto, TYPED_DATA.get(proto.data_type, "int32_data")))
        packed = 8 // bits if (bits := _bits(proto.data_type)) and bits < 8 else 1
        complex_ = 2 if proto.data_type in (TensorProto.COMPLEX64, TensorProto.COMPLEX128) else 1
        enough = held == -(-elements * complex_ // packed)
    if not enough:
        raise Refused(f"{printable(name)} is declared with {elements:,} numbers, and the file holds {held:,} of them")


def _bits(element: int) -> int | None:
    """Bits of a number in raw data; ``None`` for what has no fixed width."""
    if element in (TensorProto.UINT4, TensorProto.INT4, getattr(TensorProto, "FLOAT4E2M1", -1)):
        return 4
    if element in (getattr(TensorProto, "UINT2", -1), getattr(TensorProto, "INT2", -1)):
        return 2
    try:
        return int(helper.tensor_dtype_to_np_dtype(element).itemsize) * 8
    except (KeyError, ValueError, TypeError):
        return None
