"""Mult-Adds beside parameters by layer kind, as in V1's Table 2."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import by_kind
from analysis.networks.layers import ALL_KINDS
from analysis.plots.style import KIND_TEXT, kind_marker, styled

READABLE = 0.12
"""The least share whose figure fits in its bar on half a page; smaller ones are in the hover."""


def kinds_figure(table: pd.DataFrame, unit: str) -> go.Figure:
    """Two bars of 100 %: where the Mult-Adds are (or what ``unit`` the table counts), and where the parameters."""
    traces = []
    for row in by_kind(table).to_dict("records"):
        kind, shares = row["kind"], [row["params_share"], row["mult_adds_share"]]
        if not any(shares):
            continue
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": ALL_KINDS[kind],
                "y": ["Parameters", unit],
                "x": [100 * share for share in shares],
                "text": [f"{share:.1%}" if share > READABLE else "" for share in shares],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "insidetextfont": {"color": KIND_TEXT[kind]},
                "customdata": [f"{row['params']:,} parameters", f"{row['mult_adds']:,} {unit}"],
                "marker": kind_marker(kind),
                "hovertemplate": f"<b>{ALL_KINDS[kind]}</b>, {row['layers']} layers<br>"
                "%{customdata}, %{x:.2f} %<extra></extra>",
            }
        )
    return styled(
        traces,
        height=230,
        margin={"l": 76, "r": 18, "t": 34, "b": 44},
        barmode="stack",
        xaxis={"title": {"text": "Share of the network (%)"}, "range": [0, 100], "dtick": 20},
        yaxis={},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    )
