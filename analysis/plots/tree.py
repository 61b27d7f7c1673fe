"""Network → block → layer as a treemap of Mult-Adds."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import by_block
from analysis.networks.layers import ALL_KINDS
from analysis.plots.style import KIND_COLOURS, KIND_TEXT, styled

BLOCK_COLOUR = "#6B6B6B"
"""Solid, so that the labels on it are readable on a light page and a dark one."""
LEAST_SHARE = 0.01
"""Of the network; what is smaller has no room for letters that can be read, and is named in the hover."""


def tree_figure(table: pd.DataFrame, title: str) -> go.Figure:
    """Areas are Mult-Adds; a click opens a block, a layer has its kind's colour, the hover gives its formula."""
    columns = (table[name].tolist() for name in ("layer", "block", "kind", "mult_adds", "formula"))
    layers = [row for row in zip(*columns, strict=True) if row[3]]
    rolled = by_block(table)
    costs = zip(rolled["block"].tolist(), rolled["mult_adds"].tolist(), strict=True)
    blocks = {block: cost for block, cost in costs if cost}
    whole = {layer: (kind, formula) for layer, block, kind, _, formula in layers if layer == block}
    nodes = [(title, title, "", sum(blocks.values()), "", None)]
    for block, cost in blocks.items():
        kind, formula = whole.get(block, (None, ""))
        nodes.append((block, block, title, cost, formula, kind))
    for layer, block, kind, cost, formula in layers:
        if layer != block:
            text = f"{ALL_KINDS[kind]}: {formula}"
            nodes.append((layer, layer.removeprefix(f"{block}."), block, cost, text, kind))
    ids, labels, parents, values, texts, kinds = (list(column) for column in zip(*nodes, strict=True))
    trace = {
        "type": "treemap",
        "branchvalues": "total",
        "ids": ids,
        "labels": labels,
        "parents": parents,
        "values": values,
        "hovertext": [
            f"<b>{name}</b><br>{value:,} Mult-Adds, {value / values[0]:.2%}<br><i>{text}</i>"
            for name, value, text in zip(ids, values, texts, strict=True)
        ],
        "hoverinfo": "text",
        "textfont": {"color": [KIND_TEXT[kind] if kind else "white" for kind in kinds]},
        "marker": {
            "colors": [KIND_COLOURS[kind] if kind else BLOCK_COLOUR for kind in kinds],
            "line": {"width": 1},
            "pad": {"t": 18, "l": 2, "r": 2, "b": 2},
        },
        "texttemplate": [
            "%{label}<br>%{percentRoot:.1%}" if value >= LEAST_SHARE * values[0] else "" for value in values
        ],
        "tiling": {"pad": 1},
    }
    return styled([trace], height=340, margin={"l": 0, "r": 0, "t": 4, "b": 4})
