"""The exponents that hold between positions of a slider, beside those of the power laws.

The exponent between two positions p < q of an axis is ln(cost(q) / cost(p)) / ln(q / p): the power of the axis that
takes one cost to the other. For ρ the ratio of positions is that of the heights in px.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import pandas as pd

from analysis.networks import Design
from analysis.tradeoff.surfaces.surface import AXES, BASE, COSTS, axes_of, costs_at, position, positions

REACH = {"alpha": 0.1, "rho": 32, "t": 1.0}
"""How far from the design a step is near: a tenth of α, the total stride of the networks in px, 1 of t."""


@dataclass(frozen=True)
class Step:
    """Two positions of an axis and their costs, the lower position first."""

    axis: str
    start: float
    end: float
    start_cost: int
    end_cost: int

    @property
    def exponent(self) -> float:
        """The power of the axis that takes one cost to the other."""
        return log(self.end_cost / self.start_cost) / log(self.end / self.start)

    @property
    def rise(self) -> float:
        """The relative change: 0.17 where the higher position costs 17 % more."""
        return self.end_cost / self.start_cost - 1


def cut(
    design: Design,
    axis: str,
    *,
    cost: str = "mult_adds",
    number_format: str = "float32",
    base: tuple[int, int] = BASE,
) -> pd.DataFrame:
    """``position`` and ``cost`` along one axis through the design: every slider position, and the design's own."""
    spots: dict[str, tuple[float, ...]] = {name: (position(design, name),) for name in AXES}
    spots[axis] = tuple(sorted({*positions(axis, base), position(design, axis)}))
    values = costs_at(design, spots, cost=cost, number_format=number_format, base=base)
    return pd.DataFrame({"position": spots[axis], "cost": values.ravel()})


def steps(line: pd.DataFrame, axis: str) -> list[Step]:
    """Every step between neighbours of a cut."""
    rows = zip(line["position"].tolist(), line["cost"].tolist(), strict=True)
    return [Step(axis, p, q, low, high) for (p, low), (q, high) in pairwise(rows)]


def largest_step(line: pd.DataFrame, design: Design, axis: str) -> Step:
    """Of a cut through the design, the step between neighbours that rises most, relatively, within :data:`REACH`."""
    here, reach = position(design, axis), REACH[axis] + 1e-9
    near = [step for step in steps(line, axis) if step.start >= here - reach and step.end <= here + reach]
    return max(near, key=lambda step: step.rise)


def exponents(
    design: Design,
    *,
    cost: str = "mult_adds",
    number_format: str = "float32",
    base: tuple[int, int] = BASE,
) -> pd.DataFrame:
    """The exponents around a design on each axis its network has: a row a step, lower position first.

    Columns: ``axis``, ``between`` (neighbours of the slider, or published), ``start``, ``end``, ``start_cost``,
    ``end_cost``, ``rise``, ``exponent`` and ``law``, the exponent of the power law.
    """
    rows = []
    for axis in axes_of(design.entry):
        line = cut(design, axis, cost=cost, number_format=number_format, base=base)
        costs = dict(zip(line["position"].tolist(), line["cost"].tolist(), strict=True))
        for between, known in (("neighbours", list(costs)), ("published", published_positions(design, axis))):
            for start, end in _around(position(design, axis), [spot for spot in known if spot in costs]):
                step = Step(axis, start, end, costs[start], costs[end])
                rows.append(_row(step, between, COSTS[cost].law[axis]))
    return pd.DataFrame(rows)


def published_positions(design: Design, axis: str) -> list[float]:
    """The published positions of the design's network on an axis, sorted; none on ρ for another aspect ratio."""
    network = design.entry
    if axis == "t":
        return [] if network.t is None else [network.t]
    if axis == "rho" and design.rho is None:
        return []
    return sorted({preset[("alpha", "rho").index(axis)] for preset in network.presets})


def _around(here: float, known: list[float]) -> list[tuple[float, float]]:
    """From the nearest known position below to here, and from here to the nearest above."""
    below, above = known[: bisect_left(known, here)], known[bisect_right(known, here) :]
    return [(spot, here) for spot in below[-1:]] + [(here, spot) for spot in above[:1]]


def _row(step: Step, between: str, law: int) -> dict[str, Any]:
    return {
        "axis": step.axis,
        "between": between,
        "start": step.start,
        "end": step.end,
        "start_cost": step.start_cost,
        "end_cost": step.end_cost,
        "rise": step.rise,
        "exponent": step.exponent,
        "law": law,
    }
