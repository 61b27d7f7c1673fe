"""Cost per layer, in the network's order, coloured by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.bars import Floats, bars_by_kind
from analysis.plots.style import GHOST, styled


@dataclass(frozen=True)
class Quantity:
    """A column of the layer table as an axis: its title with unit, and what one axis unit is."""

    column: str
    title: str
    unit: float


QUANTITIES = {
    "Mult-Adds": Quantity("mult_adds", "Mult-Adds (millions)", 1e6),
    "Parameters": Quantity("params", "Parameters (thousands)", 1e3),
    "Activations": Quantity("activations", "Output elements (thousands)", 1e3),
}


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
