"""The cost of several designs along their depth, a line each, in its own colour and pattern."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.comparison.compared import Entry
from analysis.comparison.profile import DEPTHS, profile
from analysis.cost.quantities import QUANTITIES
from analysis.plots.style import styled


def compare_profile_figure(
    entries: Sequence[Entry], tables: Sequence[pd.DataFrame], *, depth: str, quantity: str, cumulative: bool
) -> go.Figure:
    """A line a design over one of :data:`DEPTHS`; ``tables`` are the layer tables, without ``attrs``."""
    pairs = zip(entries, tables, strict=True)
    traces = [_trace(entry, table, depth, quantity, cumulative) for entry, table in pairs]
    title = QUANTITIES[quantity].title
    return styled(
        traces,
        height=420,
        margin={"l": 64, "r": 16, "t": 34, "b": 48},
        xaxis={"title": {"text": DEPTHS[depth].title}, "rangemode": "tozero"},
        yaxis={"title": {"text": f"{title}, so far" if cumulative else title}, "rangemode": "tozero"},
    )


def _trace(entry: Entry, table: pd.DataFrame, depth: str, quantity: str, cumulative: bool) -> dict[str, Any]:
    x, y = profile(table, depth, quantity, cumulative=cumulative)
    layers = [html.escape(name) for name in table["layer"]] if len(x) else []
    name = f"{entry.letter} {html.escape(entry.label)}"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "customdata": layers,
        "line": {"color": entry.mark.colour, "dash": entry.mark.dash, "width": 2},
        "hovertemplate": f"<b>{name}</b><br>%{{customdata}}<br>%{{y:,.6~g}} at %{{x:,.6~g}}<extra></extra>",
    }
