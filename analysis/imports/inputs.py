"""What a module is called with: tensors, or shapes that stand for zeros. Import it late: it imports torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from analysis.cost.limits import INT64_MAX
from analysis.networks.values import shortened

DTYPES = {
    **{"float": torch.float32, "double": torch.float64, "half": torch.float16, "int": torch.int32, "long": torch.int64},
    **{name: getattr(torch, name) for name in ("float16", "bfloat16", "float32", "float64", "complex64", "bool")},
    **{name: getattr(torch, name) for name in ("uint8", "int8", "int16", "int32", "int64")},
}


def read_inputs(inputs: Any, *, floats: torch.dtype, device: str) -> tuple[list[Any], dict[str, Any]]:
    """The arguments and the named arguments of a call, on ``device``; a shape becomes zeros, of ``floats`` by default.

    ``inputs`` is a shape (``(1, 3, 224, 224)`` or ``"1x128:int64"``), a tensor, a tuple of those, or a mapping of
    names to them. Raises ``ValueError`` for what is none of these.
    """
    if isinstance(inputs, Mapping):
        return [], {str(name): _one(value, floats, device) for name, value in inputs.items()}
    several = isinstance(inputs, (list, tuple)) and not _is_shape(inputs)
    return [_one(value, floats, device) for value in (inputs if several else [inputs])], {}


def _one(value: Any, floats: torch.dtype, device: str) -> Any:
    if isinstance(value, Tensor):
        return value.detach().to(device)
    if isinstance(value, str):
        return _zeros(*_parsed(value, floats), device)
    if _is_shape(value):
        return _zeros(tuple(value), floats, device)
    if isinstance(value, Mapping):
        return {name: _one(item, floats, device) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_one(item, floats, device) for item in value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise ValueError(f"input must be a shape, a tensor, or several of them, got {shortened(value)}")


def _is_shape(value: Any) -> bool:
    whole = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0
    return whole and all(isinstance(side, int) and not isinstance(side, bool) for side in value)


def _parsed(text: str, floats: torch.dtype) -> tuple[tuple[int, ...], torch.dtype]:
    shape, colon, name = text.strip().partition(":")
    sides = shape.lower().replace("×", "x").split("x")
    if not all(side.strip().isdecimal() for side in sides) or len(shape) > 200:
        raise ValueError(f"input must be a shape like 1x3x224x224 or 1x128:int64, got {shortened(text)}")
    if colon and name not in DTYPES:
        raise ValueError(f"type of an input must be one of {', '.join(DTYPES)}, got {shortened(name)}")
    return tuple(map(int, sides)), DTYPES[name] if colon else floats


def _zeros(shape: tuple[int, ...], dtype: torch.dtype, device: str) -> Tensor:
    if min(shape) < 1 or prod(shape) > INT64_MAX // 8:
        raise ValueError(f"sides of an input must be >= 1 and fit the memory, got {'x'.join(map(str, shape))}")
    return torch.zeros(shape, dtype=dtype, device=device)


def text_of(args: Sequence[Any], named: Mapping[str, Any], floats: torch.dtype) -> list[str]:
    """Each input as a command line names it: ``1x3x224x224``, ``mask=1x128:int64``; what is no tensor as it is."""
    texts = [_text(value, floats) for value in args]
    return texts + [f"{name}={_text(value, floats)}" for name, value in named.items()]


def _text(value: Any, floats: torch.dtype) -> str:
    if not isinstance(value, Tensor):
        return (
            f"[{', '.join(_text(item, floats) for item in value)}]" if isinstance(value, (list, tuple)) else str(value)
        )
    sides = "x".join(map(str, value.shape)) or "1"
    return sides if value.dtype == floats else f"{sides}:{str(value.dtype).removeprefix('torch.')}"
