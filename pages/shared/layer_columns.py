"""The layer table's columns as a page shows them: a header in plain words, whose help names the column in files."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.conventions import CONVENTIONS
from analysis.cost.table import COLUMNS

HEADERS = {
    "layer": "Layer",
    "block": "Block",
    "kind": "Kind",
    "kernel": "Kernel",
    "stride": "Stride",
    "groups": "Groups",
    "in_channels": "Channels in",
    "in_height": "Height in",
    "in_width": "Width in",
    "out_channels": "Channels out",
    "out_height": "Height out",
    "out_width": "Width out",
    "mult_adds": "Mult-Adds",
    "mult_adds_share": "Share of Mult-Adds",
    "params": "Parameters",
    "params_share": "Share of parameters",
    "activations": "Activations",
    "weight_bytes": "Weight bytes",
    "receptive_field": "Receptive field",
    "weights": "Weights",
    "formula": "Formula",
}
"""A header for every column of the layer table."""

MORE = {
    "fvcore_mult_adds": ("Mult-Adds by fvcore", "What fvcore counted for this layer"),
    "layers": ("Layers", "How many layers were added up"),
    "weights_share": ("Share of weights", "Share of the network's weights, 0 to 1"),
}
"""Columns that only the pages and the roll-ups have: header and what it holds."""

COUNTS = ("mult_adds", "fvcore_mult_adds", "params", "weights", "activations", "weight_bytes")
SHARES = ("mult_adds_share", "params_share", "weights_share")


def header(name: str, convention: str = "papers") -> str:
    """The column's name in plain words; a count is named by the unit and the tool of its convention."""
    if convention != "papers" and name in ("mult_adds", "mult_adds_share"):
        counts = f"{CONVENTIONS[convention].unit} ({CONVENTIONS[convention].label})"
        return counts if name == "mult_adds" else f"Share of {counts}"
    return HEADERS[name] if name in HEADERS else MORE[name][0]


def column_settings(units: str = "exact", convention: str = "papers") -> dict[str, Any]:
    """Header and help of every column, and how its numbers are written: exact or in millions, shares in percent."""
    written = dict.fromkeys(COUNTS, "localized" if units == "exact" else "%.3f M")
    written |= dict.fromkeys(SHARES, "percent")
    settings: dict[str, Any] = {}
    for name in (*HEADERS, *MORE):
        about = f"{COLUMNS[name] if name in COLUMNS else MORE[name][1]}. In files: {name}."
        label = header(name, convention)
        settings[name] = (
            st.column_config.NumberColumn(label, help=about, format=written[name])
            if name in written
            else st.column_config.Column(label, help=about)
        )
    return settings


def written(table: pd.DataFrame, units: str) -> pd.DataFrame:
    """The table with its counts in the units chosen."""
    scaled = [name for name in COUNTS if name in table and units == "M"]
    return table.assign(**{name: table[name].astype("Float64") / 1e6 for name in scaled})
