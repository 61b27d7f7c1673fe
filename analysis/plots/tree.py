"""Network → block → layer as a treemap of Mult-Adds."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.table import by_block
from analysis.networks.layers import KINDS
from analysis.plots.style import KIND_COLOURS, styled

BLOCK_COLOUR = "#6B6B6B"
"""Solid, so that the labels on it are readable on a light page and a dark one."""


def tree_figure(table: pd.DataFrame, title: str) -> go.Figure:
    """Areas are Mult-Adds; a click opens a block, a layer has its kind's colour, the hover gives its formula."""
    costly = table[table["mult_adds"] > 0]
    blocks = by_block(costly)
    inner = costly[costly["layer"] != costly["block"]]
    single = costly.set_index("block").loc[lambda frame: frame["layer"] == frame.index]
    block_formula = [single["formula"].get(block, "") for block in blocks["block"]]
    block_colour = [
        KIND_COLOURS[single["kind"][block]] if block in single.index else BLOCK_COLOUR for block in blocks["block"]
    ]
    total = int(costly["mult_adds"].sum())
    trace = {
        "type": "treemap",
        "branchvalues": "total",
        "ids": [title, *blocks["block"], *inner["layer"]],
        "labels": [title, *blocks["block"], *(name.split(".")[-1] for name in inner["layer"])],
        "parents": ["", *[title] * len(blocks), *inner["block"]],
        "values": [total, *blocks["mult_adds"], *inner["mult_adds"]],
        "customdata": [
            [f"{total:,}", ""],
            *([f"{value:,}", text] for value, text in zip(blocks["mult_adds"], block_formula, strict=True)),
            *(
                [f"{value:,}", f"{KINDS[kind]}: {text}"]
                for value, kind, text in zip(inner["mult_adds"], inner["kind"], inner["formula"], strict=True)
            ),
        ],
        "marker": {
            "colors": [BLOCK_COLOUR, *block_colour, *(KIND_COLOURS[kind] for kind in inner["kind"])],
            "line": {"width": 1},
            "pad": {"t": 18, "l": 2, "r": 2, "b": 2},
        },
        "texttemplate": "%{label}<br>%{percentRoot:.1%}",
        "hovertemplate": "<b>%{id}</b><br>%{customdata[0]} Mult-Adds, %{percentRoot:.2%}"
        "<br><i>%{customdata[1]}</i><extra></extra>",
        "tiling": {"pad": 1},
    }
    return styled([trace], height=340, margin={"l": 0, "r": 0, "t": 4, "b": 4})
