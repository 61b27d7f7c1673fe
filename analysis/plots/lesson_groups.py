"""Which input channels an output channel sees in a grouped convolution."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from analysis.lessons.messages import Translate
from analysis.plots.style import GHOST, KIND_COLOURS, styled

MOST_BLOCKS = 256
"""More groups than this are drawn as one line: a block would be finer than a pixel."""


def groups_figure(
    in_channels: int, out_channels: int, groups: int, _: Translate = str, *, height: int = 330
) -> go.Figure:
    """Input channels across, output channels down; a filled block where weights connect the two."""
    depthwise = groups == in_channels == out_channels
    colour = KIND_COLOURS["dw" if depthwise else "conv"]
    return styled(
        [_frame(in_channels, out_channels), _blocks(in_channels, out_channels, groups, colour)],
        height=height,
        margin={"l": 70, "r": 12, "t": 12, "b": 50},
        showlegend=False,
        xaxis={
            "title": {"text": _("Input channels") + f", M = {in_channels:,}"},
            "range": [0, in_channels],
            "showgrid": False,
        },
        yaxis={
            "title": {"text": _("Output channels") + f", N = {out_channels:,}"},
            "range": [out_channels, 0],
            "showgrid": False,
        },
    )


def _frame(in_channels: int, out_channels: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, in_channels, in_channels, 0, 0],
        "y": [0, 0, out_channels, out_channels, 0],
        "line": {"color": GHOST, "width": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _blocks(in_channels: int, out_channels: int, groups: int, colour: str) -> dict[str, Any]:
    """Each group's block on the diagonal."""
    trace: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    if groups > MOST_BLOCKS:
        return trace | {"x": [0, in_channels], "y": [0, out_channels], "line": {"color": colour, "width": 2}}
    wide, high = in_channels // groups, out_channels // groups
    x: list[int | None] = []
    y: list[int | None] = []
    for number in range(groups):
        left, top = number * wide, number * high
        x += [left, left + wide, left + wide, left, left, None]
        y += [top, top, top + high, top + high, top, None]
    return trace | {"x": x, "y": y, "fill": "toself", "fillcolor": colour, "line": {"color": colour, "width": 1}}
