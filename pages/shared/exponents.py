"""The Cost surface page's table of exponents: what a step of a multiplier really costs, beside its power law."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.units import change
from analysis.plots.scales import SIGNS, SUPERSCRIPTS, law_text, position_text
from analysis.tradeoff.surfaces.surface import COSTS, axes_of
from pages.shared import cached_surfaces
from pages.shared.frame import Page
from pages.shared.state import View

COLUMNS: dict[str, Any] = {
    "From": None,
    "To": None,
    "Exponent": "ln(cost to / cost from) / ln(to / from)",
    "Power law": "The exponent of the formula, without rounding, borders and layers of fixed width.",
    "Positions": "Neighbours on the slider, or the nearest published positions of this network.",
    "Change": None,
    "Cost from": "At the lower position, exact.",
    "Cost to": "At the higher position, exact.",
}


def exponent_table(here: Page, view: View) -> None:
    """A row a step from the current design to a neighbour, and what an exponent is."""
    st.markdown("#### Exponents between neighbours")
    found = cached_surfaces.exponent_table(here.design, view.cost, view.format, view.base)
    rows = [
        {
            "From": position_text(row["axis"], row["start"], view.base),
            "To": position_text(row["axis"], row["end"], view.base),
            "Positions": row["between"],
            "Cost from": row["start_cost"],
            "Cost to": row["end_cost"],
            "Change": change(row["end_cost"], row["start_cost"]),
            "Exponent": row["exponent"],
            "Power law": f"{SIGNS[row['axis']]}{SUPERSCRIPTS[row['law']]}",
        }
        for row in found.to_dict("records")
    ]
    formats = {"Cost from": "localized", "Cost to": "localized", "Exponent": "%.2f"}
    settings = {
        name: st.column_config.NumberColumn(format=formats[name], help=text)
        if name in formats
        else st.column_config.TextColumn(help=text)
        for name, text in COLUMNS.items()
    }
    st.dataframe(pd.DataFrame(rows)[list(COLUMNS)], hide_index=True, column_config=settings)
    cost, network = COSTS[view.cost], here.design.entry
    whole = f" A fully connected layer of {network.label} reads a whole map: its weights grow with ρ."
    whole = whole if cost.column == "params" and network.flattens else ""
    st.caption(
        "The exponent between two positions is the power of the multiplier that takes one cost to the other: "
        "ln(cost to / cost from) / ln(to / from). With 2, twice the multiplier costs four times as much. "
        f"The power law {law_text(view.cost, axes_of(network))} is that of {cost.origin}. "
        "One position of a slider is on a stair or across one, so that its exponent is 0 or far above the law; "
        "between published positions it comes near, except where layers keep their width."
        f"{whole}"
    )
