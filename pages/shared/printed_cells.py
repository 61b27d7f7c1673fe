"""The printed cells of the papers: which are shown, and their table, of which one may be selected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from analysis.papers import PAPERS, VERDICTS, Cell, tables_of
from analysis.plots.papers_verdicts import VERDICT_SIGNS
from pages.shared import cached
from pages.shared.controls import linked
from pages.shared.state import EVERY, View

QUANTITY_NAMES = {
    "million_mult_adds": "million Mult-Adds",
    "billion_mult_adds": "billion Mult-Adds",
    "million_params": "million parameters",
    "percent_mult_adds": "% of Mult-Adds",
    "percent_params": "% of parameters",
    "percent_size": "% of the size",
    "megabytes": "MB",
    "kilobytes": "kB",
    "times_smaller": "times smaller",
    "times_less_computation": "times less computation",
}
"""How the page writes the quantities whose own name is not plain words."""


def in_words(quantity: str) -> str:
    """A quantity in plain words."""
    return QUANTITY_NAMES.get(quantity, quantity.replace("_", " "))


def filters(view: View) -> list[Cell]:
    """The cells chosen; a table that the chosen paper does not have counts as every table."""
    with st.container(horizontal=True):
        return _filters(view)


def _filters(view: View) -> list[Cell]:
    st.segmented_control(
        "Paper",
        [EVERY, *PAPERS],
        format_func=lambda name: name if name == EVERY else name.upper(),
        required=True,
        help="; ".join(f"{name.upper()}: {title}" for name, title in PAPERS.items()) + ".",
        **linked("paper", view),
    )
    st.segmented_control(
        "Verdict",
        [EVERY, *VERDICTS],
        format_func=lambda name: name if name == EVERY else f"{VERDICT_SIGNS[name]} {name}",
        required=True,
        help="; ".join(f"{name}: {says}" for name, says in VERDICTS.items()) + ".",
        **linked("verdict", view),
    )
    of_paper = None if view.paper == EVERY else view.paper
    choices = [EVERY, *map(str, tables_of(of_paper))]
    shown = view.paper_table if view.paper_table in choices else EVERY
    st.selectbox(
        "Table",
        choices,
        width=160,
        help="By its number in the paper; figures of a paper's text stand with the table they speak of.",
        **linked("paper_table", replace(view, paper_table=shown)),
    )
    return cached.paper_cells(
        of_paper,
        None if shown == EVERY else int(shown),
        None if view.verdict == EVERY else view.verdict,
    )


def listed(cells: list[Cell]) -> Cell | None:
    """The cells as a table; the one that is selected, if any."""
    st.markdown(f"#### {len(cells)} printed cells")
    if not cells:
        st.info("No cell of that table has that verdict.")
        return None
    rows = pd.DataFrame(
        {
            "Verdict": f"{VERDICT_SIGNS[cell.verdict]} {cell.verdict}",
            "Paper": cell.paper.upper(),
            "Table": cell.table,
            "Row": cell.row,
            "Quantity": in_words(cell.quantity),
            "Printed": cell.printed,
            "Computed": cell.computed_text,
            "Arithmetic": cell.explanation,
        }
        for cell in cells
    )
    settings: dict[str, Any] = {
        "Table": st.column_config.NumberColumn(format="%d", width="small"),
        "Verdict": st.column_config.TextColumn(help="Select a row to read its arithmetic in full.", width=115),
        "Paper": st.column_config.TextColumn(width="small"),
        "Printed": st.column_config.TextColumn(help="To its last printed digit.", width="small"),
        "Computed": st.column_config.TextColumn(help="The plain figure computed here, in the same unit."),
    }
    event = st.dataframe(
        rows.astype({"Table": "Int64"}),
        hide_index=True,
        height=min(38 + 35 * len(cells), 460),
        column_config=settings,
        on_select="rerun",
        selection_mode="single-row",
        key="cells",
    )
    chosen = event["selection"]["rows"]
    return cells[chosen[0]] if chosen and chosen[0] < len(cells) else None
