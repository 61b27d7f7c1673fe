"""Cost per layer, in the network's order, coloured by kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.cost.quantities import QUANTITIES, Quantity
from analysis.plots.bars import Floats, bars_by_kind
from analysis.plots.style import GHOST, styled


def layers_figure(table: pd.DataFrame, quantity: str, baseline: pd.DataFrame | None = None) -> go.Figure:
    """A bar a layer from input to output; the baseline's values stand as a grey line where layers share a name."""
    axis = QUANTITIES[quantity]
    position = np.arange(1.0, len(table) + 1)
    value = table[axis.column].to_numpy(float) / axis.unit
    traces = bars_by_kind(table, x=position, y=value, width=np.full(len(table), 0.86))
    if baseline is not None:
        traces.append(_baseline(table, position, baseline, axis))
    return styled(
        traces,
        height=340,
        barmode="overlay",
        xaxis={"title": {"text": "Layer, from input to output"}, "range": [0.3, len(table) + 0.7], "showgrid": False},
        yaxis={"title": {"text": axis.title}, "rangemode": "tozero"},
    )


def _baseline(table: pd.DataFrame, position: Floats, baseline: pd.DataFrame, axis: Quantity) -> dict[str, Any]:
    value = dict(zip(baseline["layer"], baseline[axis.column], strict=True))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Pinned baseline",
        "x": position.tolist(),
        "y": [value[layer] / axis.unit if layer in value else None for layer in table["layer"]],
        "line": {"shape": "hvh", "width": 1.5, "color": GHOST},
        "hoverinfo": "skip",
    }
