"""A picture of the network: every layer's output as a box scaled to its channels and resolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import in_branch
from analysis.networks.branches import BRANCH
from analysis.plots.bars import Floats, bars_by_kind
from analysis.plots.style import GHOST, KIND_COLOURS, styled


def diagram_figure(table: pd.DataFrame, shortcuts: list[tuple[str, str]]) -> go.Figure:
    """Boxes as high as the map and as wide as the root of its channels; shortcuts (from layer, to layer) as arcs.

    The boxes are the main path: a squeeze-excite branch is a mark under the layer it scales.
    """
    aside = in_branch(table)
    branches, table = table[aside], table[~aside]
    width = np.sqrt(table["out_channels"].to_numpy(float))
    height = table["out_height"].to_numpy(float)
    gap = width.mean() * 0.5
    centre = np.cumsum(width + gap) - width / 2
    traces = bars_by_kind(table, x=centre, y=height, width=width, base=-height / 2)
    if shortcuts:
        traces.append(_arcs(table, centre.tolist(), height.tolist(), shortcuts))
    if len(branches):
        traces.append(_branches(table, centre, height, branches))
    traces.append(_map_sizes(table, centre, height))
    return styled(
        traces,
        height=270,
        margin={"l": 8, "r": 10, "t": 34, "b": 44},
        barmode="overlay",
        xaxis={
            "title": {"text": "Box height: map height, width: √channels"},
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={"visible": False, "range": [-0.52 * height.max(), 0.72 * height.max()]},
    )


def _branches(table: pd.DataFrame, centre: Floats, height: Floats, branches: pd.DataFrame) -> dict[str, Any]:
    """A mark under the depthwise layer of each block that has a branch, with the branch's costs in the hover."""
    blocks = dict(list(branches.groupby("block", sort=False)))
    names, kinds = table["block"].tolist(), table["kind"].tolist()
    rows = [row for row, kind in enumerate(kinds) if kind == "dw" and names[row] in blocks]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Squeeze-excite",
        "x": centre[rows].tolist(),
        "y": (-height[rows] / 2 - height.max() * 0.07).tolist(),
        "hovertext": [_branch_text(names[row], blocks[names[row]]) for row in rows],
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
    sizes = [f"{table['out_height'].iat[int(row)]}×{table['out_width'].iat[int(row)]}" for row in changed]
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


def _arcs(
    table: pd.DataFrame, centre: list[float], height: list[float], shortcuts: list[tuple[str, str]]
) -> dict[str, Any]:
    where = {name: number for number, name in enumerate(table["layer"])}
    x: list[float | None] = []
    y: list[float | None] = []
    for start, end in shortcuts:
        first, last = where[start], where[end]
        top = max(height[first : last + 1]) / 2 + max(height) * 0.05
        x += [centre[first], centre[first], centre[last], centre[last], None]
        y += [height[first] / 2, top, top, height[last] / 2, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Shortcut",
        "x": x,
        "y": y,
        "line": {"width": 1.2, "color": GHOST},
        "hoverinfo": "skip",
    }
