"""Line charts as plain SVG, for a page without scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.comparison.compared import Entry
from analysis.comparison.profile import DEPTHS, profile
from analysis.cost.quantities import QUANTITIES

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 14, 12, 44
"""The chart's size and margins, in SVG units."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """What the template draws: the ticks and titles of both axes, and a line a design as the points of a polyline."""

    title: str
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[tuple[Entry, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def profile_chart(
    entries: Sequence[Entry], tables: Sequence[pd.DataFrame], *, depth: str, quantity: str, cumulative: bool
) -> Chart:
    """A line a design; both axes begin at 0."""
    data = [profile(table, depth, quantity, cumulative=cumulative) for table in tables]
    most_x, most_y = (max((float(max(xy[axis], default=0)) for xy in data), default=0) or 1 for axis in (0, 1))
    lines = (" ".join(_point(x / most_x, y / most_y) for x, y in zip(*xy, strict=True)) for xy in data)
    y_title = QUANTITIES[quantity].title + (", so far" if cumulative else "")
    return Chart(
        title=f"{quantity}{' so far' if cumulative else ' of each layer'}",
        x_title=DEPTHS[depth].title,
        y_title=y_title,
        x_ticks=tuple(Tick(LEFT + value / most_x * (WIDTH - LEFT - RIGHT), f"{value:,g}") for value in steps(most_x)),
        y_ticks=tuple(Tick(_y(value / most_y), f"{value:,g}") for value in steps(most_y)),
        lines=tuple(zip(entries, lines, strict=True)),
    )


def steps(most: float) -> list[float]:
    """Round numbers from 0 to at most ``most``, five to ten of them: a step of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(size * power for size in (0.2, 0.5, 1, 2) if most / (size * power) <= 9)
    return [round(number * step, 12) for number in range(math.floor(most / step + 1e-9) + 1)]


def _point(x: float, y: float) -> str:
    return f"{LEFT + x * (WIDTH - LEFT - RIGHT):.1f},{_y(y):.1f}"


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
