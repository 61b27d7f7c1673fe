"""A picture of the network: every layer's output as a box scaled to its channels and resolution."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import in_branch, on_shortcut
from analysis.networks.branches import BRANCH
from analysis.plots.bars import Floats, bars_by_kind, hover_texts
from analysis.plots.style import GHOST, KIND_COLOURS, styled


def diagram_figure(table: pd.DataFrame, shortcuts: list[tuple[str, str]]) -> go.Figure:
    """Boxes as high as the map and as wide as the root of its channels; shortcuts (from layer, to layer) as arcs.

    The boxes are the main path: a squeeze-excite branch is a mark under the layer it scales, and the convolution of a
    shortcut one on its arc.
    """
    aside, beside = in_branch(table), on_shortcut(table)
    path = ~(aside | beside)
    scaled = dict(zip(table["block"][aside], (np.cumsum(path) - 1)[aside].tolist(), strict=True))
    whole, table = table, table[path]
    width = np.sqrt(table["out_channels"].to_numpy(float))
    height = table["out_height"].to_numpy(float)
    gap = float(width.mean()) * 0.5
    centre = np.cumsum(width + gap) - width / 2
    traces = bars_by_kind(table, x=centre, y=height, width=width, base=-height / 2)
    arcs = _arcs(table, centre, height, shortcuts)
    if arcs:
        traces.append(_arc_lines(arcs))
    if beside.any():
        traces.append(_projections(arcs, whole[beside]))
    if scaled:
        traces.append(_branches(centre, height, scaled, whole[aside]))
    traces.append(_map_sizes(table, centre, height))
    return styled(
        traces,
        height=270,
        margin={"l": 8, "r": 10, "t": 34, "b": 44},
        barmode="overlay",
        xaxis={
            "title": {"text": "Box height: map height, width: √channels"},
            "range": [-gap, float(centre[-1] + width[-1] / 2 + gap)],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={"visible": False, "range": [-0.52 * height.max(), 0.72 * height.max()]},
    )


def _branches(centre: Floats, height: Floats, scaled: dict[str, int], branches: pd.DataFrame) -> dict[str, Any]:
    """A mark under the layer that each block's branch scales, with the branch's costs in the hover."""
    rows = list(scaled.values())
    blocks = dict(list(branches.groupby("block", sort=False)))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Squeeze-excite",
        "x": centre[rows].tolist(),
        "y": (-height[rows] / 2 - height.max() * 0.07).tolist(),
        "hovertext": [_branch_text(block, blocks[block]) for block in scaled],
        "hoverinfo": "text",
        "marker": {"symbol": "triangle-up", "size": 7, "color": KIND_COLOURS["fc"]},
    }


def _branch_text(block: str, branch: pd.DataFrame) -> str:
    widths = " → ".join(f"{channels:,}" for channels in branch["out_channels"].tolist())
    return (
        f"<b>{block}.{BRANCH}</b><br>Squeeze-excite: pool, reduce, expand to a gate for each channel: {widths}<br>"
        f"{branch['mult_adds'].sum():,} Mult-Adds ({branch['mult_adds_share'].sum():.2%})<br>"
        f"{branch['params'].sum():,} parameters ({branch['params_share'].sum():.2%})"
    )


def _map_sizes(table: pd.DataFrame, centre: Floats, height: Floats) -> dict[str, Any]:
    """The map's size where it changes, above the first box of that size."""
    changed = np.flatnonzero(np.diff(height, prepend=0) != 0)
    heights, widths = table["out_height"].to_numpy(), table["out_width"].to_numpy()
    sizes = [f"{heights[row]}×{widths[row]}" for row in changed]
    return {
        "type": "scatter",
        "mode": "text",
        "x": centre[changed].tolist(),
        "y": (height[changed] / 2 + height.max() * 0.11).tolist(),
        "text": sizes,
        "textfont": {"size": 11},
        "textposition": "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


class _Arc(NamedTuple):
    """A shortcut: from the middle of one box's top to another's, over all boxes between."""

    start: float
    end: float
    heights: tuple[float, float]
    top: float


def _arcs(table: pd.DataFrame, centre: Floats, height: Floats, shortcuts: list[tuple[str, str]]) -> dict[str, _Arc]:
    """Each shortcut's arc, by the block it is in."""
    where = {name: number for number, name in enumerate(table["layer"].tolist())}
    blocks: list[str] = table["block"].tolist()
    arcs: dict[str, _Arc] = {}
    for start, end in shortcuts:
        first, last = where[start], where[end]
        top = height[first : last + 1].max() / 2 + height.max() * 0.05
        ends = float(height[first]) / 2, float(height[last]) / 2
        arcs[blocks[first]] = _Arc(float(centre[first]), float(centre[last]), ends, float(top))
    return arcs


def _arc_lines(arcs: dict[str, _Arc]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Shortcut",
        "x": [x for arc in arcs.values() for x in (arc.start, arc.start, arc.end, arc.end, None)],
        "y": [y for arc in arcs.values() for y in (arc.heights[0], arc.top, arc.top, arc.heights[1], None)],
        "line": {"width": 1.2, "color": GHOST},
        "hoverinfo": "skip",
    }


def _projections(arcs: dict[str, _Arc], projections: pd.DataFrame) -> dict[str, Any]:
    """A mark in the middle of each shortcut that is a convolution, with its costs in the hover."""
    on = [arcs[block] for block in projections["block"]]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Convolution on a shortcut",
        "x": [(arc.start + arc.end) / 2 for arc in on],
        "y": [arc.top for arc in on],
        "hovertext": hover_texts(projections),
        "hoverinfo": "text",
        "marker": {"symbol": "square", "size": 7, "color": KIND_COLOURS["pw"]},
    }
