"""Parameters of a standard convolution beside those of the two layers that replace it."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from analysis.lessons.messages import Translate, marked
from analysis.lessons.parameters import Parameters
from analysis.networks.layers import KINDS, Kind
from analysis.plots.style import kind_marker, styled

BARS = (marked("Standard"), marked("Separable"))


def parameters_figure(found: Parameters, _: Translate = str, *, height: int = 220) -> go.Figure:
    """One bar for the standard convolution, one for depthwise and pointwise together; exact counts in the hover."""
    values: dict[Kind, tuple[int, int]] = {
        "conv": (found.standard.value, 0),
        "dw": (0, found.depthwise.value),
        "pw": (0, found.pointwise.value),
    }
    return styled(
        [_bar(kind, counts, _) for kind, counts in values.items()],
        height=height,
        margin={"l": 84, "r": 14, "t": 34, "b": 48},
        barmode="stack",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={"title": {"text": _("Parameters")}},
        yaxis={"autorange": "reversed", "fixedrange": True},
    )


def _bar(kind: Kind, counts: tuple[int, int], _: Translate) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": _(KINDS[kind]),
        "y": [_(bar) for bar in BARS],
        "x": list(counts),
        "marker": kind_marker(kind),
        "hovertext": [f"{_(KINDS[kind])}: {count:,}" for count in counts],
        "hoverinfo": "text",
    }
