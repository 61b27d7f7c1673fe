"""Which tensors are alive at each layer of an inverted residual: a stacked bar a layer."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.lessons.inverted import PARTS, ROLES, Part
from analysis.lessons.messages import Translate
from analysis.plots.style import GHOST, styled

COLOURS: dict[Part, str] = {
    "input": "#0072B2",
    "expanded": "#E69F00",
    "filtered": "#F0E442",
    "output": "#009E73",
    "shortcut": "#56B4E9",
}
PATTERNS: dict[Part, str] = {"input": "", "expanded": "/", "filtered": "\\", "output": "x", "shortcut": "."}
PATTERN = {"fillmode": "overlay", "size": 6, "solidity": 0.2, "fgcolor": "rgba(49,51,63,0.6)"}


def alive_figure(table: pd.DataFrame, between: int, _: Translate = str) -> go.Figure:
    """Elements alive by layer, from :func:`analysis.lessons.inverted.alive_table`, and what stands between blocks."""
    layers = list(dict.fromkeys(table["layer"]))
    traces: list[dict[str, Any]] = []
    for part, name in PARTS.items():
        rows = table[table["part"] == part]
        if rows.empty:
            continue
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": _(name),
                "y": [_(ROLES[layer]) for layer in rows["layer"]],
                "x": rows["elements"].tolist(),
                "customdata": rows["channels"].tolist(),
                "marker": {"color": COLOURS[part], "pattern": PATTERN | {"shape": PATTERNS[part]}},
                "hovertemplate": f"<b>{_(name)}</b><br>%{{x:,}} = %{{customdata}} · h · w<extra></extra>",
            }
        )
    line = {"type": "line", "x0": between, "x1": between, "yref": "paper", "y0": 0, "y1": 1}
    note = {"x": between, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return styled(
        traces,
        height=300,
        margin={"l": 140, "r": 18, "t": 76, "b": 44},
        barmode="stack",
        xaxis={"title": {"text": _("Elements alive at once")}, "rangemode": "tozero"},
        yaxis={"categoryorder": "array", "categoryarray": [_(ROLES[layer]) for layer in reversed(layers)]},
        legend={"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom", "traceorder": "normal"},
        shapes=[line | {"line": {"color": GHOST, "width": 2, "dash": "dot"}}],
        annotations=[note | {"text": _("Between blocks")}],
    )
