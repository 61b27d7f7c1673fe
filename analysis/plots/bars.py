"""A bar a layer: the traces that the profile and the picture of the network share."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.networks.layers import ALL_KINDS
from analysis.plots.style import kind_marker

Floats: TypeAlias = NDArray[np.float64]


def bars_by_kind(
    table: pd.DataFrame, *, x: Floats, y: Floats, width: Floats, base: Floats | None = None
) -> list[dict[str, Any]]:
    """A bar trace for each kind of layer in the table, with the layer's numbers and formula in the hover."""
    hover, kinds = hover_texts(table), table["kind"].to_numpy()
    traces = []
    for kind, name in ALL_KINDS.items():
        rows = np.flatnonzero(kinds == kind)
        if not rows.size:
            continue
        trace = {
            "type": "bar",
            "name": name,
            "x": x[rows].tolist(),
            "y": y[rows].tolist(),
            "width": width[rows].tolist(),
            "hovertext": [hover[row] for row in rows],
            "hoverinfo": "text",
            "marker": kind_marker(kind),
        }
        traces.append(trace if base is None else trace | {"base": base[rows].tolist()})
    return traces


def hover_texts(table: pd.DataFrame) -> list[str]:
    """What a layer's hover says: name, maps, Mult-Adds, parameters, shares and the formula with numbers."""
    columns = (table[name].tolist() for name in HOVER_COLUMNS)
    return [
        f"<b>{name}</b><br>{c}×{h}×{w} → {n}×{oh}×{ow}<br>{cost:,} Mult-Adds ({share:.2%})<br>"
        f"{params:,} parameters ({part:.2%})<br><i>{formula}</i>"
        for name, c, h, w, n, oh, ow, cost, share, params, part, formula in zip(*columns, strict=True)
    ]


HOVER_COLUMNS = (
    "layer",
    "in_channels",
    "in_height",
    "in_width",
    "out_channels",
    "out_height",
    "out_width",
    "mult_adds",
    "mult_adds_share",
    "params",
    "params_share",
    "formula",
)
