"""Which layer of one network is which of another: both in order, the most alike together.

Two layers may be a pair that have one name, or one kind and either kernel and stride or the maps they read and write.
A pair is worth 3 for the name, 2 for the kind, 1 each for kernel, stride, channels in and out, and map in and out. Of
all ways to pair layers without changing their order the one worth most is taken. So layers of one network at two α pair
by name; but where a row was put in and all names behind it have moved on by one, layers that are the same in everything
else do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Pair: TypeAlias = tuple[int | None, int | None]
"""Positions of a layer in the first and in the second network; ``None`` where it is in the other alone."""

Codes: TypeAlias = NDArray[np.int64]

MOST_CELLS = 9_000_000
"""Layers of the one times layers of the other, less what both begin and end with; 3,000 × 3,000."""

FIELDS: dict[str, tuple[tuple[str, ...], int]] = {
    "name": (("layer",), 3),
    "kind": (("kind",), 2),
    "kernel": (("kernel",), 1),
    "stride": (("stride",), 1),
    "channels in": (("in_channels",), 1),
    "channels out": (("out_channels",), 1),
    "map in": (("in_height", "in_width"), 1),
    "map out": (("out_height", "out_width"), 1),
}
"""What makes layers alike: its columns in the layer table, and its worth."""

NAME, KIND, KERNEL, STRIDE, _, _, MAP_IN, MAP_OUT = range(len(FIELDS))

HOW = (
    "Layers are paired in order: by name first, else by kind with either kernel and stride or the maps they read and "
    "write. Of all ways to pair them the one is taken in which the pairs are most alike."
)
"""How layers are matched, for people."""


def aligned(first: pd.DataFrame, second: pd.DataFrame) -> list[Pair]:
    """The layers of two layer tables, each once: pairs, and layers of one alone, in the order of both.

    Raises ``ValueError`` for networks of too many layers.
    """
    (a, n), (b, m) = ((codes, codes.shape[1]) for codes in _coded(first, second))
    head = _common(a, b)
    tail = _common(a[:, head:][:, ::-1], b[:, head:][:, ::-1])
    middle = _middle(a[:, head : n - tail], b[:, head : m - tail])
    shifted: list[Pair] = [(None if i is None else i + head, None if j is None else j + head) for i, j in middle]
    start: list[Pair] = [(i, i) for i in range(head)]
    end: list[Pair] = [(n - back, m - back) for back in range(tail, 0, -1)]
    return start + shifted + end


def _coded(first: pd.DataFrame, second: pd.DataFrame) -> tuple[Codes, Codes]:
    """A number for each field of each layer, equal where two layers are equal in it; [fields, layers] each."""
    rows = [_codes(first, second, columns) for columns, _ in FIELDS.values()]
    both, n = np.array(rows, np.int64), len(first)
    return both[:, :n], both[:, n:]


def _codes(first: pd.DataFrame, second: pd.DataFrame, columns: Sequence[str]) -> list[int]:
    frames = (first, second)
    values = [cells for frame in frames for cells in zip(*(frame[name].tolist() for name in columns), strict=True)]
    known: dict[tuple[object, ...], int] = {}
    return [known.setdefault(value, len(known)) for value in values]


def _common(a: Codes, b: Codes) -> int:
    """How many layers both begin with, equal in name and in everything."""
    shorter = min(a.shape[1], b.shape[1])
    differing = np.flatnonzero((a[:, :shorter] != b[:, :shorter]).any(axis=0))
    return int(differing[0]) if differing.size else shorter


def _worth(a: Codes, i: int, b: Codes) -> NDArray[np.int32]:
    """What layer ``i`` of the first is worth as a pair with each of the second; 0 where it may be none."""
    equal = b == a[:, i : i + 1]
    worth = np.array([worth for _, worth in FIELDS.values()], np.int32) @ equal.astype(np.int32)
    shaped = (equal[KERNEL] & equal[STRIDE]) | (equal[MAP_IN] & equal[MAP_OUT])
    may = equal[NAME] | (equal[KIND] & shaped)
    return np.where(may, worth, 0).astype(np.int32)


def _middle(a: Codes, b: Codes) -> list[Pair]:
    """The best pairs, by the longest-common-subsequence recurrence with a worth for each pair."""
    n, m = a.shape[1], b.shape[1]
    if n * m > MOST_CELLS:
        raise ValueError(
            f"one network's layers times the other's, less those both begin and end with, must be at most "
            f"{MOST_CELLS:,}, got {n:,} times {m:,}"
        )
    best = np.zeros((n + 1, m + 1), np.int32)
    for i in range(n):
        paired = best[i, :-1] + _worth(a, i, b)
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], paired))
    return _traced(a, b, best)


def _traced(a: Codes, b: Codes, best: NDArray[np.int32]) -> list[Pair]:
    i, j = a.shape[1], b.shape[1]
    pairs: list[Pair] = []
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
            pairs.append((None, j))
        elif best[i, j] == best[i - 1, j]:
            i -= 1
            pairs.append((i, None))
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    pairs += [(None, back) for back in range(j - 1, -1, -1)]
    pairs += [(back, None) for back in range(i - 1, -1, -1)]
    return pairs[::-1]
