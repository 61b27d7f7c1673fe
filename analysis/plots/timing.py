"""Milliseconds beside Mult-Adds by kind of layer: two bars of 100 %."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.lessons.messages import Translate
from analysis.networks.layers import KINDS
from analysis.plots.shares import share_bar, shares_figure


def timing_figure(table: pd.DataFrame, _: Translate = str) -> go.Figure:
    """Where the Mult-Adds are, and where the time went: :func:`analysis.lessons.timing.timing_table` by kind."""
    bars = [
        share_bar(
            kind,
            _(KINDS[kind]),
            (_("Milliseconds"), "Mult-Adds"),
            (row["ms_share"], row["mult_adds_share"]),
            counts=(f"{row['ms']:.2f} ms", f"{row['mult_adds']:,} Mult-Adds"),
            hover=f"<b>{_(KINDS[kind])}</b>",
            digits=0,
            least=0.05,
        )
        for kind, row in zip(table["kind"], table.to_dict("records"), strict=True)
    ]
    return shares_figure(bars, title=_("Share of all layers (%)"), left=92)
