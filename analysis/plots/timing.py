"""Milliseconds beside Mult-Adds by kind of layer: two bars of 100 %."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.lessons.messages import Translate
from analysis.networks.layers import KINDS
from analysis.plots.style import KIND_TEXT, kind_marker, styled


def timing_figure(table: pd.DataFrame, _: Translate = str) -> go.Figure:
    """Where the Mult-Adds are, and where the time went: :func:`analysis.lessons.timing.timing_table` by kind."""
    traces = []
    for row in table.to_dict("records"):
        kind, shares = row["kind"], [row["ms_share"], row["mult_adds_share"]]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": _(KINDS[kind]),
                "y": [_("Milliseconds"), "Mult-Adds"],
                "x": [100 * share for share in shares],
                "text": [f"{share:.0%}" if share > 0.05 else "" for share in shares],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "insidetextfont": {"color": KIND_TEXT[kind]},
                "customdata": [f"{row['ms']:.2f} ms", f"{row['mult_adds']:,} Mult-Adds"],
                "marker": kind_marker(kind),
                "hovertemplate": f"<b>{_(KINDS[kind])}</b><br>%{{customdata}}, %{{x:.1f}} %<extra></extra>",
            }
        )
    return styled(
        traces,
        height=230,
        margin={"l": 92, "r": 18, "t": 34, "b": 44},
        barmode="stack",
        xaxis={"title": {"text": _("Share of all layers (%)")}, "range": [0, 100], "dtick": 20},
        yaxis={},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    )
