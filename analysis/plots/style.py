"""One look for every chart: the colour and pattern of a layer kind, margins, hover and image export."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from analysis.networks.layers import Kind

KIND_COLOURS: dict[Kind, str] = {
    "conv": "#009E73",
    "dw": "#E69F00",
    "pw": "#0072B2",
    "pool": "#8C8C8C",
    "fc": "#CC79A7",
}
"""Okabe and Ito's palette, which colour-blind readers tell apart; the same for a kind everywhere."""

KIND_TEXT: dict[Kind, str] = {"conv": "white", "dw": "black", "pw": "white", "pool": "white", "fc": "black"}
"""What is readable on each colour."""

KIND_PATTERNS: dict[Kind, str] = {"conv": "x", "dw": "/", "pw": "", "pool": "-", "fc": "."}
"""A second sign beside the colour."""

NETWORK_COLOURS = {"mobilenet_v1": "#D55E00", "mobilenet_v2": "#0072B2"}
NETWORK_SYMBOLS = {"mobilenet_v1": "square", "mobilenet_v2": "circle"}
HERE = "#CC3311"
"""The current design's mark."""

GHOST = "rgba(128,128,128,0.9)"
"""The pinned baseline and other references."""


def kind_marker(kind: Kind) -> dict[str, Any]:
    """Marker of a bar of that kind."""
    pattern = {
        "shape": KIND_PATTERNS[kind],
        "fillmode": "overlay",
        "size": 5,
        "solidity": 0.25,
        "fgcolor": "rgba(255,255,255,0.7)",
    }
    return {"color": KIND_COLOURS[kind], "pattern": pattern, "line": {"width": 0}}


def styled(traces: list[dict[str, Any]], *, height: int, **layout: Any) -> go.Figure:
    """A figure with the project's layout; the page's theme gives font and background.

    Plotly's validation is left to the tests, which build every chart with it: it takes six times as long as the rest.
    """
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemsizing": "constant"},
        "hoverlabel": {"align": "left"},
        "bargap": 0.15,
    }
    return go.Figure({"data": traces, "layout": base | layout}, _validate=False)


IMAGE_FORMATS = ("svg", "png")


def chart_config(name: str, image_format: str) -> dict[str, Any]:
    """The chart's own menu: an image in the format chosen, at twice the size; no logo."""
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": image_format, "filename": name, "scale": 2},
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
        "responsive": True,
    }
