"""Cost per layer, in the network's order, coloured by kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.networks.layers import KINDS
from analysis.plots.style import GHOST, kind_marker, styled


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
    position = np.arange(1, len(table) + 1)
    traces = []
    for kind, name in KINDS.items():
        rows = (table["kind"] == kind).to_numpy()
        if not rows.any():
            continue
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": position[rows],
                "y": table.loc[rows, axis.column].to_numpy() / axis.unit,
                "customdata": hover_data(table[rows]),
                "width": 0.86,
                "marker": kind_marker(kind),
                "hovertemplate": HOVER,
            }
        )
    if baseline is not None:
        matched = baseline.set_index("layer")[axis.column].reindex(table["layer"]).to_numpy(float) / axis.unit
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "Pinned baseline",
                "x": position,
                "y": [None if np.isnan(value) else value for value in matched],
                "line": {"shape": "hvh", "width": 1.5, "color": GHOST},
                "hoverinfo": "skip",
            }
        )
    return styled(
        traces,
        height=340,
        barmode="overlay",
        xaxis={"title": "Layer, from input to output", "range": [0.3, len(table) + 0.7]},
        yaxis={"title": axis.title, "rangemode": "tozero"},
    )


HOVER = (
    "<b>%{customdata[0]}</b><br>%{customdata[1]} → %{customdata[2]}<br>"
    "%{customdata[3]} Mult-Adds (%{customdata[4]})<br>%{customdata[5]} parameters (%{customdata[6]})"
    "<br><i>%{customdata[7]}</i><extra></extra>"
)


def hover_data(table: pd.DataFrame) -> list[list[str]]:
    """What a layer's hover says: name, maps, Mult-Adds, parameters, shares and the formula with numbers."""
    return [
        [
            row["layer"],
            f"{row['in_channels']}×{row['in_height']}×{row['in_width']}",
            f"{row['out_channels']}×{row['out_height']}×{row['out_width']}",
            f"{row['mult_adds']:,}",
            f"{row['mult_adds_share']:.2%}",
            f"{row['params']:,}",
            f"{row['params_share']:.2%}",
            row["formula"],
        ]
        for row in table.to_dict("records")
    ]
