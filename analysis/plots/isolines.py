"""The line of a cost on a surface: a staircase just beyond the positions within the cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np

from analysis.tradeoff.surfaces.surface import Surface

Path = tuple[list[float | None], list[float | None]]
"""x and y of a line; ``None`` is a gap."""


def iso_path(surface: Surface, level: int) -> Path:
    """The line of a cost: at each x every design below it costs at most ``level``, every one above it more.

    It is left out along the surface's own frame.
    """
    x_edge, y_edge = edges(surface.x), edges(surface.y)
    xs: list[float | None] = []
    ys: list[float | None] = []
    start = 0
    for count, run in groupby(surface.within(level).tolist()):
        end, y = start + len(list(run)), y_edge[count]
        gap = [] if 0 < count < len(surface.y) else [None]
        xs += [x_edge[start], *gap, x_edge[end]]
        ys += [y, *gap, y]
        start = end
    return xs, ys


def edges(values: Sequence[float]) -> list[float]:
    """The borders between positions, half a step beyond the first and the last."""
    spots = np.array(values, float)
    between = (spots[:-1] + spots[1:]) / 2
    return [float(edge) for edge in (2 * spots[0] - between[0], *between, 2 * spots[-1] - between[-1])]


def on_diagonal(path: Path, x_edge: list[float], y_edge: list[float]) -> tuple[float, float]:
    """The point of a path that is nearest to the diagonal from low to high."""
    spots = [
        (a + (c - a) * part / 8, b + (d - b) * part / 8)
        for (a, b), (c, d) in pairwise(zip(*path, strict=True))
        for part in range(9)
        if a is not None and b is not None and c is not None and d is not None
    ]

    def off(spot: tuple[float, float]) -> float:
        across, up = ((v - e[0]) / (e[-1] - e[0]) for v, e in zip(spot, (x_edge, y_edge), strict=True))
        return abs(across - up)

    return min(spots, key=off)
