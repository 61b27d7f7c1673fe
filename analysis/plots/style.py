"""One look for every chart: the colour and pattern of a layer kind, margins, hover and image export."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import plotly.graph_objects as go

KIND_COLOURS: dict[str, str] = {
    "conv": "#009E73",
    "dw": "#E69F00",
    "pw": "#0072B2",
    "pool": "#8C8C8C",
    "fc": "#CC79A7",
    "dropout": "#F0E442",
    "matmul": "#D55E00",
    "norm": "#56B4E9",
    "other": "#B8B8B8",
}
"""Okabe and Ito's palette, which colour-blind readers tell apart; the same for a kind everywhere."""

KIND_TEXT: dict[str, str] = {
    **dict.fromkeys(("conv", "pw", "pool", "matmul"), "white"),
    **dict.fromkeys(("dw", "fc", "dropout", "norm", "other"), "black"),
}
"""What is readable on each colour."""

KIND_PATTERNS: dict[str, str] = {
    **{"conv": "x", "dw": "/", "pw": "", "pool": "-", "fc": ".", "dropout": "-"},
    **{"matmul": "+", "norm": "|", "other": "\\"},
}
"""A second sign beside the colour."""

NETWORK_COLOURS = {
    "mobilenet_v1": "#D55E00",
    "mobilenet_v2": "#0072B2",
    "mobilenet_v3_large": "#009E73",
    "mobilenet_v3_small": "#56B4E9",
    "mnasnet_a1": "#E69F00",
    "mobilenet_v1_full_conv": "#A6761D",
    "mobilenet_v1_shallow": "#999933",
    "vgg16": "#CC79A7",
    "pd_lenet": "#882255",
    "pd_light": "#332288",
}
"""Okabe and Ito's palette; two variants of V1 that are a point each, and networks without any, take others."""

NETWORK_SYMBOLS = {
    "mobilenet_v1": "square",
    "mobilenet_v2": "circle",
    "mobilenet_v3_large": "diamond",
    "mobilenet_v3_small": "triangle-up",
    "mnasnet_a1": "cross",
    "mobilenet_v1_full_conv": "pentagon",
    "mobilenet_v1_shallow": "hexagon",
    "vgg16": "star",
    "pd_lenet": "hourglass",
    "pd_light": "bowtie",
}
"""A second sign beside the colour, one a network."""

HERE = "#CC3311"
"""The current design's mark."""

GHOST = "rgba(128,128,128,0.9)"
"""The pinned baseline and other references."""


def kind_marker(kind: str) -> dict[str, Any]:
    """Marker of a bar of that kind."""
    pattern = {
        "shape": KIND_PATTERNS[kind],
        "fillmode": "overlay",
        "size": 5,
        "solidity": 0.25,
        "fgcolor": "rgba(255,255,255,0.7)",
    }
    return {"color": KIND_COLOURS[kind], "pattern": pattern, "line": {"width": 0}}


TEXT = "#31333F"
FAINT = "rgba(128,128,128,0.22)"
AXIS: dict[str, Any] = {"gridcolor": FAINT, "zerolinecolor": FAINT, "zeroline": False}
AXIS |= {"ticklabelstandoff": 4}


def styled(traces: list[dict[str, Any]], *, height: int, **layout: Any) -> go.Figure:
    """A figure with the project's layout, drawn for a light page and for print; the app's stylesheet adapts it to dark.

    Two things make a redraw cheap in the browser: values are plain lists, and ``datarevision`` is new if and only if
    they are. Plotly's validation is left to the tests, which build every chart with it: it takes most of the time.
    """
    base: dict[str, Any] = {
        "template": {},  # else plotly copies its default in
        "height": height,
        "margin": {"l": 56, "r": 10, "t": 34, "b": 44},
        "font": {"family": '"Source Sans", "Helvetica Neue", Arial, sans-serif', "size": 13, "color": TEXT},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#8C8C8C", "activecolor": "#0072B2"},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemsizing": "constant"},
        "hoverlabel": {"align": "left"},
        "bargap": 0.15,
        "datarevision": hashlib.blake2b(orjson.dumps(traces), digest_size=8).hexdigest(),
    }
    axes = {name: _axis(layout[name]) for name in ("xaxis", "yaxis") if name in layout}
    return go.Figure({"data": traces, "layout": base | layout | axes}, _validate=False)


def _axis(axis: dict[str, Any]) -> dict[str, Any]:
    title = axis.get("title", {}) | {"font": {"size": 13}, "standoff": 8}
    return AXIS | axis | {"title": title}


IMAGE_FORMATS = ("svg", "png")


ZOOMS = ("zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d")


def chart_config(name: str, image_format: str, *, selects: bool = False) -> dict[str, Any]:
    """The chart's own menu: an image in the format chosen, at twice the size; no logo; a drag that zooms or selects."""
    removed = ("lasso2d", "autoScale2d", *(ZOOMS if selects else ("select2d",)))
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": image_format, "filename": name, "scale": 2},
        "modeBarButtonsToRemove": list(removed),
        "responsive": True,
        "doubleClick": False if selects else "reset+autosize",
    }
