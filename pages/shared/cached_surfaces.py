"""What the page Cost surface computes, kept for all sessions: surfaces, cuts, steps and exponents."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.subjects import Subject
from analysis.networks import Design
from analysis.plots.cut import cut_figure
from analysis.plots.surface import surface_figure
from analysis.tradeoff.surfaces.exponents import Step, cut, exponents, largest_step, published_positions
from analysis.tradeoff.surfaces.surface import PAIRS, Surface, axes_of, cost_surface, held_design
from pages.shared.cached import for_screen, totals


@lru_cache(16)
def _surface(held: Design, pair: str, cost: str, number_format: str, base: tuple[int, int]) -> Surface:
    return cost_surface(held, pair, cost=cost, number_format=number_format, base=base)


def surface(design: Design, pair: str, cost: str, number_format: str, base: tuple[int, int]) -> Surface:
    """The cost surface that the design is on: the same for every design that differs on its axes alone."""
    return _surface(held_design(design, PAIRS[pair], base), pair, cost, number_format, base)


@lru_cache(64)
def surface_chart(
    design: Design, baseline: Subject | None, pair: str, cost: str, number_format: str, base: tuple[int, int]
) -> go.Figure:
    """The heat map with the design and the pinned baseline marked."""
    ground = surface(design, pair, cost, number_format, base)
    pinned = baseline if isinstance(baseline, Design) else None
    return for_screen(surface_figure(ground, design, int(totals(design, number_format)[cost]), pinned))


@lru_cache(64)
def cut_chart(design: Design, axis: str, cost: str, number_format: str, base: tuple[int, int]) -> go.Figure:
    """The cost along one axis through the design."""
    line = cut(design, axis, cost=cost, number_format=number_format, base=base)
    spots = published_positions(design, axis)
    return for_screen(cut_figure(line, axis, design, cost=cost, base=base, spots=spots))


@lru_cache(64)
def largest_steps(design: Design, cost: str, number_format: str, base: tuple[int, int]) -> list[Step]:
    """The largest single step near the design, on each axis its network has."""
    axes = axes_of(design.entry)
    lines = [cut(design, axis, cost=cost, number_format=number_format, base=base) for axis in axes]
    return [largest_step(line, design, axis) for line, axis in zip(lines, axes, strict=True)]


@lru_cache(64)
def exponent_table(design: Design, cost: str, number_format: str, base: tuple[int, int]) -> pd.DataFrame:
    """The exponents between the design and its neighbours."""
    return exponents(design, cost=cost, number_format=number_format, base=base)
