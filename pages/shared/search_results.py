"""The Search page's table: the designs found, each with a button that makes it the current one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis.networks import Design
from analysis.tradeoff.search.found import Found
from analysis.tradeoff.search.text import interval_text
from pages.shared.controls import show

PERCENT = {"predicted_top1_percent": "Top-1 % (predicted)", "printed_top1_percent": "Top-1 % (printed)"}
COUNTS = {
    "mult_adds": "Mult-Adds",
    "params": "Parameters",
    "weight_bytes": "Weight bytes",
    "peak_activation_bytes": "Peak bytes",
    "peak_unfused_bytes": "Peak bytes, unfused",
}
COLUMNS: dict[str, Any] = {
    "label": st.column_config.TextColumn("Design", pinned=True),
    "interval": "95 % interval",
    **{name: st.column_config.NumberColumn(label, format="%.1f") for name, label in PERCENT.items()},
    **{name: st.column_config.NumberColumn(label, format="localized") for name, label in COUNTS.items()},
}


def _use(designs: Sequence[Design], key: str) -> None:
    """Make the design of the row that was clicked the current one."""
    click = st.session_state.get(key)
    if click is not None and 0 <= click["row"] < len(designs):
        show(designs[click["row"]])


def results(found: Found) -> None:
    """The best designs, none if nothing fits."""
    if not found.results:
        return
    st.markdown(f"#### The best {len(found.results)}")
    rows = found.to_frame().assign(Use="Use")
    rows["interval"] = [interval_text(result) for result in found.results]
    shown = ["label", "Use", "predicted_top1_percent", "interval", "printed_top1_percent", *COUNTS]
    designs = tuple(result.design for result in found.results)
    button = st.column_config.ButtonColumn("", key="used", on_click=_use, args=(designs, "used"))
    known = rows[shown].dropna(axis="columns", how="all")
    st.dataframe(known, hide_index=True, column_config=COLUMNS | {"Use": button}, placeholder="", key="found")
    st.caption("Use makes the design of its row the current one, on every page.")
