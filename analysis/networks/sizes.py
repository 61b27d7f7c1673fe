"""Whole-number arithmetic that runs on one design and on a grid of designs alike.

A *size* (channels, height, width, a count) is a Python ``int`` for one design and an ``int64`` array for a grid;
a *mask* is a ``bool`` or a boolean array. Arrays follow numpy's broadcasting, so a grid keeps each axis small until
two axes meet. Python integers never overflow; :func:`analysis.cost.limits.check_overflow` guards the arrays.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Size: TypeAlias = int | NDArray[np.int64]
Number: TypeAlias = float | int | NDArray[np.floating[Any]]
Mask: TypeAlias = bool | NDArray[np.bool_]


def truncate(value: Number) -> Size:
    """Toward zero, as ``int()`` does."""
    return value.astype(np.int64) if isinstance(value, np.ndarray) else int(value)


def nearest(value: Number) -> Size:
    """To the nearest integer, halves to even, as Python's ``round()`` does."""
    return np.rint(value).astype(np.int64) if isinstance(value, np.ndarray) else round(value)


def at_least(value: Size, least: int) -> Size:
    """The larger of both."""
    return np.maximum(value, least) if isinstance(value, np.ndarray) else max(value, least)


def larger(a: Any, b: Any) -> Any:
    """Elementwise maximum of two sizes."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.maximum(a, b)
    return max(a, b)


def where(mask: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the mask holds, else ``no``."""
    return np.where(mask, yes, no) if isinstance(mask, np.ndarray) else (yes if mask else no)


def both(a: Mask, b: Mask) -> Mask:
    """Where both masks hold."""
    return a & b
