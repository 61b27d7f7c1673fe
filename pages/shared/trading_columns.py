"""How the Trade-off page's tables write their columns: points with printed and computed figures apart, and fits."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.tradeoff.fit import LEVEL

LISTED_COLUMNS: dict[str, Any] = {
    "checkpoint": st.column_config.TextColumn("Name", pinned=True),
    "top1": st.column_config.NumberColumn("Top-1 % (printed)", format="%.1f"),
    "mult_adds": st.column_config.NumberColumn("Mult-Adds (computed)", format="localized"),
    "alpha": st.column_config.NumberColumn("α", format="plain"),
    "resolution": "px",
    "t": "t",
    "params": st.column_config.NumberColumn("Parameters (computed)", format="localized"),
    "peak_activation_bytes": st.column_config.NumberColumn("Peak activations, bytes (computed)", format="localized"),
    "weight_bytes": st.column_config.NumberColumn("Weights, bytes (computed)", format="localized"),
    "top5": st.column_config.NumberColumn("Top-5 % (printed)", format="%.1f"),
    "quantised_top1": st.column_config.NumberColumn("8-bit top-1 % (printed)", format="%.1f"),
    "fake_quantised_top1": st.column_config.NumberColumn("Fake-quantised top-1 % (printed)", format="%.1f"),
    "pixel1_ms": st.column_config.NumberColumn("Pixel 1, ms (printed)", format="%.1f"),
    "pixel2_ms": st.column_config.NumberColumn("Pixel 2, ms (printed)", format="%.1f"),
    "pixel3_ms": st.column_config.NumberColumn("Pixel 3, ms (printed)", format="%.1f"),
    "printed_million_mult_adds": st.column_config.NumberColumn("Mult-Adds, millions (printed)", format="%d"),
    "printed_million_params": st.column_config.NumberColumn("Parameters, millions (printed)", format="%.2f"),
    "family": "Network",
    "training": "Training",
    "group": "Published as",
    "note": "Note",
    "source": "Source",
}
"""Of the points."""

_SLOPE = "Points of top-1 bought by {} the Mult-Adds{}."
_FIGURES: dict[str, tuple[str, str]] = {
    "Points per doubling": ("Per doubling", _SLOPE.format("twice", "")),
    "Points per decade": ("Per decade", _SLOPE.format("ten times", "")),
    "Through α, points per doubling": ("α, per doubling", _SLOPE.format("twice", ", by a wider network at 224 px")),
    "Through ρ, points per doubling": ("ρ, per doubling", _SLOPE.format("twice", ", by a larger input")),
    "R²": ("R²", "The share of the variance of top-1 that the fit explains."),
    "Residual s.e.": ("Residual s.e.", "The residual standard error in points, by the degrees of freedom."),
    "Leave-one-out error": ("Left out", "The leave-one-out error in points: of each design on the fit without it."),
    "Intercept (%)": ("Intercept", "The line's top-1 in percent at one Mult-Add."),
}
_INTERVALS = {"Per decade, ": "Per decade", "α per decade, ": "α, per decade", "ρ per decade, ": "ρ, per decade"}

FIT_COLUMNS: dict[str, Any] = {
    **{
        name: st.column_config.NumberColumn(label, format="%.3f", help=help) for name, (label, help) in _FIGURES.items()
    },
    **{f"{name}{LEVEL:.0%} interval": f"{label}, {LEVEL:.0%}" for name, label in _INTERVALS.items()},
    "Predicts": st.column_config.CheckboxColumn(
        help="Whether predictions are read off this fit: it has the smaller leave-one-out error, and five designs."
    ),
}
"""Of the fits."""
