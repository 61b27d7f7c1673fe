"""Mult-Adds beside parameters by layer kind, as in V1's Table 2."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import by_kind
from analysis.networks.layers import ALL_KINDS
from analysis.plots.shares import share_bar, shares_figure

READABLE = 0.12
"""The least share whose figure fits in its bar on half a page; smaller ones are in the hover."""


def kinds_figure(table: pd.DataFrame, unit: str) -> go.Figure:
    """Two bars of 100 %: where the Mult-Adds are (or what ``unit`` the table counts), and where the parameters."""
    bars = [
        share_bar(
            row["kind"],
            ALL_KINDS[row["kind"]],
            ("Parameters", unit),
            (row["params_share"], row["mult_adds_share"]),
            counts=(f"{row['params']:,} parameters", f"{row['mult_adds']:,} {unit}"),
            hover=f"<b>{ALL_KINDS[row['kind']]}</b>, {row['layers']} layers",
            digits=1,
            least=READABLE,
        )
        for row in by_kind(table).to_dict("records")
        if row["params_share"] or row["mult_adds_share"]
    ]
    return shares_figure(bars, title="Share of the network (%)", left=76)
